"""States and steps of an activity and of an enrolment in it (domain 4.4, 4.14, 4.15)."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of

from ..enums import Relation


class ActivityState(TextChoices):
    PLANNED = "planned", pgettext_lazy("活动状态", "策划中")
    APPROVED = "approved", pgettext_lazy("活动状态", "已批准")
    OPEN = "open", pgettext_lazy("活动状态", "报名中")
    FULL = "full", pgettext_lazy("活动状态", "已报满")
    RUNNING = "running", pgettext_lazy("活动状态", "进行中")
    FINISHED = "finished", pgettext_lazy("活动状态", "已结束")
    ACCOUNTED = "accounted", pgettext_lazy("活动状态", "已结算")
    ARCHIVED = "archived", pgettext_lazy("活动状态", "已归档")
    CANCELLED = "cancelled", pgettext_lazy("活动状态", "已取消")


S = ActivityState
END_STATES = frozenset({S.ARCHIVED, S.CANCELLED})
# People may still come in.
ENROLLING = frozenset({S.OPEN, S.FULL, S.RUNNING})
# It is held, or was: attendance, goods and opinions are kept.
HELD = frozenset({S.RUNNING, S.FINISHED})


class ActivityVerb(TextChoices):
    APPROVE = "approve", pgettext_lazy("活动动作", "批准方案")
    PUBLISH = "publish", pgettext_lazy("活动动作", "发布报名")
    FILL = "fill", pgettext_lazy("活动动作", "报满")
    REOPEN = "reopen", pgettext_lazy("活动动作", "重新开放报名")
    START = "start", pgettext_lazy("活动动作", "开始")
    FINISH = "finish", pgettext_lazy("活动动作", "结束")
    ACCOUNT = "account", pgettext_lazy("活动动作", "结算")
    ARCHIVE = "archive", pgettext_lazy("活动动作", "归档")
    CANCEL = "cancel", pgettext_lazy("活动动作", "取消活动")


V, R = ActivityVerb, Relation
LOCAL, DESK = (R.DESK, R.TOWN, R.REGISTRAR), (R.DESK,)

TRANSITIONS = table_of(
    Transition(V.APPROVE, V.APPROVE.label, (S.PLANNED,), (S.APPROVED,), (R.LEADER,), "4.14", "check2-circle", usual=True),
    Transition(V.PUBLISH, V.PUBLISH.label, (S.PLANNED, S.APPROVED), (S.OPEN,), LOCAL, "4.14", "megaphone", usual=True),
    Transition(V.FILL, V.FILL.label, (S.OPEN,), (S.FULL,), (R.SYSTEM,), "4.14", "people-fill", on_page=False),
    Transition(V.REOPEN, V.REOPEN.label, (S.FULL,), (S.OPEN,), (R.SYSTEM,), "4.14", "person-plus", on_page=False),
    Transition(V.START, V.START.label, (S.PLANNED, S.APPROVED, S.OPEN, S.FULL), (S.RUNNING,), LOCAL, "4.14", "play-circle", usual=True),
    Transition(V.FINISH, V.FINISH.label, (S.RUNNING,), (S.FINISHED,), LOCAL, "4.14", "flag", usual=True),
    Transition(V.ACCOUNT, V.ACCOUNT.label, (S.FINISHED,), (S.ACCOUNTED,), DESK, "4.14", "calculator", usual=True),
    Transition(V.ARCHIVE, V.ARCHIVE.label, (S.FINISHED, S.ACCOUNTED), (S.ARCHIVED,), DESK, "4.14", "inbox", usual=True),
    Transition(V.CANCEL, V.CANCEL.label, (S.PLANNED, S.APPROVED, S.OPEN, S.FULL), (S.CANCELLED,), LOCAL, "4.14", "x-circle"),
)  # fmt: skip

LINE = (V.APPROVE, V.PUBLISH, V.START, V.FINISH, V.ACCOUNT, V.ARCHIVE)
OPTIONAL = frozenset({V.APPROVE, V.PUBLISH, V.ACCOUNT})
SPARE: frozenset[str] = frozenset()


class EnrolmentState(TextChoices):
    APPLIED = "applied", pgettext_lazy("报名状态", "待审核")
    QUALIFIED = "qualified", pgettext_lazy("报名状态", "符合条件，待抽签")
    CONFIRMED = "confirmed", pgettext_lazy("报名状态", "已录取")
    WAITING = "waiting", pgettext_lazy("报名状态", "候补")
    AGREED = "agreed", pgettext_lazy("报名状态", "已签协议")
    ATTENDING = "attending", pgettext_lazy("报名状态", "参加中")
    COMPLETED = "completed", pgettext_lazy("报名状态", "已完成")
    WITHDRAWN = "withdrawn", pgettext_lazy("报名状态", "已退出")
    EXPELLED = "expelled", pgettext_lazy("报名状态", "已劝退")
    REFUSED = "refused", pgettext_lazy("报名状态", "不符合条件")


E = EnrolmentState
# Each of these holds one place.
SEATED = frozenset({E.CONFIRMED, E.AGREED, E.ATTENDING, E.COMPLETED})
LIVE = SEATED | {E.APPLIED, E.QUALIFIED, E.WAITING}


class EnrolmentVerb(TextChoices):
    QUALIFY = "qualify", pgettext_lazy("报名动作", "审核通过")
    REFUSE = "refuse", pgettext_lazy("报名动作", "不符合条件")
    DRAW = "draw", pgettext_lazy("报名动作", "抽签")
    MOVE_UP = "move_up", pgettext_lazy("报名动作", "候补递补")
    SIGN = "sign", pgettext_lazy("报名动作", "签协议")
    ATTEND = "attend", pgettext_lazy("报名动作", "报到")
    COMPLETE = "complete", pgettext_lazy("报名动作", "完成")
    WITHDRAW = "withdraw", pgettext_lazy("报名动作", "退出")
    EXPEL = "expel", pgettext_lazy("报名动作", "劝退")


W = EnrolmentVerb
# Who may is one rule for all of them: whoever works on the activity (permissions.py).
ENROLMENT = table_of(
    Transition(W.QUALIFY, W.QUALIFY.label, (E.APPLIED,), (E.QUALIFIED, E.CONFIRMED, E.WAITING), LOCAL, "4.4"),
    Transition(W.REFUSE, W.REFUSE.label, (E.APPLIED, E.QUALIFIED, E.WAITING), (E.REFUSED,), LOCAL, "4.4"),
    Transition(W.DRAW, W.DRAW.label, (E.QUALIFIED,), (E.CONFIRMED, E.WAITING), LOCAL, "4.14"),
    Transition(W.MOVE_UP, W.MOVE_UP.label, (E.WAITING,), (E.CONFIRMED,), (R.SYSTEM,), "4.4"),
    Transition(W.SIGN, W.SIGN.label, (E.CONFIRMED,), (E.AGREED,), LOCAL, "4.4"),
    Transition(W.ATTEND, W.ATTEND.label, (E.CONFIRMED, E.AGREED), (E.ATTENDING,), LOCAL, "4.4"),
    Transition(W.COMPLETE, W.COMPLETE.label, (E.CONFIRMED, E.AGREED, E.ATTENDING), (E.COMPLETED,), LOCAL, "4.4"),
    Transition(W.WITHDRAW, W.WITHDRAW.label, (E.APPLIED, E.QUALIFIED, E.WAITING, E.CONFIRMED, E.AGREED, E.ATTENDING), (E.WITHDRAWN,), LOCAL, "4.4"),
    Transition(W.EXPEL, W.EXPEL.label, (E.AGREED, E.ATTENDING), (E.EXPELLED,), LOCAL, "4.4"),
)  # fmt: skip


class Presence(TextChoices):
    PRESENT = "present", pgettext_lazy("签到", "到场")
    ABSENT = "absent", pgettext_lazy("签到", "缺席")


class Door(TextChoices):
    LIST = "list", pgettext_lazy("签到方式", "名单")
    CODE = "code", pgettext_lazy("签到方式", "扫码")


class ExpenseKind(TextChoices):
    """The lines of expense of a base union (domain 4.14)."""

    MEMBERS = "members", pgettext_lazy("支出科目", "会员活动")
    RETREAT = "retreat", pgettext_lazy("支出科目", "疗休养")
    SERVICE = "service", pgettext_lazy("支出科目", "职工服务")
    RIGHTS = "rights", pgettext_lazy("支出科目", "维权")
    EDUCATION = "education", pgettext_lazy("支出科目", "职工教育")
    CULTURE = "culture", pgettext_lazy("支出科目", "文体")
    PUBLICITY = "publicity", pgettext_lazy("支出科目", "宣传")
    BUSINESS = "business", pgettext_lazy("支出科目", "业务")
    CAPITAL = "capital", pgettext_lazy("支出科目", "资本性")
    OTHER = "other", pgettext_lazy("支出科目", "其他")


class Grade(TextChoices):
    """How a member judges one item of an appraisal (domain 4.15)."""

    SATISFIED = "satisfied", pgettext_lazy("测评", "满意")
    BASICALLY = "basically", pgettext_lazy("测评", "基本满意")
    NOT = "not", pgettext_lazy("测评", "不满意")


# Items of the appraisal of a union where nobody names others (domain 4.15).
APPRAISAL_ITEMS = ("组织建设", "维权", "服务", "活动", "民主管理", "经费", "总体满意度")
