"""The day of a child in a care class, and what belongs to a class (domain 4.4)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of

CODE = "childcare"
# The rule for the data of children under 14 that a guardian has agreed to; a new text gets a new version.
RULE_VERSION = "2026-2"


class Area(TextChoices):
    """What is looked at before a class may take children (Wuxi: eight areas)."""

    PLACE = "place", pgettext_lazy("托管验收", "场地")
    STAFF = "staff", pgettext_lazy("托管验收", "人员")
    RULES = "rules", pgettext_lazy("托管验收", "制度")
    SAFETY = "safety", pgettext_lazy("托管验收", "安全")
    LIABILITY = "liability", pgettext_lazy("托管验收", "责任")
    HEALTH = "health", pgettext_lazy("托管验收", "卫生防疫")
    SIZE = "size", pgettext_lazy("托管验收", "规模")
    MONEY = "money", pgettext_lazy("托管验收", "经费")


class Duty(TextChoices):
    TUTOR = "tutor", pgettext_lazy("托管人员", "辅导老师")
    VOLUNTEER = "volunteer", pgettext_lazy("托管人员", "志愿者")
    OTHER = "other", pgettext_lazy("托管人员", "其他人员")


class Way(TextChoices):
    """How a guardian agreed."""

    PAPER = "paper", pgettext_lazy("同意方式", "纸质签字")
    ONLINE = "online", pgettext_lazy("同意方式", "网上勾选")
    FACE = "face", pgettext_lazy("同意方式", "当面口头，两人在场")


class Sex(TextChoices):
    MALE = "male", pgettext_lazy("性别", "男")
    FEMALE = "female", pgettext_lazy("性别", "女")


class Kin(TextChoices):
    FATHER = "father", pgettext_lazy("与孩子的关系", "父亲")
    MOTHER = "mother", pgettext_lazy("与孩子的关系", "母亲")
    GRANDPARENT = "grandparent", pgettext_lazy("与孩子的关系", "祖辈")
    OTHER = "other", pgettext_lazy("与孩子的关系", "其他亲属")
    FRIEND = "friend", pgettext_lazy("与孩子的关系", "朋友或邻居")


GRADES = (
    (0, pgettext_lazy("年级", "幼儿园")), (1, pgettext_lazy("年级", "一年级")), (2, pgettext_lazy("年级", "二年级")),
    (3, pgettext_lazy("年级", "三年级")), (4, pgettext_lazy("年级", "四年级")), (5, pgettext_lazy("年级", "五年级")),
    (6, pgettext_lazy("年级", "六年级")),
)  # fmt: skip


class DayState(TextChoices):
    EXPECTED = "expected", pgettext_lazy("托管出勤", "待签到")
    ARRIVED = "arrived", pgettext_lazy("托管出勤", "已到")
    OUT = "out", pgettext_lazy("托管出勤", "暂时离开")
    PICKED_UP = "picked_up", pgettext_lazy("托管出勤", "已接走")
    ABSENT = "absent", pgettext_lazy("托管出勤", "未到")
    LEAVE = "leave", pgettext_lazy("托管出勤", "请假")


class DayVerb(TextChoices):
    ARRIVE = "arrive", pgettext_lazy("托管动作", "签到")
    STEP_OUT = "step_out", pgettext_lazy("托管动作", "暂时离开")
    PICK_UP = "pick_up", pgettext_lazy("托管动作", "接走")
    MISS = "miss", pgettext_lazy("托管动作", "记未到")
    EXCUSE = "excuse", pgettext_lazy("托管动作", "记请假")
    CORRECT = "correct", pgettext_lazy("托管动作", "更正")


D, V = DayState, DayVerb
# Whoever has been let in to the class by a responsible person (permissions.check_cares).
CARERS = ("carer",)
DAY = table_of(
    Transition(V.ARRIVE, V.ARRIVE.label, (D.EXPECTED, D.ABSENT, D.LEAVE, D.OUT), (D.ARRIVED,), CARERS, "4.4", usual=True),
    Transition(V.STEP_OUT, V.STEP_OUT.label, (D.ARRIVED,), (D.OUT,), CARERS, "4.4"),
    Transition(V.PICK_UP, V.PICK_UP.label, (D.ARRIVED,), (D.PICKED_UP,), CARERS, "4.4", usual=True),
    Transition(V.MISS, V.MISS.label, (D.EXPECTED,), (D.ABSENT,), CARERS, "4.4"),
    Transition(V.EXCUSE, V.EXCUSE.label, (D.EXPECTED, D.ABSENT), (D.LEAVE,), CARERS, "4.4"),
    Transition(V.CORRECT, V.CORRECT.label, (D.ARRIVED, D.ABSENT, D.LEAVE), (D.EXPECTED,), CARERS, "4.4"),
)  # fmt: skip
THERE = frozenset({D.ARRIVED, D.OUT, D.PICKED_UP})


class NoteKind(TextChoices):
    INCIDENT = "incident", pgettext_lazy("托管记录", "意外")
    MEDICINE = "medicine", pgettext_lazy("托管记录", "用药")
    MEAL = "meal", pgettext_lazy("托管记录", "用餐")
    TURNED_AWAY = "turned_away", pgettext_lazy("托管记录", "拒绝接走")
    CALL = "call", pgettext_lazy("托管记录", "联系家长")
    # By somebody who is not on the list: who it was is sealed.
    BROUGHT = "brought", pgettext_lazy("托管记录", "名单外的人送到")


class SafetyItem(TextChoices):
    FIRE = "fire", pgettext_lazy("托管安全", "消防器材")
    ESCAPE = "escape", pgettext_lazy("托管安全", "疏散通道")
    FOOD = "food", pgettext_lazy("托管安全", "食品留样")
    FIRST_AID = "first_aid", pgettext_lazy("托管安全", "急救箱")
    DOORS = "doors", pgettext_lazy("托管安全", "门窗")
    CAMERAS = "cameras", pgettext_lazy("托管安全", "监控")
    DRILL = "drill", pgettext_lazy("托管安全", "演练")


class GrantState(TextChoices):
    ASKED = "asked", pgettext_lazy("查看授权", "待批")
    GRANTED = "granted", pgettext_lazy("查看授权", "已同意")
    REFUSED = "refused", pgettext_lazy("查看授权", "未同意")
    ENDED = "ended", pgettext_lazy("查看授权", "已收回")


class GrantVerb(TextChoices):
    GRANT = "grant", _("同意")
    REFUSE = "refuse", _("不同意")
    END = "end", _("收回")


G = GrantVerb
GRANT = table_of(
    Transition(
        G.GRANT, G.GRANT.label, (GrantState.ASKED,), (GrantState.GRANTED,), ("leader",), "未成年人网络保护条例 36"
    ),
    Transition(
        G.REFUSE, G.REFUSE.label, (GrantState.ASKED,), (GrantState.REFUSED,), ("leader",), "未成年人网络保护条例 36"
    ),
    Transition(G.END, G.END.label, (GrantState.GRANTED,), (GrantState.ENDED,), ("leader",), "未成年人网络保护条例 36"),
)
