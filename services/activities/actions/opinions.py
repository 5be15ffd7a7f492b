"""What people thought of it, a secret ballot, and who was best."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock
from unionops.counter.limits import Limit, give_back, spend
from unionops.org.actions.saving import or_already_there
from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.events import record_event
from unionops.org.models import User
from unionops.org.sealed import blind_index

from ..enums import APPRAISAL_ITEMS, HELD, SEATED, ActivityState, Grade
from ..models import Activity, Comment, Enrolment, Entry, Feedback, Poll, Score, Tally, Voter
from ..permissions import check_state, check_works

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
MOST_VOTERS = 5000
# Wrong codes from one address in ten minutes.
TRIES = Limit("ballot.codes", 20, 600)


@transaction.atomic
def rate(
    enrolment: Enrolment, *, by: User, score: int, words: str = "", anonymous: bool = True, public: bool = False
) -> Feedback:
    """One opinion a person; an anonymous one keeps no way back to whoever gave it."""
    row = lock(enrolment.activity)
    if not public:
        check_works(by, row)
    check_state(row, HELD | {ActivityState.ACCOUNTED})
    one = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if one.state not in SEATED:
        raise ActionError(_("参加了活动的人才能评价。"))
    if one.has_rated:
        raise ActionError(_("已经评价过了，谢谢。"))
    if not 1 <= score <= 5:
        raise ActionError(_("请给 1 到 5 分。"), field="score")
    one.has_rated = True
    one.save(update_fields=["has_rated"])
    return Feedback.objects.create(activity=row, enrolment=None if anonymous else one, score=score, words=words)


# --- a ballot


@transaction.atomic
def open_poll(
    activity: Activity,
    *,
    by: User,
    members: Sequence[str],
    items: Sequence[str] = (),
    quorum: int = 50,
    now: datetime.datetime | None = None,
) -> list[tuple[str, str]]:
    """Freeze the list of members and give each a code. Returns (name, code), told this once and kept nowhere."""
    row = lock(activity)
    check_works(by, row)
    check_state(row, {ActivityState.RUNNING})
    if Poll.objects.filter(activity=row).exists():
        raise InvalidTransition(_("这次测评已经开始，名单不能再改。"))
    if not members or len(members) > MOST_VOTERS:
        raise ActionError(_("请写有表决权的会员，最多 %(n)d 人。") % {"n": MOST_VOTERS}, field="members")
    asked = list(dict.fromkeys(items)) or [str(item) for item in APPRAISAL_ITEMS]
    poll = Poll.objects.create(activity=row, items=asked, quorum=quorum, opened_at=now or timezone.now())
    codes = [(name, "".join(secrets.choice(ALPHABET) for _i in range(CODE_LENGTH))) for name in members]
    Voter.objects.bulk_create(Voter(poll=poll, name=name, code_hash=blind_index(code)) for name, code in codes)
    Tally.objects.bulk_create(
        Tally(poll=poll, item=item, grade=grade) for item in range(len(asked)) for grade in Grade.values
    )
    record_event(row, "record", by=by, data={"what": _("开始测评，发出 %(n)d 票") % {"n": len(codes)}})
    return codes


@transaction.atomic
def vote(
    poll: Poll, *, code: str, grades: Mapping[int, str], by: User, comment: str = "", address: str = ""
) -> None:  # fmt: skip
    """One vote a member. What is counted has no row of its own: nothing leads from a grade to whoever gave it, and nothing
    from a comment to its vote. Whoever tries codes is stopped; a right one is not counted."""
    tries = f"{poll.pk}:{address}"
    spend(TRIES, tries)
    # Whoever closes the poll waits for the votes that are being cast; none comes after.
    poll = Poll.objects.select_for_update(no_key=True).get(pk=poll.pk)
    voter = (
        Voter.objects.select_for_update(no_key=True)
        .filter(poll=poll, code_hash=blind_index(code.strip().upper()))
        .first()
    )
    if voter is None:
        raise ActionError(_("票号不对。"), field="code", next_step=_("请照发给您的票号填写。"))
    if poll.closed_at is not None:
        raise InvalidTransition(_("测评已经截止。"))
    if voter.has_voted:
        raise ActionError(_("这张票已经投过。"), field="code")
    if set(grades) != set(range(len(poll.items))) or not set(grades.values()) <= set(Grade.values):
        raise ActionError(_("每一项都要评。"))
    voter.has_voted = True
    voter.save(update_fields=["has_voted"])
    for item, grade in grades.items():
        Tally.objects.filter(poll=poll, item=item, grade=grade).update(votes=F("votes") + 1)
    if words := comment.strip():
        Comment.objects.create(poll=poll, words=words)
    give_back(TRIES, tries)


@transaction.atomic
def close_poll(activity: Activity, *, by: User, now: datetime.datetime | None = None) -> Poll:
    row = lock(activity)
    check_works(by, row)
    poll = Poll.objects.select_for_update(no_key=True).filter(activity=row, closed_at=None).first()
    if poll is None:
        raise InvalidTransition(_("没有在进行的测评。"))
    poll.closed_at = now or timezone.now()
    poll.save(update_fields=["closed_at"])
    _shuffle(poll)
    record_event(
        row,
        "record",
        by=by,
        data={"what": _("截止测评，收回 %(n)d 票") % {"n": poll.voters.filter(has_voted=True).count()}},
    )
    return poll


def _shuffle(poll: Poll) -> None:
    """Until now a comment, and the last vote for a grade, could be told by the transaction in which it was written, and a
    comment by its place; from now on all have the same one, and none."""
    words = list(poll.comments.values_list("words", flat=True))
    secrets.SystemRandom().shuffle(words)
    poll.comments.all().delete()
    Comment.objects.bulk_create(Comment(poll=poll, words=one) for one in words)
    poll.tallies.update(votes=F("votes"))


# --- a contest


@transaction.atomic
def enter(activity: Activity, *, by: User, name: str, unit: str = "", event: str = "") -> Entry:
    row = lock(activity)
    check_works(by, row)
    check_state(row, HELD | {ActivityState.OPEN, ActivityState.FULL})
    with or_already_there(_("已经有这个参赛者。"), field="name"):
        made = Entry.objects.create(activity=row, name=name, unit=unit, event=event)
    record_event(row, "record", by=by, data={"what": _("登记参赛 %(name)s") % {"name": made}})
    return made


@transaction.atomic
def judge(entry: Entry, *, by: User, judge: str, points: Decimal) -> Score:
    """A judge's points; the same judge corrects them until the activity is over."""
    row = lock(entry.activity)
    check_works(by, row)
    check_state(row, {ActivityState.RUNNING})
    if not 0 <= points <= 1000:
        raise ActionError(_("得分在 0 到 1000 之间。"), field="points")
    made, _new = Score.objects.update_or_create(entry=entry, judge=judge, defaults={"points": points, "by": by})
    record_event(
        row,
        "record",
        by=by,
        data={"what": _("%(judge)s 给 %(name)s 打 %(points)s 分") % {"judge": judge, "name": entry, "points": points}},
    )
    return made
