"""Choices of labour-dispute mediation, and the transition tables of a dispute and of a confirmation (domain 3.6)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of
from unionops.org.enums import Role

from .law.limitation import InterruptionKind, SuspensionReason
from .law.profiles import Profile as RuleProfile  # noqa: F401 -- one list of profiles: that of the law


class Source(TextChoices):
    """How a dispute came to the centre (domain 3.6 row 1)."""

    WINDOW = "window", pgettext_lazy("争议来源", "窗口接待")
    VISIT = "visit", pgettext_lazy("争议来源", "走访诉求")
    SCREENING = "screening", pgettext_lazy("争议来源", "日常排查")
    HOTLINE = "hotline", pgettext_lazy("争议来源", "热线")
    COURT = "court", pgettext_lazy("争议来源", "法院委派委托")
    ARBITRATION = "arbitration", pgettext_lazy("争议来源", "仲裁委托")
    INSPECTION = "inspection", pgettext_lazy("争议来源", "监察移交")
    SELF_SERVICE = "self_service", pgettext_lazy("争议来源", "职工自助申请")


# Nobody has applied: the centre offers mediation, and both sides must consent (domain 3.6 row 3).
OFFERED_SOURCES = frozenset({Source.SCREENING})


class ApplicationForm(TextChoices):
    WRITTEN = "written", _("书面申请")
    ORAL = "oral", _("口头申请（当场记录）")
    COMMISSION = "commission", _("委派或委托函")
    NONE = "none", _("无申请（主动调解）")


class CaseGrade(TextChoices):
    SIMPLE = "simple", _("简易")
    GENERAL = "general", pgettext_lazy("争议等级", "一般")
    MAJOR = "major", _("重大")


class ContractState(TextChoices):
    """What the elements form says of the written contract (劳动合同法 10, 14, 82)."""

    FIXED = "fixed", _("固定期限")
    OPEN = "open", _("无固定期限")
    TASK = "task", _("以完成一定任务为期限")
    NONE = "none", _("没有书面合同")


class Side(TextChoices):
    APPLICANT = "applicant", _("申请人")
    RESPONDENT = "respondent", _("被申请人")
    THIRD = "third", _("第三人")


# The two between whom there is mediation; a third party is heard but has no side of its own in the talks.
OPPOSED = (Side.APPLICANT, Side.RESPONDENT)


class PartyKind(TextChoices):
    PERSON = "person", pgettext_lazy("当事人类别", "个人")
    ENTERPRISE = "enterprise", pgettext_lazy("当事人类别", "用人单位")


class Consent(TextChoices):
    GIVEN = "given", _("同意调解")
    REFUSED = "refused", _("不同意调解")


class ContactWay(TextChoices):
    PHONE = "phone", _("电话")
    FACE = "face", _("当面")
    WRITING = "writing", _("书面")
    ONLINE = "online", _("线上")


class AgentKind(TextChoices):
    LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
    LAWYER = "lawyer", pgettext_lazy("代理人", "律师")
    UNION = "union", pgettext_lazy("代理人", "工会代理")
    RELATIVE = "relative", _("近亲属")
    STAFF = "staff", _("单位工作人员")
    GUARDIAN = "guardian", _("法定代理人")


class Power(TextChoices):
    """What a power of attorney allows: settlement asks for the special one (调解仲裁法 24, 民事诉讼法 62)."""

    GENERAL = "general", _("一般授权")
    SPECIAL = "special", _("特别授权")


class Seat(TextChoices):
    """What somebody does in the joint team of a case (domain 3.10)."""

    MEDIATOR = "mediator", pgettext_lazy("办案角色", "调解员")
    GOLD_MEDIATOR = "gold_mediator", _("金牌调解员")
    STREET_MEDIATOR = "street_mediator", _("街道调解员")
    UNION = "union", _("工会代表")
    JUDGE = "judge", _("法官")
    ARBITRATOR = "arbitrator", _("仲裁员")
    LAWYER = "lawyer", pgettext_lazy("办案角色", "律师")


class PartOfDay(TextChoices):
    WHOLE = "whole", _("全天")
    MORNING = "morning", _("上午")
    AFTERNOON = "afternoon", _("下午")


# Who mediates; only these hear what one side says alone.
MEDIATING_SEATS = frozenset({Seat.MEDIATOR, Seat.GOLD_MEDIATOR, Seat.STREET_MEDIATOR})
# Who may stand for one side.
PARTISAN_SEATS = frozenset({Seat.UNION, Seat.LAWYER})


class InterestKind(TextChoices):
    """Why somebody does not mediate (特邀调解规定 15; domain 3.6, hard rules)."""

    OWN_FIRM = "own_firm", _("本单位或曾任职单位")
    KIN = "kin", _("近亲属")
    ACTED_FOR = "acted_for", _("曾代理一方")
    OTHER = "other", _("其他关系")


class SessionKind(TextChoices):
    BACK_TO_BACK = "back_to_back", _("背对背")
    FACE_TO_FACE = "face_to_face", _("面对面")
    ONLINE = "online", _("线上")
    SITE = "site", _("上门")


class OfferKind(TextChoices):
    DEMAND = "demand", _("要求")
    OFFER = "offer", _("出价")


class ObligationKind(TextChoices):
    PAY = "pay", _("付款")
    DELIVER = "deliver", _("交付材料或物品")
    ACT = "act", _("办理手续或其他行为")


class Mark(TextChoices):
    """The four without which an agreement has no effect (调解仲裁法 14; domain 3.6 row 12)."""

    APPLICANT = "applicant", _("申请人签名或盖章")
    RESPONDENT = "respondent", _("被申请人签名或盖章")
    MEDIATOR = "mediator", _("调解员签名")
    SEAL = "seal", _("调解组织印章")


class RefusalReason(TextChoices):
    """Why a case is not accepted (domain 3.6 row 5)."""

    SCOPE = "scope", _("不属于受理范围")
    NO_CONSENT = "no_consent", _("一方不同意调解")
    ELSEWHERE = "elsewhere", _("已进入仲裁或诉讼")
    PARTY = "party", _("当事人不适格")


class FailReason(TextChoices):
    """Why mediation ended without agreement (domain 3.6 row 17)."""

    REFUSED = "refused", _("一方不愿继续")
    GAP = "gap", _("差距过大")
    NO_CONTACT = "no_contact", _("联系不上")
    TERM = "term", _("期限届满未延期")


class TransferReason(TextChoices):
    DANGER = "danger", _("有激化风险")
    CRIME = "crime", _("涉嫌犯罪")
    INSPECTION = "inspection", _("属于监察事项")
    WRONG_PLACE = "wrong_place", _("管辖不对")


class PauseReason(TextChoices):
    """Why mediation rests (domain 3.6 row 9); every one of these stops the clock."""

    APPRAISAL = "appraisal", _("等待鉴定")
    WORK_INJURY = "work_injury", _("等待工伤认定")
    DEATH = "death", _("当事人死亡或终止，等待承继")
    RELATED_CASE = "related_case", _("等待关联案件结果")


class Route(TextChoices):
    """What stays open after a breach (domain 3.6 row 16)."""

    PAYMENT_ORDER = "payment_order", _("申请支付令")
    ARBITRATION = "arbitration", _("申请仲裁")
    SUIT = "suit", _("提起诉讼")
    ENFORCEMENT = "enforcement", _("申请强制执行")
    INSPECTION = "inspection", _("投诉劳动监察")
    NONE = "none", _("申请人不再追究")


class Outcome(TextChoices):
    """How the mediation ended; the success rate is counted from these (domain 3.9)."""

    AGREED = "agreed", _("达成协议")
    SETTLED = "settled", _("自行和解撤回")
    FAILED = "failed", pgettext_lazy("调解结果", "调解不成")
    WITHDRAWN = "withdrawn", pgettext_lazy("调解结果", "撤回")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("调解结果", "不予受理")
    TRANSFERRED = "transferred", pgettext_lazy("调解结果", "移送")


SUCCESSFUL = frozenset({Outcome.AGREED, Outcome.SETTLED})


class LimitationKind(TextChoices):
    """What the log of the limitation holds: the law's interruptions, its reasons to suspend, and the end of such a reason."""

    CLAIM = InterruptionKind.CLAIM.value, InterruptionKind.CLAIM.label
    COMPLAINT = InterruptionKind.COMPLAINT.value, InterruptionKind.COMPLAINT.label
    ARBITRATION = InterruptionKind.ARBITRATION.value, InterruptionKind.ARBITRATION.label
    SUIT = InterruptionKind.SUIT.value, InterruptionKind.SUIT.label
    PAYMENT_ORDER = InterruptionKind.PAYMENT_ORDER.value, InterruptionKind.PAYMENT_ORDER.label
    PROMISE = InterruptionKind.PROMISE.value, InterruptionKind.PROMISE.label
    NEGOTIATION_REFUSED = InterruptionKind.NEGOTIATION_REFUSED.value, InterruptionKind.NEGOTIATION_REFUSED.label
    NEGOTIATION_LEFT = InterruptionKind.NEGOTIATION_LEFT.value, InterruptionKind.NEGOTIATION_LEFT.label
    NEGOTIATION_EXPIRED = InterruptionKind.NEGOTIATION_EXPIRED.value, InterruptionKind.NEGOTIATION_EXPIRED.label
    SETTLEMENT_BROKEN = InterruptionKind.SETTLEMENT_BROKEN.value, InterruptionKind.SETTLEMENT_BROKEN.label
    MEDIATION_REFUSED = InterruptionKind.MEDIATION_REFUSED.value, InterruptionKind.MEDIATION_REFUSED.label
    MEDIATION_LEFT = InterruptionKind.MEDIATION_LEFT.value, InterruptionKind.MEDIATION_LEFT.label
    MEDIATION_EXPIRED = InterruptionKind.MEDIATION_EXPIRED.value, InterruptionKind.MEDIATION_EXPIRED.label
    AGREEMENT_BROKEN = InterruptionKind.AGREEMENT_BROKEN.value, InterruptionKind.AGREEMENT_BROKEN.label
    FORCE_MAJEURE = SuspensionReason.FORCE_MAJEURE.value, SuspensionReason.FORCE_MAJEURE.label
    NO_REPRESENTATIVE = SuspensionReason.NO_REPRESENTATIVE.value, SuspensionReason.NO_REPRESENTATIVE.label
    OTHER = SuspensionReason.OTHER.value, SuspensionReason.OTHER.label
    RESUMED = "resumed", _("中止原因消除")


SUSPENDING = frozenset(SuspensionReason.values)


class DisputeState(TextChoices):
    REGISTERED = "registered", _("已登记")
    CONSENT_PENDING = "consent_pending", _("征询意愿")
    ACCEPTED = "accepted", pgettext_lazy("争议状态", "已受理")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("争议状态", "不予受理")
    MEDIATING = "mediating", _("调解中")
    SUSPENDED = "suspended", pgettext_lazy("争议状态", "中止")
    AGREED = "agreed", _("协议待生效")
    EFFECTIVE = "effective", _("协议履行中")
    FULFILLED = "fulfilled", _("履行完毕")
    BREACHED = "breached", _("未履行")
    FAILED = "failed", pgettext_lazy("争议状态", "调解不成")
    WITHDRAWN = "withdrawn", pgettext_lazy("争议状态", "已撤回")
    TRANSFERRED = "transferred", pgettext_lazy("争议状态", "已移送")
    ARCHIVED = "archived", _("已归档")


S = DisputeState
# Only the sealed file has left everybody's hands.
END_STATES = frozenset({S.ARCHIVED})
# Nothing is left to do for the parties; what remains is the file.
OVER_STATES = frozenset({S.FULFILLED, S.FAILED, S.WITHDRAWN, S.NOT_ACCEPTED, S.TRANSFERRED})
BEFORE_EFFECT = (S.REGISTERED, S.CONSENT_PENDING, S.ACCEPTED, S.MEDIATING, S.SUSPENDED, S.AGREED)
AFTER_EFFECT = (S.EFFECTIVE, S.FULFILLED, S.BREACHED)
# While there is somebody to meet.
BOOKED_IN = frozenset({*BEFORE_EFFECT, S.EFFECTIVE, S.BREACHED})

# The stepper of the case page: each step and the states in which the case stands on it.
STEPS: tuple[tuple[str, object, frozenset[str]], ...] = (
    ("register", _("登记"), frozenset({S.REGISTERED, S.CONSENT_PENDING})),
    ("accept", pgettext_lazy("步骤", "受理"), frozenset({S.ACCEPTED, S.NOT_ACCEPTED})),
    ("mediate", _("调解"), frozenset({S.MEDIATING, S.SUSPENDED, S.FAILED, S.WITHDRAWN, S.TRANSFERRED})),
    ("agree", _("协议"), frozenset({S.AGREED})),
    ("fulfil", _("履行"), frozenset(AFTER_EFFECT)),
    ("archive", _("归档"), frozenset({S.ARCHIVED})),
)


class Relation(TextChoices):
    """How a person stands to a dispute; transitions name these, permissions.py decides them."""

    CASE_CLERK = "case_clerk", _("案管员")
    HEAD = "head", _("中心负责人")
    MEDIATOR = "mediator", _("本案调解员")
    REPRESENTATIVE = "representative", _("工会代表或律师")
    FOLLOW_UP = "follow_up", _("回访人")
    REGISTRAR = "registrar", pgettext_lazy("争议", "登记人")
    SYSTEM = "system", _("系统")


R = Relation


class Verb(TextChoices):
    ASK_CONSENT = "ask_consent", _("征询意愿")
    ACCEPT = "accept", pgettext_lazy("争议动作", "受理")
    REFUSE = "refuse", pgettext_lazy("争议动作", "不予受理")
    ASSIGN = "assign", _("指派调解员")
    HOLD_SESSION = "hold_session", _("记一次调解")
    EXTEND = "extend", _("延期")
    SUSPEND = "suspend", _("中止调解")
    RESUME = "resume", _("恢复调解")
    AGREE = "agree", _("拟定协议")
    TALK_AGAIN = "talk_again", _("撤回签名，继续调解")
    MAKE_EFFECTIVE = "make_effective", _("协议生效")
    FINISH = "finish", _("履行完毕")
    BREACH = "breach", _("登记未履行")
    FINISH_LATE = "finish_late", _("逾期履行完毕")
    CHOOSE_ROUTE = "choose_route", _("选择救济途径")
    FAIL = "fail", _("终止调解")
    WITHDRAW = "withdraw", _("撤回申请")
    TRANSFER = "transfer", pgettext_lazy("争议动作", "移送")
    ARCHIVE = "archive", _("归档")
    REOPEN = "reopen", _("重启案件")


DESK = (R.CASE_CLERK, R.HEAD)

# domain.md 3.6; the row number stands in `rule`. Row 1 is the birth of the row: `actions.intake.register`.
TRANSITIONS = table_of(
    Transition(Verb.ASK_CONSENT, Verb.ASK_CONSENT.label, (S.REGISTERED,), (S.CONSENT_PENDING,), DESK, "3.6-2", "telephone", usual=True),
    Transition(Verb.ACCEPT, Verb.ACCEPT.label, (S.REGISTERED, S.CONSENT_PENDING), (S.ACCEPTED,), DESK, "3.6-3/4", "check2-circle", usual=True),
    Transition(Verb.REFUSE, Verb.REFUSE.label, (S.CONSENT_PENDING,), (S.NOT_ACCEPTED,), DESK, "3.6-5", "x-circle"),
    Transition(Verb.ASSIGN, Verb.ASSIGN.label, (S.ACCEPTED,), (S.MEDIATING,), (R.HEAD,), "3.6-6", "person-check", usual=True),
    Transition(Verb.HOLD_SESSION, Verb.HOLD_SESSION.label, (S.MEDIATING,), (S.MEDIATING,), (R.MEDIATOR,), "3.6-7", "chat-square-text", usual=True),
    Transition(Verb.EXTEND, Verb.EXTEND.label, (S.MEDIATING,), (S.MEDIATING,), (R.MEDIATOR,), "3.6-8", "calendar-week"),
    Transition(Verb.SUSPEND, Verb.SUSPEND.label, (S.MEDIATING,), (S.SUSPENDED,), (R.HEAD,), "3.6-9", "pause-circle"),
    Transition(Verb.RESUME, Verb.RESUME.label, (S.SUSPENDED,), (S.MEDIATING,), (R.HEAD,), "3.6-10", "play-circle", usual=True),
    # A draft that is drawn up anew before anything has effect is the next version of the same agreement.
    Transition(Verb.AGREE, Verb.AGREE.label, (S.MEDIATING, S.AGREED), (S.AGREED,), (R.MEDIATOR,), "3.6-11", "file-earmark-text", usual=True),
    # Until the fourth mark stands either side may take its signature back; then there is mediation again.
    Transition(Verb.TALK_AGAIN, Verb.TALK_AGAIN.label, (S.AGREED,), (S.MEDIATING,), (R.MEDIATOR,), "3.6-11", "arrow-counterclockwise"),
    Transition(Verb.MAKE_EFFECTIVE, Verb.MAKE_EFFECTIVE.label, (S.AGREED,), (S.EFFECTIVE,), DESK, "3.6-12", "patch-check", usual=True),
    Transition(Verb.FINISH, Verb.FINISH.label, (S.EFFECTIVE,), (S.FULFILLED,), DESK, "3.6-13", "check2-all", usual=True),
    Transition(Verb.BREACH, Verb.BREACH.label, (S.EFFECTIVE,), (S.BREACHED,), DESK, "3.6-14", "exclamation-triangle"),
    Transition(Verb.FINISH_LATE, Verb.FINISH_LATE.label, (S.BREACHED,), (S.FULFILLED,), DESK, "3.6-15", "check2-all"),
    Transition(Verb.CHOOSE_ROUTE, Verb.CHOOSE_ROUTE.label, (S.BREACHED,), (S.TRANSFERRED, S.ARCHIVED), (R.REPRESENTATIVE, *DESK), "3.6-16", "signpost-split", usual=True),
    Transition(Verb.FAIL, Verb.FAIL.label, (S.MEDIATING,), (S.FAILED,), (R.MEDIATOR,), "3.6-17", "slash-circle"),
    Transition(Verb.WITHDRAW, Verb.WITHDRAW.label, BEFORE_EFFECT, (S.WITHDRAWN,), (R.MEDIATOR, *DESK), "3.6-18", "arrow-return-left"),
    Transition(Verb.TRANSFER, Verb.TRANSFER.label, (S.REGISTERED, S.CONSENT_PENDING, S.ACCEPTED, S.MEDIATING), (S.TRANSFERRED,), (R.HEAD,), "3.6-19", "box-arrow-up-right"),
    Transition(Verb.ARCHIVE, Verb.ARCHIVE.label, (S.FULFILLED, S.FAILED, S.WITHDRAWN, S.NOT_ACCEPTED, S.TRANSFERRED), (S.ARCHIVED,), DESK, "3.6-20", "archive", usual=True),
    # Back to where the case was taken up: accepted once, or not yet.
    Transition(Verb.REOPEN, Verb.REOPEN.label, (S.ARCHIVED,), (S.REGISTERED, S.ACCEPTED), (R.HEAD,), "3.6-21", "arrow-counterclockwise"),
)  # fmt: skip


class ConfirmationKind(TextChoices):
    ARBITRATION_REVIEW = "arbitration_review", _("仲裁审查确认")
    JUDICIAL = "judicial", _("司法确认")
    PAYMENT_ORDER = "payment_order", _("支付令")


# Asked for by both parties together, within a window that opens when the agreement has effect (domain 3.3).
JOINT_KINDS = frozenset({ConfirmationKind.ARBITRATION_REVIEW, ConfirmationKind.JUDICIAL})


class ConfirmationState(TextChoices):
    APPLIED = "applied", _("已申请")
    ACCEPTED = "accepted", pgettext_lazy("确认状态", "已受理")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("不予确认")
    WITHDRAWN = "withdrawn", pgettext_lazy("确认状态", "已撤回")


C = ConfirmationState
LIVE_CONFIRMATIONS = (C.APPLIED, C.ACCEPTED, C.CONFIRMED)


class ConfirmationVerb(TextChoices):
    ACCEPT = "accept", pgettext_lazy("确认动作", "登记受理")
    CONFIRM = "confirm", pgettext_lazy("确认动作", "登记确认")
    REFUSE = "refuse", pgettext_lazy("确认动作", "登记不予确认")
    WITHDRAW = "withdraw", pgettext_lazy("确认动作", "撤回申请")


# The side machine of domain 3.6, C1-C4. C1 is the birth of the row: `actions.confirmations.apply`.
CONFIRMATION_TRANSITIONS = table_of(
    Transition(ConfirmationVerb.ACCEPT, ConfirmationVerb.ACCEPT.label, (C.APPLIED,), (C.ACCEPTED,), DESK, "3.6-C2", "inbox", usual=True),
    Transition(ConfirmationVerb.CONFIRM, ConfirmationVerb.CONFIRM.label, (C.ACCEPTED,), (C.CONFIRMED,), DESK, "3.6-C3", "patch-check", usual=True),
    Transition(ConfirmationVerb.REFUSE, ConfirmationVerb.REFUSE.label, (C.APPLIED, C.ACCEPTED), (C.REFUSED,), DESK, "3.6-C4", "x-circle"),
    Transition(ConfirmationVerb.WITHDRAW, ConfirmationVerb.WITHDRAW.label, (C.APPLIED, C.ACCEPTED), (C.WITHDRAWN,), DESK, "3.6-C4", "arrow-return-left"),
)  # fmt: skip


class ShareKind(TextChoices):
    """Why a partner organisation sees a case (domain 3.10): to work with the centre, or by a letter that it answers."""

    JOINT = "joint", _("联合调解")
    REFERRAL = "referral", _("移送函")
    COMMISSION = "commission", _("委托函")


class ShareState(TextChoices):
    SENT = "sent", _("等对方答复")
    ACCEPTED = "accepted", pgettext_lazy("函件状态", "已接受")
    REFUSED = "refused", pgettext_lazy("函件状态", "不接受")
    RETURNED = "returned", pgettext_lazy("函件状态", "已退回")


class ShareVerb(TextChoices):
    ACCEPT = "accept", pgettext_lazy("函件动作", "接受")
    REFUSE = "refuse", pgettext_lazy("函件动作", "不接受")
    RETURN = "return", pgettext_lazy("函件动作", "退回")


# Who answers is the organisation itself: an account posted there, or the person to whom a link was sent.
SHARE_TRANSITIONS = table_of(
    Transition(ShareVerb.ACCEPT, ShareVerb.ACCEPT.label, (ShareState.SENT,), (ShareState.ACCEPTED,), (), "3.10", "check2-circle", usual=True),
    Transition(ShareVerb.REFUSE, ShareVerb.REFUSE.label, (ShareState.SENT,), (ShareState.REFUSED,), (), "3.10", "x-circle"),
    Transition(ShareVerb.RETURN, ShareVerb.RETURN.label, (ShareState.ACCEPTED,), (ShareState.RETURNED,), (), "3.10", "arrow-return-left"),
)  # fmt: skip


class RecusalState(TextChoices):
    """回避: somebody of a team says so of themselves, or a party asks for it and the head decides (特邀调解规定 15)."""

    DECLARED = "declared", _("本人申报")
    ASKED = "asked", _("等负责人决定")
    GRANTED = "granted", _("决定回避")
    DECLINED = "declined", _("驳回申请")


class RecusalVerb(TextChoices):
    GRANT = "grant", _("决定回避")
    DECLINE = "decline", _("驳回申请")


# Decided by the head, and of the head's own seat by the leader.
RECUSAL_TRANSITIONS = table_of(
    Transition(RecusalVerb.GRANT, RecusalVerb.GRANT.label, (RecusalState.ASKED,), (RecusalState.GRANTED,), (R.HEAD,), "3.1", "person-x", usual=True),
    Transition(RecusalVerb.DECLINE, RecusalVerb.DECLINE.label, (RecusalState.ASKED,), (RecusalState.DECLINED,), (R.HEAD,), "3.1", "x-circle"),
)  # fmt: skip

# From this many claimants with one claim a case is collective (调解仲裁法 7) and its leader hears of it the same day.
COLLECTIVE_FROM = 10
# 3 to 5 elected representatives speak for them (浙江条例 40), before a panel.
FEWEST_REPRESENTATIVES, MOST_REPRESENTATIVES = 3, 5
SMALLEST_PANEL = 2
# Mediated files are kept this long unless the archive says otherwise (domain 3.8).
RETENTION_YEARS = 10
# The agreement is made out for both parties and the organisation (Order 17 Art 26).
COPIES = 3
# An obligation is asked about this many days after its date, and the whole this many days after the last (domain F1).
FOLLOW_UP_AFTER_DUE = 3
FOLLOW_UP_AFTER_FULFILMENT = 30

# Roles that may register a dispute for a centre of their district (domain 3.6 row 1).
REGISTERING_ROLES = frozenset(
    {Role.HANDLER, Role.HEAD, Role.MEDIATOR, Role.LIAISON, Role.TOWN, Role.CLERK, Role.LEADER}
)

# What each step puts on the clock; the lengths are rows of casework.Term.
TERM_ACCEPT = "dispute.accept"
TERM_CONTACT = "dispute.contact"
TERM_MEDIATE = "dispute.mediate"
TERM_ARCHIVE = "dispute.archive"
TERM_WINDOW = "dispute.window"
TERM_DECIDE = "dispute.decide"
TERM_PERFORM = "dispute.perform"
TERM_BREACH = "dispute.breach"
