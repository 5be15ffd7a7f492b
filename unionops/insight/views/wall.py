"""The board on the wall: large, dark, and always the last minute's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from unionops.org.enums import DISTRICT_WIDE
from unionops.org.errors import NotAllowed
from unionops.org.views.answers import person

from .. import asking, boards
from ..drawing import draw


@require_safe
@vary_on_headers("HX-Request")
def wall(request: HttpRequest) -> HttpResponse:
    """The whole page, or what stands on it now for the page that asks each minute."""
    user = person(request)
    if not user.scope.has(*DISTRICT_WIDE):
        raise NotAllowed(_("大屏是全区的数，您的岗位不能打开。"), next_step=_("看板里有您范围内的数。"))
    asked = asking.read(user, request.GET)
    shown = boards.find("wall") or boards.first()
    context = {"board": shown, "asked": asked, "now": timezone.localtime(), **draw(shown, asked, {})}
    return render(request, "insight/_wall.html" if request.htmx else "insight/wall.html", context)  # type: ignore[attr-defined]
