"""The dashboards: the district's, those of a town, a department and a cadre; their grids and tables as parts of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from unionops.casework.models import SavedView
from unionops.org.enums import DISTRICT_WIDE, TOWN_ROLES
from unionops.org.errors import ActionError
from unionops.org.models import Organisation, User
from unionops.org.views.answers import done, person

from .. import asking, boards, dimensions, subjects, summaries
from ..boards import Board
from ..drawing import draw, draw_part
from ..forms import BoardFilter
from ..indicators import Asked

# Each board has its own views; those of the towns' board serve every town. The one that opens when nothing is asked for
# is kept under a page of its own, and only the first board has one.
PAGE, USUAL = "insight:{}", "insight:{}:usual"
LONGEST_NAME = 30


@require_safe
@vary_on_headers("HX-Request")
def board(request: HttpRequest) -> HttpResponse:
    """Without anything in the address, a person's usual view."""
    user, shown = person(request), boards.first()
    if not request.GET:
        if summaries.leads_upper(user):
            # Above the districts there are figures and no cases: nothing on this page would be more than nought.
            return HttpResponseRedirect(reverse("insight:summary"))
        usual = SavedView.objects.filter(user=user, page=USUAL.format(shown.code)).first()
        if usual is not None and _means(user, usual.query):
            return HttpResponseRedirect(f"{request.path}?{usual.query}")
    return _answer(request, user, shown)


@require_safe
@vary_on_headers("HX-Request")
def whole(request: HttpRequest, board: str) -> HttpResponse:
    """A board beside the first one: that of another room's figures."""
    user = person(request)
    asking.read(user, request.GET)
    shown = boards.find(board)
    if shown is None or shown.tab is None:
        raise Http404("no such board")
    return _answer(request, user, shown)


@require_safe
@vary_on_headers("HX-Request")
def subject(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    """The page of a town, a department or a cadre."""
    user = person(request)
    # Who has no figures at all is told so; whose page one may not open is not there.
    asking.read(user, request.GET)
    found: Organisation | User
    match of:
        case "town":
            found = get_object_or_404(subjects.towns(user), pk=pk)
        case "department":
            found = get_object_or_404(subjects.departments(user), pk=pk)
        case _:
            found = get_object_or_404(subjects.cadres(user), pk=pk)
    shown = boards.about(of)
    if shown is None:
        raise Http404("no such board")
    return _answer(request, user, shown, found)


def _answer(request: HttpRequest, user: User, shown: Board, about: Organisation | User | None = None) -> HttpResponse:
    asked = asking.read(user, request.GET)
    where = {code: value for code, value in asking.filters(user, request.GET).items() if code in shown.filters}
    wanted = asking.query_of(asked, where)
    if request.GET.get("since") or request.GET.get("until"):
        # A span typed into two fields gets its address, so that it can be kept and sent on.
        return HttpResponseRedirect(f"{request.path}?{urlencode(wanted)}")
    narrowed = where | ({shown.of: str(about.pk)} if about else {})
    context: dict[str, Any] = {
        "board": shown,
        "is_home": shown == boards.first(),
        "title": _name(about) or shown.title,
        "asked": asked,
        "query": wanted,
        "back": f"{request.path}?{urlencode(wanted)}",
    }
    if part := request.GET.get("part"):
        return _part(request, shown, asked, narrowed, part, context)
    today = timezone.localdate()
    choices = {code: found for code in shown.filters if (found := dimensions.choices(code, user))}
    context |= {
        "filter": BoardFilter(asked, where, choices, today),
        "where": where,
        "is_usual": asked.at == asked.period.cut_off(today),
        "is_filtered": bool(where),
        "words": asking.words_of(user, where),
        "places": _places(user, shown, about, asked),
        "views": _views(user, shown, wanted, request.path),
        "about": about.pk if about else "",
        "others": _others(user, shown, about, asked) if about else [],
        **draw(shown, asked, narrowed),
    }
    return render(request, "insight/board.html", context)


def _name(about: Organisation | User | None) -> str:
    if isinstance(about, Organisation):
        return about.short_name or about.name
    return about.name if about else ""


def _part(
    request: HttpRequest, shown: Board, asked: Asked, where: dict[str, str], part: str, context: dict[str, Any]
) -> HttpResponse:  # fmt: skip
    """A grid, or the table of a picture: into the page, or as a page of its own where there is no script."""
    chart = next((chart for chart in shown.charts if chart.id == part), None)
    if chart is None:
        raise Http404("no such part")
    template = "insight/_part.html" if request.htmx else "insight/part.html"  # type: ignore[attr-defined]
    return render(request, template, context | {"c": draw_part(chart, asked, where)})


def _places(user: User, shown: Board, about: Organisation | User | None, asked: Asked) -> list[dict[str, Any]]:
    """Tabs: the whole, what is one's own, the pages of other rooms, the wall."""
    query = asking.query_of(asked, {})
    home = boards.first()
    found = [{"label": home.title, "url": f"{reverse('insight:board')}?{urlencode(query)}", "current": shown == home}]
    for board in boards.tabs(user):
        address = f"{reverse('insight:whole', args=[board.code])}?{urlencode(query)}"
        found.append({"label": board.title, "url": address, "current": shown == board})
    mine = [(of, key, name) for of, key, name in subjects.own(user) if boards.about(of)]
    for of, key, name in mine:
        current = about is not None and shown.of == of and about.pk == key
        label = _("我的") if of == "cadre" else name
        found.append({"label": label, "url": subjects.url(of, key, query), "current": current})
    if about is not None and not any(tab["current"] for tab in found):
        found.append({"label": _name(about), "url": "", "current": True})
    found += [
        {"label": link.title, "url": f"{reverse(link.url_name)}?{urlencode(query)}", "current": False}
        for link in boards.links()
    ]
    if user.scope.has(*DISTRICT_WIDE, *TOWN_ROLES):
        found.append({"label": _("汇总"), "url": reverse("insight:summary"), "current": False})
    if user.scope.has(*DISTRICT_WIDE):
        found.append({"label": _("大屏"), "url": reverse("insight:wall"), "current": False})
    return found


def _others(user: User, shown: Board, about: Organisation | User, asked: Asked) -> list[dict[str, Any]]:
    """The same page of the others, for whoever may open them."""
    if not user.scope.districts:
        return []
    query = asking.query_of(asked, {})
    rows = dimensions.choices(shown.of, user)
    return [{"label": name, "url": subjects.url(shown.of, key, query)} for key, name in rows if key != str(about.pk)]


# --- saved views


def _views(user: User, shown: Board, wanted: dict[str, str], base: str) -> list[dict[str, Any]]:
    usual = USUAL.format(shown.code)
    kept = SavedView.objects.filter(user=user, page__in=[PAGE.format(shown.code), usual]).order_by("name", "page")
    return [
        {
            "label": view.name, "url": f"{base}?{view.query}", "usual": view.page == usual,
            "current": _means(user, view.query) == wanted, "delete_url": reverse("insight:drop_view", args=[view.pk]),
        }
        for view in kept
    ]  # fmt: skip


def _means(user: User, query: str) -> dict[str, str]:
    """What a kept query asks for today; a filter that is no longer known means nothing."""
    words = QueryDict(query)
    try:
        return asking.query_of(asking.read(user, words), asking.filters(user, words))
    except (ActionError, Http404):
        return {}


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep period and filters under a name; the same name is written over. The usual one opens by itself."""
    user = person(request)
    shown, home = _home(request.POST.get("board", ""), request.POST.get("about", ""))
    name = request.POST.get("name", "").strip()[:LONGEST_NAME]
    if not name:
        raise ActionError(_("请给视图起个名字。"), field="name")
    words = QueryDict(request.POST.get("query", "")[:500])
    asked = asking.read(user, words)
    where = {code: value for code, value in asking.filters(user, words).items() if code in shown.filters}
    query = urlencode(asking.kept_query(asked, where))
    page, usual = PAGE.format(shown.code), USUAL.format(shown.code)
    is_usual = request.POST.get("usual") == "1" and shown == boards.first()
    mine = SavedView.objects.filter(user=user)
    # A name stands once, whether it is the usual view or not; there is one usual view at most.
    mine.filter(page__in=[page, usual], name=name).delete()
    if is_usual:
        mine.filter(page=usual).update(page=page)
    SavedView.objects.create(user=user, page=usual if is_usual else page, name=name, query=query)
    return done(request, _("已存为常用视图“%(name)s”。") % {"name": name}, f"{home}?{query}")


def _home(code: str, about: str) -> tuple[Board, str]:
    """The board of a form, and its address: of a town's, a department's or a cadre's page that of the one who was shown."""
    shown = boards.find(code) if code else boards.first()
    if shown is None or (shown.of and not dimensions.is_key(about)):
        raise Http404("no such board")
    if shown.of:
        return shown, subjects.url(shown.of, about)
    return shown, reverse("insight:board") if shown == boards.first() else reverse("insight:whole", args=[shown.code])


@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    shown, home = _home(request.POST.get("board", ""), request.POST.get("about", ""))
    pages = [PAGE.format(shown.code), USUAL.format(shown.code)]
    SavedView.objects.filter(user=person(request), page__in=pages, pk=pk).delete()
    return done(request, _("已删除常用视图。"), f"{home}?all=1")
