"""年度服务“成绩单” (D34): what each programme did in a year, one line a programme, every number opening its rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.insight import periods
from unionops.insight.asking import FIGURE_ROLES
from unionops.insight.indicators import Asked
from unionops.packs.documents import Cell, Column, Document, Section, Table, figures, of
from unionops.packs.gathering import counted, divided, office_of, per_thing
from unionops.packs.registry import Pack, Wanted, register_pack
from visits.packs.scorecard import YearForm, register_lines

from .enums import Shape
from .models import Programme
from .shapes import ShapeKind, shape_kinds
from .summary import added_figures, own_figures


def declare(kind: ShapeKind) -> None:
    """A line in the scorecard of the year for each shape, and the paper of its own once."""
    register_lines(kind.label, tuple(codes_of(kind)))
    register_pack(
        Pack(
            code="service_year", title=gettext_lazy("年度服务成绩单"), note=gettext_lazy("每个服务项目一年办了多少、服务了多少人"),
            icon="heart", roles=FIGURE_ROLES, form=YearForm, gather=gather, sections=("total", *Shape.values, "own"), position=21, documents="D34",
        )
    )  # fmt: skip


def codes_of(kind: ShapeKind) -> Iterator[str]:
    yield f"{kind.shape}_count"
    if kind.shape != Shape.PLACE:
        yield f"{kind.shape}_finished_rate"
    yield f"{kind.shape}_people"
    if kind.shape == Shape.CLAIM:
        yield "claim_amount_paid"


def _own(asked: Asked) -> Table:
    """What each programme counts by itself, as 覆盖企业, 履约率, 岗位: one line a figure that the year has."""
    rows: list[list[Cell]] = []
    for programme in Programme.objects.visible_to(asked.user).order_by("catalogue", "code"):
        # A code says what the first programme calls the field; this one may call it otherwise.
        names = {indicator.code: str(indicator.name) for indicator in own_figures(programme)}
        codes = [*added_figures(programme), *names]
        found = counted(codes, asked, {"programme": str(programme.pk)}) if codes else {}
        rows += [
            [programme.name, names.get(code) or one.figure.indicator.name, of(one, names.get(code, ""))]
            for code, one in found.items()
            if one.figure.value
        ]
    columns = [Column(_("服务项目"), width=16), Column(_("成绩"), width=16), Column(_("一年"), width=12)]
    return Table("", columns, rows, empty=_("这一年没有登记。"))


def gather(wanted: Wanted) -> Document:
    user, kinds = wanted.user, shape_kinds()
    year = periods.parse(wanted.parameters["period"])
    asked = Asked(user, year, year.cut_off(timezone.localdate()))
    totals = counted([code for kind in kinds for code in codes_of(kind)], asked)
    sections = [
        Section(_("一年合计"), [figures(of(totals[code]) for kind in kinds for code in codes_of(kind))], "total")
    ]
    for at, kind in enumerate(kinds, start=1):
        columns = [(code, divided(code, "programme", asked)) for code in codes_of(kind)]
        table = per_thing(str(kind.label), _("服务项目"), columns, dimension="programme")
        sections.append(Section(str(kind.label), [table], kind.shape))
        wanted.tell(100 * at // (len(kinds) + 2))
    sections.append(Section(_("各项目的成绩"), [_own(asked)], "own"))
    return Document(
        _("年度服务成绩单"), sections, organisation=office_of(user), subtitle=year.label, meta=[(_("截至"), asked.at)],
        note=_("每个数字都可以点开到它计的那些行；行是今天的，数字是制作时的。"),
    )  # fmt: skip
