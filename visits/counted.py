"""The rows that the figures count: who sees them, how they are divided and how their list looks."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case as SqlCase
from django.db.models import CharField, DateField, F, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf, TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from unionops.casework.deadlines import working_days
from unionops.casework.reference import kept
from unionops.insight.dimensions import Dimension, is_key, of_choices, register
from unionops.insight.indicators import Asked, Column, Rows
from unionops.insight.periods import ONE_DAY, Kind, containing
from unionops.jinja import short_day
from unionops.org.enums import Industry, SizeClass
from unionops.org.models import Enterprise, User

from . import counting
from .enums import COLLECTIVE_FROM, RESOLVED_RESULTS, IssueState, VisitState
from .models import Category, Issue, OfficerWeek, Visit

# Upper ends of the classes of age, in days since registration; beyond the last everything is in OLDEST.
AGES = {"0-7": 7, "8-15": 15, "16-30": 30, "31-90": 90}
OLDEST = "91-"
# A week with fewer working days on duty leaves the quota (domain 2.8).
DUTY_DAYS = 3
WEEK = re.compile(r"\d{4}-W\d{2}", re.ASCII)
FIRM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def declare() -> None:
    register(
        Dimension("category", _("类别"), _category_names, is_key, choices=_first_levels),
        Dimension("subcategory", _("二级类别"), _category_names, is_key),
        of_choices("collective", _("集体诉求"), {"true": _("是"), "false": _("否")}),
        of_choices(
            "age",
            _("在办天数"),
            {
                "0-7": _("7 天以内"), "8-15": _("8 至 15 天"), "16-30": _("16 至 30 天"), "31-90": _("31 至 90 天"),
                OLDEST: _("90 天以上"),
            },
        ),
        of_choices(
            "stage",
            _("走到哪一步"),
            {
                "waiting": _("待交办"), "handling": _("办理中"), "asking": _("待回访"), "other": _("回访后没有化解"),
                "resolved": _("已化解"),
            },
        ),
        of_choices(
            "outcome",
            _("这一周怎样"),
            {
                "over": _("超定额"), "met": _("达标"), "short": _("不足"), "missed": _("没去"), "running": _("本周进行中"),
                "leave": _("请假"), "holiday": _("放假"), "free": _("没有定额"),
            },
        ),
        Dimension("week", _("周"), _week_names, lambda value: bool(WEEK.fullmatch(value))),
        Dimension("firm", _("企业"), _firm_names, lambda value: bool(FIRM.fullmatch(value))),
    )  # fmt: skip


def _week_names(_user: User, values: Collection[str]) -> Mapping[str, str]:
    return {value: _now("%(year)s 年第 %(n)s 周") % {"year": value[:4], "n": int(value[6:])} for value in values}


def _firm_names(user: User, values: Collection[str]) -> Mapping[str, str]:
    rows = Enterprise.objects.visible_to(user).filter(pk__in=values).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


def _category_names(_user: User, values: Collection[str]) -> Mapping[str, str]:
    name = "name_en" if get_language() == "en" else "name"
    return {str(pk): label for pk, label in Category.objects.filter(pk__in=values).values_list("pk", name)}


def _first_levels(user: User) -> list[tuple[str, str]]:
    rows = kept("first_levels", lambda: list(Category.objects.filter(parent=None).values_list("pk", "name", "name_en")))
    return [(str(pk), (english if get_language() == "en" else "") or name) for pk, name, english in rows]


def age_class(asked: Asked) -> Combinable:
    """Days from registration to the cut-off, in classes."""
    days = Func(
        Cast(Value(asked.at), DateField()), TruncDate("registered_at"), template="(%(expressions)s)", arg_joiner=" - ",
        output_field=IntegerField(),
    )  # fmt: skip
    classes = [When(LessThanOrEqual(days, most), then=Value(code)) for code, most in AGES.items()]
    return SqlCase(*classes, default=Value(OLDEST), output_field=CharField())


def stage(asked: Asked) -> Combinable:
    """How far an issue had come at the cut-off, from heard to resolved."""
    steps = {
        "resolved": counting.closed_by_then(asked, RESOLVED_RESULTS),
        "other": counting.reached(asked, counting.CONFIRMED),
        "asking": counting.reached(asked, counting.ANSWERED),
        "handling": counting.reached(asked, counting.TAKEN_UP),
    }
    whens = [When(condition, then=Value(code)) for code, condition in steps.items()]
    return SqlCase(*whens, default=Value("waiting"), output_field=CharField())


def outcome(asked: Asked) -> Combinable:
    """What became of an officer's week: a week without enough working days for anybody is a holiday, for one a leave."""
    monday = asked.period.first - asked.period.first.weekday() * ONE_DAY
    weeks = max((asked.days[1] - monday).days // 7 + 1, 0)
    mondays = [monday + number * 7 * ONE_DAY for number in range(weeks)]
    worked: dict[Any, int] = dict.fromkeys(mondays, 0)
    for day in working_days(monday, monday + 7 * weeks * ONE_DAY - ONE_DAY) if weeks else ():
        worked[day - day.weekday() * ONE_DAY] += 1
    holidays = [day for day, count in worked.items() if count < DUTY_DAYS]
    return SqlCase(
        *([When(monday__in=holidays, then=Value("holiday"))] if holidays else []),
        When(duty_days__lt=DUTY_DAYS, then=Value("leave")),
        When(quota=0, then=Value("free")),
        When(Q(sunday__gt=asked.at, visits__lt=F("quota")), then=Value("running")),
        When(visits__gt=F("quota"), then=Value("over")),
        When(visits=F("quota"), then=Value("met")),
        When(visits=0, then=Value("missed")),
        default=Value("short"),
        output_field=CharField(),
    )


def _week_url(key: str) -> str:
    """The visits of an officer's week; its key is officer-district-monday."""
    officer, _district, day = key.split("-")
    week = containing(datetime.date.fromisoformat(day), Kind.WEEK)
    wanted = {"indicator": "joined_visit_count", "period": week.code, "cadre": officer}
    return f"{reverse('insight:rows')}?{urlencode(wanted)}"


def _word(choices: Any) -> Any:
    labels = dict(choices.choices)
    return lambda value: labels.get(value, "—")


def _text(value: object) -> str:
    return str(value or "—")


OF_A_FIRM = {
    "size": "enterprise__size_class", "industry": "enterprise__industry", "new_employment": "enterprise__new_employment",
}  # fmt: skip

VISITS = Rows(
    code="visit",
    unit=pgettext_lazy("单位", "家次"),
    model=Visit,
    visible=lambda user: Visit.objects.visible_to(user).exclude(state=VisitState.RETURNED),
    paths={"district": "district_id", "town": "town_id", "cadre": "officer_id", "firm": "enterprise_id", **OF_A_FIRM},
    columns=(
        Column(_("编号"), "number", css="num muted c-meta"),
        Column(_("对象"), Coalesce(NullIf("target_name", Value("")), F("enterprise__name")), css="c-title"),
        Column(_("走访日期"), "visited_on", short_day, css="nw c-meta"),
        Column(_("镇街"), "town__short_name", css="nw c-meta"),
        Column(_("驻联干部"), "officer__name", css="nw c-meta"),
    ),
    order="visited_on",
    url=lambda pk: reverse("visits:visit", args=[pk]),
)

# Of the visits of a town to a firm one: as many as there are firms to which the town went.
TOWN_FIRMS = Rows(
    code="town_firm",
    unit=pgettext_lazy("单位", "家"),
    model=Visit,
    visible=VISITS.visible,
    paths={"district": "district_id", "town": "town_id", **OF_A_FIRM},
    columns=(
        Column(_("单位名称"), "enterprise__name", css="c-title"),
        Column(_("走访的镇街"), "town__short_name", css="nw c-meta"),
        Column(_("期内首次走访"), "visited_on", short_day, css="nw c-meta"),
    ),
    order="visited_on",
    url=lambda pk: reverse("org:enterprise", args=[pk]),
    link="enterprise_id",
)

# Two officers who went together made one visit, and each of them one.
JOINED = Rows(
    code="joined_visit",
    unit=pgettext_lazy("单位", "家次"),
    model=Visit.officers.through,
    visible=lambda user: Visit.officers.through._default_manager.filter(visit__in=VISITS.visible(user)),
    paths={
        "cadre": "user_id",
        "week": Func(F("visit__visited_on"), Value('IYYY-"W"IW'), function="to_char", output_field=CharField()),
    },
    columns=(
        Column(_("编号"), "visit__number", css="num muted c-meta"),
        Column(
            _("对象"), Coalesce(NullIf("visit__target_name", Value("")), F("visit__enterprise__name")), css="c-title"
        ),
        Column(_("走访日期"), "visit__visited_on", short_day, css="nw c-meta"),
        Column(_("镇街"), "visit__town__short_name", css="nw c-meta"),
        Column(_("走访人"), "user__name", css="nw c-meta"),
    ),
    order="visit__visited_on",
    url=lambda pk: reverse("visits:visit", args=[pk]),
    link="visit_id",
)

FIRMS = Rows(
    code="firm",
    unit=pgettext_lazy("单位", "家"),
    model=Enterprise,
    visible=Enterprise.objects.visible_to,
    paths={
        "district": "district_id",
        "town": "town_id",
        "size": "size_class",
        "industry": "industry",
        "new_employment": "new_employment",
    },
    columns=(
        Column(_("单位名称"), "name", css="c-title"),
        Column(_("镇街"), "town__short_name", _text, css="nw c-meta"),
        Column(_("规模"), "size_class", _word(SizeClass), css="nw c-meta"),
        Column(_("行业"), "industry", _word(Industry), css="nw c-meta"),
        Column(_("职工人数"), "staff_count", _text, css="num c-meta"),
    ),
    order="pinyin",
    url=lambda pk: reverse("org:enterprise", args=[pk]),
)

WEEKS = Rows(
    code="week",
    unit=pgettext_lazy("单位", "人周"),
    model=OfficerWeek,
    visible=OfficerWeek.objects.visible_to,
    paths={
        "town": "town_id",
        "cadre": "officer_id",
        "outcome": outcome,
        "week": Func(F("monday"), Value('IYYY-"W"IW'), function="to_char", output_field=CharField()),
    },
    columns=(
        Column(_("驻联干部"), "officer__name", css="c-title"),
        Column(_("周一"), "monday", short_day, css="nw c-meta"),
        Column(_("镇街"), "town__short_name", css="nw c-meta"),
        Column(_("在岗工作日"), "duty_days", css="num c-meta"),
        Column(_("定额"), "quota", css="num c-meta"),
        Column(_("走访家数"), "visits", css="num c-meta"),
    ),
    order="monday",
    url=_week_url,
)

ISSUES = Rows(
    code="issue",
    unit=pgettext_lazy("单位", "件"),
    model=Issue,
    visible=Issue.objects.visible_to,
    paths={
        "district": "district_id",
        "town": "town_id",
        "department": "lead_department_id",
        # Who registered it: handing an issue over does not move it from one cadre's figures to another's.
        "cadre": "registered_by_id",
        "category": Coalesce("category__parent_id", "category_id"),
        "subcategory": "category_id",
        "firm": "enterprise_id",
        "collective": SqlCase(
            When(claimant_count__gte=COLLECTIVE_FROM, then=Value("true")),
            default=Value("false"),
            output_field=CharField(),
        ),
        "urgency": "urgency",
        **OF_A_FIRM,
        "new_employment": "new_employment",
    },
    columns=(
        Column(_("编号"), "number", css="num muted c-meta"),
        Column(_("诉求"), "title", css="c-title"),
        Column(_("类别"), "category__name", css="nw c-meta", path_en="category__name_en"),
        Column(_("镇街"), "town__short_name", css="nw c-meta"),
        Column(_("登记"), "registered_at", short_day, css="nw c-meta"),
        Column(_("状态"), "state", _word(IssueState), css="nw c-meta"),
        Column(_("办结"), "closed_at", short_day, css="nw c-meta"),
    ),
    order="registered_at",
    url=lambda pk: reverse("visits:issue", args=[pk]),
)
