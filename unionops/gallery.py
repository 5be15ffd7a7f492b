"""Every component on one page, light and dark: for whoever changes a template or the style sheet. Routed in development only."""

from __future__ import annotations

import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

KINDS = [("wage", "工资"), ("safety", "安全隐患"), ("food", "食堂"), ("other", "其他")]
RESULTS = [
    ("resolved", "已解决"), ("partly", "部分解决"), ("explained", "解释认可"), ("planned", "纳入计划"),
    ("limits", "政策所限"), ("unfounded", "不属实"),
]  # fmt: skip
WAYS = [("phone", "电话"), ("face", "当面"), ("writing", "书面")]


class AnswerForm(forms.Form):
    result = forms.ChoiceField(label="结果", choices=RESULTS, widget=forms.RadioSelect)
    text = forms.CharField(label="答复内容", widget=forms.Textarea, max_length=5000)
    amount = forms.DecimalField(label="追回（元）", required=False)
    workers = forms.IntegerField(label="受益（人）", required=False)
    way = forms.ChoiceField(label="反馈方式", choices=WAYS)
    on = forms.DateField(label="反馈日期", widget=forms.DateInput(attrs={"type": "date"}))
    policies = forms.MultipleChoiceField(
        label="宣传的政策", choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    grade = forms.ChoiceField(
        label="职工状态",
        choices=[("good", "良好"), ("attention", "关注"), ("problem", "问题")],
        widget=forms.RadioSelect,
    )
    secret = forms.BooleanField(label="反映人对企业保密", required=False)
    paper = forms.FileField(label="附件", required=False, help_text="照片、PDF、Word 或 Excel，每份不超过 20 MB。")


class IssueFilter(forms.Form):
    q = forms.CharField(label="标题、单位、编号", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *KINDS], required=False)
    state = forms.ChoiceField(
        label="状态", choices=[("", "全部"), ("handling", "办理中"), ("followup", "待回访")], required=False
    )
    since = forms.DateField(label="自", required=False)
    late = forms.BooleanField(label="只看超期", required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="为什么要看", max_length=200)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components; a posted form comes back with its errors, as pages do."""
    good = {"result": "resolved", "text": "企业已按约定工资基数重算 9、10 月加班费，11-19 补发 4,236.00 元。", "amount": "4236.00",
            "workers": 6, "way": "phone", "on": datetime.date(2026, 11, 19), "grade": "good", "policies": ["wage"]}  # fmt: skip
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm(initial=good)
    wrong = AnswerForm(
        {"result": "", "text": "", "amount": "四千", "way": "phone", "on": "2026-02-30", "grade": ""},
        auto_id="wrong_%s",
    )
    context = {
        "form": form,
        "wrong": wrong,
        "filter": IssueFilter({"kind": "wage"}),
        "reason": ReasonForm(),
        "today": datetime.date(2026, 11, 20),
    }
    return render(request, "gallery.html", context)
