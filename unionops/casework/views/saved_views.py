"""常用视图: a person's own filters of a list, beside those that come with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError
from unionops.org.models import User
from unionops.org.views.answers import done, person

from ..models import SavedView
from ..transitions import Text

LONGEST_NAME, LONGEST_QUERY = 30, 500


def tabs(
    user: User, page: str, query: str, *, base: str, ready: Iterable[tuple[Text, str]], drop: Callable[[int], str],
    everything: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """The filters that come with the list, then one's own. ``everything`` is the query that clears a remembered filter."""
    return [
        *(_tab(label, wanted, query, f"{base}?{wanted or everything}".rstrip("?")) for label, wanted in ready),
        *(
            _tab(view.name, view.query, query, f"{base}?{view.query}", drop(view.pk))
            for view in SavedView.objects.filter(user=user, page=page)
        ),
    ]


def _tab(label: Text, wanted: str, query: str, url: str, delete_url: str = "") -> dict[str, Any]:
    return {"label": label, "url": url, "current": query == wanted, "delete_url": delete_url}


def keep(request: HttpRequest, page: str, base: str) -> HttpResponse:
    """Keep a filter under a name; the same name is written over."""
    name = request.POST.get("name", "").strip()[:LONGEST_NAME]
    query = request.POST.get("query", "")[:LONGEST_QUERY]
    if not name:
        raise ActionError(_("请给视图起个名字。"), field="name")
    SavedView.objects.update_or_create(user=person(request), page=page, name=name, defaults={"query": query})
    return done(request, _("已存为常用视图“%(name)s”。") % {"name": name}, f"{base}?{query}")


def forget(request: HttpRequest, page: str, pk: int, back: str) -> HttpResponse:
    SavedView.objects.filter(user=person(request), page=page, pk=pk).delete()
    return done(request, _("已删除常用视图。"), back)
