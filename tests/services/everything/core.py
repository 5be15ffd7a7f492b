from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from services.actions import imports
from services.models import Programme
from tests.world import World
from visits.models import Issue, LedgerImport

NO_PAGES: tuple[str, ...] = (
    "services:export", "services:save_view", "services:drop_view", "services:watch", "services:upload", "services:remove_file",
    "services:sums",
)  # fmt: skip
KEEPERS: tuple[tuple[str, str], ...] = (
    ("services:programme", "admin"), ("services:choose", "handler"), ("services:from_issue", "handler"),
    ("services:", "officer"),
)  # fmt: skip


def make(world: World) -> None:
    """The programmes are made by the parts of their shapes; here somebody has read a ledger and not yet confirmed it."""
    from .claims import case

    file = SimpleUploadedFile("台账.csv", "姓名,日期,状态\n陈桂芳,2026-03-05,已结\n王建国,2026-03-06,乱写\n".encode())
    imports.receive(case().programme, file, by=world["officer"])


def value(name: str, key: str) -> Any:
    from .claims import case

    claim = case()
    if name == "services:import_look" and key == "pk":
        return LedgerImport.objects.get(sort="service").pk
    if name in ("services:choose_for_issue", "services:from_issue") and key == "pk":
        return Issue.objects.get(state="handling").pk
    if name.startswith("services:programme") and key == "pk":
        return Programme.objects.get(pk=claim.programme_id).pk
    return {
        "code": claim.programme.code, "shape": "claim", "verb": "check", "name": "phone", "pk": claim.pk, "file": uuid.uuid4(),
    }[key]  # fmt: skip
