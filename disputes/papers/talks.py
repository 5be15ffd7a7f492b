"""From the assignment to the end of the talks: 指派单, 推举书, 笔录, 延期同意书, 协议书, 终止通知书."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.http import Http404
from django.utils import timezone

from unionops.packs.documents import Block, Cell, Column, Document, Paragraph, Section, Table, paragraph

from ..enums import COPIES, FailReason, PartyKind, Seat
from ..law.profiles import OnExpiry
from ..models import Dispute, Obligation, SessionNote
from ..terms import rule_for
from .facts import (
    MOST_IN_HEAD,
    Facts,
    both_sides,
    day,
    joined,
    lines,
    moment,
    names_instalment,
    names_of,
    plan,
    roll,
    sheet,
    stopped,
    yuan,
)


def assignment(facts: Facts) -> Document:
    """指派单: who mediates, that nobody of them has to stand back, and who sits with them (Order 17 Art 25; domain 3.10)."""
    case = facts.dispute
    told = facts.event("assign")
    rows: list[list[Cell]] = [
        [
            seat.user.name, joined([str(Seat(seat.seat).label), "首席" if seat.is_lead else ""], "，"),
            seat.get_side_display() if seat.side else "居中", day(seat.valid_from), "",
        ]
        for seat in facts.team
        if seat.ended_at is None
    ]  # fmt: skip
    columns = [
        Column("姓名", width=9),
        Column("办案角色", width=10),
        Column("立场", width=8),
        Column("自", width=12),
        Column("签收", width=9),
    ]
    until = f"请在{day(case.term.due_on)}前办结。" if case.term else "请按规定的期限办结。"
    return Document(
        "劳动争议调解员指派单",
        [
            Section("", [sheet([
                ("案号", case.number), ("申请人", names_of(facts.applicants)), ("被申请人", names_of(facts.respondents)),
                ("案由", case.get_cause_display()), ("等级", case.get_grade_display()),
                ("涉及人数", f"{case.people_count}人"), ("说明", str(told.get("note") or "")),
            ])], "facts"),
            Section("办案人员", [Table("", columns, rows)], "team"),
            Section("", [
                paragraph(f"指派以上人员办理本案。{until}"),
                paragraph("已向每位调解员核对：与本案当事人没有近亲属关系、利害关系或者其他可能影响公正调解的关系，没有代理过本案任何一方。"),
            ]),
        ],
        organisation=facts.organisation, number=facts.number, day=told.get("at"), signatures=["指派人", "首席调解员"],
    )  # fmt: skip


def election(facts: Facts) -> Document:
    """推举书: ten or more with one claim speak through three to five (调解仲裁法 7; 浙江条例 40)."""
    case = facts.dispute
    columns = [
        Column("序号", width=4),
        Column("姓名", width=9),
        Column("公民身份号码", width=16),
        Column("电话", width=12),
        Column("签名", width=9),
    ]
    rows: list[list[Cell]] = [
        [str(number), one.name, facts.value(one, "identity"), facts.value(one, "phone"), ""]
        for number, one in enumerate(facts.elected, start=1)
    ]
    return Document(
        "推举代表人书",
        [
            Section("", [
                paragraph(
                    f"我们{len(facts.applicants)}人与{names_of(facts.respondents)}因{case.get_cause_display()}发生争议，有共同的请求。"
                    f"根据《劳动争议调解仲裁法》第七条，推举下列人员为代表人，代表我们参加{facts.organisation}主持的调解："
                ),
                Table("代表人", columns, rows, empty="（还没有登记代表人，请推举三至五人。）"),
                paragraph("代表人参加调解的行为对我们全体发生效力。代表人变更、放弃请求，承认对方的主张，或者达成调解协议，应当经我们同意（《浙江省劳动人事争议调解仲裁条例》第四十条）。"),
            ], "body"),
            Section("推举人签名", [roll(facts, signs=True)], "roll"),
        ],
        number=case.number,
    )  # fmt: skip


def record(facts: Facts) -> Document:
    """调解笔录 of one session, for whoever may read its note (domain 3.6 row 7; Order 17 Art 30)."""
    note = next((note for note in facts.notes if str(note.pk) == facts.about), None)
    if note is None:
        raise Http404("no such note")
    return record_of(facts, note)


def record_of(facts: Facts, note: SessionNote) -> Document:
    session, case = note.session, facts.dispute
    secret = session.is_alone and note.released_at is None
    heard = f"单独听取{session.get_side_heard_display()}" if session.is_alone else "双方在场"
    sections = [
        Section("", [sheet([
            ("案号", case.number), ("案由", case.get_cause_display()), ("调解时间", moment(session.held_at)),
            ("地点", session.place), ("方式", f"{session.get_kind_display()}（{heard}）"),
            ("申请人", names_of(facts.applicants)), ("被申请人", names_of(facts.respondents)),
            ("在场人", joined(session.present)), ("记录人", session.recorded_by.name),
        ])], "facts"),
    ]  # fmt: skip
    if note.points:
        sections.append(Section("争议焦点", lines(note.points), "points"))
    sections.append(Section("笔录", lines(note.text), "text"))
    if session.next_on:
        sections.append(Section("", [paragraph(f"下次调解时间：{day(session.next_on)}。")]))
    sections.append(Section("", [paragraph("以上笔录已交在场人阅读，与所说一致。")]))
    people = list(session.present)
    return Document(
        "劳动争议调解笔录", sections, organisation=facts.organisation, subtitle=f"第{session.number}次调解", number=case.number,
        signatures=[*people[:8], *(["其他在场人"] if len(people) > 8 else []), "调解员", "记录人"],
        day=note.signed_on or timezone.localdate(session.held_at),
        note="单独听取的内容，只供本案调解员和这一方的代表查阅，未经这一方同意不得透露。" if secret else "",
    )  # fmt: skip


def extension(facts: Facts) -> Document:
    """延期同意书, signed before the term is over (Order 17 Art 29; 浙江条例 10)."""
    case = facts.dispute
    days, reason = facts.answers.get("days", ""), facts.answers.get("reason", "")
    until = f"本案调解期限原至{day(facts.term_before)}。" if facts.term_before else ""
    return Document(
        "延长调解期限同意书",
        [Section("", [
            paragraph(f"{facts.organisation}："),
            paragraph(
                f"{names_of(facts.applicants)}与{names_of(facts.respondents)}{case.get_cause_display()}争议一案（{case.number}），"
                f"{until}双方愿意继续调解，同意将调解期限延长{days}日。"
            ),
            paragraph(f"延长的原因：{reason}"),
            paragraph("在延长的期限内没有达成协议的，任何一方可以依法申请仲裁。"),
        ], "body")],
        signatures=["申请人（签名）", "被申请人（签名或盖章）", "调解员"],
    )  # fmt: skip


def payments(owed: Iterable[Obligation]) -> Iterator[Paragraph]:
    """Each payment with its amount in capitals; what is owed to many on one day is one sentence."""
    together: dict[tuple[str, datetime.date], list[Decimal]] = {}
    for one in owed:
        if one.amount:
            together.setdefault((_what(one), one.due_on), []).append(one.amount)
    for (what, on), amounts in together.items():
        first, many = amounts[0], len(amounts)
        each = f"每笔{yuan(first)}" if set(amounts) == {first} else "金额见上表"
        told = yuan(first) if many == 1 else f"，上表所列共{many}笔，{each}，合计{yuan(sum(amounts, Decimal(0)))}"
        yield paragraph(f"{what}{told}，于{day(on)}前（含当日）付清。")


def agreement(facts: Facts) -> Document:
    """调解协议书: parties, claims, facts, result, time limit and way of performance (Order 17 Art 26; 人民调解法 29)."""
    case, found = facts.dispute, facts.agreement
    assert found is not None
    body: list[Block] = [*lines(found.result)]
    if found.total:
        body.append(paragraph(f"协议金额合计{yuan(found.total)}。"))
    body += [
        plan(facts),
        *payments(facts.obligations),
    ]
    body.append(paragraph(f"履行方式：{stopped(found.way)}"))
    effect: list[Block] = [
        paragraph(f"本协议一式{_COUNT[found.copies] if found.copies < len(_COUNT) else found.copies}份，双方各执一份，调解组织存档一份，由双方签名或者盖章，经调解员签名并加盖调解组织印章后生效，对双方具有约束力。"),
        paragraph("协议生效后，双方可以在十五日内共同向劳动人事争议仲裁委员会申请审查，或者在三十日内共同向有管辖权的人民法院申请司法确认。一方不履行的，另一方可以依法申请仲裁；因支付劳动报酬、工伤医疗费、经济补偿或者赔偿金达成的，劳动者可以申请支付令。"),
    ]  # fmt: skip
    sections = [
        Section("当事人", both_sides(facts), "parties"),
        Section("请求事项", lines(case.claims), "claims"),
        Section(
            "主要事实和责任",
            lines(found.facts or _undisputed(facts) or case.facts) or [paragraph("双方对事实没有争议。")],
            "facts",
        ),
        Section("协议内容", [paragraph("经调解，双方自愿达成如下协议："), *body], "result"),
    ]
    if len(facts.applicants) > MOST_IN_HEAD:
        sections.append(Section("", [roll(facts, signs=True)], "roll"))
    # The last words before the signatures: what they bind to.
    sections.append(Section("效力", effect, "effect"))
    signatures = [
        "申请人（签名）", "被申请人（签名或盖章）", "调解员（签名）", "调解组织（印章）", "记录人",
    ]  # fmt: skip
    return Document(
        "劳动争议调解协议书", sections, organisation=facts.organisation, number=facts.number,
        subtitle="" if found.has_effect else f"（第{found.version}稿，签章齐全后生效）",
        meta=[("案号", case.number), ("案由", case.get_cause_display())],
        signatures=signatures, day=found.effective_on or facts.on,
    )  # fmt: skip


def _undisputed(facts: Facts) -> str:
    """What both sides say alike, as the elements form has it."""
    return facts.elements.agreed_facts if facts.elements else ""


_COUNT = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
assert len(_COUNT) > COPIES


def _what(one: Obligation) -> str:
    return f"第{one.instalment}期（{one.what}）" if one.instalment and not names_instalment(one) else one.what


def _expiry(case: Dispute) -> list[Paragraph]:
    """What the rule of the case says of its end, where a court or a tribunal waits for it (domain 3.2)."""
    rule = rule_for(case)
    number = f"（{case.commission_number}）" if case.commission_number else ""
    match rule.on_expiry:
        case OnExpiry.REPORT:
            words = f"本案由人民法院委派调解{number}，调解组织向人民法院报告调解情况，并退回材料。"
        case OnExpiry.RETURN:
            words = f"本案由人民法院委托调解{number}，材料退回人民法院，由人民法院继续审理。"
        case OnExpiry.HEARING:
            words = "本案由仲裁委员会委托调解，材料退回仲裁委员会，由仲裁庭开庭审理。"
        case _:
            return []
    return [paragraph(f"{words}（{rule.article}）")]


def termination(facts: Facts) -> Document:
    """终止通知书: no agreement, and the right to arbitrate (Order 17 Art 30; 浙江条例 10)."""
    case = facts.dispute
    told = facts.event("fail").get("note", "")
    firm = any(party.kind == PartyKind.ENTERPRISE for party in facts.respondents)
    return Document(
        "劳动争议调解终止通知书",
        [Section("", [
            paragraph(f"{names_of(facts.applicants)}、{names_of(facts.respondents)}："),
            paragraph(
                f"你们之间的{case.get_cause_display()}争议（{case.number}），本组织于{day(case.accepted_on)}受理。"
                f"因{FailReason(case.fail_reason).label}，没有达成协议，调解于{day(case.ended_on)}终止。"
            ),
            *lines(str(told)),
            *_expiry(case),
            paragraph("你们可以依法向劳动合同履行地或者用人单位所在地的劳动人事争议仲裁委员会申请仲裁，双方分别申请的，由劳动合同履行地的仲裁委员会管辖。劳动争议仲裁不收费。"),
            paragraph("申请仲裁的时效期间为一年。调解不成，时效中断，从中断时起重新计算；劳动关系存续期间拖欠劳动报酬的，应当自劳动关系终止之日起一年内提出。"),
            *([paragraph("拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金的，也可以向劳动行政部门投诉；符合条件的，可以申请法律援助。")] if firm else []),
        ], "body")],
        organisation=facts.organisation, number=facts.number, day=case.ended_on,
        signatures=["申请人（签收）", "被申请人（签收）", "调解员"],
    )  # fmt: skip
