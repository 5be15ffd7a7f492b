"""After a breach: what the side that was let down files with court, arbitration and inspection, each by its own article."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from unionops.org.models import User
from unionops.packs.documents import Block, Cell, Column, Document, Paragraph, Section, Table, paragraph

from ..clocks import read_clock
from ..enums import ConfirmationKind, ConfirmationState, DisputeState, ObligationKind, PartyKind, Route, Side
from ..exits import way_after_breach
from ..law.causes import Nature, natures_of
from ..law.limitation import ClockState
from ..models import Agreement, Confirmation, Dispute, Obligation, Party, TeamMember
from .after import effect
from .facts import MOST_IN_HEAD, Facts, addressed, day, elements, instalment, joined, names_of, party_rows, sheet, yuan
from .filing import Folder
from .kinds import PaperKind

MOST_EVIDENCE = 8
# What a court, a committee or a paper calls the one who was promised and the one who promised.
Names = tuple[str, str]


def claimed(facts: Facts) -> list[Obligation]:
    """What is overdue to the workers; to the firm, where nothing is overdue to them."""
    return to_workers(facts.owed) or facts.owed


def to_workers(owed: Iterable[Obligation]) -> list[Obligation]:
    return [one for one in owed if one.creditor.kind == PartyKind.PERSON]


def paid_late(facts: Facts) -> list[Obligation]:
    """Money that workers should have by now: what orders, suits and complaints are about."""
    return [one for one in to_workers(facts.owed) if one.amount is not None]


def total_of(owed: Iterable[Obligation]) -> Decimal:
    return sum((one.amount or Decimal(0) for one in owed), Decimal(0))


def stands_for_debtor(user: User, dispute: Dispute) -> bool:
    """Whoever represents the side that owes does not write the papers of the other one."""
    seats = TeamMember.objects.of(user).filter(dispute=dispute).exclude(side="")
    sides = set(seats.values_list("side", flat=True))
    owed_to = {one.creditor.side for one in claimed(Facts(dispute, user, full=False))} if sides else set()
    return bool(owed_to) and sides.isdisjoint(owed_to)


@dataclass(frozen=True)
class Relief:
    """One paper: how its parties are called, what is asked for, on which article it rests, and where it goes."""

    title: str
    names: Names
    office: str
    asks: Callable[[Facts, list[Obligation]], list[str]]
    law: Callable[[Facts, list[Obligation]], list[str]]
    # Orders, suits and complaints are about money for work; the other two about all that was promised.
    only_pay: bool = True
    has_copies: bool = True


def paper_of(route: str) -> Callable[[Facts], Document]:
    """The writer of the paper that takes this way."""
    return lambda facts: _write(RELIEFS[Route(route)], facts)


def body_of(facts: Facts, route: str) -> str:
    """Where it goes at first: the court that has confirmed the agreement, or the body of the district."""
    ruling = _ruling(facts)
    if route == Route.ENFORCEMENT and ruling is not None and ruling.kind != ConfirmationKind.ARBITRATION_REVIEW:
        return ruling.body
    return f"{facts.district}{RELIEFS[Route(route)].office}"


def closed_reason(facts: Facts, route: str) -> str:
    """Why the law leaves no room for the paper now; of a case that took this way already nothing is asked anew."""
    relief = RELIEFS[Route(route)]
    if not (paid_late(facts) if relief.only_pay else claimed(facts)):
        return _("没有到期未付给劳动者的款项。") if relief.only_pay else _("没有到期未履行的义务。")
    if facts.dispute.state == DisputeState.TRANSFERRED:
        return ""
    assert facts.agreement is not None
    return way_after_breach(facts.dispute, facts.agreement, route, on=facts.on).reason


# --- the common text


def _write(relief: Relief, facts: Facts) -> Document:
    agreement = facts.agreement
    assert agreement is not None
    late = paid_late(facts) if relief.only_pay else claimed(facts)
    one, other = relief.names
    claimants, debtors = _once(row.creditor for row in late), _once(row.debtor for row in late)
    sections = [
        Section("当事人", [sheet([
            *_heads(facts, claimants, one), *_heads(facts, debtors, other),
            *(row for party in facts.side(Side.THIRD) if party not in debtors for row in party_rows(facts, party)),
        ])], "parties"),
        Section("请求事项", _numbered(relief.asks(facts, late)), "asks"),
        Section("事实和理由", [
            *_story(facts, agreement, late, debtors), *(paragraph(text) for text in relief.law(facts, late)),
        ], "facts"),
        *elements(facts),
        Section("证据清单", [_evidence(facts, late)], "evidence"),
        *([Section(f"{one}名单", [_roll(facts, claimants, late)], "roll")] if len(claimants) > MOST_IN_HEAD else []),
        Section("", [
            *([Paragraph([f"附：本{_short(relief.title)}副本{len(debtors)}份。"], keep=True)] if relief.has_copies else []),
            *addressed(str(facts.answers.get("body") or body_of(facts, _route_of(relief)))),
        ]),
    ]  # fmt: skip
    return Document(
        relief.title, sections, meta=[("调解案号", facts.dispute.number)], day=facts.on,
        signatures=[f"{one}（签名）", "代理人"],
    )  # fmt: skip


def _short(title: str) -> str:
    return "起诉状" if title.endswith("起诉状") else "申请书"


def _route_of(relief: Relief) -> Route:
    return next(route for route, found in RELIEFS.items() if found is relief)


def _once(parties: Iterable[Party]) -> list[Party]:
    return list({party.pk: party for party in parties}.values())


def _heads(facts: Facts, parties: Sequence[Party], label: str) -> list[tuple[str, Cell]]:
    """Each of them in full; of many those who speak for them, and a list behind the paper."""
    if len(parties) <= MOST_IN_HEAD:
        return [row for party in parties for row in party_rows(facts, _own(facts, party), label)]
    rows: list[tuple[str, Cell]] = [(label, f"{names_of(parties)}，名单附后")]
    own = {party.pk for party in parties}
    for party in [one for one in facts.elected if one.pk in own] or facts.elected:
        rows += party_rows(facts, party, f"{label}（推举代表）")
    return rows


def _own(facts: Facts, party: Party) -> Party:
    """The same party with its agents, read once for the whole paper."""
    return facts.party(str(party.pk))


def _roll(facts: Facts, claimants: Sequence[Party], late: Sequence[Obligation]) -> Table:
    columns = [Column("序号", width=5), Column("姓名", width=9), Column("公民身份号码", width=14), Column("未付金额（元）", "money", 11), Column("签名", width=10)]  # fmt: skip
    rows: list[list[Cell]] = [
        [str(number), party.name, party.identity_masked, total_of(one for one in late if one.creditor_id == party.pk), ""]
        for number, party in enumerate(claimants, start=1)
    ]  # fmt: skip
    return Table("", columns, [*rows, ["", "合计", "", total_of(late), ""]])


def _numbered(items: Iterable[str]) -> list[Block]:
    return [paragraph(f"{number}. {item}") for number, item in enumerate(items, start=1)]


def _story(facts: Facts, agreement: Agreement, late: Sequence[Obligation], debtors: Sequence[Party]) -> list[Block]:
    """What was agreed under which number, what came of it, and what is still owed since when."""
    case, ours = facts.dispute, {party.pk for party in debtors}
    number = facts.paper_number(PaperKind.AGREEMENT)
    kept = [one for one in facts.obligations if one.debtor_id in ours and one.fulfilled_on is not None]
    later = [
        one
        for one in facts.obligations
        if one.debtor_id in ours and one.fulfilled_on is None and one.due_on >= facts.on
    ]
    found: list[Block] = [
        paragraph(
            f"{names_of(facts.applicants)}与{names_of(facts.respondents)}因{case.get_cause_display()}发生争议，经{facts.organisation}主持调解"
            f"（案号{case.number}），于{effect(facts)}达成调解协议{f'（{number}）' if number else ''}。协议由双方签名或者盖章，经调解员签名并加盖调解组织"
            "印章，已经生效，对双方有约束力（《劳动争议调解仲裁法》第十四条）。"
        ),
        paragraph(
            f"协议约定的金额合计{yuan(agreement.total)}。约定的期限届满，{names_of(debtors)}"
            + (f"已付{yuan(total_of(kept))}，" if total_of(kept) else "分文未付，" if total_of(late) else "")
            + "下列各项到期没有履行："
        ),
        Table("", _LATE, [*(_late(facts, one) for one in late), ["合计", "", total_of(late), "", ""]]),
    ]  # fmt: skip
    if kept:
        found.append(Table("已经履行的", _KEPT, [[one.creditor.name, instalment(one), one.amount, one.due_on, one.fulfilled_on] for one in kept]))  # fmt: skip
    if pressed := sorted({one.pressed_on for one in late if one.pressed_on}):
        found.append(paragraph(f"调解组织于{joined(day(on) for on in pressed)}催促履行，仍没有履行。"))
    if later:
        found.append(
            paragraph(f"协议另有{len(later)}项（{yuan(total_of(later))}）还没有到期，保留到期后另行主张的权利。")
        )
    return found


_LATE = [
    Column("权利人", width=9), Column("约定的义务", width=12), Column("金额（元）", "money", 10), Column("履行期限", "date", 16),
    Column("逾期（日）", "count", 8),
]  # fmt: skip
_KEPT = [
    Column("权利人", width=8), Column("约定的义务", width=11), Column("金额（元）", "money", 10), Column("履行期限", "date", 16),
    Column("履行日期", "date", 16),
]  # fmt: skip


def _late(facts: Facts, one: Obligation) -> list[Cell]:
    return [one.creditor.name, instalment(one), one.amount, one.due_on, (facts.on - one.due_on).days]


def _evidence(facts: Facts, late: Sequence[Obligation]) -> Table:
    """What is handed in, what it shows, and who holds it (调解仲裁法 6, 28)."""
    number = facts.paper_number(PaperKind.AGREEMENT)
    rows: list[Sequence[str]] = [(f"调解协议书{number}", "约定的义务、金额和期限，协议已经生效", "申请人、调解组织")]
    if (ruling := _ruling(facts)) is not None:
        rows.append((f"{_RULINGS[ConfirmationKind(ruling.kind)]}{ruling.number}", "协议有强制执行的效力", "申请人"))
    if any(one.pressed_on for one in late):
        rows.append(("催促履行的记录", "到期后经催促仍没有履行", "调解组织"))
    if any(one.fulfilled_on for one in facts.obligations):
        rows.append(("履行凭证", "已经履行的部分", "调解组织"))
    files = Folder(facts.dispute).sorted_files.get("evidence", [])
    rows += [(file.caption or file.name, "争议的事实", "调解案卷") for file in files[:MOST_EVIDENCE]]
    rows += [("双方的身份证明、登记信息", "当事人的身份和主体资格", "申请人")]
    if any(agent.speaks_on(facts.on) for party in facts.parties for agent in party.agents.all()):
        rows.append(("授权委托书、代理人身份证明", "代理权限", "代理人"))
    columns = [
        Column("序号", width=5),
        Column("证据", width=19),
        Column("证明什么", width=17),
        Column("来源", width=12),
    ]
    return Table("", columns, [[str(at), *row] for at, row in enumerate(rows, start=1)])


# --- what each asks, and by which article


def _pays(verb: str, facts: Facts, late: Sequence[Obligation], names: Names, source: str = "调解协议") -> list[str]:
    """The sum, and what else was promised."""
    one, other = names
    total = total_of(late)
    asked = [f"{verb}{other}向{one}支付{source}确定的到期未付款项{yuan(total)}。"] if total else []
    acts = joined((one.what for one in late if one.kind != ObligationKind.PAY), "；")
    return [*asked, *([f"{verb}{other}履行：{acts}。"] if acts else [])]


def _ask_order(facts: Facts, late: list[Obligation]) -> list[str]:
    return [f"依法向被申请人发出支付令，督促被申请人向申请人支付{yuan(total_of(late))}。", "申请费用由被申请人负担。"]


def _law_of_order(facts: Facts, late: list[Obligation]) -> list[str]:
    return [
        (f"因支付{_nature(facts.dispute.cause)}事项达成调解协议，用人单位在协议约定期限内不履行的，劳动者可以持调解协议书依法向人民法院申请支付令"
        "（《劳动争议调解仲裁法》第十六条）。申请人与被申请人没有其他债务纠纷，支付令能够送达被申请人（《中华人民共和国民事诉讼法》第二百二十五条）。")
    ]  # fmt: skip


def _nature(cause: str) -> str:
    """The words of 调解仲裁法 16 for what the case is about."""
    found = natures_of(cause)
    said = {
        Nature.PAY: "拖欠劳动报酬", Nature.INJURY_MEDICAL: "工伤医疗费", Nature.COMPENSATION: "经济补偿", Nature.DAMAGES: "赔偿金",
    }  # fmt: skip
    return (
        joined(words for nature, words in said.items() if nature in found) or "劳动报酬、工伤医疗费、经济补偿或者赔偿金"
    )


def _ask_arbitration(facts: Facts, late: list[Obligation]) -> list[str]:
    return _pays("裁决", facts, late, RELIEFS[Route.ARBITRATION].names)


def _law_of_arbitration(facts: Facts, late: list[Obligation]) -> list[str]:
    said = [
        ("达成调解协议后，一方当事人在协议约定期限内不履行调解协议的，另一方当事人可以依法申请仲裁（《劳动争议调解仲裁法》第十五条）。本案由劳动合同履行地或者"
        "用人单位所在地的劳动人事争议仲裁委员会管辖（同法第二十一条）。")
    ]  # fmt: skip
    if words := _limitation(facts):
        said.append(words)
    return said


def _limitation(facts: Facts) -> str:
    """Why it is not too late; nothing where it may be, or where nobody has written down from when the year runs."""
    reading = read_clock(facts.dispute, facts.dispute.limitation_events.all(), facts.on)
    if reading is None:
        return ""
    if reading.state == ClockState.NOT_RUNNING:
        return "劳动关系存续期间因拖欠劳动报酬发生争议的，不受一年仲裁时效期间的限制（同法第二十七条）。"
    if reading.state != ClockState.RUNNING or reading.clock.ends_on is None:
        return ""
    return (
        "调解协议没有在约定期限内履行，仲裁时效期间从中断时起重新计算（同法第二十七条、《企业劳动争议协商调解规定》第三十一条），"
        f"到{day(reading.clock.ends_on)}届满，本申请没有超过时效期间。"
    )


def _ask_suit(facts: Facts, late: list[Obligation]) -> list[str]:
    return [*_pays("判令", facts, late, RELIEFS[Route.SUIT].names), "案件受理费由被告负担。"]


def _law_of_suit(facts: Facts, late: list[Obligation]) -> list[str]:
    assert facts.agreement is not None
    ended = facts.agreement.confirmations.filter(
        kind=ConfirmationKind.PAYMENT_ORDER, state=ConfirmationState.REFUSED
    ).first()
    law = "《最高人民法院关于审理劳动争议案件适用法律问题的解释（一）》"
    if ended is not None:
        rests = (
            f"{ended.body}于{day(ended.decided_on)}终结督促程序。申请支付令被人民法院裁定终结督促程序后，劳动者依据调解协议直接提起诉讼的，"
            f"人民法院应予受理（{law}第十三条）。"
        )
    else:
        rests = (
            "当事人在《劳动争议调解仲裁法》第十条规定的调解组织主持下仅就劳动报酬争议达成调解协议，用人单位不履行调解协议确定的给付义务，劳动者直接提起诉讼的，"
            f"人民法院可以按照普通民事纠纷受理（{law}第五十一条）。"
        )  # fmt: skip
    return [rests, "被告住所地在受诉人民法院辖区内（《中华人民共和国民事诉讼法》第二十二条）。"]


_RULINGS = {
    ConfirmationKind.JUDICIAL: "司法确认裁定书",
    ConfirmationKind.ARBITRATION_REVIEW: "仲裁调解书",
    ConfirmationKind.PAYMENT_ORDER: "支付令",
}
_RULING_LAW: Mapping[str, str] = {
    ConfirmationKind.JUDICIAL: "人民法院裁定调解协议有效后，一方当事人拒绝履行或者未全部履行的，对方当事人可以向人民法院申请执行（《中华人民共和国民事诉讼法》第二百零六条）。",
    ConfirmationKind.ARBITRATION_REVIEW: "一方当事人逾期不履行发生法律效力的仲裁调解书的，另一方当事人可以依照民事诉讼法的有关规定向人民法院申请执行（《劳动争议调解仲裁法》第五十一条）。",
    ConfirmationKind.PAYMENT_ORDER: "债务人在收到支付令之日起十五日内不提出异议又不履行支付令的，债权人可以向人民法院申请执行（《中华人民共和国民事诉讼法》第二百二十七条）。",
}  # fmt: skip


def _ruling(facts: Facts) -> Confirmation | None:
    """What a court enforces."""
    if facts.agreement is None:
        return None
    return facts.agreement.confirmations.filter(state=ConfirmationState.CONFIRMED).order_by("decided_on").last()


def _ask_enforcement(facts: Facts, late: list[Obligation]) -> list[str]:
    ruling = _ruling(facts)
    source = f"{ruling.number}{_RULINGS[ConfirmationKind(ruling.kind)]}" if ruling else "调解协议"
    asked = _pays("强制", facts, late, RELIEFS[Route.ENFORCEMENT].names, source)
    return [
        *asked,
        *(["责令被执行人加倍支付迟延履行期间的债务利息（《中华人民共和国民事诉讼法》第二百六十四条）。"] if total_of(late) else []),
        "执行费用由被执行人负担。",
    ]  # fmt: skip


def _law_of_enforcement(facts: Facts, late: list[Obligation]) -> list[str]:
    ruling, agreement = _ruling(facts), facts.agreement
    assert ruling is not None
    assert agreement is not None
    said = [
        f"{ruling.body}于{day(ruling.decided_on)}作出{ruling.number}{_RULINGS[ConfirmationKind(ruling.kind)]}，已经发生法律效力。"
        + _RULING_LAW[ruling.kind]
    ]
    said.append(
        "申请执行的期间为二年，从履行期间的最后一日起计算（《中华人民共和国民事诉讼法》第二百五十条），"
        f"最早到期的一项到{day(_last_day(facts, Route.ENFORCEMENT))}届满。"
    )
    return said


def _last_day(facts: Facts, route: Route) -> datetime.date | None:
    """Of a way that has a term."""
    assert facts.agreement is not None
    ends = way_after_breach(facts.dispute, facts.agreement, route, on=facts.on).ends
    return ends.on if ends else None


def _ask_inspection(facts: Facts, late: list[Obligation]) -> list[str]:
    natures = natures_of(facts.dispute.cause)
    asked = _pays("责令", facts, late, RELIEFS[Route.INSPECTION].names)
    if natures & {Nature.PAY, Nature.COMPENSATION}:
        asked.append(
            "责令限期支付后逾期仍不支付的，责令被投诉单位按应付金额百分之五十以上百分之一百以下的标准加付赔偿金（《劳动合同法》第八十五条）。"
        )
    return [*asked, "依法查处被投诉单位的违法行为，并将处理结果告知投诉人。"]


def _law_of_inspection(facts: Facts, late: list[Obligation]) -> list[str]:
    said = [
        ("用人单位违反国家规定，拖欠或者未足额支付劳动报酬，或者拖欠工伤医疗费、经济补偿或者赔偿金的，劳动者可以向劳动行政部门投诉，劳动行政部门应当依法处理"
        "（《劳动争议调解仲裁法》第九条）。")
    ]  # fmt: skip
    ends = _last_day(facts, Route.INSPECTION)
    if ends is not None and facts.on <= ends:
        said.append(
            f"最早到期的一项约定在{day(min(one.due_on for one in late))}前支付，二年的查处期限到{day(ends)}届满（《劳动保障监察条例》第二十条）。"
        )
    return said


RELIEFS: dict[Route, Relief] = {
    Route.PAYMENT_ORDER: Relief(
        "支付令申请书", ("申请人", "被申请人"), "人民法院", _ask_order, _law_of_order
    ),
    Route.ARBITRATION: Relief(
        "劳动人事争议仲裁申请书", ("申请人", "被申请人"), "劳动人事争议仲裁委员会", _ask_arbitration, _law_of_arbitration, only_pay=False,
    ),
    Route.SUIT: Relief("民事起诉状", ("原告", "被告"), "人民法院", _ask_suit, _law_of_suit),
    Route.ENFORCEMENT: Relief(
        "强制执行申请书", ("申请执行人", "被执行人"), "人民法院", _ask_enforcement, _law_of_enforcement, only_pay=False, has_copies=False,
    ),
    Route.INSPECTION: Relief(
        "劳动保障监察投诉书", ("投诉人", "被投诉单位"), "人力资源和社会保障局", _ask_inspection, _law_of_inspection, has_copies=False
    ),
}  # fmt: skip
PAPERS: dict[Route, PaperKind] = {
    Route.PAYMENT_ORDER: PaperKind.PAYMENT_ORDER,
    Route.ARBITRATION: PaperKind.ARBITRATION,
    Route.SUIT: PaperKind.SUIT,
    Route.ENFORCEMENT: PaperKind.ENFORCEMENT,
    Route.INSPECTION: PaperKind.INSPECTION,
}
assert set(PAPERS) == set(RELIEFS) == set(Route) - {Route.NONE}, "every way after a breach has its paper"
