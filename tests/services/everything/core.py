from __future__ import annotations

import uuid
from typing import Any

from services.models import Programme
from tests.world import World
from visits.models import Issue

NO_PAGES: tuple[str, ...] = (
    "services:export", "services:save_view", "services:drop_view", "services:watch", "services:upload", "services:remove_file",
)  # fmt: skip
KEEPERS: tuple[tuple[str, str], ...] = (
    ("services:programme", "admin"), ("services:choose", "handler"), ("services:from_issue", "handler"),
    ("services:", "officer"),
)  # fmt: skip


def make(world: World) -> None:
    """The programmes are made by the parts of their shapes."""


def value(name: str, key: str) -> Any:
    from .claims import case

    claim = case()
    if name in ("services:choose_for_issue", "services:from_issue") and key == "pk":
        return Issue.objects.get(state="handling").pk
    if name.startswith("services:programme") and key == "pk":
        return Programme.objects.get(pk=claim.programme_id).pk
    return {
        "code": claim.programme.code, "shape": "claim", "verb": "check", "name": "phone", "pk": claim.pk, "file": uuid.uuid4(),
    }[key]  # fmt: skip
