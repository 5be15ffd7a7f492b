"""States and steps of a place, of a repair and of a suggested place (domain 4.5)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of

from ..enums import Relation


class PlaceState(TextChoices):
    PLANNED = "planned", pgettext_lazy("阵地状态", "规划中")
    BUILDING = "building", pgettext_lazy("阵地状态", "建设中")
    ACCEPTED = "accepted", pgettext_lazy("阵地状态", "已验收")
    OPEN = "open", pgettext_lazy("阵地状态", "开放")
    TO_UPGRADE = "to_upgrade", pgettext_lazy("阵地状态", "待提升")
    UPGRADED = "upgraded", pgettext_lazy("阵地状态", "已提升")
    RECTIFYING = "rectifying", pgettext_lazy("阵地状态", "整改中")
    SUSPENDED = "suspended", pgettext_lazy("阵地状态", "暂停开放")
    CLOSED = "closed", pgettext_lazy("阵地状态", "已撤销")


S = PlaceState
END_STATES = frozenset({S.CLOSED})
# In use: on the map, counted as a place that exists, open in its hours.
SERVING = frozenset({S.OPEN, S.TO_UPGRADE, S.UPGRADED})
RESTING = frozenset({S.OPEN, S.UPGRADED})
# Shown to the public: also what will open again.
SHOWN = SERVING | {S.RECTIFYING, S.SUSPENDED}


class PlaceVerb(TextChoices):
    START_BUILDING = "start_building", pgettext_lazy("阵地动作", "开工建设")
    ACCEPT = "accept", pgettext_lazy("阵地动作", "验收")
    OPEN = "open", pgettext_lazy("阵地动作", "启用开放")
    PLAN_UPGRADE = "plan_upgrade", pgettext_lazy("阵地动作", "列入提升")
    UPGRADE = "upgrade", pgettext_lazy("阵地动作", "完成提升")
    RECTIFY = "rectify", pgettext_lazy("阵地动作", "责令整改")
    RESTORE = "restore", pgettext_lazy("阵地动作", "整改合格")
    SUSPEND = "suspend", pgettext_lazy("阵地动作", "暂停开放")
    REOPEN = "reopen", pgettext_lazy("阵地动作", "恢复开放")
    CLOSE = "close", pgettext_lazy("阵地动作", "撤销")


V, R = PlaceVerb, Relation
DESK, LOCAL = (R.DESK,), (R.DESK, R.TOWN)

TRANSITIONS = table_of(
    Transition(V.START_BUILDING, V.START_BUILDING.label, (S.PLANNED,), (S.BUILDING,), LOCAL, "4.5", "tools", usual=True),
    Transition(V.ACCEPT, V.ACCEPT.label, (S.PLANNED, S.BUILDING), (S.ACCEPTED,), DESK, "4.5", "patch-check", usual=True),
    Transition(V.OPEN, V.OPEN.label, (S.PLANNED, S.BUILDING, S.ACCEPTED), (S.OPEN,), DESK, "4.5", "door-open", usual=True),
    Transition(V.PLAN_UPGRADE, V.PLAN_UPGRADE.label, (S.OPEN, S.UPGRADED), (S.TO_UPGRADE,), DESK, "4.5", "arrow-up-circle"),
    Transition(V.UPGRADE, V.UPGRADE.label, (S.TO_UPGRADE,), (S.UPGRADED,), DESK, "4.5", "check2-circle", usual=True),
    Transition(V.RECTIFY, V.RECTIFY.label, (S.OPEN, S.TO_UPGRADE, S.UPGRADED), (S.RECTIFYING,), DESK, "4.5", "exclamation-triangle"),
    Transition(V.RESTORE, V.RESTORE.label, (S.RECTIFYING,), (S.OPEN,), DESK, "4.5", "check2-circle", usual=True),
    Transition(V.SUSPEND, V.SUSPEND.label, (S.OPEN, S.TO_UPGRADE, S.UPGRADED, S.RECTIFYING), (S.SUSPENDED,), LOCAL, "4.5", "pause-circle"),
    Transition(V.REOPEN, V.REOPEN.label, (S.SUSPENDED,), (S.OPEN,), LOCAL, "4.5", "play-circle", usual=True),
    Transition(V.CLOSE, V.CLOSE.label, tuple(state for state in S if state != S.CLOSED), (S.CLOSED,), DESK, "4.5", "x-circle"),
)  # fmt: skip

LINE = (V.START_BUILDING, V.ACCEPT, V.OPEN)
OPTIONAL = frozenset({V.START_BUILDING, V.ACCEPT})
SPARE = frozenset({V.PLAN_UPGRADE, V.UPGRADE})


class RepairState(TextChoices):
    OPEN = "open", pgettext_lazy("报修状态", "待处理")
    WORKING = "working", pgettext_lazy("报修状态", "处理中")
    REPAIRED = "repaired", pgettext_lazy("报修状态", "已修复")
    CHECKED = "checked", pgettext_lazy("报修状态", "已复查")
    DISMISSED = "dismissed", pgettext_lazy("报修状态", "不成立")


REPAIR_ENDS = frozenset({RepairState.CHECKED, RepairState.DISMISSED})


class RepairVerb(TextChoices):
    START = "start", pgettext_lazy("报修动作", "开始处理")
    REPAIR = "repair", pgettext_lazy("报修动作", "登记修好")
    CHECK = "check", pgettext_lazy("报修动作", "复查合格")
    REJECT = "reject", pgettext_lazy("报修动作", "复查不合格")
    DISMISS = "dismiss", pgettext_lazy("报修动作", "不成立")


RS, RV = RepairState, RepairVerb

REPAIR_TRANSITIONS = table_of(
    Transition(RV.START, RV.START.label, (RS.OPEN,), (RS.WORKING,), LOCAL, "4.5", "tools"),
    Transition(RV.REPAIR, RV.REPAIR.label, (RS.OPEN, RS.WORKING), (RS.REPAIRED,), LOCAL, "4.5", "wrench", usual=True),
    Transition(RV.CHECK, RV.CHECK.label, (RS.REPAIRED,), (RS.CHECKED,), LOCAL, "4.5", "patch-check", usual=True),
    Transition(RV.REJECT, RV.REJECT.label, (RS.REPAIRED,), (RS.WORKING,), LOCAL, "4.5", "arrow-return-left"),
    Transition(RV.DISMISS, RV.DISMISS.label, (RS.OPEN, RS.WORKING), (RS.DISMISSED,), DESK, "4.5", "x-circle"),
)  # fmt: skip


class SuggestionState(TextChoices):
    WAITING = "waiting", pgettext_lazy("选址建议", "待审核")
    SURVEYING = "surveying", pgettext_lazy("选址建议", "考察中")
    ADOPTED = "adopted", pgettext_lazy("选址建议", "已采纳")
    DECLINED = "declined", pgettext_lazy("选址建议", "未采纳")


class SuggestionVerb(TextChoices):
    SURVEY = "survey", pgettext_lazy("选址建议", "去考察")
    ADOPT = "adopt", pgettext_lazy("选址建议", "采纳")
    DECLINE = "decline", pgettext_lazy("选址建议", "不采纳")


GS, GV = SuggestionState, SuggestionVerb

SUGGESTION_TRANSITIONS = table_of(
    Transition(GV.SURVEY, GV.SURVEY.label, (GS.WAITING,), (GS.SURVEYING,), DESK, "4.5", "binoculars"),
    Transition(GV.ADOPT, GV.ADOPT.label, (GS.WAITING, GS.SURVEYING), (GS.ADOPTED,), DESK, "4.5", "check2-circle", usual=True),
    Transition(GV.DECLINE, GV.DECLINE.label, (GS.WAITING, GS.SURVEYING), (GS.DECLINED,), DESK, "4.5", "x-circle"),
)  # fmt: skip


class PlaceSort(TextChoices):
    OWN = "own", pgettext_lazy("阵地类别", "工会自建")
    JOINT = "joint", pgettext_lazy("阵地类别", "共建")
    FIRM = "firm", pgettext_lazy("阵地类别", "企业")
    BANK = "bank", pgettext_lazy("阵地类别", "银行网点")
    UNSTAFFED = "unstaffed", pgettext_lazy("阵地类别", "24 小时智能")


class System(TextChoices):
    """In which system coordinates were given: they are kept as given, and converted for the map."""

    GCJ02 = "gcj02", _("高德、腾讯（GCJ-02）")
    BD09 = "bd09", _("百度（BD-09）")
    WGS84 = "wgs84", _("手机定位、GPS（WGS-84）")


class Facility(TextChoices):
    """Base services first, then what a place offers beyond them (domain 4.5)."""

    REST = "rest", _("休息座位")
    WATER = "water", _("饮水")
    MEAL = "meal", _("热饭")
    CHARGE = "charge", _("充电")
    MEDICINE = "medicine", _("药箱")
    SHELTER = "shelter", _("防暑取暖")
    TOILET = "toilet", _("如厕（附近）")
    WIFI = "wifi", pgettext_lazy("设施", "无线网络")
    FRIDGE = "fridge", _("冰箱")
    PRESSURE = "pressure", _("血压仪")
    BOOKS = "books", _("图书")
    MOTHER = "mother", _("母婴")
    AED = "aed", pgettext_lazy("设施", "除颤仪 AED")
    PUMP = "pump", _("打气筒")
    HAIRCUT = "haircut", _("理发")
    SHOWER = "shower", _("淋浴")
    WASHER = "washer", _("洗衣")
    BASIN = "basin", _("洗手台")
    DOOR_LOCK = "door_lock", _("可锁门")
    NON_SLIP = "non_slip", _("防滑地面")
    SOCKET = "socket", _("电源插座")
    AUDIO_BOOKS = "audio_books", _("有声书")
    MEETING = "meeting", _("会议室")
    SPORT = "sport", _("健身")
    PARKING = "parking", _("停车")
    TRUCK_CHARGER = "truck_charger", _("充电桩")
    CAR_WASH = "car_wash", _("洗车")
    CANTEEN = "canteen", _("食堂")
    PRIVATE_ROOM = "private_room", _("单独谈话间")


F = Facility
BASE_FACILITIES = (F.REST, F.WATER, F.MEAL, F.CHARGE, F.MEDICINE, F.SHELTER, F.TOILET, F.WIFI)


class Result(TextChoices):
    PASS = "pass", pgettext_lazy("巡查", "合格")
    FAIL = "fail", pgettext_lazy("巡查", "不合格")
    NONE = "none", pgettext_lazy("巡查", "不适用")


class RepairSource(TextChoices):
    INSPECTION = "inspection", pgettext_lazy("报修来源", "巡查")
    PUBLIC = "public", pgettext_lazy("报修来源", "群众反映")
    OFFICE = "office", pgettext_lazy("报修来源", "工会登记")


class Given(TextChoices):
    """What is brought to the workers at a place (domain 4.5)."""

    WARMTH = "warmth", _("送温暖")
    COOLING = "cooling", _("送清凉")
    HEALTH = "health", _("送健康")
    LAW = "law", _("送法律")
    JOBS = "jobs", _("送岗位")
    MEAL = "meal", _("爱心餐")
    OTHER = "other", pgettext_lazy("服务类型", "其他")


class Counts(TextChoices):
    """Which places of a plan's years count as done."""

    UPGRADED = "upgraded", _("完成提升的")
    OPENED = "opened", _("新开放的")
    BOTH = "both", _("新开放和完成提升的")
