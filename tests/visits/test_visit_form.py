"""记走访 through the browser's door: what is typed becomes one visit with its issues and photos, or nothing is lost."""

from __future__ import annotations

import datetime
import html
import io
import json
import re
import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.world import make_enterprise
from unionops.casework.deadlines import start
from unionops.casework.models import Attachment
from unionops.org.errors import ActionError
from unionops.org.models import Enterprise
from visits.actions.visits import VisitDraft, correct_visit, log_visit, plan_visit
from visits.models import Category, Issue, Visit, VisitPlan

URL = "/visits/new/"
# Fixed: a random one would give each process of a parallel run other names of tests.
NOBODY = "0192e000-0000-7000-8000-000000000000"
PHONE = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}


def picture(name: str = "车间.png", form: str = "PNG", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form)
    return SimpleUploadedFile(name, out.getvalue())


def typed(world, **fields: object) -> dict[str, object]:
    """What the phone sends of a visit in which nothing was left out."""
    return {
        "client_id": str(uuid.uuid4()),
        "enterprise": str(world.enterprise.pk),
        "target_name": world.enterprise.name,
        "visited_on": timezone.localdate().isoformat(),
        "started_at": "14:05",
        "ended_at": "15:10",
        "mode": "site",
        "interviewee_count": "3",
        "companions": "镇街工会主席",
        "contact_name": "沈国祥",
        "contact_role": "工会主席",
        "contact_phone": "13800002047",
        "check-workers": "good",
        "check-employment": "problem",
        "check-employment-note": "包装车间 10 月 3 人加班超 36 小时",
        "policies": ["refund", "mutual_aid"],
        "summary": "订单足，旺季加班多。",
        "next_plan": "下次带权保部同去",
        "issues-TOTAL_FORMS": "0",
        "issues-INITIAL_FORMS": "0",
        **fields,
    }


def issues(world, *rows: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = {"issues-TOTAL_FORMS": str(len(rows))}
    for at, row in enumerate(rows):
        values = {
            "title": "10 月计件工资拖到现在没发", "category": world.category.pk, "urgency": "2", "handling": "submit",
            "claimant_kind": "anonymous", "claimant_count": "6", "hide_from_firm": "on", **row,
        }  # fmt: skip
        found |= {f"issues-{at}-{name}": value for name, value in values.items()}
    return found


def test_visit_with_two_issues_and_a_photo_is_one_action(world, as_person):
    heard = issues(
        world,
        {"department": world.other_department.pk},
        {
            "title": "不清楚小微企业工会经费返还怎么申请", "urgency": "3", "handling": "explain", "understood": "True",
            "explanation": "已讲明条件、材料和时间", "explanation_basis": "经费返还政策", "claimant_kind": "person", "claimant_name": "𠮷㐂", "claimant_phone": "13800002047",
        },
    )  # fmt: skip

    response = as_person("cadre").post(
        URL, typed(world, **heard) | {"photos": [picture(), picture("公开栏.jpg", "JPEG")]}
    )

    assert response.status_code == 302, response.content.decode()
    visit = Visit.objects.get()
    assert response["Location"] == reverse("visits:visit", args=[visit.pk])
    assert (visit.officer, visit.enterprise, visit.town) == (world["cadre"], world.enterprise, world.town)
    assert (visit.started_at, visit.ended_at) == (datetime.time(14, 5), datetime.time(15, 10))
    assert visit.checklist == {
        "workers": {"grade": "good"},
        "employment": {"grade": "problem", "note": "包装车间 10 月 3 人加班超 36 小时"},
    }
    assert visit.policies == ["refund", "mutual_aid"]
    assert visit.open("contact_phone") == "13800002047"
    submitted, explained = Issue.objects.order_by("number")
    assert (submitted.state, submitted.suggested_department) == ("submitted", world.other_department)
    assert (submitted.claimant_count, submitted.urgency) == (6, 2)
    assert (explained.state, explained.result_kind) == ("closed", "explained_accepted")
    assert explained.open("claimant_name") == "𠮷㐂"
    assert Attachment.objects.filter(kind="visit", case_id=visit.pk).count() == 2


def test_phone_gets_json_and_may_drop_its_draft(world, as_person):
    fields = typed(world)
    fields["_draft"] = f"visit:{fields['client_id']}"

    response = as_person("cadre").post(URL, fields, headers=PHONE)

    visit = Visit.objects.get()
    assert response.status_code == 201
    assert response.json()["url"] == reverse("visits:visit", args=[visit.pk])
    assert response.json()["number"] == visit.number
    assert response["X-Draft-Done"] == fields["_draft"]
    assert response.cookies["drafts_done"].value == fields["_draft"]


def test_policies_named_last_are_offered_with_the_next_explanation(world, as_person):
    told = {
        "handling": "explain",
        "understood": "True",
        "explanation": "讲明了条件",
        "explanation_basis": "越城工〔2026〕3 号",
    }
    assert as_person("cadre").post(URL, typed(world, **issues(world, told))).status_code == 302

    def offered(name: str) -> list[str]:
        (found,) = re.findall('data-unionops-offered="([^"]*)"', as_person(name).get(URL).content.decode())
        return json.loads(html.unescape(found))

    assert told["explanation_basis"] in offered("cadre")
    assert told["explanation_basis"] not in offered("other_cadre")


def test_same_visit_sent_twice_is_one_visit_with_its_photos_once(world, as_person, settings):
    cadre, fields = as_person("cadre"), typed(world, **issues(world, {}))
    key = {"Idempotency-Key": fields["client_id"], **PHONE}

    first = cadre.post(URL, fields | {"photos": [picture()]}, headers=key)
    replayed = cadre.post(URL, fields | {"photos": [picture()]}, headers=key)
    without_key = cadre.post(URL, fields | {"photos": [picture()]}, headers=PHONE)

    assert first.json()["url"] == replayed.json()["url"] == without_key.json()["url"]
    assert (Visit.objects.count(), Issue.objects.count(), Attachment.objects.count()) == (1, 1, 1)


def test_one_key_for_two_visits_tells_the_phone_why_and_keeps_the_first(world, as_person):
    cadre, fields = as_person("cadre"), typed(world)
    key = {"Idempotency-Key": "k-1", **PHONE}
    cadre.post(URL, fields, headers=key)

    refused = cadre.post(URL, fields | {"summary": "另一份小结"}, headers=key)

    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert refused.json()["detail"]
    assert Visit.objects.get().summary == "订单足，旺季加班多。"


def test_one_key_for_two_contents_gives_a_page_back_what_was_typed(world, as_person):
    cadre = as_person("cadre")
    cadre.post(URL, typed(world, _key="k-1"))
    second = typed(world, summary="另一份<小结>", policies=["refund", "mutual_aid"])

    refused = cadre.post(URL, second | {"_key": "k-1"})

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "这次的内容和那次不一样" in page
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    again = [(name, html.unescape(value)) for name, value in hidden if name not in ("csrfmiddlewaretoken", "_key")]
    assert ("summary", "另一份<小结>") in again
    assert "k-1" not in page
    sent = {name: [value for other, value in again if other == name] for name, _value in again}
    assert cadre.post(URL, sent).status_code == 302
    assert set(Visit.objects.values_list("summary", flat=True)) == {"订单足，旺季加班多。", "另一份<小结>"}


def test_refused_visit_says_where_under_the_names_of_its_controls(world, as_person):
    fields = typed(world, visited_on="2026-02-30", **issues(world, {"title": ""}, {"handling": "explain"}))

    response = as_person("cadre").post(URL, fields, headers=PHONE)

    assert response.status_code == 422
    found = {
        "visited_on",
        "issues-0-title",
        "issues-1-explanation",
        "issues-1-explanation_basis",
        "issues-1-understood",
    }
    assert found <= response.json()["errors"].keys()
    assert not Visit.objects.exists()


def test_refused_page_keeps_all_that_was_typed(world, as_person):
    fields = typed(
        world, started_at="16:00", target_detail="斗门街道 · 236 人", **issues(world, {"demand": "补发六人的工资"})
    )

    response = as_person("cadre").post(URL, fields)

    page = response.content.decode()
    assert response.status_code == 422
    assert "结束时间不能早于开始时间" in page
    for words in ("包装车间 10 月 3 人加班超 36 小时", "订单足", "补发六人的工资", "斗门街道 · 236 人", "13800002047"):
        assert words in page
    assert fields["client_id"] in page
    assert "data-unionops-bound" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("visited_on", "2026-02-30"), ("visited_on", ""), ("visited_on", "昨天"), ("visited_on", "9999-12-31"),
        ("visited_on", "0001-01-01"), ("started_at", "25:00"), ("mode", "telepathy"), ("interviewee_count", "-1"),
        ("interviewee_count", "9" * 30), ("contact_phone", "1380000"), ("contact_name", "长" * 60), ("summary", "很" * 5001),
        ("check-workers", "superb"), ("check-rights-note", "写了备注没选"), ("policies", ["gold"]), ("enterprise", "x"),
        ("enterprise", NOBODY), ("client_id", "not-a-uuid"), ("issues-TOTAL_FORMS", "x"),
        ("issues-TOTAL_FORMS", "1001"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_loses_nothing(world, as_person, field, value):
    response = as_person("cadre").post(URL, typed(world) | {field: value, "next_plan": "下次带权保部同去"})

    assert response.status_code == 422
    assert "下次带权保部同去" in response.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "text", ["😀 订单足", "𠮷㐂䶮", "a\r\nb", "<script>alert(1)</script>", "=cmd()", "\u202e倒过来", "\u200b看不见"]
)
def test_any_text_is_kept_as_text(world, as_person, text):
    cadre = as_person("cadre")

    response = cadre.post(URL, typed(world, summary=text), follow=True)

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert Visit.objects.get().summary.strip("\u200b\u202e") in text.replace("\r\n", "\n")


def test_text_with_a_null_byte_is_refused_or_cleaned(world, as_person):
    response = as_person("cadre").post(URL, typed(world, summary="订单\0足"))

    assert response.status_code in (302, 422)
    assert "\0" not in "".join(Visit.objects.values_list("summary", flat=True))


def test_ten_megabytes_of_text_are_refused_clearly(world, as_person):
    cadre, fields = as_person("cadre"), typed(world, summary="很" * (10 * 1024 * 1024 // 3))

    page = cadre.post(URL, fields)
    phone = cadre.post(URL, fields, headers=PHONE)

    assert page.status_code == 413
    assert "太长" in page.content.decode()
    assert phone.status_code == 413
    assert "太长" in phone.json()["detail"]
    assert not Visit.objects.exists()


@time_machine.travel(datetime.datetime(2026, 11, 17, 10, tzinfo=datetime.UTC), tick=False)
def test_visit_of_a_closed_week_is_entered_with_a_reason_only(world, as_person):
    """The week of 9 to 15 November takes entries until Monday the 16th; this is Tuesday."""
    cadre, late = as_person("cadre"), typed(world, visited_on="2026-11-13")
    assert cadre.post(URL, typed(world, visited_on="2026-11-16")).status_code == 302

    refused = cadre.post(URL, late, headers=PHONE)
    assert refused.status_code == 422
    assert refused.json()["errors"] == {"late_reason": ["这次走访的那一周已经结账，补录要写理由。"]}
    assert Visit.objects.count() == 1
    assert cadre.post(URL, late | {"late_reason": "在外培训，今天才回"}, headers=PHONE).status_code == 201

    visit = Visit.objects.get(late=True)
    assert "在外培训，今天才回" in as_person("leader").get(f"/visits/{visit.pk}/").content.decode()


@time_machine.travel(datetime.datetime(2026, 11, 17, 10, tzinfo=datetime.UTC), tick=False)
def test_visit_is_moved_into_a_closed_week_or_out_of_it_with_a_reason_only(world):
    day = datetime.date(2026, 11, 16)
    visit = log_visit(VisitDraft(visited_on=day, enterprise=world.enterprise), by=world["cadre"]).visit

    for moved in (datetime.date(2026, 11, 12), day):
        with pytest.raises(ActionError, match="改走访日期要写理由"):
            correct_visit(visit, by=world["cadre"], fields={"visited_on": moved})
        visit = correct_visit(visit, by=world["cadre"], fields={"visited_on": moved}, reason="记错了日子")
        assert visit.visited_on == moved


@pytest.mark.parametrize(
    ("name", "beginning", "zeros", "words"),
    [
        ("车间.jpg", b"", 0, "空文件"),
        ("车间.jpg", b"<html><script>alert(1)</script></html>", 0, "内容和扩展名不符"),
        ("车间.jpg", b"\x89PNG\r\n\x1a\n", 100, "内容和扩展名不符"),
        ("车间.png", b"\x89PNG\r\n\x1a\n", 100, "打不开"),
        ("车间.heic", b"\x00\x00\x00\x18ftypheic", 100, "改成 JPG"),
        ("考勤.exe", b"MZ", 100, "不接受"),
        ("考勤.svg", b"<svg onload='alert(1)'/>", 0, "不接受"),
        ("合同.pdf", b"%PDF-1.7 ", 100, "只收照片"),
        ("大.jpg", b"\xff\xd8\xff\xe0", 100 * 1024 * 1024, "超过 20 MB"),
    ],
)
def test_file_that_is_no_photo_is_named_with_its_reason(world, as_person, name, beginning, zeros, words):
    photo = SimpleUploadedFile(name, beginning + bytes(zeros))
    response = as_person("cadre").post(URL, typed(world) | {"photos": [photo]}, headers=PHONE)

    assert response.status_code == 422
    assert words in " ".join(response.json()["errors"]["photos"])
    assert not Visit.objects.exists()
    assert not Attachment.objects.exists()


def test_place_of_a_photo_is_not_kept(world, as_person):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (30.0, 0.0, 0.0), 3: "E", 4: (120.0, 34.0, 0.0)}
    Image.new("RGB", (60, 40)).save(out, "JPEG", exif=exif)
    cadre = as_person("cadre")

    cadre.post(URL, typed(world) | {"photos": [SimpleUploadedFile("a.jpg", out.getvalue())]})

    stored = cadre.get(reverse("casework:file", args=[Attachment.objects.get().pk]))
    with Image.open(io.BytesIO(b"".join(stored.streaming_content))) as kept:
        assert not kept.getexif()


def test_firm_that_is_not_in_the_directory_is_noted_by_name(world, as_person):
    fields = typed(world, enterprise="", target_name="越鸿电子有限公司", town=world.other_town.pk)

    response = as_person("cadre").post(URL, fields)

    assert response.status_code == 302
    firm = Enterprise.objects.get(name="越鸿电子有限公司")
    assert (firm.town, firm.status) == (world.other_town, "provisional")
    assert Visit.objects.get().enterprise == firm


def test_name_typed_in_full_is_the_firm_of_the_directory(world, as_person):
    as_person("cadre").post(URL, typed(world, enterprise="", town=""))

    assert Visit.objects.get().enterprise == world.enterprise


def test_station_or_household_is_visited_by_its_name(world, as_person):
    fields = typed(world, enterprise="", target_type="station", target_name="迪荡骑手驿站", town=world.town.pk)

    as_person("cadre").post(URL, fields)

    visit = Visit.objects.get()
    assert (visit.target_type, visit.target, visit.enterprise) == ("station", "迪荡骑手驿站", None)


def test_unknown_name_without_a_town_asks_for_the_town(world, as_person):
    response = as_person("cadre").post(URL, typed(world, enterprise="", target_name="越鸿电子", town=""), headers=PHONE)

    assert list(response.json()["errors"]) == ["town"]


def test_firm_of_another_district_does_not_exist(world, elsewhere, as_person):
    fields = typed(world, enterprise=str(elsewhere.enterprise.pk))

    response = as_person("cadre").post(URL, fields, headers=PHONE)

    assert "enterprise" in response.json()["errors"]
    assert not Visit.objects.exists()


def test_planned_visit_opens_filled_in_and_ticks_off_the_plan(world, as_person):
    plan = plan_visit(world["cadre"], world.enterprise, day=timezone.localdate())
    cadre = as_person("cadre")

    page = cadre.get(URL, {"plan": plan.pk}).content.decode()
    cadre.post(URL, typed(world))

    assert f'value="{world.enterprise.pk}"' in page
    assert world.enterprise.name in page
    assert VisitPlan.objects.get().visit == Visit.objects.get()


@pytest.mark.parametrize("query", ["enterprise=x", "plan=x", "plan=99999", f"enterprise={NOBODY}", "plan=" + "9" * 40])
def test_address_that_names_nothing_opens_the_empty_form(world, as_person, query):
    assert as_person("cadre").get(f"{URL}?{query}").status_code == 200


def test_only_who_makes_visits_gets_the_form(world, as_person):
    allowed = {name for name in world.people if as_person(name).get(URL).status_code == 200}

    assert allowed == {"cadre", "other_cadre", "town"}
    phone = as_person("handler").post(URL, typed(world), headers=PHONE)
    # 403 would make the outbox wait for a new session for ever.
    assert phone.status_code == 422
    assert "记走访" in phone.json()["detail"]


def test_after_the_session_the_phone_is_sent_to_sign_in_and_sends_again(world, as_person):
    fields, headers = typed(world), {**PHONE, "Referer": "http://testserver/visits/new/"}

    lost = Client().post(URL, fields, headers=headers)
    again = as_person("cadre").post(URL, fields, headers=headers)

    assert lost.status_code == 302
    assert lost["Location"] == f"{reverse('org:sign_in')}?next=%2Fvisits%2Fnew%2F"
    assert again.status_code == 201
    assert str(Visit.objects.get().client_id) == fields["client_id"]


def test_page_costs_the_same_for_any_number_of_visits(world, as_person):
    cadre, counts = as_person("cadre"), []
    for wanted in (1, 3, 40):
        while Visit.objects.count() < wanted:
            firm = make_enterprise(world.town)
            cadre.post(URL, typed(world, enterprise=str(firm.pk), target_name=firm.name))
        cadre.get(URL)
        with CaptureQueriesContext(connection) as queries:
            assert cadre.get(URL).status_code == 200
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts


# --- while one types


def test_promise_names_department_and_day(world, as_person):
    asked = {"category": world.category.pk, "urgency": "2"}

    told = as_person("cadre").get(reverse("visits:promise"), asked).json()

    due = start(world.issue(), "issue.handle.2", on=timezone.localdate()).due_on
    assert told["department"] == {"id": world.department.pk, "name": "权保部"}
    assert f"{due:%m-%d}" in told["text"]
    assert "权保部" in told["text"]


@pytest.mark.parametrize(
    "asked", [{}, {"category": "x"}, {"category": "1", "urgency": "9"}, {"category": "9" * 30, "urgency": "1"}]
)
def test_promise_of_nonsense_is_empty(world, as_person, asked):
    assert as_person("cadre").get(reverse("visits:promise"), asked).json() == {"department": None, "text": ""}


def test_similar_issues_of_the_firm_are_shown_and_no_others(world, elsewhere, as_person):
    mine, theirs = world.issue(title="计件工资未发"), elsewhere.issue(title="计件工资未发")
    # One word in common, or words that any text has, make no likeness.
    for title in ("工资条看不懂", "车间能不能拖地"):
        world.issue(title=title)
    asked = {"q": "10 月计件工资拖着，能不能先发", "enterprise": str(world.enterprise.pk)}

    found = as_person("cadre").get(reverse("visits:similar"), asked).json()["results"]

    assert [row["number"] for row in found] == [mine.number]
    assert found[0]["url"] == reverse("visits:issue", args=[mine.pk])
    assert theirs.pk != mine.pk


@pytest.mark.parametrize(
    ("words", "names"),
    [("包装车间 6 人 10 月计件工资没有发", ["欠薪", "计件提成"]), ("食堂菜少", ["食堂"]), ("都好", [])],
)
def test_category_is_offered_by_what_people_say(world, as_person, words, names):
    told = as_person("cadre").get(reverse("visits:similar"), {"q": words}).json()["categories"]

    by_key = dict(Category.objects.values_list("pk", "name"))
    assert [by_key[key] for key in told] == names


@pytest.mark.parametrize("asked", [{"q": "工"}, {}, {"q": "\0工资", "enterprise": "x"}, {"q": "%_'" * 200}])
def test_similar_takes_anything(world, as_person, asked):
    assert as_person("cadre").get(reverse("visits:similar"), asked).status_code == 200


# --- colleagues who went along


def test_colleagues_go_along_and_see_the_visit_as_theirs(world, as_person):
    page = as_person("cadre").get(URL).content.decode()
    assert f'name="officers" value="{world["other_cadre"].pk}"' in page
    assert f'name="officers" value="{world["town"].pk}"' in page
    for absent in ("cadre", "clerk", "handler"):
        assert f'name="officers" value="{world[absent].pk}"' not in page

    response = as_person("cadre").post(URL, typed(world, officers=[str(world["other_cadre"].pk)]))

    assert response.status_code == 302, response.content.decode()
    visit = Visit.objects.get()
    assert visit.officer == world["cadre"]
    assert set(visit.officers.all()) == {world["cadre"], world["other_cadre"]}
    assert as_person("other_cadre").get(response["Location"]).status_code == 200
    assert world["other_cadre"].name in as_person("cadre").get(response["Location"]).content.decode()


@pytest.mark.parametrize("wrong", ["clerk", "cadre", "far_cadre", "nonsense"])
def test_who_does_not_go_along_is_refused_by_name_of_the_field(world, elsewhere, as_person, wrong):
    people = {**world.people, "far_cadre": elsewhere.people["cadre"]}
    value = str(people[wrong].pk) if wrong in people else "x\0"

    response = as_person("cadre").post(URL, typed(world, officers=[str(world["other_cadre"].pk), value]), headers=PHONE)

    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["officers"]
    assert not Visit.objects.exists()


def test_refused_visit_keeps_its_colleagues(world, as_person):
    response = as_person("cadre").post(URL, typed(world, visited_on="", officers=[str(world["other_cadre"].pk)]))

    assert response.status_code == 422
    assert f'value="{world["other_cadre"].pk}" id="id_officers_{world["other_cadre"].pk}" checked' in (
        response.content.decode()
    )
