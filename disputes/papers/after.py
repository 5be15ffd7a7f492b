"""After the agreement, or instead of it: the applications for confirmation, 移送函, 催促履行通知, 回访记录, 结案报告, 呈报表."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone

from unionops.packs.documents import Block, Cell, Column, Document, Paragraph, Section, Table, paragraph

from ..enums import ConfirmationKind, Mark, Outcome, TransferReason
from ..models import Obligation
from ..models.agreements import MARKS
from .facts import (
    Facts,
    addressed,
    both_sides,
    day,
    elements,
    instalment,
    joined,
    lines,
    names_of,
    plan,
    sheet,
    stopped,
    yuan,
)
from .kinds import PaperKind


def review(facts: Facts) -> Document:
    """仲裁审查申请书: both together within fifteen days (Order 17 Art 27; 办案规则 74)."""
    return _joint(
        facts, "调解协议仲裁审查申请书", f"请求对双方于{effect(facts)}达成的调解协议进行审查，制作仲裁调解书。",
        "《企业劳动争议协商调解规定》第二十七条、《劳动人事争议仲裁办案规则》第七十四条", ConfirmationKind.ARBITRATION_REVIEW,
    )  # fmt: skip


def judicial(facts: Facts) -> Document:
    """司法确认申请书: both together within thirty days (民事诉讼法 205; 人民调解法 33)."""
    law = "《中华人民共和国民事诉讼法》第二百零五条"
    if facts.is_people_committee:
        law += "、《中华人民共和国人民调解法》第三十三条"
    return _joint(
        facts,
        "调解协议司法确认申请书",
        f"请求依法确认双方于{effect(facts)}达成的调解协议有效。",
        law,
        ConfirmationKind.JUDICIAL,
    )


def effect(facts: Facts) -> str:
    return day(facts.agreement.effective_on if facts.agreement else None)


def _joint(facts: Facts, title: str, asks: str, law: str, kind: str) -> Document:
    case, found = facts.dispute, facts.agreement
    assert found is not None
    promises = "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议内容给他人造成损害的，愿意承担相应的民事责任和其他法律责任。"
    sections = [
        Section("申请人（双方）", both_sides(facts), "parties"),
        Section("申请事项", [paragraph(asks)], "asks"),
        Section("事实和理由", [
            paragraph(
                f"{names_of(facts.applicants)}与{names_of(facts.respondents)}因{case.get_cause_display()}发生争议，经{facts.organisation}"
                f"主持调解，于{effect(facts)}达成{facts.paper_number(PaperKind.AGREEMENT)}调解协议，协议已经生效。"
            ),
            *lines(found.result), plan(facts), paragraph(f"协议金额合计{yuan(found.total)}。"), paragraph(f"根据{law}，共同提出申请。"),
            paragraph(promises),
        ], "facts"),
        Section("所附材料", numbered([
            "调解协议书原件", "调解组织出具的调解证明、调解登记表", "双方的身份证明（身份证、营业执照、法定代表人身份证明）",
            "委托代理人的，授权委托书和代理人身份证明", "与协议有关的证据", "送达地址和联系电话确认书",
        ]), "papers"),
        Section("", addressed(str(facts.answers.get("body") or body_of(facts, kind)))),
    ]  # fmt: skip
    return Document(title, sections, number="", signatures=["申请人（签名）", "申请人（盖章）", "代理人"])


def body_of(facts: Facts, kind: str) -> str:
    """Where it is asked for: what is recorded, or the body of the district."""
    recorded = facts.agreement and facts.agreement.confirmations.filter(kind=kind).order_by("-applied_on").first()
    if recorded:
        return str(recorded.body)
    office = "劳动人事争议仲裁委员会" if kind == ConfirmationKind.ARBITRATION_REVIEW else "人民法院"
    return f"{facts.district}{office}"


def numbered(items: list[str]) -> list[Block]:
    """A list that goes along with what stands below it: the address and the signatures are never alone on a page."""
    return [Paragraph([f"{number}. {item}。"], keep=True) for number, item in enumerate(items, start=1)]


def transfer(facts: Facts) -> Document:
    """移送函 with its receipt: to whom it belongs (domain 3.6 rows 16, 19)."""
    case = facts.dispute
    to = case.transferred_to
    why = (
        f"因{TransferReason(case.transfer_reason).label}" if case.transfer_reason
        else f"调解协议到期没有履行，申请人选择{case.get_route_display()}"
    )  # fmt: skip
    note = facts.event("transfer").get("note") or facts.event("choose_route").get("note") or ""
    return Document(
        "劳动争议移送函",
        [
            Section("", [
                paragraph(f"{to}："),
                paragraph(
                    f"本组织于{day(case.received_on)}收到{names_of(facts.applicants)}与{names_of(facts.respondents)}"
                    f"{case.get_cause_display()}争议（{case.number}），涉及{case.people_count}人，请求金额{case.amount_claimed:,.2f}元。"
                    f"{why}，现将本案移送贵单位，请依法处理，并将处理结果函告本组织。"
                ),
                paragraph(f"请求事项：{case.claims}"), *lines(str(note)),
                paragraph("随函附：调解申请书或登记表、证据材料的复印件。调解中一方单独陈述的内容不在移送之列。"),
                paragraph(f"联系人：{case.mediator.name if case.mediator else case.registered_by.name}"),
            ], "body"),
            *elements(facts),
            Section("移送回执", [
                paragraph(f"{facts.organisation}："), paragraph(f"{facts.number or case.number}移送函及所附材料已于　　年　　月　　日收到。"),
                paragraph("接收单位（印章）：　　　　　　　　　　接收人：　　　　　　　　　　电话："),
            ], "receipt"),
        ],
        organisation=facts.organisation, number=facts.number, day=case.ended_on or facts.on,
    )  # fmt: skip


def urge(facts: Facts) -> Document:
    """催促履行通知: what is due, to its debtor (Order 17 Art 32; domain 3.6 row 14)."""
    one = next((one for one in facts.obligations if str(one.pk) == facts.about), None)
    if one is None:
        raise Http404("no such obligation")
    case = facts.dispute
    what = yuan(one.amount) if one.amount else one.what
    late = (facts.on - one.due_on).days
    when = f"履行期限已于{day(one.due_on)}届满，逾期{late}日" if late > 0 else f"履行期限为{day(one.due_on)}"
    return Document(
        "催促履行通知书",
        [Section("", [
            paragraph(f"{one.debtor.name}："),
            paragraph(
                f"你（单位）与{one.creditor.name}{case.get_cause_display()}争议一案（{case.number}），经本组织主持，于{effect(facts)}达成"
                f"调解协议，约定由你（单位）{instalment(one)}，{what}。{when}，至今没有收到履行的凭证。"
            ),
            paragraph("生效的调解协议对双方有约束力。请在收到本通知之日起三日内履行，并把履行凭证交本组织；有困难的，请及时与本组织联系。"),
            paragraph("逾期不履行的，对方可以依法申请支付令、申请仲裁、向人民法院起诉或者向劳动行政部门投诉；协议经仲裁审查或者司法确认的，可以申请强制执行。"),
        ], "body")],
        organisation=facts.organisation, number=facts.number, signatures=["签收人", "送达人"],
    )  # fmt: skip


def follow_up(facts: Facts) -> Document:
    """案后回访记录 (D11): 对象, 方式, 时间, 内容, 是否解决, 满意度 (domain F1)."""
    call = next((call for call in facts.calls if str(call.pk) == facts.about), None)
    if call is None:
        raise Http404("no such follow-up")
    case = facts.dispute
    return Document(
        "调解案件回访记录",
        [Section("", [sheet([
            ("案号", case.number), ("回访对象", joined([names_of(facts.applicants), names_of(facts.respondents)])),
            ("调解结果", f"{case.get_outcome_display()}，{day(case.ended_on)}" if case.outcome else ""),
            ("回访方式", call.get_way_display()), ("回访时间", day(call.done_at)),
            ("是否按约履行", "是" if call.resolved else "否"), ("满意度", call.get_satisfaction_display() if call.satisfaction else "没有评价"),
            ("回访内容", call.note), ("回访人", call.done_by.name if call.done_by else ""),
        ])], "facts"), Section("", [paragraph("回访人没有参加本案的调解。")])],
        organisation=facts.organisation, number=case.number, signatures=["回访人", "负责人"], day=timezone.localdate(call.done_at),
    )  # fmt: skip


def closing(facts: Facts) -> Document:
    """结案报告: how it came, went and ended; nothing of what one side said alone."""
    case, found = facts.dispute, facts.agreement
    held = list(case.sessions.order_by("number"))
    days = (case.ended_on - case.accepted_on).days if case.ended_on and case.accepted_on else None
    talks = f"共调解{len(held)}次：" + joined(
        (f"第{one.number}次{one.get_kind_display()}（{day(one.held_at)}）" for one in held), "，"
    ) + "。" if held else "没有进行调解。"  # fmt: skip
    sections = [
        Section("", [sheet([
            ("案号", case.number), ("申请人", names_of(facts.applicants)), ("被申请人", names_of(facts.respondents)),
            ("案由", case.get_cause_display()), ("来源", case.get_source_display()), ("涉及人数", f"{case.people_count}人"),
            ("请求金额", yuan(case.amount_claimed) if case.amount_claimed else ""), ("收到日期", day(case.received_on)),
            ("受理日期", day(case.accepted_on) if case.accepted_on else ""),
            ("调解员", case.mediator.name if case.mediator else ""),
            ("结果", joined([case.get_outcome_display(), _why(facts)], "，")), ("结案日期", day(case.ended_on)),
            ("调解用时", f"{days}日" if days is not None else ""),
        ])], "facts"),
        Section("一、争议和请求", [*lines(case.claims), *lines(case.facts)], "claims"),
        *elements(facts),
        Section("二、调解经过", [paragraph(talks)], "talks"),
    ]  # fmt: skip
    if found is not None and found.has_effect:
        sections.append(Section("三、协议和履行", _performance(facts), "performance"))
    calls = [
        paragraph(f"{day(call.done_at)}{call.get_way_display()}回访：{'已按约履行' if call.resolved else '没有履行或者仍有问题'}"
                  f"{'，' + call.get_satisfaction_display() if call.satisfaction else ''}。{call.note}")
        for call in facts.calls
    ]  # fmt: skip
    sections.append(
        Section(
            "四、案后回访" if found and found.has_effect else "三、案后回访",
            calls or [paragraph("还没有回访。")],
            "calls",
        )
    )
    return Document(
        "劳动争议调解结案报告", sections, organisation=facts.organisation, number=facts.number,
        signatures=["承办人", "审核人", "负责人"],
    )  # fmt: skip


def _why(facts: Facts) -> str:
    case = facts.dispute
    match case.outcome:
        case Outcome.FAILED:
            return str(case.get_fail_reason_display())
        case Outcome.NOT_ACCEPTED:
            return str(case.get_refusal_reason_display())
        case Outcome.TRANSFERRED:
            return joined([case.get_transfer_reason_display(), case.transferred_to], "，")
    return ""


def _performance(facts: Facts) -> list[Block]:
    found = facts.agreement
    assert found is not None
    columns = [
        Column("履行内容", width=13), Column("金额（元）", "money", 10), Column("履行期限", "date", 14), Column("履行日期", "date", 14),
        Column("凭证", width=10),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [instalment(one), one.amount, one.due_on, one.fulfilled_on, _proof(one)] for one in facts.obligations
    ]
    marks = joined(f"{Mark(mark).label}（{day(getattr(found, name))}）" for mark, (name, _scan) in MARKS.items())
    confirmed = [
        paragraph(
            f"{one.get_kind_display()}：{one.body}，{one.get_state_display()}{'，' + one.number if one.number else ''}。"
        )
        for one in found.confirmations.all()
    ]
    return [
        paragraph(f"双方于{day(found.effective_on)}达成协议，金额{yuan(found.total)}。{stopped(found.result)}"),
        paragraph(f"签章：{marks}。"), Table("履行情况", columns, rows), *confirmed,
    ]  # fmt: skip


def _proof(one: Obligation) -> str:
    if one.fulfilled_on is None:
        return "没有履行"
    return one.proof_note or ("有凭证" if one.proof_id else "")


def major(facts: Facts) -> Document:
    """重大劳动争议呈报表 (D15): 单位, 人数, 诉求, 风险, 措施, 报送 (DB3305)."""
    case = facts.dispute
    amounts = yuan(case.amount_claimed) if case.amount_claimed else ""
    return Document(
        "重大劳动争议呈报表",
        [Section("", [sheet([
            ("报送单位", facts.organisation), ("报送", str(facts.answers.get("to") or "")), ("案号", case.number),
            ("用人单位", names_of(facts.respondents)), ("涉及人数", f"{case.people_count}人"), ("案由", case.get_cause_display()),
            ("等级", case.get_grade_display()), ("诉求", case.claims), ("金额", amounts),
            ("代表人", joined(one.name for one in facts.elected)), ("目前状态", case.get_state_display()),
            ("基本情况", case.facts), ("风险研判", str(facts.answers.get("risk") or "")),
            ("已采取和拟采取的措施", str(facts.answers.get("measures") or "")),
            ("承办人", case.mediator.name if case.mediator else case.registered_by.name),
        ])], "facts"), Section("", [sheet([("单位负责人意见", "\n"), ("上级意见", "\n")], whole=True)], "opinions")],
        organisation=facts.organisation, number=facts.number, signatures=["填表人", "负责人"],
    )  # fmt: skip
