from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import TextChoices
from django.utils import translation

from disputes.enums import (
    CONFIRMATION_TRANSITIONS,
    TRANSITIONS,
    ConfirmationState,
    DisputeState,
    Relation,
)
from unionops.casework.transitions import Table, mermaid


def _part(title: str, table: Table, states: type[TextChoices], first: str) -> list[str]:
    labels: Mapping[str, str] = {state.value: str(state.label) for state in states}
    rows = [
        f"| {transition.rule} | `{transition.verb}` {transition.label} | "
        f"{'、'.join(labels[source] for source in transition.sources)} | "
        f"{'、'.join(labels[target] for target in transition.targets)} | "
        f"{'、'.join(str(Relation(actor).label) for actor in transition.actors)} |"
        for transition in table.values()
    ]
    return [
        f"## {title}", "", f"```mermaid\n{mermaid(table, first, labels)}```", "",
        "| rule | verb | from | to | by |", "|---|---|---|---|---|", *rows, "",
    ]  # fmt: skip


def page() -> str:
    """The page docs/dispute-states.md: diagrams and tables, from the tables in disputes/enums.py."""
    with translation.override("zh-hans"):
        return "\n".join(
            [
                "# States of a dispute",
                "",
                "Written by `manage.py draw_disputes`; a test fails when it is stale. The rule is the row of the field's table.",
                "",
                *_part("Dispute", TRANSITIONS, DisputeState, DisputeState.REGISTERED),
                *_part(
                    "Confirmation of its agreement",
                    CONFIRMATION_TRANSITIONS,
                    ConfirmationState,
                    ConfirmationState.APPLIED,
                ),
            ]
        )


class Command(BaseCommand):
    help = "Write the diagrams and tables of a dispute's states: manage.py draw_disputes > docs/dispute-states.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
