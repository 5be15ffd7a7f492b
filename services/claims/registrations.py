from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.jinja import money

from ..doors import open_doors
from ..enums import Shape
from ..shapes import Column, ShapeKind, Stage, register_shape
from .acts import ACTS, begin
from .enums import LINE, OPTIONAL, SPARE, ClaimState
from .forms import FORMS, ClaimRegisterForm
from .models import Claim

S = ClaimState

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
        Stage("check", _("核实"), frozenset({S.CHECKED, S.VISITED, S.VERIFIED})),
        Stage("publish", _("公示"), frozenset({S.PUBLISHED, S.OBJECTED, S.CLEARED})),
        Stage("approve", _("审批"), frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN})),
        Stage("pay", _("发放"), frozenset({S.PAYING, S.PAID, S.RETURNED, S.SIGNED})),
        Stage("close", _("结案"), frozenset({S.CLOSED})),
    ),
    register_form=ClaimRegisterForm,
    forms=FORMS,
    acts=ACTS,
    begin=begin,
    public_asked=("amount_asked",),
    columns=(Column(_("金额（元）"), "amount_asked", lambda value: money(value) if value else "", "n c-meta"),),
    facts=lambda row: [
        (_("申请金额（元）"), money(row.amount_asked) if row.amount_asked else "—", False),
        (_("批准金额（元）"), money(row.amount) if row.amount else "—", False),
    ],
)


def register() -> None:
    register_shape(CLAIM)
    open_doors(CLAIM)
