"""Services at the public counter, through its doors: applying with and without a name, how it stands, rating, taking it back."""

from __future__ import annotations

import re
from typing import Any

import pytest
import segno
from django.core.cache import cache
from django.test import Client

from services.actions import cases
from services.claims.models import Claim
from services.enums import Applicant, Channel
from services.models import Programme
from services.orders.models import Order
from services.outside.applying import PER_DEVICE
from services.outside.models import Rating, Reporter
from tests.counter.telephones import MOBILE, messages, verified
from tests.services.craftsmen import craft_programme
from tests.services.visitors import hazard_programme, rewarded, verified_claim
from tests.services.worlds import make_programme
from tests.world import World
from unionops.casework.models import Notice
from unionops.org.models import Event

pytestmark = pytest.mark.django_db
REPORT = {"description": "消防通道被布匹堵死", "extra_place": "三号车间", "agrees": "on"}


@pytest.fixture(autouse=True)
def _no_messages() -> Any:
    messages()
    yield
    messages()


def slip(client: Client, answer: Any) -> dict[str, str]:
    """Number and code as they stand on the receipt."""
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    number, code = re.findall(r'<dd class="num">([^<]+)</dd>', page)
    return {"number": number, "code": code}


def standing(client: Client, known: dict[str, str]) -> str:
    return client.post("/public/check/", known).content.decode()


def test_a_hazard_is_reported_without_a_name_and_rewarded(world: World, as_person: Any) -> None:
    programme, client = hazard_programme(world), Client()
    assert "不留姓名办理" in client.get("/public/services/hazards/").content.decode()
    form = client.get(f"/public/services/{programme.pk}/anonymous/").content.decode()
    # Only what the programme asks of visitors, and nothing by which one would be known.
    assert "extra_place" in form
    for hidden in ("extra_insider", "extra_grade", 'name="applicant_name"', 'name="phone"'):
        assert hidden not in form
    key = {"_key": "k1"}
    answer = client.post(f"/public/services/{programme.pk}/anonymous/", REPORT | key)
    again = client.post(f"/public/services/{programme.pk}/anonymous/", REPORT | key)
    known = slip(client, answer)
    assert again["Location"] == answer["Location"]
    case = Claim.objects.get()
    assert (case.applicant_kind, case.channel, case.applicant_name, case.phone_hash) == (
        "anonymous",
        Channel.PUBLIC,
        "",
        "",
    )
    # The receipt is this device's.
    assert Client().get(answer["Location"]).status_code == 404
    assert "已申请" in standing(client, known)
    case = verified_claim(world, case, "车间主任张三说的")
    page = standing(client, known)
    assert "已查实" in page
    assert "张三" not in page
    case = rewarded(world, case)
    assert case.amount == 3000
    page = standing(client, known)
    assert "奖励已批准" in page
    assert "请带编号和查询码来领奖" in page
    # Whoever comes for it says number and code.
    desk = as_person("officer")
    bearer = f"/services/claim/{case.pk}/bearer/"
    assert desk.post(bearer, known | {"code": "000000"}).status_code == 422
    cache.clear()
    assert desk.post(bearer, known).status_code == 302
    assert as_person("town").post(bearer, known).status_code == 404
    told = Event.objects.about("claim", case.pk).filter(verb="claim.record").values_list("data", flat=True)
    assert any("是报告人本人" in str(data) for data in told)
    case = cases.take(
        case, "pay", by=world["officer"], way="cash", payee="凭回执编号领取", witnesses=["王会计", "李出纳"]
    )
    cases.take(case, "confirm_paid", by=world["other_handler"])
    assert "已发放" in standing(client, known)


def test_a_draft_has_arrived_when_the_report_was_taken_and_not_before(world: World) -> None:
    programme, client = hazard_programme(world), Client()
    apply, draft = f"/public/services/{programme.pk}/apply/", {"_draft": "public", "_key": "k1"}
    report = REPORT | draft | {"applicant_name": "孙举报"}
    late = client.post(apply, report)
    assert late["Location"].startswith("/public/phone/")
    assert "X-Draft-Done" not in late
    verified(client)
    assert "X-Draft-Done" not in client.post(apply, report | {"description": ""})
    # Sent twice, where the first answer was lost on the way.
    for _sending in range(2):
        assert client.post(apply, report)["X-Draft-Done"] == "public"
    assert Claim.objects.count() == 1


def test_a_name_is_sealed_away(world: World, as_person: Any) -> None:
    programme, client = hazard_programme(world), Client()
    apply = f"/public/services/{programme.pk}/apply/"
    assert client.get(apply)["Location"].startswith("/public/phone/")
    verified(client)
    slip(client, client.post(apply, REPORT | {"applicant_name": "孙举报"}))
    case = Claim.objects.get()
    assert Reporter.objects.get().open("name") == "孙举报"
    rows = [*Claim.objects.values(), *Reporter.objects.values(), *Event.objects.values(), *Notice.objects.values()]
    assert not any("孙举报" in str(row) or MOBILE in str(row) for row in rows)
    pages = [f"/services/claim/{case.pk}/", f"/services/p/{programme.code}/", "/", f"/search/?q={case.number}"]
    for name in ("officer", "leader", "clerk"):
        for page in pages:
            assert "孙举报" not in as_person(name).get(page).content.decode(), (name, page)
    reveal = f"/services/claim/{case.pk}/reporter/"
    assert as_person("leader").post(reveal, {"reason": "看看"}).status_code == 403
    assert as_person("town").get(reveal).status_code == 404
    assert as_person("officer").post(reveal, {"reason": ""}).status_code == 422
    shown = as_person("officer").post(reveal, {"reason": "核实情况"})
    assert "孙举报" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert Event.objects.about("claim", case.pk).filter(verb="claim.reveal").count() == 1


def test_a_firm_asks_for_a_craftsman_rates_and_takes_back(world: World) -> None:
    programme = craft_programme(world, is_public=True, documents=["图纸"], applicants=[Applicant.ENTERPRISE])
    client = Client()
    assert programme.name in client.get("/public/services/").content.decode()
    verified(client)
    apply = f"/public/services/{programme.pk}/apply/"
    assert "图纸" in client.get(apply).content.decode()
    given = {
        "applicant_name": "恒润纺织有限公司",
        "contact_name": "吴厂长",
        "description": "模具飞边",
        "trade": "模具",
        "agrees": "on",
    }
    assert client.post(apply, given | {"agrees": ""}).status_code == 422
    known = slip(client, client.post(apply, given | {"town": world.town.pk}))
    order = Order.objects.get()
    assert (order.phone_masked, order.trade, order.town, order.registered_by.username) == (
        "138****0001",
        "模具",
        world.town,
        "system",
    )
    assert "联系人：吴厂长" in order.description
    # A strange code and a strange number are answered alike.
    wrong = [
        client.post("/public/services/mine/", {**known, **bad})
        for bad in ({"code": "999999"}, {"number": "FW-0000-0000-0"})
    ]
    assert [answer.status_code for answer in wrong] == [422, 422]
    # Not done yet: there is nothing to rate.
    page = client.post("/public/services/mine/", known).content.decode()
    assert "/public/services/mine/withdraw/" in page
    assert "/public/services/mine/rate/" not in page
    assert client.post("/public/services/mine/rate/", known | {"stars": "5"}).status_code == 422
    assert client.post("/public/services/mine/withdraw/", known | {"sure": "on", "reason": "修好了"}).status_code == 302
    order.refresh_from_db()
    assert order.state == "withdrawn"
    assert "已撤单" in standing(client, known)
    assert client.post("/public/services/mine/rate/", known | {"stars": "4", "words": "回得快"}).status_code == 302
    order.refresh_from_db()
    assert (Rating.objects.get().stars, order.rating) == (4, 4)
    assert client.post("/public/services/mine/rate/", known | {"stars": "1"}).status_code == 422
    assert client.post("/public/services/mine/withdraw/", known | {"sure": "on"}).status_code == 422


def test_a_programme_says_by_when_and_how_much_and_asks_once(world: World) -> None:
    """Each step with its days in its order, limits as sentences; the matter in the programme's own words, and no other words beside."""
    programme = make_programme(
        world, is_public=True, applicants=["person"], steps=["check", "verify", "publish", "clear", "approve", "pay"],
        terms={"checked": [10, "working"], "submitted": [5, "natural"], "cleared": [3, "working"]}, names={"verb:verify": "经济状况核对"},
        limits={"case_ceiling": 3600, "once_a_year": 2, "leader_ceiling": 2000, "publication_days": 7},
        fields=[{"key": "idea", "label": "建议", "kind": "paragraph", "required": True}],
    )  # fmt: skip
    client = Client()
    page = client.get(f"/public/services/{programme.pk}/").content.decode()
    assert "初审 5 天内，经济状况核对 10 个工作日内，公示 7 个工作日，审批 3 个工作日内" in page
    assert "每件最多 3,600 元，每人每年最多 2 次" in page
    assert "2000" not in page
    verified(client)
    apply = f"/public/services/{programme.pk}/apply/"
    form = client.get(apply).content.decode()
    assert [f'name="{name}"' in form for name in ("extra_idea", "description", "amount_asked")] == [True, False, False]
    refused = client.post(apply, {"applicant_name": "陈桂芳", "agrees": "on"})
    assert (refused.status_code, "请填写建议。" in refused.content.decode()) == (422, True)
    given = {"applicant_name": "陈桂芳", "identity": "33060219900101001X", "extra_idea": "通道画黄线", "agrees": "on"}
    known = slip(client, client.post(apply, given))
    assert Claim.objects.get().details == {"idea": "通道画黄线"}
    # From how it stands one goes on to what can be done with it, without typing both again.
    checked = standing(client, known)
    assert 'action="/public/services/mine/"' in checked
    assert f'value="{known["code"]}"' in checked
    assert "我要撤回" in client.post("/public/services/mine/", known).content.decode()


def test_consent_is_taken_back_where_nothing_can_be_stopped(world: World) -> None:
    programme, client = hazard_programme(world), Client()
    known = slip(client, client.post(f"/public/services/{programme.pk}/anonymous/", REPORT))
    case = Claim.objects.get()
    case = rewarded(world, verified_claim(world, case))
    assert client.post("/public/services/mine/withdraw/", known | {"sure": "on"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "approved"
    assert Notice.objects.filter(verb="claim.consent_withdrawn", user=world.people["officer"]).exists()


def test_whoever_scans_the_sign_of_a_programme_stands_before_its_form(world: World, as_person: Any) -> None:
    """The officer finds the sheet above the list; a vest may bear its code (domain C09)."""
    programme, anybody = hazard_programme(world), Client()
    sheet, page = f"/public/services/{programme.pk}/sign/", f"http://testserver/public/services/{programme.pk}/"
    assert sheet in as_person("officer").get(f"/services/p/{programme.code}/").content.decode()
    shown = anybody.get(sheet).content.decode()
    drawn = re.findall(
        r"<path [^>]*/>",
        segno.make(page, error="m", micro=False).svg_inline(scale=8, border=4, dark="#000", light="#fff"),
    )
    assert drawn
    assert page in shown
    assert all(path in shown for path in drawn)
    programme.is_public = False
    programme.save()
    assert anybody.get(sheet).status_code == 404
    assert sheet not in as_person("officer").get(f"/services/p/{programme.code}/").content.decode()


def test_what_is_not_open_is_not_there(world: World) -> None:
    client = Client()
    closed: list[Programme] = [
        make_programme(world), make_programme(world, is_public=True, retired_at="2026-01-01T00:00:00+08:00"),
    ]  # fmt: skip
    named = make_programme(world, is_public=True)
    for programme in closed:
        for page in ("", "apply/", "anonymous/"):
            status = client.get(f"/public/services/{programme.pk}/{page}").status_code
            assert status == (302 if page == "apply/" else 404)
        assert programme.name not in client.get("/public/services/").content.decode()
    # Without a name only where the programme says so.
    assert client.get(f"/public/services/{named.pk}/anonymous/").status_code == 404
    assert "还不能在网上报告" in client.get("/public/services/hazards/").content.decode()
    hazards = hazard_programme(world)
    said = [
        client.post(f"/public/services/{hazards.pk}/anonymous/", REPORT).status_code for _ in range(PER_DEVICE.most + 1)
    ]
    assert said == [302] * PER_DEVICE.most + [429]
