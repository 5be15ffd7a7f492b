"""The dashboards of the weekly visit: the resolution rate (mock page 06), a town's, a department's, a cadre's, the wall's."""

from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from unionops.insight.boards import Board, Chart, Link, Oldest, Tile, register, register_link

NOTE = _("已作废、合并的不计")
MONTHS = Chart("months", "resolution_rate", "month", _("每月登记与化解"), _("%(n)s 个月，按登记月份"), wide=True)
FUNNEL = Chart(
    "funnel", "issue_count", "", _("从听到到化解"), _("%(n)s 件走到哪一步"), across="stage", beside=True,
    steps=("taken_up_rate", "answered_rate", "confirmed_rate", "resolution_rate"),
    names=(_("听到并登记"), _("已解释或交办"), _("已反馈"), _("已回访"), _("已化解")),
)  # fmt: skip
TOWNS = Chart("bars", "resolution_rate", "town", _("各镇街化解率"), _("%(n)s 个镇街，从高到低"))
CATEGORIES = Chart("bars", "resolution_rate", "category", _("各类别化解率"), _("%(n)s 个类别"))
AGES = Chart(
    "stack", "open_count", "department", _("在办的放了多久"), _("共 %(n)s 件，从登记起算，不论何时登记"), across="age", beside=True
)  # fmt: skip
HEAT = Chart(
    "heat", "issue_count", "town", _("哪里在反映什么"), _("登记件数，颜色越深越多"), across="category", wide=True
)
WEEKS = Chart(
    "weeks", "week_count", "cadre", _("每人每周走访"), _("%(n)s 名驻联干部"), across="outcome", told="visits", opens="joined_visit_count", wide=True,
    steps=("weekly_quota_rate",), counts="visit_count",
)  # fmt: skip
LATE = Oldest(
    "overdue_count", _("超期最久的"), "deadline__due_on", "title",
    Coalesce(NullIf("holder_organisation__short_name", Value("")), "holder_organisation__name"),
)  # fmt: skip


def declare() -> None:
    register(
        Board(
            code="resolution",
            title=_("化解率"),
            note=NOTE,
            tiles=(
                Tile("resolution_rate", lead=True),
                Tile("substantive_rate", ("explained_rate",)),
                Tile("unresolved_count", ("open_count", "overdue_count")),
                Tile("visit_count", ("visited_firm_count", "coverage_rate")),
                Tile("weekly_quota_rate"),
                Tile("on_time_rate", ("closure_rate",)),
                Tile("satisfaction_rate", ("participation_rate",)),
                Tile("solved_for_firms_count", ("flow_resolution_rate", "days_to_close")),
            ),
            charts=(MONTHS, TOWNS, FUNNEL, AGES, HEAT, WEEKS),
            more=(
                "issue_count", "closed_count", "days_to_close_p90", "avg_handling_days", "overdue_rate", "response_rate", "sendback_rate",
                "followup_rate", "unreached_count", "reopen_rate", "revisit_agreement_rate",
            ),
            filters=("town", "category", "department", "cadre"),
            oldest=LATE,
        )
    )  # fmt: skip
    register(
        Board(
            code="town",
            of="town",
            title=_("镇街"),
            note=NOTE,
            tiles=(
                Tile("resolution_rate", ("substantive_rate",), lead=True),
                Tile("unresolved_count", ("open_count", "overdue_count")),
                Tile("visit_count", ("town_firm_count", "coverage_rate")),
                Tile("weekly_quota_rate"),
            ),
            charts=(MONTHS, CATEGORIES, FUNNEL, AGES, WEEKS),
            more=(
                "issue_count", "solved_for_firms_count", "days_to_close", "on_time_rate", "overdue_rate", "satisfaction_rate",
                "reopen_rate",
            ),
            filters=("category",),
            oldest=LATE,
        )
    )  # fmt: skip
    register(
        Board(
            code="department",
            of="department",
            title=_("科室"),
            note=NOTE,
            tiles=(
                Tile("on_time_rate", ("closure_rate",), lead=True),
                Tile("open_count", ("overdue_count",)),
                Tile("response_rate", ("sendback_rate",)),
                Tile("satisfaction_rate", ("participation_rate",)),
            ),
            charts=(
                MONTHS,
                CATEGORIES,
                FUNNEL,
                Chart(
                    "stack", "open_count", "town", _("在办的放了多久"), _("共 %(n)s 件，从登记起算，不论何时登记"), across="age",
                    beside=True,
                ),
            ),
            more=(
                "issue_count", "resolution_rate", "closed_count", "days_to_close", "days_to_close_p90", "avg_handling_days",
                "overdue_rate", "reopen_rate", "revisit_agreement_rate",
            ),
            filters=("town", "category"),
            oldest=LATE,
        )
    )  # fmt: skip
    register(
        Board(
            code="cadre",
            of="cadre",
            title=_("驻联干部"),
            note=NOTE,
            tiles=(
                Tile("weekly_quota_rate", lead=True),
                Tile("visit_count"),
                Tile("resolution_rate", ("explained_rate",)),
                Tile("unresolved_count", ("open_count", "overdue_count")),
            ),
            charts=(
                Chart("weeks", "week_count", "cadre", _("每周走访"), "", across="outcome", told="visits", opens="joined_visit_count", wide=True,
                      steps=("weekly_quota_rate",)),
                MONTHS,
                CATEGORIES,
                FUNNEL,
            ),
            more=("issue_count", "solved_for_firms_count", "days_to_close", "satisfaction_rate", "reopen_rate"),
            filters=("category",),
            oldest=LATE,
        )
    )  # fmt: skip
    register(
        Board(
            code="wall",
            title=_("大屏"),
            note=NOTE,
            tiles=(
                Tile("resolution_rate", lead=True),
                Tile("unresolved_count"),
                Tile("overdue_count"),
                Tile("visit_count"),
                Tile("coverage_rate"),
                Tile("satisfaction_rate"),
            ),
            charts=(TOWNS, MONTHS),
            filters=(),
        )
    )
    register_link(Link(_("重点企业"), "visits:key_enterprises"))
