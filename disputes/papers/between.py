"""What the steps on the way leave on paper: 征询意见记录, 同意调解确认书, 中止和恢复通知书, 同意名单, 撤回申请书, 违约记录, 法律援助申请书."""

from __future__ import annotations

import datetime

from unionops.packs.documents import Block, Cell, Column, Document, Section, Table, paragraph

from ..enums import Outcome, Side
from ..law.causes import Nature, natures_of
from .before import notice
from .facts import (
    BLANK,
    MOST_IN_HEAD,
    Facts,
    addressed,
    both_sides,
    day,
    instalment,
    lines,
    names_of,
    roll,
    sheet,
    yuan,
)
from .kinds import PaperKind


def consent(facts: Facts) -> Document:
    """征询意见记录: who of the other side was asked, when and how, and what each party said (domain 3.6 row 2)."""
    case, told = facts.dispute, facts.event("ask_consent")
    columns = [
        Column("地位", width=7), Column("姓名或单位", width=12), Column("意愿", width=8), Column("日期", width=15), Column("方式", width=6),
        Column("由谁表示", width=9),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            party.get_side_display(), party.name, party.get_consent_display() or "还没有表示",
            day(party.consent_on) if party.consent_on else "", party.get_consent_way_display() if party.consent else "", party.consent_by,
        ]
        for party in facts.parties
        if party.side != Side.THIRD
    ]  # fmt: skip
    return Document(
        "征询调解意见记录",
        [
            Section("", [sheet([
                ("案号", case.number), ("申请人", names_of(facts.applicants)), ("被申请人", names_of(facts.respondents)),
                ("案由", case.get_cause_display()), ("请求事项", case.claims), ("联系日期", _on(told.get("on"))),
                ("联系方式", str(told.get("way") or "")), ("联系的人", str(told.get("person") or "")), ("说明", str(told.get("note") or "")),
            ])], "facts"),
            Section("双方的意愿", [Table("", columns, rows)], "consent"),
            Section("", [paragraph("已告知：调解以双方自愿为前提，不收费；不愿意调解的，可以依法申请仲裁。")]),
        ],
        organisation=facts.organisation, number=case.number, signatures=["被征询人", "征询人"],
    )  # fmt: skip


def _on(value: object) -> str:
    """A day as the timeline keeps it."""
    return day(datetime.date.fromisoformat(str(value))) if value else ""


def consented(facts: Facts) -> Document:
    """同意调解确认书: nobody has applied, the organisation offers mediation and both sides agree (Order 17 Art 23; row 3)."""
    case = facts.dispute
    return Document(
        "同意调解确认书",
        [
            Section("当事人", both_sides(facts), "parties"),
            Section("", [
                paragraph(
                    f"{facts.organisation}在工作中了解到我们之间的{case.get_cause_display()}争议（{case.number}），主动提出调解。我们已经知道调解的规则和"
                    "双方的权利义务，自愿同意由该组织调解。"
                ),
                paragraph(f"争议的事项：{case.claims}"),
                paragraph("我们知道：调解期间任何一方都可以要求终止调解；没有达成协议的，可以依法申请仲裁。"),
            ], "body"),
        ],
        organisation=facts.organisation, number=case.number,
        signatures=["申请人（签名）", "被申请人（签名或盖章）", "经办人"], day=case.accepted_on or facts.on,
    )  # fmt: skip


def suspension(facts: Facts) -> Document:
    """中止通知: mediation rests, and why (domain 3.6 row 9)."""
    told = facts.event("suspend")
    body: list[Block] = [
        *_opening(facts),
        paragraph(f"因{told.get('reason', '')}，调解从{day(told.get('at'))}起中止，中止的时间不计入调解期限。"),
        *lines(str(told.get("note") or "")),
        paragraph(
            "中止的原因消除后，本组织会书面通知恢复调解。中止期间，双方不得采取激化矛盾的行为；任何一方都可以依法申请仲裁。"
        ),
    ]
    return notice(facts, "劳动争议中止调解通知书", body, told.get("at"))


def resumption(facts: Facts) -> Document:
    """恢复通知: the reason is gone and the term runs on (domain 3.6 row 10)."""
    told, term = facts.event("resume"), facts.dispute.term
    until = f"调解期限顺延到{day(term.due_on)}。" if term else ""
    body: list[Block] = [
        *_opening(facts),
        paragraph(f"中止调解的原因已经消除，从{day(told.get('at'))}起恢复调解。{until}"),
        *lines(str(told.get("note") or "")),
        paragraph("请按本组织另行通知的时间和地点参加调解。"),
    ]
    return notice(facts, "劳动争议恢复调解通知书", body, told.get("at"))


def _opening(facts: Facts) -> list[Block]:
    case = facts.dispute
    return [
        paragraph(f"{names_of(facts.applicants)}、{names_of(facts.respondents)}："),
        paragraph(f"你们之间的{case.get_cause_display()}争议（{case.number}），本组织于{day(case.accepted_on)}受理。"),
    ]


def accord(facts: Facts) -> Document:
    """协议同意名单: those for whom others speak have agreed to what these settle (浙江条例 40)."""
    case, found = facts.dispute, facts.agreement
    assert found is not None
    number = facts.paper_number(PaperKind.AGREEMENT)
    return Document(
        "集体争议调解协议同意名单",
        [
            Section("", [
                paragraph(
                    f"我们与{names_of(facts.respondents)}的{case.get_cause_display()}争议（{case.number}），由{names_of(facts.elected) or BLANK}代表我们参加调解，"
                    f"拟定了调解协议{f'（{number}）' if number else ''}，金额合计{yuan(found.total)}。协议主要内容："
                ),
                *lines(found.result),
                paragraph("代表人已向我们说明协议的全部内容。我们同意代表人签订这份协议（《浙江省劳动人事争议调解仲裁条例》第四十条）。"),
            ], "body"),
            Section("被代表的职工签名", [roll(facts, signs=True)], "roll"),
        ],
        organisation=facts.organisation, number=case.number, signatures=["推举代表", "见证人"],
    )  # fmt: skip


def withdrawal(facts: Facts) -> Document:
    """撤回申请书: for the applicant to sign; settled among themselves, both do (domain 3.6 row 18)."""
    case, told = facts.dispute, facts.event("withdraw")
    settled = case.outcome == Outcome.SETTLED
    why = str(told.get("reason") or "") if case.outcome else ""
    signs = ["申请人（签名）", *(["被申请人（签名或盖章）"] if settled else [])]
    return Document(
        "撤回调解申请书（双方和解）" if settled else "撤回调解申请书",
        [Section("", [
            paragraph(f"{facts.organisation}："),
            paragraph(
                f"{names_of(facts.applicants)}与{names_of(facts.respondents)}{case.get_cause_display()}争议一案（{case.number}），"
                + ("双方已经自行和解，" if settled else "") + "申请人自愿撤回调解申请。"
            ),
            *([paragraph(f"{'和解的内容' if settled else '撤回的理由'}：{why}")] if why else [paragraph("撤回的理由："), paragraph(BLANK * 5)]),
            paragraph("申请人知道：撤回以后仍可以再次申请调解，也可以依法申请仲裁；申请仲裁的时效期间为一年。"),
        ], "body")],
        number=case.number, signatures=[*signs, "经办人"], day=case.ended_on if case.outcome else facts.on,
    )  # fmt: skip


def breach_record(facts: Facts) -> Document:
    """违约记录: what was not performed, who was pressed for it and when (Order 17 Art 32; domain 3.6 row 14)."""
    case, told = facts.dispute, facts.event("breach")
    at = told.get("at") or facts.on
    columns = [
        Column("义务人", width=8), Column("约定的义务", width=11), Column("金额（元）", "money", 10), Column("履行期限", "date", 16),
        Column("催促日期", "date", 16),
    ]  # fmt: skip
    late = [one for one in facts.obligations if one.due_on < at and (one.fulfilled_on is None or one.fulfilled_on > at)]
    rows: list[list[Cell]] = [
        [one.debtor.name, instalment(one), one.amount, one.due_on, one.pressed_on] for one in late
    ]
    return Document(
        "调解协议未履行记录",
        [
            Section("", [sheet([
                ("案号", case.number), ("申请人", names_of(facts.applicants)), ("被申请人", names_of(facts.respondents)),
                ("案由", case.get_cause_display()), ("调解协议", facts.paper_number(PaperKind.AGREEMENT)),
                ("协议生效日期", day(facts.agreement.effective_on) if facts.agreement else ""), ("登记未履行日期", day(at)),
                ("说明", str(told.get("note") or "")),
            ])], "facts"),
            Section("到期没有履行的义务", [Table("", columns, rows)], "late"),
            Section("", [paragraph("经催促仍没有履行。不按期履行调解协议，仲裁时效中断，从中断时起重新计算（《企业劳动争议协商调解规定》第三十一条）。")]),
        ],
        organisation=facts.organisation, number=case.number, signatures=["记录人", "负责人"], day=at,
    )  # fmt: skip


def aid(facts: Facts) -> Document:
    """法律援助申请书: for the workers to sign; of pay and injury without a look at their means (法律援助法 41, 42; 浙江条例 41)."""
    case = facts.dispute
    waived = natures_of(case.cause) & {Nature.PAY, Nature.INJURY_MEDICAL}
    means = (
        "进城务工人员请求支付劳动报酬或者工伤事故人身损害赔偿的，免予核查经济困难状况（《法律援助法》第四十二条）：　□是　□否"
        if waived
        else "申请人的经济状况：　家庭人口＿＿＿人　家庭月收入＿＿＿＿＿＿元　□附说明或者证明"
    )
    matter = [
        f"{names_of(facts.applicants)}与{names_of(facts.respondents)}的{case.get_cause_display()}争议（{case.number}），涉及{case.people_count}人"
        + (f"，请求金额合计{yuan(case.amount_claimed)}。" if case.amount_claimed else "。"),
        f"请求事项：{case.claims}",
    ]
    sections = [
        Section("当事人", both_sides(facts), "parties"),
        Section("申请援助的事项", [*(paragraph(text) for text in matter), paragraph("援助方式：　□法律咨询　□代拟法律文书　□代理调解、仲裁或者诉讼")], "asks"),
        Section("事实和理由", lines(case.facts) or [paragraph("（请写明事实和理由。）")], "facts"),
        Section("经济状况", [
            paragraph(means),
            *([paragraph("集体劳动争议应当提供法律援助（《浙江省劳动人事争议调解仲裁条例》第四十一条）。")] if case.is_collective else []),
            paragraph("以上内容真实。申请人知道：提供虚假材料的，要承担相应的责任。"),
        ], "means"),
        *([Section("", [roll(facts, signs=True)], "roll")] if len(facts.applicants) > MOST_IN_HEAD else []),
        Section("", addressed(f"{facts.district}法律援助中心")),
    ]  # fmt: skip
    return Document(
        "法律援助申请书",
        sections,
        meta=[("调解案号", case.number)],
        signatures=["申请人（签名）", "代理人"],
        day=facts.on,
    )
