from __future__ import annotations

from typing import Any

from django.utils import timezone

from services.models import Programme
from services.places.actions import planning, running, upkeep
from services.places.actions.upkeep import Checked
from services.places.models import CoveragePlan, Inspection, Place, Repair, Suggestion
from tests.services.places.stations import BRIDGE, EVERY_DAY, make_station, make_stations
from tests.world import World

NO_PAGES: tuple[str, ...] = ("places:map_data", "places:public_data", "places:public_qr")
KEEPERS: tuple[tuple[str, str], ...] = (("places:", "officer"),)


def prepare(world: World, case: Any, verb: str) -> None:
    """What has to be known of a place before it opens."""
    if isinstance(case, Place) and verb == "open":
        case.address = "人民中路 1 号"
        case.put_point(*BRIDGE, "gcj02")
        case.put_hours(EVERY_DAY)
        case.save()


def make(world: World) -> None:
    officer = world["officer"]
    programme = make_stations(world)
    station = make_station(world, programme)
    make_station(world, programme, title="筹建驿站", opened=False)
    upkeep.inspect(
        station, by=officer, items=[Checked("饮水机能用", "pass"), Checked("插座没有破损", "fail", True, "两个松动")]
    )
    running.give_service(station, by=officer, kind="cooling", people=120, what="西瓜和凉茶")
    running.move_supply(station, by=officer, name="矿泉水", unit="箱", change=20, low=30)
    running.give_stars(station, by=officer)
    planning.save_plan(
        programme,
        by=officer,
        name="三年全覆盖",
        from_year=2024,
        to_year=timezone.localdate().year,
        target=90,
        counts="upgraded",
    )
    planning.suggest(programme, by=officer, address="迪荡商圈", reason="外卖员多", town=world.town)


def value(name: str, key: str) -> Any:
    if not name.startswith("places:") and name != "services:place":
        return None
    station = Place.objects.select_related("programme").get(title="八字桥驿站")
    if name.startswith("places:public_") and key == "code":
        return station.public_code
    if key == "pk":
        model: Any = {
            "places:inspection": Inspection, "places:repair": Repair, "places:repair_step": Repair,
            "places:suggestion_step": Suggestion, "places:plan_edit": CoveragePlan,
        }.get(name)  # fmt: skip
        return model.objects.get().pk if model else station.pk
    verb = "survey" if name == "places:suggestion_step" else "repair"
    programme = Programme.objects.get(pk=station.programme_id)
    return {"code": programme.code, "programme": programme.pk, "what": "stars", "verb": verb}[key]
