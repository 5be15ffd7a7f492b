"""States and steps of a claim (domain 4.1, 4.2, 4.16)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of

from ..enums import Relation


class ClaimState(TextChoices):
    SUBMITTED = "submitted", _("已申请")
    SUPPLEMENT = "supplement", _("待补材料")
    CHECKED = "checked", _("已初审")
    VISITED = "visited", _("已入户")
    VERIFIED = "verified", _("已核对")
    # Whoever was taken on does nothing for a while (domain 1.H, C09: active → paused → left).
    PAUSED = "paused", pgettext_lazy("申领状态", "已暂停")
    AUDITED = "audited", _("已经审")
    PUBLISHED = "published", _("公示中")
    OBJECTED = "objected", _("有异议")
    CLEARED = "cleared", _("公示无异议")
    APPROVED = "approved", _("已审批")
    PAYING = "paying", _("发放中")
    PAID = "paid", _("已发放")
    RETURNED = "returned", _("银行退回")
    SIGNED = "signed", _("已签收")
    # Booked, and it goes on: a member, a club, a title, an aid that is looked at again each year.
    HELD = "held", pgettext_lazy("申领状态", "在册")
    CLOSED = "closed", pgettext_lazy("申领状态", "已结")
    REFUSED = "refused", _("不予批准")
    WITHDRAWN = "withdrawn", pgettext_lazy("申领状态", "已撤回")


S = ClaimState
END_STATES = frozenset({S.CLOSED, S.REFUSED, S.WITHDRAWN})


class ClaimVerb(TextChoices):
    ASK_MORE = "ask_more", _("要求补材料")
    SUPPLEMENT = "supplement", _("补齐材料")
    CHECK = "check", _("初审")
    VISIT = "visit", _("入户核实")
    VERIFY = "verify", _("核对")
    PAUSE = "pause", pgettext_lazy("申领动作", "暂停")
    RESUME = "resume", pgettext_lazy("申领动作", "恢复")
    AUDIT = "audit", _("经审")
    PUBLISH = "publish", _("公示")
    OBJECT = "object", _("登记异议")
    SETTLE_OBJECTION = "settle_objection", _("处理异议")
    CLEAR = "clear", _("结束公示")
    APPROVE = "approve", _("审批")
    PAY = "pay", _("交银行发放")
    CONFIRM_PAID = "confirm_paid", _("登记到账")
    BANK_RETURN = "bank_return", _("登记银行退回")
    PAY_AGAIN = "pay_again", _("重新发放")
    SIGN = "sign", _("登记签收")
    ACCOUNT = "account", _("入账结案")
    REVIEW = "review", pgettext_lazy("申领动作", "复核")
    EXIT = "exit", pgettext_lazy("申领动作", "退出")
    REFUSE = "refuse", pgettext_lazy("申领动作", "不予批准")
    WITHDRAW = "withdraw", pgettext_lazy("申领动作", "撤回")
    CANCEL = "cancel", _("撤销发放")


V, R = ClaimVerb, Relation
DESK, LOCAL = (R.DESK,), (R.DESK, R.TOWN)
BEFORE_APPROVAL = (
    S.SUBMITTED,
    S.SUPPLEMENT,
    S.CHECKED,
    S.VISITED,
    S.VERIFIED,
    S.PAUSED,
    S.PUBLISHED,
    S.OBJECTED,
    S.CLEARED,
    S.AUDITED,
)

TRANSITIONS = table_of(
    Transition(V.CHECK, V.CHECK.label, (S.SUBMITTED,), (S.CHECKED,), LOCAL, "4.1", "check2-circle", usual=True),
    Transition(V.ASK_MORE, V.ASK_MORE.label, (S.SUBMITTED, S.CHECKED), (S.SUPPLEMENT,), LOCAL, "4.1", "arrow-return-left"),
    Transition(V.SUPPLEMENT, V.SUPPLEMENT.label, (S.SUPPLEMENT,), (S.SUBMITTED,), (*LOCAL, R.REGISTRAR), "4.1", "paperclip", usual=True),
    Transition(V.VISIT, V.VISIT.label, (S.SUBMITTED, S.CHECKED), (S.VISITED,), LOCAL, "4.1", "house-door", usual=True),
    Transition(V.VERIFY, V.VERIFY.label, (S.SUBMITTED, S.CHECKED, S.VISITED), (S.VERIFIED,), DESK, "4.1", "patch-check", usual=True),
    Transition(V.PAUSE, V.PAUSE.label, (S.VERIFIED,), (S.PAUSED,), LOCAL, "C09", "pause-circle"),
    Transition(V.RESUME, V.RESUME.label, (S.PAUSED,), (S.VERIFIED,), LOCAL, "C09", "play-circle", usual=True),
    Transition(V.PUBLISH, V.PUBLISH.label, (S.SUBMITTED, S.CHECKED, S.VISITED, S.VERIFIED), (S.PUBLISHED,), DESK, "4.1", "megaphone", usual=True),
    Transition(V.OBJECT, V.OBJECT.label, (S.PUBLISHED,), (S.OBJECTED,), LOCAL, "4.1", "exclamation-triangle"),
    Transition(V.SETTLE_OBJECTION, V.SETTLE_OBJECTION.label, (S.OBJECTED,), (S.PUBLISHED, S.SUBMITTED, S.CHECKED, S.VISITED), DESK, "4.1", "chat-square-text", usual=True),
    Transition(V.CLEAR, V.CLEAR.label, (S.PUBLISHED,), (S.CLEARED,), DESK, "4.1", "check2", usual=True),
    Transition(V.AUDIT, V.AUDIT.label, (S.SUBMITTED, S.CHECKED, S.VISITED, S.VERIFIED, S.CLEARED), (S.AUDITED,), (R.AUDIT,), "4.7", "clipboard2-check", usual=True),
    Transition(V.APPROVE, V.APPROVE.label, (S.SUBMITTED, S.CHECKED, S.VISITED, S.VERIFIED, S.CLEARED, S.AUDITED), (S.APPROVED,), (R.LEADER, R.CHIEF), "4.1", "pencil", usual=True),
    Transition(V.PAY, V.PAY.label, (S.APPROVED,), (S.PAYING,), DESK, "4.2", "send", usual=True),
    Transition(V.CONFIRM_PAID, V.CONFIRM_PAID.label, (S.PAYING,), (S.PAID,), DESK, "4.2", "check2-all", usual=True),
    Transition(V.BANK_RETURN, V.BANK_RETURN.label, (S.PAYING, S.PAID), (S.RETURNED,), DESK, "4.2", "arrow-counterclockwise"),
    Transition(V.PAY_AGAIN, V.PAY_AGAIN.label, (S.RETURNED,), (S.PAYING,), DESK, "4.2", "send", usual=True),
    Transition(V.SIGN, V.SIGN.label, (S.APPROVED, S.PAID), (S.SIGNED,), LOCAL, "4.16", "pencil-square", usual=True),
    Transition(V.ACCOUNT, V.ACCOUNT.label, (S.SUBMITTED, S.CHECKED, S.VISITED, S.VERIFIED, S.PAUSED, S.CLEARED, S.AUDITED, S.APPROVED, S.PAID, S.SIGNED), (S.CLOSED, S.HELD), DESK, "4.16", "archive", usual=True),
    Transition(V.REVIEW, V.REVIEW.label, (S.HELD,), (S.HELD, S.CLOSED), DESK, "4.1", "arrow-repeat", usual=True),
    Transition(V.EXIT, V.EXIT.label, (S.HELD,), (S.CLOSED,), DESK, "4.1", "box-arrow-right"),
    Transition(V.REFUSE, V.REFUSE.label, BEFORE_APPROVAL, (S.REFUSED,), (R.DESK, R.LEADER, R.CHIEF), "4.1", "x-circle"),
    Transition(V.WITHDRAW, V.WITHDRAW.label, BEFORE_APPROVAL, (S.WITHDRAWN,), (*LOCAL, R.REGISTRAR), "4.1", "arrow-return-left"),
    Transition(V.CANCEL, V.CANCEL.label, (S.APPROVED, S.RETURNED), (S.WITHDRAWN,), (R.DESK, R.LEADER), "4.2", "x-octagon"),
)  # fmt: skip

# The way of a claim; a programme leaves out what it does not need.
LINE = (V.CHECK, V.VISIT, V.VERIFY, V.PUBLISH, V.CLEAR, V.AUDIT, V.APPROVE, V.PAY, V.CONFIRM_PAID, V.SIGN, V.ACCOUNT)
OPTIONAL = frozenset(
    {V.CHECK, V.VISIT, V.VERIFY, V.PUBLISH, V.CLEAR, V.AUDIT, V.APPROVE, V.PAY, V.CONFIRM_PAID, V.SIGN}
)
# Beside the line, and only with the step that they belong to.
SPARE = frozenset({V.PAUSE, V.RESUME, V.OBJECT, V.SETTLE_OBJECTION, V.BANK_RETURN, V.PAY_AGAIN, V.REVIEW, V.EXIT})
# Where a programme uses one of these, a claim that is booked stays on its books until it leaves.
AFTERWARDS = frozenset({V.REVIEW, V.EXIT})
# Nobody has anything to do with it until its review is near.
RESTING = frozenset({S.HELD})


class PayWay(TextChoices):
    """How money or goods reach somebody."""

    BANK = "bank", _("银行转账")
    # Only before two witnesses (domain 4.2).
    CASH = "cash", _("现金")
    GOODS = "goods", _("实物")


class PaymentState(TextChoices):
    SENT = "sent", _("已交银行")
    PAID = "paid", _("已到账")
    RETURNED = "returned", _("已退回")


class EntryKind(TextChoices):
    PAID = "paid", _("付款")
    REVERSED = "reversed", _("冲回")


# What may be said of a case that is not over when it is counted towards a limit of a year.
UNCOUNTED = frozenset({S.REFUSED, S.WITHDRAWN})
COMMITTED = frozenset({S.APPROVED, S.PAYING, S.PAID, S.RETURNED, S.SIGNED, S.HELD, S.CLOSED})
