"""记走访: the form of the field, sent once and answered once, from a page or from a phone's outbox."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from unionops.casework import deadlines
from unionops.casework.attachments import Prepared, let_go, prepare
from unionops.casework.enums import Urgency
from unionops.jinja import day, macros, short_day
from unionops.org.enums import EnterpriseStatus
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.models import Enterprise, User
from unionops.org.views.answers import data, person
from unionops.prepared import Statement, gap

from ..actions.visits import log_visit
from ..enums import TERM_HANDLE, IssueState
from ..forms.visits import (
    Choices,
    HeardFormSet,
    VisitFacts,
    VisitForm,
    faults,
    heard_forms,
    issue_choices,
    town_choices,
)
from ..ledger.words import subjects_in
from ..models import Category, Issue, Visit, VisitPlan
from ..permissions import check_may_visit
from ..queries import bases_at_hand, done_in_week, quota_of, similar_issues
from ..routing import suggest_department

MOST_RECENT = 4
FIRM = tuple(
    f"enterprise__{name}"
    for name in ("status", "name", "initials", "pinyin", "staff_count", "town__short_name", "town__name")
)
# Among so many of one's newest visits the recent firms are looked for.
NEWEST_VISITS = 40
LONGEST_QUERY = 120
MOST_MEANT = 3
# Two characters are a hint, one is everything.
SHORTEST_QUERY = 2
# Where the form of the visit says what an action calls otherwise.
FIELDS = {"files": "photos"}


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    user = person(request)
    try:
        check_may_visit(user)
    except NotAllowed as error:
        if not _wants_json(request):
            raise
        # The outbox takes 403 for «sign in again»; this one will never get through.
        return JsonResponse({"detail": f"{error.reason}{error.next_step}", "errors": {}}, status=422)
    chosen = _asked_for(request, user)
    form = VisitForm(data(request), request.FILES or None, user=user, initial=_initial(user, chosen))
    choices = issue_choices(user)
    issues = heard_forms(data(request), *choices)
    if form.is_bound and all([form.is_valid(), issues.is_valid()]):
        visit = _logged(form, issues, user)
        if visit is not None:
            return _told(request, visit)
    if form.is_bound and _wants_json(request):
        return JsonResponse({"detail": _("还不能提交，请看下面几处"), "errors": faults(form, issues)}, status=422)
    drawn = _drawn(*choices, get_language() or "")
    return _page(request, user, form, issues, drawn, chosen)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _logged(form: VisitForm, issues: HeardFormSet, user: User) -> Visit | None:
    """Return the visit, or None with the refusal in the form."""
    photos: list[Prepared] = []
    try:
        photos += (prepare(photo) for photo in form.cleaned_data["photos"])
        return log_visit(form.draft(), issues.drafts(), photos, by=user).visit
    except ActionError as error:
        refuse(form, ActionError(error.reason, field=FIELDS.get(error.field, error.field), next_step=error.next_step))
        return None
    finally:
        # Sent a second time, or refused: what was stored for it belongs to nothing.
        let_go(photos)


def _told(request: HttpRequest, visit: Visit) -> HttpResponse:
    url = reverse("visits:visit", args=[visit.pk])
    words = _("走访 %(number)s 已提交。") % {"number": visit.number}
    if visit.issue_count:
        words = _("走访 %(number)s 已提交，%(count)d 件问题已登记。") % {
            "number": visit.number,
            "count": visit.issue_count,
        }
    messages.success(request, words)
    if not _wants_json(request):
        return HttpResponseRedirect(url)
    return JsonResponse({"url": url, "number": visit.number, "message": words}, status=201)


@lru_cache(maxsize=64)
def _drawn(categories: Choices, units: Choices, language: str) -> dict[str, str]:
    """What an untouched form shows to everybody who may choose the same: to draw it took most of the time of the page."""
    return untouched(VisitFacts(), heard_forms(None, categories, units))


def untouched(facts: BaseForm, issues: BaseFormSet) -> dict[str, str]:
    card, parts = macros("visits/_issue_card.html"), macros("visits/_visit_parts.html")
    return {
        "counts": str(issues.management_form), "first": card.issue_card(issues.forms[0], 1), "blank": card.issue_card(issues.empty_form, ""),
        **{name: getattr(parts, name)(facts) for name in ("five", "policies", "mode", "met", "contact", "words")},
    }  # fmt: skip


def _page(
    request: HttpRequest,
    user: User,
    form: BaseForm,
    issues: HeardFormSet,
    drawn: dict[str, str],
    chosen: Enterprise | None,
) -> HttpResponse:
    today = timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    done = done_in_week(user, monday)
    quota = quota_of(user, monday)
    context = {
        "form": form,
        "issues": issues,
        "drawn": drawn,
        "home_url": reverse("casework:home"),
        "quota": _("本周 %(done)d/%(quota)d") % {"done": done, "quota": quota} if quota else "",
        "recent": _at_hand(user, today),
        "bases": bases_at_hand(user),
        "target_detail": request.POST.get("target_detail", "")[:200] if form.is_bound else chosen and _chosen(chosen),
    }
    response = render(request, "visits/log.html", context, status=422 if form.is_bound else 200)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def _asked_for(request: HttpRequest, user: User) -> Enterprise | None:
    """The enterprise of ?enterprise= or of a planned visit ?plan=."""
    try:
        wanted: Any = UUID(request.GET.get("enterprise", ""))
    except ValueError:
        plan = request.GET.get("plan", "")
        if not (plan.isascii() and plan.isdecimal() and len(plan) < 18):
            return None
        wanted = VisitPlan.objects.filter(user=user, pk=plan).values_list("enterprise", flat=True).first()
    return Enterprise.objects.visible_to(user).filter(pk=wanted).select_related("town").first() if wanted else None


def _initial(user: User, chosen: Enterprise | None) -> dict[str, Any]:
    if chosen is not None:
        return {"enterprise": chosen.pk, "target_name": chosen.name}
    # Whoever is stationed in one town most likely means that one when the directory lacks the enterprise.
    own = [town for town, _name in town_choices(user) if town in user.scope.towns]
    return {"town": own[0]} if len(own) == 1 else {}


def _chosen(enterprise: Enterprise) -> str:
    town = enterprise.town
    return _detail(town.short_name or town.name if town else "", enterprise.staff_count)


def _detail(town: str | None, staff_count: int | None) -> str:
    staff = _("%(n)d 人") % {"n": staff_count} if staff_count else ""
    return " · ".join(filter(None, [town, staff])) or _("名录")


# What every second name begins and ends with says nothing on a button.
_USUAL = re.compile("^(绍兴市?|越城区?|浙江省?)|(股份|集团|科技)*(有限)?(责任)?公司$")


def _short(name: str) -> str:
    """华瑞纺织印染有限公司 → 华瑞纺织印染, as long as something is left."""
    short = _USUAL.sub("", name)
    return short if len(short) > 1 else name


_planned = Statement(
    lambda: (
        VisitPlan.objects.filter(user=gap("user"), iso_year=gap("year"), iso_week=gap("week"), visit=None)
        .order_by("planned_on", "pk")
        .values_list("planned_on", "enterprise", *FIRM)[:MOST_RECENT]
    )
)
# By the week, as the index of one's visits runs.
_lately = Statement(
    lambda: (
        Visit.objects.filter(officer=gap("user"), enterprise__isnull=False)
        .order_by("-iso_year", "-iso_week")
        .values_list("visited_on", "enterprise", *FIRM)[:NEWEST_VISITS]
    )
)


def _at_hand(user: User, today: datetime.date) -> list[dict[str, Any]]:
    """What is most likely visited next: this week's plan, then where this person has been lately."""
    year, week, _weekday = today.isocalendar()
    planned = _planned.read(user=user.pk, year=year, week=week)
    # The newest visit of each firm comes first.
    visited = sorted(_lately.read(user=user.pk), key=lambda row: row[:2], reverse=True)
    told = [(short_day(day) or _("计划"), firm) for day, *firm in planned]
    told += [(_("去过 %(day)s") % {"day": short_day(day)}, firm) for day, *firm in visited]
    found: dict[UUID, dict[str, Any]] = {}
    for note, (pk, status, name, initials, pinyin, staff, short, town) in told:
        if len(found) == MOST_RECENT:
            break
        if pk not in found and status != EnterpriseStatus.CLOSED:
            found[pk] = {
                "id": pk, "name": name, "label": _short(name), "note": note, "detail": _detail(short or town, staff),
                "keys": f"{initials} {pinyin}",
            }  # fmt: skip
    return list(found.values())


# --- while one types


@require_GET
def promise(request: HttpRequest) -> JsonResponse:
    """Whom the issue goes to and by when they answer: what the cadre tells the worker on the spot."""
    user = person(request)
    check_may_visit(user)
    category = _category(request.GET.get("category", ""))
    urgency = request.GET.get("urgency", "")
    district = next(iter(sorted(user.scope.member_of)), None)
    if category is None or district is None or urgency not in map(str, Urgency.values):
        return JsonResponse({"department": None, "text": ""})
    town = next(iter(user.scope.towns)) if len(user.scope.towns) == 1 else None
    suggestion = suggest_department(category, district_id=district, town_id=town)
    clock = (Issue(district_id=district), f"{TERM_HANDLE}.{urgency}")
    (due,) = deadlines.build_all([clock], on=timezone.localdate())
    unit = suggestion.department
    words = {
        "department": (unit.short_name or unit.name) if unit else "",
        "urgency": Urgency(int(urgency)).label, "length": due.length, "unit": due.get_unit_display(),
        "day": day(due.due_on), "reason": suggestion.reason,
    }  # fmt: skip
    if unit is None:
        return JsonResponse({"department": None, "text": _("%(reason)s%(urgency)s件最晚 %(day)s 反馈。") % words})
    text = _("提交给 %(department)s，%(urgency)s件 %(length)d 个%(unit)s，最晚 %(day)s 反馈。") % words
    return JsonResponse({"department": {"id": unit.pk, "name": words["department"]}, "text": text})


def _category(text: str) -> Category | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    return Category.objects.filter(pk=text, is_active=True).select_related("parent").first()


def _meant(text: str) -> list[int]:
    """Categories of the second level, by the words that offices use for them."""
    codes = subjects_in(text)
    found = Category.objects.filter(code__in=codes, parent__isnull=False, is_active=True).values_list("code", "pk")
    by_code = dict(found) if codes else {}
    return [by_code[code] for code in codes if code in by_code][:MOST_MEANT]


@require_GET
def similar(request: HttpRequest) -> JsonResponse:
    """Issues that may be the same one and the categories that it may belong to, while its title is typed."""
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST_QUERY]
    if len(text) < SHORTEST_QUERY:
        return JsonResponse({"results": [], "categories": []})
    try:
        enterprise: UUID | None = UUID(request.GET.get("enterprise", ""))
    except ValueError:
        enterprise = None
    rows = similar_issues(person(request), text, enterprise_id=enterprise)
    return JsonResponse(
        {
            "results": [
                {
                    "number": number, "title": title, "state": str(IssueState(state).label),
                    "day": short_day(registered_at), "url": reverse("visits:issue", args=[pk]),
                }
                for pk, number, title, state, registered_at in rows.values_list(
                    "pk", "number", "title", "state", "registered_at"
                )
            ],
            "categories": _meant(text),
        }
    )  # fmt: skip
