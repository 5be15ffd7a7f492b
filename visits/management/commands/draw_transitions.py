from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from unionops.casework.transitions import mermaid
from visits.enums import TRANSITIONS, IssueState, Relation


def page() -> str:
    """The page docs/issue-states.md: the diagram and the table, both from the one table in visits/enums.py."""
    with translation.override("zh-hans"):
        labels = {state.value: str(state.label) for state in IssueState}
        rows = [
            f"| {transition.rule} | `{transition.verb}` {transition.label} | "
            f"{'、'.join(labels[source] for source in transition.sources)} | "
            f"{'、'.join(labels[target] for target in transition.targets)} | "
            f"{'、'.join(str(Relation(actor).label) for actor in transition.actors)} |"
            for transition in TRANSITIONS.values()
        ]
        diagram = mermaid(TRANSITIONS, IssueState.REGISTERED, labels)
    return "\n".join(
        [
            "# States of an issue",
            "",
            "Written by `manage.py draw_transitions`; a test fails when it is stale. The rule is the row of the field's table.",
            "",
            f"```mermaid\n{diagram}```",
            "",
            "| rule | verb | from | to | by |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


class Command(BaseCommand):
    help = "Write the diagram and the table of an issue's states: manage.py draw_transitions > docs/issue-states.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
