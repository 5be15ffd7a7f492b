"""The issue's pages through the browser's door: every state and role, every step's form, lists, several at once."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.sampling import taken
from unionops.casework.models import Attachment, SavedView, Supervision, Task
from unionops.org.enums import Role
from unionops.org.models import Event
from visits.actions import steps
from visits.enums import TRANSITIONS, IssueState, Verb
from visits.forms.steps import FORMS
from visits.models import Category, Issue, Route
from visits.permissions import choices

ROLES = ("cadre", "leader", "chief", "clerk", "handler", "town", "auditor", "admin")


def address(issue: Issue) -> str:
    return reverse("visits:issue", args=[issue.pk])


@pytest.mark.parametrize("name", ROLES)
def test_page_shows_each_state_to_each_role(world, as_person, name):
    client = as_person(name)
    for state in IssueState:
        # Who may do what in which state is told by the table of steps; here the leader, who sees all, meets all.
        if name != "leader" and not taken("page", name, state, of=3):
            continue
        issue = world.issue(state)
        response = client.get(address(issue))

        visible = Issue.objects.visible_to(world[name]).filter(pk=issue.pk).exists()
        assert response.status_code == (200 if visible else 404), state
        if visible:
            page = response.content.decode()
            assert issue.title in page
            for choice in choices(world[name], issue):
                assert (f'id="verb-{choice.transition.verb}"' in page) == choice.is_allowed


def test_page_of_another_district_does_not_exist(world, elsewhere, as_person):
    issue = world.issue()

    for name in ("leader", "clerk", "handler", "cadre"):
        assert as_person(name, elsewhere).get(address(issue)).status_code == 404


@pytest.mark.parametrize("verb", sorted(FORMS))
def test_form_of_each_verb_opens_where_the_verb_is_allowed(world, as_person, verb):
    """As a page and as its part; where the verb is not allowed the reason is told."""
    tried, opened = set(), set()
    for state in IssueState:
        if state not in TRANSITIONS[verb].sources and not taken("refused", verb, state, of=4):
            continue
        extra = {"plan_proposed": True} if verb == Verb.PLAN else {"understood": True} if state == "explained" else {}
        issue = world.issue(state, **extra)
        if verb == Verb.PLAN:
            issue.rectifications.create(
                measure="换风机", roadmap="两周", responsible="张工", due_on="2027-01-01", proposed_by=world["handler"]
            )
        for name in ("cadre", "leader", "clerk", "handler"):
            allowed = {choice.transition.verb for choice in choices(world[name], issue) if choice.is_allowed}
            # The first who may in each state, and a share of all the others: who may is told by the table of steps.
            if (verb not in allowed or state in opened) and not taken(verb, state, name, of=8):
                continue
            client = as_person(name)
            url = reverse("visits:step", args=[issue.pk, verb])
            if not Issue.objects.visible_to(world[name]).filter(pk=issue.pk).exists():
                assert client.get(url).status_code == 404
                continue
            part = client.get(url, headers={"HX-Request": "true"})
            if verb in allowed:
                # Once for a verb as a page; the rest of that page is the same for all.
                assert part.status_code == 200, (state, name)
                assert verb in tried or client.get(url).status_code == 200, (state, name)
                tried.add(verb)
                opened.add(state)
                assert 'class="inform"' in part.content.decode()
                assert "<html" not in part.content.decode()
            else:
                assert part.status_code in (403, 409), (state, name)
    assert tried == {verb}


def test_whole_way_through_the_pages(world, as_person):
    """Submitted, dispatched, signed for, consulted, answered, asked, reopened, and closed: each by its person."""
    issue = world.issue(IssueState.REGISTERED)

    def step(name, verb, **fields):
        current = Issue.objects.get(pk=issue.pk)
        response = as_person(name).post(
            reverse("visits:step", args=[issue.pk, verb]), {"version": current.version, **fields}
        )
        assert response.status_code == 302, response.content.decode()
        return Issue.objects.get(pk=issue.pk)

    rows = {"task-TOTAL_FORMS": "2", "task-INITIAL_FORMS": "0"}
    due = (timezone.localdate() + datetime.timedelta(days=9)).isoformat()
    assert step("cadre", "submit", department=world.department.pk).state == "submitted"
    assert step("leader", "dispatch", department=world.department.pk, urgency="2", helping=world.other_department.pk).state == "dispatched"  # fmt: skip
    assert step("handler", "sign_for").handler == world["handler"]
    step("handler", "consult", question="怎么认定加班", participants=[world.other_department.pk], place="三楼")
    step("handler", "conclude", minutes="按合同约定补足", **rows, **{"task-0-what": "重算加班费", "task-0-due_on": due})
    assert Task.objects.get(case_id=issue.pk).organisation == world.department
    answered = step("handler", "answer", result_kind="resolved", result_text="已补发", answer_way="phone", amount_recovered="4,236.00", workers_benefited="6")  # fmt: skip
    assert str(answered.amount_recovered) == "4236.00"
    reopened = (
        step("clerk", "reopen", way="phone", reason="只发了一半") if answered.state == "followup_due" else answered
    )
    assert reopened.state == "reopened"
    step("leader", "dispatch", department=world.department.pk, urgency="2")
    step("handler", "sign_for")
    step("handler", "answer", result_kind="resolved", result_text="全部补发", answer_way="face")
    closed = step("clerk", "confirm", way="phone", satisfaction="very", note="收到了")

    assert (closed.state, closed.reopen_count, closed.result_kind) == ("closed", 1, "resolved")
    page = as_person("cadre").get(address(closed)).content.decode()
    assert "只发了一半" in page
    assert "全部补发" in page
    # Under each step that was taken stands its day; who asked twice is named once.
    assert page.count(f"{timezone.localdate():%m-%d}") > 6
    assert "回访人、回访人" not in page


def test_refused_form_keeps_what_was_typed(world, as_person):
    issue = world.issue(IssueState.HANDLING, handler=world["handler"])
    url = reverse("visits:step", args=[issue.pk, "answer"])

    response = as_person("handler").post(
        url, {"version": 1, "result_kind": "resolved", "result_text": "已按约定补足两个月", "answer_way": "", "amount_recovered": "四千"}
    )  # fmt: skip

    page = response.content.decode()
    assert response.status_code == 422
    assert "已按约定补足两个月" in page
    assert "四千" in page
    assert Issue.objects.get(pk=issue.pk).state == "handling"


def test_stale_version_is_told_and_a_second_press_goes_through(world, as_person):
    issue = world.issue(IssueState.HANDLING, handler=world["handler"])
    leader = as_person("leader")
    leader.post(reverse("visits:do", args=[issue.pk, "set_urgency"]), {"version": 1, "urgency": "2", "reason": "人多"})
    url = reverse("visits:step", args=[issue.pk, "answer"])
    fields = {"result_kind": "resolved", "result_text": "已补", "answer_way": "phone"}

    first = as_person("handler").post(url, {"version": 1, **fields})

    page = first.content.decode()
    assert first.status_code == 409
    assert "已补" in page
    (current,) = re.findall(r'name="version" value="(\d+)"', page)
    assert as_person("handler").post(url, {"version": current, **fields}).status_code == 302


def test_two_corrections_choose_field_by_field(world, as_person):
    issue = world.issue(IssueState.REGISTERED)
    url = reverse("visits:correct", args=[issue.pk])
    fields = {
        "title": "加班费少发", "category": world.category.pk, "claimant_kind": "anonymous", "claimant_count": "6", "demand": "补足",
    }  # fmt: skip
    assert as_person("leader").post(url, {"version": 1, **fields, "demand": "全部补足"}).status_code == 302

    clash = as_person("cadre").post(url, {"version": 1, **fields, "title": "加班费两个月少发"})

    page = clash.content.decode()
    assert clash.status_code == 409
    assert "加班费两个月少发" in page
    assert "全部补足" in page
    (current,) = re.findall(r'name="version" value="(\d+)"', page)
    assert as_person("cadre").post(url, {"version": current, **fields, "title": "加班费两个月少发", "demand": "全部补足"}).status_code == 302  # fmt: skip
    issue = Issue.objects.get(pk=issue.pk)
    assert (issue.title, issue.demand) == ("加班费两个月少发", "全部补足")


@pytest.mark.parametrize(
    ("name", "who", "fields"),
    [
        ("note", "cadre", {"text": "已约下周三谈"}),
        ("set_urgency", "clerk", {"urgency": "1", "reason": "涉及停工"}),
        ("supervise", "leader", {"sort": "order", "text": "三天内答复", "answer_due_on": "2030-01-01"}),
        ("assign", "handler", {}),
    ],
)
def test_care_is_written_down(world, as_person, name, who, fields):
    issue = world.issue(IssueState.HANDLING, handler=world["handler"])
    if name == "assign":
        fields = {"handler": world["handler"].pk}

    response = as_person(who).post(reverse("visits:do", args=[issue.pk, name]), {"version": 1, **fields})

    assert response.status_code == 302, response.content.decode()
    assert Event.objects.about("issue", issue.pk).exists()


def test_order_is_answered_on_the_page(world, as_person):
    issue = world.issue(IssueState.HANDLING, handler=world["handler"])
    as_person("leader").post(
        reverse("visits:do", args=[issue.pk, "supervise"]),
        {"sort": "order", "text": "请答复", "answer_due_on": "2030-01-01"},
    )
    order = Supervision.objects.get(case_id=issue.pk)

    response = as_person("handler").post(
        reverse("visits:settle", args=[issue.pk, "supervision", order.pk]), {"answer": "已安排"}
    )

    assert response.status_code == 302
    order.refresh_from_db()
    assert (order.answer, order.answered_by) == ("已安排", world["handler"])


def test_name_is_masked_until_a_reason_is_given(world, as_person):
    issue = world.issue(IssueState.HANDLING, claimant_kind="person", handler=world["handler"])
    issue.put("claimant_name", "陈桂芳", "陈*芳")
    issue.save()
    client = as_person("handler")
    url = reverse("visits:reveal", args=[issue.pk, "claimant_name"])
    assert "陈桂芳" not in client.get(address(issue)).content.decode()

    refused = client.post(url, {"reason": ""})
    shown = client.post(url, {"reason": "核对补发名单"}, headers={"HX-Request": "true"})

    assert refused.status_code == 422
    assert "陈桂芳" not in refused.content.decode()
    assert "陈桂芳" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    event = Event.objects.about("issue", issue.pk).get(verb="issue.reveal")
    assert event.data["reason"] == "核对补发名单"
    assert as_person("leader").get(url).status_code == 403


def test_files_are_kept_named_and_removed_with_a_reason(world, as_person):
    issue = world.issue(IssueState.HANDLING, handler=world["handler"])
    client = as_person("handler")
    good = SimpleUploadedFile("考勤.txt", "9 月 1 日 8:00".encode())
    bad = SimpleUploadedFile("工资表.pdf", b"MZ not a pdf")

    response = client.post(
        reverse("visits:upload", args=[issue.pk]), {"files": [good, bad]}, headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "考勤.txt" in page
    assert "工资表.pdf" in page
    kept = Attachment.objects.get(case_id=issue.pk)
    remove = reverse("visits:remove_file", args=[issue.pk, kept.pk])
    assert as_person("leader").post(remove, {"reason": "不是我的"}).status_code == 403
    assert client.post(remove, {"reason": "传错了"}).status_code == 302
    kept.refresh_from_db()
    assert kept.removed_at is not None


# --- the list


def test_list_shows_what_the_person_may_see(world, elsewhere, as_person):
    mine, theirs = world.issue(), elsewhere.issue()

    page = as_person("leader").get(reverse("visits:issues") + "?all=1").content.decode()

    assert mine.number in page
    assert address(mine) in page
    assert address(theirs) not in page


@pytest.mark.parametrize("count", [1, 3, 100])
def test_list_costs_the_same_for_any_number_of_rows(world, as_person, django_assert_num_queries, count):
    issues = [world.issue(IssueState.HANDLING if at % 2 else IssueState.SUBMITTED) for at in range(count)]
    client = as_person("leader")
    client.get(reverse("visits:issues") + "?all=1")

    # The person with the postings, the rows, their number (when there are more than a page), saved views, the bell.
    with django_assert_num_queries(5 if len(issues) > 50 else 4):
        response = client.get(reverse("visits:issues") + "?all=1")

    assert response.content.decode().count('class="ttl"') == min(count, 50)


def test_list_filters_and_remembers_its_filter(world, as_person):
    waiting, under_way = world.issue(IssueState.SUBMITTED), world.issue(IssueState.HANDLING)
    client = as_person("leader")
    base = reverse("visits:issues")

    page = client.get(base, {"state": "waiting"}).content.decode()
    again = client.get(base, follow=True)

    assert waiting.number in page
    assert under_way.number not in page
    assert again.redirect_chain
    assert under_way.number not in again.content.decode()
    assert under_way.number in client.get(base + "?all=1").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense&town=x&urgency=99&since=2026-02-30", "q=%00", "q=" + "很" * 500, "after=%%%", "after=bm9uc2Vuc2U",
        "sort=nothing", "due=over", "due=soon", "due=hold", "whose=mine", "whose=follow", "whose=watched", "q=工资",
        "q=%F0%A0%AE%B7", "sort=due", "sort=urgency", "since=2026-01-01&until=2026-12-31", "department=1&category=1",
    ],
)  # fmt: skip
def test_list_takes_any_address(world, as_person, query):
    world.issue()

    assert as_person("leader").get(f"{reverse('visits:issues')}?{query}").status_code == 200


@pytest.mark.parametrize("sort", ["new", "due", "urgency", "number"])
def test_pages_of_the_list_show_each_issue_once(world, as_person, sort):
    issues = {world.issue(IssueState.SUBMITTED).number for _ in range(120)}
    client, url, seen = as_person("leader"), f"{reverse('visits:issues')}?sort={sort}", []

    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r"S26-\d{4}", re.sub(r'aria-label="[^"]*"', "", page))
        following = re.search(r'href="([^"]+)" rel="next"', page)
        url = following.group(1).replace("&amp;", "&") if following else ""

    assert len(seen) == len(set(seen))
    assert set(seen) == issues


def test_view_is_saved_and_dropped(world, as_person):
    client = as_person("leader")

    client.post(reverse("visits:save_view"), {"name": "超期的", "query": "due=over", "page": "issues"})

    view = SavedView.objects.get()
    assert "超期的" in client.get(reverse("visits:issues") + "?due=over").content.decode()
    as_person("clerk").post(reverse("visits:drop_view", args=[view.pk]))
    assert SavedView.objects.exists()
    client.post(reverse("visits:drop_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_bulk_says_what_it_skipped_and_why(world, as_person):
    ready = world.issue(IssueState.SUBMITTED, suggested_department=world.department)
    nowhere = world.issue(IssueState.SUBMITTED)
    ended = world.issue(IssueState.CLOSED)

    response = as_person("leader").post(
        reverse("visits:bulk"), {"verb": "dispatch", "picked": [ready.pk, nowhere.pk, ended.pk, "nonsense"]}
    )

    page = response.content.decode()
    assert "办好 1 件，跳过 2 件" in page
    assert "没有建议科室" in page
    assert Issue.objects.get(pk=ready.pk).state == "dispatched"
    assert as_person("handler").post(reverse("visits:bulk"), {"verb": "dispatch"}).status_code == 403


def test_issue_by_telephone_is_registered(world, as_person):
    fields = {
        "source": "hotline", "town": world.town.pk, "title": "夜班没有夜宵费", "category": world.category.pk, "urgency": "3",
        "claimant_kind": "person", "claimant_name": "𠮷㐂", "claimant_phone": "13800002047", "claimant_count": "1",
        "handling": "submit",
    }  # fmt: skip

    response = as_person("clerk").post(reverse("visits:register"), fields)

    assert response.status_code == 302, response.content.decode()
    issue = Issue.objects.get(title="夜班没有夜宵费")
    assert (issue.source, issue.state) == ("hotline", "submitted")
    # Nobody named a department: the routing table did.
    assert issue.suggested_department == world.department
    assert issue.open("claimant_name") == "𠮷㐂"
    assert as_person("handler").get(reverse("visits:register")).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "这个字段"), ("claimant_phone", "1380000", ""), ("raised_on", "2026-02-30", ""),
        ("claimant_count", "0", ""), ("title", "长" * 200, ""), ("category", "999999", ""), ("town", "", "请选择镇街"),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_loses_nothing(world, as_person, field, value, words):
    fields = {
        "source": "hotline", "town": world.town.pk, "title": "夜班没有夜宵费", "category": world.category.pk, "urgency": "3",
        "claimant_kind": "person", "claimant_name": "陈桂芳", "claimant_count": "1", "handling": "submit",
        "demand": "补发三个月的夜宵费",
    }  # fmt: skip

    response = as_person("clerk").post(reverse("visits:register"), fields | {field: value})

    page = response.content.decode()
    assert response.status_code == 422
    assert "补发三个月的夜宵费" in page
    assert words in page or not words.startswith("请")
    assert not Issue.objects.exists()


# --- routing


def test_administrator_keeps_categories_and_rules(world, as_person):
    admin = as_person("admin")
    fields = {"parent": "", "code": "HEAT", "name": "高温", "name_en": "Heat", "position": "90", "is_active": "on"}
    assert admin.post(reverse("visits:category_new"), fields).status_code == 302
    assert admin.post(reverse("visits:category_new"), fields).status_code == 422

    made = Category.objects.get(code="HEAT")
    edit, seen = reverse("visits:category", args=[made.pk]), made.version
    Category.objects.filter(pk=made.pk).update(position=91)
    told = admin.post(edit, {**fields, "name": "高温津贴", "version": seen})
    assert (told.status_code, "别人改动了这里" in told.content.decode()) == (422, True)
    made.refresh_from_db()
    assert made.name == "高温"
    assert admin.post(edit, {**fields, "name": "高温津贴", "version": made.version}).status_code == 302

    rule = {"category": world.category.pk, "town": world.town.pk, "department": world.other_department.pk}
    assert admin.post(reverse("visits:routes"), rule).status_code == 302
    assert admin.post(reverse("visits:routes"), rule).status_code == 422

    assert "马山街道" in admin.get(reverse("visits:routes")).content.decode()
    assert as_person("leader").get(reverse("visits:routes")).status_code == 403
    assert Event.objects.filter(kind__in=["category", "route"], by=world["admin"]).count() == 3


def test_issue_that_no_rule_fits_says_why(world, as_person):
    left = [world.issue() for _ in range(2)]
    world.people["handler"].postings.update(valid_to=timezone.localdate() - datetime.timedelta(days=1))
    steps.submit(left[0], by=world["cadre"])
    Route.objects.all().delete()
    steps.submit(left[1], by=world["cadre"])

    told = [as_person("leader").get(address(issue)).content.decode() for issue in left]
    assert "规则指向权保部，但那里现在没有经办人。" in told[0]
    assert "“欠薪”还没有分派规则，由交办岗指定科室。" in told[1]
    assert not Issue.objects.exclude(suggested_department=None).exists()


def test_roles_are_those_of_the_world(world):
    assert {Role.LIAISON, Role.LEADER, Role.CHIEF} <= set(Role)
    assert set(ROLES) <= set(world.people)
