"""The list of a quarter, one paper, and the paper on A4."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.insight.periods import Period
from unionops.jinja import moment, short_day
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.models import Event, Organisation, User
from unionops.org.views.answers import again, data, done, person, tried

from ..actions import papers as actions
from ..enums import PEN, STEPS, AnalysisState, Part
from ..forms import PrepareForm
from ..models import Analysis, Section
from ..permissions import (
    PREPARING_ROLES,
    check_may_draft,
    check_prepares,
    check_reads,
    choices,
)
from ..quarters import last_quarter, quarters_before, read_quarter
from ..queries import missing_by_town, officers_of, quarters_with_papers, reflections_of, towns_of
from ..sentences import disagreeing
from ..tables import Tables, anchor_of
from ..timeline import entries

# Quarters that may be made up for by hand: two years.
MOST_QUARTERS = 8


def visible_analysis(request: HttpRequest, pk: UUID) -> Analysis:
    """The paper if it exists for this person, with what its page names."""
    found = Analysis.objects.visible_to(person(request)).select_related(
        "district", "subject", "submitted_by", "reviewed_by", "signed_by"
    )
    row: Analysis = get_object_or_404(found.prefetch_related("sections__edited_by"), pk=pk)
    return row


def page_of(analysis: Analysis) -> str:
    return reverse("analyses:analysis", args=[analysis.pk])


@require_safe
def analyses(request: HttpRequest) -> HttpResponse:
    """The papers of a quarter: the district first, then its towns."""
    user = person(request)
    check_reads(user)
    today = timezone.localdate()
    known = quarters_with_papers(user)
    text = request.GET.get("period", "")
    shown = read_quarter(text, today) if text or not known else known[0]
    rows = (
        Analysis.objects.visible_to(user).of_quarter(shown).select_related("subject", "submitted_by").order_by("subject__path")
    )  # fmt: skip
    missing: dict[int, int] = {}
    for district in sorted(user.scope.member_of):
        officers = officers_of(district, shown)
        written = set(reflections_of(district, shown).values_list("author", flat=True))
        missing |= missing_by_town(officers, written)
        missing[district] = sum(officer.id not in written for officer in officers)
    may_prepare = user.scope.has(*PREPARING_ROLES)
    context = {
        "quarter": shown,
        "quarters": _quarter_links(known, shown, today),
        "rows": [_line(row, missing.get(row.subject_id, 0)) for row in rows],
        "may_prepare": may_prepare,
    }
    return render(request, "analyses/analyses.html", context)


def _quarter_links(known: list[Period], shown: Period, today: Any) -> list[dict[str, Any]]:
    """Quarters with papers, the newest that is over, and the one that is shown."""
    found = {quarter.code: quarter for quarter in (*known[:MOST_QUARTERS], last_quarter(today), shown)}
    base = reverse("analyses:analyses")
    return [
        {"label": quarter.label, "url": f"{base}?period={quarter.code}", "current": quarter.code == shown.code}
        for quarter in sorted(found.values(), key=lambda quarter: quarter.first, reverse=True)
    ]


def _line(row: Analysis, missing: int) -> dict[str, Any]:
    return {
        "url": page_of(row),
        "number": row.number,
        "title": str(row.subject),
        "of_district": row.of_district,
        "state": row.get_state_display(),
        "tone": _tone(row),
        "pen": str(Role(row.holder_role).label) if row.holder_role else "",
        "drafter": row.submitted_by.name if row.submitted_by else "",
        "cut_off": short_day(row.cut_off),
        "missing": missing,
        "reopened": bool(row.reopen_reason),
    }


def _tone(row: Analysis) -> str:
    return {AnalysisState.SIGNED: "done", AnalysisState.RETURNED: "late"}.get(AnalysisState(row.state), "ok")


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """A past quarter by hand, for everybody or for one."""
    user = person(request)
    district = _district_of(user)
    today = timezone.localdate()
    towns = list(towns_of(district.pk, last_quarter(today)))
    form = PrepareForm(data(request), quarters=quarters_before(today, MOST_QUARTERS), subjects=[district, *towns])
    if form.is_bound and form.is_valid():
        quarter = read_quarter(form.cleaned_data["period"], today)
        known = {unit.pk: unit for unit in (district, *towns)}
        subject = known.get(form.cleaned_data["subject"])
        ok, made = tried(form, lambda: actions.prepare(district, quarter, by=user, subject=subject))
        if ok:
            said = _("备好了 %(n)d 份。") % {"n": len(made)} if made else _("这个季度的已经都有了，没有再备。")
            url = page_of(made[0]) if len(made) == 1 else f"{reverse('analyses:analyses')}?period={quarter.code}"
            return done(request, said, url)
    context = {"form": form, "back": reverse("analyses:analyses")}
    return again(request, "analyses/prepare.html", context)


def _district_of(user: User) -> Organisation:
    """The district for which this person has papers prepared; whoever may not is told so."""
    held = sorted(organisation for role, organisation in user.scope.posts if role in PREPARING_ROLES)
    check_prepares(user, held[0] if held else 0)
    return Organisation.objects.get(pk=held[0])


@require_safe
def analysis(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "analyses/analysis.html", analysis_context(request, visible_analysis(request, pk)))


@require_safe
def analysis_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper on A4, with its tables and who signed it."""
    shown = visible_analysis(request, pk)
    tables = Tables(shown.figures, person(request))
    context = {
        "analysis": shown,
        "sections": [
            {"label": section.get_part_display(), "text": section.text, "table": tables.of(section.part)}
            for section in shown.sections.all()
        ],
        "back": page_of(shown),
    }
    return render(request, "analyses/analysis_print.html", context)


def analysis_context(request: HttpRequest, shown: Analysis, **extra: Any) -> dict[str, Any]:
    """All that the page shows; ``extra`` brings an open form."""
    user = person(request)
    found = choices(user, shown)
    may_draft = not refusal(check_may_draft, user, shown)
    tables = Tables(shown.figures, user)
    return {
        "analysis": shown,
        "pen": pen_of(shown),
        "tags": _tags(shown),
        "stepper": _steps(shown),
        "verbs": [
            {
                "verb": choice.transition.verb, "label": choice.transition.label, "glyph": choice.transition.icon,
                "url": reverse("analyses:step", args=[shown.pk, choice.transition.verb]), "usual": choice.transition.usual,
            }
            for choice in found
            if choice.is_allowed
        ],
        "refused": [
            {"label": choice.transition.label, "reason": choice.reason}
            for choice in found
            if not choice.is_allowed and shown.state in choice.transition.sources
        ],
        "waiting": _waiting(shown),
        "may_draft": may_draft,
        "sections": [_section(shown, section, tables, may_draft=may_draft) for section in shown.sections.all()],
        "bars": tables.bars(),
        "missing": _missing(shown),
        "people_rows": _people(shown),
        "lines": entries(Event.objects.about("analysis", shown.pk).select_related("by").order_by("-at", "-pk")[:100]),
        "active": "",
        "form": None,
        **extra,
    }  # fmt: skip


def pen_of(shown: Analysis) -> dict[str, str]:
    if shown.state == AnalysisState.SIGNED:
        return {"words": shown.get_state_display(), "tone": "done"}
    return {"words": f"{Role(PEN[AnalysisState(shown.state)]).label} {shown.get_state_display()}", "tone": ""}


def _tags(shown: Analysis) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = [{"words": shown.quarter.label}]
    if shown.state == AnalysisState.SIGNED:
        tags.append({"words": _("已冻结"), "lock": True})
    return tags


def _steps(shown: Analysis) -> list[dict[str, Any]]:
    """A town's paper has no step of the chief."""
    steps = [step for step in STEPS if shown.of_district or AnalysisState.REVIEWED not in step[1]]
    here = next(at for at, (_label, states) in enumerate(steps) if shown.state in states)
    signed = shown.state == AnalysisState.SIGNED
    notes = {
        AnalysisState.DRAFT: moment(shown.submitted_at),
        AnalysisState.SUBMITTED: moment(shown.reviewed_at),
        AnalysisState.SIGNED: moment(shown.signed_at),
    }
    found = []
    for at, (label, states) in enumerate(steps):
        state = "done" if at < here or (signed and at == here) else "here" if at == here else ""
        note = next((words for known, words in notes.items() if known in states), "")
        found.append({"label": str(label), "note": note if state == "done" else "", "state": state})
    return found


def _waiting(shown: Analysis) -> str:
    if shown.state == AnalysisState.SIGNED:
        return _("已经签发，没有下一步。")
    return _("现在由%(who)s办理，没有要您做的动作。") % {"who": Role(PEN[AnalysisState(shown.state)]).label}


def _section(shown: Analysis, section: Section, tables: Tables, *, may_draft: bool) -> dict[str, Any]:
    stale = disagreeing(section.based_on, section.generated) if section.is_edited and shown.is_open else []
    return {
        "part": section.part,
        "label": section.get_part_display(),
        "lines": tables.lines(section.part, section.text),
        "table": tables.of(section.part),
        "anchor": anchor_of(section.part),
        # Nothing is generated for advice and plan: there a person's text is not a change.
        "is_edited": section.is_edited and bool(section.generated),
        "edited": listed([section.edited_by.name, moment(section.edited_at)]) if section.edited_by else "",
        # What the text was based on, what the figures say now, and whether the old sentence still stands in it.
        "stale": [{"then": then, "now": now, "stands": bool(then) and then in section.text} for then, now in stale],
        "edit_url": reverse("analyses:section", args=[shown.pk, section.part]) if may_draft else "",
        "reset_url": reverse("analyses:reset", args=[shown.pk, section.part])
        if may_draft and section.is_edited and section.generated
        else "",
        "undo_url": reverse("analyses:undo", args=[shown.pk, section.part]) if may_draft and section.undo_text else "",
        "version": section.version,
        # Only whoever reads them all finds their pages.
        "reflections": shown.figures["reflections"]["parts"]
        if section.part == Part.REFLECTIONS and shown.district_id in tables.user.scope.districts
        else [],
    }


def _missing(shown: Analysis) -> list[str]:
    """Who has not handed in a reflection: those whom the text counts, and whom one can still wait for."""
    officers = officers_of(shown.district_id, shown.quarter)
    if not shown.of_district:
        officers = [officer for officer in officers if shown.subject_id in officer.town_ids]
    written = set(reflections_of(shown.district_id, shown.quarter).values_list("author", flat=True))
    return [officer.name for officer in officers if officer.id not in written]


def _people(shown: Analysis) -> list[dict[str, str]]:
    rows = ((shown.submitted_by, _("送审人")), (shown.reviewed_by, _("审核人")), (shown.signed_by, _("签发人")))
    return [{"name": who.name, "part": part} for who, part in rows if who]
