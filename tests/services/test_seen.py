"""Whoever changes what somebody else has changed meanwhile is told before anything is overwritten, and may send it again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from services.activities.actions.planning import PLAN
from services.activities.models import Activity, Team
from services.childcare.models import Child, ClassFile, Contact
from services.mutual.models import Plan
from services.orders.models import Squad
from services.places.models import CheckList
from tests.api.conftest import Caller
from tests.world import World
from unionops.org.models import Seen

from .caring import make_class
from .joining import plan_for
from .places.stations import make_stations
from .worlds import make_programme


@dataclass
class Edit:
    """A form that overwrites a row: what stands in it, the field that two people change, and what is stored then."""

    url: str
    model: type[Model]
    typed: dict[str, Any]
    field: str
    first: Any
    second: Any
    stored: Callable[[], Any]


def shown(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(row, name)) is not None}


def edits(world: World) -> list[Edit]:
    found = make_class(world)
    found.let_in()
    child, activity = found.child(), Activity.objects.get(pk=found.activity.pk)
    do = f"/services/activity/{activity.pk}/do"
    plan = plan_for(world, make_programme(world, code="mutual_aid"), year=timezone.localdate().year + 1)
    squad = Squad.objects.create(district=world.district, name="模具服务队", leader_name="王建国")
    team = Team.objects.create(district=world.district, name="第一服务队", leader="王师傅", members=["甲"])
    stations = make_stations(world)
    person = {"emergency_name": "邵美娟", "emergency_kin": "friend", "emergency_phone": "13600003300"}
    alone = {"guardian": child.guardians.get().pk}
    return [
        Edit(f"{do}/plan/", Activity, shown(activity, PLAN), "venue", "职工之家一楼", "职工之家三楼", of(activity, "venue")),
        Edit(f"{do}/class-file/", ClassFile, shown(found.file, ClassFile.SEEN), "late_after", 20, 30, of(found.file, "late_after")),
        Edit(f"{do}/contact/{child.pk}/", Contact, person, "emergency_kin", "other", "grandparent", lambda: Contact.objects.get(child=child).kin),
        Edit(f"{do}/alone/{child.pk}/", Child, alone, "allowed", "on", "", lambda: "on" if Child.objects.get(pk=child.pk).may_leave_alone else ""),
        Edit(f"/services/mutual/{plan.pk}/edit/", Plan, shown(plan, Plan.SEEN), "name", "来年互助", "明年互助", of(plan, "name")),
        Edit(reverse("activities:team_edit", args=[team.pk]), Team, shown(team, Team.SEEN), "leader", "赵师傅", "钱师傅", of(team, "leader")),
        Edit(reverse("orders:team_edit", args=[squad.pk]), Squad, shown(squad, Squad.SEEN), "leader_name", "赵师傅", "钱师傅", of(squad, "leader_name")),
        Edit(reverse("places:checklist", args=[stations.code]), CheckList, {}, "items", "饮水机能用", "插座没有破损",
             lambda: "".join(CheckList.objects.get(programme=stations).items)),
    ]  # fmt: skip


def of(row: Any, name: str) -> Callable[[], Any]:
    def stored() -> Any:
        row.refresh_from_db()
        return getattr(row, name)

    return stored


def version_on(page: HttpResponse) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page.content.decode())
    assert found
    return found[1]


def test_every_edit_is_checked_against_what_was_seen(world: World, client: Client) -> None:
    client.force_login(world["officer"])
    walked = edits(world)
    for edit in walked:
        seen = version_on(client.get(edit.url))
        mine, theirs = ({**edit.typed, edit.field: value, "version": seen} for value in (edit.second, edit.first))
        assert client.post(edit.url, theirs).status_code == 302, edit.url

        told = client.post(edit.url, mine)
        assert (told.status_code in (409, 422), edit.stored()) == (True, edit.first), edit.url
        text = told.content.decode()
        assert "别人" in text, edit.url
        assert str(edit.second) in text, edit.url
        # What was typed stands there still, and whoever means it sends it once more.
        assert client.post(edit.url, {**mine, "version": version_on(told)}).status_code == 302, edit.url
        assert edit.stored() == edit.second
    rows = {
        model for model in apps.get_models() if issubclass(model, Seen) and model.__module__.startswith("services.")
    }
    assert rows <= {edit.model for edit in walked}


def test_over_http_if_match_says_what_was_seen(world: World) -> None:
    found = make_class(world)
    officer = Caller(world["officer"])
    for place, act, body in (
        (f"/api/v1/activities/{found.activity.pk}/", "plan", {"venue": "职工之家一楼"}),
        (f"/api/v1/care-classes/{found.file.pk}/", "class-file", {"late_after": 20}),
    ):
        tag = officer.get(place)["ETag"]
        assert officer.post(f"{place}acts/{act}/", body, if_match=tag).status_code == 200
        late = officer.post(f"{place}acts/{act}/", body, if_match=tag)
        assert (late.status_code, late.json()["current_version"]) == (409, officer.get(place).json()["version"])


def test_over_http_what_is_kept_of_a_child_is_not_overwritten_unseen(world: World) -> None:
    found = make_class(world)
    found.let_in()
    child = found.child()
    officer = Caller(world["officer"])
    place = f"/api/v1/care-classes/{found.file.pk}/"
    one = f"{place}children/{child.pk}/"
    person = {"emergency_name": "邵美娟", "emergency_kin": "other", "emergency_phone": "13600003300"}
    for act, version, body in (
        ("contact", "contact_version", person),
        ("alone", "version", {"guardian": str(child.guardians.get().pk), "allowed": True}),
    ):
        seen = officer.get(one).json()[version]
        assert officer.post(f"{place}acts/{act}/{child.pk}/", body, if_match=f'"{seen}"').status_code == 200
        late = officer.post(f"{place}acts/{act}/{child.pk}/", body, if_match=f'"{seen}"')
        assert (late.status_code, late.json()["current_version"]) == (409, officer.get(one).json()[version])
