"""What a class adds to the page of its activity. No name of a child is on it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from unionops.org.models import Event, User

from ..activities.models import Activity
from ..activities.views import offers
from .actions.classes import most_subsidised, reckon, subsidised
from .enums import CODE, Area, NoteKind, SafetyItem
from .indicators import attendance
from .models import ClassFile
from .permissions import grant_of, missing_to_run


def class_file(case: Activity, user: User) -> dict[str, Any] | None:
    """Acceptance, staff, insurance, safety, subsidy, and who has been let in."""
    if case.programme.code != CODE:
        return None
    found = ClassFile.objects.filter(activity=case).first()
    if found is None:
        return {"file": None, "offers": offers(user, case, "class-file")}
    found.activity = case
    today = timezone.localdate()
    missing = missing_to_run(found)
    readings = (
        Event.objects.about("classfile", found.pk)
        .filter(verb="classfile.read")
        .select_related("by")
        .order_by("-at")[:5]
    )
    return {
        "file": found, "missing": str(missing.reason) if missing and case.state in ("planned", "approved", "open", "full") else "",
        "areas": [(area.label, found.acceptance.get(area.value, "")) for area in Area],
        "carers": [
            {"row": one, "is_checked": one.is_checked(today), "offers": offers(user, case, "recheck", "let-go", item=one.pk)}
            for one in found.carers.filter(left_on=None)
        ],
        "safety": found.safety_checks.first(), "safety_all": len(SafetyItem),
        "incidents": found.notes.filter(kind=NoteKind.INCIDENT).count(),
        "reckoned": found.subsidy or reckon(found, today), "is_applied": bool(found.subsidy),
        "others": subsidised(found), "most": most_subsidised(found), "attendance": attendance(found, user),
        "grants": [
            {"row": one, "offers": offers(user, case, *{"asked": ("grant", "deny"), "granted": ("revoke",)}.get(one.state, ()), item=one.pk)}
            for one in found.grants.select_related("asked_by", "decided_by")[:8]
        ],
        "is_let_in": grant_of(user, found) is not None, "readings": readings,
        "offers": offers(user, case, "class-file", "accept", "child", "subsidy"),
        "small": offers(user, case, "carer", "insure", "safety"), "ask": offers(user, case, "ask"),
    }  # fmt: skip
