"""What the programmes «hardship» and «relief» add to the steps of a claim."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.models import User

from ..claims.enums import ClaimVerb as V
from ..claims.models import Claim
from ..claims.specials import Reckoned, Special, register_special
from ..models.parameters import parameter
from ..shapes import Turn
from .actions import assess, close_file, is_temporary, open_file, open_for
from .enums import PROGRAMME, RELIEF, Category, Cause, Exclusion, FileState
from .models import CampaignItem, HouseholdFile
from .permissions import lacks
from .reckoning import LIVING_AID, weigh


def file_of(claim: Claim) -> HouseholdFile | None:
    return HouseholdFile.objects.filter(claim=claim).first()


def begun(claim: Claim, fields: Mapping[str, Any], by: User) -> None:
    open_for(claim, by=by)


def against(user: User, claim: Claim, verb: str) -> ActionError | None:
    if verb not in (V.VERIFY, V.APPROVE):
        return None
    file = file_of(claim)
    if file is None:
        return None
    if file.exclusions:
        named = "、".join(str(Exclusion(one).label) for one in file.exclusions)
        return InvalidTransition(_("有排除情形：%(names)s。请不予批准，或在档案里改正。") % {"names": named})
    if verb == V.VERIFY:
        return lacks(file)
    last = file.assessments.first()
    if last is None or last.category == Category.NONE:
        return InvalidTransition(_("按测算不符合建档条件。"))
    return None


def reckon(claim: Claim, on: datetime.date) -> Reckoned | None:
    """The category with its arithmetic, and the living aid of that category where somebody has set one."""
    file = file_of(claim)
    if file is None or not file.items.exists():
        return None
    found = weigh(file, on)
    judged, rows = found.judged, [found.standard]
    amount: Decimal | None = None
    if judged.category in LIVING_AID and (aid := parameter(claim.district_id, LIVING_AID[judged.category], on)):
        amount, rows = aid.value.quantize(Decimal("0.01")), [*rows, aid]
    cause = str(Cause(file.main_cause).label) if file.main_cause else ""
    return Reckoned(amount, judged.lines, rows, {"category": str(judged.category.label), "cause": cause})


def taken(turn: Turn) -> None:
    """Verified: judged, with the standard kept. Approved: the file is open. Refused: it is closed."""
    file = file_of(turn.row)
    if file is None:
        return
    if turn.verb == V.VERIFY:
        assess(file, by=turn.by, on=timezone.localdate(turn.now), now=turn.now)
    elif turn.verb == V.APPROVE:
        turn.then.append(lambda: open_file(file, by=turn.by, now=turn.now))
    elif turn.verb in (V.REFUSE, V.WITHDRAW):
        turn.then.append(lambda: close_file(file, by=turn.by, now=turn.now))


def active_file_of(claim: Claim) -> HouseholdFile | None:
    """The open file of whoever asks, as applicant or as a member of the household."""
    item = getattr(claim, "campaign_item", None)
    if item is not None and item.file_id:
        found: HouseholdFile | None = item.file if item.file.state == FileState.ACTIVE else None
        return found
    if not claim.identity_hash:
        return None
    active = HouseholdFile.objects.filter(district=claim.district_id, state=FileState.ACTIVE)
    return (
        active.filter(identity_hash=claim.identity_hash).first()
        or active.filter(members__identity_hash=claim.identity_hash).first()
    )


def listed(claims: Sequence[Claim]) -> dict[Any, tuple[str, str]]:
    """{claim: (where they work, category)} of the households that asked or that a campaign helps."""
    mine = HouseholdFile.objects.filter(claim__in=claims).select_related("claim")
    helped = CampaignItem.objects.filter(claim__in=claims, file__isnull=False).select_related("file__claim")
    files = {file.claim_id: file for file in mine} | {item.claim_id: item.file for item in helped}
    return {
        pk: (str(file.claim.details.get("unit") or ""), str(file.get_category_display()) if file.category else "")
        for pk, file in files.items()
    }


def relief_against(user: User, claim: Claim, verb: str) -> ActionError | None:
    """先建档、后帮扶: a payment only for an active file, temporary aid excepted (domain 4.2)."""
    if verb in (V.APPROVE, V.PAY) and active_file_of(claim) is None and not is_temporary(claim):
        return InvalidTransition(_("没有在档的困难职工档案，不能发放；确属临时救助的，登记时勾选“临时救助”。"))
    return None


def register() -> None:
    register_special(Special(code=PROGRAMME, begun=begun, against=against, reckon=reckon, taken=taken, listed=listed))
    register_special(Special(code=RELIEF, against=relief_against, listed=listed))
