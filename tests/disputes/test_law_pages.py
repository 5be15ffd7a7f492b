"""The clock, the elements form and the calculators through the doors that people use."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse

from disputes import panels
from disputes.actions import care, elements
from disputes.clocks import read_clock
from disputes.enums import LimitationKind, Side
from disputes.law.limitation import ClockState
from disputes.models import Elements
from disputes.reckoning import CALCULATORS
from tests.disputes import stories
from tests.disputes.test_secrecy import SEE_CASE
from tests.disputes.test_steps_matrix import EVERYBODY
from tests.sampling import taken
from unionops.casework.together import read_together

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SEVERANCE = {"started_on": "2022-03-15", "ended_on": "2026-06-30", "average_pay": "8,000"}
# One set of answers for each calculator, and what it comes to.
ANSWERS = {
    "wage_arrears": ({"monthly_pay": "6000", "months": "2"}, "12,000.00"),
    "overtime": ({"monthly_pay": "5220", "workday_hours": "10"}, "450.00"),
    "severance": (SEVERANCE, "36,000.00"),
    "unlawful_dismissal": (SEVERANCE, "72,000.00"),
    "double_pay": ({"started_on": "2025-01-01", "worked_until": "2025-03-31", "monthly_pay": "6000"}, "12,000.00"),
    "unused_leave": ({"monthly_pay": "4350", "worked_years": "3"}, "2,000.00"),
    "maternity_allowance": ({"insured": "0", "own_pay": "6000", "children": "1"}, "19,600.00"),
    "notice_pay": ({"last_month_pay": "7000"}, "7,000.00"),
    "minimum_wage": ({"standard": "2490", "paid_monthly": "2600", "extras": "400", "months": "3"}, "870.00"),
    "heat_allowance": ({"monthly_standard": "300", "months": "4", "paid": "300"}, "900.00"),
    "arrears_addition": ({"arrears": "12000", "percentage": "50"}, "6,000.00"),
}
# What makes no sense, and the words of the refusal.
NONSENSE = [
    ("severance", SEVERANCE | {"ended_on": "2021-01-01"}, "结束日期不能早于开始日期"),
    ("severance", SEVERANCE | {"average_pay": "-1"}, "大于或等于0"),
    ("overtime", {"monthly_pay": "5000"}, "至少写一种加班"),
    ("maternity_allowance", {"insured": "1"}, "上年度职工月平均工资"),
    ("wage_arrears", {"monthly_pay": "9" * 20, "months": "1"}, "不超过 14 个数字"),
    ("arrears_addition", {"arrears": "1", "percentage": "49"}, "50"),
    ("minimum_wage", {"standard": "2490", "paid_monthly": "100", "extras": "200", "months": "1"}, "不能多于实发"),
    ("wage_arrears", {"monthly_pay": "NaN", "months": "1"}, "数字"),
]


def page(name: str, case, *args) -> str:
    return reverse(f"disputes:{name}", args=[case.pk, *args])


def test_who_reads_and_who_writes(client, hall):
    """Whoever sees the case reads both pages; who works on it writes; others do not know that it is there."""
    case = stories.mediating(hall)
    for name in EVERYBODY:
        if name not in ("mediator", "head", "worker_side", "judge", "cadre") and not taken("law", name, of=3):
            continue
        client.force_login(hall[name])
        seen = name in SEE_CASE
        writes = name in {"mediator", "head", "case_clerk", "leader"}
        for key in ("clock", "elements"):
            assert client.get(page(key, case)).status_code == (200 if seen else 404), (name, key)
        posts = {
            page("claim", case, "notice_pay"): {"last_month_pay": "1"},
            page("elements", case): {"post": "挡车工"},
            page("take_over", case): {"party": case.parties.get(side=Side.APPLICANT).pk},
            page("clock_dates", case): {"known_on": "2026-01-05"},
        }
        for address, data in posts.items():
            answer = client.post(address, data).status_code
            assert answer == (302 if writes else 403 if seen else 404), (name, address)
        records = writes or name in {"worker_side", "firm_side"}
        answer = client.post(page("clock", case), {"kind": "claim", "on": "2026-02-01"}).status_code
        assert answer == (302 if records else 403 if seen else 404), name
        assert client.get(reverse("disputes:calculator")).status_code == 200


def test_clock_says_when_and_why(client, hall):
    case = stories.mediating(hall, cause="comp_severance", known_on=datetime.date(2026, 1, 5))
    client.force_login(hall["mediator"])
    answer = client.post(
        page("clock", case),
        {"kind": "claim", "on": "2026-03-02", "note": "快递催告", "proof": SimpleUploadedFile("回执.pdf", PDF)},
    )
    assert answer.status_code == 302
    care.record_limitation_event(stories.fresh(case), by=hall["mediator"], kind="promise", on=datetime.date(2026, 5, 6))

    html = client.get(page("clock", case)).content.decode()
    # What is not proved keeps no claim alive: the earlier end gives the colour.
    earlier = read_clock(stories.fresh(case), case.limitation_events.all(), datetime.date(2027, 3, 1))
    assert (earlier.left, earlier.light) == (66, "over")
    assert "2027-05-06" in html
    assert "只算有证据的事件，时效到 2027-03-02" in html
    assert "《劳动人事争议仲裁办案规则》第27条第3项" in html
    event = case.limitation_events.get(kind="promise")
    assert client.get(page("prove", case, event.pk)).status_code == 200
    assert client.post(page("prove", case, event.pk), {}).status_code == 422
    assert client.post(page("prove", case, event.pk), {"proof": SimpleUploadedFile("x.exe", b"MZ")}).status_code == 422
    client.post(page("prove", case, event.pk), {"proof": SimpleUploadedFile("微信.pdf", PDF)})
    assert "只算有证据的" not in client.get(page("clock", case)).content.decode()


def test_clock_of_wages_rests_while_employed(hall):
    case = stories.registered(hall, cause="pay_arrears")
    today = stories.today()
    assert read_clock(case, [], today).state == ClockState.NOT_RUNNING
    case.employment_ended_on = today - stories.days(350)
    reading = read_clock(case, [], today)
    assert (reading.state, reading.light) == (ClockState.RUNNING, "soon")
    case.employment_ended_on = today - stories.days(500)
    assert read_clock(case, [], today).light == "over"
    other = stories.registered(hall, cause="comp_severance")
    assert read_clock(other, [], today) is None


def test_suspension_adds_its_days(hall):
    case = stories.registered(hall, cause="comp_severance", known_on=datetime.date(2026, 1, 5))
    record = lambda kind, day: care.record_limitation_event(case, by=hall["case_clerk"], kind=kind, on=day)  # noqa: E731
    free = read_clock(case, [], stories.today()).clock.ends_on
    record(LimitationKind.FORCE_MAJEURE, datetime.date(2026, 3, 2))
    assert read_clock(case, case.limitation_events.all(), stories.today()).state == ClockState.SUSPENDED
    record(LimitationKind.RESUMED, datetime.date(2026, 3, 12))

    ends_on = read_clock(case, case.limitation_events.all(), stories.today()).clock.ends_on
    assert ends_on >= free + stories.days(10)


def test_bad_input_is_named_and_kept(client, hall):
    case = stories.mediating(hall)
    client.force_login(hall["mediator"])
    for data, words in (
        ({"kind": "nonsense", "on": "2026-02-01"}, "nonsense"),
        ({"kind": "claim", "on": "明天"}, "有效的日期"),
        ({"kind": "claim", "on": "2999-01-01"}, "不能晚于今天"),
    ):
        answer = client.post(page("clock", case), data)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), data
    assert client.post(page("clock_dates", case), {"known_on": "2999-01-01"}).status_code == 422
    wrong = {"started_on": "2026-02-01", "ended_on": "2025-02-01", "post": "挡车工"}
    answer = client.post(page("elements", case), wrong)
    assert (answer.status_code, "离职日期不能早于入职日期" in answer.content.decode()) == (422, True)
    assert "挡车工" in answer.content.decode()
    assert client.post(page("claim", case, "severance"), {}).status_code == 422
    assert client.get(page("claim", case, "nonsense")).status_code == 404
    assert client.post(page("claim_drop", case, 3)).status_code in (400, 409, 422)
    assert not Elements.objects.exists()


def test_every_calculator_shows_its_arithmetic(client, hall):
    client.force_login(hall["case_clerk"])
    assert set(ANSWERS) == set(CALCULATORS)
    for kind, (asked, amount) in ANSWERS.items():
        html = client.get(reverse("disputes:calculator"), {"kind": kind} | asked).content.decode()
        assert f"<b>{amount}</b>" in html, (kind, amount)
        assert "《" in html
    for kind, asked, words in NONSENSE:
        answer = client.get(reverse("disputes:calculator"), {"kind": kind} | asked)
        assert (answer.status_code, words in answer.content.decode()) == (200, True), (kind, asked)
    assert client.get(reverse("disputes:calculator"), {"kind": "nonsense"}).status_code == 200


def test_from_the_elements_to_the_claim(client, hall):
    """Asked once, offered to every calculator, kept with its lines, and written into what the applicant asks for."""
    case = stories.mediating(hall)
    client.force_login(hall["mediator"])
    client.post(
        page("elements", case),
        {"started_on": "2022-03-15", "ended_on": "2026-06-30", "monthly_pay": "8,000.00", "focus": "是否旷工"},
    )
    assert 'value="2022-03-15"' in client.get(page("claim", case, "severance")).content.decode()
    for kind in ("severance", "notice_pay"):
        assert client.post(page("claim", case, kind), ANSWERS[kind][0]).status_code == 302
    client.post(page("claim", case, "overtime"), ANSWERS["overtime"][0])
    client.post(page("claim_drop", case, 2))
    html = client.get(page("elements", case)).content.decode()
    assert ("43,000.00" in html, "450.00" in html, "是否旷工" in html) == (True, False, True)
    worker = case.parties.get(side=Side.APPLICANT)
    client.post(page("take_over", case), {"party": worker.pk})
    worker.refresh_from_db()
    assert worker.amount == Decimal("43000.00")
    assert worker.claims == "经济补偿（N） 36,000.00 元；代通知金 7,000.00 元"
    assert stories.fresh(case).amount_claimed == Decimal("43000.00")
    firm = case.parties.get(side=Side.RESPONDENT)
    assert client.post(page("take_over", case), {"party": firm.pk}).status_code != 302
    stale = client.post(page("elements", case), {"post": "x", "version": "0"})
    assert stale.status_code == 409


def drawn(case, user):
    own = panels.shown_to(case, user)
    found = read_together(panels.reads_of(own, case, user))
    return [
        render_to_string(panel["template"], {"panel": panel["panel"]})
        for panel in panels.panels_of(own, case, user, found)
        if panel["key"] in ("clock", "elements")
    ]


def test_panels_of_the_case(hall):
    """Both panels draw themselves from what they are given, before and after something is written."""
    case = stories.mediating(hall, cause="comp_severance")
    shown = drawn(case, hall["mediator"])
    assert "还没有写知道权利受侵害之日" in shown[0]
    assert "还没有算请求的金额" in shown[1]
    case.known_on = stories.today()
    elements.add_claim(
        stories.fresh(case), by=hall["mediator"], kind="notice_pay", asked={"last_month_pay": Decimal(7000)}
    )
    shown = drawn(case, hall["mediator"])
    assert "最后一天" in shown[0]
    assert "7,000.00" in shown[1]


def test_pages_cost_the_same_for_many_events(client, hall, django_assert_max_num_queries):
    case = stories.mediating(hall, known_on=datetime.date(2026, 1, 5))
    client.force_login(hall["mediator"])
    costs = []
    for count in (1, 3, 30):
        for day in range(count):
            care.record_limitation_event(
                stories.fresh(case), by=hall["mediator"], kind="claim", on=datetime.date(2026, 2, 1) + stories.days(day)
            )
        client.get(page("clock", case))
        with django_assert_max_num_queries(60) as counted:
            client.get(page("clock", case))
        costs.append(len(counted))
    assert len(set(costs)) == 1, costs
