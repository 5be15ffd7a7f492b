from __future__ import annotations

from typing import Any

from django.utils import timezone

from disputes.actions import intake, steps
from disputes.actions.intake import DisputeDraft, PartyDraft
from disputes.enums import Side
from disputes.models import Dispute
from tests.world import World

# Only for what is sent, or answered with a file.
NO_PAGES: tuple[str, ...] = ()
# Who opens a page, by the beginning of its name.
KEEPERS: tuple[tuple[str, str], ...] = tuple((f"disputes:{name}", "leader") for name in ("step", "do", "settle"))
# What the case of this part asks for: by this it is found again.
CLAIMS = "支付生育津贴，等待指派"


def make(world: World) -> None:
    """A case that waits for its mediator: its largest form that is open to a leader."""
    leader, today = world["leader"], timezone.localdate()
    draft = DisputeDraft(
        organisation=world["mediator"].postings.get().organisation, source="window", cause="si_maternity", claims=CLAIMS,
        facts="产假后没有收到生育津贴。",
        received_on=today,
        parties=[
            PartyDraft(side=Side.APPLICANT, name="沈月琴", phone="13812345678"),
            PartyDraft(side=Side.RESPONDENT, enterprise=world.enterprise),
        ],
    )  # fmt: skip
    case = intake.register(draft, by=leader)
    steps.ask_consent(case, by=leader, way="phone", contacted_on=today, person="人事经理")
    for party in case.parties.all():
        intake.record_consent(party, by=leader, given=True, on=today, way="phone")
    steps.accept(case, by=leader, scope_checked=True)


def value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None where another part knows."""
    page = name.removeprefix("disputes:")
    if page not in ("step", "do", "settle"):
        return None
    case = Dispute.objects.get(claims=CLAIMS)
    names = {"do": "share", "settle": "consent"}
    return {"pk": case.pk, "verb": "assign", "name": names.get(page), "part": case.parties.get(side=Side.APPLICANT).pk}[
        key
    ]
