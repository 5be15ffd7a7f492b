"""Forms of the quarterly analysis: shape and wording only, the rules are the actions'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.insight.periods import Period
from unionops.jinja import short_day
from unionops.org.forms.fields import Day, Text
from unionops.org.models import Organisation, User

from ..models import Issue, Visit
from .enums import MOST_CHARACTERS, AnalysisVerb
from .models import Analysis, Reflection

# As many visits and issues of a quarter are offered for linking.
MOST_LINKS = 40


class StepForm(forms.Form):
    """What a verb asks for; ``arguments()`` are the keywords of its action."""

    submit: ClassVar[str | Promise] = ""
    after: ClassVar[str | Promise] = ""
    spans: ClassVar[dict[str, int]] = {}
    looks: ClassVar[dict[str, str]] = {}
    rows: ClassVar[None] = None

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def paragraph(label: Any, rows: int = 3, most: int = 1000, **options: Any) -> Text:
    return Text(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


class SubmitForm(StepForm):
    submit = _("送审")
    after = _("送审后正文和数字不再改，由分管领导审签")


class ReviewForm(StepForm):
    submit = _("审核通过")
    after = _("报主要领导签发")


class SignForm(StepForm):
    submit = _("签发")
    after = _("签发后正文和数字都冻结")


class ReturnForm(StepForm):
    submit = _("退回修改")
    after = _("退给起草人")
    reason = paragraph(_("要改什么"))


class ReopenForm(StepForm):
    submit = _("重新打开")
    after = _("理由会一直留在这份季分析上")
    reason = paragraph(_("为什么重新打开"))


STEP_FORMS: dict[str, type[StepForm]] = {
    AnalysisVerb.SUBMIT: SubmitForm,
    AnalysisVerb.REVIEW: ReviewForm,
    AnalysisVerb.SIGN: SignForm,
    AnalysisVerb.RETURN: ReturnForm,
    AnalysisVerb.REOPEN: ReopenForm,
}


class RefreshForm(StepForm):
    submit = _("重新取数")
    after = _("没改过的部分跟着变；改过的部分会标出对不上的句子")
    spans: ClassVar = {"cut_off": 4}
    cut_off = Day(label=_("截止日"))

    def __init__(self, data: Any = None, *, analysis: Analysis) -> None:
        super().__init__(data, initial={"cut_off": analysis.cut_off})


class SectionForm(forms.Form):
    text = Text(label=_("正文"), max_length=MOST_CHARACTERS, required=False, widget=forms.Textarea)


class PrepareForm(forms.Form):
    """A past quarter, for everybody or for one."""

    period = forms.ChoiceField(label=_("季度"))
    subject = forms.TypedChoiceField(label=_("分析对象"), coerce=int, empty_value=None, required=False)

    def __init__(self, data: Any, *, quarters: Sequence[Period], subjects: Sequence[Organisation]) -> None:
        super().__init__(data)
        self.fields["period"].choices = [(quarter.code, quarter.label) for quarter in quarters]  # type: ignore[attr-defined]
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            ("", _("全区和各镇街")),
            *((unit.pk, str(unit)) for unit in subjects),
        ]


class ReflectionForm(forms.Form):
    title = Text(label=_("标题"), max_length=120, required=False)
    text = Text(
        label=_("正文"), max_length=MOST_CHARACTERS, required=False, widget=forms.Textarea,
        help_text=_("最多一万字。想写什么写什么：看到的变化、共性的原因、想试的办法。"),
    )  # fmt: skip
    visits = forms.MultipleChoiceField(label=_("相关走访"), required=False, widget=forms.CheckboxSelectMultiple)
    issues = forms.MultipleChoiceField(label=_("相关诉求"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, reflection: Reflection, user: User) -> None:
        first, last = reflection.quarter.first, reflection.quarter.last
        self.known_visits = {
            str(visit.pk): visit
            for visit in Visit.objects.visible_to(user)
            .filter(officers=user, visited_on__range=(first, last))
            .select_related("enterprise")
            .order_by("-visited_on", "pk")[:MOST_LINKS]
        }
        issues = Issue.objects.visible_to(user).filter(
            registered_by=user, registered_at__gte=reflection.quarter.start, registered_at__lt=reflection.quarter.end
        )
        self.known_issues = {str(issue.pk): issue for issue in issues.order_by("-registered_at", "pk")[:MOST_LINKS]}
        linked = {"visits": [], "issues": []} if data is not None else _linked(reflection)
        super().__init__(data, initial={"title": reflection.title, "text": reflection.text, **linked})
        self.fields["visits"].choices = [(key, _visit_words(visit)) for key, visit in self.known_visits.items()]  # type: ignore[attr-defined]
        self.fields["issues"].choices = [  # type: ignore[attr-defined]
            (key, f"{issue.number} {issue.title}") for key, issue in self.known_issues.items()
        ]

    def arguments(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "title": found["title"],
            "text": found["text"],
            "visits": [self.known_visits[key] for key in found["visits"]],
            "issues": [self.known_issues[key] for key in found["issues"]],
        }


def _linked(reflection: Reflection) -> dict[str, list[str]]:
    return {
        "visits": [str(pk) for pk in reflection.visits.values_list("pk", flat=True)],
        "issues": [str(pk) for pk in reflection.issues.values_list("pk", flat=True)],
    }


def _visit_words(visit: Visit) -> str:
    target = visit.target_name or (visit.enterprise.name if visit.enterprise else "")
    return f"{short_day(visit.visited_on)} {target}"


class ReturnReflectionForm(StepForm):
    submit = _("退回修改")
    after = _("退给作者")
    reason = paragraph(_("要改什么"))
