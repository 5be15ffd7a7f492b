"""An agenda fills itself from a spring of history, keeps what people wrote, and each decision comes back on the next one."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from tests.insight.conftest import at, draft, find, live
from tests.world import make_world
from unionops.casework.inbox import inbox
from unionops.casework.models import Deadline, Notice
from unionops.org.actions import postings
from unionops.org.enums import Role
from unionops.org.errors import ActionError, Conflict, InvalidTransition, NotAllowed
from unionops.org.models import Event, Organisation, Posting
from visits.actions import steps
from visits.actions.register import register_issue
from visits.exchanges import handover
from visits.exchanges.actions import agenda, decisions, exchanges
from visits.exchanges.enums import DecisionKind, Section
from visits.exchanges.jobs import prepare_month
from visits.exchanges.models import AgendaItem, Decision, Exchange
from visits.exchanges.presenting import parts
from visits.exchanges.timeline import entries
from visits.models import Consultation

from .conftest import APRIL, MARCH, held, make_group, prepared, system

pytestmark = pytest.mark.django_db


def told(exchange, user) -> dict[str, list[dict]]:
    return {part["section"]: part["items"] for part in parts(user, exchange)}


def titles(items) -> list[str]:
    return [item["title"] for item in items]


def cells(table) -> dict[str, list[str]]:
    return {row["label"]: [cell["words"] for cell in row["cells"]] for row in table["rows"]}


def test_agenda_of_a_district_without_groups(history):
    found = told(prepared(history), history["leader"])

    assert list(found) == [section.value for section in Section]
    assert titles(found["unresolved"])[0] in {"called", "waiting", "kept"}
    assert set(titles(found["unresolved"])) >= {"called", "waiting", "kept"}
    assert titles(found["consult"]) == ["reopened"]
    assert titles(found["typical"]) == []
    assert found["focus"][0]["title"] == "下月重点"
    # Sent back, then dispatched anew: the other department is named, and why the first one did not take it.
    called = next(item for item in found["unresolved"] if item["title"] == "called")
    assert called["parts"][0] == str(history.other_department)
    assert "不归我管" in called["quote"]


def test_figures_are_frozen_and_open_to_their_rows(history, as_person):
    leader = history["leader"]
    exchange = prepared(history, MARCH, now=at(4, 1))
    before = told(exchange, leader)
    visits, issues = before["visits"][0]["figures"], before["new_issues"][0]["figures"]
    assert [(one["label"], one["words"]) for one in visits["whole"]][:2] == [("走访家次", "4"), ("走访家数", "2")]
    assert cells(visits["tables"][0]) == {
        str(history.town): ["3", "1", "100.00 %"], str(history.other_town): ["1", "1", "100.00 %"],
    }  # fmt: skip
    assert issues["whole"][0]["words"] == "5"
    assert cells(issues["tables"][0])["合计"] == ["3", "2"]
    client, opened = as_person("leader"), 0
    rows = [row for table in (*visits["tables"], *issues["tables"]) for row in table["rows"]]
    for cell in [*visits["whole"], *issues["whole"], *(cell for row in rows for cell in row["cells"])]:
        for number, link in ((cell["part"], cell["url"]), (cell["whole"], cell.get("whole_url"))):
            # What counts nothing has nothing to open.
            assert bool(link) == (number not in ("", "0")), cell
            if link:
                assert f"共 {number} " in client.get(link).content.decode(), link
                opened += 1
    assert opened > 20

    steps.void(find(history, "waiting"), by=leader, reason="重复登记", now=at(3, 31, 12))
    assert told(exchange, leader)["new_issues"][0]["figures"]["whole"][0]["words"] == "5"
    exchanges.refresh(exchange, by=leader, now=at(4, 3))
    assert told(exchange, leader)["new_issues"][0]["figures"]["whole"][0]["words"] == "4"


def test_group_talks_of_its_own_towns_only(history):
    group = make_group(history, "东片走访组", history.other_town)
    exchange = prepared(history, MARCH, group, now=at(4, 1))
    found = told(exchange, history["leader"])

    table = found["visits"][0]["figures"]["tables"]
    assert list(cells(table[0])) == [str(history.other_town)]
    assert list(cells(table[1])) == ["other_cadre"]
    assert "called" not in titles(found["unresolved"])
    assert "waiting" in titles(found["unresolved"])
    invited = set(exchange.attendance.values_list("user__username", flat=True))
    assert {"other_cadre", "leader", "clerk"} <= invited
    assert "cadre" not in invited


def test_solved_cases_are_proposed_by_workers_and_by_money(world):
    for number, (workers, money) in enumerate([(3, 0), (40, 100), (12, 90000), (1, 5000)]):
        world.issue(
            "closed", title=f"案例{number}", workers_benefited=workers, amount_recovered=money, closed_at=at(4, 20),
            result_kind="resolved", registered_at=at(4, 2),
        )  # fmt: skip
    found = told(prepared(world), world["leader"])["typical"]

    assert titles(found) == ["案例1", "案例2", "案例3"]
    item = AgendaItem.objects.get(section=Section.TYPICAL, issue__title="案例2")
    agenda.choose_item(item, by=world["leader"], chosen=True)
    assert [one["chosen"] for one in told(item.exchange, world["leader"])["typical"]] == [False, True, False]


def test_questions_asked_often_are_those_of_the_indicator(history):
    for number in range(2):
        explained = draft(
            history, f"加班费怎么算{number}", town=history.town, source="hotline", handling="explain", explanation="按小时工资一倍半", explanation_basis="《劳动法》第四十四条",
            understood=True,
        )  # fmt: skip
        register_issue(explained, by=history["clerk"], now=at(4, 20))
    found = told(prepared(history), history["leader"])["questions"]

    assert titles(found) == [str(history.category)]
    assert found[0]["quote"] == "按小时工资一倍半"
    assert "2" in found[0]["parts"][0]


def test_answers_for_firms_leave_out_what_is_kept_from_them(world):
    answered = {"answered_at": at(4, 8), "answered_by": world["handler"], "result_text": "已补发"}
    world.issue("followup_due", title="企业问返还", claimant_kind="firm", **answered)
    world.issue("followup_due", title="职工说欠薪", claimant_kind="person", hide_from_firm=True, **answered)
    world.issue("followup_due", title="敏感的一件", claimant_kind="firm", is_sensitive=True, **answered)

    assert titles(told(prepared(world), world["leader"])["answers"]) == ["企业问返还"]


def test_refresh_keeps_what_people_wrote(history):
    exchange = prepared(history)
    leader = history["leader"]
    waiting = exchange.items.get(section=Section.UNRESOLVED, issue__title="waiting")
    agenda.edit_item(waiting, by=leader, text="企业约了下周谈")
    agenda.drop_item(exchange.items.get(section=Section.UNRESOLVED, issue__title="kept"), by=leader, dropped=True)
    agenda.add_item(exchange, by=leader, section=Section.FOCUS, title="节前欠薪排查")
    order = [item.pk for item in exchange.items.filter(section=Section.UNRESOLVED)]
    agenda.move_item(exchange.items.get(pk=order[-1]), by=leader, up=True)
    for title in ("waiting", "kept"):
        steps.void(find(history, title), by=leader, reason="重复登记")

    exchanges.refresh(exchange, by=leader)

    left = {str(item.issue and item.issue.title): item for item in exchange.items.filter(section=Section.UNRESOLVED)}
    assert left["waiting"].text == "企业约了下周谈"
    assert left["kept"].dropped
    assert "节前欠薪排查" in titles(told(exchange, leader)["focus"])


def test_two_who_refresh_at_once_fill_the_agenda_once(transactional_db):
    world = live(make_world())
    exchange = prepared(world)
    before = sorted(exchange.items.values_list("section", "key"))
    AgendaItem.objects.filter(exchange=exchange, section=Section.UNRESOLVED).delete()
    together = Barrier(6)

    def again(_n: int) -> str:
        try:
            together.wait(timeout=60)
            exchanges.refresh(exchange, by=world["leader"])
        except ActionError as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(again, range(6))) == {""}
    assert sorted(exchange.items.values_list("section", "key")) == before


def test_agenda_stands_still_once_the_meeting_is_open(history):
    exchange = held(history)

    with pytest.raises(InvalidTransition, match="议程不再更新"):
        exchanges.refresh(exchange, by=history["leader"])


# --- the clock


def test_clock_prepares_once_however_often_and_late_it_runs(history):
    # The fifth of May 2026 is still a holiday; the sixth is the first working day.
    assert prepare_month(at(5, 1, 8)) == 0
    assert prepare_month(at(5, 6, 8)) == 1
    assert prepare_month(at(5, 6, 8)) == 0
    assert prepare_month(at(5, 9, 8)) == 0
    exchange = Exchange.objects.get()
    assert (exchange.month, exchange.chair, exchange.group) == (APRIL, history.people["leader"], None)
    assert exchange.items.filter(section=Section.UNRESOLVED).exists()


def test_clock_that_was_stopped_makes_up_for_each_group(history):
    east, west = make_group(history), make_group(history, "西片走访组", history.other_town)

    assert prepare_month(at(5, 25, 8)) == 2
    assert set(Exchange.objects.values_list("group", flat=True)) == {east.pk, west.pk}
    # A month that nobody prepared in time is called by hand.
    called = exchanges.prepare(history.district, by=history["leader"], month=MARCH, group=east, now=at(5, 25))
    assert called.month == MARCH


def test_clock_leaves_a_district_without_history_alone(world):
    assert prepare_month(at(5, 6, 8)) == 0


def test_a_month_has_one_exchange_whoever_calls_it(transactional_db):
    world = live(make_world())
    together = Barrier(6)

    def again(_n: int) -> object:
        try:
            together.wait(timeout=60)
            return exchanges.prepare(world.district, by=world["leader"], month=APRIL, now=at(5, 6)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(again, range(6)))) == 1
    assert Exchange.objects.count() == 1


# --- decisions


def due(days: int = 10) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def test_decision_stands_in_the_inbox_and_first_on_the_next_agenda(history):
    exchange = held(history, MARCH)
    made = decisions.decide(exchange, by=history["leader"], text="排查欠薪", owner=history["cadre"], due_on=due())
    other = decisions.decide(exchange, by=history["leader"], text="印一页纸", owner=history["handler"], due_on=due(3))
    exchanges.sign(exchange, by=history["leader"])

    assert [row.number for row in inbox(history["cadre"]) if row.kind == "decision"] == [made.number]
    assert Notice.objects.filter(verb="decision.decide", user=history.people["cadre"]).count() == 1
    assert Deadline.objects.get(kind="decision", case_id=made.pk).due_on == made.due_on

    decisions.report(other, by=history["handler"], result="印了六十份")
    following = prepared(history, APRIL)
    first = told(following, history["leader"])["decisions"]
    assert [(item["title"], item["state"]) for item in first] == [("印一页纸", "已报完成"), ("排查欠薪", "落实中")]

    decisions.confirm(other, by=history["leader"])
    decisions.return_back(
        decisions.report(made, by=history["cadre"], result="查了五家"),
        by=history["leader"],
        reason="不够二十家",
        due_on=due(),
    )
    assert [(item["title"], item["state"]) for item in told(following, history["leader"])["decisions"]] == [
        ("印一页纸", "已落实"), ("排查欠薪", "落实中"),
    ]  # fmt: skip


def test_signed_minutes_say_how_it_stood_then(history):
    exchange = held(history, MARCH)
    made = decisions.decide(exchange, by=history["leader"], text="排查欠薪", owner=history["cadre"], due_on=due())
    following = held(history, APRIL)
    following = exchanges.sign(following, by=history["leader"])
    decisions.report(made, by=history["cadre"], result="查了")

    (line,) = told(following, history["leader"])["decisions"]
    assert line["state"] == "落实中"


@pytest.mark.parametrize(
    ("kind", "title", "state", "more"),
    [
        (DecisionKind.CONSULT, "called", "consulting", {"participants": True}),
        (DecisionKind.DISPATCH, "waiting", "dispatched", {"department": True}),
        (DecisionKind.SUPERVISE, "called", "handling", {}),
    ],
)
def test_decision_takes_the_step_with_the_issue(history, kind, title, state, more):
    if title == "called":
        steps.sign_for(find(history, "called"), by=history["other_handler"], now=at(4, 10))
    exchange = held(history)
    units: dict[str, object] = {}
    if "participants" in more:
        units["participants"] = [history.department]
    if "department" in more:
        units["department"] = history.department

    made = decisions.decide(
        exchange, by=history["leader"], kind=kind, issue=find(history, title), text="牵头单位当天定下", owner=history["handler"],
        due_on=due(), **units,
    )  # fmt: skip

    issue = find(history, title)
    assert issue.state == state
    assert made.issue == issue
    if kind == DecisionKind.CONSULT:
        assert Consultation.objects.get(issue=issue).question == "牵头单位当天定下"


def test_decision_whose_step_is_refused_leaves_nothing(history):
    exchange = held(history)
    with pytest.raises(InvalidTransition):
        decisions.decide(
            exchange, by=history["leader"], kind=DecisionKind.DISPATCH, issue=find(history, "called"), text="改交办",
            owner=history["handler"], due_on=due(), department=history.department,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        # A clerk does not convene departments, not even in a meeting.
        steps.sign_for(find(history, "called"), by=history["other_handler"], now=at(4, 10))
        decisions.decide(
            exchange, by=history["clerk"], kind=DecisionKind.CONSULT, issue=find(history, "called"), text="会诊",
            owner=history["handler"], due_on=due(), participants=[history.department],
        )  # fmt: skip
    with pytest.raises(ActionError, match="不在这次的议程上"):
        decisions.decide(
            exchange,
            by=history["leader"],
            issue=find(history, "explained"),
            text="再看",
            owner=history["cadre"],
            due_on=due(),
        )
    assert not exchange.decisions.exists()


def test_decisions_of_before_there_were_groups_are_not_lost(history):
    exchange = held(history, MARCH)
    decisions.decide(exchange, by=history["leader"], text="排查欠薪", owner=history["cadre"], due_on=due())
    group = make_group(history)

    assert titles(told(prepared(history, APRIL, group), history["leader"])["decisions"]) == ["排查欠薪"]


def test_owner_and_date_change_with_a_reason(history):
    made = decisions.decide(held(history), by=history["leader"], text="排查", owner=history["cadre"], due_on=due())
    made = decisions.change(made, by=history["clerk"], owner=history["handler"], due_on=due(20), reason="休假")

    assert (made.holder_user, made.deadline.due_on) == (history.people["handler"], due(20))
    assert Deadline.objects.running().filter(kind="decision", case_id=made.pk).count() == 1
    with pytest.raises(ActionError, match="不在本区任职"):
        decisions.change(made, by=history["clerk"], owner=history["unposted"], due_on=due(20), reason="换人")


def test_second_decision_of_an_old_page_is_told(history):
    made = decisions.decide(held(history), by=history["leader"], text="排查", owner=history["cadre"], due_on=due())
    decisions.change(
        made, by=history["leader"], owner=history["handler"], due_on=due(20), reason="休假", version=made.version
    )

    with pytest.raises(Conflict):
        decisions.withdraw(made, by=history["leader"], reason="重复", version=made.version)


def test_no_group_holds_a_town_twice(history):
    make_group(history)
    second = make_group(history, "西片走访组", history.other_town)
    from visits.exchanges.actions.groups import add_member

    with pytest.raises(ActionError, match="走访组"):
        add_member(second, by=history["leader"], town=history.town, valid_from=datetime.date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        add_member(second, by=history["clerk"], user=history["cadre"], valid_from=datetime.date(2026, 1, 1))


def test_nobody_calls_an_exchange_without_being_a_leader_or_a_clerk(history):
    district = Organisation.objects.get(pk=history.district.pk)
    for name in ("cadre", "handler", "town", "admin", "auditor"):
        with pytest.raises(NotAllowed):
            exchanges.prepare(district, by=history[name], month=APRIL, now=at(5, 6))
    assert system().username == "system"


def test_whoever_leaves_the_district_hands_on_what_the_meetings_left_with_them(world):
    exchange = held(world)
    later = timezone.localdate() + datetime.timedelta(days=9)
    own = [
        decisions.decide(exchange, by=world["clerk"], text=text, owner=world["cadre"], due_on=later)
        for text in ("排查", "回访")
    ]
    decisions.report(own[1], by=world["cadre"], result="都回访了")
    second = Posting.objects.create(
        user=world.people["cadre"], organisation=world.other_town, role=Role.LIAISON, valid_from=timezone.localdate()
    )
    first = Posting.objects.exclude(pk=second.pk).get(user=world.people["cadre"])

    def give(posting):
        return postings.hand_over(
            world["cadre"], taker=world["town"], postings=[posting], on=timezone.localdate(), by=world["admin"]
        )["decision"]  # fmt: skip

    # Who keeps a post in the district keeps one's word.
    assert (handover.preview(world["cadre"], world.town), give(first)) == (0, 0)
    Posting.objects.filter(pk=second.pk).update(valid_from=timezone.localdate() - datetime.timedelta(days=5))
    assert (handover.preview(world["cadre"], world.other_town), give(Posting.objects.get(pk=second.pk))) == (2, 2)
    open_one, reported = (Decision.objects.get(pk=row.pk) for row in own)
    assert open_one.owner == open_one.holder_user == reported.owner == world["town"]
    # Whoever is to confirm still is.
    assert reported.holder_user != world["town"]
    (entry,) = [one for one in entries(Event.objects.about("decision", open_one.pk)) if one["glyph"] == "arrow-right"]
    assert "移交给" in entry["text"]
