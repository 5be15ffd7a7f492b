from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.packs.registry import Pack, register_pack

from ..doors import open_doors
from ..enums import Shape
from ..shapes import Column, Panel, ShapeKind, Specialty, Stage, register_panel, register_shape, register_specialty
from . import demo, indicators, packs, panels
from .acts import ACTS, begin, begun, pen
from .catalogue import CRAFT_CODES
from .enums import LINE, OPTIONAL, SPARE, OrderState
from .forms import FORMS, OrderRegisterForm
from .models import Order
from .policies import against, overtaken, relations
from .tasks import register_jobs

S = OrderState

ORDER = ShapeKind(
    shape=Shape.ORDER,
    label=_("派单类"),
    icon="tools",
    model=Order,
    states=OrderState,
    line=LINE,
    optional=OPTIONAL,
    spare=SPARE,
    stages=(
        Stage("post", pgettext_lazy("步骤", "登记"), frozenset({S.POSTED})),
        Stage("push", pgettext_lazy("步骤", "推送"), frozenset({S.PUSHED})),
        Stage("accept", pgettext_lazy("步骤", "接单"), frozenset({S.ACCEPTED})),
        Stage("work", pgettext_lazy("步骤", "服务"), frozenset({S.ADVISED, S.ON_SITE, S.CONSULTING, S.REFERRED})),
        Stage("solve", pgettext_lazy("步骤", "方案"), frozenset({S.SOLUTION, S.TRIAL})),
        Stage("outcome", pgettext_lazy("步骤", "结果"), frozenset({S.SOLVED, S.PARTLY, S.UNSOLVED})),
        Stage("confirm", pgettext_lazy("步骤", "确认"), frozenset({S.CONFIRMED})),
        Stage("close", pgettext_lazy("步骤", "结单"), frozenset({S.CLOSED, S.REFUSED, S.WITHDRAWN})),
    ),
    register_form=OrderRegisterForm,
    forms=FORMS,
    acts=ACTS,
    begin=begin,
    begun=begun,
    relations=relations,
    against=against,
    overtaken=overtaken,
    pen=pen,
    columns=(Column(_("承办人"), "craftsman__name"),),
    facts=panels.facts,
    limits=(
        ("accept_minutes", _("几分钟没人接就问下一位"), _("分钟"), 10),
        ("ask_at_once", _("同时推给几位"), _("人"), 1),
        ("most_asked", _("最多问几位，再没人接就由科室指派"), _("人"), 5),
        ("reply_hours", _("多少小时内要有首次答复"), _("小时"), 24),
        ("auto_push", _("登记后自动推送（1 是，0 否）"), "", 0),
        ("technical", _("问工种、专长、涉密（1 是，0 否）"), "", 0),
    ),
    public_asked=("wanted_on", "trade", "product"),
    related=("craftsman", "craftsman__user", "team", "confirmation"),
)


def register() -> None:
    register_shape(ORDER)
    open_doors(ORDER)
    indicators.declare()
    for key, order, template, context in (
        ("order_secret", 5, "orders/_secret.html", panels.secret_panel),
        ("order_offers", 10, "orders/_offers.html", panels.offers_panel),
        ("order_work", 20, "orders/_work.html", panels.work_panel),
        ("order_thread", 30, "orders/_thread.html", panels.thread_panel),
    ):
        register_panel(Panel(key, order, template, context, shape=Shape.ORDER))
    for code in CRAFT_CODES:
        register_specialty(Specialty(code, "orders:board", _("派单看板"), "speedometer2"))
        register_specialty(Specialty(code, "orders:craftsmen", _("师傅名册"), "person-badge"))
    register_pack(
        Pack(
            code="order_sheet", title=_("技术派工单"), note=_("派工单、服务记录和成效确认书"), icon="tools", roles=packs.ROLES,
            form=packs.OrderForm, gather=packs.order_sheet, formats=packs.PAGES, listed=False, sections=("order", "service", "outcome"), documents="D24",
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="lecture_rota", title=_("宣讲点单和排班表"), note=_("一周里点了什么、谁去讲"), icon="megaphone", roles=packs.ROLES,
            form=packs.RotaForm, gather=packs.lecture_rota, sections=("wanted", "rota"), position=45, documents="D33",
        )
    )  # fmt: skip
    register_jobs()
    demo.declare()
