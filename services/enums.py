"""Choices that all service programmes share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.org.enums import Role


class Shape(TextChoices):
    """How a programme goes on (architecture, idea 6)."""

    CLAIM = "claim", _("申领类")
    ORDER = "order", _("派单类")
    ACTIVITY = "activity", _("活动类")
    PLACE = "place", _("阵地类")


class Applicant(TextChoices):
    """For whom a service is."""

    PERSON = "person", pgettext_lazy("服务对象", "职工个人")
    ENTERPRISE = "enterprise", pgettext_lazy("服务对象", "企业")
    UNION = "union", pgettext_lazy("服务对象", "工会组织")
    # Only where a programme lets people report without saying who they are.
    ANONYMOUS = "anonymous", pgettext_lazy("服务对象", "匿名")


class FieldKind(TextChoices):
    """What a field of a programme's own holds."""

    TEXT = "text", _("一行文字")
    PARAGRAPH = "paragraph", _("多行文字")
    WHOLE = "whole", _("整数")
    DECIMAL = "decimal", _("小数")
    MONEY = "money", _("金额（元）")
    DAY = "day", pgettext_lazy("字段", "日期")
    CHOICE = "choice", _("单选")
    MANY = "many", _("多选")
    YES_NO = "yes_no", _("是或否")


class Channel(TextChoices):
    """By which door a case came."""

    OFFICE = "office", _("工会登记")
    ISSUE = "issue", _("走访诉求")
    PUBLIC = "public", _("自助申请")
    IMPORT = "import", _("台账导入")


class Relation(TextChoices):
    """How a person stands to a case; transition tables name these, permissions.py decides them."""

    DESK = "desk", _("项目经办")
    TOWN = "town", _("镇街工会")
    # 经审: the department that the programme names to look over what another one has worked out.
    AUDIT = "audit", _("经审科室")
    REGISTRAR = "registrar", pgettext_lazy("服务", "登记人")
    ASSIGNEE = "assignee", _("承办人")
    # Whoever has been asked and has not answered yet.
    OFFERED = "offered", _("被问到的人")
    LIAISON = "liaison", _("驻联干部")
    LEADER = "leader", _("分管领导")
    CHIEF = "chief", _("主要领导")
    SYSTEM = "system", _("系统")


# Roles that may register a case of any programme of their district.
REGISTERING_ROLES = frozenset({Role.LIAISON, Role.TOWN, Role.HANDLER, Role.OFFICER, Role.CLERK, Role.LEADER})
# Who runs a programme at the department in charge.
DESK_ROLES = (Role.OFFICER, Role.HANDLER)
# At which moment a field of the programme's own is asked, beside the verbs of its shape.
AT_BIRTH = "register"
