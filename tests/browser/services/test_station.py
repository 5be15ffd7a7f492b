"""A station in real Chromium: inspected on a phone, mended, checked by another, rated; found on the map and in its list."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from services.places.models import Inspection, Place, Repair
from tests.services.places.stations import fill, make_station, make_stations
from tests.world import PASSWORD, World, make_world

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def open_page(browser: Any, live_server: Any, world: World) -> Any:
    """Return a function that opens a browser of somebody, or of nobody; faults on the pages fail the test."""
    faults: list[str] = []
    contexts = []

    def page_of(name: str, size: dict[str, int]) -> Any:
        context = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", service_workers="block"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(f"{name}: {error}"))
        page.on(
            "console", lambda line: faults.append(line.text) if line.type == "error" and "40" not in line.text else None
        )
        if name:
            page.goto(f"{live_server.url}/sign-in/")
            page.get_by_label("登录名").fill(world[name].username)
            page.get_by_label("密码", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert faults == []


def test_a_station_is_inspected_mended_rated_and_found(world: World, live_server: Any, open_page: Any) -> None:
    programme = make_stations(world)
    station = make_station(world, programme)
    fill(world, programme, 6)
    base, page_of_station = live_server.url, f"{live_server.url}/services/place/{station.pk}/"

    # The town's cadre on a phone: a press for each item; where something is wrong, the note opens.
    phone = open_page("town", PHONE)
    phone.goto(page_of_station)
    phone.get_by_role("link", name="巡查", exact=True).click()
    items = phone.locator(".checks > li")
    for number in range(items.count()):
        items.nth(number).get_by_role("radio", name="不合格" if number == 4 else "合格", exact=True).check()
    items.nth(4).get_by_placeholder("哪里不对").fill("不热")
    expect(items.nth(3).get_by_placeholder("哪里不对")).to_be_hidden()
    phone.get_by_role("button", name="提交巡查").click()
    expect(phone.locator("#said")).to_contain_text("已转报修")
    assert Inspection.objects.get().failed == 1

    # It is mended by the town and looked at by the department.
    phone.goto(page_of_station)
    phone.get_by_role("link", name="微波炉能用").first.click()
    phone.locator("[data-unionops-verbs]").get_by_role("link", name="登记修好").click()
    phone.get_by_label("怎么修的").fill("换了一台")
    phone.locator("form.inform button[type=submit]").click()
    expect(phone.locator("#said")).to_contain_text("已办好")
    desk = open_page("officer", DESK)
    desk.goto(f"{base}/places/repairs/{Repair.objects.get().pk}/")
    desk.locator("[data-unionops-verbs]").get_by_role("link", name="复查合格").click()
    desk.locator("form.inform button[type=submit]").click()
    expect(desk.locator("#said")).to_contain_text("已办好")
    assert Repair.objects.get().state == "checked"

    # The stars with their sum.
    desk.goto(page_of_station)
    desk.get_by_role("link", name="评定星级").click()
    expect(desk.get_by_role("cell", name="8 ÷ 8 × 40")).to_be_visible()
    desk.get_by_role("button", name="按这个得分定级").click()
    expect(desk.locator("#said")).to_contain_text("已办好")
    stars = Place.objects.get(pk=station.pk).stars
    assert stars == 3

    # The map works without tiles, and its list has the same places.
    visitor = open_page("", PHONE)
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto(f"{base}/public/stations/")
    expect(visitor.locator("[data-unionops-map][data-drawn='7']")).to_be_visible()
    expect(visitor.locator(".leaflet-marker-icon.pin")).to_have_count(7)
    expect(visitor.locator(".map__town")).to_contain_text("斗门街道")
    assert all(url.startswith(base) for url in asked)
    in_list = visitor.locator(".places .ttl").all_inner_texts()
    on_map = [pin.get_attribute("title") for pin in visitor.locator(".leaflet-marker-icon.pin").all()]
    assert sorted(in_list) == sorted(on_map)
    visitor.locator(".leaflet-marker-icon.pin").first.dispatch_event("click")
    expect(visitor.locator(".leaflet-popup-content a")).to_be_visible()

    # From the list to the station: a visitor says what is broken.
    visitor.get_by_role("link", name="八字桥驿站").click()
    visitor.get_by_label("哪里不好").fill("水龙头漏水")
    visitor.get_by_role("button", name="提交", exact=True).click()
    expect(visitor.locator("#said")).to_contain_text("谢谢您")
    assert Repair.objects.filter(source="public", what="水龙头漏水").exists()
