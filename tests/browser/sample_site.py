"""Pages for the component tests: the real templates with plain values, no database.

What the server would decide is decided by ``answers``; what it was sent is kept in ``received``.
"""

from __future__ import annotations

import datetime
import uuid
from types import SimpleNamespace

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.urls import include, path
from django.utils.html import format_html
from django.utils.translation import get_language, override

from unionops.casework import drafts
from unionops.gallery import AnswerForm, IssueFilter, ReasonForm
from visits.views.log import untouched

DAY = datetime.date(2026, 11, 20)
received: list[dict] = []
answers: dict[str, object] = {}

ROOMS = [("home", "工作台", "house-door"), ("visits", "走访", "journal-text"), ("issues", "诉求", "chat-square-text"),
         ("directory", "名录", "building"), ("settings", "设置", "gear")]  # fmt: skip
TABS = [("home", "工作台", "house-door", "/home/", False), ("todo", "待办", "list-check", "/todo/", False),
        ("log", "记走访", "pencil-square", "/visits/new/", True), ("directory", "名录", "building", "/directory/", False),
        ("me", "我的", "person", "/me/", False)]  # fmt: skip

ENTERPRISES = [
    {"id": 1, "name": "恒润纺织有限公司", "mark": [[0, 4]], "town": "斗门街道", "staff": 236, "key": True,
     "last_visit_days": 63, "credit_code": ""},
    {"id": 2, "name": "华瑞纺织印染有限公司", "mark": [[0, 4]], "town": "马山街道", "staff": 88, "key": False,
     "last_visit_days": 3, "credit_code": ""},
    {"id": 3, "name": "鸿睿纺织机械有限公司", "mark": [[0, 4]], "town": "灵芝街道", "staff": 41, "key": False,
     "last_visit_days": None, "credit_code": ""},
]  # fmt: skip

CATEGORIES = [
    ("", "请选择"),
    ("工资", [("1", "欠薪"), ("2", "加班费"), ("3", "最低工资")]),
    ("经费返还", [("5", "小微返还"), ("6", "经费拨缴")]),
    ("生产生活条件", [("9", "食堂"), ("10", "宿舍")]),
    ("99", "其他"),
]


class Folk(forms.CheckboxSelectMultiple):
    def create_option(self, *args, **options):
        return super().create_option(*args, **options) | {"place": "斗门街道", "keys": "hjg hujianguo hu jian guo"}


class VisitForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    enterprise = forms.IntegerField(required=False, widget=forms.HiddenInput)
    target_name = forms.CharField(label="走访哪家", max_length=100)
    target_type = forms.ChoiceField(label="走访对象", choices=[("enterprise", "企业"), ("station", "驿站")])
    town = forms.ChoiceField(label="镇街", required=False, choices=[("", "请选择"), ("1", "斗门街道")])
    visited_on = forms.DateField(label="走访日期", widget=forms.DateInput)
    started_at = forms.TimeField(label="开始", required=False)
    ended_at = forms.TimeField(label="结束", required=False)
    mode = forms.ChoiceField(
        label="走访方式", choices=[("site", "实地"), ("phone", "电话"), ("talk", "座谈")], widget=forms.RadioSelect
    )
    interviewee_count = forms.IntegerField(label="访谈人数", required=False)
    companions = forms.CharField(label="陪同人员", required=False)
    officers = forms.MultipleChoiceField(
        label="同行干部", required=False, choices=[("7", "胡建国"), ("8", "胡建华")], widget=Folk
    )
    contact_name = forms.CharField(label="联系人", required=False)
    contact_role = forms.CharField(label="职务", required=False)
    contact_phone = forms.CharField(label="电话", required=False)
    late_reason = forms.CharField(label="补录理由", required=False)
    policies = forms.MultipleChoiceField(
        label="宣传的政策",
        required=False,
        choices=[("refund", "经费返还"), ("mutual_aid", "医疗互助"), ("legal", "法律服务")],
        widget=forms.CheckboxSelectMultiple,
    )
    summary = forms.CharField(label="小结", required=False, widget=forms.Textarea)
    next_plan = forms.CharField(label="下次打算", required=False)
    place = forms.CharField(label="走访地点", required=False)
    photos = forms.FileField(label="照片", required=False)


for code, words in [("workers", "职工状态"), ("union", "工会活力"), ("employment", "劳动用工"), ("help", "帮扶举措"),
                    ("rights", "权益保障")]:  # fmt: skip
    VisitForm.base_fields[f"check-{code}"] = forms.ChoiceField(
        label=words,
        required=False,
        choices=[("good", "良好"), ("attention", "关注"), ("problem", "问题")],
        widget=forms.RadioSelect,
    )
    VisitForm.base_fields[f"check-{code}-note"] = forms.CharField(label=words, required=False)


class IssueForm(forms.Form):
    title = forms.CharField(label="问题是什么", max_length=120, widget=forms.Textarea)
    category = forms.ChoiceField(label="类别", choices=CATEGORIES)
    urgency = forms.ChoiceField(
        label="轻重缓急",
        choices=[("1", "特急"), ("2", "急"), ("3", "一般"), ("4", "缓")],
        initial="3",
        widget=forms.RadioSelect,
    )
    handling = forms.ChoiceField(
        label="怎么办",
        choices=[("explain", "当场解释"), ("submit", "提交"), ("keep", "先记着")],
        initial="submit",
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(label="怎么解释的", required=False, widget=forms.Textarea)
    explanation_basis = forms.CharField(
        label="政策依据", required=False, widget=forms.TextInput(attrs={"data-unionops-offers": "[]"})
    )
    understood = forms.ChoiceField(
        label="对方明白了吗",
        required=False,
        choices=[("True", "表示明白"), ("False", "没有明白")],
        widget=forms.RadioSelect,
    )
    department = forms.ChoiceField(
        label="建议科室", required=False, choices=[("", "按类别分派"), ("11", "权保部"), ("12", "财务部")]
    )
    demand = forms.CharField(label="诉求", required=False, widget=forms.Textarea)
    description = forms.CharField(label="情况", required=False, widget=forms.Textarea)
    claimant_kind = forms.ChoiceField(
        label="反映人",
        choices=[("person", "职工"), ("anonymous", "匿名")],
        initial="anonymous",
        widget=forms.RadioSelect,
    )
    claimant_name = forms.CharField(label="姓名", required=False)
    claimant_phone = forms.CharField(label="电话", required=False)
    claimant_count = forms.IntegerField(label="涉及人数", required=False, initial=1)
    hide_from_firm = forms.BooleanField(label="对企业保密", required=False, initial=True)
    new_employment = forms.BooleanField(label="新就业形态", required=False)
    is_sensitive = forms.BooleanField(label="敏感", required=False)


IssueFormSet = forms.formset_factory(IssueForm, extra=1)


def frame_of(request: HttpRequest) -> SimpleNamespace:
    links = ("home", "search", "notices", "me", "language", "sign_out")
    return SimpleNamespace(
        user=SimpleNamespace(id=request.COOKIES.get("person", "7"), name="章若溪"),
        post="权保部",
        organisation="越城区总工会",
        organisations=[],
        rooms=[{"key": key, "label": label, "icon": icon, "url": f"/{key}/"} for key, label, icon in ROOMS],
        tabs=[dict(zip(("key", "label", "icon", "url", "big"), tab, strict=True)) for tab in TABS],
        offline="/visits/new/",
        unread=3,
        today=DAY,
        language=get_language(),
        here=request.get_full_path(),
        links={name: f"/{name}/" for name in links},
    )


def show(request: HttpRequest, template: str, *, framed: bool = True, status: int = 200, **context) -> HttpResponse:
    return draw(request, engines["jinja2"].get_template(template), framed=framed, status=status, **context)


def show_source(request: HttpRequest, source: str, **context) -> HttpResponse:
    return draw(request, engines["jinja2"].from_string(source), framed=True, status=200, **context)


def draw(request: HttpRequest, template, *, framed: bool, status: int, **context) -> HttpResponse:
    """Render without the context processors of the product: they ask the database who is here."""
    token = get_token(request)
    text = template.template.render(
        {
            "request": request,
            "csrf_token": token,
            "csrf_input": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token),
            "frame": frame_of(request) if framed else None,
            **context,
        }
    )
    return HttpResponse(text, status=status)


def gallery(request: HttpRequest) -> HttpResponse:
    good = {"result": "resolved", "text": "已按约定基数补发。", "amount": "4236.00", "workers": 6, "way": "phone",
            "on": DAY, "grade": "good", "policies": ["wage"]}  # fmt: skip
    wrong = {"result": "", "text": "", "amount": "四千", "way": "phone", "on": "2026-02-30", "grade": ""}
    return show(
        request, "gallery.html", form=AnswerForm(initial=good), wrong=AnswerForm(wrong, auto_id="wrong_%s"),
        filter=IssueFilter({"kind": "wage"}), reason=ReasonForm(), today=DAY,
    )  # fmt: skip


def new_visit(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return take_visit(request)
    initial = {"client_id": uuid.uuid4(), "visited_on": DAY, "mode": "site", "started_at": datetime.time(14, 5),
               "ended_at": datetime.time(15, 10), "interviewee_count": 3}  # fmt: skip
    recent = [{"id": 2, "name": "华瑞纺织印染有限公司", "label": "华瑞纺织", "note": "今天下午",
               "detail": "马山街道 · 88 人", "keys": "hrfz huaruifangzhi"}]  # fmt: skip
    form, issues = VisitForm(initial=initial), IssueFormSet(prefix="issues")
    return show(
        request, "visits/log.html", form=form, issues=issues, drawn=untouched(form, issues), quota="本周 3/4", home_url="/home/",
        recent=recent, bases=["《工会法》第四十三条"],
    )  # fmt: skip


def take_visit(request: HttpRequest) -> HttpResponse:
    received.append(
        {
            "fields": {name: request.POST.getlist(name) for name in request.POST},
            "photos": [(photo.name, photo.size) for photo in request.FILES.getlist("photos")],
            "key": request.headers.get("Idempotency-Key"),
        }
    )
    match answers.get("visit"):
        case "refused":
            errors = {"issues-0-title": ["这句话太短，请写清楚。"], "target_name": ["名录里有两家同名。"]}
            return JsonResponse({"detail": "有两处不对。", "errors": errors}, status=422)
        case "signed out":
            return HttpResponseRedirect("/sign-in/?next=/visits/new/")
        case "broken":
            return HttpResponse("oops", status=500)
    response = JsonResponse({"url": "/visits/V26-1774/", "number": "V26-1774"}, status=201)
    response["X-Draft-Done"] = f"visit:{request.POST['client_id']}"
    return response


def suggest(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"results": ENTERPRISES if request.GET["q"].startswith("h") else []})


def promise(request: HttpRequest) -> JsonResponse:
    text = "提交给 权保部，急件 7 个自然日，最晚 11-27 周五 反馈。"
    return JsonResponse({"department": {"id": 11, "name": "权保部"}, "text": text})


def similar(request: HttpRequest) -> JsonResponse:
    found = {
        "number": "S26-0859",
        "title": "计件工资未发",
        "state": "办理中",
        "day": "11-13",
        "url": "/issues/S26-0859/",
    }
    return JsonResponse({"results": [found] if "工资" in request.GET["q"] else []})


def search(request: HttpRequest) -> HttpResponse:
    hits = [
        {"title": enterprise["name"], "detail": enterprise["town"], "url": f"/found/{enterprise['id']}/"}
        for enterprise in ENTERPRISES
    ]
    groups = [{"source": {"label": "企业", "icon": "building"}, "hits": hits}]
    query = request.GET.get("q", "")
    return show(request, "components/search_results.html", query=query, groups=groups if query.startswith("h") else [])


def reveal(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        received.append({"reason": request.POST["reason"]})
        return show_source(
            request, '{% from "components/case.html" import revealed %}{{ revealed("claimant", "陈桂芳 13800002047") }}'
        )
    source = '{% from "components/feedback.html" import reveal_form %}{{ reveal_form(csrf_input, "/gallery/reveal/", "反映人", "claimant", form["reason"]) }}'
    return show_source(request, source, form=ReasonForm())


def upload(request: HttpRequest) -> HttpResponse:
    items = [
        {"name": file.name, "url": "#", "glyph": "file-earmark-text", "note": "刚刚"}
        for file in request.FILES.getlist("files")
    ]
    return show_source(
        request, '{% from "components/files.html" import attachments %}{{ attachments(items) }}', items=items
    )


def sign_in(request: HttpRequest) -> HttpResponse:
    class SignIn(forms.Form):
        username = forms.CharField()
        password = forms.CharField()

    form = SignIn(request.POST or None)
    if request.method == "POST":
        received.append({"username": request.POST["username"]})
        form.add_error(None, "登录名或密码不对，还可以试 4 次。")
    accounts = [{"username": "cadre", "name": "陆知行", "post": "驻联干部"}]
    return show(
        request, "org/sign_in.html", framed=False, form=form, demo_accounts=accounts, demo_password="unionops-demo",
        messages=[],
    )  # fmt: skip


def trouble(request: HttpRequest, number: int) -> HttpResponse:
    context = {"reason": "这一步由分管领导来做。"} if number in (403, 409) else {}
    return show(request, f"errors/{number}.html", framed=number == 409, status=number, **context)


def worker(request: HttpRequest) -> HttpResponse:
    with override("en" if request.GET.get("language") == "en" else "zh-hans"):
        text = engines["jinja2"].get_template("sw.js").template.render(shell="/visits/new/")  # noqa: S604 -- a template variable
    return HttpResponse(text, content_type="text/javascript")


def signed_out(request: HttpRequest) -> HttpResponse:
    received.append({"signed_out": True})
    return HttpResponseRedirect("/sign-in/")


def done(request: HttpRequest, place: str) -> HttpResponse:
    """Any other page: a frame, and the mark that a draft has arrived where the test asks for it."""
    message = SimpleNamespace(message="已提交。", level_tag="success")
    source = '{% extends "base.html" %}{% block title %}另一页{% endblock %}{% block page %}<p id="place">{{ request.path }}</p>{% endblock %}'
    response = show_source(request, source, messages=[message] if "done" in request.GET else [])
    if "done" in request.GET:
        response.set_cookie(drafts.COOKIE, request.GET["done"])
    return response


org = ([path("sign-in/", sign_in, name="sign_in"), path("language/", done, {"place": ""}, name="language"),
        path("suggest/", suggest, name="enterprise_suggest")], "org")  # fmt: skip
visits = ([path("visits/new/", new_visit, name="new"), path("visits/promise/", promise, name="promise"),
           path("visits/similar/", similar, name="similar")], "visits")  # fmt: skip
urlpatterns = [
    path("gallery/", gallery),
    path("gallery/reveal/", reveal),
    path("gallery/upload/", upload),
    path("search/", search),
    path("sw.js", worker),
    path("trouble/<int:number>/", trouble),
    path("sign_out/", signed_out),
    path("", include(org)),
    path("", include(visits)),
    path("<path:place>", done),
]
for pattern in urlpatterns:
    for view in getattr(pattern, "url_patterns", [pattern]):
        view.callback = login_not_required(view.callback)
