"""One form a step: shape and wording only, the rules are the action's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.casework.reference import colleagues, units
from unionops.org.enums import CASE_ROLES
from unionops.org.forms.fields import Day, Text
from unionops.org.models import User

from ...forms.steps import paragraph
from ...forms.visits import Folk
from ..enums import SUBMISSION_CHOICES, Kind, ReviewVerb, SubmissionVerb
from ..models import Criterion, PanelMember, Review, Subject, Submission

MOST_YEARS = 3


class Score(forms.DecimalField):
    """0 to 100, at most two decimals, as people type it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 2,
               "widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **options}
        )  # fmt: skip


class Asking(forms.Form):
    """``after`` says what follows from the step."""

    after: ClassVar[str | Promise] = ""
    submit: ClassVar[str | Promise] = ""
    spans: ClassVar[dict[str, int]] = {}
    looks: ClassVar[dict[str, str]] = {}

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class NothingForm(Asking):
    pass


class OpenForm(Asking):
    closes_on = Day(label=_("申报截止日"))
    after = _("开始以后，评议办法和评议对象就固定了，不能再改。")
    spans: ClassVar[dict[str, int]] = {"closes_on": 6}


class StartForm(Asking):
    after = _("转入评审以后不再收申报，可以抽取评委。")


class SettleForm(Asking):
    after = _("按截止日取数，算出名次、等次和奖项。")


class PublishForm(Asking):
    after = _("公示以后全区都能看，至少五个工作日内可以提异议。")


class ConfirmForm(Asking):
    after = _("定案以后结果不再改。")


class ReasonForm(Asking):
    reason = paragraph(_("理由"), most=500)


class ReopenForm(ReasonForm):
    after = _("公示会撤下，重新算出的结果另记一次。")


class WithdrawForm(Asking):
    after = _("撤回以后不再参评，也不能再提交。")


REVIEW_FORMS: dict[str, type[Asking]] = {
    ReviewVerb.OPEN: OpenForm,
    ReviewVerb.START: StartForm,
    ReviewVerb.SETTLE: SettleForm,
    ReviewVerb.PUBLISH: PublishForm,
    ReviewVerb.CONFIRM: ConfirmForm,
    ReviewVerb.REOPEN: ReopenForm,
}
SUBMISSION_FORMS: dict[str, type[Asking]] = {
    SubmissionVerb.SUBMIT: NothingForm,
    SubmissionVerb.RETURN: ReasonForm,
    SubmissionVerb.WITHDRAW: WithdrawForm,
}


class MakeForm(Asking):
    submit = _("建立")
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    cut_off = Day(label=_("数据截至"), required=False, help_text=_("不写就是当年 12 月 31 日。"))
    spans: ClassVar[dict[str, int]] = {"year": 6, "cut_off": 6}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, str(year)) for year in range(this, this - MOST_YEARS, -1)]  # type: ignore[attr-defined]


class ManualScoreForm(Asking):
    submit = _("保存")
    score = Score(label=_("得分"))
    note = Text(label=_("评语"), max_length=200, help_text=_("为什么是这个分，公示时和分数一起给大家看。"))
    spans: ClassVar[dict[str, int]] = {"score": 4, "note": 8}


class PanelForm(Asking):
    submit = _("保存")
    people = Folk(label=_("评委库"))
    after = _("抽取时只从评委库里抽。看得到作者的岗位不能当评委。")

    def __init__(self, data: Any = None, *, review: Review) -> None:
        present = list(PanelMember.objects.filter(review=review).values_list("user", flat=True))
        super().__init__(data, initial={"people": present})
        self.fields["people"].offer(colleagues(review.district_id, CASE_ROLES))  # type: ignore[attr-defined]

    def users(self) -> list[User]:
        return list(User.objects.filter(pk__in=self.cleaned_data["people"]))


class SubmissionForm(Asking):
    kind = forms.ChoiceField(label=_("类别"), choices=SUBMISSION_CHOICES, initial=Kind.RESEARCH)
    title = Text(label=_("题目"), max_length=120)
    organisation = forms.TypedChoiceField(label=_("申报单位"), coerce=int)
    people = Folk(label=_("合作者"), help_text=_("您自己是第一作者。"))
    other_authors = Text(label=_("系统外的作者"), max_length=200, required=False)
    text = paragraph(
        _("内容"), most=12000, rows=14, required=False,
        help_text=_("匿名评审：正文、题目和图片里不要写作者和单位。"),
    )  # fmt: skip
    effect = paragraph(_("成效或预期效益"), most=2000, rows=4, required=False)
    spans: ClassVar[dict[str, int]] = {"title": 8, "organisation": 4}
    looks: ClassVar[dict[str, str]] = {"kind": "segments"}

    def __init__(self, data: Any = None, *, review: Review, author: User, submission: Submission | None = None) -> None:
        initial: dict[str, Any] = {}
        if submission is not None:
            initial = {
                name: getattr(submission, name) for name in ("kind", "title", "other_authors", "text", "effect")
            } | {
                "organisation": submission.organisation_id,
                "people": list(submission.authors.exclude(user=author).values_list("user", flat=True)),
            }
        super().__init__(data, initial=initial)
        places = {place for _role, place in author.scope.posts}
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            (unit.id, unit.short_name or unit.name) for unit in units(review.district_id) if unit.id in places
        ]
        others = [person for person in colleagues(review.district_id, CASE_ROLES) if person.id != author.pk]
        self.fields["people"].offer(others)  # type: ignore[attr-defined]


class ObjectionForm(Asking):
    about = forms.ChoiceField(label=_("对哪一项"), required=False)
    text = paragraph(_("异议和理由"), most=2000, rows=5)
    after = _("提出人的姓名只有办理的人看得到。")

    def __init__(self, *args: Any, subjects: Sequence[Subject], submissions: Sequence[Submission], **options: Any):
        super().__init__(*args, **options)
        groups = [
            (str(kind.label), [(f"s{one.pk}", one.name) for one in subjects if one.kind == kind]) for kind in Kind
        ] + [(str(kind.label), [(f"p{one.pk}", one.title) for one in submissions if one.kind == kind]) for kind in Kind]
        self.fields["about"].choices = [("", _("整个评议")), *(group for group in groups if group[1])]  # type: ignore[attr-defined]


class AnswerForm(Asking):
    submit = _("答复")
    upheld = forms.TypedChoiceField(
        label=_("异议"), choices=[("1", _("成立")), ("0", _("不成立"))], coerce=lambda value: value == "1"
    )
    answer = paragraph(_("答复"), most=2000, rows=5)
    looks: ClassVar[dict[str, str]] = {"upheld": "segments"}


class AssignForm(Asking):
    reviewer = forms.TypedChoiceField(label=_("评委"), coerce=int)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reviewer"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]


class ScoreForm(Asking):
    """One field a criterion of the scheme."""

    comment = paragraph(_("评语"), most=1000, required=False, help_text=_("公示时不署名。"))

    def __init__(
        self, data: Any = None, *, criteria: Sequence[Criterion], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.criteria = criteria
        for one in criteria:
            self.fields[f"c{one.pk}"] = Score(
                label=one.name,
                help_text=_("权重 %(weight)s，0 到 100 分") % {"weight": f"{one.weight:f}".rstrip("0").rstrip(".")},
            )
        self.order_fields([*(f"c{one.pk}" for one in criteria), "comment"])

    def scores(self) -> dict[int, Any]:
        return {one.pk: self.cleaned_data[f"c{one.pk}"] for one in self.criteria}
