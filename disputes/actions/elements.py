"""The elements form of a case, its computed claims, and their way into what the parties ask for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock
from unionops.china.errors import InvalidValue
from unionops.joining import statements
from unionops.org.actions.saving import check_known
from unionops.org.errors import ActionError
from unionops.org.events import changed_fields
from unionops.org.models import User

from ..enums import Side
from ..law.calculators import ClaimSum
from ..law.money import shown
from ..models import Dispute, Elements, Party
from ..permissions import check_edits_parties
from ..reckoning import CALCULATORS, Reckoned, frozen, reckon
from .moving import Now, touch

FIELDS = frozenset(
    {"started_on", "ended_on", "post", "contract", "monthly_pay", "pay_structure", "attendance", "insurance",
     "agreed_facts", "focus"}
)  # fmt: skip
MOST_CLAIMS = 20


@transaction.atomic
def save_elements(
    dispute: Dispute, *, by: User, fields: Mapping[str, Any], version: int | None = None, now: Now = None
) -> Elements:
    """Write down what decides the sums; ``fields`` are those of FIELDS. The timeline keeps which of them changed."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_edits_parties(by, row)
    check_known(fields, FIELDS)
    found = _elements(row, by=by)
    before = {name: getattr(found, name) for name in fields}
    for name, value in fields.items():
        setattr(found, name, value)
    if found.started_on and found.ended_on and found.ended_on < found.started_on:
        raise ActionError(_("离职日期不能早于入职日期。"), field="ended_on")
    found.saved_by, found.saved_at = by, now
    found.save()
    if changes := changed_fields(before, dict(fields)):
        touch(row, "save_elements", by=by, now=now, changes=changes)
    return found


def _elements(row: Dispute, *, by: User) -> Elements:
    found = Elements.objects.select_for_update().filter(dispute=row).first()
    return found or Elements(dispute=row, saved_by=by)


@transaction.atomic
def add_claim(
    dispute: Dispute, *, by: User, kind: str, asked: Mapping[str, Any], version: int | None = None, now: Now = None
) -> ClaimSum:
    """Compute a claim and keep it with its arithmetic; ``asked`` are the arguments of the calculator of the kind."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_edits_parties(by, row)
    if kind not in CALCULATORS:
        raise ActionError(_("请选择要算什么。"), field="kind")
    try:
        result = reckon(kind, asked)
    except InvalidValue as error:
        raise ActionError(error.reason) from error
    found = _elements(row, by=by)
    if len(found.claims) >= MOST_CLAIMS:
        raise ActionError(_("最多记 %(count)d 项请求。") % {"count": MOST_CLAIMS})
    found.claims = [*found.claims, frozen(kind, asked, result)]
    found.saved_by, found.saved_at = by, now
    found.save()
    touch(row, "add_claim", by=by, now=now, name=str(CALCULATORS[kind].label), amount=result.amount)
    return result


@transaction.atomic
def drop_claim(dispute: Dispute, *, by: User, position: int, version: int | None = None, now: Now = None) -> Elements:
    """A computed claim leaves the form; the timeline keeps its name and amount."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_edits_parties(by, row)
    found = _elements(row, by=by)
    if not 0 <= position < len(found.claims):
        raise ActionError(_("这一项已经不在要素表里。"))
    gone = Reckoned.of(found.claims[position])
    found.claims = [claim for index, claim in enumerate(found.claims) if index != position]
    found.save(update_fields=["claims"])
    touch(row, "drop_claim", by=by, now=now, name=str(gone.label), amount=gone.amount)
    return found


@transaction.atomic
def take_over_claims(dispute: Dispute, *, by: User, party: Party, version: int | None = None, now: Now = None) -> Party:
    """What was computed becomes what an applicant asks for: the words, the amount, and the sum of the case."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_edits_parties(by, row)
    if party.dispute_id != row.pk or party.side != Side.APPLICANT:
        raise ActionError(_("请选本案的一位申请人。"), field="party")
    claims = [Reckoned.of(claim) for claim in _elements(row, by=by).claims]
    if not claims:
        raise ActionError(_("要素表里还没有算好的请求。"), field="party", next_step=_("请先用计算器算一项。"))
    before = party.amount
    party.claims = statements(
        _("%(name)s %(amount)s 元") % {"name": claim.label, "amount": shown(claim.amount)} for claim in claims
    )
    party.amount = sum((claim.amount for claim in claims), Decimal(0))
    party.save(update_fields=["claims", "amount"])
    asked = row.parties.filter(side=Side.APPLICANT, valid_to=None).aggregate(all=Sum("amount"))["all"]
    row.amount_claimed = asked or Decimal(0)
    touch(
        row, "take_over_claims", by=by, now=now, name=party.name, amount=party.amount,
        changes={"amount": [str(before), str(party.amount)]},
    )  # fmt: skip
    return party
