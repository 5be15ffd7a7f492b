"""What is public of a programme is what its administrator has chosen: on the wall, on the public pages, in the open data."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from services.actions import cases, programmes
from services.claims.models import Publication
from services.extra import Extra, write_extras
from services.models import Programme
from services.places.models import Place
from tests.world import World
from unionops.org.errors import ActionError

from .caring import published
from .places.stations import make_station, make_stations
from .worlds import make_programme

pytestmark = pytest.mark.django_db


def choose(programme: Programme, world: World, *keys: str) -> Programme:
    return programmes.change(programme, by=world["admin"], is_public=programme.is_public, public_fields=list(keys))


def page(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_wall_shows_what_the_programme_lets_hang(world: World, client: Client) -> None:
    said = {
        "complaint_phone": "85120000",
        "unit": "恒润纺织",
        "category": "深度困难",
        "cause": "因病",
        "aid": "生活救助",
        "amount": "3000",
    }
    told = {}
    for number, keys in enumerate((None, ("aid", "category"))):
        programme = make_programme(world, name=f"帮扶{number}", steps=["publish", "clear", "approve"])
        if keys:
            choose(programme, world, *keys)
        claim = cases.register(
            Programme.objects.get(pk=programme.pk),
            by=world["cadre"],
            applicant_kind="person",
            applicant_name="陈桂芳",
            town=world.town,
        )
        client.force_login(world["officer"])
        step = reverse("services:step", args=["claim", claim.pk, "publish"])
        asked = client.get(step).content.decode()
        assert ('name="unit"' in asked, 'name="aid"' in asked) == (keys is None, True)
        # What is kept back is not even written down, whatever was sent.
        answer = client.post(step, {**said, "working_days": "5"})
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        wall = page(f"/public/notices/{programme.pk}/")
        assert ("恒润纺织" in wall, "生活救助" in wall, "因病" in wall) == (keys is None, True, keys is None)
        row = Publication.objects.get(claim=claim)
        told[number] = (row.unit, row.category, row.cause, row.aid, int(row.amount), row.name_masked)
        assert "陈桂芳" not in wall
    assert told[0] == ("恒润纺织", "深度困难", "因病", "生活救助", 3000, "陈**")
    assert told[1] == ("", "深度困难", "", "生活救助", 0, "陈**")


def test_the_page_of_an_activity_tells_what_is_chosen(world: World) -> None:
    row = published(world, capacity=30, target="女职工", description="请带孩子来", priority_groups=["困难职工"])
    programme = row.programme
    fields = write_extras([Extra("guest", "主讲人"), Extra("secret", "内情", sealed=True), Extra("inside", "内部安排")])
    Programme.objects.filter(pk=programme.pk).update(is_public=True, fields=fields)
    type(row).objects.filter(pk=row.pk).update(details={"guest": "王老师", "inside": "先到先得"})
    address = f"/public/activities/{row.pk}/"
    whole = page(address)
    assert all(word in whole for word in ("女职工", "请带孩子来", "困难职工", "还有 30 个名额"))
    # Fields of its own are public only when they are chosen.
    assert "王老师" not in whole
    with pytest.raises(ActionError, match="可以公开"):
        choose(Programme.objects.get(pk=programme.pk), world, "extra:secret")
    choose(Programme.objects.get(pk=programme.pk), world, "target", "extra:guest")
    less = page(address)
    assert all(word in less for word in ("女职工", "主讲人", "王老师", "正在报名"))
    assert not [
        word
        for word in ("请带孩子来", "困难职工", "30", "先到先得")
        if word in less.partition("<main")[2].partition("</main")[0]
    ]


def test_the_page_and_the_map_of_a_place_tell_what_is_chosen(world: World) -> None:
    programme = make_stations(world)
    station = make_station(world, programme)
    Place.objects.filter(pk=station.pk).update(stars=4, directions="桥东侧")
    there, listed = f"/public/place/{station.public_code}/", "/public/stations/"
    facility = station.facility_labels()[0]
    assert all(word in page(there) for word in (str(facility), "桥东侧", "斗门街道总工会", "4 星"))
    assert str(facility) in page(f"{listed}?stars=3")
    choose(Programme.objects.get(pk=programme.pk), world, "directions")
    less = page(there)
    assert "桥东侧" in less
    assert not [word for word in (str(facility), "斗门街道总工会", "4 星") if word in less]
    # Nobody finds by what is not told, and the list does not tell it.
    shown = page(f"{listed}?stars=5")
    assert station.title in shown
    assert str(facility) not in shown
