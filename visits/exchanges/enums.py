"""The monthly exchange (domain 2.1, 2.9): its agenda, its states, and how a decision is brought to an end."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of


class ExchangeState(TextChoices):
    PLANNED = "planned", pgettext_lazy("月交流", "待召开")
    PUT_OFF = "put_off", pgettext_lazy("月交流", "延期")
    HELD = "held", pgettext_lazy("月交流", "已召开")
    SIGNED = "signed", pgettext_lazy("月交流", "纪要已签发")


class ExchangeVerb(TextChoices):
    HOLD = "hold", _("开会")
    PUT_OFF = "put_off", pgettext_lazy("月交流", "延期召开")
    PLAN = "plan", _("重新排期")
    SIGN = "sign", _("签发纪要")
    REOPEN = "reopen", pgettext_lazy("月交流", "退回修改")


class ExchangeRelation(TextChoices):
    """How a person stands to an exchange."""

    CHAIR = "chair", _("主持人")
    LEADER = "leader", _("分管领导")
    CLERK = "clerk", _("回访督办")


S, V, R = ExchangeState, ExchangeVerb, ExchangeRelation
EXCHANGE_END_STATES = frozenset({S.SIGNED})
OPEN_EXCHANGE_STATES = (S.PLANNED, S.PUT_OFF, S.HELD)

# domain 2.1 (the leader in charge runs the meeting and signs the minutes) and 2.9.
EXCHANGE_TRANSITIONS = table_of(
    Transition(V.HOLD, V.HOLD.label, (S.PLANNED,), (S.HELD,), (R.CHAIR, R.CLERK), "2.9", "people", usual=True),
    Transition(V.PUT_OFF, V.PUT_OFF.label, (S.PLANNED,), (S.PUT_OFF,), (R.CHAIR, R.CLERK), "2.9", "pause-circle"),
    Transition(V.PLAN, V.PLAN.label, (S.PUT_OFF,), (S.PLANNED,), (R.CHAIR, R.CLERK), "2.9", "calendar-week", usual=True),
    Transition(V.SIGN, V.SIGN.label, (S.HELD,), (S.SIGNED,), (R.CHAIR,), "2.1", "pencil-square", usual=True),
    # The minutes go back to be mended; a meeting that was opened by mistake goes back to its preparation.
    Transition(V.REOPEN, V.REOPEN.label, (S.HELD, S.SIGNED), (S.PLANNED, S.HELD), (R.CHAIR,), "2.9", "arrow-counterclockwise"),
)  # fmt: skip


class DecisionState(TextChoices):
    OPEN = "open", pgettext_lazy("议定事项", "落实中")
    REPORTED = "reported", pgettext_lazy("议定事项", "已报完成")
    DONE = "done", pgettext_lazy("议定事项", "已落实")
    WITHDRAWN = "withdrawn", pgettext_lazy("议定事项", "不再办理")


class DecisionVerb(TextChoices):
    REPORT = "report", _("报告完成")
    CONFIRM = "confirm", _("确认落实")
    RETURN = "return_back", _("退回再办")
    CHANGE = "change", _("调整责任人和期限")
    WITHDRAW = "withdraw", _("不再办理")


class DecisionRelation(TextChoices):
    OWNER = "owner", _("责任人")
    LEADER = "leader", _("分管领导")
    CLERK = "clerk", _("回访督办")


D, DV, DR = DecisionState, DecisionVerb, DecisionRelation
DECISION_END_STATES = frozenset({D.DONE, D.WITHDRAWN})

DECISION_TRANSITIONS = table_of(
    Transition(DV.REPORT, DV.REPORT.label, (D.OPEN,), (D.REPORTED,), (DR.OWNER, DR.CLERK), "2.9-1", "reply", usual=True),
    Transition(DV.CONFIRM, DV.CONFIRM.label, (D.REPORTED,), (D.DONE,), (DR.LEADER, DR.CLERK), "2.9-1", "check2-circle", usual=True),
    Transition(DV.RETURN, DV.RETURN.label, (D.REPORTED,), (D.OPEN,), (DR.LEADER, DR.CLERK), "2.9-1", "arrow-return-left"),
    Transition(DV.CHANGE, DV.CHANGE.label, (D.OPEN,), (D.OPEN,), (DR.LEADER, DR.CLERK), "2.9-1", "calendar-week"),
    Transition(DV.WITHDRAW, DV.WITHDRAW.label, (D.OPEN, D.REPORTED), (D.WITHDRAWN,), (DR.LEADER,), "2.9-1", "slash-circle"),
)  # fmt: skip


class DecisionKind(TextChoices):
    """A task has only its own record; the others take a step with an issue in the same moment."""

    TASK = "task", _("任务")
    DISPATCH = "dispatch", _("交办诉求")
    CONSULT = "consult", _("发起会诊")
    SUPERVISE = "supervise", _("督办诉求")


class Section(TextChoices):
    """The nine parts of the agenda, in the order of the meeting (domain 2.9)."""

    DECISIONS = "decisions", _("上次议定事项")
    VISITS = "visits", _("本月走访")
    NEW_ISSUES = "new_issues", _("新登记的诉求")
    TYPICAL = "typical", _("典型案例")
    UNRESOLVED = "unresolved", _("未化解和超期")
    CONSULT = "consult", _("需要会诊")
    ANSWERS = "answers", _("要带回企业的答复")
    QUESTIONS = "questions", _("常被问到的政策")
    FOCUS = "focus", _("下月重点")


# Parts whose figures are frozen; one item of each stands on an agenda.
FIGURES = frozenset({Section.VISITS, Section.NEW_ISSUES})


class Origin(TextChoices):
    """Who put an item on the agenda: the product, which may take it off again, or a person."""

    AUTO = "auto", _("自动")
    HAND = "hand", _("人工")
