"""What a programme tells whoever thinks of applying: for whom, what to bring, how it goes, how long, how much."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.joining import clauses, listed

from ..claims.enums import ClaimVerb
from ..claims.rules import PUBLICATION_DAYS
from ..enums import Applicant, Shape
from ..models import Programme
from ..shapes import ShapeKind, kind_for

PUBLISH = ClaimVerb.PUBLISH
# Limits in the words of whoever applies; the others are the office's own business.
LIMITS = {
    "case_ceiling": gettext_lazy("每件最多 %(n)s 元"),
    "year_ceiling": gettext_lazy("每人每年最多 %(n)s 元"),
    "once_a_year": gettext_lazy("每人每年最多 %(n)s 次"),
    "roster_years": gettext_lazy("同一个人 %(n)s 年一次"),
}
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
        (_("额度"), _limits(programme)),
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
    """By which time each step is taken, in the order of the states; a notice hangs for its days."""
    words = []
    for state, label in kind.states.choices:
        verb = kind.ahead(programme, state)
        if state in programme.terms:
            length, unit = programme.terms[state]
            told = _("%(step)s %(n)d 个工作日内") if unit == "working" else _("%(step)s %(n)d 天内")
            step = (
                programme.word("verb", verb, kind.table[verb].label) if verb else programme.word("state", state, label)
            )
            words.append(told % {"step": step, "n": length})
        if verb == PUBLISH:
            days = int(programme.limit("publication_days", PUBLICATION_DAYS))
            words.append(_("公示 %(n)d 个工作日") % {"n": days})
    return clauses(words)


def _limits(programme: Programme) -> str:
    """Of claims only: what limits an order is how the office works."""
    if programme.shape != Shape.CLAIM:
        return ""
    told = ((words, programme.limit(key)) for key, words in LIMITS.items())
    return clauses(words % {"n": f"{value:,}"} for words, value in told if value not in (None, 0))
