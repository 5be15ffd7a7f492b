"""Choices of hardship files, and the life of a file (domain 4.1)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of

from ..enums import Relation

PROGRAMME = "hardship"
RELIEF = "relief"


class FileState(TextChoices):
    APPLYING = "applying", _("申请中")
    ACTIVE = "active", _("在档")
    EXITED = "exited", _("已退档")
    # The application came to nothing.
    CLOSED = "closed", _("未建档")


END_STATES = frozenset({FileState.EXITED, FileState.CLOSED})


class FileVerb(TextChoices):
    OPEN = "open", _("建档")
    REVIEW = "review", _("年度复核")
    EXIT = "exit", _("退档")
    CLOSE = "close", _("不予建档")


S, V, R = FileState, FileVerb, Relation
TRANSITIONS = table_of(
    # By the approval of the claim, and by its refusal.
    Transition(V.OPEN, V.OPEN.label, (S.APPLYING,), (S.ACTIVE,), (), "4.1", "folder-check", on_page=False),
    Transition(V.CLOSE, V.CLOSE.label, (S.APPLYING,), (S.CLOSED,), (), "4.1", "folder-x", on_page=False),
    Transition(V.REVIEW, V.REVIEW.label, (S.ACTIVE,), (S.ACTIVE, S.EXITED), (R.DESK,), "4.1", "arrow-repeat", usual=True),
    Transition(V.EXIT, V.EXIT.label, (S.ACTIVE,), (S.EXITED,), (R.DESK,), "4.1", "box-arrow-right"),
)  # fmt: skip


class Category(TextChoices):
    """Hardest first; a household that fits none has no file."""

    DEEP = "deep", _("深度困难")
    RELATIVE = "relative", _("相对困难")
    ACCIDENTAL = "accidental", _("意外致困")
    NONE = "none", _("不符合建档条件")


RANK = {Category.NONE: 0, Category.ACCIDENTAL: 1, Category.RELATIVE: 2, Category.DEEP: 3}


class Cause(TextChoices):
    ILLNESS = "illness", _("因病")
    DISABILITY = "disability", _("因残")
    SCHOOLING = "schooling", _("因学")
    DISASTER = "disaster", _("因灾")
    JOBLESS = "jobless", pgettext_lazy("致困原因", "失业")
    ARREARS = "arrears", pgettext_lazy("致困原因", "欠薪")
    SINGLE = "single", pgettext_lazy("致困原因", "单亲")
    OTHER = "other", pgettext_lazy("致困原因", "其他")


class Exclusion(TextChoices):
    """What speaks against a file (domain 4.1); each is asked."""

    HOMES = "homes", _("有两套以上住房")
    BUSINESS = "business", _("开办企业或雇人经营")
    SCHOOL = "school", _("子女读高收费私立学校或自费留学")
    CAR = "car", _("经常使用非营运机动车")


class ItemKind(TextChoices):
    """Income and rigid expenditure of a year (刚性支出: illness, disability, schooling, needed costs of work)."""

    WAGE = "wage", _("工资")
    PENSION = "pension", _("养老金")
    ALLOWANCE = "allowance", _("低保和补助")
    BUSINESS = "business", _("经营收入")
    PROPERTY = "property", _("财产性收入")
    OTHER = "other", _("其他收入")
    ILLNESS = "illness", _("医疗自付")
    DISABILITY = "disability", _("残疾康复")
    SCHOOLING = "schooling", pgettext_lazy("刚性支出", "就学")
    WORK = "work", _("必要的就业成本")


INCOME = frozenset(
    {ItemKind.WAGE, ItemKind.PENSION, ItemKind.ALLOWANCE, ItemKind.BUSINESS, ItemKind.PROPERTY, ItemKind.OTHER}
)
RIGID = frozenset(ItemKind) - INCOME


class Health(TextChoices):
    """In classes only; what the illness is stays sealed with the claim."""

    HEALTHY = "healthy", pgettext_lazy("健康状况", "健康")
    CHRONIC = "chronic", _("长期慢性病")
    SEVERE = "severe", _("重病")
    DISABLED = "disabled", _("残疾")


class Outcome(TextChoices):
    """What a yearly review found."""

    KEEP = "keep", _("保持")
    UPGRADE = "upgrade", _("升档")
    DOWNGRADE = "downgrade", _("降档")
    EXIT = "exit", _("退档")


class ExitReason(TextChoices):
    INCOME = "income", _("收入提高，已脱困")
    RETIRED = "retired", pgettext_lazy("退档原因", "退休")
    DIED = "died", pgettext_lazy("退档原因", "死亡")
    MOVED = "moved", _("迁出或离职")
    FALSE = "false", _("情况不实")
    OWN_WISH = "own_wish", _("本人申请")


class Found(TextChoices):
    """What a spot check found."""

    TRUE = "true", pgettext_lazy("抽查", "情况属实")
    CHANGED = "changed", pgettext_lazy("抽查", "情况有变，要复核")
    FALSE = "false", pgettext_lazy("抽查", "情况不实")


class Season(TextChoices):
    """Campaigns of a year (domain 4.2, C39)."""

    WINTER = "winter", _("两节送温暖")
    SUMMER = "summer", _("夏送清凉")
    STUDY = "study", _("金秋助学")
    JOBS = "jobs", _("送岗位")
    # For whoever has no file: the exception of domain 4.2.
    TEMPORARY = "temporary", _("临时救助")
