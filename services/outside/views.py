"""Pages for people without an account: what can be applied for, the form, the receipt, and what one may do with a receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from unionops.counter.actions.receipts import code_of, find_receipt, receipt_url
from unionops.counter.doors import open_door, verified_door
from unionops.counter.forms import CheckForm
from unionops.counter.models import Receipt
from unionops.counter.numbers import spell_number
from unionops.counter.views.telephone import address_of
from unionops.counter.visitors import Visitor, device_of, visitor_of
from unionops.org.errors import ActionError, TooMany
from unionops.org.forms.accounts import RevealForm
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import Step, data, person, secret, step, tried

from .. import qr
from ..enums import Channel
from ..models import Programme
from ..permissions import check_may_reveal
from ..queries import open_to_all, page_of
from ..views.finding import visible_case
from . import about, applying
from .boards import boards as found_boards
from .forms import PublicForm, RateForm, TakeBackForm
from .own import Own, own_of

SALT = "services.outside.receipt"
SHOWN_FOR = 1800
NOT_FOUND = "没有找到。请核对回执编号和查询码，两样都要和回执上一样。"


def _programme(pk: int) -> Programme:
    return get_object_or_404(open_to_all(), pk=pk)


@open_door
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    groups: dict[str, list[Programme]] = {}
    for row in open_to_all():
        groups.setdefault(row.group or str(_("其他")), []).append(row)
    return render(request, "outside/services.html", {"groups": list(groups.items())})


@open_door
@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    return render(request, "outside/boards.html", {"boards": list(found_boards())})


@open_door
@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    return _begin(request, _programme(pk))


@open_door
@require_safe
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet to hang up, or a code for a vest: whoever scans it stands before the form of the programme."""
    found = _programme(pk)
    address = request.build_absolute_uri(reverse("outside:programme", args=[found.pk]))
    return render(request, "outside/sign.html", {"programme": found, "address": address, "code": qr.inside(address)})


@open_door
@require_safe
def hazards(request: HttpRequest) -> HttpResponse:
    """The door of the hazard reports, wherever they are open."""
    found = open_to_all().filter(code=applying.HAZARDS).first()
    if found is None:
        return render(request, "outside/no_hazards.html", {})
    return _begin(request, found)


def _begin(request: HttpRequest, found: Programme) -> HttpResponse:
    context = {
        "programme": found, "anonymous": applying.takes_anonymous(found), "sealed": found.seals_reporter,
        "named": any(kind != "anonymous" for kind in found.applicants), "facts": about.facts(found),
    }  # fmt: skip
    return render(request, "outside/programme.html", context)


@verified_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    return _apply(request, _programme(pk), visitor_of(request))


@open_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def anonymous(request: HttpRequest, pk: int) -> HttpResponse:
    found = _programme(pk)
    if not applying.takes_anonymous(found):
        raise Http404
    return _apply(request, found, None)


def _apply(request: HttpRequest, found: Programme, visitor: Visitor | None) -> HttpResponse:
    form = PublicForm(data(request), request.FILES or None, programme=found, anonymous=visitor is None)
    if form.is_bound and form.is_valid():
        try:
            _case, receipt = applying.apply(
                found, form.given(), form.cleaned_data["papers"] or [], visitor=visitor, device=device_of(request),
                address=address_of(request),
            )  # fmt: skip
        except TooMany:
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(receipt_url(receipt) if visitor else _receipt_url(request, receipt))
    context = {"form": form, "programme": found, "visitor": visitor, "sealed": found.seals_reporter}
    response = render(request, "outside/apply.html", context, status=422 if form.is_bound else 200)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def _receipt_url(request: HttpRequest, receipt: Receipt) -> str:
    """An address that shows number and code to this device alone, for half an hour."""
    note = signing.dumps({"number": receipt.number, "device": device_of(request)}, salt=SALT)
    return reverse("outside:receipt", args=[note])


@open_door
@require_safe
def receipt(request: HttpRequest, note: str) -> HttpResponse:
    try:
        asked = signing.loads(note, salt=SALT, max_age=SHOWN_FOR)
    except signing.BadSignature:
        raise Http404 from None
    if asked["device"] != device_of(request):
        raise Http404
    found = get_object_or_404(Receipt, number=asked["number"])
    context = {
        "receipt": found, "number": spell_number(found.number), "code": code_of(found), "label": _("服务申请"),
    }  # fmt: skip
    response = render(request, "counter/receipt.html", context)
    response.is_secret = True  # type: ignore[attr-defined]
    return response


# --- with number and code


@open_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Number and code open what can be done with the case."""
    form = CheckForm(data(request))
    return _mine(request, form, _found(request, form))


@open_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest) -> HttpResponse:
    def act(own: Own, row: Any, form: Any) -> Any:
        own.rate(row, int(form.cleaned_data["stars"]), form.cleaned_data["words"])
        return _("谢谢您的评价。")

    return _answer(request, RateForm, act)


@open_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest) -> HttpResponse:
    return _answer(request, TakeBackForm, lambda own, row, form: own.take_back(row, form.cleaned_data["reason"]))


def _answer(request: HttpRequest, kind: Any, act: Callable[[Own, Any, Any], Any]) -> HttpResponse:
    """Do it and say what was done; ``act`` returns the words."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("outside:mine"))
    form = kind(request.POST)
    check = CheckForm(request.POST)
    found = _found(request, check)
    if found is None:
        return _mine(request, check, None)
    if form.is_valid():
        try:
            said = act(*found, form)
        except ActionError as error:
            refuse(form, error)
        else:
            messages.success(request, str(said))
            return HttpResponseRedirect(reverse("outside:mine"))
    return _mine(request, check, found, form)


def _found(request: HttpRequest, form: CheckForm) -> tuple[Own, Any] | None:
    """What number and code open; a wrong number and a wrong code are answered alike, and counted."""
    if not (form.is_bound and form.is_valid()):
        return None
    found = find_receipt(form.cleaned_data["number"], form.cleaned_data["code"], address=address_of(request))
    own = own_of(found.prefix) if found else None
    row = own.find(found.subject_id) if own and found else None
    if own is None or row is None:
        form.add_error(None, _(NOT_FOUND))
        return None
    return own, row


def _mine(request: HttpRequest, check: CheckForm, found: tuple[Own, Any] | None, bad: Any = None) -> HttpResponse:
    context: dict[str, Any] = {"form": check, "standing": None}
    if found is not None:
        own, row = found
        known = {"number": check.cleaned_data["number"], "code": check.cleaned_data["code"]}
        context |= {
            "standing": own.standing(str(row.pk)), "known": known, "warning": own.warning(row),
            "rate_form": bad if isinstance(bad, RateForm) else RateForm(initial=known) if own.may_rate(row) else None,
            "back_form": bad if isinstance(bad, TakeBackForm) else TakeBackForm(initial=known) if own.may_take_back(row) else None,
        }  # fmt: skip
    refused = bad is not None or (check.is_bound and found is None)
    response = render(request, "outside/mine.html", context, status=422 if refused else 200)
    response.is_secret = True  # type: ignore[attr-defined]
    response.is_refused_form = refused  # type: ignore[attr-defined]
    return response


# --- for the office, on the page of a case that came by the public door


@require_http_methods(["GET", "HEAD", "POST"])
def reporter(request: HttpRequest, shape: str, pk: UUID) -> HttpResponse:
    """Ask why, then show who reported; both stand in the timeline of the case."""
    shown, user = visible_case(request, shape, pk), person(request)
    check_may_reveal(user, shown)
    if applying.reporter_of(shown) is None:
        raise Http404
    form = RevealForm(data(request))
    context: dict[str, Any] = {
        "form": form, "what": _("报告人"), "place": f"reporter-{shown.pk}", "action": request.path, "back": page_of(shown),
    }  # fmt: skip
    if form.is_bound and form.is_valid():
        ok, value = tried(
            form, lambda: applying.read_reporter(shown, by=user, reason=form.cleaned_data["reason"])
        )  # fmt: skip
        if ok:
            return secret(request, "org/revealed.html", {**context, "value": value})
    response = render(request, "org/reveal.html", context, status=422 if form.errors else 200)
    response.is_refused_form = bool(form.errors)  # type: ignore[attr-defined]
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def bearer(request: HttpRequest, shape: str, pk: UUID) -> HttpResponse:
    """Whoever comes for a reward says number and code; the desk types them in."""
    shown, user = visible_case(request, shape, pk), person(request)
    check_may_reveal(user, shown)
    if shown.channel != Channel.PUBLIC:
        raise Http404
    form = CheckForm(data(request))
    asked = Step(
        title=_("核对领奖人"),
        submit=_("核对"),
        back=page_of(shown),
        text=_("请来人说出回执编号和查询码。两样都对，就是报告人本人。"),
    )
    return step(
        request, form, asked,
        lambda: applying.check_bearer(
            shown, form.cleaned_data["number"], form.cleaned_data["code"], by=user, address=address_of(request)
        ),
        _("相符，是报告人本人。"),
    )  # fmt: skip
