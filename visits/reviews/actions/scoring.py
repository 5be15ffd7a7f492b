"""Reviewers: the panel, drawing, conflicts of interest, and the scores themselves."""

from __future__ import annotations

import datetime
import random
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import finish, lock
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.events import record_event
from unionops.org.models import User

from ..conflicts import reason_against, reasons_against
from ..enums import LEAST_REVIEWERS, ReviewState, SubmissionState
from ..models import Assignment, Criterion, Mark, PanelMember, Review, Submission
from ..permissions import check_assigns, check_keeps, check_scores
from .reviews import HUNDRED, scheme_of

Now = datetime.datetime | None


@transaction.atomic
def set_panel(review: Review, users: Iterable[User], *, by: User, version: int | None = None, now: Now = None) -> None:
    """Who may be drawn this year; whoever reviews already stays in the panel."""
    row = lock(review, version=version)
    check_keeps(by, row, ReviewState.PREPARING, ReviewState.OPEN, ReviewState.SCORING)
    wanted = {user.pk for user in users}
    busy = set(Assignment.objects.active().filter(submission__review=row).values_list("reviewer", flat=True))
    PanelMember.objects.filter(review=row).exclude(user__in=wanted | busy).delete()
    PanelMember.objects.bulk_create(
        [PanelMember(review=row, user_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )
    finish(row, "set_panel", by=by, now=now, count=row.panel.count())


@transaction.atomic
def assign(submission: Submission, reviewer: User, *, by: User, now: Now = None) -> Assignment:
    """Choose a reviewer by hand, under the lock of the submission."""
    now = now or timezone.now()
    row = _locked(submission)
    check_assigns(by, row)
    _check_submitted(row)
    if reason := reason_against(row, reviewer):
        raise ActionError(_("%(name)s不能评这份材料：%(reason)s。") % {"name": reviewer.name, "reason": reason})
    if row.assignments.active().filter(reviewer=reviewer).exists():
        raise ActionError(_("%(name)s已经是这份材料的评委。") % {"name": reviewer.name})
    return _give(row, reviewer, by=by, now=now, drawn=False)


def _locked(submission: Submission) -> Submission:
    """The submission under its lock, and first the review, whose results must not be computed meanwhile."""
    review = lock(submission.review)
    row = lock(submission)
    row.review = review
    return row


def _own(assignment: Assignment, paper: Submission) -> Assignment:
    row = Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
    row.submission = paper
    return row


def _check_submitted(row: Submission) -> None:
    if row.state != SubmissionState.SUBMITTED:
        raise ActionError(_("只有已提交的材料才评审。"))


def _give(row: Submission, reviewer: User, *, by: User, now: datetime.datetime, drawn: bool) -> Assignment:
    found = Assignment.objects.create(
        submission=row, reviewer=reviewer, is_drawn=drawn, assigned_by=by, assigned_at=now
    )
    # Written at the assignment: the timeline of the submission is read by its authors.
    record_event(
        found, "assign", by=by, now=now, district_id=row.district_id,
        data={"number": row.number, "name": reviewer.name, "drawn": drawn},
    )  # fmt: skip
    return found


@dataclass
class Drawn:
    """What a draw did: how many reviewers it gave, and the numbers of the submissions for which it found too few."""

    count: int = 0
    short: list[str] = field(default_factory=list)


@transaction.atomic
def draw(review: Review, *, by: User, seed: int | None = None, now: Now = None) -> Drawn:
    """Give every submission its reviewers by lot, those with the fewest first; the seed stands in the log.

    The same seed, panel and submissions give the same draw.
    """
    now = now or timezone.now()
    row = lock(review)
    check_keeps(by, row, ReviewState.SCORING)
    seed = secrets.randbelow(10**9) if seed is None else seed
    papers = list(
        Submission.objects.select_for_update(of=("self",), no_key=True)
        .filter(review=row, state=SubmissionState.SUBMITTED)
        .order_by("number")
    )
    found = _draw(row, papers, by=by, seed=seed, now=now)
    record_event(row, "draw", by=by, data={"seed": seed, "count": found.count, "short": found.short}, now=now)
    return found


def _draw(review: Review, papers: list[Submission], *, by: User, seed: int, now: datetime.datetime) -> Drawn:
    pick = random.Random(seed)  # noqa: S311 -- a lot that can be drawn again and checked
    people = list(User.objects.filter(pk__in=review.panel.values("user")).order_by("pk"))
    against = reasons_against(review, papers, people)
    given: dict[object, set[int]] = {paper.pk: set() for paper in papers}
    load: Counter[int] = Counter()
    rows = Assignment.objects.active().filter(submission__review=review)
    for key, reviewer in rows.values_list("submission", "reviewer"):
        load[reviewer] += 1
        if key in given:
            given[key].add(reviewer)
    drawn = Drawn()
    # Whoever can be judged by few chooses first.
    fit = {
        paper.pk: [user for user in people if (paper.pk, user.pk) not in against and user.pk not in given[paper.pk]]
        for paper in papers
    }
    for paper in sorted(papers, key=lambda one: (len(fit[one.pk]), one.number)):
        wanted = LEAST_REVIEWERS - len(given[paper.pk])
        candidates = fit[paper.pk]
        pick.shuffle(candidates)
        chosen = sorted(candidates, key=lambda user: load[user.pk])[: max(wanted, 0)]
        for user in chosen:
            _give(paper, user, by=by, now=now, drawn=True)
            load[user.pk] += 1
        drawn.count += len(chosen)
        if len(chosen) < wanted:
            drawn.short.append(paper.number)
    return drawn


@transaction.atomic
def decline(assignment: Assignment, *, by: User, reason: str, now: Now = None) -> Assignment | None:
    """A reviewer declares a conflict, or the office replaces one. Return who was drawn in their place, if anybody was."""
    now = now or timezone.now()
    paper = _locked(assignment.submission)
    row = _own(assignment, paper)
    if by.pk == row.reviewer_id:
        check_scores(by, row)
    else:
        check_assigns(by, paper)
    if row.ended_at is not None:
        raise ActionError(_("这位评委已经退出。"))
    if not reason.strip():
        raise ActionError(_("请写回避的理由。"), field="reason")
    row.ended_at, row.end_reason = now, reason.strip()[:200]
    row.save(update_fields=["ended_at", "end_reason"])
    record_event(
        row, "decline", by=by, now=now, district_id=paper.district_id,
        data={"number": paper.number, "name": row.reviewer.name, "reason": row.end_reason},
    )  # fmt: skip
    before = set(paper.assignments.values_list("pk", flat=True))
    _draw(paper.review, [paper], by=by, seed=secrets.randbelow(10**9), now=now)
    found: Assignment | None = paper.assignments.exclude(pk__in=before).first()
    return found


@transaction.atomic
def give_scores(
    assignment: Assignment, scores: Mapping[int, Decimal], *, by: User, comment: str = "", now: Now = None
) -> Assignment:
    """Give every criterion its score; until the results are computed they may be given again.

    Raises:
        NotAllowed: to anybody but the reviewer, and to a reviewer who has come into a conflict since.
    """
    now = now or timezone.now()
    paper = _locked(assignment.submission)
    row = _own(assignment, paper)
    check_scores(by, row)
    if reason := reason_against(paper, by):
        raise NotAllowed(
            _("您不能评这份材料：%(reason)s。") % {"reason": reason}, next_step=_("请点“申请回避”，另抽一位评委。")
        )
    criteria = {one.pk: one for one in criteria_of(paper)}
    if set(scores) != set(criteria):
        raise ActionError(_("每一项都要打分。"))
    if any(not Decimal(0) <= score <= HUNDRED for score in scores.values()):
        raise ActionError(_("分数在 0 到 100 之间。"))
    for pk, score in scores.items():
        Mark.objects.update_or_create(assignment=row, criterion=criteria[pk], defaults={"score": score})
    row.scored_at, row.comment = now, comment.strip()
    row.save(update_fields=["scored_at", "comment"])
    record_event(
        row, "score", by=by, now=now, district_id=paper.district_id,
        data={"number": paper.number, "scores": {criteria[pk].name: score for pk, score in scores.items()}},
    )  # fmt: skip
    return row


def criteria_of(submission: Submission) -> list[Criterion]:
    return list(scheme_of(submission.review, submission.kind).criteria.order_by("position"))
