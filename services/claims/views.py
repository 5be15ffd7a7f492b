"""Money in batches, what hangs on the wall for everybody, and what is done beside the steps of one claim."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from unionops.casework.permissions import refusal
from unionops.org.errors import NotAllowed
from unionops.org.forms.accounts import RevealForm
from unionops.org.models import User
from unionops.org.views.answers import Step, again, data, done, person, secret, step, tried

from ..enums import DESK_ROLES
from ..queries import page_of, seen
from ..shapes import kind_for
from . import actions, queries, sheets
from .enums import PaymentState
from .models import Claim, Entry, Objection, PaymentBatch
from .money_forms import BatchForm, ConfirmForm, CorrectForm
from .permissions import check_confirms

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LISTED = 100


@login_not_required
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What is published today, for everybody: masked rows and nothing else."""
    return render(request, "claims/notices.html", {"groups": queries.on_the_wall()})


@login_not_required
@never_cache
@require_safe
def notice(request: HttpRequest, programme: int) -> HttpResponse:
    """公示表 of one programme (D17), as it is printed and hung up."""
    groups = queries.on_the_wall(programme)
    if not groups:
        raise Http404("nothing is published")
    ((found, rows),) = groups
    phones = list(dict.fromkeys(row.complaint_phone for row in rows))
    return render(request, "claims/notice.html", {"programme": found, "rows": rows, "phones": phones})


# --- batches


def _check_sees_money(user: User) -> None:
    if not user.scope.has(*DESK_ROLES) and not user.scope.districts:
        raise NotAllowed(_("发放批次由主办科室办理，区领导可以看。"))


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    user = person(request)
    _check_sees_money(user)
    context = {"rows": list(queries.batches(user)[:MOST_LISTED]), "ready": queries.ready_counts(user)}
    return render(request, "claims/batches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make_batch(request: HttpRequest, code: str) -> HttpResponse:
    """Tick what goes to the bank in one list."""
    user = person(request)
    programme = get_object_or_404(queries.paying_programmes(user), code=code)
    rows = list(queries.ready_to_pay(programme)[: actions.MOST_IN_BATCH])
    form = BatchForm(data(request), rows=rows)
    if request.method == "POST" and form.is_valid():
        chosen = [row for row in rows if str(row.pk) in form.cleaned_data["picked"]]
        ok, batch = tried(form, lambda: actions.make_batch(programme, chosen, by=user, note=form.cleaned_data["note"]))
        if ok:
            return done(
                request,
                _("批次 %(number)s 已做好。") % {"number": batch.number},
                reverse("claims:batch", args=[batch.pk]),
            )
    picked = set(form.data.getlist("picked")) if form.is_bound else {str(row.pk) for row in rows if row.account_masked}  # type: ignore[attr-defined]
    context = {"programme": programme, "rows": [(row, str(row.pk) in picked) for row in rows], "form": form}
    return again(request, "claims/batch_new.html", context)


def _batch(request: HttpRequest, pk: UUID) -> PaymentBatch:
    found = PaymentBatch.objects.visible_to(person(request)).select_related("programme", "made_by", "organisation")
    return get_object_or_404(found, pk=pk)


@require_safe
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, user = _batch(request, pk), person(request)
    payments = found.payments.select_related("claim__town", "claim__programme")
    sums = queries.totals(found)
    context = {
        "batch": found,
        "rows": [{"payment": row, "url": page_of(row.claim)} for row in payments],
        "sums": [(PaymentState(state).label, count, amount) for state, (count, amount) in sums.items()],
        "is_open": PaymentState.SENT in sums,
        "may_pay": any(user.scope.holds(role, found.organisation_id) for role in DESK_ROLES),
        "may_confirm": not refusal(check_confirms, user, found),
        "form": RevealForm(),
    }
    return render(request, "claims/batch.html", context)


@require_POST
def bank_list(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The list with full accounts, for a typed reason; the reading stands in the timeline of each claim."""
    found, form = _batch(request, pk), RevealForm(request.POST)
    if not form.is_valid():
        return again(request, "claims/bank_list.html", {"batch": found, "form": form})
    rows = actions.open_accounts(found, by=person(request), reason=form.cleaned_data["reason"])
    answer = _file(sheets.bank_list(found, rows), _("银行清单-%(number)s.xlsx") % {"number": found.number})
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def roster(request: HttpRequest, pk: UUID) -> FileResponse:
    found = _batch(request, pk)
    return _file(sheets.roster(found), _("发放花名册-%(number)s.xlsx") % {"number": found.number})


def _file(target: Any, name: str) -> FileResponse:
    return FileResponse(target, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, form = _batch(request, pk), ConfirmForm(data(request))
    if request.method != "POST":
        check_confirms(person(request), found)
    asked = Step(
        title=_("登记批次 %(number)s 到账") % {"number": found.number}, submit=_("登记到账"),
        back=reverse("claims:batch", args=[pk]), text=_("银行退回的，先在那一笔上登记退回；其余的都记为已到账。"),
    )  # fmt: skip
    return step(
        request,
        form,
        asked,
        lambda: actions.confirm_batch(found, by=person(request), **form.cleaned_data),
        _("已登记到账。"),
    )


# --- beside the steps of a claim


def _claim(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(seen(kind_for("claim"), person(request)).select_related("programme"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: UUID, entry: int) -> HttpResponse:
    """Take a line of the book back by another line."""
    claim: Claim = _claim(request, pk)
    found, form = get_object_or_404(Entry.objects.filter(claim=claim), pk=entry), CorrectForm(data(request))
    asked = Step(
        title=_("冲回 %(amount)s 元") % {"amount": f"{found.amount:,.2f}"}, submit=_("冲回"), back=page_of(claim), danger=True,
        text=_("原来那一笔不改不删，另记一笔负数；钱回到预算科目。"),
    )  # fmt: skip
    return step(
        request, form, asked, lambda: actions.correct(found, by=person(request), **form.cleaned_data), _("已冲回。")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: UUID, objection: UUID) -> HttpResponse:
    """Who objected, for a typed reason."""
    claim: Claim = _claim(request, pk)
    found = get_object_or_404(Objection.objects.filter(claim=claim).exclude(contact_hash=""), pk=objection)
    form = RevealForm(data(request))
    context: dict[str, Any] = {
        "form": form, "what": _("异议的反映人"), "place": f"contact-{found.pk}", "action": request.path, "back": page_of(claim),
    }  # fmt: skip
    part = bool(request.htmx)  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        context["value"] = actions.reveal_contact(found, by=person(request), reason=form.cleaned_data["reason"])
        return secret(request, "org/_revealed.html" if part else "org/revealed.html", context)
    response = again(request, "org/_reveal.html" if part else "org/reveal.html", context)
    if form.errors and part:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response
