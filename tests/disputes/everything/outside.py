from __future__ import annotations

from typing import Any

from disputes.actions import team
from disputes.actions.elements import save_elements
from disputes.models import Dispute
from disputes.outside import letters
from tests.disputes import stories
from tests.world import World
from unionops.counter.models import SignedLink

# Only for what is sent. The application is shown to whoever has shown a telephone: tests/counter opens it.
NO_PAGES: tuple[str, ...] = ("disputes:revoke_link", "disputes:apply")
# Who opens a page, by the beginning of its name.
KEEPERS: tuple[tuple[str, str], ...] = (("disputes:invite", "mediator"), ("disputes:answer_letter", "arbitrator"))
# What the case of this part claims: by this it is found again.
CLAIMS = "支付经济补偿，已函告人社局"


def make(world: World) -> None:
    """A case with a letter that waits and an elements form that somebody outside is asked about."""
    hall = stories.hall_of(world)
    case = stories.mediating(hall, claims=CLAIMS)
    save_elements(case, by=hall["mediator"], fields={"post": "挡车工", "focus": "工资基数"})
    team.share(case, by=hall["head"], organisation=hall.bureau, reason="请核查参保", kind="referral")
    invited(case, by=hall["mediator"])


def invited(case: Dispute, *, by: Any, name: str = "郑仲裁") -> tuple[SignedLink, str]:
    return letters.invite(case, by=by, purpose=letters.ELEMENTS, name=name, organisation="区仲裁院")


def value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None where another part knows."""
    if name not in ("disputes:invite", "disputes:invite_letter", "disputes:answer_letter"):
        return None
    case = Dispute.objects.get(claims=CLAIMS)
    share = case.shares.get().pk
    return {"pk": share if name == "disputes:answer_letter" else case.pk, "share": share, "verb": "refuse"}[key]
