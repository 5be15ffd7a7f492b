"""The dashboard of disputes: the success rate and what hides behind it."""

from django.utils.translation import gettext_lazy as _

from unionops.insight.boards import Board, Chart, Oldest, Tile, register
from unionops.org.enums import Role

KEY = (_("成功"), _("不成"), _("成功率（%）"))


def declare() -> None:
    register(
        Board(
            code="disputes",
            # For whoever leads the district or works at a centre; others have no disputes to count.
            tab=lambda user: bool(user.scope.districts) or user.scope.has(Role.MEDIATOR, Role.HEAD),
            title=_("劳动争议"),
            note=_(
                "成功率 =（达成协议 + 和解撤回）÷（达成协议 + 和解撤回 + 调解不成），按期内结案计；"
                "按受理的成功率 = 其中到截止日成功的 ÷ 期内受理的全部"
            ),
            tiles=(
                Tile("dispute_success_rate", ("dispute_success_on_accepted_rate",), lead=True),
                Tile("dispute_accepted_count", ("dispute_collective_count", "dispute_people_count")),
                Tile("dispute_open_count", ("dispute_overdue_count",)),
                Tile("obligation_fulfilment_rate", ("obligation_fulfilment_money_rate", "dispute_immediate_rate")),
                Tile("obligation_amount_paid", ("obligation_amount_agreed",)),
                Tile("dispute_days_to_mediate", ("dispute_days_to_mediate_p90",)),
            ),
            charts=(
                Chart("months", "dispute_success_rate", "month", _("每月结案与成功"), _("%(n)s 个月，按结案月份"), wide=True,
                    key=KEY),
                Chart("bars", "dispute_success_rate", "cause_group", _("各类案由成功率"), _("%(n)s 类案由"), key=KEY),
                Chart(
                    "funnel", "dispute_count", "", _("从登记到履行"), _("%(n)s 件走到哪一步"), across="dispute_stage", beside=True,
                    steps=("dispute_taken_up_rate", "dispute_settled_rate", "dispute_performed_rate"),
                    names=(_("登记"), _("已受理"), _("已达成协议或和解"), _("已履行")),
                ),
                Chart(
                    "stack", "dispute_open_count", "mediator", _("在办的争议放了多久"), _("共 %(n)s 件，从登记起算，不论何时登记"),
                    across="age", beside=True,
                ),
                Chart("bars", "dispute_count", "dispute_source", _("从哪里来"), _("%(n)s 种来源"), beside=True),
                Chart("bars", "dispute_count", "cause", _("争的是什么"), _("%(n)s 种案由")),
            ),
            more=(
                "dispute_ended_count", "dispute_confirmation_rate", "dispute_agency_rate", "dispute_amount_claimed",
                "dispute_days_to_accept", "dispute_days_to_accept_p90", "dispute_days_to_end", "dispute_days_to_end_p90",
                "obligation_days_to_pay", "obligation_days_to_pay_p90", "dispute_followup_rate", "dispute_kept_rate",
                "dispute_satisfaction_rate",
            ),
            filters=("town",),
            oldest=Oldest("dispute_overdue_count", _("超期最久的争议"), "term__due_on", "title", "organisation__name"),
        )
    )  # fmt: skip
