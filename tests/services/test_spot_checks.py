"""The yearly spot check of household files: thirty per cent at least, drawn by a kept seed, found by two, not by who judged."""

from __future__ import annotations

import math
from typing import Any

import pytest
from django.db import connection

from services.actions import cases
from services.enums import Applicant
from services.hardship.models import Draw, HouseholdFile, SpotCheck
from services.hardship.spot_checks import LEAST_SHARE, drawn
from services.models import Programme
from tests.services.worlds import make_programme, number_of
from tests.world import World

pytestmark = pytest.mark.django_db
HOME = "/services/hardship/spot-checks/"


def files(world: World, programme: Programme, count: int) -> list[HouseholdFile]:
    made = []
    for at in range(count):
        claim = cases.register(
            programme, by=world["cadre"], applicant_kind=Applicant.PERSON, applicant_name=f"困难户{at}", identity=number_of(at),
            town=world.town,
        )  # fmt: skip
        made.append(HouseholdFile.objects.get(claim=claim))
    with connection.cursor() as cursor:
        # As an approval would leave them; the way there is walked in test_hardship.py.
        cursor.execute("UPDATE hardship_householdfile SET state = 'active', category = 'deep', opened_on = now()")
    return made


def test_a_draw_is_random_recorded_and_settled_by_two_others(world: World, as_person: Any) -> None:
    programme = make_programme(world, code="hardship", name="困难职工建档帮扶", applicants=[Applicant.PERSON])
    officer, town = as_person("officer"), as_person("town")
    assert officer.post(f"{HOME}draw/", {"share": "30"}).status_code == 422 or not Draw.objects.exists()
    there = files(world, programme, 7)
    assert "现在在档 7 户" in officer.get(HOME).content.decode()
    assert officer.post(f"{HOME}draw/", {"share": str(LEAST_SHARE - 1)}).status_code == 422
    assert town.post(f"{HOME}draw/", {"share": "30"}).status_code == 403
    assert officer.post(f"{HOME}draw/", {"share": "30"}).status_code == 302
    assert officer.post(f"{HOME}draw/", {"share": "30"}).status_code in (409, 422)
    draw = Draw.objects.get()
    numbers = {check.file.number for check in draw.checks.select_related("file")}
    assert (draw.population, len(numbers)) == (7, math.ceil(7 * 0.3))
    # Whoever doubts it draws again; another seed draws others.
    assert set(drawn(draw.seed, [file.number for file in there], draw.share)) == numbers
    assert len({tuple(drawn(str(seed), [file.number for file in there], 30)) for seed in range(20)}) > 1
    check, other, _third = draw.checks.select_related("file__claim").order_by("pk")
    page = f"{HOME}{check.pk}/"
    # Who is to go there finds it on the desk: the town at once, the department beside; the cadre not.
    asked = {name: (as_person(name).get("/todo/").content.decode(), as_person(name).get("/todo/?tab=department").content.decode()) for name in ("town", "officer", "cadre")}  # fmt: skip
    assert all(number in asked["town"][0] for number in numbers)
    assert all(number in asked["officer"][1] for number in numbers)
    assert not any(number in asked["cadre"][0] + asked["officer"][0] for number in numbers)
    found = {"visitors": "陈一 王二", "result": "changed", "note": "儿子找到了工作"}
    for bad in ({"visitors": "陈一"}, {"result": ""}, {"note": ""}):
        assert town.post(page, found | bad).status_code == 422
    type(check.file.claim).objects.filter(pk=check.file.claim_id).update(verified_by=world["officer"])
    assert officer.post(page, found).status_code == 403
    assert as_person("cadre").post(f"{HOME}{other.pk}/", found).status_code == 403
    assert town.post(page, found).status_code == 302
    assert town.post(page, found).status_code == 409
    desk = as_person("town").get("/todo/").content.decode()
    assert (check.file.number in desk, other.file.number in desk) == (False, True)
    # Whoever verified a household is not sent to check it.
    type(other.file.claim).objects.filter(pk=other.file.claim_id).update(verified_by=world["town"])
    assert other.file.number not in as_person("town").get("/todo/").content.decode()
    check.refresh_from_db()
    assert (check.result, check.visitors, check.done_by) == ("changed", ["陈一", "王二"], world["town"])
    shown = officer.get(HOME).content.decode()
    assert "儿子找到了工作" in shown
    assert draw.seed in shown
    assert "登记抽查" in officer.get(f"/services/hardship/{check.file_id}/").content.decode()
    assert SpotCheck.objects.exclude(result="").count() == 1
