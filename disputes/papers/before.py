"""From the application to the acceptance: 申请书, 登记表, 受理和不予受理通知书, 告知书, 送达地址确认书."""

from __future__ import annotations

import datetime

from unionops.packs.documents import Block, Cell, Column, Document, Section, Table, paragraph

from ..enums import ApplicationForm, RefusalReason, Side
from .facts import (
    BLANK,
    MOST_IN_HEAD,
    Facts,
    addressed,
    both_sides,
    day,
    elements,
    joined,
    lines,
    moment,
    names_of,
    party_rows,
    roll,
    sheet,
    yuan,
)
from .filing import Folder
from .kinds import PaperKind

MOST_EVIDENCE = 8


def application(facts: Facts) -> Document:
    """Order 17 Art 21; the fields of 办案规则 29. An oral one is written down on the spot (调解仲裁法 12)."""
    case = facts.dispute
    oral = case.application_form == ApplicationForm.ORAL
    asked: list[Block] = [*lines(case.claims)]
    for claim in facts.claims:
        asked.append(paragraph(f"其中{claim.label}{yuan(claim.amount)}。"))
        asked += [
            paragraph(
                f"{line['words']}：{line['formula']}＝{line['result']}{line['unit']}"
                + (f"（{line['article']}）" if line["article"] else "")
            )
            for line in claim.lines
        ]
    if case.amount_claimed:
        asked.append(paragraph(f"请求金额合计{yuan(case.amount_claimed)}。"))
    sections = [
        Section("当事人", both_sides(facts), "parties"),
        Section("请求事项", asked, "claims"),
        Section("事实和理由", lines(case.facts) or [paragraph("（请写明事实和理由。）")], "facts"),
    ]
    sections += [*elements(facts), Section("证据和来源、证人", _evidence(facts), "evidence")]
    if len(facts.applicants) > MOST_IN_HEAD:
        sections.append(Section("", [roll(facts, signs=True)], "roll"))
    sections.append(
        Section("", addressed(facts.organisation))
        if not oral
        else Section(
            "", [paragraph("以上由申请人口头提出，当场记录并向申请人宣读，申请人确认无误（《劳动争议调解仲裁法》第十二条）。")]
        )
    )  # fmt: skip
    return Document(
        "劳动争议调解口头申请记录" if oral else "劳动争议调解申请书", sections, number=case.number,
        meta=[("案由", case.get_cause_display()), ("提出日期", day(case.received_on))],
        signatures=["申请人（签名或捺印）", *(["记录人"] if oral else ["代理人"])], day=case.received_on,
    )  # fmt: skip


def _evidence(facts: Facts) -> list[Block]:
    """What was handed in, and lines to write down the rest of it and who has seen it (办案规则 29)."""
    files = Folder(facts.dispute).sorted_files.get("evidence", [])
    named = [file.caption or file.name for file in files[:MOST_EVIDENCE]]
    rows: list[list[Cell]] = [[str(number), name, "申请人提供", ""] for number, name in enumerate(named, start=1)]
    columns = [
        Column("序号", width=5), Column("证据", width=17), Column("来源", width=10), Column("证明什么", width=15),
    ]  # fmt: skip
    return [
        Table("", columns, [*rows, [str(len(rows) + 1), "", "", ""]]),
        sheet([("证人姓名、住址和电话", "")], whole=True),
    ]


def register(facts: Facts) -> Document:
    """调解登记表 (D12): 编号, 日期, 双方, 人数, 案由, 金额, 来源, 调解员, 结果."""
    case = facts.dispute
    consent = joined(
        (
            f"{party.name}{party.get_consent_display()}（{party.get_consent_way_display()}，{day(party.consent_on)}）"
            for party in facts.parties[: MOST_IN_HEAD + 1]
            if party.consent
        ),
        "；",
    )
    rows: list[tuple[str, Cell]] = [
        ("编号", case.number), ("登记日期", day(case.registered_at)), ("收到日期", day(case.received_on)),
        ("来源", joined([case.get_source_display(), case.get_application_form_display()], "，")),
        ("委派委托案号", case.commission_number), ("申请人", names_of(facts.applicants)),
        ("被申请人", names_of(facts.respondents)), ("第三人", names_of(facts.side(Side.THIRD))),
        ("涉及人数", f"{case.people_count}人" + ("（集体争议）" if case.is_collective else "")),
        ("案由", case.get_cause_display()), ("等级", case.get_grade_display()), ("请求事项", case.claims),
        ("请求金额", yuan(case.amount_claimed) if case.amount_claimed else ""), ("调解意愿", consent),
        ("受理日期", day(case.accepted_on) if case.accepted_on else ""),
        ("调解期限", f"到{day(case.term.due_on)}（{case.get_rule_profile_display()}）" if case.term else ""),
        ("调解员", case.mediator.name if case.mediator else ""),
        ("结果", f"{case.get_outcome_display()}，{day(case.ended_on)}" if case.outcome else "正在办理"),
    ]  # fmt: skip
    people = Table("当事人", [Column("地位", width=7), Column("姓名或单位", width=14), Column("公民身份号码或信用代码", width=14), Column("电话", width=10)], [
        [party.get_side_display(), party.name, party.identity_masked or party.credit_code, party.phone_masked]
        for party in facts.parties
    ])  # fmt: skip
    return Document(
        "劳动争议调解登记表", [Section("", [sheet(rows), people], "facts")], organisation=facts.organisation,
        number=case.number, signatures=["登记人", "负责人"],
        note=f"登记：{case.registered_by.name}，{moment(case.registered_at)}",
    )  # fmt: skip


def acceptance(facts: Facts) -> Document:
    """受理通知书, to both sides (Order 17 Art 22; 浙江条例 10)."""
    case = facts.dispute
    who = f"{names_of(facts.applicants)}、{names_of(facts.respondents)}："
    until = (
        f"调解期限从{day(case.term.started_on)}起算，应当在{day(case.term.due_on)}前结束；双方同意的可以延长。"
        if case.term
        else "调解期限从规定的起算日起算；双方同意的可以延长。"
    )
    body: list[Block] = [
        paragraph(who),
        paragraph(
            f"{names_of(facts.applicants)}与{names_of(facts.respondents)}{case.get_cause_display()}争议一案，本组织于"
            f"{day(case.received_on)}收到申请。经审查，属于劳动争议调解的受理范围，双方同意调解，决定于{day(case.accepted_on)}受理。"
        ),
        paragraph(until),
        paragraph("自收到调解申请之日起十五日内没有达成协议的，当事人可以依法申请仲裁（《劳动争议调解仲裁法》第十四条第三款）。"),
        paragraph("调解不收费。随本通知送达《权利义务告知书》和《送达地址确认书》，请阅读、填写后交回。"),
    ]  # fmt: skip
    return notice(facts, "劳动争议调解受理通知书", body, case.accepted_on)


# What stays open to whoever is refused, by the reason (domain 3.6 row 5).
_RELIEF = {
    RefusalReason.SCOPE: "本案不属于劳动争议调解的受理范围。您可以依法向有管辖权的人民法院起诉，或者向有关行政部门投诉、申请处理。",
    RefusalReason.NO_CONSENT: "调解以双方自愿为前提，对方不同意调解。您可以向有管辖权的劳动人事争议仲裁委员会申请仲裁；一方不同意调解的，仲裁时效从对方拒绝之日起重新计算。",
    RefusalReason.ELSEWHERE: "本案已经进入仲裁或者诉讼程序。您可以在仲裁庭或者人民法院的主持下调解。",
    RefusalReason.PARTY: "申请人或者被申请人不是本争议的当事人。请以适格的当事人重新申请，或者依法申请仲裁。",
}


def refusal(facts: Facts) -> Document:
    """不予受理通知书, with the ways of relief (Order 17 Art 22; 调解仲裁法 5, 9)."""
    case = facts.dispute
    reason = RefusalReason(case.refusal_reason)
    told = facts.event("refuse").get("note", "")
    body: list[Block] = [
        paragraph(f"{names_of(facts.applicants)}："),
        paragraph(
            f"您于{day(case.received_on)}就与{names_of(facts.respondents)}的{case.get_cause_display()}争议向本组织申请调解。"
            f"经审查，因{reason.label}，决定不予受理。"
        ),
        *lines(str(told)),
        paragraph(f"救济途径：{_RELIEF[reason]}"),
        paragraph("拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金的，可以向劳动行政部门投诉（《劳动争议调解仲裁法》第九条）。申请仲裁的时效期间为一年，请注意不要超过。"),
    ]  # fmt: skip
    return notice(facts, "劳动争议调解不予受理通知书", body, case.ended_on)


def rights(facts: Facts) -> Document:
    """权利义务告知书 (浙江条例 10; 特邀调解规定 14; 人民调解法 23, 24)."""
    case = facts.dispute
    may = [
        "自愿选择、接受、拒绝或者终止调解；调解不是申请仲裁的必经程序。",
        "要求调解公开或者不公开进行；没有双方同意，调解不公开。",
        "认为调解员与本案或者当事人有利害关系的，可以申请回避；可以选择或者接受调解员。",
        "委托代理人参加调解；代为和解、达成协议的，要有特别授权的委托书。",
        "自主表达意愿、自愿达成调解协议；调解中的让步，以后的仲裁和诉讼中不作为对其不利的证据。",
        "对背对背调解中的陈述，未经本人同意，调解员不得向对方透露。",
        "自收到调解申请之日起十五日内没有达成协议的，可以申请仲裁。",
        *(["本案是集体争议，可以申请法律援助，由调解组织联系法律援助机构。"] if case.is_collective else []),
    ]  # fmt: skip
    must = [
        "如实陈述事实，提供证据；与争议有关的证据由用人单位掌握管理的，用人单位应当提供。",
        "遵守调解现场秩序，尊重调解员和对方当事人。",
        "不得恶意串通、虚构事实，损害国家、集体或者他人的合法权益。",
        "达成协议的，按照协议履行。",
    ]  # fmt: skip
    effect = [
        "调解协议书由双方签名或者盖章，经调解员签名并加盖调解组织印章后生效，对双方有约束力。",
        "协议生效后，双方可以在十五日内共同向劳动人事争议仲裁委员会申请审查，或者在三十日内共同向人民法院申请司法确认。",
        "因支付拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金达成协议，用人单位逾期不履行的，劳动者可以凭调解协议书申请支付令。",
        "申请仲裁的时效期间为一年；当事人一方主张权利、请求救济或者对方同意履行的，时效中断，从中断时起重新计算。",
    ]  # fmt: skip
    return Document(
        "劳动争议调解权利义务告知书",
        [
            Section("一、当事人的权利", _numbered(may), "rights"), Section("二、当事人的义务", _numbered(must), "duties"),
            Section("三、调解协议的效力和时效", _numbered(effect), "effect"),
            Section("", [paragraph(f"以上内容已就{case.number}一案向双方告知，双方已经阅读并理解。")]),
        ],
        organisation=facts.organisation, number=facts.number, day=case.accepted_on,
        signatures=["申请人（签名）", "被申请人（签名或盖章）", "告知人"],
    )  # fmt: skip


def _numbered(items: list[str]) -> list[Block]:
    return [paragraph(f"{number}. {item}") for number, item in enumerate(items, start=1)]


def address(facts: Facts) -> Document:
    """送达地址确认书 of one party (浙江条例 35)."""
    party = facts.party(facts.about)
    rows = [
        ("案号", facts.dispute.number),
        *party_rows(facts, party),
        ("电子送达", "□同意　手机号码：　　　　　　　　□不同意"),
        ("代收人和电话", ""),
    ]
    told = [
        "本人（本单位）确认：以上地址和号码真实有效，调解组织、仲裁委员会和人民法院向该地址送达的文书，视为送达本人（本单位）。",
        "地址或者号码变更的，及时书面告知；因提供的地址不确切、变更后没有告知，或者本人、代收人拒绝签收，致使文书没有收到的，文书退回之日视为送达之日。",
    ]  # fmt: skip
    return Document(
        "送达地址确认书", [Section("", [sheet(rows, whole=True)], "address"), Section("确认", _numbered(told), "told")],
        organisation=facts.organisation, signatures=[f"{party.get_side_display()}（签名或盖章）", "经办人"],
    )  # fmt: skip


# What is served on a party: each of these is made out for both sides.
SERVED = (
    PaperKind.ACCEPTANCE, PaperKind.REFUSAL, PaperKind.RIGHTS, PaperKind.AGREEMENT, PaperKind.TERMINATION, PaperKind.URGE,
)  # fmt: skip


def served(facts: Facts) -> str:
    """One line a paper with its number: those of this volume that have been made out to the parties."""
    made = facts.dispute.papers.filter(volume=facts.dispute.volume, kind__in=SERVED).order_by("made_at", "pk")
    return "\n".join(f"{PaperKind(paper.kind).label} {paper.number}".strip() for paper in made)


def service(facts: Facts) -> Document:
    """送达回证 of one party: what was handed over, where and how, and who signed for it (浙江条例 35; domain 3.6 row 12)."""
    party = facts.party(facts.about)
    papers = [line.strip() for line in str(facts.answers.get("papers") or "").splitlines() if line.strip()]
    rows = [
        ("案号", facts.dispute.number),
        ("案由", facts.dispute.get_cause_display()),
        ("受送达人", f"{party.name}（{party.get_side_display()}）"),
        ("送达地址", facts.value(party, "address") or BLANK),
        ("联系电话", facts.value(party, "phone") or BLANK),
        ("送达方式", "□直接送达　□留置送达　□邮寄送达　□电子送达　□委托送达"),
        ("送达人", ""),
    ]
    listed: list[list[Cell]] = [[paper, 1, "", ""] for paper in papers or [""]]
    columns = [
        Column("送达文书和文号", width=24),
        Column("份数", "count", 4),
        Column("送达日期", width=8),
        Column("签收", width=8),
    ]
    ends: list[list[Cell]] = [
        ["受送达人签名或盖章", "　　　　　　　　　　年　　月　　日"],
        ["代收人签名、与受送达人的关系", ""],
        ["拒收或没有送达的理由", ""],
        ["见证人签名", ""],
    ]
    # Three tables and no headings: it is carried along, signed at the door, and is one page.
    return Document(
        "送达回证",
        [
            Section("", [sheet(rows, whole=True), Table("", columns, listed)], "service"),
            Section("", [Table("", [Column("签收", width=17), Column("", width=25)], ends)], "signed"),
        ],
        organisation=facts.organisation, note="本回证由送达人带回，存入卷宗。",
    )  # fmt: skip


def notice(facts: Facts, title: str, body: list[Block], on: datetime.date | None) -> Document:
    """What both sides are told on a day."""
    return Document(
        title, [Section("", body, "body")], organisation=facts.organisation, number=facts.number,
        day=on or facts.on, note="本通知一式三份，双方各执一份，调解组织存档一份。",
    )  # fmt: skip
