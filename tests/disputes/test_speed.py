"""The case page and the board cost ten statements at most, and as many for a case with many parts as for one with few."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disputes.actions import agreements, appointments, care, confirmations, intake, sessions, steps, team
from disputes.actions.agreements import ObligationDraft
from disputes.actions.intake import PartyDraft
from disputes.actions.sessions import OfferDraft
from disputes.actions.team import MemberDraft
from disputes.enums import Seat, Side
from disputes.models import Dispute
from tests.disputes import stories
from tests.disputes.stories import Hall
from tests.sampling import taken
from tests.weight import LIGHT, weight
from tests.world import make_user
from unionops.casework.models import CaseLink
from unionops.org.enums import Role
from visits.enums import IssueState

pytestmark = pytest.mark.django_db
MOST = 10
WHO = [
    name
    for name in ("leader", "head", "case_clerk", "mediator", "judge", "worker_side", "clerk")
    if name in ("head", "mediator", "worker_side") or taken("speed", name, of=3)
]


def cost(hall: Hall, name: str, url: str) -> int:
    """Of the second look: the first one fills what is kept for everybody."""
    client = Client()
    client.force_login(hall[name])
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    assert answer.status_code == 200, (name, url)
    assert weight(answer) < LIGHT, (name, url, weight(answer))
    return len(asked)


def crowded(hall: Hall) -> Dispute:
    """Many of every part: 40 claimants, 80 instalments, talks, offers, files of the law, seats, calls, links."""
    parties = [
        PartyDraft(side=Side.APPLICANT, name=f"沈月琴{number}", identity="", phone="13812345678", amount=Decimal(100))
        for number in range(40)
    ]
    parties.append(PartyDraft(side=Side.RESPONDENT, enterprise=hall.world.enterprise))
    case = intake.register(
        stories.draft(hall, parties=parties, cause="pay_arrears", known_on=stories.today()), by=hall["case_clerk"]
    )
    case = steps.ask_consent(case, by=hall["case_clerk"], way="phone", contacted_on=stories.today(), person="人事经理")
    workers = list(case.parties.filter(side=Side.APPLICANT).order_by("position"))
    firm = case.parties.get(side=Side.RESPONDENT)
    for party, others in ((workers[0], workers[1:]), (firm, [])):
        intake.record_consent(party, by=hall["case_clerk"], given=True, on=stories.today(), way="phone", also=others)
    for worker in workers[:4]:
        stories.represented(hall, worker)
    case = steps.accept(case, by=hall["case_clerk"], scope_checked=True)
    intake.elect(case, by=hall["case_clerk"], representatives=workers[:3])
    members = [*stories.members(hall), MemberDraft(user=hall["second_mediator"], seat=Seat.GOLD_MEDIATOR)]
    case = steps.assign(case, by=hall["head"], members=members, recusal_checked=True)
    team.share(case, by=hall["head"], organisation=hall.bureau, reason="联合调解")
    for number in range(2):
        stories.talked_alone(hall, case, Side.APPLICANT, str(5000 - number))
        stories.talked_alone(hall, case, Side.RESPONDENT, str(1000 + number))
        sessions.make_offer(case, by=hall["mediator"], offer=OfferDraft(side=Side.RESPONDENT, terms="再想想"))
        care.add_note(case, by=hall["mediator"], text="还在谈")
        care.record_limitation_event(case, by=hall["mediator"], kind="claim", on=stories.today())
    room = appointments.open_room(hall.centre, by=hall["head"], name="第一调解室")
    now = stories.timezone.now()
    for number in range(1, 4):
        appointments.book(
            case, by=hall["mediator"], room=room, starts_at=now + stories.days(number),
            ends_at=now + stories.days(number) + stories.datetime.timedelta(hours=1),
        )  # fmt: skip
    owed = [
        ObligationDraft(
            debtor=firm, creditor=worker, what=f"第 {turn} 期", amount=Decimal(50), instalment=turn,
            due_on=stories.today() + stories.days(10 * turn),
        )
        for turn in (1, 2)
        for worker in workers
    ]  # fmt: skip
    agreement = agreements.agree(
        case, by=hall["mediator"], result="分期", way="转账", total=Decimal(4000), obligations=owed
    )
    stories.sign(agreement, by=hall["mediator"])
    agreed = stories.page_of(case, hall["case_clerk"], "同意名单")
    case = agreements.make_effective(case, by=hall["case_clerk"], consent_list=agreed)
    confirmations.apply(
        case, by=hall["case_clerk"], kind="arbitration_review", body="区仲裁委", applied_on=stories.today()
    )
    for _number in range(6):
        issue = hall.world.issue(IssueState.HANDLING, handler=hall["handler"])
        CaseLink.objects.create(
            from_kind="issue", from_id=issue.pk, to_kind="dispute", to_id=case.pk, sort="about", made_by=hall["head"]
        )  # fmt: skip
    return stories.fresh(case)


def test_case_page_costs_few_statements_whoever_looks(hall: Hall) -> None:
    plain, many = stories.effective(hall), crowded(hall)
    costs = {
        name: [cost(hall, name, reverse("disputes:dispute", args=[case.pk])) for case in (plain, many)] for name in WHO
    }

    assert {name: found for name, found in costs.items() if max(found) > MOST} == {}
    # The calendar is looked at for the limitation, which the plain case has none of.
    assert {name: found for name, found in costs.items() if found[1] > found[0] + 1} == {}
    rest = {page: cost(hall, "mediator", reverse(f"disputes:{page}", args=[many.pk])) for page in ("parties", "owed")}
    assert max(rest.values()) <= MOST, rest


def test_board_costs_few_statements_whoever_looks(hall: Hall) -> None:
    stories.effective(hall)
    few = {name: cost(hall, name, reverse("disputes:board")) for name in WHO}
    for number in range(30):
        stories.registered(hall, claims=f"支付工资 {number}")
    stories.marked(hall)
    stories.mediating(hall)

    assert {name: cost(hall, name, reverse("disputes:board")) for name in WHO} == few
    assert max(few.values()) <= MOST


def test_forms_ask_as_much_for_many_candidates_and_claimants(hall: Hall) -> None:
    case = stories.accepted(hall)
    assign = reverse("disputes:step", args=[case.pk, "assign"])
    few = cost(hall, "head", assign)
    for number in range(6):
        make_user(f"mediator{number}", Role.MEDIATOR, hall.centre)

    assert cost(hall, "head", assign) == few
    case.parties.create(side=Side.THIRD, position=1, kind="person", name="陈阿婆")
    many = [PartyDraft(side=Side.APPLICANT, name=f"王{number}") for number in range(60)]
    intake.add_parties(case, by=hall["case_clerk"], parties=many)
    client = Client()
    client.force_login(hall["case_clerk"])
    page = client.get(reverse("disputes:do", args=[case.pk, "elect"])).content.decode()
    # Sixty names are typed, not ticked.
    assert "王59" not in page
    assert 'name="named"' in page
    answer = client.post(
        reverse("disputes:do", args=[case.pk, "elect"]),
        {"named": "王1\n王2\n王3", "version": stories.fresh(case).version},
    )
    assert answer.status_code == 302
    assert set(case.parties.filter(is_elected=True).values_list("name", flat=True)) == {"王1", "王2", "王3"}
