"""How a case of a programme begins and goes on: one action for every verb of every shape."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from unionops.casework import deadlines
from unionops.casework.enums import LinkKind
from unionops.casework.models import CaseLink, Task
from unionops.casework.moves import finish, lock, move
from unionops.casework.notices import holders, notify
from unionops.casework.numbering import spell, take_numbers
from unionops.china.calendar import Unit
from unionops.china.identity import mask_identity, read_identity
from unionops.china.phones import mask_phone, read_phone
from unionops.org.actions.saving import reading
from unionops.org.errors import ActionError, required
from unionops.org.events import kind_of, record_event
from unionops.org.models import Enterprise, Organisation, Person, User
from unionops.org.sealed import seal, unseal
from visits.actions import steps as visits_steps
from visits.enums import IssueState
from visits.models import Issue

from ..enums import AT_BIRTH, Applicant, Channel
from ..extra import Extra, check_bound_by_others, check_bounds, plain, words
from ..models import Programme, ServiceCase
from ..permissions import check_can, check_may_open_from, check_may_register, check_may_reveal, check_records
from ..shapes import Turn, is_settled, keep_reporter, kind_for, kind_of_case

Now = datetime.datetime | None
DAYS_TO_ANSWER = 3


@transaction.atomic
def register(
    programme: Programme, *, by: User, applicant_kind: str, applicant_name: str = "", person: Person | None = None,
    enterprise: Enterprise | None = None, town: Organisation | None = None, identity: str = "", phone: str = "",
    title: str = "", description: str = "", extras: Mapping[str, Any] | None = None, channel: str = Channel.OFFICE,
    issue: Issue | None = None, now: Now = None, **fields: Any,
) -> Any:  # fmt: skip
    """Begin a case of the programme; ``fields`` are those that its shape asks. Returns the case.

    Refuses when the programme is retired or is not for this kind of applicant, and where the person may not register. A
    case that comes by a public door is registered by the system account.
    """
    if channel != Channel.PUBLIC:
        check_may_register(by, programme)
    now = now or timezone.now()
    kind = kind_for(programme.shape)
    if applicant_kind not in programme.applicants:
        raise ActionError(_("“%(name)s”不对这类对象办理。") % {"name": programme.name}, field="applicant_kind")
    year = timezone.localtime(now).year
    (number,) = take_numbers(programme.district_id, programme.prefix, year)
    name = applicant_name or (person.name if person else "") or (enterprise.name if enterprise else "")
    anonymous = applicant_kind == Applicant.ANONYMOUS
    name = "" if anonymous else required(name, _("请写姓名或单位名称。"), "applicant_name")
    reporter = None
    if programme.seals_reporter and not anonymous:
        # The case knows nobody, whatever the door: page, list, export and search have nothing to tell.
        reporter, name, applicant_kind = (name, phone), "", Applicant.ANONYMOUS
        title, identity, phone = _("%(programme)s：实名，已加密") % {"programme": programme.name}, "", ""
    model: Any = kind.model
    row = model(
        id=uuid7(), district_id=programme.district_id, number=spell(programme.prefix, year, number),
        title=(title or _("%(programme)s：%(name)s") % {"programme": programme.name, "name": name or _("匿名")})[:120],
        state=kind.model.FIRST_STATE, state_since=now, registered_at=now, programme=programme,
        organisation_id=programme.organisation_id, town=town or (enterprise.town if enterprise else None),
        channel=channel, applicant_kind=applicant_kind, applicant_name=name,
        person=person if applicant_kind == Applicant.PERSON else None,
        enterprise=enterprise if applicant_kind in (Applicant.ENTERPRISE, Applicant.UNION) else None,
        description=description, registered_by=by, issue=issue,
    )  # fmt: skip
    put_numbers(row, identity=identity, phone=phone)
    keep_extras(row, AT_BIRTH, extras or {})
    kind.begin(row, fields)
    hold_pen(row)
    start_clock(row, now=now)
    row.save(force_insert=True)
    if reporter is not None:
        keep_reporter(row, *reporter)
    kind.begun(row, fields, by)
    record_event(
        row, "register", by=by, target=row.state, data={"source": row.get_channel_display(), "version": row.version},
        now=now,
    )  # fmt: skip
    notify(row, "register", by=by, to=holders(row), now=now)
    return row


@transaction.atomic
def open_from_issue(
    issue: Issue, programme: Programme, *, by: User, note: str = "", now: Now = None, **fields: Any
) -> Any:
    """Carry an issue of a visit into a programme; the issue stays open and is answered when the case ends."""
    check_may_open_from(by, issue)
    now = now or timezone.now()
    fields.setdefault("town", issue.town)
    row = register(programme, by=by, issue=issue, channel=Channel.ISSUE, now=now, **fields)
    visits_steps.convert(issue, by=by, linked_case=row.number, note=note, now=now)
    CaseLink.objects.get_or_create(
        from_kind=kind_of(issue), from_id=issue.pk, to_kind=kind_of(row), to_id=row.pk,
        defaults={"sort": LinkKind.CONVERTED, "made_by": by},
    )  # fmt: skip
    return row


@transaction.atomic
def take(
    case: ServiceCase, verb: str, *, by: User, version: int | None = None, extras: Mapping[str, Any] | None = None,
    now: Now = None, **fields: Any,
) -> Any:  # fmt: skip
    """Take one step: lock, check, change, save, record, tell. Returns the case as it stands."""
    now = now or timezone.now()
    row: Any = lock(case, version=version)
    check_can(by, row, verb)
    kind = kind_of_case(row)
    turn = Turn(row=row, verb=verb, by=by, now=now, fields=fields)
    asked = keep_extras(row, verb, extras or {})
    if act := kind.acts.get(verb):
        act(turn)
    before = move(row, verb, now=now, target=turn.target)
    if row.state != before and not turn.keeps_clock:
        start_clock(row, now=now)
    hold_pen(row)
    note = fields.get("note") or fields.get("reason") or ""
    data = {**({"text": note} if note else {}), **({"asked": asked} if asked else {}), **turn.data}
    finish(row, verb, by=by, before=before, now=now, **data)
    notify(row, verb, by=by, to=holders(row), now=now)
    for step in turn.then:
        step()
    if is_settled(row):
        _ask_for_answer(row, now=now)
    return row


@transaction.atomic
def reveal(case: ServiceCase, name: str, *, by: User, reason: str, now: Now = None) -> str:
    """A sealed value in clear, for a typed reason, with an entry in the timeline (domain 5.5)."""
    row: Any = lock(case)
    check_may_reveal(by, row)
    reason = required(reason, _("请写查看的理由。"), "reason")
    value = row.open(name) if name in row.SEALED else sealed_extras(row).get(name, "")
    record_event(row, "reveal", by=by, data={"field": label_of(row, name), "reason": reason}, now=now or timezone.now())
    return str(value)


@transaction.atomic
def add_note(case: ServiceCase, *, by: User, text: str, now: Now = None) -> ServiceCase:
    """进展, as often as there is something to tell: the log of a pairing, of support, of a project, of a visit to the sick."""
    row: Any = lock(case)
    check_records(by, row)
    text = required(text, _("请写进展。"), "text")
    record_event(row, "note", by=by, data={"text": text}, now=now or timezone.now())
    notify(row, "note", by=by, to=holders(row), now=now)
    return row


def label_of(row: ServiceCase, name: str) -> str:
    if name in row.SEALED:
        return str(row._meta.get_field(f"{name}_masked").verbose_name)  # type: ignore[union-attr]
    return next((extra.label for extra in row.programme.extras if extra.key == name), name)


def put_numbers(row: ServiceCase, *, identity: str = "", phone: str = "") -> None:
    if identity:
        with reading("identity"):
            number = read_identity(identity).number
        row.put("identity", number, mask_identity(number))
    if phone:
        with reading("phone"):
            number = read_phone(phone).number
        row.put("phone", number, mask_phone(number))


def place_of(row: ServiceCase) -> str:
    return f"{row._meta.db_table}.details:{row.pk}"


def sealed_extras(row: ServiceCase) -> dict[str, Any]:
    """The sealed fields in clear; only actions that log the reading may call this."""
    return dict(json.loads(unseal(row.details_sealed, place=place_of(row)))) if row.details_sealed else {}


def keep_extras(row: ServiceCase, moment: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Keep the programme's own fields of a moment; returns the open ones in words for the timeline."""
    said: dict[str, str] = {}
    secrets: dict[str, Any] = {}
    for extra in row.programme.extras_at(moment):
        value = plain(given.get(extra.key))
        if extra.required and value in (None, "", [], False):
            raise ActionError(_("请填写%(label)s。") % {"label": extra.label}, field=f"extra_{extra.key}")
        if value in (None, "", []):
            continue
        if extra.sealed:
            secrets[extra.key] = value
        else:
            check_bounds(extra, value)
            row.details[extra.key] = value
            said[extra.label] = words(extra, value)
    check_bound_by_others(row.programme.extras, moment, row.details)
    if secrets:
        whole = {**sealed_extras(row), **secrets}
        row.details_sealed = seal(json.dumps(whole, ensure_ascii=False), place=place_of(row))
    return said


def hold_pen(row: ServiceCase) -> None:
    """Give the pen to the department in charge, unless the shape knows better."""
    row.holder_user_id = row.holder_organisation_id = None
    row.holder_role = ""
    if row.is_open:
        row.holder_organisation_id = row.organisation_id
        kind_of_case(row).pen(row)


def start_clock(row: ServiceCase, *, now: datetime.datetime) -> None:
    """The clock of the last state is met; the programme may give the new state one of its own, or the case has a last day."""
    today = timezone.localdate(now)
    if row.deadline_id is not None:
        deadlines.meet(row, on=today)
        row.deadline = None
    term = row.programme.terms.get(row.state)
    if row.is_open and term:
        length, unit = term
        row.deadline = deadlines.measure(
            row, f"service.{row.state}"[:40], f"{row.programme.name} {row.state_words}"[:60], on=today, length=int(length),
            unit=Unit(unit),
        )  # fmt: skip
    elif row.is_open and (last := _last_day(row)):
        due = datetime.date.fromisoformat(row.details[last.key])
        row.deadline = deadlines.agree(
            row, f"service.{row.state}"[:40], f"{row.programme.name} {last.label}"[:60], on=min(today, due), due_on=due, ahead=last.alarm
        )  # fmt: skip


def _last_day(row: ServiceCase) -> Extra | None:
    """The field that says until when the case runs, once it has been answered: the day on which a contract ends."""
    return next((extra for extra in row.programme.extras if extra.alarm and row.details.get(extra.key)), None)


def _ask_for_answer(row: ServiceCase, *, now: datetime.datetime) -> None:
    """The issue that it came from can now be answered: whoever handles it is asked to, once."""
    issue = row.issue
    if issue is None or issue.state != IssueState.CONVERTED:
        return
    asked = Task.objects.filter(kind=kind_of(issue), case_id=issue.pk, origin=visits_steps.ANSWER_DUE, done_at=None)
    if asked.exists():
        return
    Task.objects.create(
        district_id=row.district_id, kind=kind_of(issue), case_id=issue.pk, origin=visits_steps.ANSWER_DUE,
        what=_("%(programme)s %(number)s 已办结，请答复反映人") % {"programme": row.programme.name, "number": row.number},
        organisation=issue.lead_department, owner=issue.handler,
        due_on=deadlines.working_day_after(timezone.localdate(now), DAYS_TO_ANSWER),
    )  # fmt: skip
