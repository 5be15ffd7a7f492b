"""What the papers of one case are written from: read once, with full numbers only where the paper and its maker may have them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone

from unionops.casework.models import FollowUp
from unionops.casework.permissions import refusal
from unionops.china.capitals import in_capitals
from unionops.china.errors import InvalidValue
from unionops.china.identity import Sex, read_identity
from unionops.org.models import Event, User
from unionops.packs.documents import Cell, Column, Paragraph, Section, Table, paragraph

from ..enums import PartyKind, Side
from ..models import Agent, Agreement, Dispute, Elements, Obligation, Party, SessionNote, centre_of
from ..permissions import check_may_reveal
from ..reckoning import Reckoned

# More claimants than these stand in a list behind the paper, not in its head.
MOST_IN_HEAD = 5
BLANK = "＿＿＿＿＿＿"


class Facts:
    """One case as one person may read it. ``full`` says whether this paper lawfully needs whole numbers."""

    def __init__(
        self, dispute: Dispute, user: User, *, full: bool, about: str = "", answers: Mapping[str, Any] | None = None,
        number: str = "", on: datetime.date | None = None,
    ) -> None:  # fmt: skip
        self.dispute, self.user = dispute, user
        self.about, self.answers, self.number = about, answers or {}, number
        self.on = on or timezone.localdate()
        # Whoever may not read the numbers makes the paper with what is left of them, to be filled in by hand.
        self.full = full and not refusal(check_may_reveal, user, dispute)
        # {field: names of those whose number the paper tells in full}, for the log.
        self.told: dict[str, list[str]] = {}

    # --- who

    @cached_property
    def everybody(self) -> list[Party]:
        """Those who have left as well."""
        return list(self.dispute.parties.prefetch_related("agents"))

    @cached_property
    def parties(self) -> list[Party]:
        """Those of the day on which the paper is made."""
        return [party for party in self.everybody if party.takes_part_on(self.on)]

    def side(self, side: str) -> list[Party]:
        return [party for party in self.parties if party.side == side]

    @property
    def applicants(self) -> list[Party]:
        return self.side(Side.APPLICANT)

    @property
    def respondents(self) -> list[Party]:
        return self.side(Side.RESPONDENT)

    @property
    def elected(self) -> list[Party]:
        return [party for party in self.applicants if party.speaks_on(self.on)]

    def party(self, key: str) -> Party:
        return next(party for party in self.everybody if str(party.pk) == key)

    def value(self, thing: Party | Agent, name: str) -> str:
        """A sealed value: whole where this paper may tell it, otherwise as pages show it."""
        masked: str = getattr(thing, f"{name}_masked")
        if not self.full or not masked:
            return masked
        names = self.told.setdefault(name, [])
        if thing.name not in names:
            names.append(thing.name)
        return thing.open(name)

    # --- what

    @property
    def organisation(self) -> str:
        return self.dispute.organisation.name

    @property
    def district(self) -> str:
        """越城区 of 越城区总工会."""
        return self.dispute.district.name.removesuffix("总工会")

    @cached_property
    def is_people_committee(self) -> bool:
        return centre_of(self.dispute.organisation).is_people_committee

    @cached_property
    def elements(self) -> Elements | None:
        return Elements.objects.filter(dispute=self.dispute).first()

    @property
    def claims(self) -> list[Reckoned]:
        return [Reckoned.of(claim) for claim in self.elements.claims] if self.elements else []

    @cached_property
    def agreement(self) -> Agreement | None:
        """The one of this volume that has effect, or else its latest draft."""
        found = list(self.dispute.agreements.filter(volume=self.dispute.volume).prefetch_related("obligations"))
        return next((one for one in found if one.has_effect), found[-1] if found else None)

    @cached_property
    def obligations(self) -> list[Obligation]:
        return list(self.agreement.obligations.select_related("debtor", "creditor")) if self.agreement else []

    @cached_property
    def term_before(self) -> datetime.date | None:
        """The last day of mediation before the latest extension, or the one that it would extend."""
        changes = self.event("extend").get("changes") or {}
        if old := changes.get("due_on"):
            return datetime.date.fromisoformat(old[0])
        return self.dispute.term.due_on if self.dispute.term else None

    def paper_number(self, kind: str) -> str:
        """The number of a paper of this volume that was made already."""
        found = self.dispute.papers.filter(volume=self.dispute.volume, kind=kind).order_by("serial").first()
        return found.number if found else ""

    @cached_property
    def owed(self) -> list[Obligation]:
        """What was to be done by now and was not."""
        if self.agreement is None or not self.agreement.has_effect:
            return []
        return [one for one in self.obligations if one.fulfilled_on is None and one.due_on < self.on]

    @cached_property
    def team(self) -> list[Any]:
        return list(self.dispute.team.select_related("user"))

    @cached_property
    def calls(self) -> list[FollowUp]:
        """Follow-ups that were made."""
        found = FollowUp.objects.filter(kind="dispute", case_id=self.dispute.pk, done_at__isnull=False)
        return list(found.select_related("done_by").order_by("done_at", "pk"))

    @cached_property
    def notes(self) -> list[SessionNote]:
        """The notes that this person may read."""
        found = SessionNote.objects.visible_to(self.user).filter(session__dispute=self.dispute)
        return list(found.select_related("session__recorded_by").order_by("session__number"))

    def event(self, verb: str) -> Mapping[str, Any]:
        """What the timeline keeps of the latest step of this name."""
        found = Event.objects.about("dispute", self.dispute.pk).filter(verb=f"dispute.{verb}").order_by("-at", "-pk")
        event = found.first()
        return {} if event is None else {"at": timezone.localdate(event.at), "by": event.by.name, **(event.data or {})}


# --- words of a paper


def day(value: datetime.date | datetime.datetime | None) -> str:
    """2026年11月21日, or a place to write it."""
    if value is None:
        return "　　年　　月　　日"
    if isinstance(value, datetime.datetime):
        value = timezone.localdate(value)
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime.datetime) -> str:
    local = timezone.localtime(value)
    return f"{day(local)}{local:%H:%M}"


def yuan(amount: Decimal) -> str:
    """人民币25,000.00元（大写：贰万伍仟元整）."""
    return f"人民币{amount:,.2f}元（大写：{in_capitals(amount)}）"


def joined(names: Iterable[str], mark: str = "、") -> str:
    return mark.join(name for name in names if name)


def names_of(parties: Sequence[Party]) -> str:
    """沈月琴, or 沈月琴等23人."""
    if len(parties) > MOST_IN_HEAD:
        return f"{parties[0].name}等{len(parties)}人"
    return joined(party.name for party in parties)


def lines(text: str) -> list[Paragraph]:
    return [paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def addressed(to: str) -> list[Paragraph]:
    """此致, and to whom."""
    return [Paragraph(["此致"], keep=True), Paragraph([to], keep=True)]


def stopped(text: str) -> str:
    """A sentence with its full stop."""
    return text if text.endswith(("。", "；", "！", "？")) else f"{text}。"


def sheet(rows: Sequence[tuple[str, Cell]], *, whole: bool = False) -> Table:
    """Label beside value; what is empty stays only where somebody shall write it in."""
    kept = [[label, value] for label, value in rows if whole or value not in (None, "")]
    return Table("", [Column("项目", width=9), Column("内容", width=33)], kept)


def party_rows(facts: Facts, party: Party, label: str = "") -> list[tuple[str, Cell]]:
    """办案规则 29: name, sex, day of birth, identity number, address, telephone; of a firm who represents it.

    ``label`` is what the paper calls the party where that is another word than the case has.
    """
    label = label or party.get_side_display()
    if party.kind == PartyKind.ENTERPRISE:
        head = joined([party.legal_representative, party.representative_post], "，")
        rows: list[tuple[str, Cell]] = [
            (label, party.name), ("统一社会信用代码", party.credit_code), ("法定代表人", head),
            ("住所和送达地址", facts.value(party, "address")), ("联系电话", facts.value(party, "phone")),
        ]  # fmt: skip
    else:
        identity = facts.value(party, "identity")
        rows = [
            (label, joined([party.name, *_said_by(identity)], "，")), ("公民身份号码", identity or BLANK),
            ("住址和送达地址", facts.value(party, "address") or BLANK), ("联系电话", facts.value(party, "phone") or BLANK),
        ]  # fmt: skip
    for agent in party.agents.all():
        if agent.speaks_on(facts.on):
            who = joined([agent.name, agent.firm, agent.get_kind_display(), agent.get_power_display()], "，")
            rows.append((f"{label}的代理人", who))
    return rows


def _said_by(identity: str) -> list[str]:
    """Sex and day of birth, which a whole number tells."""
    try:
        found = read_identity(identity)
    except InvalidValue:
        return []
    return ["男" if found.sex == Sex.MALE else "女", f"{day(found.birth_date)}出生"]


def both_sides(facts: Facts) -> list[Table]:
    """The parties as the head of a paper; many claimants are told by their representatives, and listed behind it."""
    rows: list[tuple[str, Cell]] = []
    for side in Side:
        found = facts.side(side)
        if len(found) > MOST_IN_HEAD:
            rows.append((str(Side(side).label), f"{names_of(found)}，名单附后"))
            found = [party for party in found if party.speaks_on(facts.on)]
        for party in found:
            rows += party_rows(facts, party)
    return [sheet(rows)]


def roll(facts: Facts, *, signs: bool = False) -> Table:
    """名单: every claimant with the own claim; whole numbers stand only with those who speak for them."""
    columns = [
        Column("序号", width=5), Column("姓名", width=8), Column("公民身份号码", width=13), Column("请求", width=16),
        Column("金额（元）", "money", 10),
    ]  # fmt: skip
    if signs:
        columns.append(Column("签名", width=9))
    found: list[list[Cell]] = [
        [str(number), party.name, party.identity_masked, party.claims, party.amount, *([""] if signs else [])]
        for number, party in enumerate(facts.applicants, start=1)
    ]
    return Table("申请人名单", columns, found)


def plan(facts: Facts) -> Table:
    """What each owes the other by when, the instalments with their sum."""
    columns = [
        Column("序号", width=5), Column("义务人", width=9), Column("权利人", width=8), Column("履行内容", width=12),
        Column("金额（元）", "money", 10), Column("履行期限", "date", 17),
    ]  # fmt: skip
    found: list[list[Cell]] = [
        [str(one.position), one.debtor.name, one.creditor.name, instalment(one), one.amount, one.due_on]
        for one in facts.obligations
    ]
    if facts.agreement is not None and sum(one.amount is not None for one in facts.obligations) > 1:
        found.append(["", "合计", "", "", facts.agreement.total, ""])
    return Table("", columns, found)


def instalment(one: Obligation) -> str:
    return f"第{one.instalment}期：{one.what}" if one.instalment and not names_instalment(one) else one.what


def names_instalment(one: Obligation) -> bool:
    """«第 2 期工资» says itself which one it is."""
    return f"第{one.instalment}期" in one.what.replace(" ", "")


def elements(facts: Facts) -> list[Section]:
    """要素表 as a part of a paper: what decides the sums, asked once (domain 3.8); nothing while nobody has filled it in."""
    found = facts.elements
    if found is None:
        return []
    period = f"{day(found.started_on)}至{day(found.ended_on)}" if found.started_on and found.ended_on else ""
    pay = f"{found.monthly_pay:,.2f}元" if found.monthly_pay is not None else ""
    table = sheet([
        ("用工期间", period or (f"自{day(found.started_on)}起" if found.started_on else "")), ("岗位", found.post),
        ("劳动合同", found.get_contract_display() if found.contract else ""), ("月工资", pay),
        ("工资构成和发放", found.pay_structure), ("考勤和工时", found.attendance), ("社会保险", found.insurance),
        ("没有争议的事实", found.agreed_facts), ("争议焦点", found.focus),
    ])  # fmt: skip
    return [Section("案件要素", [table], "elements")] if table.rows else []
