"""The figures of orders beside those of every shape: how quickly somebody has them, whether they are answered, what came of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db.models import (
    Count,
    DecimalField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.insight.indicators import Asked, Column, Indicator, Rows, TimeRole, Unit, register
from unionops.jinja import moment
from unionops.org.models import User

from ..counted import rows_of
from ..enums import Shape
from .enums import OUTCOMES, Answer, OrderState
from .models import Offer, Order, Panelist, SiteVisit

DAY = datetime.timedelta(hours=24)
SOURCE = "domain 4.6"
ON_BOARD = (
    "order_count", "order_accept_minutes", "order_accept_minutes_p90", "order_reply_rate", "order_unanswered_rate", "order_solved_rate", "order_saved",
    "order_orders_kept", "order_jobs",
)  # fmt: skip
# Whoever takes the order back, or is refused, waits for no answer.
UNANSWERABLE = (OrderState.WITHDRAWN, OrderState.REFUSED)


def _seen(user: User) -> QuerySet:
    return Offer.objects.filter(order__in=Order.objects.visible_to(user))


ANSWERS = dict(Answer.choices)
OFFERS = Rows(
    code="offer",
    unit=pgettext_lazy("推送", "次"),
    model=Offer,
    visible=_seen,
    paths={"town": "order__town_id", "programme": "order__programme_id"},
    columns=(
        Column(_("编号"), "order__number", css="num muted c-meta"),
        Column(_("派单"), "order__title", css="c-title"),
        Column(_("师傅"), "craftsman__name", css="nw c-meta"),
        Column(_("推送"), "offered_at", moment, css="nw c-meta"),
        Column(_("答复期限"), "due_at", moment, css="nw c-meta"),
        Column(_("答复"), "answer", lambda value: ANSWERS.get(value, "—"), css="nw c-meta"),
    ),
    order="offered_at",
    url=lambda pk: reverse("services:order", args=[pk]),
    link="order_id",
)


def _late(asked: Asked) -> Q:
    """Nobody answered in the time that was given."""
    return Q(answer=Answer.TIMED_OUT) | Q(answer=Answer.WAITING, due_at__lt=min(asked.until, timezone.now()))


def _asked(rows: QuerySet, asked: Asked) -> QuerySet:
    """Pushed in the period, and answered or overdue; whoever was told to go was not asked, whoever was overtaken need not answer."""
    made = rows.filter(is_assigned=False, offered_at__gte=asked.period.start, offered_at__lt=asked.end)
    return made.filter(~Q(answer__in=(Answer.WAITING, Answer.OVERTAKEN)) | _late(asked))


def _minutes(later: str) -> Func:
    return Func(
        F(later), F("registered_at"), template="(extract(epoch FROM %(expressions)s) / 60)", arg_joiner=" - ",
        output_field=DecimalField(max_digits=12, decimal_places=4),
    )  # fmt: skip


ACCEPT_MINUTES = _minutes("accepted_at")


def _registered(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(registered_at__gte=asked.period.start, registered_at__lt=asked.end)


def _accepted(rows: QuerySet, asked: Asked) -> QuerySet:
    return _registered(rows, asked).filter(accepted_at__lt=asked.until)


def _in_time(asked: Asked) -> Q:
    return Q(replied__lte=DAY)


def _to_answer(rows: QuerySet, asked: Asked) -> QuerySet:
    """Those that are a day old or have been answered within one."""
    replied = ExpressionWrapper(F("first_reply_at") - F("registered_at"), output_field=DurationField())
    a_day_ago = min(asked.until, timezone.now()) - DAY
    found = _registered(rows, asked).alias(replied=replied)
    return found.filter(_in_time(asked) | Q(registered_at__lte=a_day_ago) & ~Q(state__in=UNANSWERABLE))


def _ended(rows: QuerySet, asked: Asked) -> QuerySet:
    return _registered(rows, asked).filter(outcome__in=OUTCOMES)


def _of(model: type[Model]) -> Coalesce:
    """How many rows of the model an order has."""
    rows = model._default_manager.filter(order=OuterRef("pk")).order_by().values("order")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def _visited(rows: QuerySet, asked: Asked) -> QuerySet:
    return _registered(rows, asked).alias(trips=_of(SiteVisit)).filter(trips__gt=0)


def _on_panel(rows: QuerySet, asked: Asked) -> QuerySet:
    return _registered(rows, asked).alias(experts=_of(Panelist)).filter(experts__gt=0)


def _with(path: str) -> Callable[[QuerySet, Asked], QuerySet]:
    return lambda rows, asked: _registered(rows, asked).filter(**{f"{path}__gt": 0})


def declare() -> None:
    rows = rows_of(Shape.ORDER)
    shared = {"rows": rows, "time": TimeRole.REGISTERED, "moment": "registered_at", "source": SOURCE}
    for code, name, percentile in (
        ("order_accept_minutes", _("接单用时中位数"), 0.5), ("order_accept_minutes_p90", _("接单用时九成位"), 0.9),
        ("order_accept_minutes_mean", _("平均接单用时"), None),
    ):  # fmt: skip
        register(
            Indicator(
                code=code, name=name, unit=Unit.DAYS, days=ACCEPT_MINUTES, days_unit=_("分钟"), percentile=percentile,
                counted=_accepted, meaning=_("期内登记、到截止日有人接的派单，从登记到接单的分钟数。"), strength=-1, **shared,  # type: ignore[arg-type]
            )
        )  # fmt: skip
    register(
        Indicator(
            code="order_reply_rate", name=_("24 小时答复率"), unit=Unit.RATE, counted=_to_answer, share=_in_time, strength=1,
            meaning=_("期内登记、满一天或已经答复的派单里，一天内有首次答复的占比；撤回和不受理的不算。"), **shared,  # type: ignore[arg-type]
        ),
        Indicator(
            code="order_solved_rate", name=_("解决率"), unit=Unit.RATE, counted=_ended, strength=1,
            share=lambda asked: Q(outcome=OrderState.SOLVED),
            meaning=_("期内登记、已有结果的派单里，结果是解决的占比。"), **shared,  # type: ignore[arg-type]
        ),
    )  # fmt: skip
    register(
        Indicator(
            code="order_unanswered_rate", name=_("推送没人答复的占比"), unit=Unit.RATE, rows=OFFERS, time=TimeRole.REGISTERED,
            moment="offered_at", counted=_asked, share=_late, strength=-1, source=SOURCE,
            meaning=_("期内推送、已有答复或者期限已过的，到期没有答复的占比；别人先接了的和指派的不算。"),
        ),
        Indicator(
            code="order_visits", name=pgettext_lazy("指标", "上门服务"), unit=Unit.SUM, counted=_visited, amount="trips", amount_unit=_("家次"), strength=1,
            meaning=_("期内登记的派单，上门的次数合计；一家去两次算两次。"), **shared,  # type: ignore[arg-type]
        ),
        Indicator(
            code="order_panel_experts", name=_("每场会诊的专家"), unit=Unit.DAYS, days=F("experts"), days_unit=_("位"), percentile=None,
            counted=_on_panel, meaning=_("期内登记、开过会诊的派单，平均每场请了几位专家。"), **shared,  # type: ignore[arg-type]
        ),
    )  # fmt: skip
    for code, name, path, unit, places in (
        ("order_saved", _("节约成本"), "saved", _("元"), 2), ("order_orders_kept", _("保住或拓展的订单"), "orders_kept", _("元"), 2),
        ("order_jobs", _("带动就业"), "jobs", _("人"), 0),
    ):  # fmt: skip
        register(
            Indicator(
                code=code, name=name, unit=Unit.SUM, counted=_with(path), amount=path, amount_unit=unit, places=places, strength=1,
                meaning=_("期内登记的派单，对方书面确认的合计。"), **shared,  # type: ignore[arg-type]
            )
        )  # fmt: skip
