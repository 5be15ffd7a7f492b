"""The doors of places: the map and its twin, what the public sees, what is sent from a page."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from services.places.actions import upkeep
from services.places.actions.upkeep import Checked
from services.places.models import CoveragePlan, Feedback, Place, Repair, Suggestion
from services.places.views.doing import DOINGS
from tests.weight import LIGHT, weight
from tests.world import World
from unionops.casework.models import Attachment
from unionops.packs import registry
from unionops.packs.registry import Wanted

from .stations import fill, make_station, make_stations

pytestmark = pytest.mark.django_db


def sign_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world[name])
    return client


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()


def count(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(url)
    assert answer.status_code == 200
    assert weight(answer) < LIGHT
    return len(found)


def test_lists_and_maps_ask_the_same_whatever_the_number(world: World) -> None:
    programme = make_stations(world)
    officer, anybody = sign_in(world, "officer"), Client()
    pages = [
        (officer, reverse("places:map", args=[programme.code])),
        (officer, reverse("places:map_data", args=[programme.code])),
        (officer, reverse("places:map", args=[programme.code]) + "?near=120.5,30&open=on"),
        (officer, reverse("places:upkeep", args=[programme.code])),
        (officer, reverse("services:cases", args=[programme.code])),
        (anybody, reverse("places:public_stations")),
        (anybody, reverse("places:public_data", args=[programme.pk])),
    ]  # fmt: skip
    found = []
    for number, more in enumerate((1, 2, 97)):
        fill(world, programme, more, number_from=number)
        found.append([count(client, url) for client, url in pages])
    assert found[0] == found[1]
    # Beyond a page the rows are counted by a statement of their own.
    assert all(0 <= many - few <= 1 for few, many in zip(found[0], found[2], strict=True))
    assert max(found[0]) <= 20


def test_the_map_and_its_list_are_the_same(world: World) -> None:
    """Each filter gives the map the places of the list, in its order, on all of its pages."""
    programme = make_stations(world)
    fill(world, programme, 120)
    far = Place.objects.filter(programme=programme).order_by("number").last()
    assert far is not None
    far.stars, far.facilities, far.title = 5, ["shower"], "浴室驿站"
    far.save()
    client = sign_in(world, "leader")
    for query in (
        "",
        "near=120.52,30.0",
        "stars=5",
        "facility=shower",
        "q=浴室",
        "q=没有这里",
        "near=120.5,30&box=120.4,29.9,120.505,30.1",
    ):
        drawn = client.get(reverse("places:map_data", args=[programme.code]) + f"?{query}").json()["places"]
        listed: list[str] = []
        url = reverse("places:map", args=[programme.code]) + f"?{query}"
        while url:
            page = client.get(url).content.decode()
            listed += re.findall(r'class="ttl" href="[^"]+">([^<]+)<', page)
            following = re.search(r'href="([^"]+)" rel="next"', page)
            url = following[1].replace("&amp;", "&") if following else ""
        assert [place["title"] for place in drawn] == listed, query
        assert (query != "") or len(listed) == 100


def test_outsiders_and_wrong_roles(world: World, elsewhere: World) -> None:
    programme = make_stations(world)
    station = make_station(world, programme)
    upkeep.inspect(station, by=world["officer"], items=[Checked("插座", "fail")])
    repair, inspection = Repair.objects.get(), station.inspections.get()
    code, pk = programme.code, station.pk
    reading = [
        reverse("places:map", args=[code]), reverse("places:map_data", args=[code]), reverse("places:upkeep", args=[code]),
        reverse("places:plans", args=[code]), reverse("places:suggestions", args=[code]),
        reverse("places:repair", args=[repair.pk]), reverse("places:inspection", args=[inspection.pk]),
    ]  # fmt: skip
    doing = [
        reverse("places:inspect", args=[pk]), *(reverse("places:do", args=[pk, what]) for what in DOINGS),
        reverse("places:repair_step", args=[repair.pk, "repair"]), reverse("places:checklist", args=[code]),
        reverse("places:plan_new", args=[code]),
    ]  # fmt: skip
    outsider = sign_in(elsewhere, "officer")
    wrong = sign_in(world, "chief")
    right = sign_in(world, "officer")
    for url in reading + doing:
        assert outsider.get(url).status_code == 404, url
        assert right.get(url).status_code == 200, url
        assert Client().get(url).status_code == 302, url
    for url in doing:
        assert wrong.get(url).status_code == 403, url
    assert right.get(reverse("places:do", args=[pk, "nothing"])).status_code == 404


def test_what_is_sent_from_the_pages(world: World) -> None:
    programme = make_stations(world)
    client, today = sign_in(world, "officer"), timezone.localdate()
    begun = client.post(
        reverse("services:register", args=[programme.code]),
        {
            "name": "城南驿站", "applicant_name": "城南街道总工会", "town": world.town.pk, "sort": "own", "address": "环城南路 8 号",
            "position": "120.58,29.99", "system": "gcj02", "every_day": "8:00-20:00", "day_6": "休", "area": "30", "capacity": "20",
            "facilities": ["rest", "water"], "manager": "王建国", "phone": "13800002047", "is_published": "on",
        },
    )  # fmt: skip
    assert begun.status_code == 302, begun.content.decode()
    station = Place.objects.get(title="城南驿站")
    assert (station.applicant_name, station.hours["0"], "6" in station.hours) == (
        "城南街道总工会",
        [[480, 1200]],
        False,
    )
    wrong = client.post(
        reverse("services:register", args=[programme.code]),
        {"name": "坏", "applicant_name": "街道", "sort": "own", "position": "2.35,48.85", "every_day": "上午"},
    )
    assert wrong.status_code == 422
    assert "国内" in wrong.content.decode()
    for what, fields in {
        "profile": {"name": "城南驿站", "host": "城南街道总工会", "sort": "own", "address": "环城南路 9 号", "position": "120.58,29.99",
                    "system": "gcj02", "every_day": "全天", "is_published": "on"},
        "report": {"what": "门锁坏了"}, "supply": {"name": "水", "way": "in", "count": "5", "on": today},
        "service": {"kind": "law", "people": "30", "on": today}, "tally": {"visits": "12", "on": today},
        "stars": {"on": today}, "honour": {"name": "最美驿站", "year": today.year},
    }.items():  # fmt: skip
        answer = client.post(reverse("places:do", args=[station.pk, what]), fields)
        assert answer.status_code == 302, (what, answer.content.decode()[-3000:])
    station.refresh_from_db()
    assert (station.address, station.week, station.phone_masked) == ("环城南路 9 号", [(0, 10080)], "138****2047")
    items = {f"result_{number}": "pass" for number in range(12)} | {"result_4": "fail", "note_4": "不热", "on": today}
    photographed = items | {"photo_4": SimpleUploadedFile("微波炉.png", picture(), "image/png")}
    assert client.post(reverse("places:inspect", args=[station.pk]), photographed).status_code == 302
    assert station.inspections.get().failed == 1
    photo = Attachment.objects.get(kind="place", case_id=station.pk)
    shown: Any = client.get(reverse("casework:file", args=[photo.pk]))
    assert (photo.caption, shown.status_code, b"".join(shown.streaming_content)[1:4]) == ("微波炉能用", 200, b"PNG")
    page = client.get(reverse("services:place", args=[station.pk])).content.decode()
    assert all(words in page for words in ("微波炉能用", "24 小时", "最美驿站", "门锁坏了"))
    repair = Repair.objects.get(what="门锁坏了")
    done = client.post(reverse("places:repair_step", args=[repair.pk, "repair"]), {"outcome": "换锁", "on": today})
    assert done.status_code == 302
    plan = {"name": "三年", "from_year": "2024", "to_year": "2026", "target": "90", "counts": "upgraded"}
    assert client.post(reverse("places:plan_new", args=[programme.code]), plan).status_code == 302
    pk = CoveragePlan.objects.get().pk
    changed = client.post(
        reverse("places:plan_edit", args=[programme.code, pk]), {**plan, "target": "99", "version": "1"}
    )
    assert changed.status_code == 302
    assert (
        client.post(reverse("places:plan_edit", args=[programme.code, pk]), {**plan, "version": "1"}).status_code == 409
    )
    assert (
        client.post(reverse("places:checklist", args=[programme.code]), {"items": "！灭火器\n桌椅"}).status_code == 302
    )
    assert "灭火器" in client.get(reverse("places:inspect", args=[station.pk])).content.decode()
    wish = {"address": "迪荡", "reason": "人多", "system": "gcj02"}
    assert client.post(reverse("places:suggest", args=[programme.code]), wish).status_code == 302
    step = reverse("places:suggestion_step", args=[Suggestion.objects.get().pk, "adopt"])
    assert client.post(step, {"name": "迪荡驿站", "answer": "明年建"}).status_code == 302


def test_everybody_may_see_a_place_and_nobody_in_it(world: World) -> None:
    programme = make_stations(world)
    station = make_station(world, programme)
    anybody = Client()
    url = reverse("places:public_place", args=[station.public_code])
    for page in (url, reverse("places:public_stations"), reverse("places:public_data", args=[programme.pk])):
        answer = anybody.get(page)
        shown = str(answer.json()) if answer["Content-Type"] == "application/json" else answer.content.decode()
        assert "八字桥驿站" in shown
        assert not any(
            secret in shown for secret in ("王建国", "王**", "王*", "13800002047", "138****2047", str(station.pk))
        )
    sent = anybody.post(f"{url}fault/", {"what": "水龙头漏水"})
    assert sent.status_code == 302
    repair = Repair.objects.get()
    assert (repair.source, repair.reported_by.username, repair.place_id) == ("public", "system", station.pk)
    assert anybody.post(f"{url}fault/", {"what": ""}).status_code == 422
    assert anybody.post(f"{url}stars/", {"stars": "4", "text": "干净"}).status_code == 302
    assert Feedback.objects.get().stars == 4
    assert "4.0" in anybody.get(url).content.decode()
    picture = anybody.get(f"{url}qr.svg")
    assert (picture["Content-Type"], b"<svg" in picture.content) == ("image/svg+xml", True)
    Place.objects.filter(pk=station.pk).update(is_published=False)
    assert anybody.get(url).status_code == 404
    programme.is_public = False
    programme.save()
    assert "还没有公开" in anybody.get(reverse("places:public_stations")).content.decode()


def test_the_sign_of_a_place_bears_the_code_of_its_page(world: World, elsewhere: World) -> None:
    """Whoever keeps the place finds the sheet on its page, anybody may print it, the code leads to the public page and nowhere else."""
    programme = make_stations(world)
    station = make_station(world, programme)
    anybody, page = Client(), reverse("places:public_place", args=[station.public_code])
    sheet, picture = f"{page}sign/", f"{page}qr.svg"
    assert sheet in sign_in(world, "officer").get(reverse("services:place", args=[station.pk])).content.decode()
    assert sheet in anybody.get(page).content.decode()
    shown = anybody.get(sheet, headers={"host": "testserver"}).content.decode()
    for said in ("八字桥驿站", programme.name, f'src="{picture}"', "data-unionops-print", f"http://testserver{page}"):
        assert said in shown
    assert not [secret for secret in ("王建国", "13800002047", str(station.pk)) if secret in shown]
    # Drawn again from the address alone, it is the same code.
    expected = io.BytesIO()
    code = segno.make(f"http://testserver{page}", error="m", micro=False)
    code.save(expected, kind="svg", scale=8, border=4, dark="#000", light="#fff", svgns=True)
    assert anybody.get(picture).content == expected.getvalue()
    assert code.symbol_size(border=0)[0] <= 41
    other = make_station(world, programme, title="咸亨驿站")
    assert anybody.get(reverse("places:public_qr", args=[other.public_code])).content != expected.getvalue()
    # What is not published has no sign, and neither has what is nowhere.
    assert anybody.get(reverse("places:public_sign", args=["nowhere2"])).status_code == 404
    Place.objects.filter(pk=station.pk).update(is_published=False)
    assert [anybody.get(url).status_code for url in (sheet, picture)] == [404, 404]


def test_a_flood_of_reports_is_stopped(world: World) -> None:
    station = make_station(world, make_stations(world))
    url = reverse("places:public_stars", args=[station.public_code])
    found = [Client().post(url, {"stars": "1"}).status_code for _time in range(22)]
    assert found[:20] == [302] * 20
    assert found[20:] == [429, 429]


def test_papers(world: World) -> None:
    programme = make_stations(world)
    station = make_station(world, programme)
    inspection = upkeep.inspect(station, by=world["officer"], items=[Checked("插座", "fail", True, "松动")])
    CoveragePlan.objects.create(programme=programme, name="三年", from_year=2024, to_year=2026, target=90)
    client = sign_in(world, "officer")
    for code, asked, words in (
        (
            "place_register", {"programme": programme.code},
            ("人民中路 1 号", "名称", "镇街", "地址", "类别", "管理单位", "面积（㎡）", "设施", "开放时间", "星级", "启用", "提升", "状态"),
        ),
        ("place_inspection", {"inspection": str(inspection.pk)}, ("松动", "巡查日期", "巡查人", "检查项", "结果", "问题", "期限", "修好")),
        ("place_plan", {"programme": programme.code}, ("马山街道", "目标 90 处", "完成率", "按年", "按镇街")),
    ):  # fmt: skip
        pack = registry.find(code)
        assert pack is not None
        said = str(pack.gather(Wanted(world["officer"], asked)).as_json())
        assert [word for word in words if word not in said] == [], code
        ((key, value),) = asked.items()
        assert client.get(reverse("packs:new", args=[code]) + f"?{key}={value}").status_code == 200
