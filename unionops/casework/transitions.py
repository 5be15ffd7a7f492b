"""The transition table of a case and what is generated from it: buttons, checks, the database guard, the diagram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pgtrigger
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Transition:
    """One verb: from which states, to which, by whom, and by what rule.

    ``actors`` names relations between a person and the case (never role names alone); a domain's permissions say what
    each means. ``targets`` has more than one state only where the case itself knows which to return to.
    """

    verb: str
    label: Text
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    actors: tuple[str, ...]
    rule: str
    icon: str = "arrow-right-circle"
    # Verbs of the system and follow-on verbs have no button of their own.
    on_page: bool = True
    # The usual next step is drawn first.
    usual: bool = False


Table = Mapping[str, Transition]


def table_of(*transitions: Transition) -> dict[str, Transition]:
    table = {transition.verb: transition for transition in transitions}
    assert len(table) == len(transitions), "a verb stands twice in the table"
    return table


def pairs(table: Table) -> Iterator[tuple[str, str]]:
    """Every change of state that the table knows."""
    seen = set()
    for transition in table.values():
        for source in transition.sources:
            for target in transition.targets:
                if source != target and (source, target) not in seen:
                    seen.add((source, target))
                    yield source, target


def database_guard(table: Table, *, born: str) -> list[pgtrigger.Trigger]:
    """Refuse, in the database, a change of state that is not in the table and a row that begins in the middle.

    ``born`` is the SQL condition on NEW that a new row must meet.
    """
    return [
        pgtrigger.FSM(name="state_moves", field="state", transitions=list(pairs(table))),
        pgtrigger.Trigger(
            name="state_begins",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=f"""
            IF ({born}) IS NOT TRUE THEN
                RAISE EXCEPTION 'a case cannot begin as %', NEW.state USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
            """,
        ),
    ]


def mermaid(table: Table, first: str, labels: Mapping[str, str]) -> str:
    """Return the table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {state}: {label}" for state, label in labels.items()]
    for transition in table.values():
        lines += [
            f"    {source} --> {target}: {transition.label}"
            for source in transition.sources
            for target in transition.targets
            if source != target
        ]
    return "\n".join(lines) + "\n"
