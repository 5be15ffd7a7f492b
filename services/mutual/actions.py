"""Plans, lists of units, and the money that makes them valid."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import shift
from unionops.china.errors import InvalidValue
from unionops.china.identity import mask_identity, read_identity
from unionops.china.names import clean_name
from unionops.org.actions.saving import lock
from unionops.org.errors import ActionError, required
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ..models import Programme
from .enums import TRANSITIONS, PlanVerb
from .models import Participant, Plan, UnitEnrolment
from .permissions import check_changes, check_confirms, check_enrols, check_keeps, check_step

MOST_PEOPLE = 5000
MOST_TOLD = 5
_AT_ONCE = 500
# One of a list: name and identity number, as they were typed.
Line = tuple[str, str]


@transaction.atomic
def make_plan(programme: Programme, *, by: User, **terms: Any) -> Plan:
    check_keeps(by, programme)
    try:
        with transaction.atomic():
            row = Plan.objects.create(district_id=programme.district_id, programme=programme, made_by=by, **terms)
    except IntegrityError as error:
        raise ActionError(_("这一年已有互助计划。"), field="year") from error
    record_event(row, "make", by=by, data={"name": row.name})
    return row


@transaction.atomic
def change_plan(plan: Plan, *, by: User, version: int | None = None, **terms: Any) -> Plan:
    row = lock(plan, version=version)
    check_changes(by, row)
    for name, value in terms.items():
        setattr(row, name, value)
    row.save()
    record_event(row, "change", by=by, data={"name": row.name})
    return row


@transaction.atomic
def take(plan: Plan, verb: str, *, by: User, now: datetime.datetime | None = None) -> Plan:
    """Open it, close it, begin, end. It begins on its first day and ends after its last."""
    row, today = _locked(plan), timezone.localdate(now or timezone.now())
    check_step(by, row, verb)
    if verb == PlanVerb.START and today < row.starts_on:
        raise ActionError(_("保障期从 %(day)s 开始，到那天再办。") % {"day": row.starts_on.isoformat()})
    if verb == PlanVerb.END and today <= row.ends_on:
        raise ActionError(_("保障期到 %(day)s，过了再办。") % {"day": row.ends_on.isoformat()})
    shift(row, TRANSITIONS, verb)
    row.save(update_fields=["state"])
    record_event(row, verb, by=by, data={"name": row.name})
    return row


def _locked(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(of=("self",), no_key=True).select_related("programme").get(pk=plan.pk)


@transaction.atomic
def enter_unit(
    plan: Plan, *, by: User, unit: str, lines: Sequence[Line], town: Organisation | None = None, members: int = 0
) -> UnitEnrolment:
    """Keep the list of a unit; a list that was entered before and not paid for is replaced. All of it goes in, or nothing.

    Refuses after the last day, and tells which lines are wrong: a number that is none, one that stands twice, and somebody
    who is enrolled by another unit.
    """
    row = _locked(plan)
    check_enrols(by, row, town.pk if town else None)
    if timezone.localdate() > row.enrol_until:
        raise ActionError(_("参保已在 %(day)s 截止。") % {"day": row.enrol_until.isoformat()})
    name = required(unit, _("请写单位名称。"), "unit")
    old = UnitEnrolment.objects.filter(plan=row, unit=name).first()
    if old is not None and old.paid_on is not None:
        raise ActionError(_("这个单位已经缴费，名单不能再改。"), field="unit")
    if old is not None:
        old.delete()
    people = _read(row, lines)
    made = UnitEnrolment.objects.create(
        district_id=row.district_id,
        plan=row,
        unit=name,
        covered_from=row.starts_on,
        town=town,
        members=members,
        people=len(people),
        fee=row.fee * len(people),
        entered_by=by,
    )
    for one in people:
        one.unit = made
    Participant.objects.bulk_create(people, batch_size=_AT_ONCE)
    record_event(made, "enter", by=by, data={"name": name, "count": len(people)})
    return made


def _read(plan: Plan, lines: Sequence[Line]) -> list[Participant]:
    if not lines:
        raise ActionError(_("名单是空的。"), field="lines")
    if len(lines) > MOST_PEOPLE:
        raise ActionError(_("一个单位一次最多 %(n)d 人。") % {"n": MOST_PEOPLE}, field="lines")
    people: list[Participant] = []
    wrong: list[str] = []
    seen: dict[str, int] = {}
    for at, (name, text) in enumerate(lines, start=1):
        one = Participant(plan=plan)
        try:
            one.name = clean_name(name)
            number = read_identity(text).number
        except InvalidValue as error:
            wrong.append(_("第 %(n)d 行：%(why)s") % {"n": at, "why": error})
            continue
        one.put("identity", number, mask_identity(number))
        if one.identity_hash in seen:
            wrong.append(_("第 %(n)d 行和第 %(other)d 行是同一个人") % {"n": at, "other": seen[one.identity_hash]})
        seen[one.identity_hash] = at
        people.append(one)
    taken = Participant.objects.filter(plan=plan, identity_hash__in=list(seen)).select_related("unit")
    wrong += [_("第 %(n)d 行已由%(unit)s参保") % {"n": seen[one.identity_hash], "unit": one.unit} for one in taken]
    if wrong:
        more = _("，还有 %(n)d 处") % {"n": len(wrong) - MOST_TOLD} if len(wrong) > MOST_TOLD else ""
        raise ActionError("；".join(wrong[:MOST_TOLD]) + more, field="lines", next_step=_("。改好后整份再交一次。"))
    return people


@transaction.atomic
def confirm_paid(unit: UnitEnrolment, *, by: User, voucher: str, paid_on: datetime.date) -> UnitEnrolment:
    """The money has come: from now on the list is valid and stays as it is."""
    row = UnitEnrolment.objects.select_for_update(of=("self",), no_key=True).select_related("plan__programme").get(pk=unit.pk)  # fmt: skip
    check_confirms(by, row)
    if paid_on > timezone.localdate():
        raise ActionError(_("到账日期不能晚于今天。"), field="paid_on")
    row.voucher, row.paid_on, row.confirmed_by = required(voucher, _("请写凭证号。"), "voucher"), paid_on, by
    row.save(update_fields=["voucher", "paid_on", "confirmed_by"])
    record_event(row, "confirm", by=by, data={"name": row.unit, "amount": str(row.fee)})
    return row
