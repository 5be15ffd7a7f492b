"""A station in real Chromium: inspected on a phone, mended, checked by another, rated; found on the map and in its list."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from services.places.models import Inspection, Place, Repair
from tests.browser.devices import DESK, PHONE, Devices
from tests.services.places.stations import fill, make_station, make_stations
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_a_station_is_inspected_mended_rated_and_found(world: World, devices: Devices, sign_in: Any) -> None:
    programme = make_stations(world)
    station = make_station(world, programme)
    fill(world, programme, 6)
    page_of_station = f"/services/place/{station.pk}/"

    # The town's cadre on a phone: a press for each item; where something is wrong, the note opens.
    phone = sign_in("town", PHONE)
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
    desk = sign_in("officer", DESK)
    desk.goto(f"/places/repairs/{Repair.objects.get().pk}/")
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
    visitor = devices.open(size=PHONE)
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto("/public/stations/")
    expect(visitor.locator("[data-unionops-map][data-drawn='7']")).to_be_visible()
    expect(visitor.locator(".leaflet-marker-icon.pin")).to_have_count(7)
    expect(visitor.locator(".map__town")).to_contain_text("斗门街道")
    assert all(url.startswith(devices.base) for url in asked)
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
