"""The centre of the demo: a published result of the past, two cases that were told, and a present with work in hand."""

from __future__ import annotations

import datetime

from django.utils import timezone

from unionops.casework.models import Notice
from unionops.org.events import event_of
from unionops.org.models import Event, Organisation, Posting, User
from visits.demo.district import CENTRE, SINCE, Demo
from visits.demo.more import register_demo
from visits.demo.present import READ_AFTER

from ..models import Centre
from .history import write_published
from .people import ACCOUNTS, NAMES
from .stories import tell_agreed, tell_collective, tell_maternity, tell_present, tell_sealed


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic: the same cases on every machine, their days counted back from the day of loading."""
    open_centre(demo)
    write_published(demo)
    tell_maternity(demo, now)
    tell_collective(demo, now)
    tell_sealed(demo, now)
    tell_present(demo, now)
    tell_agreed(demo, now)
    old = now - READ_AFTER
    Notice.objects.filter(kind="dispute", at__lt=old).update(read_at=old)


def open_centre(demo: Demo) -> None:
    """Its settings, and accounts of its head, its desk and three partner bodies; the password is that of the demo."""
    centre = demo.departments[CENTRE]
    Centre.objects.create(
        organisation=centre, number_word="越工调", is_people_committee=True, is_court_listed=True
    )  # fmt: skip
    places = {CENTRE: centre}
    places |= {unit.name: unit for unit in Organisation.objects.filter(district=demo.district, name__in=NAMES)}
    password = demo.people["mediator"].password
    events = []
    for username, (role, place, name) in ACCOUNTS.items():
        user = User(username=username, name=name, password=password)
        user.set_names()
        user.save(force_insert=True)
        Posting.objects.create(user=user, organisation=places[place], role=role, valid_from=SINCE)
        demo.people[username] = user
        events.append(_event(demo, user, "create", username=username, name=name))
        events.append(
            _event(
                demo, user, "post", organisation=place, organisation_id=places[place].pk, role=role, valid_from=SINCE
            )
        )
    Event.objects.bulk_create(events)


def _event(demo: Demo, user: User, verb: str, **data: object) -> Event:
    return event_of(user, verb, by=demo.system, district_id=demo.district.pk, data=data, now=timezone.now())


def declare() -> None:
    register_demo(load)
