"""The way of an exchange: prepared, held, signed. One function a verb: lock → check → change → save → record → tell."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.deadlines import working_day_after
from unionops.casework.moves import finish, lock, move
from unionops.casework.notices import notify
from unionops.casework.numbering import spell, take_numbers
from unionops.insight.periods import Kind, containing
from unionops.org.actions.saving import or_already_there
from unionops.org.enums import DEPARTMENT_ROLES, Role
from unionops.org.errors import ActionError, required
from unionops.org.models import Organisation, Posting, User
from unionops.org.models.accounts import SYSTEM_USERNAME

from ..circles import circle_of
from ..enums import ExchangeState, ExchangeVerb, Origin, Section
from ..models import AgendaItem, Attendance, Exchange, ExchangeGroup
from ..models.exchanges import CHAIRING_ROLES
from ..permissions import check_can, check_may_arrange, check_may_call, check_may_refresh, presides
from ..preparing import Draft, drafts, state_of

Now = datetime.datetime | None

PREFIX = "M"
# A prepared exchange is proposed for so many working days later, in the afternoon.
PROPOSED_AFTER = 3
PROPOSED_HOUR = 14


def chair_for(district: Organisation, group: ExchangeGroup | None) -> User | None:
    """The leader of the group while that is one, else the first leader in charge of the district."""
    if group is not None and presides(group.leader, district.pk):
        return group.leader
    for role in CHAIRING_ROLES:
        if found := User.objects.posted(role, district).order_by("pk").first():
            return found
    return None


@transaction.atomic
def prepare(
    district: Organisation, *, by: User, month: datetime.date, group: ExchangeGroup | None = None,
    planned_at: Now = None, place: str = "", now: Now = None,
) -> Exchange:  # fmt: skip
    """The exchange of a month with its agenda filled; one that is there already is returned as it is."""
    now = now or timezone.now()
    if by.username != SYSTEM_USERNAME:
        check_may_call(by, district.pk)
    first = month.replace(day=1)
    if first > timezone.localdate(now):
        raise ActionError(_("%(month)s还没有开始。") % {"month": containing(first, Kind.MONTH).label}, field="month")
    # Two who prepare at once wait here for each other.
    Organisation.objects.select_for_update(no_key=True).get(pk=district.pk)
    if there := Exchange.objects.filter(district=district, group=group, month=first).first():
        return there
    chair = chair_for(district, group)
    if chair is None:
        raise ActionError(_("本区还没有分管领导，没有人主持。"), next_step=_("请系统管理员先登记任职。"))
    year = timezone.localdate(now).year
    (number,) = take_numbers(district, PREFIX, year)
    exchange = Exchange(
        district=district, number=spell(PREFIX, year, number), group=group, month=first, chair=chair, holder_user=chair,
        planned_at=planned_at or _proposed(now), place=place or _usual_place(district, group), registered_at=now, state_since=now,
    )  # fmt: skip
    exchange.title = exchange.heading
    with or_already_there(_("这个月的月交流已经有了。"), field="month"):
        exchange.save(force_insert=True)
    wanted = _fill(exchange, now)
    _ask(exchange, _people(exchange, wanted))
    finish(exchange, "prepare", by=by, now=now, items=len(wanted))
    _tell(exchange, "prepare", by=by, now=now)
    return exchange


def _proposed(now: datetime.datetime) -> datetime.datetime:
    day = working_day_after(timezone.localdate(now), PROPOSED_AFTER)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(PROPOSED_HOUR)))


def _usual_place(district: Organisation, group: ExchangeGroup | None) -> str:
    last = Exchange.objects.filter(district=district, group=group).exclude(place="").order_by("-month").first()
    return last.place if last else ""


def _people(exchange: Exchange, wanted: Iterable[Draft]) -> set[int]:
    """The officers of the group, the clerks, and the departments whose issues are talked about (domain 2.9)."""
    departments = {
        draft.issue.lead_department_id
        for draft in wanted
        if draft.issue is not None and draft.section in (Section.UNRESOLVED, Section.CONSULT)
    }
    posts = Posting.objects.on(timezone.localdate()).filter(user__is_active=True)
    handlers = posts.filter(organisation__in=departments - {None}, role__in=DEPARTMENT_ROLES)
    clerks = posts.filter(organisation=exchange.district_id, role=Role.CLERK)
    found = {*circle_of(exchange).officers, exchange.chair_id}
    return found | set(handlers.values_list("user", flat=True)) | set(clerks.values_list("user", flat=True))


def _ask(exchange: Exchange, people: Collection[int]) -> None:
    """These are asked to come and no others; whoever stays keeps the mark of having come."""
    exchange.attendance.exclude(user__in=people).delete()
    known = set(exchange.attendance.values_list("user", flat=True))
    Attendance.objects.bulk_create(
        [Attendance(exchange=exchange, user_id=user) for user in sorted(set(people) - known)]
    )


def _tell(exchange: Exchange, verb: str, *, by: User, now: datetime.datetime) -> None:
    notify(exchange, verb, by=by, to=set(exchange.attendance.values_list("user", flat=True)), now=now)


def _fill(exchange: Exchange, now: datetime.datetime) -> list[Draft]:
    """Bring the automatic items up to date: new ones come last in their part, what no longer applies goes unless
    somebody wrote on it. The exchange is locked, so two who refresh fill it once."""
    wanted = drafts(exchange, now)
    there = {(item.section, item.key): item for item in exchange.items.filter(origin=Origin.AUTO)}
    last: dict[str, int] = {}
    for section, position in exchange.items.values_list("section", "position"):
        last[section] = max(position, last.get(section, 0))
    made = []
    for draft in wanted:
        item = there.pop((draft.section, draft.key), None)
        if item is None:
            last[draft.section] = last.get(draft.section, 0) + 1
            made.append(
                AgendaItem(
                    exchange=exchange, section=draft.section, key=draft.key, position=last[draft.section],
                    issue=draft.issue, decision=draft.decision, data=draft.data,
                )
            )  # fmt: skip
        elif item.data != draft.data:
            item.data = draft.data
            item.save(update_fields=["data"])
    AgendaItem.objects.bulk_create(made)
    exchange.items.filter(pk__in=[item.pk for item in there.values() if not item.is_touched]).delete()
    exchange.refreshed_at = now
    return wanted


@transaction.atomic
def refresh(exchange: Exchange, *, by: User, now: Now = None) -> Exchange:
    """Fill the agenda again from today's rows; what was written, moved or taken off stays so."""
    now = now or timezone.now()
    row = lock(exchange)
    check_may_refresh(by, row)
    _fill(row, now)
    finish(row, "refresh", by=by, now=now)
    return row


@transaction.atomic
def arrange(
    exchange: Exchange, *, by: User, chair: User, people: Collection[User], planned_at: Now = None, place: str = "",
    guests: str = "", version: int | None = None, now: Now = None,
) -> Exchange:  # fmt: skip
    """When, where, who presides and who is asked to come."""
    now = now or timezone.now()
    row = lock(exchange, version=version)
    check_may_arrange(by, row)
    if chair.pk != row.chair_id and not presides(chair, row.district_id):
        raise ActionError(_("%(name)s现在不是本区的分管领导。") % {"name": chair}, field="chair")
    before = {"chair": str(row.chair), "place": row.place, "guests": row.guests}
    was = set(row.attendance.values_list("user", flat=True))
    row.chair = row.holder_user = chair
    row.place, row.guests = place, guests
    if row.state != ExchangeState.HELD:
        row.planned_at = planned_at
    _ask(row, {chair.pk, *(user.pk for user in people)})
    after = {"chair": str(chair), "place": place, "guests": guests}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    finish(row, "arrange", by=by, now=now, changes=changes, planned_at=row.planned_at)
    added = set(row.attendance.values_list("user", flat=True)) - was
    notify(row, "prepare", by=by, to=added, now=now)
    return row


def _begin(exchange: Exchange, verb: str, *, by: User, version: int | None) -> Exchange:
    row = lock(exchange, version=version)
    check_can(by, row, verb)
    return row


@transaction.atomic
def hold(
    exchange: Exchange,
    *,
    by: User,
    held_at: datetime.datetime,
    place: str = "",
    version: int | None = None,
    now: Now = None,
) -> Exchange:
    """From now on the agenda stands still; minutes and decisions are written."""
    now = now or timezone.now()
    row = _begin(exchange, ExchangeVerb.HOLD, by=by, version=version)
    if held_at > now + datetime.timedelta(hours=1):
        raise ActionError(_("召开时间不能晚于现在。"), field="held_at", next_step=_("还没到时间的，请等开会时再点。"))
    before = move(row, ExchangeVerb.HOLD, now=now)
    row.held_at, row.place = held_at, place or row.place
    finish(row, ExchangeVerb.HOLD, by=by, before=before, now=now, place=row.place)
    return row


@transaction.atomic
def put_off(exchange: Exchange, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Exchange:
    now = now or timezone.now()
    row = _begin(exchange, ExchangeVerb.PUT_OFF, by=by, version=version)
    reason = required(reason, _("请写延期的理由。"), "reason")
    before = move(row, ExchangeVerb.PUT_OFF, now=now)
    row.put_off_reason, row.planned_at = reason, None
    finish(row, ExchangeVerb.PUT_OFF, by=by, before=before, now=now, reason=reason)
    _tell(row, ExchangeVerb.PUT_OFF, by=by, now=now)
    return row


@transaction.atomic
def plan(
    exchange: Exchange,
    *,
    by: User,
    planned_at: datetime.datetime,
    place: str = "",
    version: int | None = None,
    now: Now = None,
) -> Exchange:
    """It is called again for another day."""
    now = now or timezone.now()
    row = _begin(exchange, ExchangeVerb.PLAN, by=by, version=version)
    before = move(row, ExchangeVerb.PLAN, now=now)
    row.planned_at, row.place, row.put_off_reason = planned_at, place or row.place, ""
    finish(row, ExchangeVerb.PLAN, by=by, before=before, now=now, planned_at=planned_at)
    _tell(row, ExchangeVerb.PLAN, by=by, now=now)
    return row


@transaction.atomic
def sign(exchange: Exchange, *, by: User, version: int | None = None, now: Now = None) -> Exchange:
    """The minutes are the chair's word: from now on they say how each decision of the last time stood on this day."""
    now = now or timezone.now()
    row = _begin(exchange, ExchangeVerb.SIGN, by=by, version=version)
    before = move(row, ExchangeVerb.SIGN, now=now)
    row.signed_by = by
    for item in row.items.filter(decision__isnull=False).select_related("decision"):
        assert item.decision is not None
        item.data = state_of(item.decision)
        item.save(update_fields=["data"])
    finish(row, ExchangeVerb.SIGN, by=by, before=before, now=now, decisions=row.decisions.count())
    _tell(row, ExchangeVerb.SIGN, by=by, now=now)
    return row


@transaction.atomic
def reopen(exchange: Exchange, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Exchange:
    """Signed minutes go back to be mended, a meeting opened by mistake goes back to its preparation."""
    now = now or timezone.now()
    row = _begin(exchange, ExchangeVerb.REOPEN, by=by, version=version)
    reason = required(reason, _("请写退回的理由。"), "reason")
    was_signed = row.state == ExchangeState.SIGNED
    before = move(row, ExchangeVerb.REOPEN, now=now, target=ExchangeState.HELD if was_signed else ExchangeState.PLANNED)
    row.signed_by = None
    if not was_signed:
        row.held_at = None
    finish(row, ExchangeVerb.REOPEN, by=by, before=before, now=now, reason=reason)
    _tell(row, ExchangeVerb.REOPEN, by=by, now=now)
    return row


STEPS: dict[str, Callable[..., Exchange]] = {
    ExchangeVerb.HOLD: hold,
    ExchangeVerb.PUT_OFF: put_off,
    ExchangeVerb.PLAN: plan,
    ExchangeVerb.SIGN: sign,
    ExchangeVerb.REOPEN: reopen,
}
assert set(STEPS) == set(ExchangeVerb), "every verb of the table has its action"
