"""The filter of the list and of the board."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.reference import colleagues, units
from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import User

from ..causes import CAUSES, Cause, Group
from ..enums import BEFORE_EFFECT, END_STATES, DisputeState, Outcome, Source
from ..models import Dispute
from ..models.disputes import DisputeQuerySet
from ..queries import LANES, search_disputes

S = DisputeState
# What people ask for by one word, as sets of states.
STATE_GROUPS: dict[str, tuple[Any, frozenset[str]]] = {
    "open": (_("未归档"), frozenset(S) - END_STATES),
    "before": (_("协议生效前"), frozenset(BEFORE_EFFECT)),
    # The lanes of the board; what a lane of one state holds is asked for by that state.
    **{key: (label, states) for key, label, states, _note in LANES if len(states) > 1},
}
ALL = _("全部")


def cause_choices() -> list[tuple[Any, Any]]:
    """The working causes under the statutory group that each belongs to."""
    found: list[tuple[Any, Any]] = []
    for group in Group:
        of_group = [(cause.value, cause.label) for cause in Cause if CAUSES[cause].group == group]
        if of_group:
            found.append((group.label, of_group))
    return found


class BoardFilter(forms.Form):
    """What the board is narrowed by; the list asks for more."""

    centre = forms.ChoiceField(label=_("调解组织"), required=False)
    mediator = forms.ChoiceField(label=_("调解员"), required=False)
    cause = forms.ChoiceField(label=_("案由"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        district = next(iter(sorted(user.scope.member_of)), None)
        for name, choices in self.choices(district).items():
            self.fields[name].choices = [("", ALL), *choices]  # type: ignore[attr-defined]
        if len(self.fields["centre"].choices) < 3:  # type: ignore[attr-defined]
            # One centre is no choice; an address that names it still counts.
            self.fields["centre"].widget = forms.HiddenInput()

    def choices(self, district: int | None) -> dict[str, list[Any]]:
        centres = units(district, OrganisationKind.MEDIATION_CENTRE) if district else []
        folk = colleagues(district, [Role.MEDIATOR, Role.HEAD]) if district else []
        return {
            "centre": [(str(unit.id), unit.short_name or unit.name) for unit in centres],
            "mediator": [(str(one.id), one.name) for one in folk],
            "cause": cause_choices(),
        }

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked for and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def queryset(self) -> DisputeQuerySet:
        return self.filter(Dispute.objects.visible_to(self.user))

    def filter(self, disputes: DisputeQuerySet) -> DisputeQuerySet:
        wanted = self.wanted
        for name, column in (
            ("centre", "organisation"), ("mediator", "mediator"), ("cause", "cause"), ("source", "source"),
            ("outcome", "outcome"),
        ):  # fmt: skip
            if name in wanted:
                disputes = disputes.filter(**{column: wanted[name]})
        return disputes


class DisputeFilter(BoardFilter):
    """The address of the list is this filter; what makes no sense in it filters nothing."""

    q = forms.CharField(label=_("编号、当事人、案由"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    source = forms.ChoiceField(label=_("来源"), required=False)
    outcome = forms.ChoiceField(label=_("调解结果"), required=False)
    due = forms.ChoiceField(
        label=_("期限"), required=False, choices=[("", ALL), ("over", _("已超期")), ("soon", _("将到期")), ("hold", _("暂停"))]
    )  # fmt: skip
    whose = forms.ChoiceField(
        label=_("范围"), required=False,
        choices=[("", ALL), ("mine", _("在我手上")), ("team", _("我参与的")), ("watched", _("我关注的"))],
    )  # fmt: skip
    since = forms.DateField(label=_("收到自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    field_order = ("q", "state", "mediator", "cause", "source", "due", "whose", "outcome", "centre", "since", "until")

    def choices(self, district: int | None) -> dict[str, list[Any]]:
        found = super().choices(district)
        found["state"] = [
            *((key, label) for key, (label, _states) in STATE_GROUPS.items()),
            (_("单个状态"), list(DisputeState.choices)),
        ]
        found["source"] = list(Source.choices)
        found["outcome"] = list(Outcome.choices)
        return found

    def filter(self, disputes: DisputeQuerySet) -> DisputeQuerySet:
        wanted = self.wanted
        disputes = super().filter(disputes)
        if text := wanted.get("q", "").strip():
            disputes = disputes.filter(search_disputes(text))
        if state := wanted.get("state"):
            states = STATE_GROUPS[state][1] if state in STATE_GROUPS else {state}
            disputes = disputes.filter(state__in=states)
        if since := wanted.get("since"):
            disputes = disputes.filter(received_on__gte=since)
        if until := wanted.get("until"):
            disputes = disputes.filter(received_on__lte=until)
        disputes = self._by_due(disputes, wanted.get("due", ""), timezone.localdate())
        return self._by_person(disputes, wanted.get("whose", ""))

    def _by_due(self, disputes: DisputeQuerySet, due: str, today: datetime.date) -> DisputeQuerySet:
        match due:
            case "over":
                return disputes.overdue(today)
            case "soon":
                return disputes.open().filter(
                    deadline__soon_on__lte=today, deadline__due_on__gte=today, deadline__met_on=None,
                    deadline__paused_on=None,
                )  # fmt: skip
            case "hold":
                return disputes.filter(deadline__paused_on__isnull=False)
        return disputes

    def _by_person(self, disputes: DisputeQuerySet, whose: str) -> DisputeQuerySet:
        match whose:
            case "mine":
                return disputes.in_hands_of(self.user)
            case "team":
                return disputes.filter(team__user=self.user).distinct()
            case "watched":
                return disputes.filter(pk__in=self.user.watches.filter(kind="dispute").values("case_id"))
        return disputes
