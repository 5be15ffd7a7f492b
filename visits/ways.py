"""Ways on from an issue into a room above: a dispute, a hardship file. Each room registers its own at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from unionops.casework.permissions import refusal
from unionops.casework.transitions import Text
from unionops.org.models import User

from .enums import IssueState
from .models import Issue


@dataclass(frozen=True)
class Way:
    """A button on the page of an issue; ``check`` raises with the reason where the person may not take it now."""

    key: str
    label: Text
    icon: str
    # Takes the key of the issue.
    url_name: str
    check: Callable[[User, Issue], None]
    # What the case that came of the issue has to say once it has ended: fields of the answer, or nothing yet.
    outcome: Callable[[Issue], dict[str, Any]] | None = None


_ways: dict[str, Way] = {}


def register_way(way: Way) -> None:
    _ways[way.key] = way


def ways_of(user: User, issue: Issue) -> list[dict[str, Any]]:
    """{label, glyph, url} of each way that is open to this person now."""
    return [
        {"label": way.label, "glyph": way.icon, "url": reverse(way.url_name, args=[issue.pk])}
        for way in _ways.values()
        if not refusal(way.check, user, issue)
    ]


def outcome_of(issue: Issue) -> dict[str, Any]:
    """What stands in the answer to the claimant already when an issue has been carried on and its case has ended."""
    found = (way.outcome(issue) for way in _ways.values() if way.outcome and issue.state == IssueState.CONVERTED)
    return next(filter(None, found), {})
