"""Spring of 2026 in the programmes: a case of each shape that has ended, one that is open and one that is late."""

from __future__ import annotations

import datetime
from typing import Any

from services.activities.models import Activity, Enrolment
from services.bookings.models import Booking
from services.childcare.models import CareNote, Child, ChildDay, ClassFile
from services.models import Programme
from services.mutual.enums import PROGRAMME
from services.orders.models import Offer, Order, Panelist, SiteVisit
from services.places.models import Place, ServiceGiven
from services.shapes import ShapeKind, shape_kinds
from tests.services.craftsmen import make_craftsman
from tests.services.joining import covering
from tests.services.worlds import make_programme
from tests.world import World
from unionops.casework import deadlines
from unionops.china.calendar import Unit

TZ = datetime.timezone(datetime.timedelta(hours=8))
CODE = "spring_"
FIELDS = [{"key": "own", "label": "自付", "kind": "money", "counted": True}]


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 10, tzinfo=TZ)


def serve(world: World) -> World:
    for kind in shape_kinds():
        programme = make_programme(world, kind.shape, code=f"{CODE}{kind.shape}", fields=FIELDS, group="帮扶", steps=[])
        end = min(kind.model.END_STATES)
        good = _end(kind)
        make(
            world,
            programme,
            kind,
            at(3, 2),
            state=good,
            closed_at=at(3, 12),
            people_served=3,
            own="120.50",
            amount=1000,
            **(_solved(world) if kind.shape == "order" else {}),
        )
        make(world, programme, kind, at(4, 1), state=end, closed_at=at(4, 5), people_served=1, own="79.50")
        make(world, programme, kind, at(4, 20), town=world.other_town)
        late = make(world, programme, kind, at(5, 6), people_served=2)
        late.deadline = deadlines.measure(late, "service.late", "办理", on=at(5, 6).date(), length=5, unit=Unit.WORKING)
        late.save(update_fields=["deadline"])
    order = Order.objects.filter(district=world.district).exclude(craftsman=None).get()
    SiteVisit.objects.create(
        order=order, on=at(3, 3).date(), people="王师傅", findings="看了设备", recorded_by=world.people["officer"]
    )
    Panelist.objects.create(order=order, craftsman_id=order.craftsman_id)
    # The first who was asked said nothing.
    Offer.objects.create(
        order=order, craftsman=make_craftsman(world, "李师傅", account=False), offered_at=at(3, 2), due_at=at(3, 2), answer="timed_out",
        answered_at=at(3, 2),
    )  # fmt: skip
    _book(world)
    _look_after(world)
    covering(
        world, make_programme(world, "claim", code=PROGRAMME, steps=[]), year=2026,
        starts_on=datetime.date(2026, 3, 1), ends_on=datetime.date(2027, 2, 28), enrol_until=datetime.date(2027, 2, 28),
    )  # fmt: skip
    return world


def _book(world: World) -> None:
    """A place that was upgraded, something that was given there; a room that was used, and one to which nobody came."""
    officer, place = world.people["officer"], Place.objects.filter(district=world.district).earliest("registered_at")
    Place.objects.filter(pk=place.pk).update(upgraded_on=at(4, 7).date())
    ServiceGiven.objects.create(place=place, kind="cooling", what="送凉茶", people=40, on=at(4, 8).date(), by=officer)
    for day, state in ((8, "used"), (9, "missed")):
        row = Booking.objects.create(
            district=world.district, place=place, state="confirmed", starts=at(4, day), ends=at(4, day) + datetime.timedelta(hours=1),
            people=12, name="陈桂芳", asked_by=officer, decided_at=at(4, 1), decided_by=officer,
        )  # fmt: skip
        Booking.objects.filter(pk=row.pk).update(state=state)


def _look_after(world: World) -> None:
    """A care class with one child, there on one day of two, and a scraped knee."""
    officer, activity = (
        world.people["officer"],
        Activity.objects.filter(district=world.district).earliest("registered_at"),
    )
    found = ClassFile.objects.create(activity=activity, season="2026 春")
    enrolment = Enrolment.objects.create(
        activity=activity, serial=1, state="confirmed", name="何以宁", is_hidden=True, person_key="spring", by=officer
    )
    child = Child.objects.create(
        enrolment=enrolment, class_file=found, district=world.district, season=found.season, sex="female",
        birth_on=datetime.date(2017, 5, 12), grade=3, identity_hash="spring", consent_version="2026-2", consent_at=at(3, 1), consent_way="paper",
    )  # fmt: skip
    for day, state in ((8, "arrived"), (9, "absent")):
        row = ChildDay.objects.create(child=child, day=at(4, day).date(), by=officer)
        ChildDay.objects.filter(pk=row.pk).update(state=state, arrived_at=at(4, day) if state == "arrived" else None)
    CareNote.objects.create(class_file=found, child=child, kind="incident", at=at(4, 8), by=officer)


def make(
    world: World, programme: Programme, kind: ShapeKind, when: datetime.datetime, own: str = "", amount: int = 0, **fields: Any
) -> Any:  # fmt: skip
    """A row as a ledger brings it: in any state."""
    model: Any = kind.model
    number = model.objects.filter(district=world.district).count() + 1
    state = fields.pop("state", kind.model.FIRST_STATE)
    money = {"amount_asked": amount, "amount": amount} if kind.shape == "claim" else {}
    values: dict[str, Any] = {
        "district": world.district, "programme": programme, "organisation": programme.organisation, "town": world.town,
        "number": f"{programme.prefix}26-{number:04d}", "title": f"{programme.name} {number}", "registered_at": when,
        "state": state, "state_since": fields.get("closed_at") or when, "applicant_kind": "person", "applicant_name": "陈桂芳",
        "registered_by": world.people["cadre"], "ledger_import": world.imported, "channel": "import",
        "details": {"own": own} if own else {}, **money, **fields,
    }  # fmt: skip
    if state not in kind.model.END_STATES:
        values["holder_organisation"] = programme.organisation
    return model.objects.create(**values)


def _solved(world: World) -> dict[str, Any]:
    """Accepted and answered after six minutes, with what the other side has confirmed."""
    soon = at(3, 2) + datetime.timedelta(minutes=6)
    return {
        "craftsman": make_craftsman(world, "王师傅", account=False), "accepted_at": soon, "first_reply_at": soon,
        "outcome": "solved", "saved": 1200, "orders_kept": 5000, "jobs": 2,
    }  # fmt: skip


def _end(kind: ShapeKind) -> str:
    """Where a case ends when all goes well."""
    good = [kind.stand_of(verb) for verb in kind.line if kind.stand_of(verb) in kind.model.END_STATES]
    return good[-1] if good else min(kind.model.END_STATES)
