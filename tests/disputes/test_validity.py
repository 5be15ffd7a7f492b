"""Parties, representatives and agents hold from a first to a last day: what that shows, and what it forbids."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes.actions import agreements, intake, sessions, steps
from disputes.actions.agreements import ObligationDraft
from disputes.actions.intake import PartyDraft
from disputes.actions.team import MemberDraft
from disputes.enums import Side
from disputes.papers.facts import Facts as PaperFacts
from disputes.policies import check_collective
from tests.api.conftest import Caller
from tests.disputes import stories
from tests.disputes.stories import days
from unionops.jinja import short_day
from unionops.org.errors import ActionError

pytestmark = pytest.mark.django_db


def as_person(hall, name):
    client = Client()
    client.force_login(hall[name])
    return client


def iso(count=0):
    return (stories.today() + days(count)).isoformat()


def test_whoever_speaks_does_so_within_the_term(hall):
    """推举代表 and agents have a first and a last day, on the page as in what they may sign (浙江条例 40; 调解仲裁法 24)."""
    people = [PartyDraft(side=Side.APPLICANT, name=f"织工{n:02d}", amount=Decimal("1000.00")) for n in range(1, 12)]
    people.append(PartyDraft(side=Side.RESPONDENT, enterprise=hall.world.enterprise))
    case = stories.accepted(hall, parties=people, cause="pay_arrears")
    clerk, head = as_person(hall, "case_clerk"), as_person(hall, "head")
    page, elect = reverse("disputes:dispute", args=[case.pk]), reverse("disputes:do", args=[case.pk, "elect"])
    three = list(case.parties.filter(side=Side.APPLICANT, position__lte=3).order_by("position"))
    chosen = {"representatives": [str(one.pk) for one in three], "version": stories.fresh(case).version}
    wrong = clerk.post(elect, chosen | {"elected_from": iso(), "elected_to": iso(-1)})
    assert wrong.status_code == 422
    assert clerk.post(elect, chosen | {"elected_from": iso(), "elected_to": iso(5)}).status_code == 302
    shown = clerk.get(page).content.decode()
    assert f"推举代表 自 {short_day(stories.today())} 到 {short_day(stories.today() + days(5))}" in " ".join(
        shown.split()
    )
    agent = stories.represented(hall, case.parties.get(side=Side.RESPONDENT))
    panel = [MemberDraft(user=hall["mediator"]), MemberDraft(user=hall["second_mediator"])]
    case = steps.assign(case, by=hall["head"], members=panel, recusal_checked=True)

    # One gives the term up: two are too few for a panel, and she acts for herself alone.
    settle = reverse("disputes:settle", args=[case.pk, "end_representative", three[0].pk])
    assert clerk.post(settle, {"on": iso(-1), "reason": ""}).status_code == 422
    assert head.post(settle, {"on": iso(), "reason": "回老家"}).status_code == 302
    agents = reverse("disputes:settle", args=[case.pk, "end_agent", agent.pk])
    assert clerk.post(agents, {"on": iso()}).status_code == 302
    tomorrow = timezone.now() + days(1)
    with time_machine.travel(tomorrow, tick=False):
        clerk, mediator = as_person(hall, "case_clerk"), as_person(hall, "mediator")
        assert set(case.parties.speaking(stories.today()).values_list("name", flat=True)) == {"织工02", "织工03"}
        shown = " ".join(clerk.get(page).content.decode().split())
        assert "代表任期已满" in shown
        with pytest.raises(ActionError, match="要推举 3 至 5 名代表，现在登记了 2 名"):
            check_collective(stories.fresh(case), 2)
        paper = clerk.get(f"{reverse('packs:new', args=['dispute_election'])}?dispute={case.pk}").content.decode()
        assert "现有 2 名" in paper
        with pytest.raises(ActionError, match="高明"):
            sessions.hold_session(
                stories.fresh(case), by=hall["mediator"], kind="face_to_face", text="谈", present=["织工01", "高明"]
            )
        owed = [
            ObligationDraft(
                debtor=case.parties.get(side=Side.RESPONDENT), creditor=three[1], what="工资", amount=Decimal("1000.00"),
                due_on=stories.today() + days(20),
            )
        ]  # fmt: skip
        draft = agreements.agree(
            stories.fresh(case),
            by=hall["mediator"],
            result="付清",
            way="转账",
            total=Decimal("1000.00"),
            obligations=owed,
        )
        sign = reverse("disputes:settle", args=[case.pk, "mark", draft.pk])
        for who in ("织工01", "高明"):
            scan = SimpleUploadedFile("签章页.txt", who.encode())
            refused = mediator.post(sign, {"mark": ["applicant"], "on": iso(), "signed_by": who, "scan": scan})
            assert refused.status_code == 422
            assert f"{who} 已经不是或者还不是" in refused.content.decode()
        page_of_marks = SimpleUploadedFile("签章页.txt", "签章".encode())
        signed = mediator.post(
            sign, {"mark": ["applicant"], "on": iso(), "signed_by": "织工02\n织工03", "scan": page_of_marks}
        )
        assert signed.status_code == 302
        assert "织工02、织工03 签" in clerk.get(page).content.decode()
    scan = stories.page_of(case, hall["mediator"])
    with time_machine.travel(tomorrow + days(6), tick=False), pytest.raises(ActionError, match="没有任期内的推举代表"):
        agreements.record_mark(draft, by=hall["mediator"], mark="applicant", on=stories.today(), scan=scan)


def test_a_party_leaves_and_another_comes(hall):
    """The last day of a party and the first one of the next stand on the page; papers and agreements name those of their day."""
    case = stories.mediating(hall)
    clerk, page = as_person(hall, "case_clerk"), reverse("disputes:dispute", args=[case.pk])
    worker, firm = case.parties.get(side=Side.APPLICANT), case.parties.get(side=Side.RESPONDENT)
    leave = reverse("disputes:settle", args=[case.pk, "end_party", worker.pk])
    only = clerk.post(leave, {"on": iso(), "reason": "不再主张"})
    assert (only.status_code, "这一方只有这一名当事人" in only.content.decode()) == (422, True)
    more = {
        "side": "applicant",
        "roll": "沈月英\t\t13800001111\t8000\t支付两个月工资",
        "version": stories.fresh(case).version,
    }
    add = reverse("disputes:do", args=[case.pk, "parties"])
    assert clerk.post(add, more | {"valid_from": iso(3)}).status_code == 422
    assert clerk.post(add, more | {"valid_from": iso()}).status_code == 302
    added = case.parties.get(name="沈月英")
    assert (added.amount, added.claims, added.phone_masked) == (Decimal("8000.00"), "支付两个月工资", "138****1111")
    before = stories.fresh(case)
    assert (before.amount_claimed, "等 2 人" in before.title) == (Decimal("33000.00"), True)
    assert clerk.post(leave, {"on": iso(-1), "reason": "不再主张"}).status_code == 302
    after = stories.fresh(case)
    assert (after.amount_claimed, after.title.startswith("沈月英与")) == (Decimal("8000.00"), True)
    shown = " ".join(clerk.get(page).content.decode().split())
    assert f"已退出 到 {short_day(stories.today() - days(1))}" in shown
    assert f"当事人 自 {short_day(stories.today())}" in shown
    # The list of all of them keeps the side that was asked for, and says so only then.
    listed = reverse("disputes:parties", args=[case.pk])
    whole, one_side = (clerk.get(listed, query).content.decode() for query in ({}, {"side": "respondent"}))
    assert ("清除筛选" in whole, 'name="side"' in whole, "沈月英" in whole) == (False, False, True)
    assert ("清除筛选" in one_side, 'name="side" value="respondent"' in one_side, "沈月英" in one_side) == (
        True,
        True,
        False,
    )
    # Who has left consents to nothing, owes nothing and stands in no paper of today.
    with pytest.raises(ActionError, match="那天不是当事人"):
        intake.record_consent(worker, by=hall["case_clerk"], given=True, on=stories.today(), way="phone")
    owed = [ObligationDraft(debtor=firm, creditor=worker, what="津贴", amount=Decimal(5), due_on=stories.today())]
    with pytest.raises(ActionError, match="本案两个不同的当事人"):
        agreements.agree(after, by=hall["mediator"], result="付", way="转", total=Decimal(5), obligations=owed)
    assert [party.name for party in PaperFacts(after, hall["mediator"], full=False).applicants] == ["沈月英"]
    told = Caller(hall["case_clerk"]).get(f"/api/v1/disputes/{case.pk}/").json()["parties"]
    assert [(one["valid_from"], one["valid_to"]) for one in told if one["side"] == "applicant"] == [
        (None, iso(-1)), (iso(), None),
    ]  # fmt: skip
