"""The pages: asking for mediation, sending and revoking links, answering a letter with an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from unionops.counter.actions.links import link_url
from unionops.counter.actions.receipts import receipt_url
from unionops.counter.doors import verified_door
from unionops.counter.models import SignedLink
from unionops.counter.visitors import visitor_of
from unionops.org.errors import ActionError, TooMany
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import Step, data, done, person, secret, step, tried

from ..enums import SHARE_TRANSITIONS, ShareVerb
from ..models import Dispute, Share
from ..permissions import check_answers_share, check_invites
from ..views.finding import page_of, visible_dispute
from . import applying, letters
from .forms import ApplyForm, InviteForm, NothingForm, ReasonForm

# What an action calls a field, and what the form calls it.
FIELDS = {"organisation": "centre", "phone": "employer_phone"}


@verified_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    visitor = visitor_of(request)
    assert visitor is not None
    form = ApplyForm(data(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            _case, receipt = applying.apply(form.draft(visitor.phone()), form.cleaned_data["papers"], visitor=visitor)
        except TooMany:
            raise
        except ActionError as error:
            error.field = FIELDS.get(error.field, error.field)
            refuse(form, error)
        else:
            return HttpResponseRedirect(receipt_url(receipt))
    refused = form.is_bound
    context = {"form": form, "visitor": visitor}
    response = render(request, "disputes/outside/apply.html", context, status=422 if refused else 200)
    response.is_refused_form = refused  # type: ignore[attr-defined]
    return response


# ---- for the people of the centre and of its partners


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A link to the elements form."""
    return _invite(request, visible_dispute(request, pk), letters.ELEMENTS, None)


@require_http_methods(["GET", "HEAD", "POST"])
def invite_letter(request: HttpRequest, pk: UUID, share: int) -> HttpResponse:
    """A link to a letter that waits for its answer, for a body whose people have no account."""
    case = visible_dispute(request, pk)
    return _invite(
        request, case, letters.LETTER, get_object_or_404(case.shares.select_related("organisation"), pk=share)
    )


def _invite(request: HttpRequest, case: Dispute, purpose: str, share: Share | None) -> HttpResponse:
    user = person(request)
    check_invites(user, case)
    try:
        letters.check_has_something(case, purpose, share)
    except ActionError as error:
        closed = {"case": case, "back": page_of(case), "share": share, "closed": error}
        return render(request, "disputes/outside/invite.html", closed, status=error.status)
    known = {"organisation": share.organisation.name} if share else {}
    form = InviteForm(data(request), initial=known)
    context: dict[str, Any] = {
        "case": case,
        "back": page_of(case),
        "form": form,
        "share": share,
        "sent": "",
        "closed": None,
    }
    if form.is_bound and form.is_valid():
        ok, made = tried(
            form, lambda: letters.invite(case, by=user, purpose=purpose, share=share, **form.cleaned_data)
        )  # fmt: skip
        if ok:
            link, words = made
            context |= {"sent": request.build_absolute_uri(link_url(words)), "link": link}
            return secret(request, "disputes/outside/invite.html", context)
    refused = form.is_bound
    response = render(request, "disputes/outside/invite.html", context, status=422 if refused else 200)
    response.is_refused_form = refused  # type: ignore[attr-defined]
    return response


@require_POST
def revoke_link(request: HttpRequest, pk: UUID, link: UUID) -> HttpResponse:
    case = visible_dispute(request, pk)
    found = get_object_or_404(SignedLink.objects.about(case), pk=link)
    letters.uninvite(found, case, by=person(request))
    return done(request, _("链接已撤销。"), page_of(case))


@require_http_methods(["GET", "HEAD", "POST"])
def answer_letter(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The organisation's people answer in their account; whoever does not take the case on sees it no more."""
    user = person(request)
    shares = Share.objects.visible_to(user).select_related("dispute", "organisation")
    share = get_object_or_404(shares, pk=pk)
    if verb not in ShareVerb:
        raise Http404
    check_answers_share(user, share, share.dispute, verb)
    takes = verb == ShareVerb.ACCEPT
    form = (NothingForm if takes else ReasonForm)(data(request))
    label = SHARE_TRANSITIONS[verb].label
    asked = Step(
        title=_("%(verb)s：%(number)s") % {"verb": label, "number": share.dispute.number},
        submit=label,
        back=page_of(share.dispute) if takes or request.method != "POST" else reverse("disputes:disputes"),
        text=_("接受后，本单位的人继续看得到本案。") if takes else _("提交后，本单位就看不到本案了。"),
        danger=not takes,
    )
    said = _("已接受。") if takes else _("已退给调解中心。")
    return step(
        request, form, asked, lambda: letters.answer_share(share, verb, by=user, **form.cleaned_data), said
    )  # fmt: skip
