"""The log, for the auditor alone: who keeps accounts does not read it, who reads it keeps none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..errors import NotAllowed
from ..forms.directory import LogFilter
from ..models import Event, User
from ..queries.log import FIELD_NAMES, GROUPS, KINDS, VERBS, log_page
from .answers import pages, person


def _auditor(request: HttpRequest) -> User:
    user = person(request)
    if not user.scope.log_of:
        raise NotAllowed(_("日志由安全审计员查看。"))
    return user


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    user = _auditor(request)
    form = LogFilter(request.GET, verbs=[(verb, str(words)) for verb, words in GROUPS])
    wanted = form.cleaned_data if form.is_valid() else {}
    page = log_page(user, wanted, request.GET.get("after", ""))
    return render(request, "org/log.html", {"filter": form, "page": page, **pages(request, page)})


@require_safe
def log_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry in words: who, when, from where, what, and each value before and after."""
    user = _auditor(request)
    entry = get_object_or_404(Event.objects.visible_to(user).select_related("by"), pk=pk)
    data = dict(entry.data)
    changes = data.pop("changes", {})
    name = entry.verb.partition(".")[2]
    context = {
        "entry": entry,
        "kind": KINDS.get(entry.kind, entry.kind),
        "verb": VERBS.get(name, name),
        "changes": [(field, *values) for field, values in changes.items()] if isinstance(changes, dict) else [],
        "data": sorted(data.items()),
        "names": FIELD_NAMES,
    }
    return render(request, "org/log_entry.html", context)
