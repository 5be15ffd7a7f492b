"""How a dispute is received: at the window, by screening, from court and the like; or from an issue with one click."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unionops.jinja import short_day
from unionops.joining import clauses
from unionops.org.errors import NotAllowed
from unionops.org.models import User
from unionops.org.views.answers import again, data, person, tried
from visits.models import Issue

from ..actions.intake import open_from_issue
from ..actions.intake import register as register_dispute
from ..enums import REGISTERING_ROLES
from ..forms.intake import FromIssueForm, RegisterForm
from ..models import Dispute
from ..permissions import check_may_open_from
from ..queries import earlier_cases, of_employer
from .finding import page_of

ONE_YEAR = datetime.timedelta(days=365)


def _shown(cases: list[Dispute]) -> list[dict[str, str]]:
    """What stands of an earlier case above the form."""
    return [
        {
            "url": page_of(case),
            "label": f"{case.number} {case.title}",
            "note": clauses([short_day(case.received_on), case.get_state_display()]),
        }
        for case in cases
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Earlier cases of the same people are shown first: whoever has looked at them says so and registers."""
    user = person(request)
    if not user.scope.has(*REGISTERING_ROLES):
        raise NotAllowed(
            _("您没有登记争议的权限。"), next_step=_("调解中心、驻联干部、镇街工会、科室、督办岗和分管领导可以登记。")
        )
    form = RegisterForm(data(request), user=user)
    earlier: list[Dispute] = []
    if form.is_bound and form.is_valid():
        earlier = earlier_cases(user, **form.same_people())
        if earlier and not form.cleaned_data["seen"]:
            form.add_error("seen", _("同一当事人有过案件，请先看看下面的案件，确认不是同一件争议。"))
        else:
            ok, made = tried(form, lambda: register_dispute(form.draft(), by=user))
            if ok:
                messages.success(request, _("已登记 %(number)s。") % {"number": made.number})
                return HttpResponseRedirect(page_of(made))
    context = {"form": form, "earlier": _shown(earlier), "back": reverse("disputes:disputes")}
    return again(request, "disputes/register.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def from_issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """转调解立案: one click carries the facts of an issue into a dispute."""
    user = person(request)
    issues = Issue.objects.visible_to(user).select_related("enterprise", "town", "category", "visit", "claimant")
    issue = get_object_or_404(issues, pk=pk)
    check_may_open_from(user, issue)
    form = FromIssueForm(data(request), user=user, issue=issue)
    back = reverse("visits:issue", args=[issue.pk])
    if form.is_bound and form.is_valid():
        ok, made = tried(form, lambda: open_from_issue(issue, by=user, **form.arguments()))
        if ok:
            messages.success(request, _("已转调解立案 %(number)s。") % {"number": made.number})
            return HttpResponseRedirect(page_of(made))
    earlier = earlier_cases(user, people=[issue.claimant_id], phones=[issue.claimant_phone_hash])
    context = {
        "form": form, "issue": issue, "back": back, "earlier": _shown(earlier), "same_firm": _of_firm(user, issue),
    }  # fmt: skip
    return again(request, "disputes/from_issue.html", context)


def _of_firm(user: User, issue: Issue) -> dict[str, Any] | None:
    """How many cases the employer has had within a year, and where they are."""
    if issue.enterprise is None:
        return None
    count = of_employer(user, issue.enterprise_id, since=timezone.now() - ONE_YEAR)
    return {"count": count, "url": f"{reverse('disputes:disputes')}?q={issue.enterprise.name}"} if count else None
