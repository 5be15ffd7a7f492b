"""The limitation clock, the elements form and the calculators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionops.casework.attachments import BadFile, attach
from unionops.casework.models import Attachment
from unionops.china.errors import InvalidValue
from unionops.org.errors import ActionError
from unionops.org.models import User
from unionops.org.views.answers import again, data, done, person, tried, version

from ..actions import care, elements, intake
from ..forms.law import CALCULATOR_FORMS, DatesForm, ElementsForm, EventForm, ProofForm, TakeOverForm
from ..models import Dispute, Elements, LimitationEvent
from ..panels_of_law import clock_context
from ..permissions import check_edits_parties, check_records
from ..reckoning import CALCULATORS, Reckoned, reckon
from .finding import visible_dispute


def _may(check: Any, user: User, dispute: Dispute) -> bool:
    try:
        check(user, dispute)
    except ActionError:
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: HttpRequest, pk: UUID) -> HttpResponse:
    """When the year ends and why; an event is recorded below the reasons."""
    shown, user = visible_dispute(request, pk), person(request)
    page = reverse("disputes:clock", args=[pk])
    form = EventForm(data(request), request.FILES or None)
    if request.method == "POST":
        check_records(user, shown)
        if form.is_valid():
            fields = form.cleaned_data
            ok, _found = tried(
                form,
                lambda: care.record_limitation_event(
                    shown, by=user, kind=fields["kind"], on=fields["on"], note=fields["note"],
                    evidence=_kept(shown, fields["proof"], user), version=version(request),
                ),
            )  # fmt: skip
            if ok:
                return done(request, _("已登记，时效按它重新计算。"), page)
    return _clock_page(request, shown, user, form, None)


def _clock_page(
    request: HttpRequest, shown: Dispute, user: User, form: EventForm, dates: DatesForm | None
) -> HttpResponse:
    initial = {"known_on": shown.known_on, "employment_ended_on": shown.employment_ended_on}
    context = {
        "dispute": shown,
        "form": form,
        "dates": dates or DatesForm(initial=initial),
        "dates_refused": dates is not None,
        "may_record": _may(check_records, user, shown),
        "may_correct": _may(check_edits_parties, user, shown),
        **clock_context(shown),
    }
    return again(request, "disputes/clock.html", context)


def _kept(dispute: Dispute, upload: Any, user: User) -> Attachment | None:
    if upload is None:
        return None
    try:
        return attach(dispute, upload, by=user, caption=_("时效证据"))
    except BadFile as error:
        raise ActionError(str(error), field="proof") from error


@require_POST
def clock_dates(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The days from which the year runs; they are facts of the case, and their correction stands in its timeline."""
    shown, user = visible_dispute(request, pk), person(request)
    check_edits_parties(user, shown)
    form = DatesForm(request.POST)
    if form.is_valid():
        fields = form.cleaned_data
        ok, _found = tried(form, lambda: intake.correct(shown, by=user, fields=fields, version=version(request)))
        if ok:
            return done(request, _("已更正，时效重新计算。"), reverse("disputes:clock", args=[pk]))
    response = _clock_page(request, shown, user, EventForm(), form)
    response.status_code = 422
    response.is_refused_form = True  # type: ignore[attr-defined]
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, pk: UUID, event: int) -> HttpResponse:
    """Attach the proof to an event that came without one."""
    shown, user = visible_dispute(request, pk), person(request)
    found = get_object_or_404(LimitationEvent, dispute=shown, pk=event)
    check_records(user, shown)
    form = ProofForm(data(request), request.FILES or None)
    if form.is_bound and form.is_valid():

        def act() -> None:
            kept = _kept(shown, form.cleaned_data["proof"], user)
            assert kept is not None
            care.prove_limitation_event(found, by=user, evidence=kept)

        ok, _result = tried(form, act)
        if ok:
            return done(request, _("证据已附上。"), reverse("disputes:clock", args=[pk]))
    return again(request, "disputes/prove.html", {"dispute": shown, "event": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def elements_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The elements form with the computed claims."""
    shown, user = visible_dispute(request, pk), person(request)
    found = Elements.objects.filter(dispute=shown).first()
    names = ElementsForm.base_fields
    form = ElementsForm(data(request), initial={name: getattr(found, name) for name in names} if found else None)
    if request.method == "POST":
        check_edits_parties(user, shown)
        if form.is_valid():
            ok, _found = tried(
                form,
                lambda: elements.save_elements(shown, by=user, fields=form.cleaned_data, version=version(request)),
            )
            if ok:
                return done(request, _("要素表已保存。"), reverse("disputes:elements", args=[pk]))
    return _elements_page(request, shown, user, found, form, TakeOverForm(dispute=shown))


def _elements_page(
    request: HttpRequest, shown: Dispute, user: User, found: Elements | None, form: ElementsForm, take: TakeOverForm
) -> HttpResponse:
    claims = [Reckoned.of(claim) for claim in found.claims] if found else []
    context = {
        "dispute": shown,
        "elements": found,
        "form": form,
        "take": take,
        "claims": claims,
        "total": sum(claim.amount for claim in claims),
        "calculators": CALCULATORS,
        "may_edit": _may(check_edits_parties, user, shown),
    }
    return again(request, "disputes/elements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """One calculator for one case; its result goes into the elements form."""
    shown, user = visible_dispute(request, pk), person(request)
    if kind not in CALCULATORS:
        raise Http404
    check_edits_parties(user, shown)
    found = Elements.objects.filter(dispute=shown).first()
    form_class = CALCULATOR_FORMS[kind]
    form = form_class(data(request), initial=form_class.known(found))
    if form.is_bound and form.is_valid():
        ok, _result = tried(
            form, lambda: elements.add_claim(shown, by=user, kind=kind, asked=form.asked(), version=version(request))
        )
        if ok:
            return done(request, _("已算好，记在要素表里。"), reverse("disputes:elements", args=[pk]))
    context = {
        "dispute": shown,
        "form": form,
        "kind": kind,
        "calculator": CALCULATORS[kind],
        "calculators": CALCULATORS,
    }
    return again(request, "disputes/claim.html", context)


@require_POST
def claim_drop(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    shown, user = visible_dispute(request, pk), person(request)
    elements.drop_claim(shown, by=user, position=position, version=version(request))
    return done(request, _("已从要素表里去掉。"), reverse("disputes:elements", args=[pk]))


@require_POST
def take_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The computed claims become what an applicant asks for."""
    shown, user = visible_dispute(request, pk), person(request)
    check_edits_parties(user, shown)
    form = TakeOverForm(request.POST, dispute=shown)
    if form.is_valid():
        party = form.cleaned_data["party"]
        elements.take_over_claims(shown, by=user, party=party, version=version(request))
        said = _("已写入%(name)s的请求。") % {"name": party.name}
        return done(request, said, reverse("disputes:elements", args=[pk]))
    raise ActionError(_("请选本案的一位申请人。"), field="party")


@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """Compute without a case: nothing is kept, and the address says what was asked."""
    kind = request.GET.get("kind", "")
    if kind not in CALCULATORS:
        kind = next(iter(CALCULATORS))
    form_class = CALCULATOR_FORMS[kind]
    asked = any(name in request.GET for name in form_class.base_fields)
    form = form_class(request.GET if asked else None)
    result = None
    if asked and form.is_valid():
        try:
            result = Reckoned.fresh(kind, reckon(kind, form.asked()))
        except InvalidValue as error:
            form.add_error(None, str(error))
    context = {
        "form": form, "kind": kind, "calculator": CALCULATORS[kind], "calculators": CALCULATORS, "result": result,
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "disputes/calculator.html", context)
