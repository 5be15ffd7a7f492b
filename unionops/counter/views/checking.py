"""查进度: how something stands, by its number and query code; and the receipt for whoever has just handed it in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ..actions.receipts import code_of, find_receipt
from ..doors import open_door, verified_door
from ..forms import CheckForm
from ..lookups import Standing, kind_of_prefix
from ..models import Receipt
from ..numbers import read_number, spell_number
from ..visitors import visitor_of
from .telephone import address_of


@open_door
@sensitive_post_parameters("number", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.POST if request.method == "POST" else None)
    standing, number = None, ""
    if form.is_bound and form.is_valid():
        found = find_receipt(form.cleaned_data["number"], form.cleaned_data["code"], address=address_of(request))
        standing = _standing(found) if found else None
        number = spell_number(found.number) if found else ""
        if standing is None:
            form.add_error(None, _("没有找到。请核对回执编号和查询码，两样都要和回执上一样。"))
    status = 422 if form.is_bound and standing is None else 200
    context = {"form": form, "standing": standing, "number": number}
    response = render(request, "counter/check.html", context, status=status)
    response.is_secret = True  # type: ignore[attr-defined]
    return response


def _standing(found: Receipt) -> Standing | None:
    kind = kind_of_prefix(found.prefix)
    return kind.lookup(found.subject_id) if kind else None


@verified_door
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """For the visitor who handed it in, while the session lasts; nobody else finds it."""
    visitor = visitor_of(request)
    asked = read_number(number)
    if visitor is None or not asked:
        raise Http404
    found = get_object_or_404(Receipt, number=asked, visitor=visitor.key)
    kind = kind_of_prefix(found.prefix)
    context = {
        "receipt": found, "number": spell_number(found.number), "code": code_of(found), "label": kind.label if kind else "",
    }  # fmt: skip
    return render(request, "counter/receipt.html", context)
