"""The bell: one line each, the newest first; opening one marks it read."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unionops.org.views.answers import done, pages, person

from ..models import Notice
from ..paging import Order, page_of
from ..subjects import url_of

NEWEST = Order("at", "at")


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    user = person(request)
    wanted = Notice.objects.visible_to(user)
    only_unread = request.GET.get("unread") == "1"
    if only_unread:
        wanted = wanted.unread()
    found = page_of(wanted, NEWEST, values=("pk", "at"), after=request.GET.get("after", ""))
    rows = {row.pk: row for row in wanted.filter(pk__in=[row[0] for row in found.rows]).select_related("by")}
    page = replace(found, rows=[rows[pk] for pk, _at in found.rows if pk in rows])
    base = reverse("casework:notices")
    context = {
        "page": page,
        "tabs": [
            {"label": _("全部"), "url": base, "current": not only_unread},
            {"label": _("未读"), "url": f"{base}?unread=1", "current": only_unread},
        ],
        **pages(request, page),
    }
    return render(request, "casework/notices.html", context)


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what the line is about; from now on it is read."""
    found = get_object_or_404(Notice.objects.visible_to(person(request)), pk=pk)
    if found.read_at is None:
        Notice.objects.filter(pk=found.pk, read_at=None).update(read_at=timezone.now())
    return HttpResponseRedirect(url_of(found.kind, found.case_id) or reverse("casework:notices"))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    Notice.objects.visible_to(person(request)).unread().update(read_at=timezone.now())
    return done(request, _("都标为已读了。"), reverse("casework:notices"))
