"""Coming to an activity, bringing a child and wishing for a place without an account: one walk through all public doors."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from services.actions import cases
from services.activities.actions import enrolments
from services.activities.models import Enrolment, Feedback
from services.childcare.enums import RULE_VERSION
from services.childcare.models import Child, Guardian, PickUp
from services.claims.models import Claim
from services.enums import Shape
from services.models import Programme
from services.outside.enrolling import PER_PHONE
from services.places.actions import planning
from services.places.models import Suggestion
from tests.counter.telephones import MOBILE, messages, verified
from tests.services.caring import identity, make_class
from tests.services.everything.outside import open_activity
from tests.services.test_outside import slip, standing
from tests.services.worlds import make_programme
from tests.world import World
from unionops.casework.models import Notice
from unionops.org.errors import ActionError
from unionops.org.models import Event

pytestmark = pytest.mark.django_db
OTHER = "13812340002"
ADULT = "33060219900101001X"


@pytest.fixture(autouse=True)
def _no_messages() -> Any:
    messages()
    cache.clear()
    yield
    messages()


def visitor(phone: str = MOBILE) -> Client:
    client = Client()
    verified(client, phone)
    return client


def mine(client: Client, known: dict[str, str], what: str = "", **sent: str) -> Any:
    return client.post(f"/public/services/mine/{what}", known | sent)


def test_people_come_wait_move_up_rate_and_leave(world: World) -> None:
    row = cases.take(open_activity(world, capacity=1), "publish", by=world["officer"])
    page = f"/public/activities/{row.pk}/"
    listed = Client().get("/public/activities/").content.decode()
    assert row.title in listed
    assert "还有 1 个名额" in listed
    assert Client().get(f"{page}enrol/")["Location"].startswith("/public/phone/")
    first, second = visitor(), visitor(OTHER)
    key = {"_key": "once"}
    given = {"name": "陈桂芳", "identity": ADULT, "agrees": "on"}
    assert first.post(f"{page}enrol/", given | {"agrees": ""}).status_code == 422
    answer = first.post(f"{page}enrol/", given | key)
    assert first.post(f"{page}enrol/", given | key)["Location"] == answer["Location"]
    known = slip(first, answer)
    one = Enrolment.objects.get()
    assert (one.state, one.phone_masked, one.by.username) == ("confirmed", "138****0001", "system")
    # Somebody else who types her number learns nothing of her.
    told = second.post(f"{page}enrol/", {"name": "无关的人", "identity": ADULT, "agrees": "on"})
    assert told.status_code == 422
    words = told.content.decode()
    assert "没有报上" in words
    for hidden in ("第 1 号", "已录取", "陈桂芳"):
        assert hidden not in words
    waiting = slip(second, second.post(f"{page}enrol/", {"name": "王师傅", "agrees": "on"}))
    assert "已报满，可以候补" in Client().get(page).content.decode()
    assert "候补第 1 位" in standing(second, waiting)
    assert "已录取" in standing(first, known)
    assert "陈桂芳" not in standing(first, known)
    # Not held yet: nothing to rate, but one may go.
    assert "/public/services/mine/rate/" not in mine(first, known).content.decode()
    assert mine(first, known, "withdraw/", sure="on").status_code == 302
    assert "已退出" in standing(first, known)
    assert "已录取" in standing(second, waiting)
    cases.take(row, "start", by=world["officer"])
    assert mine(second, waiting, "rate/", stars="5", words="学到了").status_code == 302
    assert mine(second, waiting, "rate/", stars="1").status_code == 422
    assert (Feedback.objects.get().score, Feedback.objects.get().enrolment) == (5, None)


def test_what_is_not_open_is_not_there(world: World) -> None:
    client, officer = visitor(), world["officer"]
    planned = open_activity(world)
    inside = cases.take(open_activity(world), "publish", by=officer)
    inside.programme.is_public = False
    inside.programme.save()
    for row in (planned, inside):
        for page in ("", "enrol/"):
            assert client.get(f"/public/activities/{row.pk}/{page}").status_code == 404
    assert planned.title not in client.get("/public/activities/").content.decode()
    late = cases.take(
        open_activity(world, enrol_until=timezone.localdate() - timezone.timedelta(days=1)), "publish", by=officer
    )
    assert "报名已截止" in client.get(f"/public/activities/{late.pk}/").content.decode()
    assert client.post(f"/public/activities/{late.pk}/enrol/", {"name": "陈桂芳", "agrees": "on"}).status_code == 409
    # Tries are counted, also those that do not succeed.
    row = cases.take(open_activity(world, capacity=50), "publish", by=officer)
    enrolments.enrol(row, by=officer, name="陈桂芳", identity=ADULT)
    wrong = {"name": "陈桂芳", "identity": ADULT, "agrees": "on"}
    said = [client.post(f"/public/activities/{row.pk}/enrol/", wrong).status_code for _ in range(PER_PHONE.most + 1)]
    assert said == [422] * PER_PHONE.most + [429]


CHILD = {
    "name": "何以宁", "identity": identity(12), "grade": "3", "school": "塔山小学", "health": "花生过敏", "guardian_name": "丁香兰",
    "guardian_kin": "mother", "emergency_name": "邵美娟", "emergency_kin": "friend", "emergency_phone": "13600003300", "guardian_tail": "1147", "first_name": "茹玉珍", "first_kin": "grandparent", "first_phone": "13700006620",
    "first_tail": "0428", "agrees": "on", "agrees_health": "on",
}  # fmt: skip


def test_a_guardian_brings_a_child_and_takes_it_out_again(world: World, as_person: Any) -> None:
    found = make_class(world, capacity=1)
    programme = found.activity.programme
    programme.is_public = True
    programme.save()
    page = f"/public/activities/{found.activity.pk}/"
    assert found.activity.title in Client().get("/public/childcare/").content.decode()
    assert found.activity.title not in Client().get("/public/activities/").content.decode()
    client = visitor()
    form = client.get(f"{page}enrol/").content.decode()
    # The rule stands on the page itself, with its version.
    for part in (RULE_VERSION, "收集什么，为什么", "您的权利", "不满十四周岁"):
        assert part in form
    for without, field in (({"agrees": ""}, "agrees"), ({"agrees_health": ""}, "agrees_health"), ({"first_kin": ""}, "first_kin")):  # fmt: skip
        refused = client.post(f"{page}enrol/", CHILD | without)
        assert (refused.status_code, f'id="id_{field}-err"' in refused.content.decode()) == (422, True), field
    too_old = client.post(f"{page}enrol/", CHILD | {"identity": identity(12, "20050512")})
    assert "这个班收" in too_old.content.decode()
    assert not Child.objects.exists()
    known = slip(client, client.post(f"{page}enrol/", CHILD))
    child = Child.objects.get()
    assert (child.sex, child.birth_on.isoformat(), child.consent_way, child.consent_version) == (
        "female" if int(identity(12)[16]) % 2 == 0 else "male", "2017-05-12", "online", RULE_VERSION,
    )  # fmt: skip
    assert child.open("health") == "花生过敏"
    guardian = Guardian.objects.get()
    assert (guardian.open("name"), guardian.phone_masked, guardian.open("phone")) == ("丁香兰", "138****0001", MOBILE)
    assert sorted(one.open("name") for one in PickUp.objects.all()) == ["丁香兰", "茹玉珍"]
    # Encrypted, and told nowhere: not in rows of the log or of notices, not on a public page, not on the desk's list.
    rows = [*Child.objects.values(), *PickUp.objects.values(), *Guardian.objects.values(), *Event.objects.values(), *Notice.objects.values()]  # fmt: skip
    assert not any(
        part in str(row) for row in rows for part in ("花生", "丁香兰", "茹玉珍", MOBILE, "13700006620", identity(12))
    )
    secrets = ("何以宁", "花生", "丁香兰", "茹玉珍", "塔山小学", identity(12), "20170512")
    public = [standing(client, known), mine(client, known).content.decode(), client.get(page).content.decode(), client.get(f"{page}enrol/").content.decode()]  # fmt: skip
    public.append(client.get("/public/childcare/").content.decode())
    public.append(as_person("officer").get(f"/services/activity/{found.activity.pk}/enrolments/").content.decode())
    assert [part for shown in public for part in secrets if part in shown] == []
    # Another guardian with the same number learns neither that the child is there nor where.
    other = make_class(world, title="府山街道暑期托管班")
    stranger = visitor(OTHER).post(f"/public/activities/{other.activity.pk}/enrol/", CHILD)
    assert stranger.status_code == 422
    assert "没有报上" in stranger.content.decode()
    assert found.activity.title not in stranger.content.decode()
    waiting = slip(client, client.post(f"{page}enrol/", CHILD | {"identity": identity(13), "name": "何以安"}))
    assert "候补第 1 位" in standing(client, waiting)
    assert "撤回同意后孩子退出托管班" in mine(client, known).content.decode()
    assert mine(client, known, "withdraw/", sure="on").status_code == 302
    child.refresh_from_db()
    assert (child.consent_withdrawn_at is None, child.open("health"), child.enrolment.state) == (False, "", "withdrawn")
    assert not PickUp.objects.filter(child=child, removed_at=None).exists()
    assert mine(client, known, "withdraw/", sure="on").status_code == 422
    assert "请监护人带证件" in standing(client, waiting)


def test_a_place_is_wished_for_and_answered(world: World) -> None:
    programme = make_programme(world, Shape.PLACE, name="户外劳动者驿站", code="stations", is_public=True)
    hidden = make_programme(world, Shape.PLACE, name="内部阵地")
    client = visitor()
    assert f"/public/wishes/{programme.pk}/" in client.get("/public/stations/").content.decode()
    shown = client.get("/public/wishes/").content.decode()
    assert (programme.name in shown, hidden.name in shown) == (True, False)
    assert client.get(f"/public/wishes/{hidden.pk}/").status_code == 404
    page = f"/public/wishes/{programme.pk}/"
    assert client.post(page, {"address": "", "reason": "歇脚难"}).status_code == 422
    known = slip(client, client.post(page, {"address": "解放路口", "reason": "快递小哥歇脚难", "town": world.town.pk}))
    row = Suggestion.objects.get()
    assert (row.town, row.suggested_by.username, row.state) == (world.town, "system", "waiting")
    assert "待审核" in standing(client, known)
    planning.decide_suggestion(row, "decline", by=world["officer"], answer="旁边的银行已有一处")
    page = standing(client, known)
    assert "未采纳" in page
    assert "旁边的银行已有一处" in page
    # A wish is neither rated nor taken back.
    assert "mine/withdraw" not in mine(client, known).content.decode()


def test_a_number_tells_nothing_of_earlier_claims(world: World) -> None:
    """Where there is one claim a year, the public door does not say that there was one: the desk finds it."""
    programme = make_programme(
        world, is_public=True, limits={"once_a_year": 1}, applicants=["person"], steps=["check", "approve"]
    )
    page, given = f"/public/services/{programme.pk}/apply/", {"description": "丈夫住院", "agrees": "on"}
    assert visitor().post(page, given | {"applicant_name": "陈桂芳"}).status_code == 422
    slips = [visitor(phone).post(page, given | {"applicant_name": "陈桂芳", "identity": ADULT}) for phone in (MOBILE, OTHER)]  # fmt: skip
    assert [answer.status_code for answer in slips] == [302, 302]
    with pytest.raises(ActionError, match="今年已经申领过"):
        cases.take(Claim.objects.latest("registered_at"), "check", by=world["officer"])


def test_goals_are_shown_as_the_administrator_says(world: World, as_person: Any) -> None:
    """Approved projects of unions and firms with the fields that are public; nothing of a person, nothing before the approval."""
    programme = make_programme(
        world, name="工会品牌", applicants=["union", "person"], steps=["approve"],
        fields=[{"key": "goal", "label": "目标", "kind": "text"}, {"key": "owner", "label": "责任人", "kind": "text"}],
    )  # fmt: skip
    names = ("袁花镇总工会", "还没批的工会", "陈桂芳")
    rows = [
        cases.register(
            programme, by=world["cadre"], applicant_kind="person" if name == "陈桂芳" else "union", applicant_name=name, town=world.town,
            extras={"goal": "暖心驿站十个", "owner": "俞主席"},
        )
        for name in names
    ]  # fmt: skip
    for row in (rows[0], rows[2]):
        cases.take(row, "approve", by=world["leader"])
    board = "/public/boards/"
    assert "现在没有公开的项目" in Client().get(board).content.decode()
    admin, page = as_person("admin"), f"/services/settings/{programme.pk}/"
    assert "公开哪些内容" in admin.get(page).content.decode()
    keys = {f"extra-{at}-{name}": value for at, extra in enumerate(programme.extras) for name, value in (("key", extra.key), ("label", extra.label), ("kind", "text"), ("at", "register"))}  # fmt: skip
    given = {
        "name": "工会品牌", "organisation": programme.organisation_id, "applicants": ["union", "person"], "steps": ["approve"], "keep_years": "5",
        "public_fields": ["extra:goal"], "version": programme.version, "extra-TOTAL_FORMS": "2", "extra-INITIAL_FORMS": "2", **keys,
    }  # fmt: skip
    assert admin.post(page, given).status_code == 302
    shown = Client().get(board).content.decode()
    assert all(word in shown for word in ("工会品牌", "袁花镇总工会", "暖心驿站十个", "已审批"))
    assert not [word for word in ("俞主席", "还没批的工会", "陈桂芳") if word in shown]
    Programme.objects.update(is_confidential=True)
    assert "袁花镇总工会" not in Client().get(board).content.decode()


def test_the_home_page_leads_to_every_door(world: World) -> None:
    client = Client()
    home = client.get("/public/").content.decode()
    addresses = re.findall(r'<li><a href="([^"]+)"', home)
    # Where there is nothing yet, the door says so; none leads to a page that is not there.
    assert {
        address: status for address in addresses if (status := client.get(address).status_code) not in (200, 302)
    } == {}
    for wanted in ("/public/childcare/", "/public/activities/", "/public/stations/", "/public/wishes/", "/public/boards/", "/public/services/", "/public/services/mine/", "/public/check/"):  # fmt: skip
        assert wanted in addresses, json.dumps(addresses)
