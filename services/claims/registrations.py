from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.jinja import money

from ..doors import open_doors
from ..enums import Shape
from ..shapes import Column, Panel, ShapeKind, Stage, register_panel, register_shape
from . import benefits, demo, packs, panels, reckoning
from .acts import ACTS, begin, begun
from .enums import LINE, OPTIONAL, RESTING, SPARE, ClaimState, ClaimVerb
from .forms import FORMS, ClaimRegisterForm
from .models import Claim
from .rules import PUBLICATION_DAYS, against, pen

S = ClaimState


def _amounts(row: Claim) -> list[tuple[Any, Any, bool]]:
    """Of a programme that pays, and of whatever has an amount all the same."""
    pays = row.programme.uses(ClaimVerb.PAY)
    found = ((_("申请金额（元）"), row.amount_asked), (_("批准金额（元）"), row.amount))
    return [(label, money(value) if value else "—", False) for label, value in found if value or pays]


CLAIM = ShapeKind(
    shape=Shape.CLAIM,
    label=_("申领类"),
    icon="file-earmark-text",
    model=Claim,
    states=ClaimState,
    line=LINE,
    optional=OPTIONAL,
    spare=SPARE,
    stages=(
        Stage("submitted", pgettext_lazy("步骤", "申请"), frozenset({S.SUBMITTED, S.SUPPLEMENT})),
        Stage("check", _("核实"), frozenset({S.CHECKED, S.VISITED, S.VERIFIED, S.PAUSED, S.AUDITED})),
        Stage("publish", _("公示"), frozenset({S.PUBLISHED, S.OBJECTED, S.CLEARED})),
        Stage("approve", _("审批"), frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN})),
        Stage("pay", _("发放"), frozenset({S.PAYING, S.PAID, S.RETURNED, S.SIGNED})),
        Stage("held", pgettext_lazy("申领状态", "在册"), frozenset({S.HELD})),
        Stage("close", _("结案"), frozenset({S.CLOSED})),
    ),
    register_form=ClaimRegisterForm,
    forms=FORMS,
    acts=ACTS,
    begin=begin,
    begun=begun,
    against=against,
    public_asked=("roster",),
    pen=pen,
    resting=RESTING,
    wakes=True,
    columns=(Column(_("金额（元）"), "amount_asked", lambda value: money(value) if value else "", "n c-meta"),),
    facts=lambda row: [
        *_amounts(row),
        *([(_("预算科目"), str(row.budget_line), False)] if row.budget_line_id else []),
        *([(_("户名和开户银行"), f"{row.payee} {row.bank}".strip(), False)] if row.payee or row.bank else []),
        *([(_("名册（人）"), str(len(row.roster)), False)] if row.roster else []),
        *([(_("签收"), f"{row.signed_by} {row.signed_on}", False)] if row.signed_on else []),
    ],
    limits=(
        ("case_ceiling", _("每件最多"), _("元"), None),
        ("year_ceiling", _("每人每年最多"), _("元"), None),
        ("once_a_year", _("每人每年最多几次"), _("次"), None),
        ("roster_years", _("名册里的人几年一次"), _("年"), None),
        ("leader_ceiling", _("超过多少由主要领导审批"), _("元"), None),
        ("publication_days", _("公示不少于"), _("工作日"), PUBLICATION_DAYS),
    ),
    public=(
        ("unit", _("单位")),
        ("category", pgettext_lazy("公示", "类别")),
        ("cause", _("原因")),
        ("aid", _("拟办事项")),
        ("amount", _("金额")),
    ),
    related=("budget_line",),
)


def register() -> None:
    register_shape(CLAIM)
    open_doors(CLAIM)
    for position, (key, context) in enumerate(
        (
            ("reckoning", panels.reckoning),
            ("checking", panels.checking),
            ("wall", panels.wall),
            ("money", panels.money),
        )
    ):
        register_panel(Panel(f"claim_{key}", 20 + position, f"claims/_{key}.html", context, Shape.CLAIM))
    reckoning.register()
    benefits.register()
    demo.declare()
    packs.declare()
