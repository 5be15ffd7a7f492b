"""One form a verb of an exchange or a decision: shape and wording only, the rules are the action's."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.casework.deadlines import working_day_after
from unionops.casework.reference import colleagues
from unionops.org.enums import CASE_ROLES
from unionops.org.forms.fields import Day, Text
from unionops.org.models import Organisation, User
from visits.forms.steps import UnitField, UnitsField, paragraph
from visits.models import Issue

from ..enums import DecisionKind, DecisionVerb, ExchangeVerb
from ..models import Decision, Exchange

# Working days that a decision has unless somebody writes another date.
USUAL_DAYS = 15
MINUTE = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
    return forms.DateTimeField(label=label, widget=widget, **options)


class PersonField(forms.TypedChoiceField):
    """Somebody who works on cases in the district today; the choices come with the district."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **options)

    def fill(self, district_id: int, *, also: User | None = None) -> None:
        rows = [(pk, f"{name} · {place}") for pk, name, place, _keys in colleagues(district_id, CASE_ROLES)]
        if also is not None and also.pk not in {pk for pk, _words in rows}:
            rows.insert(0, (also.pk, also.name))
        self.choices = [("", _("请选择")), *rows]


def person_of(pk: int) -> User:
    return User.objects.get(pk=pk)


class VerbForm(forms.Form):
    """What a verb asks for. ``arguments()`` are the keywords of its action."""

    submit: ClassVar[str | Promise] = ""
    after: ClassVar[str | Promise] = ""
    spans: ClassVar[dict[str, int]] = {}
    looks: ClassVar[dict[str, str]] = {}
    rows: ClassVar[None] = None

    def __init__(self, data: Any = None, *, thing: Exchange | Decision) -> None:
        super().__init__(data, initial=self.suggested(thing))
        self.thing = thing
        self.prepare()

    def suggested(self, thing: Any) -> dict[str, Any]:
        return {}

    def prepare(self) -> None:
        """Fill what depends on the district."""

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class HoldForm(VerbForm):
    submit = _("开会")
    after = _("开会以后议程不再更新，可以写纪要和议定事项")
    spans: ClassVar = {"held_at": 4, "place": 8}
    held_at = moment_field(_("召开时间"))
    place = Text(label=_("地点"), max_length=60, required=False)

    def suggested(self, thing: Exchange) -> dict[str, Any]:
        return {"held_at": timezone.localtime().strftime(MINUTE), "place": thing.place}


class ReasonForm(VerbForm):
    submit = _("确定")
    reason = paragraph(_("理由"), 200, 2)


class PutOffForm(ReasonForm):
    submit = _("延期召开")
    after = _("参会人会收到通知")


class PlanForm(VerbForm):
    submit = _("重新排期")
    after = _("参会人会收到通知")
    spans: ClassVar = {"planned_at": 4, "place": 8}
    planned_at = moment_field(_("计划时间"))
    place = Text(label=_("地点"), max_length=60, required=False)

    def suggested(self, thing: Exchange) -> dict[str, Any]:
        return {"place": thing.place}


class SignForm(VerbForm):
    submit = _("签发纪要")
    after = _("签发后不能再改，参会人会收到通知")


class ReopenForm(ReasonForm):
    submit = _("退回修改")


class ReportForm(VerbForm):
    submit = _("报告完成")
    after = _("下次月交流确认")
    result = paragraph(_("落实情况"), 2000)

    def suggested(self, thing: Decision) -> dict[str, Any]:
        return {"result": thing.result}


class ConfirmForm(VerbForm):
    submit = _("确认落实")
    note = Text(label=_("说明"), max_length=200, required=False)


class ReturnForm(VerbForm):
    submit = _("退回再办")
    spans: ClassVar = {"reason": 8, "due_on": 4}
    reason = Text(label=_("还差什么"), max_length=200)
    due_on = Day(label=_("新的期限"))

    def suggested(self, thing: Decision) -> dict[str, Any]:
        return {"due_on": max(thing.due_on, timezone.localdate())}


class ChangeForm(VerbForm):
    submit = _("调整")
    spans: ClassVar = {"owner": 4, "due_on": 3, "reason": 5}
    owner = PersonField(label=_("责任人"))
    due_on = Day(label=_("完成期限"))
    reason = Text(label=_("理由"), max_length=200)

    def suggested(self, thing: Decision) -> dict[str, Any]:
        return {"owner": thing.owner_id, "due_on": thing.due_on}

    def prepare(self) -> None:
        assert isinstance(self.thing, Decision)
        self.fields["owner"].fill(self.thing.district_id, also=self.thing.owner)  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "owner": person_of(self.cleaned_data["owner"])}


class WithdrawForm(ReasonForm):
    submit = _("不再办理")


class DecideForm(VerbForm):
    """A decision; with a step the issue and what that step needs."""

    submit = _("记下议定事项")
    after = _("进责任人的待办，排在下次议程的最前面")
    spans: ClassVar = {"owner": 6, "due_on": 6, "issue": 6, "department": 6}
    looks: ClassVar = {"kind": "segments", "participants": "chips"}
    text = paragraph(_("议定了什么"), 500, 2)
    owner = PersonField(label=_("责任人"))
    due_on = Day(label=_("完成期限"))
    kind = forms.ChoiceField(label=_("怎么落实"), choices=DecisionKind.choices, widget=forms.RadioSelect)
    issue = forms.TypedChoiceField(label=_("议程上的诉求"), required=False, coerce=str, empty_value="")
    department = UnitField(label=_("交办给"), required=False)
    participants = UnitsField(label=_("会诊参加单位"), required=False)

    def suggested(self, thing: Exchange) -> dict[str, Any]:
        return {"kind": DecisionKind.TASK, "due_on": working_day_after(timezone.localdate(), USUAL_DAYS)}

    def prepare(self) -> None:
        assert isinstance(self.thing, Exchange)
        district = self.thing.district_id
        self.fields["owner"].fill(district)  # type: ignore[attr-defined]
        self.fields["department"].fill(district)  # type: ignore[attr-defined]
        self.fields["participants"].fill(district)  # type: ignore[attr-defined]
        self.issues = {
            str(item.issue_id): item.issue
            for item in self.thing.items.filter(issue__isnull=False, dropped=False).select_related("issue")
        }
        self.fields["issue"].choices = [  # type: ignore[attr-defined]
            ("", _("不涉及诉求")),
            *(
                (pk, f"{issue.number} {issue.title[:24]}")
                for pk, issue in self.issues.items()
                if isinstance(issue, Issue)
            ),
        ]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        kind = found.get("kind")
        if kind and kind != DecisionKind.TASK and not found.get("issue") and "issue" not in self.errors:
            self.add_error("issue", _("请选择议程上的一件诉求。"))
        if kind == DecisionKind.DISPATCH and not found.get("department") and "department" not in self.errors:
            self.add_error("department", _("请选择交办给哪个科室。"))
        if kind == DecisionKind.CONSULT and not found.get("participants") and "participants" not in self.errors:
            self.add_error("participants", _("请选择参加会诊的单位。"))
        return found

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        units = Organisation.objects.in_bulk([pk for pk in (found["department"], *found["participants"]) if pk])
        return {
            "text": found["text"], "owner": person_of(found["owner"]), "due_on": found["due_on"], "kind": found["kind"],
            "issue": self.issues.get(found["issue"]), "department": units.get(found["department"]),
            "participants": [units[pk] for pk in found["participants"]],
        }  # fmt: skip


EXCHANGE_FORMS: dict[str, type[VerbForm]] = {
    ExchangeVerb.HOLD: HoldForm,
    ExchangeVerb.PUT_OFF: PutOffForm,
    ExchangeVerb.PLAN: PlanForm,
    ExchangeVerb.SIGN: SignForm,
    ExchangeVerb.REOPEN: ReopenForm,
}
DECISION_FORMS: dict[str, type[VerbForm]] = {
    DecisionVerb.REPORT: ReportForm,
    DecisionVerb.CONFIRM: ConfirmForm,
    DecisionVerb.RETURN: ReturnForm,
    DecisionVerb.CHANGE: ChangeForm,
    DecisionVerb.WITHDRAW: WithdrawForm,
}
