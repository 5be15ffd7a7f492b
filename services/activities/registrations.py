from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.tasks import Job, register_job
from unionops.jinja import money, short_day
from visits.demo.more import register_demo

from ..doors import open_doors
from ..enums import Shape
from ..shapes import Column, Panel, ShapeKind, Specialty, Stage, register_panel, register_shape, register_specialty
from . import demo, panels
from .actions.erasing import erase
from .acts import ACTS, begin
from .doings import register_usual
from .enums import LINE, OPTIONAL, SPARE, ActivityState
from .forms import FORMS, ActivityRegisterForm
from .models import Activity
from .permissions import against

S = ActivityState


def days(row: Activity) -> str:
    if row.starts_on is None:
        return "—"
    return (
        f"{short_day(row.starts_on)} – {short_day(row.ends_on)}"
        if row.ends_on and row.ends_on != row.starts_on
        else short_day(row.starts_on)
    )


ACTIVITY = ShapeKind(
    shape=Shape.ACTIVITY,
    label=_("活动类"),
    icon="calendar3",
    model=Activity,
    states=ActivityState,
    line=LINE,
    optional=OPTIONAL,
    spare=SPARE,
    stages=(
        Stage("plan", pgettext_lazy("步骤", "策划"), frozenset({S.PLANNED, S.APPROVED, S.CANCELLED})),
        Stage("enrol", pgettext_lazy("步骤", "报名"), frozenset({S.OPEN, S.FULL})),
        Stage("run", pgettext_lazy("步骤", "举办"), frozenset({S.RUNNING})),
        Stage("finish", pgettext_lazy("步骤", "结束"), frozenset({S.FINISHED})),
        Stage("account", pgettext_lazy("步骤", "结算"), frozenset({S.ACCOUNTED})),
        Stage("archive", pgettext_lazy("步骤", "归档"), frozenset({S.ARCHIVED})),
    ),
    register_form=ActivityRegisterForm,
    forms=FORMS,
    acts=ACTS,
    begin=begin,
    against=against,
    columns=(
        Column(_("日期"), "starts_on", lambda value: short_day(value) if value else ""),
        Column(_("名额"), "capacity", lambda value: str(value or ""), "n c-meta"),
    ),
    facts=lambda row: [
        (_("日期"), days(row), False),
        (_("地点"), row.venue or "—", False),
        (_("面向"), row.target or "—", False),
        (_("名额"), row.capacity or _("不限"), False),
        (_("报名截止"), short_day(row.enrol_until) or "—", False),
        (_("预算（元）"), money(row.budget) if row.budget else "—", False),
        (_("服务队"), row.team or "—", False),
        (_("服务人数"), row.people_served or "—", False),
    ],
    public=(
        ("target", _("面向")),
        ("description", _("介绍")),
        ("capacity", _("名额和候补")),
        ("priority_groups", _("优先对象")),
        ("sessions", _("场次安排")),
    ),
    related=("team", "budget_line"),
    limits=(
        ("ballot", _("不记名测评"), _("1 有，0 没有"), 0),
        ("contest", _("评比打分"), _("1 有，0 没有"), 0),
        ("erase_days", _("办结后几天删除个人情况"), _("天，0 不删"), 0),
        ("attendance_percent", _("托管班最低出勤"), "%", 70),
        ("subsidised_classes", _("一个单位一年补助几个托管班"), _("个"), 3),
        ("fever", _("托管班体温到多少不入班"), "℃", 37.3),
    ),
)


def register() -> None:
    register_shape(ACTIVITY)
    open_doors(ACTIVITY)
    register_usual()
    register_demo(demo.load)
    register_job(Job("activities.erase", erase, hours=(3,)))
    register_specialty(Specialty("team_events", "activities:teams", _("服务队和宣讲员"), "people-fill"))
    for key, order, context in (
        ("enrolling", 10, panels.enrolling), ("meeting", 20, panels.meeting), ("spending", 30, panels.spending),
        ("opinions", 40, panels.opinions),
    ):  # fmt: skip
        register_panel(Panel(f"activity.{key}", order, f"activities/_{key}.html", context, shape=Shape.ACTIVITY))
