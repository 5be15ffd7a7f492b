"""Time limits and the working calendar: what administrators set for every clock."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from unionops.china.days import FIRST_YEAR, LAST_YEAR, unconfirmed_years
from unionops.china.models import CalendarDay
from unionops.org.views.answers import Step, again, data, done, person, step, tried

from .. import rules
from ..forms import DayForm, TermForm, YearForm
from ..models import Deadline, Term

_SATURDAY = 5


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    rules.check_sets_rules(person(request))
    return render(request, "casework/terms.html", {"rows": Term.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
def term(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    rules.check_sets_rules(user)
    shown = get_object_or_404(Term, pk=pk)
    form = TermForm(data(request), term=shown)
    asked = Step(
        title=shown.name,
        submit=_("保存"),
        back=reverse("casework:terms"),
        text=_("只管以后开始的期限；已经在走的，仍按开始时的天数。"),
        effects=[(_("在走的期限"), Deadline.objects.running().filter(rule=shown.code).count())],
    )
    return step(request, form, asked, lambda: rules.edit_term(shown, by=user, **form.cleaned_data), _("已保存。"))


@require_safe
def calendar(request: HttpRequest, year: int | None = None) -> HttpResponse:
    rules.check_sets_rules(person(request))
    year = _checked(year or timezone.localdate().year)
    days = list(CalendarDay.objects.of_year(year))
    special = [day for day in days if day.is_workday != (day.date.weekday() < _SATURDAY) or day.name]
    context = {
        "year": year,
        "years": range(max(FIRST_YEAR, year - 2), min(LAST_YEAR, year + 2) + 1),
        "months": [(month, list(rows)) for month, rows in groupby(special, key=lambda day: day.date.month)],
        "workdays": sum(day.is_workday for day in days),
        "is_confirmed": bool(days) and all(day.confirmed for day in days),
        "notices": sorted({day.notice for day in days if day.notice}),
        "unconfirmed": unconfirmed_years(),
    }
    return render(request, "casework/calendar.html", context)


def _checked(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_day(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rules.check_sets_rules(user)
    # Of a day that was sent the form knows what stands there, to tell it when somebody else was faster.
    known = _known(request.POST.get("date", "")) if request.method == "POST" else {}
    initial = known or {"date": request.GET.get("date", "")[:10]}
    form = DayForm(data(request), initial=initial, version=rules.calendar_version())
    back = reverse("casework:calendar")
    if form.is_bound and form.is_valid():
        year = form.cleaned_data["date"].year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            form.add_error("date", _("只能填 %(first)d 至 %(last)d 年。") % {"first": FIRST_YEAR, "last": LAST_YEAR})
        else:
            ok, moved = tried(form, lambda: rules.set_day(by=user, **form.cleaned_data))
            if ok:
                return done(request, _said(moved), reverse("casework:calendar_year", args=[year]))
    asked = Step(
        title=_("改一天"), submit=_("保存"), back=back, text=_("按通知改一天，保存后在走的期限立即按新日历重算。")
    )
    template = "org/_step.html" if request.htmx else "org/step.html"  # type: ignore[attr-defined]
    return again(request, template, {"form": form, "step": asked})


def _known(text: str) -> dict[str, str]:
    try:
        day = CalendarDay.objects.filter(pk=datetime.date.fromisoformat(text)).first()
    except ValueError:
        return {}
    if day is None:
        return {}
    return {"date": text, "is_workday": str(int(day.is_workday)), "name": day.name, "notice": day.notice}


def _said(moved: int) -> str:
    words = ngettext("日历已保存，%(n)d 个期限随之改变。", "日历已保存，%(n)d 个期限随之改变。", moved)
    return words % {"n": moved}


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_announce(request: HttpRequest, year: int) -> HttpResponse:
    """First what it would move, then, on a second press, the announcement."""
    user = person(request)
    rules.check_sets_rules(user)
    _checked(year)
    form = YearForm(data(request), initial=_present(year), version=rules.calendar_version())
    moved: int | None = None
    if form.is_bound and form.is_valid():
        act = rules.announce if "confirmed" in request.POST else rules.moved_by_announcing
        values = form.cleaned_data | {"work": set(form.cleaned_data["work"])}
        ok, moved = tried(form, lambda: act(by=user, year=year, **values))
        if ok and "confirmed" in request.POST:
            return done(request, _said(moved), reverse("casework:calendar_year", args=[year]))
    context = {"form": form, "year": year, "moved": moved, "back": reverse("casework:calendar_year", args=[year])}
    return again(request, "casework/calendar_announce.html", context)


def _present(year: int) -> dict[str, str]:
    """The days as they stand, in the form that the fields read."""
    days = list(CalendarDay.objects.of_year(year))
    rest = [day for day in days if not day.is_workday and day.name]
    work = [day for day in days if day.is_workday and day.date.weekday() >= _SATURDAY]
    notices = {day.notice for day in days if day.notice}
    return {
        "rest": "\n".join(_lines(rest)),
        "work": "\n".join(day.date.isoformat() for day in work),
        "notice": notices.pop() if len(notices) == 1 else "",
    }


def _lines(days: Iterable[CalendarDay]) -> Iterable[str]:
    """Days in a row with one name as one line."""
    rows: list[tuple[datetime.date, datetime.date, str]] = []
    for day in days:
        if rows and rows[-1][2] == day.name and day.date - rows[-1][1] == datetime.timedelta(days=1):
            rows[-1] = (rows[-1][0], day.date, day.name)
        else:
            rows.append((day.date, day.date, day.name))
    for first, last, name in rows:
        yield f"{first} {name}" if first == last else f"{first} 至 {last} {name}"
