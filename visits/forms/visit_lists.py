"""The filter of the visit list, and the correction of a visit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.reference import kept, towns
from unionops.casework.search import contains
from unionops.org.enums import Role
from unionops.org.forms.fields import Day, Text
from unionops.org.models import Posting, User

from ..enums import VisitMode, VisitState
from ..models import Visit
from ..models.visits import VisitQuerySet
from ..queries import search_visits
from .issues import ALL
from .visits import VisitFacts, facts_of


def officers(district_id: int) -> list[tuple[str, str]]:
    """Liaison officers of the district today, for a list of choices."""

    def read() -> list[tuple[str, str]]:
        posts = Posting.objects.on(timezone.localdate()).filter(
            role=Role.LIAISON, organisation__district=district_id, user__is_active=True
        )
        rows = User.objects.filter(pk__in=posts.values("user")).order_by("pinyin", "pk").values_list("pk", "name")
        return [(str(pk), name) for pk, name in rows]

    return kept(f"officers:{district_id}", read)


class VisitFilter(forms.Form):
    q = forms.CharField(label=_("编号、企业、小结"), max_length=100, required=False)
    period = forms.ChoiceField(
        label=_("时间"), required=False,
        choices=[("", ALL), ("week", _("本周")), ("last_week", _("上周")), ("month", _("本月")), ("last_month", _("上月"))],
    )  # fmt: skip
    town = forms.ChoiceField(label=_("镇街"), required=False)
    officer = forms.ChoiceField(label=_("走访人"), required=False)
    mode = forms.ChoiceField(label=_("方式"), required=False, choices=[("", ALL), *VisitMode.choices])
    which = forms.ChoiceField(
        label=_("范围"), required=False,
        choices=[
            ("", ALL), ("mine", _("我的走访")), ("key", _("重点企业")), ("issues", _("听到问题的")), ("late", _("补录的")),
            ("corrected", _("更正过的")), ("returned", _("退回的")),
        ],
    )  # fmt: skip
    since = forms.DateField(label=_("走访自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        district = next(iter(sorted(user.scope.member_of)), None)
        places = [(str(unit.id), unit.short_name or unit.name) for unit in towns(district)] if district else []
        self.fields["town"].choices = [("", ALL), *places]  # type: ignore[attr-defined]
        self.fields["officer"].choices = [("", ALL), *(officers(district) if district else [])]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked for and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def queryset(self) -> VisitQuerySet:
        return self.filter(Visit.objects.visible_to(self.user))

    def filter(self, visits: VisitQuerySet) -> VisitQuerySet:
        wanted = self.wanted
        if text := wanted.get("q", "").strip():
            visits = visits.filter(search_visits(text) | contains("target_name", text))
        if "town" in wanted:
            visits = visits.filter(town=wanted["town"])
        if "officer" in wanted:
            visits = visits.filter(officer=wanted["officer"])
        if "mode" in wanted:
            visits = visits.filter(mode=wanted["mode"])
        first, last = span_of(wanted.get("period", ""), timezone.localdate())
        if first := max(filter(None, [first, wanted.get("since")]), default=None):
            visits = visits.filter(visited_on__gte=first)
        if last := min(filter(None, [last, wanted.get("until")]), default=None):
            visits = visits.filter(visited_on__lte=last)
        return visits.filter(**self._which(wanted.get("which", "")))

    def _which(self, which: str) -> dict[str, Any]:
        conditions: dict[str, dict[str, Any]] = {
            "mine": {"officer": self.user},
            "key": {"is_key_enterprise": True},
            "issues": {"issue_count__gt": 0},
            "late": {"late": True},
            "corrected": {"version__gt": 1},
            "returned": {"state": VisitState.RETURNED},
        }
        return conditions.get(which, {})


def span_of(period: str, today: datetime.date) -> tuple[datetime.date | None, datetime.date | None]:
    monday = today - datetime.timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = first - datetime.timedelta(days=1)
    return {
        "week": (monday, monday + datetime.timedelta(days=6)),
        "last_week": (monday - datetime.timedelta(days=7), monday - datetime.timedelta(days=1)),
        "month": (first, today),
        "last_month": (before.replace(day=1), before),
    }.get(period, (None, None))


class VisitCorrectionForm(VisitFacts):
    """What a visit says; the version before stays readable."""

    reason = Text(label=_("更正理由"), max_length=200, required=False, help_text=_("本月结账以后必填。"))

    def __init__(self, *args: Any, visit: Visit, **options: Any) -> None:
        super().__init__(*args, initial=facts_of(visit), **options)

    def with_facts(self, visit: Visit, names: Iterable[str]) -> VisitCorrectionForm:
        """The same form as it was sent, with these facts as the visit says them now."""
        data = QueryDict(mutable=True)
        sent: QueryDict = self.data  # type: ignore[assignment]
        for key in sent:
            data.setlist(key, sent.getlist(key))
        now = facts_of(visit)
        for name in self.fields.keys() & set(names):
            for field in (name, f"{name}-note") if f"{name}-note" in self.fields else (name,):
                data.setlist(field, _as_sent(now[field]))
        return VisitCorrectionForm(data, visit=visit)


def _as_sent(value: Any) -> list[str]:
    match value:
        case None:
            return [""]
        case list():
            return value
        case datetime.time():
            return [value.strftime("%H:%M")]
        case datetime.date():
            return [value.isoformat()]
    return [str(value)]


class ReturnForm(forms.Form):
    reason = Text(label=_("要补正什么"), max_length=200)


class PlanForm(forms.Form):
    enterprise = forms.UUIDField(required=False, widget=forms.HiddenInput)
    target_name = Text(label=_("企业"), max_length=100, required=False)
    day = Day(label=_("打算哪天去"))

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        today = timezone.localdate()
        if not today - datetime.timedelta(days=7) <= day <= today + datetime.timedelta(days=60):
            raise forms.ValidationError(_("请选最近一周到两个月以内的日子。"))
        return day
