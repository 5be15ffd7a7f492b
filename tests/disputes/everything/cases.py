from __future__ import annotations

from typing import Any

from disputes.models import Dispute
from tests.disputes import stories
from tests.world import World
from visits.models import Issue

# Only for what is sent, or answered with a file, or led on to the page of the case.
NO_PAGES: tuple[str, ...] = (
    "disputes:export", "disputes:save_view", "disputes:drop_view", "disputes:watch", "disputes:upload", "disputes:remove_file",
    "disputes:session", "disputes:confirmation",
)  # fmt: skip
# Who opens a page, by the beginning of its name.
KEEPERS: tuple[tuple[str, str], ...] = (
    ("disputes:register", "case_clerk"), ("disputes:from_issue", "handler"), ("disputes:reveal", "case_clerk"),
    ("disputes:dispute", "mediator"), ("disputes:parties", "mediator"), ("disputes:owed", "mediator"),
)  # fmt: skip


# What the case of this part claims: by this it is found again.
CLAIMS = "支付生育津贴，正在调解"


def make(world: World) -> None:
    """A case in talks, one whose agreement is being performed, one that is over."""
    hall = stories.hall_of(world)
    talks = stories.mediating(hall, claims=CLAIMS)
    stories.talked_alone(hall, talks, "applicant", "25000")
    stories.talked_alone(hall, talks, "respondent", "12000")
    worker = talks.parties.get(side="applicant")
    stories.represented(hall, worker)
    stories.effective(hall)
    stories.failed(hall)


def value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None where another part knows."""
    if name not in (
        "disputes:dispute",
        "disputes:parties",
        "disputes:owed",
        "disputes:from_issue",
        "disputes:reveal",
        "disputes:reveal_agent",
    ):
        return None
    if key == "name":
        return "phone"
    if name == "disputes:from_issue":
        return Issue.objects.get(state="handling").pk
    case = Dispute.objects.get(claims=CLAIMS)
    worker = case.parties.get(side="applicant")
    return {"disputes:reveal_agent": worker.agents.get().pk, "disputes:reveal": worker.pk}.get(name, case.pk)
