from __future__ import annotations

from typing import Any

from services.actions import cases
from services.enums import Shape
from services.orders.enums import OrderVerb as V
from services.orders.models import Craftsman, Order, Squad
from services.permissions import refuse
from tests.services.craftsmen import craft_programme, make_craftsman, post_order
from tests.world import World

NO_PAGES: tuple[str, ...] = ("orders:message",)
KEEPERS: tuple[tuple[str, str], ...] = (("orders:", "officer"),)
# What a step wants where its fields do not tell.
VALUES: dict[str, dict[str, dict[str, Any]]] = {
    Shape.ORDER: {"record_outcome": {"outcome": "solved"}, "confirm": {"confirmed_name": "吴厂长"}}
}


def prepare(world: World, case: Any, verb: str) -> None:
    """Somebody who can be asked, of any trade that the order wants; and a solution before it is solved."""
    if not isinstance(case, Order):
        return
    if verb in (V.PUSH, V.ASSIGN) and not Craftsman.objects.filter(district=world.district).exists():
        make_craftsman(world, "赵师傅", account=False, trades=[case.trade] if case.trade else ["模具"], most_open=99)
    if verb == V.RECORD and case.programme.uses(V.SOLVE) and not case.solution:
        desk = next(user for user in map(world.__getitem__, world.people) if not refuse(user, case, V.SOLVE))
        cases.take(case, V.SOLVE, by=desk, solution="换导柱")


def make(world: World) -> None:
    """An order that somebody has, with a secret, a message and a visit, and one that waits for an answer."""
    programme = craft_programme(world)
    team = Squad.objects.create(district=world.district, name="模具服务队", trade="模具", leader_name="王建国")
    master = make_craftsman(world, "王建国", account=False, team=team, skills=["热流道"])
    order = post_order(world, programme, is_secret=True, skills=["热流道"])
    officer = world["officer"]
    order = cases.take(order, V.PUSH, by=officer, craftsmen=[master.pk])
    order = cases.take(order, V.ACCEPT, by=officer)
    order = cases.take(order, V.ADVISE, by=officer, reply="先量合模力")
    order = cases.take(order, V.VISIT, by=officer, people="王建国", findings="导柱磨损")
    cases.take(order, V.SOLVE, by=officer, solution="换导柱")
    cases.take(post_order(world, programme), V.PUSH, by=officer, craftsmen=[master.pk])


def order() -> Order:
    return Order.objects.get(is_secret=True)


def value(name: str, key: str) -> Any:
    if name == "services:order":
        return order().pk
    if not name.startswith("orders:"):
        return None
    if name.startswith("orders:craftsman"):
        return Craftsman.objects.get(name="王建国").pk
    return Squad.objects.get().pk if name.startswith("orders:team") else order().pk
