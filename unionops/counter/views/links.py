"""A link in the hand of an outside person: opened by a button, read and answered on one device, and its receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.org.errors import ActionError
from unionops.org.forms.fields import refuse
from unionops.org.models import User

from ..actions import links
from ..actions.links import Knock
from ..doors import open_door
from ..enums import Verdict
from ..limits import Limit, spend
from ..links import purpose_of
from ..models import SignedLink
from ..refusals import told
from ..visitors import device_of
from .telephone import address_of

# Addresses that are no link.
STRANGE = Limit("link.unknown", 30, 3600)


@open_door
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Looking changes nothing: what a preview sees is a button. So does another device, until it presses that."""
    knock = links.look(secret, device=device_of(request))
    if knock.link is not None and knock.verdict in (Verdict.CLOSED, Verdict.OTHER):
        return _closed(request, secret, knock.link)
    return _shown(request, secret, knock)


@open_door
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, secret: str) -> HttpResponse:
    here = HttpResponseRedirect(reverse("counter:link", args=[secret]))
    if request.method != "POST":
        return here
    knock = links.open_link(secret, device=device_of(request))
    return here if knock.verdict in (Verdict.OPEN, Verdict.DONE) else _shown(request, secret, knock)


@open_door
@require_http_methods(["GET", "HEAD", "POST"])
def answering(request: HttpRequest, secret: str) -> HttpResponse:
    here = HttpResponseRedirect(reverse("counter:link", args=[secret]))
    if request.method != "POST":
        return here
    knock = links.look(secret, device=device_of(request))
    if knock.link is None or knock.verdict != Verdict.OPEN:
        return here
    form = purpose_of(knock.link).form(request.POST, link=knock.link)
    if form.is_valid():
        try:
            links.answer_link(secret, form.cleaned_data, device=device_of(request))
        except ActionError as error:
            refuse(form, error)
        else:
            return here
    return _open(request, secret, knock.link, form)


def _shown(request: HttpRequest, secret: str, knock: Knock) -> HttpResponse:
    if knock.link is None:
        spend(STRANGE, address_of(request))
        return told(request, 404, _("没有这个链接"), _("地址可能抄漏了。"), _("请让发给您的人再发一次完整的链接。"))
    match knock.verdict:
        case Verdict.OPEN:
            return _open(request, secret, knock.link)
        case Verdict.DONE:
            return _done(request, knock.link)
    return _refused(request, knock)


def _closed(request: HttpRequest, secret: str, found: SignedLink) -> HttpResponse:
    context = {"link": found, "label": purpose_of(found).label, "issuer": issuer_of(found), "secret": secret}
    return render(request, "counter/link_closed.html", context)


def _open(request: HttpRequest, secret: str, found: SignedLink, form: Any = None) -> HttpResponse:
    purpose, thing = purpose_of(found), links.thing_of(found)
    panel = purpose.context(found, thing)
    fixed = panel.get("fixed", {})
    if form is None:
        known = {"name": found.for_name, "organisation": found.for_organisation, **fixed}
        form = purpose.form(link=found, initial=known)
    else:
        # What is shown now is what the next sending answers.
        form.data = form.data.copy()
        form.data.update(fixed)
    context = {
        "link": found, "purpose": purpose, "label": purpose.label, "issuer": issuer_of(found), "secret": secret,
        "form": form, "shown": panel,
    }  # fmt: skip
    refused = form.is_bound and not form.is_valid()
    response = render(request, "counter/link.html", context, status=422 if refused else 200)
    response.is_refused_form = refused  # type: ignore[attr-defined]
    return response


def _done(request: HttpRequest, found: SignedLink) -> HttpResponse:
    purpose = purpose_of(found)
    context = {
        "link": found, "label": purpose.label, "issuer": issuer_of(found), "answer": purpose.said(found.answer),
        "number": str(found.receipt),
    }  # fmt: skip
    return render(request, "counter/link_done.html", context)


def _refused(request: HttpRequest, knock: Knock) -> HttpResponse:
    """Late, revoked, over, or another device's: what is wrong and how to come by a new one."""
    assert knock.link is not None
    ask = _("请联系%(who)s，让他重新发一个链接给您。") % {"who": issuer_of(knock.link)}
    if knock.verdict == Verdict.LATE:
        return told(request, 410, _("链接已过期"), _("为了安全，链接只在几天内有效。"), ask)
    if knock.verdict == Verdict.REVOKED:
        return told(request, 410, _("链接已撤销"), _("发给您的人收回了这个链接。"), ask)
    if knock.verdict == Verdict.OVER:
        return told(request, 410, _("不用再答复了"), _("这件事已经办完，或者已经由别人答复。"))
    text = _("一个链接只能在第一次打开它的那台设备上用。已经告诉发出人有别的设备来打开。")
    response = told(request, 403, _("链接已在别的设备上打开"), text, ask)
    # That somebody else came with it stays written down, also where the sending had a key.
    response.is_refused_form, response.is_recorded = False, True  # type: ignore[attr-defined]
    return response


def issuer_of(found: SignedLink) -> str:
    """The organisation of whoever sent it, and the name."""
    by: User = found.made_by
    place = next(iter(by.scope.organisation_names), "")
    return f"{place} {by.name}".strip()
