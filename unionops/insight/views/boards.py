"""The dashboard for leaders, and for each role within what it sees."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from unionops.org.views.answers import person

from .. import asking, boards, dimensions
from ..drawing import draw
from ..forms import BoardFilter


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    user = person(request)
    shown = boards.first()
    asked = asking.read(user, request.GET)
    where = {code: value for code, value in asking.filters(user, request.GET).items() if code in shown.filters}
    if request.GET.get("since") or request.GET.get("until"):
        # A span typed into two fields gets its address, so that it can be kept and sent on.
        wanted = asking.query_of(asked, where)
        return HttpResponseRedirect(f"{request.path}?{urlencode(wanted)}")
    today = timezone.localdate()
    form = BoardFilter(asked, where, {code: dimensions.choices(code, user) for code in shown.filters}, today)
    context = {
        "board": shown,
        "filter": form,
        "asked": asked,
        "is_usual": asked.at == asked.period.cut_off(today),
        "is_filtered": bool(where),
        "words": asking.words_of(user, where),
        **draw(shown, asked, where),
    }
    return render(request, "insight/board.html", context)
