"""The rows that the figures count: who sees them, how they are divided and how their list looks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Case as SqlCase
from django.db.models import CharField, DateField, F, Func, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf, TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from unionops.casework.reference import kept
from unionops.insight.dimensions import Dimension, is_key, of_choices, register
from unionops.insight.indicators import Asked, Column, Rows
from unionops.jinja import short_day
from unionops.org.enums import Industry, SizeClass
from unionops.org.models import Enterprise, User

from .enums import COLLECTIVE_FROM, IssueState, VisitState
from .models import Category, Issue, OfficerWeek, Visit

# Upper ends of the classes of age, in days since registration; beyond the last everything is in OLDEST.
AGES = {"0-7": 7, "8-15": 15, "16-30": 30, "31-90": 90}
OLDEST = "91-"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def declare() -> None:
    register(
        Dimension("category", _("类别"), _category_names, is_key, choices=_first_levels),
        Dimension("subcategory", _("二级类别"), _category_names, is_key),
        Dimension("firm", _("单位"), _firm_names, lambda value: bool(UUID.fullmatch(value))),
        of_choices("collective", _("集体诉求"), {"true": _("是"), "false": _("否")}),
        of_choices(
            "age",
            _("在办天数"),
            {
                "0-7": _("7 天以内"), "8-15": _("8 至 15 天"), "16-30": _("16 至 30 天"), "31-90": _("31 至 90 天"),
                OLDEST: _("90 天以上"),
            },
        ),
    )  # fmt: skip


def _category_names(_user: User, values: Collection[str]) -> Mapping[str, str]:
    name = "name_en" if get_language() == "en" else "name"
    return {str(pk): label for pk, label in Category.objects.filter(pk__in=values).values_list("pk", name)}


def _firm_names(user: User, values: Collection[str]) -> Mapping[str, str]:
    rows = Enterprise.objects.visible_to(user).filter(pk__in=values).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


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
    paths={"town": "town_id", "cadre": "officer_id", **OF_A_FIRM},
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

FIRMS = Rows(
    code="firm",
    unit=pgettext_lazy("单位", "家"),
    model=Enterprise,
    visible=Enterprise.objects.visible_to,
    paths={"town": "town_id", "size": "size_class", "industry": "industry", "new_employment": "new_employment"},
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
    paths={"town": "town_id", "cadre": "officer_id"},
    columns=(
        Column(_("驻联干部"), "officer__name", css="c-title"),
        Column(_("周一"), "monday", short_day, css="nw c-meta"),
        Column(_("镇街"), "town__short_name", css="nw c-meta"),
        Column(_("在岗工作日"), "duty_days", css="num c-meta"),
        Column(_("定额"), "quota", css="num c-meta"),
        Column(_("走访家数"), "visits", css="num c-meta"),
    ),
    order="monday",
    url=lambda _pk: "",
)

ISSUES = Rows(
    code="issue",
    unit=pgettext_lazy("单位", "件"),
    model=Issue,
    visible=Issue.objects.visible_to,
    paths={
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
