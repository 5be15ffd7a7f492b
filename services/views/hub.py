"""The room of services: every programme of the district, by group, with what is open in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionops.org.enums import Role
from unionops.org.views.answers import person

from ..enums import DESK_ROLES, REGISTERING_ROLES, Shape
from ..queries import counts, programmes_of
from ..shapes import kind_for, specialties_of


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    user = person(request)
    counted = counts(user, timezone.localdate())
    wanted = request.GET.get("q", "").strip()
    groups: dict[str, list[dict[str, Any]]] = {}
    for programme in programmes_of(user):
        if wanted and wanted.lower() not in f"{programme.name} {programme.summary} {programme.code}".lower():
            continue
        groups.setdefault(programme.group or str(Shape(programme.shape).label), []).append(
            {
                "programme": programme,
                "url": reverse("services:cases", args=[programme.code]),
                "shape": Shape(programme.shape).label,
                "icon": programme.icon or kind_for(programme.shape).icon,
                "department": programme.organisation.short_name or programme.organisation.name,
                "pages": [
                    {"label": page.label, "url": page.url, "glyph": page.icon} for page in specialties_of(programme)
                ],
                **counted.get(programme.pk, {"open": 0, "over": 0}),
            }
        )
    context = {
        "groups": list(groups.items()),
        "wanted": wanted,
        "count": sum(len(rows) for rows in groups.values()),
        "may_configure": user.scope.has(Role.ADMIN),
        "sees_money": user.scope.has(*DESK_ROLES) or bool(user.scope.districts),
        "may_register": user.scope.has(*REGISTERING_ROLES),
        "shown": _("%(n)s 个项目") % {"n": sum(len(rows) for rows in groups.values())},
    }
    return render(request, "services/hub.html", context)
