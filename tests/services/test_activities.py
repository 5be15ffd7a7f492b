"""Activities: places are exact under many hands, the waiting list moves, the draw can be checked, nobody gets two."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import Error, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from services.actions import cases
from services.activities import queries
from services.activities.actions import enrolments, meetings, opinions, planning, spending
from services.activities.actions.erasing import erase
from services.activities.enums import SEATED, TRANSITIONS, ActivityState
from services.activities.models import (
    Activity,
    ActivitySession,
    Attendance,
    Comment,
    Enrolment,
    Feedback,
    Goods,
    Speaker,
    Tally,
    Voter,
)
from services.models import BudgetLine
from services.papers.table import CasePaper, Given, case_papers
from services.permissions import refuse
from tests.api.conftest import Caller
from tests.world import World, make_world
from unionops.casework.models import IdempotencyKey
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event, User

from .caring import activity, published, running

NOON, ONE, TWO = datetime.time(12), datetime.time(13), datetime.time(14)


def phone(number: int) -> str:
    return f"138{number:08d}"


def fill(world: World, row: Activity, count: int, first: int = 1, **fields: object) -> list[Enrolment]:
    officer = world["officer"]
    return [
        enrolments.enrol(row, by=officer, name=f"职工{number}", phone=phone(number), **fields)
        for number in range(first, first + count)
    ]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_for_ten_places() -> None:
    world = make_world()
    row = published(world, capacity=10)
    officer = world["officer"]
    _ = officer.scope.posts, officer.scope.districts
    start, faults = threading.Barrier(50), []

    def come(number: int) -> None:
        try:
            start.wait()
            enrolments.enrol(row, by=User.objects.get(pk=officer.pk), name=f"职工{number}", phone=phone(number))
        except Exception as error:  # noqa: BLE001 -- told below
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    all_of_them = list(Enrolment.objects.filter(activity=row))
    assert sorted(one.serial for one in all_of_them) == list(range(1, 51))
    assert sorted(one.serial for one in all_of_them if one.state == "confirmed") == list(range(1, 11))
    ranks = queries.ranks(row)
    assert [ranks[one.pk] for one in sorted(all_of_them, key=lambda one: one.serial) if one.state == "waiting"] == list(
        range(1, 41)
    )
    row.refresh_from_db()
    assert row.state == "full"


def test_who_leaves_is_followed_by_the_first_in_line(world: World) -> None:
    row = published(world, capacity=2, priority_groups=["困难职工"])
    first, _second, third, _fourth = fill(world, row, 4)
    hard = enrolments.enrol(row, by=world["officer"], name="陈桂芳", phone=phone(90), group="困难职工")
    ranks = queries.ranks(row)
    assert (ranks[hard.pk], ranks[third.pk]) == (1, 2)
    row.refresh_from_db()
    assert row.state == "full"
    enrolments.leave(first, by=world["officer"], reason="有事")
    states = dict(Enrolment.objects.filter(activity=row).values_list("name", "state"))
    assert (states["陈桂芳"], states["职工3"], states["职工1"]) == ("confirmed", "waiting", "withdrawn")
    planning.change_plan(row, by=world["officer"], capacity=10)
    row.refresh_from_db()
    assert (row.enrolments.filter(state__in=SEATED).count(), row.state) == (4, "open")
    with pytest.raises(ActionError, match="不能更少"):
        planning.change_plan(row, by=world["officer"], capacity=1)


def test_nobody_is_enrolled_twice(world: World) -> None:
    row = published(world)
    officer = world["officer"]
    enrolments.enrol(row, by=officer, name="陈桂芳", phone=phone(1), identity="33060219900101001X")
    for again in (
        {"phone": phone(1)},
        {"identity": "33060219900101001x"},
        {"phone": phone(2), "identity": "33060219900101001X"},
    ):
        with pytest.raises(ActionError, match="已经报过名"):
            enrolments.enrol(row, by=officer, name="陈桂芳", **again)
    twin = Enrolment.objects.get()
    with pytest.raises(Error), transaction.atomic():
        Enrolment(
            activity=row, serial=2, name="陈桂芳", state="confirmed", person_key=twin.person_key, by=officer
        ).save(force_insert=True)
    enrolments.leave(twin, by=officer, reason="换人")
    enrolments.enrol(row, by=officer, name="陈桂芳", phone=phone(1))
    assert "19900101001X" not in str(list(Enrolment.objects.values()))


def test_the_draw_can_be_drawn_again(world: World) -> None:
    row = published(world, capacity=3, is_drawn=True)
    told = row.commitment
    assert Event.objects.about("activity", row.pk).filter(data__commitment=told).exists()
    everybody = fill(world, row, 8)
    assert {one.state for one in everybody} == {"qualified"}
    row = enrolments.draw(row, by=world["officer"])
    import hashlib

    assert hashlib.sha256(row.seed.encode()).hexdigest() == told
    lots = sorted(range(1, 9), key=lambda serial: hashlib.sha256(f"{row.seed}:{serial}".encode()).hexdigest())
    assert set(row.enrolments.filter(state="confirmed").values_list("serial", flat=True)) == set(lots[:3])
    assert [one.serial for one in Enrolment.objects.filter(activity=row).queue()] == lots[3:]
    with pytest.raises(InvalidTransition, match="抽过"):
        enrolments.draw(row, by=world["officer"])


# Who may take the step, by the table of the shape; the system takes two of them by itself.
ROLES = {
    "approve": {"leader"}, "publish": {"officer", "other_handler", "town"}, "fill": set(), "reopen": set(),
    "start": {"officer", "other_handler", "town"}, "finish": {"officer", "other_handler", "town"},
    "account": {"officer", "other_handler"}, "archive": {"officer", "other_handler"}, "cancel": {"officer", "other_handler", "town"},
}  # fmt: skip


def test_every_step_in_every_state_by_every_role(world: World, elsewhere: World) -> None:
    row = activity(world)
    row.programme.steps = ["approve", "publish", "account"]
    row.programme.save()
    people = {name: world[name] for name in world.people} | {"far": elsewhere["officer"]}
    checked = 0
    for state in ActivityState.values:
        # In memory: the database guard lets no state be made up.
        row.state = state
        for verb, transition in TRANSITIONS.items():
            for name, person in people.items():
                error = refuse(person, row, verb)
                if state not in transition.sources:
                    assert isinstance(error, InvalidTransition), (state, verb, name)
                elif error is None:
                    assert name in ROLES[verb], (state, verb, name)
                elif name in ROLES[verb]:
                    assert isinstance(error, InvalidTransition), (state, verb, name, error)
                else:
                    assert isinstance(error, NotAllowed | InvalidTransition), (state, verb, name)
                checked += 1
    assert checked == len(ActivityState) * len(TRANSITIONS) * len(people)


def test_the_whole_way(world: World) -> None:
    line = BudgetLine.objects.create(
        district=world.district, year=timezone.localdate().year, name="职工服务", source="区级", total=1000
    )
    officer = world["officer"]
    row = published(world, capacity=3, budget=Decimal(500), budget_line=line)
    session = planning.add_session(row, by=officer, held_on=timezone.localdate(), starts_at=NOON, ends_at=ONE)
    one, two, three = fill(world, row, 3)
    row = cases.take(Activity.objects.get(pk=row.pk), "start", by=officer)
    session.refresh_from_db()
    assert meetings.call_roll(session, [one.pk, two.pk], by=officer) == 2
    for enrolment in (one, two, three):
        enrolment.refresh_from_db()
    gift = spending.bring(row, by=officer, name="雨伞", quantity=2, worth=Decimal(30))
    spending.hand_out(gift, one, by=officer)
    with pytest.raises(ActionError, match="已经领过"):
        spending.hand_out(gift, one, by=officer)
    spending.hand_out(gift, two, by=officer)
    with pytest.raises(ActionError, match="发完"):
        spending.hand_out(gift, three, by=officer)
    paid = spending.spend(
        row, by=officer, kind="members", what="场地", payee="文化宫", amount=Decimal(400), paid_on=timezone.localdate()
    )
    with pytest.raises(ActionError, match="只剩"):
        spending.spend(
            row,
            by=officer,
            kind="members",
            what="布展",
            payee="文化宫",
            amount=Decimal(601),
            paid_on=timezone.localdate(),
        )
    spending.reverse(paid, by=officer, reason="写错")
    line.refresh_from_db()
    assert (line.left, spending.total(row)) == (1000, 0)
    spending.spend(
        row, by=officer, kind="members", what="场地", payee="文化宫", amount=Decimal(300), paid_on=timezone.localdate()
    )
    opinions.rate(one, by=officer, score=5, words="很好")
    with pytest.raises(ActionError, match="已经评价过"):
        opinions.rate(Enrolment.objects.select_related("activity__programme").get(pk=one.pk), by=officer, score=1)
    assert Feedback.objects.get().enrolment_id is None
    for verb in ("finish", "account", "archive"):
        row = cases.take(row, verb, by=officer)
    assert (row.people_served, row.spent, row.state) == (2, Decimal(300), "archived")
    assert sorted(row.enrolments.values_list("state", flat=True)) == ["completed", "completed", "confirmed"]
    with pytest.raises(Error), transaction.atomic():
        Goods.objects.filter(pk=gift.pk).update(given=9)


def test_a_code_at_the_door(world: World, client: Client) -> None:
    officer = world["officer"]
    row = published(world)
    session = planning.add_session(row, by=officer, held_on=timezone.localdate(), starts_at=NOON, ends_at=ONE)
    fill(world, row, 2)
    cases.take(Activity.objects.get(pk=row.pk), "start", by=officer)
    address = f"/check-in/{session.key}/"
    client.force_login(officer)
    drawing = client.get(f"/services/activity/{row.pk}/sessions/{session.pk}/code.svg")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert b"<path" in drawing.content
    client.logout()
    assert client.get(address).status_code == 200
    answers = [
        client.post(address, {"name": name, "phone": number}).content.decode()
        for name, number in (("职工1", phone(2)), ("没有的人", phone(1)), ("职工1", phone(1)), ("职工1", phone(1)))
    ]
    assert ["名单里没有" in answer for answer in answers] == [True, True, False, False]
    assert Attendance.objects.values_list("enrolment__serial", "door", "presence").get() == (1, "code", "present")
    assert client.get("/check-in/nothing-here/").status_code == 404
    ActivitySession.objects.update(held_on=timezone.localdate() + datetime.timedelta(days=1))
    assert "现在不签到" in client.post(address, {"name": "职工2", "phone": phone(2)}).content.decode()


def test_a_speaker_is_in_one_place_at_a_time(world: World) -> None:
    officer, day = world["officer"], timezone.localdate()
    row, other = published(world), published(world, title="班前十分钟")
    speaker = planning.keep_speaker(world.district, by=officer, name="陈桂芳", unit="咸亨")
    planning.add_session(row, by=officer, held_on=day, starts_at=NOON, ends_at=TWO, speaker=speaker)
    with pytest.raises(ActionError, match="亲子读书会"):
        planning.add_session(other, by=officer, held_on=day, starts_at=ONE, ends_at=datetime.time(15), speaker=speaker)
    planning.add_session(other, by=officer, held_on=day, starts_at=TWO, ends_at=datetime.time(15), speaker=speaker)
    made = Speaker.objects.get().engagements.order_by("starts").last()
    with pytest.raises(Error), transaction.atomic():
        made.starts = made.starts - datetime.timedelta(minutes=30)
        made.save()


def test_a_team_owes_ten_events_and_a_series_goes_on(world: World) -> None:
    officer = world["officer"]
    team = planning.keep_team(world.district, by=officer, name="第一服务队", leader="王师傅", members=["甲", "乙"])
    row = running(world, team=team)
    planning.add_session(row, by=officer, held_on=timezone.localdate(), starts_at=NOON, ends_at=ONE)
    cases.take(row, "finish", by=officer)
    (progress,) = queries.progress(world.district, timezone.localdate().year)
    assert (progress["held"], progress["left"]) == (1, 9)
    later = timezone.localdate() + datetime.timedelta(days=7)
    second = planning.copy(row, by=officer, starts_on=later)
    third = planning.copy(second, by=officer, starts_on=later + datetime.timedelta(days=7))
    assert (second.turn, third.turn, third.series_id, third.sessions.get().held_on) == (
        2,
        3,
        row.pk,
        later + datetime.timedelta(days=7),
    )


def test_the_page_of_teams_tells_of_earlier_years(world: World, client: Client) -> None:
    this = timezone.localdate().year
    team = planning.keep_team(world.district, by=world["officer"], name="模具服务队", leader="王师傅")
    row = running(world)
    Activity.objects.filter(pk=row.pk).update(team=team, starts_on=datetime.date(this - 1, 5, 1))
    cases.take(Activity.objects.get(pk=row.pk), "finish", by=world["officer"])
    client.force_login(world["officer"])
    for query, words in (
        ("", "还差 10 场"),
        (f"?year={this - 1}", "办了 1 场，还差 9 场"),
        ("?year=1999", "还差 10 场"),
    ):
        assert words in client.get(f"/services/teams/{query}").content.decode(), query


def test_teams_are_found_by_their_trade(world: World, client: Client) -> None:
    client.force_login(world["officer"])
    for name, trade in (("一队", "模具"), ("二队", "焊接"), ("三队", "")):
        client.post("/services/teams/new/", {"name": name, "trade": trade, "leader": "王师傅", "quota": 10})
    found = {}
    for asked in ("", "模具", "焊接", "没有的"):
        page = client.get("/services/teams/", {"trade": asked} if asked else {}).content.decode()
        found[asked] = [name for name in ("一队", "二队", "三队") if f">{name}</a>" in page]
    everybody = ["一队", "二队", "三队"]
    assert found == {"": everybody, "模具": ["一队"], "焊接": ["二队"], "没有的": everybody}


def test_a_ballot_is_secret_and_cast_once(world: World, client: Client) -> None:
    officer = world["officer"]
    row = running(world)
    codes = opinions.open_poll(row, by=officer, members=[f"会员{n}" for n in range(4)], items=["服务", "活动"])
    with pytest.raises(InvalidTransition, match="名单不能再改"):
        opinions.open_poll(row, by=officer, members=["后来的"])
    poll = row.poll
    assert not any(code in str(list(Voter.objects.values())) for _name, code in codes)
    client.logout()
    for _name, code in codes[:3]:
        answer = client.post(f"/vote/{poll.key}/", {"code": code, "item_0": "satisfied", "item_1": "basically"})
        assert "已投票" in answer.content.decode()
    assert (
        "已经投过"
        in client.post(f"/vote/{poll.key}/", {"code": codes[0][1], "item_0": "not", "item_1": "not"}).content.decode()
    )
    opinions.close_poll(row, by=officer)
    found = queries.result(poll.__class__.objects.get())
    assert (found["issued"], found["returned"], found["rows"][0]["votes"], found["is_valid"]) == (4, 3, [3, 0, 0], True)
    # What is counted has no row of one ballot: 2 items with 3 grades each, whoever voted.
    assert Tally.objects.count() == 6
    client.force_login(officer)
    assert "75.00 %" in client.get(f"/services/activity/{row.pk}/").content.decode()


def test_codes_of_a_ballot_are_not_to_be_guessed(world: World, client: Client) -> None:
    officer = world["officer"]
    row = running(world)
    codes = opinions.open_poll(row, by=officer, members=["甲", "乙"], items=["服务"])
    cache.clear()

    def said(code: str, address: str = "10.0.0.1") -> str:
        sent = {"code": code, "item_0": "satisfied"}
        return client.post(f"/vote/{row.poll.key}/", sent, REMOTE_ADDR=address).content.decode()

    assert "已投票" in said(codes[0][1])
    assert all("票号不对" in said(f"WRONG{number}") for number in range(opinions.TRIES.most))
    # A right one tells no more than a wrong one; elsewhere nobody is held up.
    assert ["试的次数太多" in said(code) for code in ("WRONG", codes[1][1])] == [True, True]
    assert "已投票" in said(codes[1][1], "10.0.0.2")


def result_paper() -> CasePaper:
    return next(paper for paper in case_papers() if paper.code == "ballot_result")


def xmins(rows: QuerySet) -> set[int]:
    """The transactions in which the rows were written, as the database keeps them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT xmin::text::bigint FROM {rows.model._meta.db_table}")
        return {number for (number,) in cursor.fetchall()}


def test_a_comment_on_a_ballot_is_told_to_whoever_counts_and_is_nobodys(world: World, client: Client) -> None:
    officer, words = world["officer"], ["食堂早点开", "多组织体检", "谢谢工会"]
    row = running(world)
    codes = opinions.open_poll(row, by=officer, members=[f"会员{n}" for n in range(5)], items=["服务"])
    address = f"/vote/{row.poll.key}/"
    page, record = f"/services/activity/{row.pk}/", f"/api/v1/activities/{row.pk}/ballot/"

    def read_by(name: str) -> tuple[set[str], list[str], str]:
        """What the page, the API and the printed result tell this person."""
        client.force_login(world[name])
        shown = client.get(page).content.decode()
        paper = str(result_paper().write(Given(Activity.objects.get(pk=row.pk), world[name])).as_json())
        told = Caller(world[name]).get(record).json()["comments"]
        return {one for one in words if one in shown}, sorted(told), paper

    client.logout()
    for (_name, code), comment in zip(codes, [*words, "", ""], strict=True):
        client.post(address, {"code": code, "item_0": "satisfied", "comment": comment})
    assert "食堂早点开" not in client.get(address).content.decode()
    assert {field.name for field in Comment._meta.get_fields()} == {"id", "poll", "words"}
    # While anybody can still vote, nobody reads; afterwards whoever counts does, and nobody else.
    assert read_by("officer")[:2] == (set(), [])
    opinions.close_poll(row, by=officer)
    shown, told, paper = read_by("officer")
    assert (shown, told) == (set(words), sorted(words))
    assert all(one in paper for one in words)
    shown, told, paper = read_by("leader")
    assert (shown, told) == (set(), [])
    assert "满意" in paper
    assert not any(one in paper for one in words)
    # All are written in one transaction, which is none of those in which somebody voted; so are the counts.
    assert len(xmins(Comment.objects.all()) | xmins(Tally.objects.all())) == 1
    assert xmins(Comment.objects.all()).isdisjoint(xmins(Voter.objects.all()))
    assert not any(one in str(list(Event.objects.values_list("data", flat=True))) for one in words)
    late = client.post(address, {"code": codes[0][1], "item_0": "not", "comment": "晚了"}).content.decode()
    assert "已经截止" in late
    assert Comment.objects.count() == 3


def test_a_vote_of_somebody_who_is_signed_in_is_nobodys_too(world: World, client: Client) -> None:
    row = running(world)
    ((_name, code),) = opinions.open_poll(row, by=world["officer"], members=["甲"], items=["服务"])
    client.force_login(world["cadre"])
    sent, before = {"code": code, "item_0": "satisfied", "comment": "食堂早点开", "_key": "once"}, Event.objects.count()
    assert "已投票" in client.post(f"/vote/{row.poll.key}/", sent).content.decode()
    assert not IdempotencyKey.objects.exists()
    assert Event.objects.count() == before


def test_of_two_ballots_nothing_is_told(world: World, client: Client) -> None:
    officer = world["officer"]
    row = running(world)
    for _name, code in opinions.open_poll(row, by=officer, members=["甲", "乙"], items=["服务"]):
        opinions.vote(row.poll, code=code, grades={0: "not"}, comment="食堂早点开", by=officer)
    opinions.close_poll(row, by=officer)
    client.force_login(officer)
    page = client.get(f"/services/activity/{row.pk}/").content.decode()
    record = Caller(officer).get(f"/api/v1/activities/{row.pk}/ballot/").json()
    assert ("不到 3 张" in page, "食堂早点开" in page) == (True, False)
    assert (record["returned"], record["is_closed"], record["items"], record["comments"]) == (2, True, [], [])


def test_a_contest_is_ranked_by_the_mean(world: World) -> None:
    officer = world["officer"]
    row = running(world)
    entries = [opinions.enter(row, by=officer, name=name, event="钳工") for name in ("甲队", "乙队", "丙队")]
    for entry, points in zip(entries, ((90, 80), (95, 85), (85, 85)), strict=True):
        for judge, number in enumerate(points):
            opinions.judge(entry, by=officer, judge=f"评委{judge}", points=Decimal(number))
    assert [(one["place"], one["entry"].name) for one in queries.ranking(row)] == [
        (1, "乙队"),
        (2, "甲队"),
        (2, "丙队"),
    ]


def test_what_the_public_sees(world: World) -> None:
    planned = activity(world, capacity=2, is_drawn=True)
    assert queries.public_face(planned) is None
    row = cases.take(planned, "publish", by=world["officer"])
    fill(world, row, 1)
    face = queries.public_face(row)
    assert face is not None
    assert (face["places_left"], face["seed"]) == (2, "")
    assert "职工1" not in str(face)


def test_every_programme_of_the_catalogue_can_be_made_and_walked(world: World) -> None:
    """Each row is a programme that the settings take, registered and taken to its end."""
    from services.actions import programmes
    from services.activities.catalogue import PROGRAMMES
    from services.models import Programme
    from services.shapes import kind_for

    assert len({row["code"] for row in PROGRAMMES}) == len({row["prefix"] for row in PROGRAMMES}) == len(PROGRAMMES)
    kind = kind_for("activity")
    for values in PROGRAMMES:
        if values["code"] == "childcare":
            continue
        columns = {name: value for name, value in values.items() if name != "department"}
        made = Programme(district=world.district, organisation=world.other_department, **columns)
        made.full_clean(exclude=["names", "limits"])
        programmes._check(made)
        made.save()
        given = {extra.key: (extra.choices[0] if extra.choices else 3) for extra in made.extras_at("register")}
        row = activity(world, made, extras={key: str(value) for key, value in given.items()})
        for verb in kind.line_of(made):
            who = {"approve": "chief" if made.deciders else "leader"}.get(verb, "officer")
            extras = {extra.key: 3 if extra.counted else True for extra in made.extras_at(verb)}
            row = cases.take(row, verb, by=world[who], extras=extras)
        assert row.state == "archived", values["code"]


def test_matchmaking_forgets_who_came(world: World) -> None:
    row = published(world)
    row.programme.limits["erase_days"] = 1
    row.programme.save()
    fill(world, row, 3)
    row = Activity.objects.get(pk=row.pk)
    for verb in ("start", "finish", "account", "archive"):
        row = cases.take(row, verb, by=world["officer"])
    now = timezone.now()
    assert [erase(now), erase(now + datetime.timedelta(days=2)), erase(now + datetime.timedelta(days=3))] == [0, 1, 0]
    kept = str(list(Enrolment.objects.values()))
    assert not any(text in kept for text in ("职工1", "****"))
    assert not Enrolment.objects.exclude(phone_hash="").exists()
    assert Enrolment.objects.count() == 3
