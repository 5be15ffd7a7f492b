"""The resolution-rate dashboard (mock page 06)."""

from django.utils.translation import gettext_lazy as _

from unionops.insight.boards import Board, Chart, Tile, register


def declare() -> None:
    register(
        Board(
            code="resolution",
            title=_("化解率"),
            note=_("已作废、合并的不计"),
            tiles=(
                Tile("resolution_rate", lead=True),
                Tile("flow_resolution_rate", ("days_to_close",)),
                Tile("substantive_rate", ("explained_rate",)),
                Tile("unresolved_count", ("open_count", "overdue_count")),
                Tile("visit_count", ("visited_firm_count", "coverage_rate")),
                Tile("weekly_quota_rate"),
                Tile("on_time_rate", ("closure_rate",)),
                Tile("satisfaction_rate", ("participation_rate",)),
            ),
            charts=(
                Chart("months", "resolution_rate", "month", _("每月登记与化解"), _("%(n)s 个月，按登记月份"), wide=True),
                Chart("bars", "resolution_rate", "town", _("各镇街"), _("%(n)s 个镇街")),
                Chart("bars", "resolution_rate", "category", _("各类别"), _("%(n)s 个类别"), beside=True),
                Chart("bars", "visit_count", "cadre", _("驻联干部走访"), _("%(n)s 名驻联干部")),
                Chart("bars", "open_count", "age", _("在办多久了"), _("从登记起算，不论何时登记"), beside=True),
            ),
            more=(
                "issue_count", "closed_count", "days_to_close_p90", "overdue_rate", "response_rate", "sendback_rate",
                "followup_rate", "unreached_count", "reopen_rate", "revisit_agreement_rate",
            ),
            filters=("town", "category"),
        )
    )  # fmt: skip
