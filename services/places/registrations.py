from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.permissions import refusal
from unionops.jinja import money, short_day
from unionops.joining import listed
from unionops.org.models import User
from visits.demo.more import register_demo
from visits.packs.scorecard import register_lines

from ..doors import open_doors
from ..enums import Shape
from ..shapes import Column, Panel, ShapeKind, Specialty, Stage, register_panel, register_shape, register_specialty
from ..summary import register_figures
from . import demo, hours, indicators, packs, queries, standard
from .acts import ACTS, against, begin, pen
from .enums import LINE, OPTIONAL, RESTING, SERVING, SPARE, PlaceState, PlaceVerb
from .forms.profile import PlaceRegisterForm
from .forms.steps import FORMS
from .models import Place
from .permissions import check_judges, check_keeps

S = PlaceState


def facts(row: Place) -> list[tuple[Any, Any, bool]]:
    found: list[tuple[Any, Any, bool]] = [
        (_("类别"), row.get_sort_display(), False),
        (_("面积"), f"{row.area.normalize():f} ㎡" if row.area else "—", False),
        (_("容纳"), _("%(n)s 人") % {"n": row.capacity} if row.capacity else "—", False),
        (_("建设补助"), money(row.subsidy) if row.subsidy else "—", False),
        (_("验收"), short_day(row.accepted_on) or "—", False),
        (_("启用"), short_day(row.opened_on) or "—", False),
        (_("提升完成"), short_day(row.upgraded_on) or "—", False),
        (_("服务人数"), row.people_served, False),
        (_("到访人次"), row.visits, False),
        (_("地址"), row.address or "—", True),
        (_("设施"), listed(row.facility_labels()) or "—", True),
    ]
    if row.longitude is not None:
        found.append((_("坐标"), f"{row.longitude:.6f},{row.latitude:.6f} {row.get_system_display()}", True))
    return found


def upkeep_panel(case: Any, user: User) -> dict[str, Any]:
    """Hours, stars, inspections, repairs, store and services of a place on its page."""
    may_keep, may_judge = not refusal(check_keeps, user, case), not refusal(check_judges, user, case)
    today = timezone.localdate()
    due = queries.next_inspection(case)
    keeping = [
        ("inspect", _("巡查"), "clipboard-check", reverse("places:inspect", args=[case.pk])),
        *(
            (what, label, glyph, reverse("places:do", args=[case.pk, what]))
            for what, label, glyph in (
                ("profile", _("完善资料"), "pencil"), ("report", _("报修"), "wrench"), ("service", _("登记服务"), "people"),
                ("tally", _("登记到访"), "person-plus"), ("supply", _("物资收发"), "box-seam"),
            )
        ),
    ]  # fmt: skip
    judging = [
        (what, label, glyph, reverse("places:do", args=[case.pk, what]))
        for what, label, glyph in (("stars", _("评定星级"), "star"), ("honour", _("登记荣誉"), "award"))
    ]
    actions = [*(keeping if may_keep else ()), *(judging if may_judge else ())]
    rating = case.ratings.first()
    return {
        "actions": [{"what": what, "label": label, "glyph": glyph, "url": url} for what, label, glyph, url in actions],
        "is_open": case.is_open_at(timezone.now()), "is_serving": case.state in SERVING,
        "hours": hours.spell(case.hours) if case.hours else [],
        "inspections": queries.last_inspections(case), "next": due, "is_due": bool(due and due <= today),
        "repairs": queries.repairs_of(case), "supplies": list(case.supplies.all()[:20]),
        "services": list(case.services.all()[:8]), "honours": list(case.honours.all()[:8]),
        "six": standard.six_have(case) if case.programme.code in standard.CODES else [],
        "rating": rating, "opinion": queries.opinion(case), "year": queries.served(case, today.year),
        "is_public": case.is_published and case.programme.is_public and case.state != S.CLOSED,
        "map_url": reverse("places:map", args=[case.programme.code]),
    }  # fmt: skip


PLACE = ShapeKind(
    shape=Shape.PLACE,
    label=gettext_lazy("阵地类"),
    icon="geo-alt",
    model=Place,
    states=PlaceState,
    line=LINE,
    optional=OPTIONAL,
    spare=SPARE,
    stages=(
        Stage("planned", pgettext_lazy("步骤", "规划"), frozenset({S.PLANNED})),
        Stage("build", pgettext_lazy("步骤", "建设"), frozenset({S.BUILDING})),
        Stage("accept", pgettext_lazy("步骤", "验收"), frozenset({S.ACCEPTED})),
        Stage("open", pgettext_lazy("步骤", "开放"), frozenset({S.OPEN, S.RECTIFYING, S.SUSPENDED, S.CLOSED})),
        Stage("upgrade", pgettext_lazy("步骤", "提升"), frozenset({S.TO_UPGRADE, S.UPGRADED})),
    ),
    register_form=PlaceRegisterForm,
    forms=FORMS,
    acts=ACTS,
    begin=begin,
    against=against,
    pen=pen,
    resting=RESTING,
    columns=(
        Column(gettext_lazy("星级"), "stars", lambda value: "★" * value if value else "", "nw c-meta"),
        Column(gettext_lazy("最近巡查"), "inspected_on", lambda value: short_day(value) if value else "", "nw c-meta"),
    ),
    facts=facts,
    public=(
        ("facilities", gettext_lazy("设施")),
        ("directions", gettext_lazy("怎么走")),
        ("capacity", gettext_lazy("容纳人数")),
        ("host", gettext_lazy("管理单位")),
        ("stars", gettext_lazy("星级")),
        ("opinion", gettext_lazy("大家的评价")),
    ),
    limits=(
        ("inspect_days", gettext_lazy("几天巡查一次"), gettext_lazy("天"), 90),
        ("repair_days", gettext_lazy("报修几天修好"), gettext_lazy("天"), 7),
        ("serious_days", gettext_lazy("严重问题几天修好"), gettext_lazy("天"), 1),
        ("five_area", gettext_lazy("五星最小面积"), "㎡", 30),
        ("five_capacity", gettext_lazy("五星容纳人数"), gettext_lazy("人"), 20),
        ("star_5", gettext_lazy("五星最低分"), gettext_lazy("分"), 90),
        ("star_4", gettext_lazy("四星最低分"), gettext_lazy("分"), 80),
        ("star_3", gettext_lazy("三星最低分"), gettext_lazy("分"), 70),
        ("star_2", gettext_lazy("二星最低分"), gettext_lazy("分"), 60),
        ("star_1", gettext_lazy("一星最低分"), gettext_lazy("分"), 50),
        ("booking", gettext_lazy("接受预约"), gettext_lazy("1 有，0 没有"), 0),
        ("booking_days", gettext_lazy("最多提前几天预约"), gettext_lazy("天"), 30),
        ("booking_silent", gettext_lazy("预约不问用途"), gettext_lazy("1 是，0 否"), 0),
        ("minus_failed", gettext_lazy("每个问题扣"), gettext_lazy("分"), 2),
        ("minus_late", gettext_lazy("每次整改超期扣"), gettext_lazy("分"), 5),
    ),
)


def register() -> None:
    register_shape(PLACE)
    open_doors(PLACE)
    indicators.declare()
    register_lines(gettext_lazy("阵地"), indicators.CODES)
    register_figures(lambda programme: indicators.CODES if PlaceVerb.UPGRADE in programme.steps else ())
    register_panel(Panel("place", 10, "places/_panel.html", upkeep_panel, shape=Shape.PLACE))
    register_specialty(Specialty("", "places:map", gettext_lazy("地图和清单"), "map", shape=Shape.PLACE))
    register_specialty(Specialty("", "places:upkeep", gettext_lazy("巡查和报修"), "clipboard-check", shape=Shape.PLACE))
    register_inbox(InboxSource("repair", queries.repair_inbox, queries.repairs_waiting))
    packs.declare()
    register_demo(demo.tell)
