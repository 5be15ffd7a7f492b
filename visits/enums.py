"""Choices of the weekly visit, and the transition table of an issue (domain 2.2-2.4)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of
from unionops.org.enums import Role


class VisitMode(TextChoices):
    SITE = "site", _("实地")
    PHONE = "phone", _("电话")
    ONLINE = "online", _("线上")
    TALK = "talk", _("座谈")
    STATIONED = "stationed", _("蹲点")


class TargetType(TextChoices):
    ENTERPRISE = "enterprise", _("企业")
    TOWN = "town", _("镇街总工会")
    FEDERATION = "federation", _("行业联合会")
    STATION = "station", _("驿站")
    HOUSEHOLD = "household", _("职工家庭")
    SITE = "site", _("工地")


class Heading(TextChoices):
    """五看: the five things that a cadre looks at (domain C01)."""

    WORKERS = "workers", _("职工状态")
    UNION = "union", _("工会活力")
    EMPLOYMENT = "employment", _("劳动用工")
    HELP = "help", _("帮扶举措")
    RIGHTS = "rights", _("权益保障")


class Grade(TextChoices):
    GOOD = "good", _("良好")
    ATTENTION = "attention", pgettext_lazy("五看", "关注")
    PROBLEM = "problem", _("问题")


class Policy(TextChoices):
    REFUND = "refund", _("经费返还")
    MUTUAL_AID = "mutual_aid", _("医疗互助")
    LEGAL = "legal", _("法律服务")
    HARDSHIP = "hardship", _("困难帮扶")
    SKILLS = "skills", _("技能补贴")
    CARE_CLASS = "care_class", _("爱心托管")


class VisitState(TextChoices):
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("退回")
    LOCKED = "locked", _("已锁定")


class IssueSource(TextChoices):
    VISIT = "visit", _("走访")
    HOTLINE = "hotline", _("热线")
    HELPER = "helper", _("帮办员")
    SELF_SERVICE = "self_service", _("职工自助")
    MEETING = "meeting", _("会议")
    PETITION = "petition", _("来信来访")
    TRANSFER = "transfer", _("上级转交")


class ClaimantKind(TextChoices):
    PERSON = "person", _("职工")
    FIRM = "firm", _("企业")
    UNION = "union", _("工会")
    ANONYMOUS = "anonymous", _("匿名")


class ResultKind(TextChoices):
    RESOLVED = "resolved", _("已解决")
    PARTLY = "partly", _("部分解决")
    EXPLAINED = "explained_accepted", _("解释认可")
    PLANNED = "planned", _("纳入计划")
    NOT_SOLVABLE = "not_solvable", _("政策所限")
    UNFOUNDED = "unfounded", _("不属实")
    WITHDRAWN = "withdrawn", _("撤回")
    CONVERTED = "converted", _("转专案")
    TRANSFERRED = "transferred", _("转外部门")


# 化解 counts these results (domain 2.8); the substantive rate leaves EXPLAINED out.
RESOLVED_RESULTS = frozenset({ResultKind.RESOLVED, ResultKind.EXPLAINED})


class AnswerWay(TextChoices):
    PHONE = "phone", _("电话")
    FACE = "face", _("当面")
    WRITING = "writing", _("书面")
    ONLINE = "online", _("线上")


class PauseReason(TextChoices):
    """Only these stop the clock (domain 2.4 row 12)."""

    POLICY = "policy", _("等待政策明确")
    COURT = "court", _("等待法院或仲裁结果")
    EVIDENCE = "evidence", _("等待当事人提供材料")
    THIRD_PARTY = "third_party", _("等待第三方办理")
    OTHER = "other", _("其他（不停止计时）")


STOPS_CLOCK = frozenset(set(PauseReason) - {PauseReason.OTHER})


class IssueState(TextChoices):
    REGISTERED = "registered", _("已登记")
    EXPLAINED = "explained", pgettext_lazy("状态", "当场解释")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", pgettext_lazy("状态", "退回补正")
    DISPATCHED = "dispatched", _("已交办")
    DECLINED = "declined", pgettext_lazy("状态", "申请退单")
    HANDLING = "handling", _("办理中")
    CONSULTING = "consulting", _("会诊中")
    PLANNED = "planned", _("限期整改")
    SUSPENDED = "suspended", _("挂起")
    TRANSFERRED = "transferred", pgettext_lazy("状态", "转外部门")
    CONVERTED = "converted", pgettext_lazy("状态", "转专案")
    ANSWERED = "answered", _("已反馈")
    FOLLOWUP_DUE = "followup_due", _("待回访")
    REOPENED = "reopened", _("重办")
    CLOSED = "closed", _("办结")
    MERGED = "merged", _("已合并")
    VOID = "void", _("作废")


S = IssueState
END_STATES = frozenset({S.CLOSED, S.MERGED, S.VOID})
OPEN_STATES = tuple(state for state in S if state not in END_STATES)
# Results that stand for a step: only an issue that took it is answered with one (domain 2.4 rows 11, 13 and 14).
# A case of its own may end elsewhere.
RESULTS_OF_STATE: dict[str, frozenset[str]] = {
    S.PLANNED: frozenset({ResultKind.PLANNED}),
    S.TRANSFERRED: frozenset({ResultKind.TRANSFERRED}),
    S.CONVERTED: frozenset({ResultKind.CONVERTED, ResultKind.TRANSFERRED}),
}
UNDER_WAY = (S.HANDLING, S.CONSULTING, S.PLANNED, S.SUSPENDED, S.TRANSFERRED, S.CONVERTED)

# The stepper of the issue page: each step and the states in which the issue stands on it.
STEPS: tuple[tuple[str, object, frozenset[str]], ...] = (
    ("register", _("登记"), frozenset({S.REGISTERED, S.EXPLAINED, S.RETURNED})),
    ("submit", _("提交"), frozenset({S.SUBMITTED})),
    ("dispatch", _("交办"), frozenset({S.DISPATCHED, S.DECLINED, S.REOPENED})),
    ("sign_for", _("签收"), frozenset()),
    ("handle", _("办理"), frozenset(UNDER_WAY)),
    ("answer", _("反馈"), frozenset({S.ANSWERED})),
    ("confirm", _("回访"), frozenset({S.FOLLOWUP_DUE})),
    ("close", _("办结"), END_STATES),
)


class Relation(TextChoices):
    """How a person stands to an issue; transitions name these, permissions.py decides them."""

    REGISTRAR = "registrar", _("跟进人")
    LIAISON = "liaison", _("驻联干部")
    DISPATCHER = "dispatcher", _("交办岗")
    LEADER = "leader", _("分管领导")
    DEPARTMENT = "department", _("主办科室")
    FOLLOW_UP = "follow_up", _("回访人")
    SYSTEM = "system", _("系统")


R = Relation


class Verb(TextChoices):
    EXPLAIN = "explain", _("当场解释")
    CLOSE_EXPLAINED = "close_explained", _("解释后办结")
    SUBMIT = "submit", _("提交")
    RETURN = "return_back", _("退回补正")
    DISPATCH = "dispatch", _("交办")
    SIGN_FOR = "sign_for", _("签收")
    DECLINE = "decline", _("申请退单")
    CONSULT = "consult", _("发起会诊")
    CONCLUDE = "conclude", _("会诊结论")
    PROPOSE_PLAN = "propose_plan", _("拟整改清单")
    PLAN = "plan", _("列入限期整改")
    SUSPEND = "suspend", _("挂起")
    RESUME = "resume", _("恢复办理")
    TRANSFER = "transfer", _("转外部门")
    CONVERT = "convert", _("转专案")
    ANSWER = "answer", _("反馈结果")
    OPEN_FOLLOW_UP = "open_follow_up", _("转入回访")
    CONFIRM = "confirm", _("回访办结")
    REOPEN = "reopen", _("退回重办")
    MERGE = "merge", _("合并")
    VOID = "void", _("作废")
    APPEAL = "appeal", _("申诉重启")


# domain.md 2.4; the row number stands in `rule`.
TRANSITIONS = table_of(
    Transition(Verb.EXPLAIN, Verb.EXPLAIN.label, (S.REGISTERED,), (S.EXPLAINED,), (R.REGISTRAR, R.LIAISON), "2.4-2", "chat-text"),
    Transition(Verb.CLOSE_EXPLAINED, Verb.CLOSE_EXPLAINED.label, (S.EXPLAINED,), (S.CLOSED,), (R.REGISTRAR, R.LIAISON), "2.4-3", "check2-circle", usual=True),
    Transition(Verb.SUBMIT, Verb.SUBMIT.label, (S.REGISTERED, S.EXPLAINED, S.RETURNED), (S.SUBMITTED,), (R.REGISTRAR, R.LIAISON), "2.4-4", "send", usual=True),
    Transition(Verb.RETURN, Verb.RETURN.label, (S.SUBMITTED,), (S.RETURNED,), (R.DISPATCHER,), "2.4-5", "arrow-return-left"),
    Transition(Verb.DISPATCH, Verb.DISPATCH.label, (S.SUBMITTED, S.DECLINED, S.REOPENED), (S.DISPATCHED,), (R.DISPATCHER,), "2.4-6", "arrow-right-circle", usual=True),
    Transition(Verb.SIGN_FOR, Verb.SIGN_FOR.label, (S.DISPATCHED,), (S.HANDLING,), (R.DEPARTMENT,), "2.4-7", "pencil", usual=True),
    Transition(Verb.DECLINE, Verb.DECLINE.label, (S.DISPATCHED,), (S.DECLINED,), (R.DEPARTMENT,), "2.4-8", "x-circle"),
    Transition(Verb.ANSWER, Verb.ANSWER.label, (S.HANDLING, S.PLANNED, S.TRANSFERRED, S.CONVERTED), (S.ANSWERED,), (R.DEPARTMENT, R.LIAISON), "2.4-15", "reply", usual=True),
    Transition(Verb.CONSULT, Verb.CONSULT.label, (S.HANDLING,), (S.CONSULTING,), (R.DEPARTMENT, R.LEADER), "2.4-9", "people"),
    Transition(Verb.CONCLUDE, Verb.CONCLUDE.label, (S.CONSULTING,), (S.HANDLING,), (R.DEPARTMENT, R.LEADER), "2.4-10", "journal-check", usual=True),
    Transition(Verb.PROPOSE_PLAN, Verb.PROPOSE_PLAN.label, (S.HANDLING,), (S.HANDLING,), (R.DEPARTMENT,), "2.4-11", "list-check"),
    Transition(Verb.PLAN, Verb.PLAN.label, (S.HANDLING,), (S.PLANNED,), (R.LEADER,), "2.4-11", "list-check"),
    Transition(Verb.SUSPEND, Verb.SUSPEND.label, (S.HANDLING, S.PLANNED), (S.SUSPENDED,), (R.LEADER,), "2.4-12", "pause-circle"),
    Transition(Verb.RESUME, Verb.RESUME.label, (S.SUSPENDED,), (S.HANDLING, S.PLANNED), (R.LEADER, R.DEPARTMENT), "2.4-12", "play-circle", usual=True),
    Transition(Verb.TRANSFER, Verb.TRANSFER.label, (S.HANDLING,), (S.TRANSFERRED,), (R.LEADER,), "2.4-13", "box-arrow-up-right"),
    Transition(Verb.CONVERT, Verb.CONVERT.label, (S.HANDLING,), (S.CONVERTED,), (R.DEPARTMENT,), "2.4-14", "folder-symlink"),
    Transition(Verb.OPEN_FOLLOW_UP, Verb.OPEN_FOLLOW_UP.label, (S.ANSWERED,), (S.FOLLOWUP_DUE,), (R.SYSTEM,), "2.4-16", "telephone", on_page=False),
    Transition(Verb.CONFIRM, Verb.CONFIRM.label, (S.FOLLOWUP_DUE,), (S.CLOSED,), (R.FOLLOW_UP,), "2.4-17", "check2-circle", usual=True),
    Transition(Verb.REOPEN, Verb.REOPEN.label, (S.FOLLOWUP_DUE,), (S.REOPENED,), (R.FOLLOW_UP,), "2.4-18", "arrow-counterclockwise"),
    Transition(Verb.MERGE, Verb.MERGE.label, OPEN_STATES, (S.MERGED,), (R.DISPATCHER,), "2.4-19", "intersect"),
    Transition(Verb.VOID, Verb.VOID.label, OPEN_STATES, (S.VOID,), (R.DISPATCHER,), "2.4-19", "slash-circle"),
    Transition(Verb.APPEAL, Verb.APPEAL.label, (S.CLOSED,), (S.REOPENED,), (R.LEADER,), "2.4-20", "arrow-counterclockwise"),
)  # fmt: skip


def results_in(state: str) -> list[ResultKind]:
    """With what an issue in this state may be answered."""
    steps = frozenset[str]().union(*RESULTS_OF_STATE.values()) - RESULTS_OF_STATE.get(state, frozenset())
    return [kind for kind in ResultKind if kind not in steps]


# An issue may be taken up again for this many days after it was closed (domain 2.4 row 20).
APPEAL_DAYS = 90
# From this many claimants an issue is collective and its leader hears of it the same day (domain 2.3, 2.6).
COLLECTIVE_FROM = 10

# Who holds the pen in each state: a role of the district, the lead department, or the registrar.
REGISTRAR_STATES = frozenset({S.REGISTERED, S.EXPLAINED, S.RETURNED})
DEPARTMENT_STATES = frozenset({S.DISPATCHED, S.HANDLING, S.CONSULTING, S.PLANNED, S.TRANSFERRED, S.CONVERTED})
ROLE_STATES = {
    S.SUBMITTED: Role.CLERK,
    S.DECLINED: Role.LEADER,
    S.SUSPENDED: Role.LEADER,
    S.REOPENED: Role.LEADER,
    S.ANSWERED: Role.CLERK,
    S.FOLLOWUP_DUE: Role.CLERK,
}


# What each new step of an issue puts on the clock; the lengths are rows of casework.Term.
TERM_SUBMIT = "issue.submit"
TERM_DISPATCH = "issue.dispatch"
TERM_RESUBMIT = "issue.resubmit"
TERM_RULING = "issue.ruling"
TERM_SIGN_FOR = "issue.sign_for"
TERM_HANDLE = "issue.handle"
TERM_FOLLOW_UP = "issue.follow_up"


class Handling(TextChoices):
    """What the cadre does with an issue at once, in the form of the visit."""

    EXPLAIN = "explain", _("当场解释")
    SUBMIT = "submit", _("提交")
    KEEP = "keep", _("先记着")


class ImportState(TextChoices):
    READING = "reading", _("正在读取")
    PREVIEW = "preview", _("待确认")
    WRITING = "writing", _("正在写入")
    DONE = "done", _("已导入")
    UNDONE = "undone", _("已撤销")
    FAILED = "failed", _("失败")
