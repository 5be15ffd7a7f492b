"""Showing a telephone: the number, the code that was sent to it, and going again."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from unionops.org.errors import ActionError
from unionops.org.forms.fields import refuse

from ..actions import codes
from ..doors import open_door, way_back
from ..forms import CodeForm, PhoneForm
from ..offers import offers
from ..refusals import told
from ..senders import sender
from ..visitors import device_of, let_in, let_out, visitor_of

SALT = "unionops.counter.asked"
NEXT = "next"


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")


def _purpose(back: str) -> tuple[str, str]:
    """What the telephone is shown for: the entry of the home page that leads there, (key, words)."""
    try:
        found = resolve(back.partition("?")[0])
    except Resolver404:
        return "", str(_("自助办理"))
    for offer in offers():
        if offer.url_name == found.view_name:
            return offer.key, str(offer.label)
    return found.view_name[:40], str(_("自助办理"))


@open_door
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    back = way_back(request, request.POST.get(NEXT) or request.GET.get(NEXT) or "")
    if visitor_of(request) is not None and request.method != "POST":
        return HttpResponseRedirect(back)
    if sender() is None:
        return told(request, 503, _("现在不能在网上办"), _("这里还没有开通短信验证码。"), _("请到窗口或打电话办理。"))
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        key, words = _purpose(back)
        try:
            row, shown = codes.send_code(
                form.cleaned_data["phone"], purpose=key, words=words, device=device_of(request), address=address_of(request)
            )  # fmt: skip
        except ActionError as error:
            if error.status != ActionError.status:
                raise
            refuse(form, error)
        else:
            asked = signing.dumps({"code": str(row.pk), "next": back, "to": row.phone_masked}, salt=SALT)
            return _ask(request, CodeForm(), asked, row.phone_masked, back, shown=shown)
    return _draw(
        request,
        "counter/phone.html",
        {"form": form, "next": back, "words": _purpose(back)[1], "ended": "ended" in request.GET},
    )


@open_door
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    try:
        asked = signing.loads(request.POST.get("asked", ""), salt=SALT, max_age=3600)
    except signing.BadSignature:
        # Opened without having asked for a code.
        return HttpResponseRedirect(reverse("counter:phone"))
    back = way_back(request, asked["next"])
    form = CodeForm(request.POST)
    if form.is_valid():
        row = codes.use_code(asked["code"], form.cleaned_data["code"].strip(), device=device_of(request))
        if row is not None:
            return let_in(HttpResponseRedirect(back), row)
        form.add_error("code", _("验证码不对，或者已经过期。可以再试，或重新获取。"))
    return _ask(request, form, request.POST["asked"], asked["to"], back)


def _ask(request: HttpRequest, form: CodeForm, asked: str, to: str, back: str, shown: str = "") -> HttpResponse:
    return _draw(request, "counter/code.html", {"form": form, "asked": asked, "to": to, "next": back, "shown": shown})


def _draw(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A refused form did nothing, and an answer about a code is kept under no key."""
    refused = context["form"].is_bound and not context["form"].is_valid()
    response = render(request, template, context, status=422 if refused else 200)
    response.is_refused_form, response.is_secret = False, True  # type: ignore[attr-defined]
    response.is_recorded = True  # type: ignore[attr-defined]
    return response


@open_door
@require_POST
def stay(request: HttpRequest) -> JsonResponse:
    """A sign of life of a page on which somebody types: the seconds that the visit has left, 0 when it is over."""
    visitor = visitor_of(request)
    return JsonResponse({"left": visitor.left.total_seconds() if visitor else 0})


@open_door
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    if visitor := visitor_of(request):
        codes.end_visit(visitor.key)
    return let_out(HttpResponseRedirect(reverse("counter:home")))
