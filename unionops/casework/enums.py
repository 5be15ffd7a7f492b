from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Urgency(IntegerChoices):
    """轻重缓急 (domain 2.6); the number is the order of work."""

    CRITICAL = 1, _("特急")
    URGENT = 2, _("急")
    NORMAL = 3, _("一般")
    PLANNED = 4, _("缓")


class Unit(TextChoices):
    NATURAL = "natural", _("自然日")
    WORKING = "working", _("工作日")


class Light(TextChoices):
    """How a deadline stands now, computed on each read."""

    OK = "ok", _("期限内")
    SOON = "soon", _("将到期")
    OVER = "over", _("已超期")
    HOLD = "hold", _("暂停")
    DONE = "done", _("已办")
    LATE = "late", _("逾期办结")


class Way(TextChoices):
    """How somebody was reached or a result was checked (电话抽查, 现场验证, 职工评价)."""

    PHONE = "phone", _("电话")
    SITE = "site", _("现场")
    RATING = "rating", _("职工评价")
    WRITING = "writing", _("书面")


class Satisfaction(TextChoices):
    VERY = "very", _("很满意")
    SATISFIED = "satisfied", _("满意")
    BASIC = "basic", _("基本满意")
    NOT = "not", _("不满意")


class SupervisionKind(TextChoices):
    REMIND = "remind", _("催办")
    ORDER = "order", _("督办")


class LinkKind(TextChoices):
    RELATED = "related", _("相关")
    DUPLICATE = "duplicate", _("重复")
    FOLLOWS = "follows", _("由此产生")
    CONVERTED = "converted", _("转专案")
