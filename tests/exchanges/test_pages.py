"""Every page of the monthly exchange by every role, made from its address table; what another district has does not exist."""

from __future__ import annotations

import datetime
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.insight.conftest import at, live
from tests.kept import kept
from tests.sampling import taken
from tests.weight import LIGHT, weight
from tests.world import World, make_user, make_world
from unionops.casework.tasks import _jobs
from unionops.org.enums import Role
from visits.exchanges.actions import agenda, decisions, exchanges
from visits.exchanges.enums import ExchangeState, Section
from visits.exchanges.models import Decision, Exchange, ExchangeGroup, GroupMember

from .conftest import APRIL, MARCH, held, make_group, prepared

pytestmark = pytest.mark.django_db

PEOPLE = (
    "cadre",
    "other_cadre",
    "leader",
    "chief",
    "clerk",
    "handler",
    "town",
    "mediator",
    "officer",
    "auditor",
    "admin",
    "unposted",
)
POSTED = {"refresh"}
PATTERNS = {
    pattern.name: pattern.pattern
    for included in get_resolver().url_patterns
    if getattr(included, "app_name", "") == "exchanges"
    for pattern in included.url_patterns
}
NAMES = sorted(set(PATTERNS) - POSTED)
POINTING = [name for name in sorted(PATTERNS) if PATTERNS[name].converters]
# Whoever works on cases sees the exchange of a district without groups.
SEES = {"cadre", "other_cadre", "leader", "chief", "clerk", "handler", "town", "mediator", "officer"}
OUTSIDE = {"auditor", "admin", "unposted"}
KEEPS = {"leader", "chief", "clerk"}
GROUP_KEEPERS = {"leader", "chief", "admin"}
# Who opens each page; others get 403, or 404 where the thing does not exist for them.
OPENS = {
    "exchanges": SEES,
    "call": KEEPS,
    "exchange": SEES,
    "exchange_print": SEES,
    "decision": SEES,
    "agenda": KEEPS,
    "arrange": KEEPS,
    "item_new": KEEPS,
    "item": KEEPS,
    "minutes": KEEPS,
    "decide": KEEPS,
    "step": {"leader"},
    "decision_step": {"cadre", "clerk"},
    "groups": SEES | {"admin"},
    "group": SEES | {"admin"},
    "group_new": GROUP_KEEPERS,
    "group_edit": GROUP_KEEPERS,
    "member_add": GROUP_KEEPERS,
    "member_end": GROUP_KEEPERS,
}


def due() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=9)


@kept
def met() -> World:
    """An open meeting of the whole district with a decision, and a group beside it."""
    world = live(make_world())
    exchange = held(world)
    decisions.decide(exchange, by=world["leader"], text="排查欠薪", owner=world["cadre"], due_on=due())
    make_group(world)
    return world


@pytest.fixture
def meeting(met):
    return Exchange.objects.get()


def address(name: str) -> str:
    exchange = Exchange.objects.order_by("pk").first()
    group, member = ExchangeGroup.objects.first(), GroupMember.objects.first()
    assert None not in (exchange, group, member)
    values = {
        "verb": "report" if name == "decision_step" else "sign",
        "member": member.pk,
        "item": exchange.items.first().pk,
    }
    values["pk"] = (
        Decision.objects.get().pk if name.startswith("decision") else
        group.pk if name.startswith(("group", "member")) else exchange.pk
    )  # fmt: skip
    return reverse(f"exchanges:{name}", kwargs={key: values[key] for key in PATTERNS[name].converters})


def test_table_names_every_page():
    assert set(OPENS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_page_answers_each_role(meeting, as_person, name):
    url = address(name)
    # A page that opens looks much the same for all who may, and so does a refusal: each run asks for a share of them.
    asked = [who for who in PEOPLE if who in OUTSIDE or taken(name, who, of=3 if who in OPENS[name] else 2)]
    answers = {who: as_person(who).get(url).status_code for who in asked}

    assert {who for who, status in answers.items() if status == 200} == OPENS[name] & set(asked), answers
    assert set(answers.values()) <= {200, 403, 404}
    if name in ("exchange", "exchange_print", "decision", "agenda", "minutes"):
        assert {answers[who] for who in OUTSIDE} == {404}


def test_what_belongs_to_another_district_does_not_exist(meeting, elsewhere, as_person):
    for who in ("leader", "chief", "clerk", "cadre", "handler", "admin", "auditor"):
        client = as_person(who, elsewhere)
        for name in POINTING:
            if who == "leader" or taken(who, name, of=3):
                url = address(name)
                answer = client.post(url) if name in POSTED else client.get(url)
                assert answer.status_code == 404, (name, who)
                # A page that is only read takes nothing from anybody.
                assert client.post(url, {"do": "drop:1", "reason": "x"}).status_code in (404, 405), (name, who)


def test_nobody_without_an_account_gets_in(meeting):
    for name in NAMES:
        assert Client().get(address(name))["Location"].startswith(reverse("org:sign_in")), name


@pytest.mark.parametrize("name", ["refresh", "agenda", "minutes", "decide", "arrange", "item_new"])
def test_who_only_reads_writes_nothing(meeting, as_person, name):
    before = list(meeting.items.values())
    for who in ("cadre", "handler", "town"):
        answer = as_person(who).post(
            address(name), {"do": f"drop:{before[0]['id']}", "title": "x", "section": "focus", "text": "x"}
        )
        assert answer.status_code in (403, 422), (who, name)
    assert list(meeting.items.values()) == before
    assert Decision.objects.count() == 1


def test_exchange_of_a_group_exists_for_its_people_and_whom_it_asked(history, as_person):
    group = make_group(history, "西片走访组", history.other_town)
    exchange = prepared(history, APRIL, group)
    exchange.attendance.exclude(user=history.people["handler"]).delete()
    url = reverse("exchanges:exchange", args=[exchange.pk])

    seen = {name for name in history.people if as_person(name).get(url).status_code == 200}
    assert seen == {"other_cadre", "leader", "chief", "clerk", "handler"}
    assert all(as_person(name).get(url).status_code == 404 for name in set(history.people) - seen)

    # Whoever owes it a decision sees it too.
    opened = exchanges.hold(exchange, by=history["leader"], held_at=at(5, 8), now=at(5, 8))
    decisions.decide(opened, by=history["leader"], text="上门核实", owner=history["cadre"], due_on=due())
    assert as_person("cadre").get(url).status_code == 200


def test_right_to_see_ends_with_the_group(history, as_person):
    group = make_group(history, "西片走访组", history.other_town)
    exchange = prepared(history, APRIL, group)
    exchange.attendance.all().delete()
    url = reverse("exchanges:exchange", args=[exchange.pk])
    assert as_person("other_cadre").get(url).status_code == 200

    group.members.update(valid_to=datetime.date(2026, 3, 31))
    assert as_person("other_cadre").get(url).status_code == 404


def test_sensitive_issue_is_named_to_nobody_who_may_not_open_it(history, as_person):
    make_group(history, "西片走访组", history.other_town)
    secret = history.issue("handling", number="S26-9001", title="谁举报了谁", is_sensitive=True, registered_at=at(4, 9))
    exchange = prepared(history, APRIL)

    url = reverse("exchanges:exchange", args=[exchange.pk])
    assert "谁举报了谁" in as_person("leader").get(url).content.decode()
    page = as_person("other_cadre").get(url).content.decode()
    assert secret.number in page
    assert "谁举报了谁" not in page


@pytest.mark.parametrize("page", ["exchanges", "groups"])
def test_lists_cost_the_same_for_any_number_of_rows(world, as_person, page):
    client, counts = as_person("leader"), []
    for wanted in (1, 3, 20):
        while Exchange.objects.count() < wanted:
            number = Exchange.objects.count()
            group = make_group(world, f"第{number}组", world.town) if not number else ExchangeGroup.objects.create(
                district=world.district, name=f"第{number}组", leader=world.people["leader"], is_active=False
            )  # fmt: skip
            prepared(world, APRIL, group)
        client.get(reverse(f"exchanges:{page}"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"exchanges:{page}"))
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts


def test_exchange_page_costs_the_same_for_any_number_of_items(history, as_person):
    exchange = prepared(history)
    client, counts = as_person("leader"), []
    url = reverse("exchanges:exchange", args=[exchange.pk])
    for wanted in (5, 40):
        while exchange.items.count() < wanted:
            agenda.add_item(
                exchange, by=history["leader"], section=Section.FOCUS, title="节前排查", issue=history.issue("handling")
            )
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert weight(client.get(url)) < LIGHT
        counts.append(len(queries))

    assert counts[0] == counts[-1]


def test_empty_pages_say_what_to_do(world, as_person):
    page = as_person("leader").get(reverse("exchanges:exchanges")).content.decode()
    assert "还没有月交流" in page
    assert "召集月交流" in page
    assert "召集月交流" not in as_person("cadre").get(reverse("exchanges:exchanges")).content.decode()
    assert "没有编组时，全区每月开一次" in as_person("admin").get(reverse("exchanges:groups")).content.decode()


def test_tabs_name_only_what_is_there(world, as_person):
    page = as_person("leader").get(reverse("exchanges:exchanges")).content.decode()
    tabs = re.search(r'<nav class="tabs-u".*?</nav>', page, re.DOTALL)
    assert tabs
    known = {space for space in ("exchanges", "analyses", "reviews", "packs") if space in get_resolver().namespace_dict}
    assert tabs[0].count("<a ") == len(known)


def test_leader_calls_one_by_hand(history, as_person):
    today = timezone.localdate()
    fields = {"month": today.replace(day=1).isoformat(), "place": "三楼会议室"}
    answer = as_person("leader").post(reverse("exchanges:call"), fields)
    exchange = Exchange.objects.get()
    assert answer["Location"] == reverse("exchanges:exchange", args=[exchange.pk])
    assert as_person("clerk").post(reverse("exchanges:call"), fields)["Location"] == answer["Location"]


def test_refused_decision_loses_nothing(meeting, world, as_person):
    issue = meeting.items.filter(issue__title="called").first().issue
    fields = {
        "text": "两个科室一起定下牵头单位", "owner": world.people["handler"].pk, "due_on": due().isoformat(), "kind": "dispatch",
        "issue": str(issue.pk), "department": world.department.pk,
    }  # fmt: skip
    answer = as_person("leader").post(reverse("exchanges:decide", args=[meeting.pk]), fields)

    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "两个科室一起定下牵头单位" in page
    assert "不能交办" in page
    missing = as_person("leader").post(
        reverse("exchanges:decide", args=[meeting.pk]), fields | {"issue": "", "owner": ""}
    )
    assert missing.status_code == 422
    assert "两个科室一起定下牵头单位" in missing.content.decode()
    assert Decision.objects.count() == 1


def minutes_of(meeting, **more):
    fields = {f"note-{item.pk}": item.note for item in meeting.items.filter(dropped=False)}
    return fields | {"summary": "", "guests": "", "version": meeting.version} | more


def test_minutes_of_two_people_are_one(meeting, world, as_person):
    meeting.refresh_from_db()
    url = reverse("exchanges:minutes", args=[meeting.pk])
    one, two = meeting.items.filter(issue__isnull=False)[:2]
    here = [world.people["leader"].pk, world.people["cadre"].pk]
    was = sorted(meeting.attendance.filter(present=True).values_list("user", flat=True))
    first = minutes_of(meeting, **{f"note-{one.pk}": "月底前办结", "present": was})
    second = minutes_of(meeting, **{f"note-{two.pk}": "会后碰头", "present": here})

    assert as_person("clerk").post(url, first).status_code == 302
    assert as_person("leader").post(url, second).status_code == 302

    assert set(meeting.items.exclude(note="").values_list("note", flat=True)) == {"月底前办结", "会后碰头"}
    assert sorted(meeting.attendance.filter(present=True).values_list("user", flat=True)) == sorted(here)


def test_minutes_that_collide_are_shown_side_by_side(meeting, as_person):
    meeting.refresh_from_db()
    url = reverse("exchanges:minutes", args=[meeting.pk])
    one = meeting.items.filter(issue__isnull=False).first()
    was = sorted(meeting.attendance.filter(present=True).values_list("user", flat=True))
    fields = minutes_of(meeting, present=was)
    as_person("clerk").post(url, fields | {f"note-{one.pk}": "月底前办结"})

    answer = as_person("leader").post(url, fields | {f"note-{one.pk}": "十五号前办结"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "月底前办结" in page
    assert "十五号前办结" in page

    seen = re.search(r'name="version" value="(\d+)"', page)
    assert seen
    again = as_person("leader").post(url, fields | {f"note-{one.pk}": "十五号前办结", "version": seen[1]})
    assert again.status_code == 302
    one.refresh_from_db()
    assert one.note == "十五号前办结"


def test_agenda_is_put_in_order(history, as_person):
    exchange = prepared(history)
    leader, url = as_person("leader"), reverse("exchanges:agenda", args=[exchange.pk])
    first, second = exchange.items.filter(section=Section.UNRESOLVED)[:2]
    leader.post(url, {"do": f"down:{first.pk}"})
    assert list(exchange.items.filter(section=Section.UNRESOLVED))[:2] == [second, first]
    leader.post(url, {"do": f"drop:{second.pk}"})
    link = reverse("visits:issue", args=[second.issue_id])
    assert link not in leader.get(reverse("exchanges:exchange", args=[exchange.pk])).content.decode()
    leader.post(url, {"do": f"restore:{second.pk}"})
    assert link in leader.get(reverse("exchanges:exchange", args=[exchange.pk])).content.decode()
    for nonsense in ("", "drop", "drop:x", "eat:1", f"drop:{'9' * 30}", "drop:0"):
        assert leader.post(url, {"do": nonsense}).status_code == 404, nonsense
    item = leader.post(
        reverse("exchanges:item_new", args=[exchange.pk]),
        {"section": "consult", "title": "车棚谁来建", "issue": first.issue.number.lower(), "text": "两家都说不归自己"},
    )
    assert item.status_code == 302
    assert exchange.items.get(title="车棚谁来建").issue == first.issue
    refused = leader.post(
        reverse("exchanges:item_new", args=[exchange.pk]), {"section": "focus", "title": "看看", "issue": "S1"}
    )
    assert refused.status_code == 422
    assert "没有编号为 S1 的诉求" in refused.content.decode()


def test_explanation_that_somebody_else_has_just_written_is_told_and_kept(history, as_person):
    item = prepared(history).items.filter(section=Section.UNRESOLVED)[0]
    page, seen = reverse("exchanges:item", args=[item.exchange_id, item.pk]), item.version
    assert f'name="version" value="{seen}"' in as_person("leader").get(page).content.decode()
    assert as_person("clerk").post(page, {"text": "企业约了下周谈", "version": seen}).status_code == 302

    told = as_person("leader").post(page, {"text": "职工已撤回", "version": seen})

    item.refresh_from_db()
    assert (told.status_code, item.text) == (422, "企业约了下周谈")
    assert "别人改动了这里" in told.content.decode()
    assert "说明：企业约了下周谈" in told.content.decode()
    assert "职工已撤回</textarea>" in told.content.decode()
    assert as_person("leader").post(page, {"text": "职工已撤回", "version": item.version}).status_code == 302


@pytest.mark.parametrize("name", ["leader", "cadre", "admin"])
def test_firms_of_a_group_open_the_directory_of_their_town(history, as_person, name):
    group, client = make_group(history, "全区走访组", history.town, history.other_town), as_person(name)
    page = client.get(reverse("exchanges:group", args=[group.pk])).content.decode()
    found = re.findall(r'<a href="(/[^"]*\?town=\d+)">(\d+)</a>', page)

    assert [number for _link, number in found] == ["2", "1"]
    for link, number in found:
        assert client.get(html.unescape(link)).content.decode().count('class="ttl"') == int(number), link


def test_group_is_kept_on_its_pages(history, as_person):
    admin = as_person("admin")
    made = admin.post(reverse("exchanges:group_new"), {"name": "东片走访组", "leader": history.people["leader"].pk})
    group = ExchangeGroup.objects.get()
    assert made["Location"] == reverse("exchanges:group", args=[group.pk])
    add = reverse("exchanges:member_add", args=[group.pk])
    assert admin.post(add, {"town": history.town.pk, "valid_from": "2026-01-01"}).status_code == 302
    refused = admin.post(add, {"town": history.town.pk, "valid_from": "2026-02-01"})
    assert refused.status_code == 422
    assert "已经在一个走访组里" in refused.content.decode()
    assert admin.post(add, {"valid_from": "2026-02-01"}).status_code == 422

    page = as_person("leader").get(reverse("exchanges:group", args=[group.pk])).content.decode()
    assert str(history.town) in page
    assert "cadre" in page
    # A town without a group has no exchange, and the page says so.
    assert str(history.other_town) in as_person("leader").get(reverse("exchanges:groups")).content.decode()

    member = group.members.get()
    end = reverse("exchanges:member_end", args=[group.pk, member.pk])
    assert admin.post(end, {"on": "2025-12-31"}).status_code == 422
    assert admin.post(end, {"on": "2026-03-31"}).status_code == 302
    assert as_person("clerk").post(end, {"on": "2026-03-31"}).status_code == 403
    edit = reverse("exchanges:group_edit", args=[group.pk])
    assert (
        admin.post(edit, {"name": "东片", "leader": history.people["chief"].pk, "is_active": "on"}).status_code == 302
    )
    group.refresh_from_db()
    assert (group.name, group.leader) == ("东片", history.people["chief"])
    assert admin.post(edit, {"name": "东片", "leader": history.people["cadre"].pk}).status_code == 422


def test_people_and_place_are_arranged(history, as_person):
    exchange = prepared(history)
    second = make_user("leader2", Role.LEADER, history.district)
    url = reverse("exchanges:arrange", args=[exchange.pk])
    fields = {
        "chair": second.pk, "planned_at": "2026-05-11T14:00", "place": "三楼", "people": [history.people["handler"].pk],
        "guests": "区人社局 1 人", "version": Exchange.objects.get().version,
    }  # fmt: skip
    assert as_person("clerk").post(url, fields).status_code == 302
    exchange.refresh_from_db()
    assert (exchange.chair, exchange.place, exchange.guests) == (second, "三楼", "区人社局 1 人")
    assert set(exchange.attendance.values_list("user", flat=True)) == {second.pk, history.people["handler"].pk}
    # An old page does not write over it.
    assert as_person("clerk").post(url, fields | {"place": "四楼"}).status_code == 409


def test_paper_shows_what_the_chair_picked(world, as_person):
    for number in range(3):
        world.issue(
            "closed", title=f"案例{number}", workers_benefited=9 - number, closed_at=at(4, 20), registered_at=at(4, 2)
        )
    exchange = prepared(world)
    item = exchange.items.get(section=Section.TYPICAL, issue__title="案例1")
    agenda.choose_item(item, by=world["leader"], chosen=True)

    page = as_person("leader").get(reverse("exchanges:exchange_print", args=[exchange.pk])).content.decode()
    assert "月交流会议材料" in page
    assert "案例1" in page
    assert "案例0" not in page


def test_job_is_registered_and_state_is_told_in_the_list(history, as_person):
    assert "exchanges.prepare" in _jobs
    held(history, MARCH)
    page = as_person("cadre").get(reverse("exchanges:exchanges")).content.decode()
    assert str(ExchangeState.HELD.label) in page
