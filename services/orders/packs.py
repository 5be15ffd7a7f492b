"""技术派工单, 服务记录, 成效确认书 (D24) of one order, and the 宣讲点单表 and 排班表 (D33) of a week."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.insight import periods
from unionops.insight.periods import Kind, containing
from unionops.joining import clauses, listed
from unionops.org.enums import CASE_ROLES
from unionops.org.models import User
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value, paragraph, paragraphs
from unionops.packs.enums import Format
from unionops.packs.gathering import office_of, one_of
from unionops.packs.registry import PackForm, Wanted

from ..permissions import relations
from .catalogue import LECTURE_CODES
from .models import Order
from .policies import READING

ROLES = CASE_ROLES
PAGES = (Format.DOCX, Format.PDF)
WEEKS_OFFERED = 8
MOST_ROWS = 300
RELATED = ("programme", "enterprise", "town", "craftsman", "team", "organisation")


def order_for(user: User, text: str) -> Order:
    row: Order = one_of(Order.objects.visible_to(user).select_related(*RELATED), text)
    # The paper tells of the solution: where that is a trade secret, only whoever may read it makes the paper.
    if row.is_secret and relations(user, row).isdisjoint(READING):
        raise Http404("not for this person")
    return row


class OrderForm(PackForm):
    """Asks nothing: the address names the order."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.order = order_for(self.user, self.query.get("order", ""))

    def parameters(self) -> dict[str, Any]:
        return {"order": str(self.order.pk)}

    def shown(self) -> list[tuple[str, str]]:
        return [(self.order.programme.name, f"{self.order.number} {self.order.title}")]

    def told(self) -> str:
        return self.order.number


def _sheet(rows: list[list[Cell]]) -> Table:
    kept = [row for row in rows if row[1] not in (None, "")]
    return Table("", [Column(_("事项"), width=10), Column(_("内容"), width=34)], kept, empty=_("没有。"))


def order_sheet(wanted: Wanted) -> Document:
    row = order_for(wanted.user, wanted.parameters["order"])
    secret = _("涉及商业秘密，另页存放") if row.is_secret else row.description
    asked: list[list[Cell]] = [
        [_("编号"), Value(row.number, "text", reverse("services:order", args=[row.pk]))],
        [_("企业"), row.applicant_name], [_("镇街"), (row.town.short_name or row.town.name) if row.town else ""],
        [_("联系电话"), row.phone_masked], [_("方式"), row.get_mode_display()], [_("工种"), row.trade],
        [_("要会什么"), listed(row.skills)], [_("产品或工序"), row.product], [_("技术难题"), secret],
        [_("登记时间"), row.registered_at], [_("首次答复"), row.first_reply_at], [_("接单时间"), row.accepted_at],
        [_("承办人"), clauses([row.craftsman.name, row.craftsman.title]) if row.craftsman else ""],
        [_("服务队"), row.team.name if row.team else ""],
    ]  # fmt: skip
    visits = [[visit.on, visit.people, Value(visit.hours, "text"), visit.findings] for visit in row.visits.all()]
    columns = [
        Column(_("日期"), "date", 8),
        Column(_("谁去的"), width=10),
        Column(_("小时"), width=5),
        Column(_("现场情况"), width=24),
    ]
    panel = listed(one.craftsman.name for one in row.panelists.select_related("craftsman") if one.was_present)
    done: list[list[Cell]] = [
        [_("结果"), row.get_outcome_display() if row.outcome else ""],
        [_("节约成本（元）"), Value(row.saved, "money") if row.saved else ""],
        [_("保住或拓展的订单（元）"), Value(row.orders_kept, "money") if row.orders_kept else ""],
        [_("带动就业（人）"), Value(row.jobs, "count") if row.jobs else ""],
        [_("评价"), _("%(n)d 星") % {"n": row.rating} if row.rating else ""], [_("评价意见"), row.opinion],
        [_("确认人"), row.confirmed_name], [_("确认时间"), row.confirmed_at],
    ]  # fmt: skip
    return Document(
        _("技术派工单"),
        [
            Section(_("派工单"), [_sheet(asked)], "order"),
            Section(
                _("服务记录"),
                [
                    Table("", columns, visits, empty=_("没有上门。")),
                    *([paragraph(_("会诊专家：%(names)s") % {"names": panel})] if panel else []),
                    *(paragraphs(row.solution) or [paragraph(_("还没有方案。"))]),
                    *paragraphs(row.trial_result),
                ],
                "service",
            ),
            Section(_("成效确认书"), [_sheet(done)], "outcome"),
        ],
        organisation=office_of(wanted.user),
        number=row.number,
        signatures=[_("承办人"), _("企业（盖章）"), _("主办科室")],
    )  # fmt: skip


class RotaForm(PackForm):
    period = forms.ChoiceField(label=gettext_lazy("哪一周"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        week = containing(timezone.localdate(), Kind.WEEK)
        # Rotas are made for the week that comes.
        weeks = [containing(timezone.localdate() + datetime.timedelta(days=7), Kind.WEEK), week]
        while len(weeks) < WEEKS_OFFERED:
            weeks.append(weeks[-1].before())
        self.fields["period"].choices = [(one.code, f"{one.label} {one.first:%m-%d}–{one.last:%m-%d}") for one in weeks]  # type: ignore[attr-defined]
        self.initial.setdefault("period", week.code)

    def parameters(self) -> dict[str, Any]:
        return {"period": self.cleaned_data["period"]}

    def told(self) -> str:
        return periods.parse(self.cleaned_data["period"]).label


def lecture_rota(wanted: Wanted) -> Document:
    week = periods.parse(wanted.parameters["period"])
    orders = list(
        Order.objects.visible_to(wanted.user)
        .filter(programme__code__in=LECTURE_CODES, wanted_on__range=(week.first, week.last))
        .select_related(*RELATED)
        .order_by("wanted_on", "pk")[:MOST_ROWS]
    )
    wanted.tell(60)
    heads = [
        Column(_("日期"), "date", 8), Column(_("时间"), width=6), Column(_("单位"), width=16), Column(_("项目"), width=10),
        Column(_("讲什么"), width=12), Column(_("预计人数"), "count", 6), Column(_("讲师"), width=8), Column(_("状态"), width=8),
    ]  # fmt: skip
    rows = [[row.wanted_on, row.details.get("shift") or "", row.applicant_name, row.programme.name, row.details.get("topic") or "", row.details.get("audience"), row.craftsman.name if row.craftsman else "", row.state_words] for row in orders]  # fmt: skip
    turns: dict[str, list[Order]] = {}
    for row in orders:
        if row.craftsman:
            turns.setdefault(row.craftsman.name, []).append(row)
    rota = [[name, Value(len(own), "count"), listed(_turn(row) for row in own)] for name, own in sorted(turns.items())]
    columns = [Column(_("讲师"), width=8), Column(_("场次"), "count", 6), Column(_("哪天去哪里"), width=30)]
    return Document(
        _("宣讲点单和排班表"),
        [
            Section(_("一、点单表"), [Table("", heads, rows, empty=_("这一周没有点单。"))], "wanted"),
            Section(_("二、排班表"), [Table("", columns, rota, empty=_("还没有排讲师。"))], "rota"),
        ],
        organisation=office_of(wanted.user),
        subtitle=week.label,
    )


def _turn(row: Order) -> str:
    assert isinstance(row.wanted_on, datetime.date)
    return f"{row.wanted_on:%m-%d} {row.details.get('shift') or ''} {row.applicant_name}".replace("  ", " ")
