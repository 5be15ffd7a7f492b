"""What a programme tells whoever thinks of applying: for whom, what to bring, how it goes, how long, how much."""

from __future__ import annotations

from django.utils.translation import gettext as _

from unionops.joining import clauses, listed

from ..enums import Applicant, Shape
from ..models import Programme
from ..shapes import ShapeKind, kind_for

# Limits that are the office's own business.
INSIDE = ("leader_ceiling",)
# Steps in which nothing happens for whoever waits.
BOOKKEEPING = ("clear", "confirm_paid", "account", "close", "archive")


def facts(programme: Programme) -> list[tuple[str, str]]:
    """(label, words) in the order in which people ask; what a programme does not say is left out."""
    kind = kind_for(programme.shape)
    found = [
        (_("谁可以办"), listed(str(Applicant(one).label) for one in programme.applicants)),
        (_("带什么"), listed(programme.documents)),
        (_("怎么办"), _way(programme, kind)),
        (_("多久"), _terms(programme, kind)),
        (_("额度"), _limits(programme, kind)),
        (_("办理单位"), programme.organisation.name),
    ]
    return [(label, words) for label, words in found if words]


def _way(programme: Programme, kind: ShapeKind) -> str:
    return " → ".join(
        programme.word("verb", verb, kind.table[verb].label)
        for verb in kind.line_of(programme)
        if verb not in BOOKKEEPING
    )


def _terms(programme: Programme, kind: ShapeKind) -> str:
    """How long a case may stand in a state, in the words of the programme."""
    states = dict(kind.states.choices)
    words = []
    for state, (length, unit) in programme.terms.items():
        if state not in states:
            continue
        told = _("“%(state)s”后 %(n)d 个工作日内") if unit == "working" else _("“%(state)s”后 %(n)d 天内")
        words.append(told % {"state": programme.word("state", state, states[state]), "n": length})
    return clauses(words)


def _limits(programme: Programme, kind: ShapeKind) -> str:
    """Of claims only: what limits an order is how the office works."""
    if programme.shape != Shape.CLAIM:
        return ""
    told = ((label, unit, programme.limit(key)) for key, label, unit, _usual in kind.limits if key not in INSIDE)
    return clauses(f"{label} {value} {unit}" for label, unit, value in told if value not in (None, 0))
