"""The steps of a review, one function a verb: lock → check → change → save → record."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.moves import finish, lock, move
from unionops.casework.notices import notify, posted
from unionops.casework.numbering import spell, take_numbers
from unionops.joining import listed
from unionops.org.actions.saving import check_seen
from unionops.org.enums import OrganisationKind, Role
from unionops.org.errors import ActionError
from unionops.org.events import record_event
from unionops.org.models import Organisation, Posting, User

from .. import measuring
from ..defaults import DEFAULTS, Draft, Line
from ..enums import (
    APPRAISED,
    LEAST_COMMENT_DAYS,
    LEAST_REVIEWERS,
    ROLE_OF_STATE,
    SUBMITTED,
    TERM_COMMENTS,
    Kind,
    ReviewState,
    ReviewVerb,
    SubmissionState,
)
from ..models import (
    Assignment,
    Criterion,
    ManualScore,
    Result,
    Review,
    Scheme,
    Subject,
    Submission,
    SubmissionResult,
)
from ..permissions import check_keeps, check_may_make, check_review, keeps

NUMBER_PREFIX = "P"
HUNDRED = Decimal(100)
Now = datetime.datetime | None


@transaction.atomic
def make_review(
    district: Organisation, year: int, *, by: User, cut_off: datetime.date | None = None, now: Now = None
) -> Review:
    """Begin the review of a year with the schemes of the year before, or with the product's own.

    Raises:
        ActionError: if the year has one already or lies ahead.
    """
    now = now or timezone.now()
    if by != User.objects.system():
        check_may_make(by)
        if not keeps(by, district.pk):
            raise ActionError(_("请选本区。"))
    if year > timezone.localdate(now).year:
        raise ActionError(_("还没到这一年。"), field="year")
    last = datetime.date(year, 12, 31)
    cut_off = cut_off or last
    if not datetime.date(year, 1, 1) <= cut_off <= datetime.date(year + 1, 3, 31):
        raise ActionError(_("数据截至日应在当年 1 月 1 日到次年 3 月 31 日之间。"), field="cut_off")
    number_year = timezone.localdate(now).year
    (number,) = take_numbers(district, NUMBER_PREFIX, number_year)
    review = Review(
        district=district, number=spell(NUMBER_PREFIX, number_year, number), year=year, cut_off=cut_off,
        title=f"{year} 年度评议", registered_at=now, state_since=now, holder_role=ROLE_OF_STATE[ReviewState.PREPARING],
    )  # fmt: skip
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError as error:
        raise ActionError(_("这一年的评议已经有了。"), field="year") from error
    before = Review.objects.filter(district=district, year__lt=year).order_by("-year").first()
    for kind in Kind:
        _write(review, kind, draft_of(before, kind), by=by, now=now)
    record_event(review, "make", by=by, data={"year": year, "version": review.version}, now=now)
    return review


def scheme_of(review: Review, kind: str) -> Scheme:
    """The version that counts."""
    found = Scheme.objects.filter(review=review, kind=kind).order_by("-version").first()
    assert found is not None, "a review is made with a scheme of every kind"
    return found


def draft_of(review: Review | None, kind: str) -> Draft:
    """The scheme of a review as it could be written again; the product's own where there is none."""
    if review is None:
        return DEFAULTS[Kind(kind)]
    scheme = scheme_of(review, kind)
    lines = [Line(one.name, one.weight, one.code, one.floor, one.full) for one in scheme.criteria.order_by("position")]
    return Draft(lines, scheme.first, scheme.second, scheme.third, scheme.pass_mark)


def _write(review: Review, kind: str, draft: Draft, *, by: User, now: datetime.datetime) -> Scheme:
    version = Scheme.objects.filter(review=review, kind=kind).count() + 1
    scheme = Scheme.objects.create(
        review=review, kind=kind, version=version, first=draft.first, second=draft.second, third=draft.third,
        pass_mark=draft.pass_mark, made_by=by, made_at=now,
    )  # fmt: skip
    Criterion.objects.bulk_create(
        Criterion(
            scheme=scheme, position=position, code=line.code, name=line.name, weight=line.weight, floor=line.floor,
            full=line.full,
        )
        for position, line in enumerate(draft.lines)
    )  # fmt: skip
    return scheme


@transaction.atomic
def set_scheme(
    review: Review, kind: str, draft: Draft, *, by: User, version: int | None = None, now: Now = None
) -> Scheme:
    """Write the next version of a scheme; the ones before stay to be read."""
    now = now or timezone.now()
    row = lock(review, version=version)
    check_keeps(by, row, ReviewState.PREPARING)
    check_draft(kind, draft)
    scheme = _write(row, kind, draft, by=by, now=now)
    finish(row, "set_scheme", by=by, now=now, kind=Kind(kind).label, scheme_version=scheme.version)
    return scheme


def check_draft(kind: str, draft: Draft) -> None:
    """Weights are 100 together; each line has a direction that its indicator bears out."""
    if not draft.lines:
        raise ActionError(_("至少要有一个项目。"))
    together = sum((line.weight for line in draft.lines), Decimal(0))
    if together != HUNDRED:
        raise ActionError(_("权重加起来是 %(sum)s，要正好是 100。") % {"sum": together})
    known = {one.code: one for one in measuring.measurable(kind)} if kind in APPRAISED else {}
    for line in draft.lines:
        if not line.code:
            if (line.floor, line.full) != (0, HUNDRED):
                raise ActionError(_("“%(name)s”由人打分，从 0 分到 100 分。") % {"name": line.name})
            continue
        indicator = known.get(line.code)
        if indicator is None:
            raise ActionError(_("“%(name)s”不能用来评这一类。") % {"name": line.name})
        if (line.full - line.floor) * indicator.strength <= 0:
            wanted = _("满分线要高于零分线") if indicator.strength > 0 else _("满分线要低于零分线")
            raise ActionError(_("“%(name)s”的%(wanted)s。") % {"name": line.name, "wanted": wanted})
    if draft.pass_mark > HUNDRED:
        raise ActionError(_("及格线不超过 100 分。"))
    if kind in APPRAISED and draft.first + draft.second > HUNDRED:
        raise ActionError(_("优秀和良好的占比加起来不能超过 100%%。") % ())


def _begin(review: Review, verb: str, *, by: User, version: int | None, now: datetime.datetime) -> Review:
    row = lock(review, version=version)
    check_review(by, row, verb, timezone.localdate(now))
    return row


def _end(row: Review, verb: str, *, by: User, before: str, now: datetime.datetime, **data: object) -> Review:
    row.holder_role = ROLE_OF_STATE.get(ReviewState(row.state), "")
    finish(row, verb, by=by, before=before, now=now, **data)
    told = posted(row.district_id, {Role.CLERK, Role.LEADER})
    notify(row, verb, by=by, to=told[Role.CLERK] | told[Role.LEADER], now=now)
    return row


@transaction.atomic
def open_review(
    review: Review, *, by: User, closes_on: datetime.date, version: int | None = None, now: Now = None
) -> Review:
    """From now on schemes and subjects are frozen and submissions are taken."""
    now = now or timezone.now()
    row = _begin(review, ReviewVerb.OPEN, by=by, version=version, now=now)
    if closes_on < timezone.localdate(now):
        raise ActionError(_("截止日不能早于今天。"), field="closes_on")
    before = move(row, ReviewVerb.OPEN, now=now)
    row.closes_on = closes_on
    Subject.objects.bulk_create(_subjects(row))
    return _end(row, ReviewVerb.OPEN, by=by, before=before, now=now, due_on=closes_on)


def _subjects(review: Review) -> list[Subject]:
    """Liaison officers of the year, and the towns and departments that existed at its end."""
    first, last = datetime.date(review.year, 1, 1), datetime.date(review.year, 12, 31)
    posts = (
        Posting.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=first),
            role=Role.LIAISON,
            organisation__district=review.district_id,
            valid_from__lte=last,
        )
        .order_by("user__pinyin", "user", "organisation__path")
        .values_list("user", "user__name", "organisation__short_name", "organisation__name")
    )
    cadres: dict[int, tuple[str, list[str]]] = {}
    for user, name, short, long in posts:
        cadres.setdefault(user, (name, []))[1].append(short or long)
    found = [
        Subject(review=review, kind=Kind.CADRE, user_id=user, name=name, place=listed(dict.fromkeys(places))[:200])
        for user, (name, places) in cadres.items()
    ]
    for kind, sort in ((Kind.TOWN, OrganisationKind.TOWN), (Kind.DEPARTMENT, OrganisationKind.DEPARTMENT)):
        units = Organisation.objects.filter(district=review.district_id, kind=sort).valid_on(last).order_by("path")
        found += [Subject(review=review, kind=kind, organisation=unit, name=unit.name) for unit in units]
    return found


@transaction.atomic
def start_scoring(review: Review, *, by: User, version: int | None = None, now: Now = None) -> Review:
    """Nothing is submitted or changed any more; reviewers may be assigned."""
    now = now or timezone.now()
    row = _begin(review, ReviewVerb.START, by=by, version=version, now=now)
    before = move(row, ReviewVerb.START, now=now)
    count = Submission.objects.filter(review=row, state=SubmissionState.SUBMITTED).count()
    return _end(row, ReviewVerb.START, by=by, before=before, now=now, count=count)


@transaction.atomic
def score_subject(
    subject: Subject,
    criterion: Criterion,
    *,
    by: User,
    score: Decimal,
    note: str,
    version: int | None = None,
    now: Now = None,
) -> ManualScore:
    """Give or change a score by hand; nobody scores themselves. The version of no score is 0."""
    now = now or timezone.now()
    row = lock(subject.review)
    check_keeps(by, row, ReviewState.OPEN, ReviewState.SCORING)
    if subject.user_id == by.pk:
        raise ActionError(_("不能给自己打分。"), next_step=_("请另一位同事打分。"))
    if criterion.code or criterion.scheme_id != scheme_of(row, subject.kind).pk:
        raise ActionError(_("这一项不由人打分。"))
    if not Decimal(0) <= score <= HUNDRED:
        raise ActionError(_("分数在 0 到 100 之间。"), field="score")
    if not note.strip():
        raise ActionError(_("请写评语：为什么是这个分。"), field="note")
    old = ManualScore.objects.filter(subject=subject, criterion=criterion).first()
    check_seen(version, old.version if old else 0)
    found, _made = ManualScore.objects.update_or_create(
        subject=subject, criterion=criterion, defaults={"score": score, "note": note.strip(), "by": by, "at": now}
    )
    record_event(
        row, "score_subject", by=by, now=now,
        data={"name": subject.name, "what": criterion.name, "score": score, "before": old.score if old else None, "reason": note},
    )  # fmt: skip
    return found


def unscored(review: Review) -> list[str]:
    """What still stands in the way of results, in words."""
    found = []
    schemes = [scheme_of(review, kind) for kind in APPRAISED]
    by_hand = Criterion.objects.filter(scheme__in=schemes, code="").values_list("scheme__kind", "pk")
    per_kind: dict[str, int] = {}
    for kind, _pk in by_hand:
        per_kind[kind] = per_kind.get(kind, 0) + 1
    counts = dict(Subject.objects.filter(review=review).values_list("kind").annotate(n=Count("pk")).order_by())
    given = dict(
        ManualScore.objects.filter(subject__review=review)
        .values_list("subject__kind")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for kind in APPRAISED:
        missing = counts.get(kind, 0) * per_kind.get(kind, 0) - given.get(kind, 0)
        if missing > 0:
            found.append(_("%(kind)s还差 %(n)d 个手工评分") % {"kind": kind.label, "n": missing})
    active = Q(assignments__ended_at=None, assignments__isnull=False)
    papers = Submission.objects.filter(review=review, state=SubmissionState.SUBMITTED).annotate(
        judges=Count("assignments", filter=active),
        scored=Count("assignments", filter=active & Q(assignments__scored_at__isnull=False)),
    )
    few = papers.filter(judges__lt=LEAST_REVIEWERS).count()
    waiting = papers.filter(scored__lt=F("judges")).count()
    if few:
        found.append(_("%(n)d 份材料的评委不到 %(least)d 人") % {"n": few, "least": LEAST_REVIEWERS})
    if waiting:
        found.append(_("%(n)d 份材料还有评委没有评分") % {"n": waiting})
    return found


@transaction.atomic
def settle(review: Review, *, by: User, version: int | None = None, now: Now = None) -> Review:
    """Count the figures as at the cut-off, and compute the results of one more round."""
    now = now or timezone.now()
    row = _begin(review, ReviewVerb.SETTLE, by=by, version=version, now=now)
    if missing := unscored(row):
        raise ActionError(_("还不能算：%(what)s。") % {"what": listed(missing)})
    before = move(row, ReviewVerb.SETTLE, now=now)
    row.round += 1
    for kind in APPRAISED:
        _settle_subjects(row, scheme_of(row, kind), by)
    for kind in SUBMITTED:
        _settle_submissions(row, scheme_of(row, kind))
    return _end(row, ReviewVerb.SETTLE, by=by, before=before, now=now, round=row.round)


def _settle_subjects(review: Review, scheme: Scheme, by: User) -> None:
    subjects = list(Subject.objects.filter(review=review, kind=scheme.kind).order_by("pk"))
    sheets = measuring.sheets(review, scheme, subjects, by)
    totals = [measuring.total_of(sheets[subject.pk]) for subject in subjects]
    Result.objects.bulk_create(
        Result(subject=subject, round=review.round, total=total, rank=rank, grade=grade, sheet=sheets[subject.pk])
        for subject, total, (rank, grade) in zip(subjects, totals, measuring.graded(totals, scheme), strict=True)
    )


def _settle_submissions(review: Review, scheme: Scheme) -> None:
    weights = [(one.name, str(one.weight)) for one in scheme.criteria.order_by("position")]
    rows = (
        Assignment.objects.active()
        .filter(submission__review=review, submission__kind=scheme.kind, submission__state=SubmissionState.SUBMITTED)
        .prefetch_related("marks__criterion")
        .order_by("submission", "pk")
    )
    marks: dict[UUID, list[tuple[Any, list[str]]]] = {}
    comments: dict[UUID, list[str]] = {}
    for row in rows:
        comments.setdefault(row.submission_id, []).extend([row.comment] if row.comment else [])
        given = sorted(row.marks.all(), key=lambda mark: mark.criterion.position)
        score = measuring.score_of([(mark.criterion.weight, mark.score) for mark in given])
        marks.setdefault(row.submission_id, []).append((score, [str(mark.score) for mark in given]))
    found = measuring.judged({paper: [score for score, _marks in given] for paper, given in marks.items()}, scheme)
    SubmissionResult.objects.bulk_create(
        SubmissionResult(
            submission_id=paper, round=review.round, mean=mean, rank=rank, award=award,
            sheet={
                "criteria": weights,
                # From high to low: the order tells nothing about who gave which.
                "scores": [
                    {"score": str(score), "marks": each}
                    for score, each in sorted(marks[paper], key=lambda pair: (-pair[0], pair[1]))
                ],
                "comments": sorted(comments[paper]),
            },
        )
        for paper, (mean, rank, award) in found.items()
    )  # fmt: skip


@transaction.atomic
def publish(review: Review, *, by: User, version: int | None = None, now: Now = None) -> Review:
    """Lay the results open to the whole district, for at least five working days."""
    now = now or timezone.now()
    row = _begin(review, ReviewVerb.PUBLISH, by=by, version=version, now=now)
    before = move(row, ReviewVerb.PUBLISH, now=now)
    row.published_at = now
    clock = deadlines.start(row, TERM_COMMENTS, on=timezone.localdate(now))
    # The table of terms belongs to the office; the least that the rules allow does not.
    while clock.due_on < deadlines.working_day_after(clock.started_on, LEAST_COMMENT_DAYS):
        clock = deadlines.extend(clock, 1)
    row.deadline = clock
    return _end(row, ReviewVerb.PUBLISH, by=by, before=before, now=now, due_on=clock.due_on)


@transaction.atomic
def confirm(review: Review, *, by: User, version: int | None = None, now: Now = None) -> Review:
    now = now or timezone.now()
    row = _begin(review, ReviewVerb.CONFIRM, by=by, version=version, now=now)
    before = move(row, ReviewVerb.CONFIRM, now=now)
    deadlines.meet(row, on=timezone.localdate(now))
    return _end(row, ReviewVerb.CONFIRM, by=by, before=before, now=now)


@transaction.atomic
def reopen(review: Review, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Review:
    """Back to scoring: what was published is no longer public, the round that was computed stays in the log."""
    now = now or timezone.now()
    row = _begin(review, ReviewVerb.REOPEN, by=by, version=version, now=now)
    if not reason.strip():
        raise ActionError(_("请写退回评审的理由。"), field="reason")
    before = move(row, ReviewVerb.REOPEN, now=now)
    deadlines.drop(row)
    row.deadline = row.published_at = None
    return _end(row, ReviewVerb.REOPEN, by=by, before=before, now=now, reason=reason.strip())


STEPS: dict[str, Callable[..., Review]] = {
    ReviewVerb.OPEN: open_review,
    ReviewVerb.START: start_scoring,
    ReviewVerb.SETTLE: settle,
    ReviewVerb.PUBLISH: publish,
    ReviewVerb.CONFIRM: confirm,
    ReviewVerb.REOPEN: reopen,
}


def make_due(districts: Sequence[Organisation], year: int, *, by: User, now: datetime.datetime) -> int:
    """Begin the review of a year in each district that has none."""
    count = 0
    for district in districts:
        if not Review.objects.filter(district=district, year=year).exists():
            make_review(district, year, by=by, now=now)
            count += 1
    return count
