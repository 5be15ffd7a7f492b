"""The pages of disputes through the browser's door: every page and role, lists of any length, and nothing said alone."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from disputes import handover
from disputes.actions import intake, sessions, team
from disputes.enums import DisputeState, Side
from disputes.models import Agent, Dispute, Party, SessionNote
from disputes.permissions import relations
from disputes.timeline import entries
from tests.columns import walk_columns
from tests.disputes import stories
from tests.disputes.stories import Hall
from tests.sampling import taken
from tests.weight import LIGHT, weight
from tests.world import World, make_world
from unionops.casework.models import Attachment, FollowUp, SavedView
from unionops.org.enums import CASE_ROLES
from unionops.org.models import Event
from visits.enums import IssueState
from visits.models import Issue

pytestmark = pytest.mark.django_db
# Who stand for all that may do something else with a case.
KINDS = {"head", "case_clerk", "mediator", "judge", "worker_side", "handler", "cadre", "auditor", "unposted"}
# Whose page of a case differs most.
MOST = {"head", "worker_side", "cadre"}
# Whose list and board differ.
FEW = {"leader", "head", "mediator", "judge", "worker_side", "arbitrator", "cadre", "auditor", "unposted"}


def as_(hall: Hall | World, name: str) -> Client:
    client = Client()
    client.force_login(hall[name])
    return client


def address(case: Dispute) -> str:
    return reverse("disputes:dispute", args=[case.pk])


def everybody(hall: Hall) -> list[str]:
    return sorted(hall.world.people)


def test_page_of_each_state_for_each_role(hall: Hall) -> None:
    """Whoever sees the case sees its page in each state, and nobody else: one case a state, every person at it."""
    cases = {}
    for state, make in stories.IN_STATE.items():
        case = cases[state] = stories.fresh(make(hall))
        assert case.state == state
        # Everybody in one state; in the others who mediates, and a share of the others.
        for name in everybody(hall):
            of = 1 if state == DisputeState.MEDIATING else 4 if name in MOST else 40
            if name != "mediator" and not taken(state, name, of=of):
                continue
            answer = as_(hall, name).get(address(case))
            sees = Dispute.objects.visible_to(hall[name]).filter(pk=case.pk).exists()
            assert answer.status_code == (200 if sees else 404), (state, name)
            if sees:
                page = answer.content.decode()
                assert case.number in page, (state, name)
                assert weight(answer) < LIGHT, (state, name, weight(answer))
        if state == DisputeState.REGISTERED:
            far = make_world("柯桥区总工会", "far_")
            strangers = [name for name in far.people if name == "leader" or taken("far", name, of=4)]
            assert {as_(far, name).get(address(case)).status_code for name in strangers} == {404}
    check_lanes(hall, cases)
    check_sentences(hall, cases[DisputeState.MEDIATING])


# The lane of each state on the board.
LANES = {
    "registered": "intake", "consent_pending": "intake", "accepted": "accepted", "mediating": "talks", "suspended": "talks",
    "agreed": "agreed", "effective": "fulfilment", "breached": "fulfilment", "fulfilled": "over", "failed": "over",
    "withdrawn": "over", "not_accepted": "over", "transferred": "over",
}  # fmt: skip


def lanes_of(hall: Hall, name: str) -> dict[str, dict[str, str]]:
    """{lane: {address of a case: its card}} as somebody sees the board."""
    page = as_(hall, name).get(reverse("disputes:board")).content.decode()
    found = {}
    for lane in page.split('<section class="lane" aria-labelledby="lane-')[1:]:
        cards = re.findall(r'<a class="(dcard[^"]*)" href="([^"]+)">(.*?)</a>', lane, re.DOTALL)
        found[lane.partition('"')[0]] = {link: f"{css} {card}" for css, link, card in cards}
    return found


def check_lanes(hall: Hall, cases: dict[str, Dispute]) -> None:
    """The board has one case of each state in the lane of its stage, and each of its numbers opens as many."""
    found = lanes_of(hall, "head")
    page = as_(hall, "head").get(reverse("disputes:board")).content.decode()
    # People and money open the cases, of which each says its own, and what they come to.
    (people,) = re.findall(r'<a href="(/disputes/\?[^"]+)">(涉及 (\d+) 人)</a>', page)
    listed = as_(hall, "head").get(unescape(people[0])).content.decode()
    assert f"，{people[1]}" in listed
    assert sum(map(int, re.findall(r'<span class="u-tag">(\d+) 人</span>', listed))) == int(people[2]) > 0
    for link, said in re.findall(r'<a href="(/disputes/\?[^"]+)">(标的 [\d,.]+ 元)</a>', page):
        assert f"，{said}" in as_(hall, "head").get(unescape(link)).content.decode()
    numbers = re.findall(r'<a href="(/disputes/\?[^"]+)">(?!涉及|标的)(?:\D*?)(\d+)[^<]*</a>', page)
    assert len(numbers) >= 7
    for link, said in numbers:
        assert f"共 {said} 件" in as_(hall, "head").get(unescape(link)).content.decode(), link
    assert list(found) == ["intake", "accepted", "talks", "agreed", "fulfilment", "over"]
    where = {link: lane for lane, cards in found.items() for link in cards}
    assert where == {address(case): LANES[state] for state, case in cases.items() if state != DisputeState.ARCHIVED}
    # What is owed next stands on the card of a case that is being performed.
    assert "提供生育医疗证明" in found["fulfilment"][address(cases[DisputeState.EFFECTIVE])]
    assert "未履行：提供生育医疗证明" in found["fulfilment"][address(cases[DisputeState.BREACHED])]
    assert "调解不成" in found["over"][address(cases[DisputeState.FAILED])]


def check_sentences(hall: Hall, case: Dispute) -> None:
    """Whatever the stories write: no entry of the timeline and no line under the bell says only that something happened."""
    stories.talked_alone(hall, case, "applicant", "25000")
    intake.add_parties(
        case, by=hall["case_clerk"], parties=[intake.PartyDraft(side="third", name="劳务公司", kind="enterprise")]
    )
    verbs = set(Event.objects.filter(kind="dispute").values_list("verb", flat=True))
    plain = {event.verb for event in Event.objects.filter(kind="dispute").select_related("by")
             if "有新的动作" in entries([event])[0].text}  # fmt: skip
    assert len(verbs) >= 20
    assert plain == set()
    for name in ("leader", "mediator", "case_clerk", "head", "judge"):
        assert "有新的动作" not in as_(hall, name).get(reverse("casework:notices")).content.decode(), name


def test_lists_and_doors_for_each_role(hall: Hall) -> None:
    """The list and the board open for everybody and hold what they may see; the rest is refused to whom it is not given."""
    case = stories.mediating(hall)
    stories.talked_alone(hall, case, "applicant", "25000")
    note = case.sessions.get().note
    agent = stories.represented(hall, case.parties.get(side="applicant"))
    issue = hall.world.issue(IssueState.HANDLING, handler=hall["handler"], claimant_kind="unknown")
    seen_by = {name for name in everybody(hall) if Dispute.objects.visible_to(hall[name]).exists()}
    keys = {"applicant": case.parties.get(side="applicant").pk}
    for name in everybody(hall):
        if name not in KINDS and not taken("doors", name, of=3):
            continue
        client, user = as_(hall, name), hall[name]
        sees = name in seen_by
        for page in ("disputes", "board") if name in FEW else ():
            answer = client.get(reverse(f"disputes:{page}"))
            assert answer.status_code == 200, (page, name)
            assert (case.number in answer.content.decode()) == sees, (page, name)
            assert weight(answer) < LIGHT
        works = bool(relations(user, case) & {"case_clerk", "head", "mediator", "follow_up", "registrar"})
        expected = 404 if not sees else 200 if works else 403
        assert client.get(reverse("disputes:reveal", args=[keys["applicant"], "phone"])).status_code == expected, name
        assert client.get(reverse("disputes:reveal_agent", args=[agent.pk, "phone"])).status_code == expected, name
        hears = SessionNote.objects.visible_to(user).filter(pk=note.pk).exists()
        assert client.get(reverse("disputes:session", args=[note.pk])).status_code == (302 if hears else 404), name
        registers = user.scope.has("handler", "head", "mediator", "liaison", "town", "clerk", "leader")
        assert client.get(reverse("disputes:register")).status_code == (200 if registers else 403), name
        exported = client.get(reverse("disputes:export"))
        # Read to its end: with it the answer lets go of its file.
        assert b"".join(exported)
        assert exported.status_code == (200 if user.scope.has(*CASE_ROLES) else 403), name
        to_case = client.get(reverse("disputes:from_issue", args=[issue.pk])).status_code
        at_issue = Issue.objects.visible_to(user).filter(pk=issue.pk).exists()
        assert to_case == (404 if not at_issue else 200 if name == "handler" else 403), name
        upload = client.post(reverse("disputes:upload", args=[case.pk]), {"files": []}).status_code
        assert upload == (404 if not sees else 302 if works_on_file(user, case) else 403), name
    assert {"mediator", "head", "case_clerk", "judge", "worker_side"} <= seen_by
    assert not seen_by & {"cadre", "handler", "auditor", "admin", "unposted", "arbitrator"}


def works_on_file(user: Any, case: Dispute) -> bool:
    return bool(relations(user, case) & {"case_clerk", "head", "mediator", "representative", "registrar"})


def test_lists_cost_the_same_for_any_number_of_cases(hall: Hall) -> None:
    """1, 3 and 100 cases: the same statements for the list, the board, the inbox, and the page of one of them."""
    first = stories.mediating(hall)
    stories.talked_alone(hall, first, "applicant", "25000")
    costs: dict[str, set[int]] = {}
    for wanted in (1, 3, 100):
        multiply(hall, first, wanted)
        for page, url in (
            ("list", reverse("disputes:disputes")), ("board", reverse("disputes:board")), ("inbox", reverse("casework:inbox")),
            ("case", address(first)), ("search", reverse("casework:search") + "?q=沈月琴"),
            ("filtered", reverse("disputes:disputes") + "?due=soon&whose=mine&q=沈&sort=due"),
        ):  # fmt: skip
            client = as_(hall, "mediator")
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answer = client.get(url)
            assert answer.status_code == 200
            # The inbox is a page of its own room.
            assert page == "inbox" or weight(answer) < LIGHT, (page, wanted, weight(answer))
            costs.setdefault(page, set()).add(len(asked))
    # A list that goes on after its first page is counted: one statement more, however long it is.
    spread = {page: max(found) - min(found) for page, found in costs.items()}
    assert {page for page, more in spread.items() if more} <= {"list", "filtered"}, costs
    assert max(spread.values()) <= 1, costs
    # One of them asks whether the person sits in thousands of cases.
    assert max(costs["list"]) <= 8
    assert max(costs["board"]) <= 8
    assert max(costs["case"]) <= 28


def multiply(hall: Hall, like: Dispute, wanted: int) -> None:
    """Copies of a case with its parties and its mediator, until there are as many."""
    count = Dispute.objects.count()
    worker, firm = like.parties.get(side="applicant"), like.parties.get(side="respondent")
    for number in range(count, wanted):
        copy = stories.fresh(like)
        copy.pk = None
        copy.id = Dispute._meta.get_field("id").get_default()
        copy.number = f"越工调〔2025〕第{number:04d}号"
        copy._state.adding = True
        # As a ledger would bring it: a copy begins in the middle.
        copy.ledger_import_id = hall.world.imported.pk
        copy.save(force_insert=True)
        for party in (worker, firm):
            Party.objects.create(
                dispute=copy, side=party.side, position=1, kind=party.kind, name=party.name, enterprise=party.enterprise
            )
        copy.team.create(
            user=hall["mediator"], seat="mediator", is_lead=True, valid_from=stories.today(), added_by=hall["head"]
        )


def test_board_says_days_in_the_stage_and_colours_the_deadline(hall: Hall) -> None:
    """In time, from seven tenths of the term on, over, at rest: each by its colour and in words; the nearest on top."""
    today = stories.today()
    made = {name: stories.mediating(hall) for name in ("ok", "soon", "over")} | {"hold": stories.suspended(hall)}
    for name, (due, soon) in {"ok": (9, 4), "soon": (2, -1), "over": (-3, -6)}.items():
        clock = made[name].deadline
        clock.started_on = today - stories.days(20)
        clock.due_on, clock.soon_on = today + stories.days(due), today + stories.days(soon)
        clock.save()
    since = timezone.now() - stories.days(4)
    Dispute.objects.filter(pk=made["soon"].pk).update(state_since=since)
    ended = stories.failed(hall)
    clock = ended.deadline
    clock.started_on, clock.due_on, clock.soon_on = (today - stories.days(back) for back in (31, 1, 10))
    clock.save()
    found = lanes_of(hall, "head")
    talks = found["talks"]

    for name, words in {"ok": "余 9 天", "soon": "余 2 天", "over": "超 3 天", "hold": "中止"}.items():
        card = talks[address(made[name])]
        assert card.startswith(f"dcard dcard--{name} "), name
        assert f"due--{name}" in card, name
        assert words in card, name
        assert f"停留 {4 if name == 'soon' else 0} 天" in card, name
    order = list(talks)
    assert order.index(address(made["over"])) < order.index(address(made["soon"])) < order.index(address(made["ok"]))
    # Whatever is coloured says so in words, the file that waits too long as well.
    card = found["over"][address(ended)]
    assert card.startswith("dcard dcard--over ")
    assert "超 1 天" in card


def test_search_finds_a_case_by_its_number_its_people_and_its_firm(hall: Hall) -> None:
    """In the box on every page, for whoever sees the case; nobody else is told that there is one."""
    case = stories.mediating(hall)
    stories.mediating(hall, parties=[
        intake.PartyDraft(side=Side.APPLICANT, name="孙丽"), intake.PartyDraft(side=Side.RESPONDENT, name="绍兴鸿运食品有限公司"),
    ])  # fmt: skip
    url = reverse("casework:search")
    queries = (case.number, case.number[-6:], "沈月琴", hall.world.enterprise.name)
    for query, name, told in [*((query, "judge", True) for query in queries), *((query, "arbitrator", False) for query in queries[1:3])]:  # fmt: skip
        assert (address(case) in as_(hall, name).get(url, {"q": query}).content.decode()) == told, (query, name)
    assert address(case) not in as_(hall, "head").get(url, {"q": "孙丽"}).content.decode()


def test_inbox_knows_what_waits_for_whom(hall: Hall) -> None:
    """In the hands of its mediator, before them at the desk; open for the centre; asked after by the district's clerk."""
    waiting, talks = stories.accepted(hall), stories.mediating(hall)
    over = stories.finished(hall)
    FollowUp.objects.filter(case_id=over.pk).update(due_on=stories.today())

    def shown(name: str, tab: str) -> set[str]:
        page = as_(hall, name).get(reverse("casework:inbox"), {"tab": tab}).content.decode()
        return {case.number for case in (waiting, talks, over) if case.number in page}

    assert talks.number in shown("mediator", "mine")
    assert waiting.number in shown("head", "mine")
    assert shown("head", "department") >= {waiting.number, talks.number}
    assert shown("clerk", "mine") == {over.number}
    assert shown("cadre", "mine") == set()


def test_list_is_exported_as_it_is_filtered(hall: Hall) -> None:
    """The workbook holds the rows of the filter and no others, each cell in the words of the page; the log says who took it."""
    talks, other = stories.mediating(hall), stories.registered(hall, cause="pay_arrears")
    answer = as_(hall, "head").get(reverse("disputes:export"), {"state": "mediating"})
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    (head,) = [row for row in rows if "编号" in row]
    body = [dict(zip(head, row, strict=True)) for row in rows[rows.index(head) + 1 :] if any(row)]

    (only,) = [row for row in body if row["编号"] in (talks.number, other.number)]
    assert (only["编号"], only["状态"], only["案由"], only["请求金额（元）"]) == (
        talks.number,
        "调解中",
        "生育津贴",
        25000,
    )
    assert only["首席调解员"] == hall["mediator"].name
    assert Event.objects.filter(verb__contains="export", by=hall["head"]).count() == 1


def test_lists_say_when_they_are_empty(hall: Hall) -> None:
    said = {"disputes": "还没有调解案件", "board": "没有在办的调解案件"}
    for page, words in said.items():
        for name in ("head", "judge"):
            assert words in as_(hall, name).get(reverse(f"disputes:{page}")).content.decode()
        filtered = as_(hall, "head").get(reverse(f"disputes:{page}"), {"cause": "con_noncompete"}).content.decode()
        assert "没有符合条件的案件" in filtered


def test_filters_find_what_they_name(hall: Hall) -> None:
    """Each filter of the list, with the cases that it must find."""
    talks = stories.mediating(hall, cause="pay_arrears", received_on=stories.today() - stories.days(30))
    fresh = stories.registered(hall, source="hotline", received_on=stories.today())
    over = stories.failed(hall)
    expected: dict[str, set[Dispute]] = {
        "state=open": {talks, fresh, over},
        "state=over": {over},
        "state=mediating": {talks},
        "cause=pay_arrears": {talks},
        "source=hotline": {fresh},
        f"mediator={hall['mediator'].pk}": {talks, over},
        "due=over": {talks},
        "outcome=failed": {over},
        f"since={stories.today() - stories.days(10)}": {fresh, over},
        f"until={stories.today() - stories.days(10)}": {talks},
        f"q={fresh.number}": {fresh},
        "q=沈月琴": {talks, fresh, over},
        "whose=team": set(),
        f"centre={hall.centre.pk}": {talks, fresh, over},
        "state=nonsense&since=x": {talks, fresh, over},
    }
    client = as_(hall, "head")
    walk_columns(client, reverse("disputes:disputes"))
    for query, cases in expected.items():
        page = client.get(f"{reverse('disputes:disputes')}?{query}").content.decode()
        assert {case for case in (talks, fresh, over) if f'href="{address(case)}"' in page} == cases, query
    mine = as_(hall, "mediator").get(reverse("disputes:disputes") + "?whose=mine").content.decode()
    assert [case.number for case in (talks, fresh) if f'href="{address(case)}"' in mine] == [talks.number, fresh.number]


def test_saved_view_is_kept_and_dropped(hall: Hall) -> None:
    client = as_(hall, "head")
    client.post(reverse("disputes:save_view"), {"name": "拖欠工资", "query": "cause=pay_arrears"})

    view = SavedView.objects.get()
    assert "拖欠工资" in client.get(reverse("disputes:disputes")).content.decode()
    as_(hall, "mediator").post(reverse("disputes:drop_view", args=[view.pk]))
    assert SavedView.objects.exists()
    client.post(reverse("disputes:drop_view", args=[view.pk]))
    assert not SavedView.objects.exists()


# --- how a case is received


def window(hall: Hall, **fields: object) -> dict[str, object]:
    """What somebody types at the window."""
    return {
        "organisation": hall.centre.pk, "source": "window", "application_form": "oral", "received_on": stories.today(),
        "applicant": "worker", "cause": "pay_arrears", "claims": "支付 9、10 月工资", "facts": "两个月没有发工资。", "grade": "general", "urgency": "3",
        "worker-TOTAL_FORMS": 5, "worker-INITIAL_FORMS": 0, "employer-TOTAL_FORMS": 2, "employer-INITIAL_FORMS": 0,
        "worker-0-name": "陈 桂芳", "worker-0-identity": "330602196501010012", "worker-0-phone": "138 1234 5678",
        "worker-0-amount": "8,236.50", "worker-1-name": "李小龙", "worker-1-amount": "3000",
        "employer-0-enterprise": hall.world.enterprise.pk, "employer-0-legal_representative": "王建国",
    } | fields  # fmt: skip


def test_registered_at_the_window_with_both_sides(hall: Hall) -> None:
    answer = as_(hall, "case_clerk").post(reverse("disputes:register"), window(hall))

    case = Dispute.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == address(case)
    assert (case.state, case.source, case.application_form, case.people_count) == ("registered", "window", "oral", 2)
    assert case.amount_claimed == Decimal("11236.50")
    assert [(party.side, party.name) for party in case.parties.all()] == [
        ("applicant", "陈桂芳"), ("applicant", "李小龙"), ("respondent", hall.world.enterprise.name),
    ]  # fmt: skip
    page = as_(hall, "head").get(address(case)).content.decode()
    assert "13812345678" not in page
    assert "330602196501010012" not in page


def test_the_other_ways_a_case_comes(hall: Hall) -> None:
    """By screening nobody applies; from court the papers start the term; an employer may apply too."""
    client, url = as_(hall, "case_clerk"), reverse("disputes:register")
    alone = {"worker-0-identity": "", "worker-1-name": "", "worker-1-amount": ""}
    client.post(url, window(hall, source="screening", application_form="", **{"worker-0-name": "甲"} | alone))
    assert Dispute.objects.get().application_form == "none"
    court = window(hall, source="court", **{"worker-0-name": "乙"} | alone)
    refused = client.post(url, court)
    assert refused.status_code == 422
    assert "请选择法院是委派还是委托" in refused.content.decode()
    court |= {
        "application_form": "commission",
        "rule_profile": "court_pre",
        "commission_number": "（2026）浙0602诉前调1号",
    }
    assert "签收法院材料的日期" in client.post(url, court).content.decode()
    client.post(url, court | {"papers_signed_on": stories.today()})
    assert Dispute.objects.get(source="court").term is not None
    client.post(url, window(hall, applicant="employer", **{"worker-0-name": "丙"} | alone))
    for source, profile in (("arbitration", "arb_entrust"), ("inspection", "zj_org"), ("hotline", "zj_org")):
        sent = client.post(url, window(hall, source=source, **{"worker-0-name": f"{source}的职工"} | alone))
        assert sent.status_code == 302, source
        found = Dispute.objects.get(source=source)
        assert (found.state, found.rule_profile, found.facts) == ("registered", profile, "两个月没有发工资。")
    # Whoever applies says why.
    silent = client.post(url, window(hall, facts="", **{"worker-0-name": "丁"} | alone))
    assert (silent.status_code, Dispute.objects.filter(parties__name="丁").exists()) == (422, False)
    assert Dispute.objects.get(parties__name="丙").parties.get(side="applicant").name == hall.world.enterprise.name


def test_form_names_what_is_missing_and_keeps_what_was_typed(hall: Hall) -> None:
    typed = window(
        hall, cause="", **{"worker-0-name": "", "worker-1-name": "", "worker-0-identity": "33060219650101001X"}
    )
    answer = as_(hall, "case_clerk").post(reverse("disputes:register"), typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "支付 9、10 月工资" in page
    assert "请写姓名。" in page
    assert not Dispute.objects.exists()
    nobody = window(hall, **{key: "" for key in window(hall) if key.startswith(("worker-0", "worker-1", "employer-0"))})
    page = as_(hall, "case_clerk").post(reverse("disputes:register"), nobody).content.decode()
    assert "请写职工一方的姓名。" in page
    assert "请写用人单位一方的名称。" in page


def test_earlier_case_of_the_same_people_is_shown_first(hall: Hall) -> None:
    """By identity, and by the pair of names; who has looked registers; who may not see the earlier case is told nothing."""
    earlier = stories.registered(hall)
    url = reverse("disputes:register")
    client = as_(hall, "case_clerk")

    again = client.post(url, window(hall))
    assert again.status_code == 422
    assert earlier.number in again.content.decode()
    assert Dispute.objects.count() == 1
    by_name = window(hall, **{"worker-0-name": "沈月琴", "worker-0-identity": ""})
    assert earlier.number in client.post(url, by_name).content.decode()
    unseen = as_(hall, "cadre").post(url, window(hall))
    assert unseen.status_code == 302
    assert client.post(url, window(hall, seen="on")).status_code == 302
    page = client.get(address(Dispute.objects.latest("registered_at"))).content.decode()
    assert earlier.number in page


def test_issue_becomes_a_case_with_one_click(hall: Hall) -> None:
    """The link stands on the page of the issue for whoever may; the facts come along; both pages point at each other."""
    issue = hall.world.issue(
        IssueState.HANDLING, handler=hall["handler"], demand="补发工资", description="9、10 月没发", claimant_count=3
    )
    url = reverse("disputes:from_issue", args=[issue.pk])
    handler = as_(hall, "handler")
    assert url in handler.get(reverse("visits:issue", args=[issue.pk])).content.decode()
    assert url not in as_(hall, "clerk").get(reverse("visits:issue", args=[issue.pk])).content.decode()

    form = {
        "organisation": hall.centre.pk,
        "cause": "pay_arrears",
        "applicant_name": "陈桂芳",
        "applicant_phone": "13812345678",
    }
    answer = handler.post(url, form)

    case = Dispute.objects.get()
    assert answer["Location"] == address(case)
    assert (case.source, case.claims, case.people_count, case.issue) == ("visit", "补发工资", 3, issue)
    assert Issue.objects.get(pk=issue.pk).state == IssueState.CONVERTED
    assert address(case) in handler.get(reverse("visits:issue", args=[issue.pk])).content.decode()
    assert reverse("visits:issue", args=[issue.pk]) in as_(hall, "leader").get(address(case)).content.decode()
    assert handler.get(url).status_code == 409
    # Whoever comes again is known by the telephone, in the directory or not.
    again = hall.world.issue(IssueState.HANDLING, handler=hall["handler"])
    assert case.number not in handler.get(reverse("disputes:from_issue", args=[again.pk])).content.decode()
    again.put("claimant_phone", "13812345678", "138****5678")
    again.save()
    assert case.number in handler.get(reverse("disputes:from_issue", args=[again.pk])).content.decode()


# --- around a case


def test_full_number_is_read_with_a_reason_and_told(hall: Hall) -> None:
    case = stories.mediating(hall)
    party = case.parties.get(side="applicant")
    agent = stories.represented(hall, party)
    client = as_(hall, "mediator")
    url = reverse("disputes:reveal", args=[party.pk, "phone"])

    assert client.post(url, {"reason": ""}).status_code == 422
    shown = client.post(url, {"reason": "约谈时间"}, headers={"HX-Request": "true"})
    assert "13812345678" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert (
        "13900002222"
        in client.post(
            reverse("disputes:reveal_agent", args=[agent.pk, "phone"]), {"reason": "约律师见面"}
        ).content.decode()
    )
    assert client.get(reverse("disputes:reveal", args=[party.pk, "bank"])).status_code == 404
    assert [event.data["reason"] for event in Event.objects.filter(verb="dispute.reveal").order_by("pk")] == [
        "约谈时间", "约律师见面",
    ]  # fmt: skip
    page = client.get(f"{address(case)}?show=reads").content.decode()
    assert "约谈时间" in page
    assert "13812345678" not in page
    assert Agent.objects.count() == 1


def test_files_come_and_go_with_a_reason(hall: Hall) -> None:
    case = stories.mediating(hall)
    client = as_(hall, "mediator")
    client.post(
        reverse("disputes:upload", args=[case.pk]),
        {"files": SimpleUploadedFile("工资条.txt", "9 月 3000".encode()), "caption": "工资条"},
    )
    file = Attachment.objects.get(kind="dispute")
    url = reverse("disputes:remove_file", args=[case.pk, file.pk])

    assert "工资条" in as_(hall, "judge").get(address(case)).content.decode()
    assert as_(hall, "judge").get(url).status_code == 403
    assert as_(hall, "head").post(url, {"reason": "传错"}).status_code == 403
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "传错了案子"}).status_code == 302
    assert Attachment.objects.get(pk=file.pk).removed_at is not None
    page = client.get(f"{address(case)}?show=files").content.decode()
    assert "传错了案子" in page


def test_watched_case_is_in_the_inbox_of_who_watches(hall: Hall) -> None:
    case = stories.mediating(hall)
    client = as_(hall, "judge")
    client.post(reverse("disputes:watch", args=[case.pk]), {"on": "1"})

    assert hall["judge"].watches.filter(kind="dispute", case_id=case.pk).exists()
    assert case.number in client.get(reverse("casework:inbox"), {"tab": "watched"}).content.decode()
    assert case.number in as_(hall, "mediator").get(reverse("casework:inbox")).content.decode()
    client.post(reverse("disputes:watch", args=[case.pk]), {"on": "0"})
    assert not hall["judge"].watches.exists()


def test_page_tells_of_agreement_windows_and_money(hall: Hall) -> None:
    """What is owed and paid, the marks, and both windows of confirmation with their last days."""
    case = stories.effective(hall)
    page = as_(hall, "mediator").get(address(case)).content.decode()

    for words in (
        "10,000.00",
        "15,000.00",
        "25,000.00",
        "申请人签名或盖章",
        "仲裁审查确认",
        "司法确认",
        "提供生育医疗证明",
    ):
        assert words in page, words
    assert "已付 0.00" in page
    stories.fulfil_all(hall, case)
    assert "已付 25,000.00" in as_(hall, "judge").get(address(case)).content.decode()


def test_gap_of_the_offers_is_drawn_with_words(hall: Hall) -> None:
    case = stories.mediating(hall)
    for days_ago, side, amount in ((3, "applicant", "25000"), (3, "respondent", "8000"), (1, "respondent", "20000")):
        sessions.make_offer(
            case, by=hall["mediator"], made_on=stories.today() - datetime.timedelta(days=days_ago),
            offer=sessions.OfferDraft(side=side, amount=Decimal(amount)),
        )  # fmt: skip
    page = as_(hall, "mediator").get(address(case)).content.decode()
    assert "被申请人从 8,000 元到 20,000 元" in page
    assert "差距从 17,000 元到 5,000 元" in page
    one_side = as_(hall, "worker_side").get(address(case)).content.decode()
    assert "25,000" in one_side
    assert "20,000" not in one_side
    assert "只有一方报过数" in one_side


def test_handover_gives_the_cases_of_a_mediator_on(hall: Hall) -> None:
    """What the giver mediates moves; from what the taker must stand aside stays."""
    case, kept = stories.mediating(hall), stories.mediating(hall)
    giver, taker = hall["mediator"], hall["second_mediator"]
    kept.parties.filter(side="applicant").update(name="亲戚")
    team.declare_interest(taker, by=taker, kind="kin", name="亲戚")
    assert handover.preview(giver, hall.centre) == 2

    assert handover.move(giver, taker, organisation=hall.centre, by=hall["admin"]) == 1
    case, kept = stories.fresh(case), stories.fresh(kept)
    assert (case.mediator, case.holder_user) == (taker, taker)
    assert kept.mediator == giver
    assert relations(hall["second_mediator"], case) >= {"mediator"}
    assert "mediator" not in relations(hall["mediator"], case)
    assert "移交" in as_(hall, "head").get(address(case)).content.decode()
