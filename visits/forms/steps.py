"""One form a verb: shape and wording only, the rules are the action's."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms
from django.forms import formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.casework.enums import Satisfaction, Urgency, Way
from unionops.casework.reference import units
from unionops.org.enums import OrganisationKind
from unionops.org.forms.fields import Day, Text
from unionops.org.models import Organisation, User

from ..actions.steps import TaskDraft
from ..enums import AnswerWay, PauseReason, ResultKind, Verb, results_in
from ..models import Issue
from ..queries import bases_at_hand
from ..ways import outcome_of

# Whose people can sign for an issue.
LEADING = (OrganisationKind.DEPARTMENT, OrganisationKind.MEDIATION_CENTRE, OrganisationKind.TOWN)
MOST_TASKS = 10


def paragraph(label: Any, most: int = 1000, rows: int = 3, **options: Any) -> Text:
    return Text(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


PLEASE_CHOOSE = _("请选择")


class Money(forms.DecimalField):
    """Yuan as people write them: 4,236.00, 4236, 4，236。"""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"required": False, "min_value": 0, "max_digits": 14, "decimal_places": 2, "localize": False,
               "widget": forms.TextInput(attrs={"inputmode": "decimal"}), **options}
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").replace("，", "").strip() if isinstance(value, str) else value)


class UnitField(forms.TypedChoiceField):
    """An organisation of the district that is valid today; its choices come from the form's district."""

    def __init__(self, *kinds: str, empty: str | Promise = PLEASE_CHOOSE, **options: Any) -> None:
        self.kinds = kinds or LEADING
        self.empty = empty
        super().__init__(coerce=int, empty_value=None, **options)

    def fill(self, district_id: int) -> None:
        found = sorted(units(district_id, *self.kinds), key=lambda unit: self.kinds.index(unit.kind))
        rows = [(unit.id, unit.short_name or unit.name) for unit in found]
        self.choices = [("", self.empty), *rows]


class UnitsField(forms.TypedMultipleChoiceField):
    def __init__(self, *kinds: str, **options: Any) -> None:
        self.kinds = kinds or LEADING
        super().__init__(coerce=int, widget=forms.CheckboxSelectMultiple, **options)

    def fill(self, district_id: int) -> None:
        # Kind by kind: who is asked most stands first.
        found = sorted(units(district_id, *self.kinds), key=lambda unit: self.kinds.index(unit.kind))
        self.choices = [(unit.id, unit.short_name or unit.name) for unit in found]


class TaskForm(forms.Form):
    """One row of a list of tasks; a row without words is no task."""

    what = Text(label=_("事项"), max_length=200, required=False)
    organisation = UnitField(label=_("责任单位"), required=False, empty=_("主办科室"))
    due_on = Day(label=_("完成期限"), required=False)

    def __init__(self, *args: Any, district_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].fill(district_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("what") and not found.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("请写完成期限。"))
        if found.get("due_on") and not found.get("what") and "what" not in self.errors:
            self.add_error("what", _("请写要做什么。"))
        return found


TaskRows = formset_factory(TaskForm, extra=2, max_num=MOST_TASKS, validate_max=True)


class StepForm(forms.Form):
    """What a verb asks for. ``arguments()`` are the keywords of its action."""

    # Words of the button and of what follows.
    submit: ClassVar[str | Promise] = ""
    after: ClassVar[str | Promise] = ""
    # The column width (of 12) of each field that is not whole, and how choices are drawn.
    spans: ClassVar[dict[str, int]] = {}
    looks: ClassVar[dict[str, str]] = {}
    # The name under which tasks go to the action.
    tasks: ClassVar[str] = ""
    units: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, *, user: User, issue: Issue) -> None:
        super().__init__(data, initial=self.suggested(issue), prefix=None)
        self.user, self.issue = user, issue
        for field in self.fields.values():
            if isinstance(field, UnitField | UnitsField):
                field.fill(issue.district_id)
        self.rows = (
            TaskRows(data, prefix="task", form_kwargs={"district_id": issue.district_id}) if self.tasks else None
        )

    def suggested(self, issue: Issue) -> dict[str, Any]:
        return {}

    def is_valid(self) -> bool:
        return super().is_valid() and (self.rows is None or self.rows.is_valid())

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        wanted = {key for name in self.units for key in _ids(found.get(name))}
        if self.rows is not None:
            wanted |= {row["organisation"] for row in self._task_rows() if row.get("organisation")}
        known = Organisation.objects.in_bulk(wanted) if wanted else {}
        for name in self.units:
            value = found.get(name)
            found[name] = [known[key] for key in value] if isinstance(value, list) else known.get(value)
        if self.rows is not None:
            found[self.tasks] = [
                TaskDraft(what=row["what"], due_on=row["due_on"], organisation=known.get(row.get("organisation")))
                for row in self._task_rows()
            ]
        return found

    def _task_rows(self) -> list[dict[str, Any]]:
        assert self.rows is not None
        return [row for row in self.rows.cleaned_data if row.get("what")]


def _ids(value: Any) -> list[int]:
    return value if isinstance(value, list) else [value] if value else []


class Offered(forms.TextInput):
    """A line under which scripts put what is at hand, to be chosen by one tap."""

    def __init__(self, *offers: str) -> None:
        super().__init__(attrs={"data-unionops-offers": json.dumps(offers, ensure_ascii=False)})


class ExplainForm(StepForm):
    submit = _("记下解释")
    after = _("表示明白的，当场办结")
    looks: ClassVar = {"understood": "segments"}
    explanation = paragraph(_("怎么解释的"), 2000)
    basis = Text(label=_("政策依据"), max_length=200, widget=Offered())
    understood = forms.TypedChoiceField(
        label=_("反映人"), choices=[("1", _("表示明白，当场办结")), ("0", _("还没弄明白"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "1",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User, issue: Issue) -> None:
        super().__init__(data, user=user, issue=issue)
        self.fields["basis"].widget = Offered(*bases_at_hand(user, issue))


class CloseExplainedForm(StepForm):
    submit = _("办结")
    after = _("记为即办件，不占办理天数")


class SubmitForm(StepForm):
    submit = _("提交")
    after = _("提交后笔交给督办岗交办")
    units: ClassVar = ("department",)
    spans: ClassVar = {"department": 4, "note": 8}
    department = UnitField(label=_("建议科室"), required=False, empty=_("由交办岗定"))
    note = Text(label=_("补充说明"), max_length=1000, required=False)

    def suggested(self, issue: Issue) -> dict[str, Any]:
        return {"department": issue.suggested_department_id}


class ReasonForm(StepForm):
    submit = _("确定")
    reason = paragraph(_("理由"))


class ReturnForm(ReasonForm):
    submit = _("退回补正")
    after = _("退给跟进人补正")


class DispatchForm(StepForm):
    submit = _("交办")
    after = _("主办科室要按时限签收")
    units: ClassVar = ("department", "helping")
    spans: ClassVar = {"department": 4, "urgency": 8}
    looks: ClassVar = {"urgency": "segments", "helping": "chips"}
    department = UnitField(label=_("主办科室"))
    urgency = forms.TypedChoiceField(label=_("轻重缓急"), choices=Urgency.choices, coerce=int, widget=forms.RadioSelect)
    helping = UnitsField(OrganisationKind.DEPARTMENT, label=_("协办科室"), required=False)
    note = Text(label=_("交办意见"), max_length=1000, required=False)

    def suggested(self, issue: Issue) -> dict[str, Any]:
        return {
            "department": issue.lead_department_id or issue.suggested_department_id,
            "urgency": issue.urgency,
        }


class SignForForm(StepForm):
    submit = _("签收")
    after = _("签收后由您经办")


class DeclineForm(ReasonForm):
    submit = _("申请退单")
    after = _("只能退一次，由分管领导裁定")


class ConsultForm(StepForm):
    submit = _("发起会诊")
    after = _("参加单位会收到通知")
    units: ClassVar = ("participants",)
    spans: ClassVar = {"planned_at": 4, "place": 8}
    looks: ClassVar = {"participants": "chips"}
    question = paragraph(_("要会诊的问题"))
    participants = UnitsField(*LEADING, OrganisationKind.AGENCY, label=_("参加单位"))
    planned_at = forms.DateTimeField(
        label=_("会诊时间"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    place = Text(label=_("地点"), max_length=60, required=False)


class ConcludeForm(StepForm):
    submit = _("写入会诊结论")
    after = _("回到办理，任务进责任单位的待办")
    tasks = "tasks"
    minutes = paragraph(_("会诊结论"), 5000, 5)


class ProposePlanForm(StepForm):
    submit = _("报分管领导批")
    tasks = "milestones"
    spans: ClassVar = {"measure": 6, "roadmap": 6, "responsible": 4, "due_on": 4}
    measure = paragraph(_("整改措施"), 2000)
    roadmap = paragraph(_("路线图"), 2000)
    responsible = Text(label=_("责任人"), max_length=60)
    due_on = Day(label=_("完成期限"))


class NoteForm(StepForm):
    submit = _("确定")
    note = Text(label=_("说明"), max_length=1000, required=False)


class PlanForm(NoteForm):
    submit = _("批准列入限期整改")
    after = _("期限改为整改清单约定的日期")


class SuspendForm(StepForm):
    submit = _("挂起")
    after = _("到恢复日期会提醒")
    spans: ClassVar = {"resume_on": 4, "note": 8}
    looks: ClassVar = {"reason": "picks"}
    reason = forms.ChoiceField(label=_("事由"), choices=PauseReason.choices, widget=forms.RadioSelect)
    resume_on = Day(label=_("恢复日期"))
    note = Text(label=_("说明"), max_length=1000, required=False)


class ResumeForm(NoteForm):
    submit = _("恢复办理")
    after = _("期限从今天接着算")


class TransferForm(StepForm):
    submit = _("转出")
    after = _("主办科室仍要跟踪答复")
    spans: ClassVar = {"body": 5, "letter_number": 4, "receipt": 3}
    body = Text(label=_("转给哪个单位"), max_length=100)
    letter_number = Text(label=_("函号"), max_length=60)
    receipt = Text(label=_("签收情况"), max_length=100, required=False)


class ConvertForm(StepForm):
    submit = _("转专案")
    after = _("专案办结后再反馈这件诉求")
    spans: ClassVar = {"linked_case": 4, "note": 8}
    linked_case = Text(label=_("专案编号"), max_length=60)
    note = Text(label=_("说明"), max_length=1000, required=False)


class AnswerForm(StepForm):
    submit = _("提交反馈")
    after = _("提交后笔交给回访人")
    spans: ClassVar = {"result_text": 12, "amount_recovered": 3, "workers_benefited": 3, "answer_way": 6}
    looks: ClassVar = {"result_kind": "picks", "answer_way": "segments"}
    result_kind = forms.ChoiceField(label=_("结果"), widget=forms.RadioSelect)
    result_text = paragraph(_("答复内容"), 5000)
    amount_recovered = Money(label=_("追回（元）"))
    workers_benefited = forms.IntegerField(label=_("受益（人）"), required=False, min_value=0, max_value=1_000_000)
    answer_way = forms.ChoiceField(label=_("反馈方式"), choices=AnswerWay.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, issue: Issue, **options: Any) -> None:
        super().__init__(*args, issue=issue, **options)
        kinds = [(kind.value, kind.label) for kind in results_in(issue.state)]
        self.fields["result_kind"].choices = kinds  # type: ignore[attr-defined]

    def suggested(self, issue: Issue) -> dict[str, Any]:
        return {"result_kind": ResultKind.RESOLVED, "answer_way": AnswerWay.PHONE} | outcome_of(issue)

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        return {name: value for name, value in found.items() if value is not None}


class ConfirmForm(StepForm):
    submit = _("回访办结")
    looks: ClassVar = {"way": "segments", "satisfaction": "segments"}
    way = forms.ChoiceField(label=_("回访方式"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.PHONE)
    satisfaction = forms.ChoiceField(
        label=_("反映人评价"), choices=Satisfaction.choices, widget=forms.RadioSelect, required=False
    )
    note = paragraph(_("回访记录"), 2000, required=False)


class ReopenForm(StepForm):
    submit = _("退回重办")
    after = _("笔交给分管领导重新交办")
    looks: ClassVar = {"way": "segments"}
    way = forms.ChoiceField(label=_("回访方式"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.PHONE)
    reason = paragraph(_("反映人为什么不满意"))


class MergeForm(StepForm):
    submit = _("合并")
    after = _("这件诉求随目标一起办，不能撤回")
    spans: ClassVar = {"into": 4, "reason": 8}
    into = Text(label=_("合并到（编号）"), max_length=20)
    reason = Text(label=_("理由"), max_length=1000)

    def clean_into(self) -> Issue:
        number = self.cleaned_data["into"].strip().upper()
        found = Issue.objects.visible_to(self.user).filter(district=self.issue.district_id, number=number).first()
        if found is None:
            raise forms.ValidationError(_("没有编号为 %(number)s 的诉求。"), params={"number": number})
        return found


class VoidForm(ReasonForm):
    submit = _("作废")
    after = _("作废后不计入统计，不能撤回")


class AppealForm(ReasonForm):
    submit = _("重新办理")


FORMS: dict[str, type[StepForm]] = {
    Verb.EXPLAIN: ExplainForm,
    Verb.CLOSE_EXPLAINED: CloseExplainedForm,
    Verb.SUBMIT: SubmitForm,
    Verb.RETURN: ReturnForm,
    Verb.DISPATCH: DispatchForm,
    Verb.SIGN_FOR: SignForForm,
    Verb.DECLINE: DeclineForm,
    Verb.CONSULT: ConsultForm,
    Verb.CONCLUDE: ConcludeForm,
    Verb.PROPOSE_PLAN: ProposePlanForm,
    Verb.PLAN: PlanForm,
    Verb.SUSPEND: SuspendForm,
    Verb.RESUME: ResumeForm,
    Verb.TRANSFER: TransferForm,
    Verb.CONVERT: ConvertForm,
    Verb.ANSWER: AnswerForm,
    Verb.CONFIRM: ConfirmForm,
    Verb.REOPEN: ReopenForm,
    Verb.MERGE: MergeForm,
    Verb.VOID: VoidForm,
    Verb.APPEAL: AppealForm,
}
