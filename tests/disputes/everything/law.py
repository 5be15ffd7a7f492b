from __future__ import annotations

from typing import Any

from django.utils import timezone

from disputes.actions import care, intake
from disputes.actions.intake import DisputeDraft, PartyDraft
from disputes.enums import Side
from disputes.models import Dispute, LimitationEvent
from tests.world import World

# Only for what is sent, or answered with a file.
NO_PAGES: tuple[str, ...] = ("disputes:clock_dates", "disputes:take_over", "disputes:claim_drop")
# Who opens a page, by the beginning of its name.
KEEPERS: tuple[tuple[str, str], ...] = (
    ("disputes:clock", "mediator"),
    ("disputes:prove", "mediator"),
    ("disputes:elements", "mediator"),
    ("disputes:claim", "mediator"),
    ("disputes:calculator", "mediator"),
)
TITLE = "时效和要素"


def make(world: World) -> None:
    """A case with an event of the limitation that has no proof yet, registered by the mediator."""
    by = world["mediator"]
    case = intake.register(
        DisputeDraft(
            organisation=by.postings.get().organisation, source="window", cause="comp_severance", claims="支付经济补偿", facts="单位口头辞退。",
            known_on=timezone.localdate(), parties=[
                PartyDraft(side=Side.APPLICANT, name="沈月琴"),
                PartyDraft(side=Side.RESPONDENT, enterprise=world.enterprise),
            ],
        ), by=by,
    )  # fmt: skip
    Dispute.objects.filter(pk=case.pk).update(title=TITLE)
    care.record_limitation_event(case, by=by, kind="claim", on=timezone.localdate(), note="寄出催告函")


def value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None where another part knows."""
    if not name.startswith(tuple(prefix for prefix, _keeper in KEEPERS) + NO_PAGES):
        return None
    match key:
        case "pk":
            return Dispute.objects.get(title=TITLE).pk
        case "event":
            return LimitationEvent.objects.get(dispute__title=TITLE).pk
        case "kind":
            return "severance"
        case "position":
            return 0
    return None
