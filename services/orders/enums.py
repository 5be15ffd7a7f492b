"""States and steps of an order (domain 4.6), and how somebody who is asked may answer."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of

from ..enums import Relation


class OrderState(TextChoices):
    POSTED = "posted", pgettext_lazy("派单状态", "待派单")
    PUSHED = "pushed", pgettext_lazy("派单状态", "等接单")
    ACCEPTED = "accepted", pgettext_lazy("派单状态", "已接单")
    ADVISED = "advised", pgettext_lazy("派单状态", "已远程答复")
    ON_SITE = "on_site", pgettext_lazy("派单状态", "已上门")
    CONSULTING = "consulting", pgettext_lazy("派单状态", "会诊中")
    SOLUTION = "solution", pgettext_lazy("派单状态", "已出方案")
    TRIAL = "trial", pgettext_lazy("派单状态", "试用中")
    REFERRED = "referred", pgettext_lazy("派单状态", "已转介")
    SOLVED = "solved", pgettext_lazy("派单状态", "已解决")
    PARTLY = "partly", pgettext_lazy("派单状态", "部分解决")
    UNSOLVED = "unsolved", pgettext_lazy("派单状态", "未解决")
    CONFIRMED = "confirmed", pgettext_lazy("派单状态", "对方已确认")
    CLOSED = "closed", pgettext_lazy("派单状态", "已结单")
    REFUSED = "refused", pgettext_lazy("派单状态", "不予派单")
    WITHDRAWN = "withdrawn", pgettext_lazy("派单状态", "已撤单")


S = OrderState
END_STATES = frozenset({S.CLOSED, S.REFUSED, S.WITHDRAWN})
# How it came out.
OUTCOMES = (S.SOLVED, S.PARTLY, S.UNSOLVED)
# Somebody has it and works on it.
AT_WORK = (S.ACCEPTED, S.ADVISED, S.ON_SITE, S.CONSULTING, S.SOLUTION, S.TRIAL)


class OrderVerb(TextChoices):
    PUSH = "push", pgettext_lazy("派单动作", "推送")
    ASSIGN = "assign", pgettext_lazy("派单动作", "指派")
    ACCEPT = "accept", pgettext_lazy("派单动作", "接单")
    DECLINE = "decline", pgettext_lazy("派单动作", "不接")
    TIME_OUT = "time_out", pgettext_lazy("派单动作", "超时改推")
    ADVISE = "advise", pgettext_lazy("派单动作", "远程答复")
    VISIT = "visit", pgettext_lazy("派单动作", "登记上门")
    CONVENE = "convene", pgettext_lazy("派单动作", "发起会诊")
    CONCLUDE = "conclude", pgettext_lazy("派单动作", "会诊结论")
    SOLVE = "solve", pgettext_lazy("派单动作", "出方案")
    TRY = "try", pgettext_lazy("派单动作", "登记试用")
    RECORD = "record_outcome", pgettext_lazy("派单动作", "登记结果")
    CONFIRM = "confirm", pgettext_lazy("派单动作", "登记对方确认")
    CLOSE = "close", pgettext_lazy("派单动作", "结单")
    REFER = "refer", pgettext_lazy("派单动作", "转介")
    HAND_BACK = "hand_back", pgettext_lazy("派单动作", "退单")
    REFUSE = "refuse", pgettext_lazy("派单动作", "不予派单")
    WITHDRAW = "withdraw", pgettext_lazy("派单动作", "撤单")


V, R = OrderVerb, Relation
DESK, WORKING = (R.DESK,), (R.ASSIGNEE, R.DESK)
ASKED = (R.OFFERED, R.DESK, R.LIAISON)

TRANSITIONS = table_of(
    Transition(V.PUSH, V.PUSH.label, (S.POSTED,), (S.PUSHED,), (R.DESK, R.SYSTEM), "4.6", "send", usual=True),
    Transition(V.ACCEPT, V.ACCEPT.label, (S.PUSHED,), (S.ACCEPTED,), ASKED, "4.6", "check-lg", usual=True),
    # Nobody accepts in time: the dispatcher says who goes.
    Transition(V.ASSIGN, V.ASSIGN.label, (S.POSTED, S.PUSHED), (S.ACCEPTED,), DESK, "4.6", "person-check", usual=True),
    # The next is asked; where nobody is left it goes back to the dispatcher.
    Transition(V.DECLINE, V.DECLINE.label, (S.PUSHED,), (S.PUSHED, S.POSTED), ASKED, "4.6", "x-lg"),
    Transition(V.TIME_OUT, V.TIME_OUT.label, (S.PUSHED,), (S.PUSHED, S.POSTED), (R.SYSTEM,), "4.6", "hourglass-split", on_page=False),
    Transition(V.ADVISE, V.ADVISE.label, (S.ACCEPTED,), (S.ADVISED,), WORKING, "4.6", "chat-dots", usual=True),
    Transition(V.VISIT, V.VISIT.label, (S.ACCEPTED, S.ADVISED, S.ON_SITE, S.SOLUTION, S.TRIAL), (S.ON_SITE,), WORKING, "4.6", "geo-alt"),
    Transition(V.CONVENE, V.CONVENE.label, (S.ACCEPTED, S.ADVISED, S.ON_SITE, S.TRIAL), (S.CONSULTING,), WORKING, "C30", "people"),
    Transition(V.CONCLUDE, V.CONCLUDE.label, (S.CONSULTING,), (S.SOLUTION, S.ACCEPTED), WORKING, "C30", "journal-check", usual=True),
    Transition(V.SOLVE, V.SOLVE.label, (S.ACCEPTED, S.ADVISED, S.ON_SITE), (S.SOLUTION,), WORKING, "4.6", "lightbulb", usual=True),
    Transition(V.TRY, V.TRY.label, (S.SOLUTION,), (S.TRIAL,), WORKING, "4.6", "clipboard-check", usual=True),
    Transition(V.RECORD, V.RECORD.label, (S.ACCEPTED, S.ADVISED, S.ON_SITE, S.SOLUTION, S.TRIAL, S.REFERRED), OUTCOMES, WORKING, "4.6", "check2-circle", usual=True),
    Transition(V.CONFIRM, V.CONFIRM.label, (S.SOLVED, S.PARTLY), (S.CONFIRMED,), WORKING, "4.6", "patch-check", usual=True),
    Transition(V.CLOSE, V.CLOSE.label, (S.SOLVED, S.PARTLY, S.UNSOLVED, S.CONFIRMED, S.REFERRED), (S.CLOSED,), DESK, "4.6", "archive", usual=True),
    Transition(V.REFER, V.REFER.label, (S.POSTED, S.PUSHED, S.ACCEPTED, S.ADVISED, S.ON_SITE), (S.REFERRED,), DESK, "4.6", "box-arrow-up-right"),
    Transition(V.HAND_BACK, V.HAND_BACK.label, (S.ACCEPTED, S.ADVISED, S.ON_SITE), (S.POSTED,), WORKING, "4.6", "arrow-return-left"),
    Transition(V.REFUSE, V.REFUSE.label, (S.POSTED, S.PUSHED), (S.REFUSED,), DESK, "4.6", "x-circle"),
    Transition(V.WITHDRAW, V.WITHDRAW.label, (S.POSTED, S.PUSHED, S.ACCEPTED), (S.WITHDRAWN,), (R.DESK, R.REGISTRAR, R.SYSTEM), "4.6", "arrow-counterclockwise"),
)  # fmt: skip

# The way of every order; what is done in between is beside the line, for a telephone call may be all that it takes.
LINE = (V.PUSH, V.ACCEPT, V.RECORD, V.CONFIRM, V.CLOSE)
OPTIONAL = frozenset({V.CONFIRM})
SPARE = frozenset({V.ADVISE, V.VISIT, V.CONVENE, V.CONCLUDE, V.SOLVE, V.TRY, V.REFER})


class Mode(TextChoices):
    """How an order is served (domain 4.6: 急诊单、会诊、远程、跨区域)."""

    NORMAL = "normal", pgettext_lazy("派单方式", "普通")
    URGENT = "urgent", pgettext_lazy("派单方式", "急诊单")
    PANEL = "panel", pgettext_lazy("派单方式", "会诊")
    REMOTE = "remote", pgettext_lazy("派单方式", "远程答复")
    CROSS = "cross", pgettext_lazy("派单方式", "跨区域")


class Answer(TextChoices):
    """What came of asking somebody."""

    WAITING = "waiting", pgettext_lazy("接单", "等答复")
    ACCEPTED = "accepted", pgettext_lazy("接单", "接了")
    DECLINED = "declined", pgettext_lazy("接单", "不接")
    TIMED_OUT = "timed_out", pgettext_lazy("接单", "超时未答")
    # Somebody else was quicker, or the dispatcher decided.
    OVERTAKEN = "overtaken", pgettext_lazy("接单", "别人先接了")
    RETURNED = "returned", pgettext_lazy("接单", "接后退回")


class DeclineReason(TextChoices):
    BUSY = "busy", pgettext_lazy("不接的原因", "手上忙，抽不开身")
    NOT_MINE = "not_mine", pgettext_lazy("不接的原因", "不是我的专长")
    TOO_FAR = "too_far", pgettext_lazy("不接的原因", "太远")
    CONFLICT = "conflict", pgettext_lazy("不接的原因", "要回避")
    OTHER = "other", pgettext_lazy("不接的原因", "其他")


# The trades that domain 4.6 names; what the register holds beside them is offered as well. Data of the office, not words.
TRADES = ("模具", "焊接", "数控", "注塑", "电气", "纺织", "印染", "机械", "消防")
