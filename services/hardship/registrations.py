from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.deadlines import lamp
from unionops.casework.inbox import InboxRow, InboxSource, register_inbox
from unionops.casework.search import Hit, SearchSource, contains, register_search
from unionops.casework.subjects import Subject, register_subject
from unionops.china.names import mask_name
from unionops.org.models import User

from ..enums import Shape
from ..shapes import Panel, Specialty, register_panel, register_specialty
from . import demo, packs, spot_checks, steps
from .enums import PROGRAMME, RELIEF, FileState
from .models import HouseholdFile

_CLOCK = ("deadline__due_on", "deadline__soon_on", "deadline__paused_on", "deadline__met_on", "deadline__provisional")


def _due(files: Any, most: int) -> Iterable[InboxRow]:
    """Active files whose review is near; the application itself stands in the inbox as a claim."""
    rows = (
        files.filter(state=FileState.ACTIVE, deadline__soon_on__lte=timezone.localdate())
        .order_by("deadline__due_on", "pk")
        .values_list("pk", "number", "applicant_name", "urgency", "town__short_name", *_CLOCK)[:most]
    )
    for pk, number, name, urgency, town, *clock in rows:
        due, soon, paused, met, provisional = clock
        light = lamp(due, soon, paused, met, provisional=bool(provisional))
        yield InboxRow(
            kind="householdfile", kind_label=_("困难职工档案"), icon="house-heart", number=number, title=name,
            url=reverse("hardship:file", args=[pk]), urgency=urgency, place=town or "", step=_("年度复核"), lamp=light, key=pk,
        )  # fmt: skip


def mine(user: User, most: int) -> Iterable[InboxRow]:
    return _due(HouseholdFile.objects.visible_to(user).in_hands_of(user), most)


def at_department(user: User, most: int) -> Iterable[InboxRow]:
    scope = user.scope
    wanted = Q(organisation__in=scope.departments) | Q(district__in=scope.districts)
    return _due(HouseholdFile.objects.visible_to(user).open().filter(wanted), most)


# From the first of November the draw of the year shines yellow.
SPOT_CHECKS_SOON = (11, 1)


def _drawn(user: User, most: int, *, town: bool) -> Iterable[InboxRow]:
    """Households that were drawn, until somebody has been there: by the end of the year of the draw."""
    for check in spot_checks.waiting_for(user, town=town)[:most]:
        year, file = check.draw.year, check.file
        light = lamp(datetime.date(year, 12, 31), datetime.date(year, *SPOT_CHECKS_SOON), None, None)
        yield InboxRow(
            kind="spotcheck", kind_label=_("年度抽查"), icon="shuffle", number=file.number, title=file.applicant_name,
            url=reverse("hardship:checks") + f"?year={year}", urgency=file.urgency, place=file.town.short_name if file.town else "",
            step=_("两人入户抽查"), lamp=light, key=check.pk,
        )  # fmt: skip


def drawn_mine(user: User, most: int) -> Iterable[InboxRow]:
    return _drawn(user, most, town=True)


def drawn_at_department(user: User, most: int) -> Iterable[InboxRow]:
    return _drawn(user, most, town=False)


def masked(rows: Iterable[InboxRow]) -> dict[object, str]:
    return {row.key: mask_name(row.title) for row in rows}


def find(user: User, query: str, most: int) -> list[Hit]:
    rows = HouseholdFile.objects.visible_to(user).filter(Q(number__icontains=query) | contains("applicant_name", query))
    found = rows.order_by("-registered_at").values_list("pk", "number", "applicant_name")[:most]
    return [
        Hit(f"{number} {name}", str(_("困难职工档案")), reverse("hardship:file", args=[pk]))
        for pk, number, name in found
    ]


def file_panel(claim: Any, user: User) -> dict[str, Any] | None:
    """On the page of a claim: the household's file that it began, or that it helps."""
    if claim.programme.code not in (PROGRAMME, RELIEF):
        return None
    if claim.programme.code == PROGRAMME:
        file = HouseholdFile.objects.filter(claim=claim).select_related("deadline").first()
    else:
        file = steps.active_file_of(claim)
    if file is None:
        return {"file": None} if claim.programme.code == RELIEF else None
    return {
        "file": file, "members": file.members.count(), "lacks": steps.lacks(file) if file.state == FileState.APPLYING else "",
        "url": reverse("hardship:file", args=[file.pk]),
    }  # fmt: skip


def register() -> None:
    steps.register()
    packs.declare()
    demo.declare()
    register_subject(Subject("householdfile", HouseholdFile, "hardship:file"))
    register_inbox(
        InboxSource("householdfile", mine, HouseholdFile.objects.waiting, department=at_department, masked=masked)
    )
    register_inbox(
        InboxSource("spotcheck", drawn_mine, spot_checks.waits, department=drawn_at_department, masked=masked)
    )
    register_search(SearchSource("householdfile", _("困难职工档案"), "house-heart", 31, find))
    register_panel(Panel("claim_household", 10, "hardship/_file.html", file_panel, Shape.CLAIM))
    register_specialty(Specialty(PROGRAMME, "hardship:files", _("困难职工档案"), "house-heart"))
    register_specialty(Specialty(RELIEF, "hardship:campaigns", _("帮扶活动"), "gift"))
