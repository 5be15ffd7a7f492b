"""The papers of the weekly visit (domain 7): D1, D2, D3, D9, D10 and D34; each is a form and a function that gathers."""

from django.utils.translation import gettext_lazy as _

from unionops.insight.asking import FIGURE_ROLES
from unionops.org.enums import DISTRICT_WIDE, TOWN_ROLES
from unionops.packs.enums import Format
from unionops.packs.registry import Pack, register_pack

from . import ledgers, orders, scorecard, weekly


def declare() -> None:
    register_pack(
        Pack(
            code="visit_ledger", documents="D1", title=_("走访台账"), note=_("列表上筛出的走访；Excel 不限行数"), icon="journal-text",
            roles=FIGURE_ROLES, form=ledgers.VisitLedgerForm, gather=ledgers.visits,
            streams={Format.XLSX: ledgers.stream_visits}, sections=("rows",), position=40,
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="issue_ledger", documents="D2", title=_("问题台账"), note=_("列表上筛出的诉求；Excel 不限行数"), icon="chat-square-text",
            roles=FIGURE_ROLES, form=ledgers.IssueLedgerForm, gather=ledgers.issues,
            streams={Format.XLSX: ledgers.stream_issues}, sections=("rows",), position=41,
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="weekly_bulletin", documents="D3", title=_("周通报"), note=_("走访计划和完成、新增、办结、超期"), icon="calendar-week",
            roles=DISTRICT_WIDE | TOWN_ROLES, form=weekly.WeekForm, gather=weekly.gather,
            sections=("overview", "cadres", "towns", "unvisited", "overdue"), position=10,
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="rectification_list", documents="D10", title=_("整改清单"), note=_("限期整改的措施、路线图、时间表和责任人"), icon="list-check",
            roles=FIGURE_ROLES, form=orders.RectificationForm, gather=orders.rectifications, sections=("rows",), position=30,
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="scorecard", documents="D34", title=_("年度“成绩单”"), note=_("一年的主要数字，一页"), icon="bar-chart-line",
            roles=DISTRICT_WIDE | TOWN_ROLES, form=scorecard.YearForm, gather=scorecard.gather, sections=("figures",), position=20,
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="dispatch_order", documents="D9", title=_("交办单"), note=_("一件诉求的交办"), icon="send", roles=FIGURE_ROLES,
            form=orders.IssueForm, gather=orders.dispatch_order, listed=False,
            sections=("facts", "result"),
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="supervision_order", documents="D9", title=_("督办单"), note=_("一次督办和它的答复"), icon="megaphone", roles=FIGURE_ROLES,
            form=orders.SupervisionForm, gather=orders.supervision_order, listed=False,
            sections=("facts", "demand", "answer"),
        )
    )  # fmt: skip
