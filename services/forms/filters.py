"""The filter of the list of a programme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.reference import towns
from unionops.org.events import kind_of
from unionops.org.models import User

from ..models import Programme, ServiceQuerySet
from ..queries import asleep, search_cases, seen
from ..shapes import kind_for

ALL = _("全部")


class CaseFilter(forms.Form):
    """The address of the list is this filter; what makes no sense in it filters nothing."""

    q = forms.CharField(label=_("编号、对象、标题"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    town = forms.ChoiceField(label=_("镇街"), required=False)
    due = forms.ChoiceField(
        label=_("期限"), required=False, choices=[("", ALL), ("over", _("已超期")), ("soon", _("将到期"))]
    )
    whose = forms.ChoiceField(
        label=_("范围"), required=False, choices=[("", ALL), ("mine", _("在我手上")), ("watched", _("我关注的"))]
    )
    since = forms.DateField(label=_("登记自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, *, user: User, programme: Programme) -> None:
        super().__init__(data)
        self.user, self.programme = user, programme
        self.kind = kind_for(programme.shape)
        known = self.kind.stands(programme)
        states = [(state, label) for state, label in self.kind.states.choices if state in known]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", ALL), ("open", _("未办结")), ("waiting", _("在办")), ("closed", _("已办结")),
            (_("单个状态"), [(state, programme.word("state", state, label)) for state, label in states]),
        ]  # fmt: skip
        units = [(str(unit.id), unit.short_name or unit.name) for unit in towns(programme.district_id)]
        self.fields["town"].choices = [("", ALL), *units]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked for and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def queryset(self) -> ServiceQuerySet:
        cases = seen(self.kind, self.user).filter(programme=self.programme)
        wanted, today = self.wanted, timezone.localdate()
        if text := wanted.get("q", "").strip():
            cases = cases.filter(search_cases(text))
        cases = self._by_state(cases, wanted.get("state", ""))
        if town := wanted.get("town"):
            cases = cases.filter(town=town)
        if since := wanted.get("since"):
            cases = cases.filter(registered_at__date__gte=since)
        if until := wanted.get("until"):
            cases = cases.filter(registered_at__date__lte=until)
        match wanted.get("due", ""):
            case "over":
                cases = cases.overdue(today)
            case "soon":
                cases = cases.open().filter(
                    deadline__soon_on__lte=today, deadline__due_on__gte=today, deadline__met_on=None,
                    deadline__paused_on=None,
                )  # fmt: skip
        match wanted.get("whose", ""):
            case "mine":
                cases = cases.in_hands_of(self.user)
            case "watched":
                watched = self.user.watches.filter(kind=kind_of(self.kind.model)).values("case_id")
                cases = cases.filter(pk__in=watched)
        return cases

    def _by_state(self, cases: ServiceQuerySet, state: str) -> ServiceQuerySet:
        match state:
            case "":
                return cases
            case "open":
                return cases.open()
            case "waiting":
                return cases.open().exclude(asleep(self.kind))
            case "closed":
                return cases.filter(state__in=self.kind.model.END_STATES)
        return cases.filter(state=state)


class TradeFilter(forms.Form):
    """Which teams are shown."""

    trade = forms.ChoiceField(label=_("工种"), required=False)

    def __init__(self, data: Any, *, trades: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["trade"].choices = [("", ALL), *((trade, trade) for trade in dict.fromkeys(trades))]  # type: ignore[attr-defined]

    def wanted(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("trade") or "")
