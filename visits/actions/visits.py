"""The visit: logged once, corrected as versions, counted as soon as it is submitted."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from unionops.casework.attachments import Prepared, keep
from unionops.casework.notices import notify
from unionops.casework.numbering import spell, take_blocks
from unionops.casework.periods import closed_month, late_after
from unionops.china.phones import mask_phone
from unionops.org.enums import EnterpriseStatus, Role
from unionops.org.errors import ActionError, Conflict, InvalidTransition, NotAllowed, required
from unionops.org.events import changed_fields, event_of, plain, record_event
from unionops.org.models import Enterprise, Event, KeyListEntry, Organisation, User

from ..enums import TargetType, VisitMode, VisitState
from ..models import Issue, Visit, VisitPlan, VisitVersion
from ..permissions import check_may_visit
from .register import NUMBER_PREFIX as ISSUE_PREFIX
from .register import IssueDraft, build_issues, write_issues

NUMBER_PREFIX = "V"
ONCE_PER_CLIENT = "visit_once_per_client"
OLDEST_DAYS = 366

EDITABLE = (
    "visited_on",
    "started_at",
    "ended_at",
    "mode",
    "companions",
    "contact_name",
    "contact_role",
    "interviewee_count",
    "checklist",
    "policies",
    "summary",
    "next_plan",
    "place",
)


@dataclass(kw_only=True)
class VisitDraft:
    visited_on: datetime.date
    enterprise: Enterprise | None = None
    # For what is not in the directory: a new enterprise by name, or a town union, a station, a household.
    target_name: str = ""
    target_type: str = TargetType.ENTERPRISE
    town: Organisation | None = None
    mode: str = VisitMode.SITE
    officers: Sequence[User] = ()
    companions: str = ""
    started_at: datetime.time | None = None
    ended_at: datetime.time | None = None
    contact_name: str = ""
    contact_role: str = ""
    contact_phone: str = ""
    interviewee_count: int | None = None
    checklist: dict[str, dict[str, str]] = field(default_factory=dict)
    policies: list[str] = field(default_factory=list)
    summary: str = ""
    next_plan: str = ""
    place: str = ""
    # Why it is entered only now; asked when its week is closed.
    late_reason: str = ""
    client_id: uuid.UUID | None = None


class Logged(NamedTuple):
    """A visit that is in the books, who was there, and what they heard."""

    visit: Visit
    officers: list[User]
    issues: list[Issue]


def log_visit(
    draft: VisitDraft,
    issues: Sequence[IssueDraft] = (),
    photos: Sequence[Prepared] = (),
    *,
    by: User,
    now: datetime.datetime | None = None,
) -> Logged:
    """The visit is counted, its issues are registered and on their way; sent twice from one phone it is one visit."""
    try:
        return _log_once(draft, issues, photos, by=by, now=now or timezone.now())
    except (IntegrityError, ActionError) as error:
        # Only who is refused looks whether this was sent before: by the index, or by a rule that held back then.
        if isinstance(error, IntegrityError) and not _is_second_sending(error):
            raise
        sent = Visit.objects.filter(submitted_by=by, client_id=draft.client_id).first() if draft.client_id else None
        if sent is None:
            raise
        return Logged(sent, list(sent.officers.order_by("pinyin", "pk")), list(sent.issues.order_by("number", "pk")))


def _is_second_sending(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, UniqueViolation) and cause.diag.constraint_name == ONCE_PER_CLIENT


@transaction.atomic
def _log_once(
    draft: VisitDraft, issues: Sequence[IssueDraft], photos: Sequence[Prepared], *, by: User, now: datetime.datetime
) -> Logged:
    check_may_visit(by)
    visit = _build(draft, by=by, now=now)
    found = build_issues(issues, by=by, visit=visit, now=now)
    _number(visit, found, now=now)
    visit.issue_count = len(found)
    visit.save(force_insert=True)
    officers = sorted({by, *draft.officers}, key=lambda officer: (officer.pinyin, officer.pk))
    Visit.officers.through.objects.bulk_create(
        Visit.officers.through(visit=visit, user=officer) for officer in officers
    )
    logged = event_of(
        visit, "log", by=by, now=now,
        data={"late": visit.late, "issues": len(found), "version": 1, **({"reason": draft.late_reason} if visit.late else {})},
    )  # fmt: skip
    Event.objects.bulk_create([logged, *write_issues(found, issues, by=by, now=now)])
    for photo in photos:
        keep(visit, photo, by=by)
    _fill_plan(visit, officers)
    return Logged(visit, officers, found)


def _number(visit: Visit, issues: Sequence[Issue], *, now: datetime.datetime) -> None:
    """The visit is numbered in the year of its day, its issues in the year of their registration."""
    mine, theirs = (NUMBER_PREFIX, visit.visited_on.year), (ISSUE_PREFIX, timezone.localtime(now).year)
    blocks = take_blocks(visit.district_id, {mine: 1, theirs: len(issues)})
    visit.number = spell(*mine, blocks[mine][0])
    for issue, number in zip(issues, blocks.get(theirs, ()), strict=True):
        issue.number = spell(*theirs, number)


def _build(draft: VisitDraft, *, by: User, now: datetime.datetime) -> Visit:
    today = timezone.localdate(now)
    check_day(draft.visited_on, today)
    late = today > late_after(draft.visited_on)
    if late:
        required(draft.late_reason, _("这次走访的那一周已经结账，补录要写理由。"), "late_reason")
    enterprise, town = draft.enterprise, draft.town
    if enterprise is None and draft.target_name.strip() and draft.target_type == TargetType.ENTERPRISE:
        enterprise = _note_new_enterprise(draft, by=by)
    town = town or (enterprise.town if enterprise else None)
    if town is None:
        raise ActionError(_("请选择镇街。"), field="town")
    visit = Visit(  # type: ignore[misc]
        client_id=draft.client_id,
        district_id=town.district_id,
        visited_on=draft.visited_on,
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        mode=draft.mode,
        officer=by,
        companions=draft.companions,
        town=town,
        target_type=draft.target_type,
        enterprise=enterprise,
        target_name="" if enterprise else draft.target_name.strip(),
        contact_name=draft.contact_name,
        contact_role=draft.contact_role,
        staff_count=enterprise.staff_count if enterprise else None,
        interviewee_count=draft.interviewee_count,
        is_key_enterprise=bool(
            enterprise and KeyListEntry.objects.on(draft.visited_on).filter(enterprise=enterprise).exists()
        ),
        checklist=draft.checklist,
        policies=draft.policies,
        summary=draft.summary,
        next_plan=draft.next_plan,
        place=draft.place,
        late=late,
        submitted_at=now,
        submitted_by=by,
    )
    visit.set_week()
    visit.put("contact_phone", draft.contact_phone, mask_phone(draft.contact_phone))
    return visit


def check_day(day: datetime.date, today: datetime.date) -> None:
    if day > today:
        raise ActionError(_("走访日期不能晚于今天。"), field="visited_on")
    if (today - day).days > OLDEST_DAYS:
        raise ActionError(_("走访日期早于一年前，请用台账导入。"), field="visited_on")
    if closed_month(day, today):
        raise NotAllowed(_("这个月已经结账锁定，不能再补录。"), next_step=_("请联系督办岗，用台账导入补录。"))


def _note_new_enterprise(draft: VisitDraft, *, by: User) -> Enterprise:
    """A firm that is not in the directory is noted by its name; the office checks it later."""
    if draft.town is None:
        raise ActionError(_("名录里没有这家，请选择它在哪个镇街。"), field="town")
    name = draft.target_name.strip()
    known = Enterprise.objects.filter(district=draft.town.district_id, name=name).first()
    if known:
        return known
    enterprise = Enterprise(  # type: ignore[misc]
        district_id=draft.town.district_id, town=draft.town, name=name, status=EnterpriseStatus.PROVISIONAL
    )
    enterprise.set_names()
    enterprise.save(force_insert=True)
    record_event(enterprise, "create", by=by, data={"name": name, "provisional": True})
    return enterprise


def _fill_plan(visit: Visit, officers: Sequence[User]) -> None:
    if visit.enterprise_id:
        VisitPlan.objects.filter(
            user__in=officers,
            enterprise=visit.enterprise_id,
            iso_year=visit.iso_year,
            iso_week=visit.iso_week,
            visit=None,
        ).update(visit=visit)


@transaction.atomic
def correct_visit(
    visit: Visit, *, by: User, fields: dict[str, Any], reason: str = "", version: int | None = None,
    now: datetime.datetime | None = None,
) -> Visit:  # fmt: skip
    """The visit says the new, the version before stays readable.

    A reason is required after its month is closed, and to move it out of a closed week or into one.
    A visit that was returned is submitted again by it.
    """
    now = now or timezone.now()
    row = _locked(visit)
    check_may_correct_visit(by, row)
    if version is not None and row.version != version:
        raise Conflict(
            _("在您打开之后，别人更正了这次走访。"),
            current_version=row.version,
            changes=_corrections(row, since=version),
        )
    today = timezone.localdate(now)
    if closed_month(row.visited_on, today) and not reason.strip():
        raise ActionError(_("这个月已经结账锁定，更正要写理由。"), field="reason")
    fields = {name: value for name, value in fields.items() if name in EDITABLE}
    if "visited_on" in fields:
        check_day(fields["visited_on"], today)
    before = {name: getattr(row, name) for name in fields}
    changes = changed_fields(before, fields)
    is_returned = row.state == VisitState.RETURNED
    if not changes:
        return _resubmit(row, by=by, now=now) if is_returned else row
    if "visited_on" in changes and today > late_after(min(row.visited_on, fields["visited_on"])):
        required(reason, _("这一周已经结账，改走访日期要写理由。"), "reason")
    VisitVersion.objects.create(
        visit=row, version=row.version, fields={name: plain(value) for name, value in before.items()},
        reason=reason, by=by, at=now,
    )  # fmt: skip
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.set_week()
    row.save()
    record_event(row, "correct", by=by, data={"changes": changes, "reason": reason, "version": row.version}, now=now)
    return _resubmit(row, by=by, now=now) if is_returned else row


def _locked(visit: Visit) -> Visit:
    return Visit.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.pk)


def _resubmit(visit: Visit, *, by: User, now: datetime.datetime) -> Visit:
    """It counts again; whoever sent it back hears of it."""
    locked = closed_month(visit.visited_on, timezone.localdate(now))
    visit.state = VisitState.LOCKED if locked else VisitState.SUBMITTED
    visit.save(update_fields=["state"])
    record_event(visit, "resubmit", by=by, now=now)
    notify(visit, "resubmit", by=by, to={last_return(visit).by_id}, now=now)  # type: ignore[arg-type]
    return visit


def last_return(visit: Visit) -> Event:
    """Why it was sent back, by whom and when."""
    found = Event.objects.about("visit", visit.pk).filter(verb="visit.return_back").order_by("-at", "-pk")
    return found.select_related("by")[0]


@transaction.atomic
def return_visit(visit: Visit, *, by: User, reason: str, now: datetime.datetime | None = None) -> Visit:
    """The office sends it back to be completed; until it is submitted again it is in no figure (domain 2.2)."""
    now = now or timezone.now()
    returned = _locked(visit)
    check_may_return_visit(by, returned)
    reason = required(reason, _("请写退回的理由，走访人要知道补什么。"), "reason")
    returned.state = VisitState.RETURNED
    returned.save(update_fields=["state"])
    record_event(returned, "return_back", by=by, data={"reason": reason}, now=now)
    # A line under the bell needs a number and a title, which a visit has too.
    notify(returned, "return_back", by=by, to={returned.officer_id, returned.submitted_by_id}, now=now)  # type: ignore[arg-type]
    return returned


def _corrections(visit: Visit, *, since: int) -> list[dict[str, Any]]:
    events = Event.objects.about("visit", visit.pk).filter(verb="visit.correct", data__version__gt=since)
    return [
        {"at": event.at, "by": event.by.name, "verb": event.verb, "data": event.data}
        for event in events.select_related("by").order_by("at", "pk")
    ]


def check_may_correct_visit(user: User, visit: Visit) -> None:
    is_clerk = user.scope.holds(Role.CLERK, visit.district_id)
    if user.pk not in (visit.officer_id, visit.submitted_by_id) and not is_clerk:
        raise NotAllowed(_("只有走访人和督办岗可以更正走访记录。"))


def check_may_return_visit(user: User, visit: Visit) -> None:
    scope = user.scope
    if not (scope.holds(Role.CLERK, visit.district_id) or scope.holds(Role.LEADER, visit.district_id)):
        raise NotAllowed(_("由督办岗或分管领导退回走访记录。"))
    if visit.state == VisitState.RETURNED:
        raise InvalidTransition(_("这次走访已经退回，等走访人补正。"))
    if visit.state == VisitState.LOCKED or closed_month(visit.visited_on, timezone.localdate()):
        raise InvalidTransition(
            _("这个月已经结账锁定，走访不再退回。"), next_step=_("要改的地方，请走访人或督办岗写明理由更正。")
        )


@transaction.atomic
def reveal_contact(visit: Visit, *, by: User, reason: str) -> str:
    check_may_correct_visit(by, visit)
    if not reason.strip():
        raise ActionError(_("请写查看的理由，会记入经过。"), field="reason")
    record_event(visit, "reveal", by=by, data={"field": "contact_phone", "reason": reason.strip()})
    return visit.open("contact_phone")


@transaction.atomic
def plan_visit(user: User, enterprise: Enterprise, *, day: datetime.date) -> VisitPlan:
    year, week, _weekday = day.isocalendar()
    plan, _made = VisitPlan.objects.get_or_create(
        user=user, enterprise=enterprise, iso_year=year, iso_week=week, defaults={"planned_on": day}
    )
    return plan


@transaction.atomic
def drop_plan(plan: VisitPlan) -> None:
    if plan.visit_id is None:
        plan.delete()


def issues_of(visit: Visit) -> list[Issue]:
    return list(visit.issues.select_related("category", "deadline", "lead_department").order_by("number"))
