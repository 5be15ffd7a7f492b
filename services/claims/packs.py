"""Papers of claims: 审批表 of one (D16, D25 and their like), and the 公示表 of a programme (D17)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.joining import clauses, listed
from unionops.org.enums import CASE_ROLES
from unionops.org.events import kind_of
from unionops.org.models import Event
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value, paragraph
from unionops.packs.gathering import office_of
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack

from ..extra import pairs
from ..models import Programme
from ..queries import page_of
from ..timeline import entries
from .models import Claim
from .queries import on_the_wall


def sheet(rows: list[tuple[Any, Cell]]) -> Table:
    """What and what of it, without the lines of which nothing is known."""
    return Table(
        "", [Column(_("事项"), width=10), Column(_("内容"), width=34)],
        [[label, said] for label, said in rows if said not in (None, "", "—")],
    )  # fmt: skip


def who_asks(claim: Claim) -> list[tuple[Any, Cell]]:
    """Numbers stand masked on a paper too: it leaves the house."""
    return [
        (_("编号"), Value(claim.number, "text", page_of(claim))),
        (_("项目"), claim.programme.name),
        (_("服务对象"), claim.applicant_name or _("匿名")),
        (_("身份证号"), claim.identity_masked),
        (_("电话"), claim.phone_masked),
        (_("镇街"), (claim.town.short_name or claim.town.name) if claim.town else ""),
        (_("情况"), claim.description),
        *((label, said) for label, said, _wide in pairs(claim.programme.extras, claim.details, full=True)),
    ]


def opinions(claim: Claim) -> list[tuple[Any, Cell]]:
    """The opinions of three levels: who took which step when, with what they wrote."""
    events = Event.objects.about(kind_of(claim), claim.pk).select_related("by").order_by("at", "pk")
    return [(line.when, clauses([line.text, line.quote])) for line in entries(claim, events) if line.group == "moves"]


def approval(claim: Claim) -> Document:
    money: list[tuple[Any, Cell]] = [
        (_("申请金额（元）"), f"{claim.amount_asked:,.2f}" if claim.amount_asked else ""),
        *((label, said) for label, said in claim.reckoned.get("lines", [])),
        (_("批准金额（元）"), f"{claim.amount:,.2f}" if claim.amount else ""),
        (_("预算科目"), str(claim.budget_line) if claim.budget_line else ""),
        (_("户名"), claim.payee),
        (_("银行账号"), claim.account_masked),
    ]
    return Document(
        _("%(name)s审批表") % {"name": claim.programme.name},
        [
            Section(_("申请"), [sheet(who_asks(claim))]),
            Section(_("金额"), [sheet(money)]),
            Section(_("各级意见"), [sheet(opinions(claim))]),
        ],
        organisation=claim.district.short_name or claim.district.name, number=claim.number,
        signatures=[_("经办人"), _("审核人"), _("审批人")],
    )  # fmt: skip


class NoticeForm(PackForm):
    programme = forms.ChoiceField(label=gettext_lazy("项目"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        own = Programme.objects.visible_to(self.user).filter(pk__in=[found.pk for found, _rows in on_the_wall()])
        self.fields["programme"].choices = [(str(row.pk), row.name) for row in own]  # type: ignore[attr-defined]

    def parameters(self) -> dict[str, Any]:
        return {"programme": int(self.cleaned_data["programme"])}

    def told(self) -> str:
        return dict(self.fields["programme"].choices).get(self.cleaned_data["programme"], "")  # type: ignore[attr-defined]


def notice(wanted: Wanted) -> Document:
    """From the masked rows of the wall, and from nothing else."""
    programme = Programme.objects.visible_to(wanted.user).get(pk=wanted.parameters["programme"])
    found = next((rows for _programme, rows in on_the_wall(programme.pk)), [])
    columns = [
        Column(_("姓名"), width=8), Column(_("单位"), width=14), Column(_("困难类别"), width=10), Column(_("致困原因"), width=10),
        Column(_("拟帮扶"), width=14), Column(_("金额（元）"), "money", 10), Column(_("公示起"), "date", 12), Column(_("公示止"), "date", 12),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [row.name_masked, row.unit, row.category, row.cause, row.aid, row.amount, row.starts_on, row.ends_on]
        for row in found
    ]
    phones = listed(dict.fromkeys(row.complaint_phone for row in found))
    return Document(
        _("%(name)s公示表") % {"name": programme.name},
        [
            Section(
                "",
                [
                    paragraph(_("以下事项拟予办理，现予公示。公示期内有异议的，请向监督电话反映：%(phones)s。") % {"phones": phones}),
                    Table("", columns, rows),
                ],
            )
        ],
        organisation=office_of(wanted.user), landscape=True,
    )  # fmt: skip


def declare() -> None:
    register_pack(
        Pack(
            code="claim_notice", title=gettext_lazy("公示表"), note=gettext_lazy("正在公示的名单，姓名打码"), icon="megaphone",
            roles=CASE_ROLES, form=NoticeForm, gather=notice, position=60, documents="D17",
        )
    )  # fmt: skip
