"""What belongs to a place over HTTP: the forms and actions of the pages behind another door."""

from __future__ import annotations

import pytest

from services.places.models import Inspection, Repair
from services.places.queries import checklist_of
from tests.api.conftest import Caller
from tests.world import World

from .stations import make_station, make_stations

pytestmark = pytest.mark.django_db


def test_a_station_is_kept_over_http(world: World) -> None:
    station = make_station(world, make_stations(world))
    town, officer, cadre = (Caller(world[name]) for name in ("town", "officer", "cadre"))
    root = f"/api/v1/places/{station.pk}/"

    # Its data: what nobody sends stays, the manager is masked.
    known = town.get(f"{root}profile/").json()
    assert (known["facilities"][0], known["hours"]["0"], known["system"]) == ("rest", [[480, 1200]], "gcj02")
    assert (known["manager"], known["phone"]) == ("王*国", "138****2047")
    assert town.patch(f"{root}profile/", {"address": "人民中路 3 号"}).status_code == 428
    changed = town.patch(
        f"{root}profile/", {"address": "人民中路 3 号", "every_day": "全天"}, if_match=f'"{known["version"]}"'
    ).json()
    kept = ("facilities", "longitude", "latitude", "area", "manager", "phone", "is_published", "name")
    assert [changed[name] for name in kept] == [known[name] for name in kept]
    assert (changed["address"], changed["hours"]["6"]) == ("人民中路 3 号", [[0, 1440]])

    # Inspected with a fault, mended, checked by somebody else.
    refused = town.post(f"{root}inspections/", {"items": [{"label": "没有这一项", "result": "pass"}]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "items")
    labels = [label for label, _serious in checklist_of(station.programme)]
    items = [{"label": labels[0], "result": "pass"}, {"label": labels[1], "result": "fail", "note": "不出水"}]
    made = town.post(f"{root}inspections/", {"items": items}).json()
    assert (made["passed"], made["failed"], made["items"][1]["note"]) == (1, 1, "不出水")
    assert [row["id"] for row in town.get(f"{root}inspections/").json()["results"]] == [
        str(Inspection.objects.get().pk)
    ]
    repair = Repair.objects.get()
    steps = f"/api/v1/repairs/{repair.pk}/transitions/"
    assert town.post(f"{steps}repair/", {}).status_code == 400
    assert town.post(f"{steps}repair/", {"outcome": "换了水管"}).json()["state"] == "repaired"
    assert town.post(f"{steps}check/", {}).status_code == 403
    assert officer.post(f"{steps}check/", {}).json()["closed_on"] is not None
    assert [row["id"] for row in town.get("/api/v1/repairs/?open=false").json()["results"]] == [str(repair.pk)]
    assert town.get("/api/v1/repairs/?open=true").json()["results"] == []

    # The days of a place; each list knows what was added.
    for word, by, body, told in (
        ("repairs", town, {"what": "插座松了"}, {"state": "open", "source": "office"}),
        ("supplies", town, {"name": "矿泉水", "count": 20, "unit": "箱", "low": 5}, {"balance": 20}),
        ("supplies", town, {"name": "矿泉水", "count": 3, "way": "out"}, {"balance": 17, "low": 5}),
        ("services", town, {"kind": "cooling", "people": 120}, {"kind_label": "送清凉", "people": 120}),
        ("tallies", town, {"visits": 84}, {"visits": 84}),
        ("honours", officer, {"name": "最美驿站", "year": 2025}, {"name": "最美驿站"}),
        ("ratings", officer, {}, {"stars": 3}),
    ):
        added = by.post(f"{root}{word}/", body)
        assert added.status_code == 201, (word, added.content.decode())
        assert {name: added.json()[name] for name in told} == told, word
        assert added.json() in by.get(f"{root}{word}/").json()["results"], word
    too_much = town.post(f"{root}supplies/", {"name": "矿泉水", "count": 99, "way": "out"})
    assert (too_much.status_code, too_much.json()["errors"][0]["field"]) == (422, "count")
    # Who may not keep it on the pages may not here.
    for word in ("repairs", "supplies", "inspections", "ratings"):
        assert cadre.post(f"{root}{word}/", {"items": items} if word == "inspections" else {}).status_code == 403, word
