"""The filter of the issue list, and an issue that was not heard on a visit."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from unionops.casework.enums import Urgency
from unionops.casework.reference import departments, kept, towns
from unionops.joining import labelled
from unionops.org.forms.fields import Day, Name, Phone, Text
from unionops.org.models import Enterprise, Organisation, User

from ..actions.register import IssueDraft
from ..enums import END_STATES, UNDER_WAY, ClaimantKind, Handling, IssueSource, IssueState
from ..models import Category, Issue
from ..models.issues import IssueQuerySet
from ..queries import search_issues
from .care import category_choices
from .steps import paragraph

S = IssueState
# What people ask for by one word, as sets of states.
STATE_GROUPS: dict[str, tuple[Any, frozenset[str]]] = {
    "open": (_("未结"), frozenset(S) - END_STATES),
    "waiting": (_("待交办"), frozenset({S.SUBMITTED, S.DECLINED, S.REOPENED})),
    "signing": (_("待签收"), frozenset({S.DISPATCHED})),
    "under_way": (_("在办"), frozenset(UNDER_WAY)),
    "asking": (_("待回访"), frozenset({S.ANSWERED, S.FOLLOWUP_DUE})),
    "ended": (_("已结"), END_STATES),
}
ALL = _("全部")


def first_levels() -> list[tuple[str, str]]:
    """First-level categories, kept in the cache: the list names them on each page."""
    rows = kept(
        "categories",
        lambda: list(Category.objects.filter(parent=None).order_by("position").values_list("pk", "name", "name_en")),
    )
    in_english = get_language() == "en"
    return [(str(pk), (in_english and english) or name) for pk, name, english in rows]


class IssueFilter(forms.Form):
    """The address of the list is this filter; what makes no sense in it filters nothing."""

    q = forms.CharField(label=_("编号、标题、企业"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    town = forms.ChoiceField(label=_("镇街"), required=False)
    department = forms.ChoiceField(label=_("主办"), required=False)
    category = forms.ChoiceField(label=_("类别"), required=False)
    urgency = forms.ChoiceField(label=_("缓急"), required=False)
    due = forms.ChoiceField(
        label=_("期限"), required=False, choices=[("", ALL), ("over", _("已超期")), ("soon", _("将到期")), ("hold", _("暂停"))]
    )  # fmt: skip
    whose = forms.ChoiceField(
        label=_("范围"), required=False,
        choices=[("", ALL), ("mine", _("在我手上")), ("follow", _("我跟进的")), ("watched", _("我关注的"))],
    )  # fmt: skip
    since = forms.DateField(label=_("登记自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        district = next(iter(sorted(user.scope.member_of)), None)
        choices: dict[str, list[Any]] = {
            "state": [(key, label) for key, (label, _states) in STATE_GROUPS.items()]
            + [(_("单个状态"), list(IssueState.choices))],
            "town": [(str(unit.id), unit.short_name or unit.name) for unit in towns(district)] if district else [],
            "department": [(str(unit.id), unit.short_name or unit.name) for unit in departments(district)]
            if district
            else [],
            "category": first_levels(),
            "urgency": [(str(value), label) for value, label in Urgency.choices],
        }
        for name, rows in choices.items():
            self.fields[name].choices = [("", ALL), *rows]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked for and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def queryset(self) -> IssueQuerySet:
        return self.filter(Issue.objects.visible_to(self.user))

    def filter(self, issues: IssueQuerySet) -> IssueQuerySet:
        wanted = self.wanted
        if text := wanted.get("q", "").strip():
            issues = issues.filter(search_issues(text))
        if state := wanted.get("state"):
            states = STATE_GROUPS[state][1] if state in STATE_GROUPS else {state}
            issues = issues.filter(state__in=states)
        for name, column in (
            ("town", "town"), ("department", "lead_department"), ("urgency", "urgency"),
        ):  # fmt: skip
            if name in wanted:
                issues = issues.filter(**{column: wanted[name]})
        if "category" in wanted:
            issues = issues.filter(Q(category__parent=wanted["category"]) | Q(category=wanted["category"]))
        issues = self._by_day(issues, wanted.get("since"), wanted.get("until"))
        issues = self._by_due(issues, wanted.get("due", ""))
        return self._by_person(issues, wanted.get("whose", ""))

    def _by_day(self, issues: IssueQuerySet, since: datetime.date | None, until: datetime.date | None) -> IssueQuerySet:
        def start(day: datetime.date) -> datetime.datetime:
            return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))

        if since:
            issues = issues.filter(registered_at__gte=start(since))
        if until:
            issues = issues.filter(registered_at__lt=start(until + datetime.timedelta(days=1)))
        return issues

    def _by_due(self, issues: IssueQuerySet, due: str) -> IssueQuerySet:
        today = timezone.localdate()
        match due:
            case "over":
                return issues.overdue(today)
            case "soon":
                return issues.open().filter(
                    deadline__soon_on__lte=today, deadline__due_on__gte=today, deadline__met_on=None,
                    deadline__paused_on=None,
                )  # fmt: skip
            case "hold":
                return issues.filter(deadline__paused_on__isnull=False)
        return issues

    def _by_person(self, issues: IssueQuerySet, whose: str) -> IssueQuerySet:
        match whose:
            case "mine":
                return issues.in_hands_of(self.user)
            case "follow":
                return issues.filter(liaison=self.user)
            case "watched":
                watched = self.user.watches.filter(kind="issue").values("case_id")
                return issues.filter(pk__in=watched)
        return issues


class RegisterForm(forms.Form):
    """热线, 会议, 来信来访: an issue that comes by another way than a visit."""

    source = forms.ChoiceField(
        label=_("来源"), choices=[(v, w) for v, w in IssueSource.choices if v != IssueSource.VISIT], widget=forms.RadioSelect,
        initial=IssueSource.HOTLINE,
    )  # fmt: skip
    enterprise = forms.UUIDField(required=False, widget=forms.HiddenInput)
    target_name = Text(label=_("单位"), max_length=100, required=False)
    town = forms.TypedChoiceField(label=_("镇街"), coerce=int, empty_value=None, required=False)
    title = Text(label=_("问题是什么"), max_length=120, widget=forms.Textarea(attrs={"rows": 2}))
    category = forms.ModelChoiceField(label=_("类别"), queryset=Category.objects.filter(is_active=True))
    urgency = forms.TypedChoiceField(
        label=_("轻重缓急"), choices=Urgency.choices, coerce=int, initial=Urgency.NORMAL, widget=forms.RadioSelect
    )
    claimant_kind = forms.ChoiceField(
        label=_("反映人"), choices=ClaimantKind.choices, initial=ClaimantKind.PERSON, widget=forms.RadioSelect
    )
    claimant_name = Name(label=_("反映人姓名"), required=False)
    claimant_phone = Phone(label=_("反映人电话"))
    claimant_count = forms.IntegerField(label=_("涉及人数"), min_value=1, max_value=100_000, initial=1)
    demand = paragraph(_("诉求"), 2000, 2, required=False)
    description = paragraph(_("情况"), 5000, 4, required=False)
    raised_on = Day(label=_("反映日期"), required=False)
    handling = forms.ChoiceField(
        label=_("怎么办"), choices=Handling.choices, initial=Handling.SUBMIT, widget=forms.RadioSelect
    )
    explanation = paragraph(_("怎么解释的"), 2000, 2, required=False)
    understood = forms.BooleanField(label=_("反映人表示明白，当场办结"), required=False)
    hide_from_firm = forms.BooleanField(label=_("反映人对企业保密"), required=False, initial=True)
    new_employment = forms.BooleanField(label=_("新就业形态"), required=False)
    is_sensitive = forms.BooleanField(label=_("敏感"), required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        district = next(iter(sorted(user.scope.member_of)), None)
        units = towns(district) if district else []
        # A town's own people choose among their towns only.
        if not user.scope.districts:
            units = [unit for unit in units if unit.id in user.scope.towns]
        self.fields["town"].choices = [("", _("随单位")), *((unit.id, unit.short_name or unit.name) for unit in units)]  # type: ignore[attr-defined]
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]

    def clean_enterprise(self) -> Enterprise | None:
        pk = self.cleaned_data["enterprise"]
        if pk is None:
            return None
        found = Enterprise.objects.visible_to(self.user).filter(pk=pk).select_related("town").first()
        if found is None:
            raise forms.ValidationError(_("名录里没有这家单位，请重新选择。"))
        return found

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not found.get("enterprise") and not found.get("town") and not self.errors.get("enterprise"):
            self.add_error("town", _("没有选名录里的单位时，请选择镇街。"))
        return found

    def draft(self) -> IssueDraft:
        found = dict(self.cleaned_data)
        name = found.pop("target_name")
        town = found.pop("town")
        if name and not found["enterprise"]:
            found["description"] = "\n".join(
                filter(None, [labelled(self.fields["target_name"].label, name), found["description"]])
            )
        return IssueDraft(**found, town=Organisation.objects.get(pk=town) if town else None)
