"""Household files and campaigns, on their own pages beside the claims that they began with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework import deadlines
from unionops.casework.paging import Order
from unionops.casework.paging import page_of as rows_of
from unionops.casework.permissions import refusal
from unionops.casework.views.steps import Asked, take
from unionops.org.errors import ActionError
from unionops.org.forms.accounts import RevealForm
from unionops.org.models import Event
from unionops.org.views.answers import Step, again, data, done, pages, person, secret, step, tried, version
from visits.explaining import explanation

from ..claims.models import Claim
from ..forms.asking import ConfirmForm
from ..models import Programme
from ..permissions import refuse
from ..queries import page_of
from ..shapes import kind_for
from . import actions
from .enums import RELIEF, Category, Cause, Exclusion, ExitReason, FileState, ItemKind
from .forms import CampaignForm, FileFilter, HouseholdForm, LeaveForm, ListForm, ReviewForm
from .models import Campaign, HouseholdFile, Member
from .permissions import check_may_reveal, check_may_review, check_may_write, check_runs
from .reckoning import weigh
from .timeline import entries

MOST_EVENTS, MOST_CAMPAIGNS, MOST_ON_LIST = 100, 100, 500
RELATED = ("claim__programme", "town", "organisation", "deadline")
COLUMNS = (
    "pk", "registered_at", "number", "applicant_name", "category", "state", "town__short_name", "opened_on",
    "deadline__due_on", "deadline__soon_on", "deadline__paused_on", "deadline__met_on", "deadline__provisional",
)  # fmt: skip


def _file(request: HttpRequest, pk: UUID) -> HouseholdFile:
    found = HouseholdFile.objects.visible_to(person(request)).select_related(*RELATED)
    return get_object_or_404(found, pk=pk)


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """Every household file that the person may see."""
    user = person(request)
    form = FileFilter(request.GET, user=user)
    page = rows_of(
        form.filter(HouseholdFile.objects.visible_to(user)), Order("new", "registered_at"), values=COLUMNS,
        after=request.GET.get("after", ""),
    )  # fmt: skip
    context = {
        "filter": form, "is_filtered": bool(form.wanted), "rows": [_row(row) for row in page.rows],
        "shown": f"{page.count}+" if page.is_capped else str(page.count), **pages(request, page),
    }  # fmt: skip
    return render(request, "hardship/files.html", context)


def _row(row: tuple[Any, ...]) -> dict[str, Any]:
    pk, _at, number, name, category, state, town, opened_on, due, soon, paused, met, provisional = row
    lamp = deadlines.lamp(due, soon, paused, met, provisional=bool(provisional))
    return {
        "url": reverse("hardship:file", args=[pk]), "number": number, "name": name, "town": town or "",
        "category": Category(category).label if category else "—", "state": FileState(state).label,
        "opened_on": opened_on, "light": lamp.light, "words": lamp.words if state == FileState.ACTIVE else "",
    }  # fmt: skip


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One household: how it was judged, who lives there, what it was given, when it is reviewed."""
    shown, user = _file(request, pk), person(request)
    events = Event.objects.about("householdfile", shown.pk).select_related("by").order_by("-at", "-pk")[:MOST_EVENTS]
    may_see = not refusal(check_may_reveal, user, shown)
    relief = Claim.objects.filter(campaign_item__file=shown).select_related("programme").order_by("-registered_at")
    lamp = deadlines.lamp_of(shown.deadline)
    verbs = [
        {"verb": name, "label": label, "glyph": glyph, "usual": usual, "url": reverse(f"hardship:{name}", args=[pk])}
        for name, label, glyph, usual, check in (
            ("household", _("填家庭情况"), "people", shown.state == FileState.APPLYING, check_may_write),
            ("review", _("年度复核"), "arrow-repeat", shown.state == FileState.ACTIVE, check_may_review),
            ("leave", _("退档"), "box-arrow-right", False, check_may_review),
        )
        if not refusal(check, user, shown)
    ]  # fmt: skip
    context = {
        "file": shown, "claim": shown.claim, "claim_url": page_of(shown.claim),
        "verbs": verbs,
        "causes": [Cause(one).label for one in [shown.main_cause, *shown.other_causes] if one],
        "exclusions": [Exclusion(one).label for one in shown.exclusions],
        "members": [_member(shown, one, may_see=may_see) for one in shown.members.all()],
        "items": [{"item": one, "kind": ItemKind(one.kind).label} for one in shown.items.all()],
        "now": _weighed(shown),
        "assessments": list(shown.assessments.select_related("standard", "by")[:5]),
        "reviews": list(shown.reviews.select_related("by")),
        "relief": [{"claim": one, "url": page_of(one)} for one in [shown.claim, *relief] if one.amount],
        "lines": entries(events),
        "deadline": {"state": lamp.light, "words": _("复核%(left)s") % {"left": lamp.words}} if shown.deadline and shown.is_open else None,
        "explanation": explanation(shown.deadline) if shown.deadline and shown.is_open else None,
        "exit_words": ExitReason(shown.exit_reason).label if shown.exit_reason else "",
    }  # fmt: skip
    return render(request, "hardship/file.html", context)


def _weighed(shown: HouseholdFile) -> list[tuple[str, str]]:
    """What today's numbers come to, or what they lack; only while the file can still change."""
    if not shown.is_open:
        return []
    try:
        return weigh(shown, timezone.localdate()).judged.lines
    except ActionError as error:
        return [(_("还算不出"), str(error))]


def _member(shown: HouseholdFile, one: Member, *, may_see: bool) -> dict[str, Any]:
    """Children stand on no page by name (domain 5.5)."""
    return {
        "name": _("未成年人") if one.is_minor() else one.name, "relation": one.relation, "health": one.get_health_display(),
        "unit": "" if one.is_minor() else one.unit, "has_authorised": one.has_authorised or one.is_minor(),
        "id": f"member-{one.pk}", "masked": one.identity_masked,
        "url": reverse("hardship:member", args=[shown.pk, one.pk]) if may_see and one.identity_masked else "",
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def household(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = _file(request, pk), person(request)
    if request.method != "POST":
        check_may_write(user, shown)
    form = HouseholdForm(data(request), file=shown)
    asked = Asked(
        title=_("家庭情况"), back=reverse("hardship:file", args=[pk]), version=shown.version, said=_("已保存。"),
    )  # fmt: skip

    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        return render(request, "hardship/household.html", {**opened, "file": shown}, status=status)

    def act() -> None:
        actions.write_household(shown, by=user, version=version(request), **form.arguments())

    return take(request, form, asked, act, draw)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = _file(request, pk), person(request)
    if request.method != "POST":
        check_may_review(user, shown)
    form = ReviewForm(data(request))
    asked = Step(
        title=_("年度复核"), submit=_("完成复核"), back=reverse("hardship:file", args=[pk]),
        text=_("先把今年的收入、支出和成员改好。按现在填的测算，结论自动得出："), effects=_weighed(shown),
    )  # fmt: skip
    return step(request, form, asked, lambda: actions.review(shown, by=user, **form.cleaned_data), _("复核已完成。"))


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = _file(request, pk), person(request)
    if request.method != "POST":
        check_may_review(user, shown)
    form = LeaveForm(data(request))
    asked = Step(
        title=_("退档"), submit=_("退档"), back=reverse("hardship:file", args=[pk]), danger=True,
        text=_("退档后不能再发帮扶；档案保存十年以上。"),
    )  # fmt: skip
    return step(request, form, asked, lambda: actions.leave_file(shown, by=user, **form.cleaned_data), _("已退档。"))


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, pk: UUID, member: UUID) -> HttpResponse:
    """The number of a member, for a typed reason."""
    shown, user = _file(request, pk), person(request)
    found = get_object_or_404(shown.members.exclude(identity_hash=""), pk=member)
    check_may_reveal(user, shown)
    form, part = RevealForm(data(request)), bool(request.htmx)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "form": form, "what": _("%(relation)s的身份证号") % {"relation": found.relation}, "place": f"member-{found.pk}",
        "action": request.path, "back": reverse("hardship:file", args=[pk]),
    }  # fmt: skip
    if form.is_bound and form.is_valid():
        context["value"] = actions.reveal_member(found, by=user, reason=form.cleaned_data["reason"])
        return secret(request, "org/_revealed.html" if part else "org/revealed.html", context)
    response = again(request, "org/_reveal.html" if part else "org/reveal.html", context)
    if form.errors and part:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


# --- campaigns


def _relief(request: HttpRequest) -> Programme:
    found = Programme.objects.visible_to(person(request)).filter(code=RELIEF).first()
    if found is None:
        raise Http404("no such programme")
    return found


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    user = person(request)
    found = Campaign.objects.visible_to(user).select_related("budget_line")[:MOST_CAMPAIGNS]
    programme = Programme.objects.visible_to(user).filter(code=RELIEF).first()
    may_plan = programme is not None and not refusal(check_runs, user, programme.organisation_id)
    return render(request, "hardship/campaigns.html", {"rows": list(found), "may_plan": may_plan})


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    programme, user = _relief(request), person(request)
    check_runs(user, programme.organisation_id)
    form = CampaignForm(data(request), programme=programme)
    if request.method == "POST" and form.is_valid():
        ok, made = tried(form, lambda: actions.plan_campaign(programme, by=user, **form.cleaned_data))
        if ok:
            return done(request, _("已建好，请列名单。"), reverse("hardship:campaign_list", args=[made.pk]))
    return again(request, "hardship/campaign_new.html", {"form": form})


def _campaign(request: HttpRequest, pk: UUID) -> Campaign:
    found = Campaign.objects.visible_to(person(request)).select_related("budget_line", "programme", "made_by")
    return get_object_or_404(found, pk=pk)


WHOLE_WORDS = {"check": "clipboard-check", "approve": "pencil", "pay": "send", "account": "archive"}


@require_safe
def campaign(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = _campaign(request, pk), person(request)
    seen = Claim.objects.visible_to(user).filter(campaign_item__campaign=shown)
    claims = list(seen.select_related("programme", "town", "budget_line").order_by("town", "pk")[:MOST_ON_LIST])
    table = kind_for("claim").table
    there = {claim.state for claim in claims}
    context = {
        "campaign": shown,
        "rows": [{"claim": one, "url": page_of(one), "sign": one.state == "paid"} for one in claims],
        "runs": not refusal(check_runs, user, shown.organisation_id),
        "verbs": [
            {
                "verb": verb, "glyph": glyph, "usual": True,
                "label": _("%(verb)s全部") % {"verb": shown.programme.word("verb", verb, table[verb].label)},
                "url": reverse("hardship:campaign_step", args=[pk, verb]),
            }
            for verb, glyph in WHOLE_WORDS.items()
            if there & set(table[verb].sources) and _may_step(shown, verb) and _is_theirs(request, shown, verb)
        ],
    }  # fmt: skip
    return render(request, "hardship/campaign.html", context)


def _may_step(shown: Campaign, verb: str) -> bool:
    """Money goes by a batch of the bank, not from here."""
    return verb != "pay" or shown.way == "goods"


def _is_theirs(request: HttpRequest, shown: Campaign, verb: str) -> bool:
    """Whether this person takes this step with any claim of the list."""
    user = person(request)
    seen = Claim.objects.visible_to(user).filter(
        campaign_item__campaign=shown, state__in=kind_for("claim").table[verb].sources
    )
    first = seen.select_related("programme").first()
    return first is not None and refuse(user, first, verb) is None


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which households go on the list: active files that are not on it."""
    shown, user = _campaign(request, pk), person(request)
    check_runs(user, shown.organisation_id)
    active = HouseholdFile.objects.visible_to(user).filter(state=FileState.ACTIVE)
    rows = list(active.exclude(relief__campaign=shown).select_related("town", "claim")[:MOST_ON_LIST])
    form = ListForm(data(request), files=rows)
    if request.method == "POST" and form.is_valid():
        chosen = [row for row in rows if str(row.pk) in form.cleaned_data["picked"]]
        ok, count = tried(form, lambda: actions.list_files(shown, chosen, by=user))
        if ok:
            return done(request, _("已列入 %(n)s 户。") % {"n": count}, reverse("hardship:campaign", args=[pk]))
    return again(request, "hardship/campaign_list.html", {"campaign": shown, "rows": rows, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """One step for the whole list."""
    shown, user = _campaign(request, pk), person(request)
    if verb not in actions.WHOLE:
        raise Http404
    label = shown.programme.word("verb", verb, kind_for("claim").table[verb].label)
    asked = Step(
        title=_("%(verb)s“%(name)s”全部") % {"verb": label, "name": shown.name}, submit=label,
        back=reverse("hardship:campaign", args=[pk]), text=_("名单里能办这一步的一起办，不能办的留着。"),
    )  # fmt: skip
    form = ConfirmForm(data(request))
    return step(request, form, asked, lambda: actions.take_all(shown, verb, by=user), _("已办好。"))
