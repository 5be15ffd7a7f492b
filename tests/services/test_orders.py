"""Orders: every step for everybody in every state, who is asked in which order, what counts, what is secret, every programme."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from services.actions import cases
from services.activities.actions.planning import keep_team
from services.enums import Applicant, Channel
from services.models import Programme
from services.orders import queries, tasks
from services.orders.actions import read_secret, save_team, send_message, time_out_offers
from services.orders.catalogue import PROGRAMMES
from services.orders.enums import AT_WORK, OUTCOMES, TRANSITIONS, Answer, OrderState
from services.orders.enums import OrderVerb as V
from services.orders.matching import candidates, kilometres
from services.orders.models import Craftsman, Order, Squad
from services.permissions import refuse
from services.shapes import kind_for
from tests.sampling import WHOLE, taken
from tests.world import World, make_enterprise
from unionops.casework.attachments import attach
from unionops.casework.inbox import inbox
from unionops.casework.models import Notice, Outbox
from unionops.insight.figures import Figure, Question, figure_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import parse
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event, User

from .craftsmen import craft_programme, make_craftsman, post_order

S = OrderState
DESK = {"officer", "other_handler"}
# Who may take a step where the state allows it; «asked» is the craftsman who was asked, «owner» who has it.
MAY: dict[str, set[str] | frozenset[str]] = {
    V.PUSH: {*DESK, "system"},
    V.ASSIGN: DESK,
    V.ACCEPT: {"asked", *DESK, "cadre"},
    V.DECLINE: {"asked", *DESK, "cadre"},
    V.TIME_OUT: {"system"},
    **dict.fromkeys((V.ADVISE, V.VISIT, V.CONVENE, V.CONCLUDE, V.SOLVE, V.TRY, V.RECORD, V.CONFIRM, V.HAND_BACK), frozenset({"owner", *DESK})),
    **dict.fromkeys((V.CLOSE, V.REFER, V.REFUSE), frozenset(DESK)),
    V.WITHDRAW: {*DESK, "cadre", "system"},
}  # fmt: skip
PEOPLE = (
    "officer",
    "other_handler",
    "cadre",
    "other_cadre",
    "handler",
    "town",
    "leader",
    "chief",
    "clerk",
    "auditor",
    "admin",
    "unposted",
)


@pytest.fixture
def programme(world: World) -> Programme:
    return craft_programme(world)


def paper(order: Order, by: User, text: bytes = b"confirmed") -> Any:
    return attach(order, SimpleUploadedFile("ok.txt", text + b" by the firm with its stamp"), by=by)


def fields_of(verb: str, world: World, order: Order, one: Craftsman, two: Craftsman) -> dict[str, Any]:
    """What a step needs to succeed."""
    return {
        V.PUSH: {"craftsmen": [one.pk]}, V.ASSIGN: {"craftsman": one.pk}, V.ADVISE: {"reply": "先量合模力"},
        V.VISIT: {"people": "王师傅", "findings": "导柱磨损", "hours": Decimal("1.5")}, V.CONVENE: {"experts": [one.pk, two.pk]},
        V.CONCLUDE: {"present": [one.pk, two.pk], "opinions": "换导柱", "solution": "换导柱"}, V.SOLVE: {"solution": "换导柱"},
        V.TRY: {"trial_result": "良率九成八"}, V.RECORD: {"outcome": S.UNSOLVED}, V.CONFIRM: {"confirmed_name": "吴厂长"},
        V.REFER: {"referred_to": "模具研究院"},
    }.get(verb, {"reason": "说明"})  # fmt: skip


def test_every_step_in_every_state_for_everybody(world: World, programme: Programme) -> None:
    one, two = make_craftsman(world, "王师傅", account=False), make_craftsman(world, "李师傅")
    people = {name: world[name] for name in PEOPLE} | {
        "system": User.objects.system(),
        "owner": two.user,
        "asked": two.user,
    }
    seen = 0
    for state in S:
        # Each person is known anew for each order.
        people = {name: User.objects.get(pk=user.pk) for name, user in people.items()}
        order = post_order(world, programme)
        order.panelists.bulk_create([order.panelists.model(order=order, craftsman=person) for person in (one,)])
        put(world, order, state, two)
        if state == S.PUSHED:
            for person in (one, two):
                order.offers.create(craftsman=person, due_at=timezone.now(), answer=Answer.WAITING)
        if state == S.CONSULTING:
            order.panelists.create(craftsman=two)
        order = Order.objects.get(pk=order.pk)
        for verb, transition in TRANSITIONS.items():
            possible = state in transition.sources
            for name, user in people.items():
                if name in ("owner", "asked") and (name == "asked") != (state == S.PUSHED):
                    continue
                # Where there is no way the state refuses all alike: each run asks a share of them.
                if not (possible or taken(state, verb, name, of=4)):
                    continue
                error = refuse(user, order, verb)
                wanted: Any = InvalidTransition if not possible else None if name in MAY[verb] else NotAllowed
                if verb == V.CLOSE and state in (S.SOLVED, S.PARTLY) and possible:
                    # The other side confirms first.
                    wanted = NotAllowed if state == S.PARTLY and name not in DESK else InvalidTransition
                if verb == V.RECORD and state not in transition.sources:
                    wanted = InvalidTransition
                assert (type(error) if error else None) is wanted, (state, verb, name, error)
                seen += 1
            if not possible or (verb == V.CLOSE and state in (S.SOLVED, S.PARTLY)):
                continue
            doer = people[min(MAY[verb] - {"asked", "owner"})]
            moved(world, order, verb, User.objects.get(pk=doer.pk), one, two)
    assert seen > len(S) * len(TRANSITIONS) * len(PEOPLE) // (1 if WHOLE else 4)


def put(world: World, order: Order, state: str, owner: Craftsman) -> None:
    """Into any state, as a ledger would bring it: a row of a ledger may begin in the middle."""
    owned = state not in (S.POSTED, S.PUSHED, S.REFUSED, S.WITHDRAWN)
    values = Order.objects.filter(pk=order.pk).values().get()
    values |= {
        "state": state, "ledger_import_id": world.imported.pk, "craftsman_id": owner.pk if owned else None,
        "accepted_at": timezone.now() if owned else None, "closed_at": timezone.now() if state in Order.END_STATES else None,
    }  # fmt: skip
    offers, panel = list(order.offers.all()), list(order.panelists.all())
    Order.objects.filter(pk=order.pk).delete()
    Order.objects.create(**values)
    for row in (*offers, *panel):
        row.pk = None
        row.save(force_insert=True)


def moved(world: World, order: Order, verb: str, by: User, one: Craftsman, two: Craftsman) -> None:
    """The step is taken and told of, and then undone."""
    with transaction.atomic():
        after = cases.take(order, verb, by=by, **fields_of(verb, world, order, one, two))
        assert after.state in TRANSITIONS[verb].targets, (order.state, verb)
        assert Event.objects.about("order", order.pk).filter(verb=f"order.{verb}").count() == 1
        transaction.set_rollback(True)


def test_match_shows_its_arithmetic(world: World, programme: Programme) -> None:
    firm = world.enterprise
    firm.industry, firm.longitude, firm.latitude = "machinery", Decimal("120.58"), Decimal("30.00")
    firm.save()
    rival = make_enterprise(world.other_town, industry="machinery")
    near = make_craftsman(world, "近", skills=["热流道"], longitude=Decimal("120.60"), latitude=Decimal("30.00"))
    busy = make_craftsman(world, "忙", skills=["热流道"])
    make_craftsman(world, "本厂", enterprise=firm)
    make_craftsman(world, "对手", enterprise=rival)
    away = make_craftsman(world, "避")
    away.avoids.add(firm)
    make_craftsman(world, "焊工", trades=["焊接"])
    make_craftsman(world, "停", is_available=False)
    other = post_order(world, programme, enterprise=make_enterprise(world.town))
    cases.take(other, V.ASSIGN, by=world["officer"], craftsman=busy.pk)

    order = post_order(world, programme, skills=["热流道", "精雕"], is_secret=True)
    found = {match.craftsman.name: match for match in candidates(order)}
    assert next(iter(found)) == "近"
    # 40 for the trade, 10 for a skill, 1.9 km.
    assert [points for _words, points in found["近"].parts] == [40, 10, -2]
    assert found["近"].score == 48
    assert [points for _words, points in found["忙"].parts] == [40, 10, -2, -10]
    assert {name for name, match in found.items() if match.against} == {"本厂", "对手", "避", "停"}
    # Without a secret the competition is only pushed back.
    plain = {match.craftsman.name: match for match in candidates(post_order(world, programme))}
    assert (plain["对手"].against, plain["对手"].score) == ("", 40 - 2 - 15)
    # Across regions whoever lives there is near; at home whoever lives elsewhere is far.
    make_craftsman(world, "外", region="小金县")
    cross = {
        match.craftsman.name: match for match in candidates(post_order(world, programme, mode="cross", region="小金县"))
    }
    assert ([points for _words, points in cross["外"].parts], [points for _words, points in cross["近"].parts][:2]) == (
        [40, -2],
        [40, -20],
    )
    at_home = {match.craftsman.name: match for match in candidates(post_order(world, programme))}
    assert ("人在外地：小金县", -20) in at_home["外"].parts
    assert round(kilometres((Decimal("120.58"), Decimal(30)), (Decimal("120.60"), Decimal(30))), 1) == 1.9
    cases.take(order, V.PUSH, by=world["officer"])
    assert order.offers.get().craftsman == near
    with pytest.raises(ActionError, match="回避"):
        cases.take(post_order(world, programme), V.PUSH, by=world["officer"], craftsmen=[away.pk])


def test_next_is_asked_after_a_refusal_and_after_silence(world: World, programme: Programme, time_machine: Any) -> None:
    # All of it on one day: the board counts whom somebody asked until the evening.
    time_machine.move_to(timezone.localtime().replace(hour=10), tick=True)
    first, second, _third, fourth = (make_craftsman(world, name) for name in "甲乙丙丁")
    order = post_order(world, programme)
    begun = timezone.now()
    order = cases.take(order, V.PUSH, by=world["officer"], craftsmen=[first.pk], now=begun)
    assert Notice.objects.filter(user=first.user, verb="order.offer").count() == 1
    asked = {name: [row.key for row in inbox(one.user)] for name, one in (("first", first), ("second", second))}
    assert asked == {"first": [order.pk], "second": []}
    with pytest.raises(NotAllowed):
        cases.take(order, V.ACCEPT, by=User.objects.get(pk=second.user_id))
    order = cases.take(order, V.DECLINE, by=User.objects.get(pk=first.user_id), reason_kind="busy", now=begun)
    system = User.objects.system()
    late = begun + datetime.timedelta(minutes=5)
    assert time_out_offers(by=system, now=begun + datetime.timedelta(minutes=4)) == 0
    assert time_out_offers(by=system, now=late) == 1
    assert time_out_offers(by=system, now=late) == 0
    answers = [(offer.craftsman.name, offer.answer) for offer in order.offers.order_by("pk")]
    assert answers == [("甲", "declined"), ("乙", "timed_out"), ("丙", "waiting")]
    # Three were asked, which is the most: the dispatcher has it.
    assert time_out_offers(by=system, now=late + datetime.timedelta(minutes=5)) == 1
    order.refresh_from_db()
    assert (order.state, order.holder_organisation_id) == (S.POSTED, world.other_department.pk)
    assert Notice.objects.filter(user=world["officer"], verb="order.nobody").exists()
    assert [row.pk for row in queries.nobodys(world["officer"], timezone.localdate())] == [order.pk]
    # Of the three who were asked one has declined and two have said nothing; the board opens these rows.
    unanswered = queries.figures(world["officer"], timezone.localdate(begun))["unanswered_rate"]
    assert (unanswered.count, unanswered.whole, unanswered.words) == (2, 3, "66.67")
    client = Client()
    client.force_login(world["officer"])
    rows = client.get(unanswered.url).content.decode()
    assert ("乙" in rows, "丙" in rows, rows.count(f'href="/services/order/{order.pk}/"')) == (True, True, 2)
    assert "到期没答" in client.get("/services/orders/board/").content.decode()
    order = cases.take(order, V.ASSIGN, by=world["officer"], craftsman=fourth.pk)
    assert (order.craftsman, order.holder_user_id) == (fourth, fourth.user_id)


def test_somebody_without_an_account_answers_by_telephone(world: World, programme: Programme) -> None:
    silent = make_craftsman(world, "老周", account=False)
    order = cases.take(post_order(world, programme), V.PUSH, by=world["officer"], craftsmen=[silent.pk])
    order = cases.take(order, V.ACCEPT, by=world["cadre"])
    offer = order.offers.get()
    assert (offer.answer, offer.on_behalf, offer.answered_by) == ("accepted", True, world.people["cadre"])
    # The desk writes down what he says; it is the first reply.
    cases.take(order, V.ADVISE, by=world["officer"], reply="先量合模力")
    order.refresh_from_db()
    assert order.messages.get().speaker == "老周"
    assert order.first_reply_at is not None
    # For somebody with an account nobody answers.
    own = make_craftsman(world, "小吴")
    other = cases.take(post_order(world, programme), V.PUSH, by=world["officer"], craftsmen=[own.pk])
    with pytest.raises(NotAllowed, match="有账号"):
        cases.take(other, V.ACCEPT, by=world["officer"])


@pytest.mark.django_db(transaction=True)
def test_two_accept_at_once(world: World) -> None:
    programme = craft_programme(world, limits={"accept_minutes": 5, "technical": 1})
    people = [make_craftsman(world, name) for name in ("甲", "乙")]
    order = cases.take(post_order(world, programme), V.PUSH, by=world["officer"], craftsmen=[one.pk for one in people])
    gate, said = threading.Barrier(2), {}

    def accept(one: Craftsman) -> None:
        user = User.objects.get(pk=one.user_id)
        gate.wait()
        try:
            said[one.name] = cases.take(order, V.ACCEPT, by=user).craftsman.name
        except InvalidTransition as error:
            said[one.name] = str(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    order.refresh_from_db()
    winner = order.craftsman.name
    loser = ({"甲", "乙"} - {winner}).pop()
    assert said == {winner: winner, loser: f"{winner}已经先接了这张单，谢谢您。"}
    assert sorted(order.offers.values_list("answer", flat=True)) == ["accepted", "overtaken"]
    # The page says the same to whoever comes late.
    late = Client()
    late.force_login(next(one.user for one in people if one.name == loser))
    answer = late.post(f"/services/order/{order.pk}/steps/accept/", {})
    assert answer.status_code in (409, 422)
    assert f"{winner}已经先接了这张单" in answer.content.decode()


def test_savings_count_in_writing_and_once(world: World, programme: Programme) -> None:
    master = make_craftsman(world, "王师傅")
    officer = world["officer"]

    def solved() -> Order:
        order = cases.take(post_order(world, programme), V.ASSIGN, by=officer, craftsman=master.pk)
        with pytest.raises(ActionError, match="方案"):
            cases.take(order, V.RECORD, by=officer, outcome=S.SOLVED)
        order = cases.take(order, V.SOLVE, by=officer, solution="换导柱")
        return cases.take(order, V.RECORD, by=officer, outcome=S.SOLVED)  # type: ignore[no-any-return]

    order, again, apart = solved(), solved(), solved()
    told = {"confirmed_name": "吴厂长", "saved": Decimal(120000), "rating": "5"}
    with pytest.raises(ActionError, match="书面确认"):
        cases.take(order, V.CONFIRM, by=officer, **told)
    order = cases.take(order, V.CONFIRM, by=officer, paper=paper(order, officer), **told)
    with pytest.raises(ActionError, match="只算一次"):
        cases.take(again, V.CONFIRM, by=officer, paper=paper(again, officer), **told)
    with pytest.raises(ActionError, match="报过同样的金额"):
        cases.take(again, V.CONFIRM, by=officer, paper=paper(again, officer, b"second"), **told)
    cases.take(apart, V.CONFIRM, by=officer, paper=paper(apart, officer, b"third"), apart="第二条线的模具", **told)
    assert queries.figures(officer, timezone.localdate())["saved"].words == "240,000.00"
    order = cases.take(order, V.CLOSE, by=officer)
    assert order.state == S.CLOSED


def test_secret_is_read_by_whoever_has_it_and_the_desk(world: World, programme: Programme) -> None:
    master = make_craftsman(world, "王师傅")
    order = post_order(world, programme, is_secret=True, description="配方里的酶是独家的")
    assert "独家" not in str(Order.objects.filter(pk=order.pk).values().get())
    order = cases.take(order, V.PUSH, by=world["officer"], craftsmen=[master.pk])
    asked = User.objects.get(pk=master.user_id)
    # Asked is not yet having it.
    with pytest.raises(NotAllowed, match="商业秘密"):
        read_secret(order, by=asked)
    order = cases.take(order, V.ACCEPT, by=asked)
    assert read_secret(order, by=asked) == "配方里的酶是独家的"
    send_message(order, "酶先换一批", by=asked)
    for name in ("leader", "cadre", "town"):
        with pytest.raises(NotAllowed):
            read_secret(order, by=world[name])
        client = Client()
        client.force_login(world[name])
        page = client.get(f"/services/order/{order.pk}/").content.decode()
        assert "酶先换一批" not in page
        assert "只有承办人和主办科室能看" in page
    client = Client()
    client.force_login(asked)
    assert "酶先换一批" in client.get(f"/services/order/{order.pk}/").content.decode()
    shown = client.post(f"/services/orders/{order.pk}/secret/")
    assert "独家" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert Event.objects.about("order", order.pk).filter(verb="order.reveal").count() == 2
    assert not Event.objects.about("order", order.pk).filter(data__icontains="酶").exists()


def test_board_counts_minutes_and_replies(world: World, programme: Programme, client: Client) -> None:
    master, now = make_craftsman(world, "王师傅", most_open=50), timezone.now()
    came = now - datetime.timedelta(hours=30)
    for minutes in (2, 4, 6, 8, 30):
        order = post_order(world, programme, now=came)
        taken = came + datetime.timedelta(minutes=minutes)
        order = cases.take(order, V.ASSIGN, by=world["officer"], craftsman=master.pk, now=taken)
        if minutes != 30:
            cases.take(order, V.ADVISE, by=world["officer"], reply="先量", now=taken)
    waiting = cases.take(post_order(world, programme), V.PUSH, by=world["officer"], craftsmen=[master.pk])
    since = timezone.localdate() - datetime.timedelta(days=9)
    found = queries.figures(world["officer"], since)
    assert [found[name].words for name in ("accept_minutes", "accept_minutes_p90", "reply_rate")] == [
        "6.0",
        "21.2",
        "80.00",
    ]
    assert (found["reply_rate"].count, found["reply_rate"].whole, found["count"].words) == (4, 5, "6")
    client.force_login(world["officer"])
    page = client.get(f"/services/orders/board/?since={since.isoformat()}").content.decode()
    assert waiting.title in page
    # The board reads the indicators: each of its figures is theirs, and opens the rows that they count.
    for name in ("accept_minutes", "reply_rate", "solved_rate", "saved"):
        assert found[name].url.replace("&", "&amp;") in page
        indicator = find(f"order_{name}")
        assert indicator is not None
        assert found[name].words == figure_of(Question(indicator, asked_since(world["officer"], since))).words
    rows = client.get(found["accept_minutes"].url)
    assert rows.content.decode().count('href="/services/order/') == 5
    # 109 of 327 problems of the published figures.
    solved = find("order_solved_rate")
    assert solved is not None
    assert Figure(solved, 109, 327).words == "33.33"


def asked_since(user: Any, since: datetime.date) -> Asked:
    today = timezone.localdate()
    return Asked(user, parse(f"{since.isoformat()}..{today.isoformat()}"), today)


def test_the_trade_of_a_team_asks_and_finds_its_members(world: World, programme: Programme, client: Client) -> None:
    """Whom the register knows by no trade of their own: by that of the team; somebody of the trade still comes first."""
    officer = world["officer"]
    team = save_team(world.district, by=officer, name="模具服务队", trade="模具", yearly_quota=10)
    one = make_craftsman(world, "队员", trades=[], team=team)
    make_craftsman(world, "散工", trades=["焊接"])
    order = cases.take(post_order(world, programme), V.PUSH, by=officer)
    assert [offer.craftsman for offer in order.offers.all()] == [one]
    assert ["所在服务队的工种：模具", 30] in order.offers.get().arithmetic
    best = make_craftsman(world, "模具工", team=team)
    assert [match.craftsman for match in candidates(order)][:2] == [best, one]
    client.force_login(officer)
    # The page, what is asked for, and which of these names stand in it.
    for page, asked, names in (
        ("craftsmen", {"trade": "模具"}, {"队员", "模具工"}), ("craftsmen", {"trade": "焊接"}, {"散工"}),
        ("craftsmen", {"team": team.pk}, {"队员", "模具工"}), ("teams", {"trade": "模具"}, {"模具服务队"}),
    ):  # fmt: skip
        told = client.get(f"/services/orders/{page}/", asked).content.decode()
        known = ("模具服务队",) if page == "teams" else ("队员", "散工", "模具工")
        assert {name for name in known if f">{name}</a>" in told} == names, asked


def test_teams_of_orders_and_of_activities_are_two_kinds_in_the_log(world: World) -> None:
    save_team(world.district, by=world["officer"], name="模具队")
    keep_team(world.district, by=world["officer"], name="模具队", leader="王师傅")
    assert set(Event.objects.filter(data__name="模具队").values_list("kind", flat=True)) == {"squad", "team"}


def test_pages_ask_the_same_number_of_questions(world: World, programme: Programme, client: Client) -> None:
    client.force_login(world["officer"])
    team = Squad.objects.create(district=world.district, name="模具队")

    def counted() -> list[int]:
        found = []
        for url in (
            "/services/orders/craftsmen/",
            "/services/orders/board/",
            "/services/orders/teams/",
            f"/services/p/{programme.code}/",
        ):
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert client.get(url).status_code == 200
            found.append(len(caught))
        return found

    def add(many: int) -> None:
        for number in range(many):
            person = make_craftsman(world, f"师傅{Craftsman.objects.count()}{number}", team=team)
            cases.take(post_order(world, programme), V.PUSH, by=world["officer"], craftsmen=[person.pk])
            post_order(world, programme)

    add(1)
    counted()
    first = counted()
    add(3)
    assert counted() == first


def test_register_is_kept_on_pages(world: World, programme: Programme, client: Client) -> None:
    client.force_login(world["officer"])
    form = {
        "name": "周师傅", "title": "首席技师", "trades": "模具、焊接", "skills": "热流道", "phone": "13800002047", "most_open": "2",
        "yearly_quota": "10", "is_available": "on", "enterprise_name": world.enterprise.name, "town": str(world.town.pk),
    }  # fmt: skip
    answer = client.post("/services/orders/craftsmen/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    row = Craftsman.objects.get()
    assert (row.trades, row.phone_masked, row.enterprise) == (["模具", "焊接"], "138****2047", world.enterprise)
    wrong = client.post("/services/orders/craftsmen/new/", form | {"enterprise_name": "没有这家"})
    assert "名录里没有" in wrong.content.decode()
    edit = f"/services/orders/craftsmen/{row.pk}/edit/"
    assert client.post(edit, form | {"version": "1", "phone": "", "skills": "精雕"}).status_code == 302
    assert client.post(edit, form | {"version": "1"}).status_code == 409
    row.refresh_from_db()
    assert (row.skills, row.phone_masked) == (["精雕"], "138****2047")
    for name, status in (("leader", 403), ("town", 403), ("auditor", 404)):
        client.force_login(world[name])
        assert client.get(edit).status_code == status, name
    client.force_login(world["officer"])
    assert client.post(f"/services/orders/craftsmen/{row.pk}/retire/", {}).status_code == 302
    order = post_order(world, programme)
    with pytest.raises(ActionError, match="没有对口"):
        cases.take(order, V.PUSH, by=world["officer"])


def test_worker_pushes_what_has_come(world: World) -> None:
    programme = craft_programme(world, limits={"auto_push": 1, "technical": 1, "accept_minutes": 5})
    make_craftsman(world, "王师傅")
    order = post_order(world, programme)
    promised = Outbox.objects.get(task="orders.push")
    tasks.push_order(**promised.arguments)
    tasks.push_order(**promised.arguments)
    order.refresh_from_db()
    assert (order.state, order.offers.count()) == (S.PUSHED, 1)


def test_every_programme_of_the_catalogue_is_walked(world: World, client: Client) -> None:
    """Each row makes a programme that a page can register, and an order of it goes to its end."""
    master = make_craftsman(world, "王师傅", most_open=99)
    kind = kind_for("order")
    client.force_login(world["officer"])
    assert len({row["code"] for row in PROGRAMMES}) == len({row["prefix"] for row in PROGRAMMES}) == len(PROGRAMMES)
    for values in PROGRAMMES:
        own = {name: value for name, value in values.items() if name != "department"}
        programme = Programme(district=world.district, organisation=world.other_department, **own)
        programme.full_clean(exclude=["names", "fields", "deciders", "terms", "limits", "figures", "documents"])
        programme.save()
        assert set(programme.steps) <= set(kind.table), programme.code
        assert {extra.at for extra in programme.extras} <= {"register", *kind.table}, programme.code
        applicant = programme.applicants[-1] if programme.applicants[0] == Applicant.PERSON else programme.applicants[0]
        form: dict[str, Any] = {"applicant_kind": applicant, "applicant_name": "陈桂芳", "description": "请来一趟"}
        for extra in programme.extras_at("register"):
            if extra.required:
                form[f"extra_{extra.key}"] = extra.choices[0] if extra.choices else "3"
        answer = client.post(f"/services/p/{programme.code}/new/", form)
        assert answer.status_code == 302, (programme.code, answer.content.decode())
        order = Order.objects.get(programme=programme)
        order = cases.take(order, V.ASSIGN, by=world["officer"], craftsman=master.pk)
        if programme.uses(V.SOLVE):
            order = cases.take(order, V.SOLVE, by=world["officer"], solution="换导柱")
        order = cases.take(order, V.RECORD, by=world["officer"], outcome=S.SOLVED)
        if programme.uses(V.CONFIRM):
            order = cases.take(order, V.CONFIRM, by=world["officer"], confirmed_name="吴厂长")
        order = cases.take(order, V.CLOSE, by=world["officer"])
        assert order.state == S.CLOSED
        assert (
            programme.word("state", S.SOLVED, S.SOLVED.label)
            in client.get(f"/services/order/{order.pk}/").content.decode()
            or order.state == S.CLOSED
        )
    assert {values["catalogue"] for values in PROGRAMMES} == {
        "C26",
        "C27",
        "C28",
        "C29",
        "C30",
        "C31",
        "C34",
        "C52",
        "C15",
        "C23",
        "C49",
        "C42",
        "C09",
    }


def test_an_order_comes_by_a_public_door_and_is_read_by_the_craftsman_alone(world: World, programme: Programme) -> None:
    master, other = make_craftsman(world, "王师傅"), make_craftsman(world, "李师傅")
    system = User.objects.system()
    order = cases.register(
        programme,
        by=system,
        channel=Channel.PUBLIC,
        applicant_kind=Applicant.ENTERPRISE,
        applicant_name="恒润",
        town=world.town,
        trade="模具",
    )
    order = cases.take(order, V.PUSH, by=world["officer"], craftsmen=[master.pk])
    found = {one.name: Order.objects.visible_to(User.objects.get(pk=one.user_id)).count() for one in (master, other)}
    assert found == {"王师傅": 1, "李师傅": 0}
    mine = Order.objects.in_hands_of(User.objects.get(pk=master.user_id))
    assert [row.pk for row in mine] == [order.pk]
    assert set(AT_WORK) & set(OUTCOMES) == set()
