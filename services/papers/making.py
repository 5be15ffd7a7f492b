"""A paper of the table made: asked for on its page, checked again by the worker, each telling of personal data written down."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import IO, Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from unionops.casework.permissions import refusal
from unionops.org.enums import CASE_ROLES
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User
from unionops.packs import making
from unionops.packs.documents import Block, Cell, Column, Document, Section, Table, Value, paragraph
from unionops.packs.enums import Format
from unionops.packs.gathering import office_of, one_of
from unionops.packs.registry import Pack, PackForm, Wanted, find, register_pack

from ..exporting import EXPORTING_ROLES
from ..models import Programme
from ..permissions import relations
from ..queries import seen
from ..shapes import kind_for, shape_kinds
from .table import TABLES, CasePaper, Given, ListPaper, case_papers, list_papers

# A paper is made out in the language of the office, whoever makes it.
LANGUAGE = "zh-hans"
MOST_ROWS = 2000
YEARS = 4
_RELATED = ("programme", "organisation", "district", "town", "enterprise", "registered_by")


# --- a paper about one case


def case_for(user: User, paper: CasePaper, text: str) -> Any:
    """The case of an address, if the person sees it and it has this paper."""
    for kind in shape_kinds():
        if paper.shape in ("", kind.shape):
            try:
                case: Any = one_of(seen(kind, user).select_related(*_RELATED, *kind.related), text)
            except Http404:
                continue
            if paper.is_of(case):
                return case
    raise Http404("no case with this paper")


def check_may_make(user: User, case: Any, paper: CasePaper) -> None:
    """Refuse whoever does not work on the case, or may not have its personal data told, and what is not there yet."""
    if paper.who is not None and relations(user, case).isdisjoint(paper.who):
        raise NotAllowed(_("这份材料由经办的人来做。"))
    if paper.guard is not None:
        paper.guard.check(user, case)
    if not paper.applies(case):
        raise InvalidTransition(_("还没有办到这一步，做不了《%(paper)s》。") % {"paper": paper.title})


@transaction.atomic
def written(paper: CasePaper, case: Any, *, by: User, about: str = "") -> dict[str, Any]:
    """What the paper says now, as it is printed; the reading of personal data stands in the log in the same transaction."""
    check_may_make(by, case, paper)
    with translation.override(LANGUAGE):
        if paper.abouts is not None and about not in dict(paper.abouts(case)):
            raise ActionError(_("请选择是哪一项。"), field="about")
        given = Given(case, by, about)
        if paper.guard is not None:
            paper.guard.log(given, str(paper.title))
        found = paper.write(given)
        return replace(found, site=settings.UNIONOPS_URL.rstrip("/"), flowing=True).as_json()


class CaseForm(PackForm):
    """The address names the case; where a paper is about one thing of it, the form asks which."""

    paper: CasePaper

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.case = case_for(self.user, self.paper, self.query.get("case", ""))
        check_may_make(self.user, self.case, self.paper)
        if self.paper.abouts is not None:
            choices = self.paper.abouts(self.case)
            if not choices:
                raise InvalidTransition(_("还没有办到这一步，做不了《%(paper)s》。") % {"paper": self.paper.title})
            first = self.query.get("about", "")
            self.fields["about"] = forms.ChoiceField(
                label=str(self.paper.ask), choices=choices, initial=first if first in dict(choices) else choices[0][0]
            )

    def parameters(self) -> dict[str, Any]:
        return {"case": str(self.case.pk), "about": self.cleaned_data.get("about", "")}

    def shown(self) -> list[tuple[str, str]]:
        found = [(self.case.programme.name, f"{self.case.number} {self.case.title}")]
        if self.paper.guard is not None:
            words = _("含%(what)s，每次制作都记入查看记录。") % {"what": self.paper.guard.words}
            found.append((_("个人信息"), words))
        return found

    def told(self) -> str:
        return str(self.case.number)


def _of(paper: CasePaper, wanted: Wanted) -> dict[str, Any]:
    case = case_for(wanted.user, paper, wanted.parameters["case"])
    return written(paper, case, by=wanted.user, about=wanted.parameters.get("about", ""))


def _stream(paper: CasePaper, form: Format) -> Callable[[Wanted, IO[bytes]], object]:
    """Straight into the file: what it tells in full is kept nowhere else."""

    def stream(wanted: Wanted, target: IO[bytes]) -> None:
        content = _of(paper, wanted)
        wanted.tell(60)
        pack = find(paper.code)
        assert pack is not None
        making.write_document(content, form, pack, wanted.user, target)

    return stream


def _never(wanted: Wanted) -> Document:
    raise Http404("a paper of a case is written by its stream")


def papers_panel(case: Any, user: User) -> dict[str, Any] | None:
    """The papers of a case that this person can make now."""
    rows = [
        {
            "url": f"{reverse('packs:new', args=[paper.code])}?{urlencode({'case': str(case.pk)})}",
            "label": paper.title, "note": paper.note, "icon": paper.icon, "is_personal": paper.guard is not None,
        }
        for paper in case_papers()
        if paper.is_of(case) and not refusal(check_may_make, user, case, paper)
    ]  # fmt: skip
    return {"rows": rows} if rows else None


# --- a register of many


class ListForm(PackForm):
    """Which year, and which programme where the paper is of several shapes' worth."""

    paper: ListPaper

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not self.paper.programmes:
            own = Programme.objects.visible_to(self.user).filter(shape=self.paper.shape)
            choices = [(row.code, row.name) for row in own]
            self.fields["programme"] = forms.ChoiceField(label=_("项目"), choices=choices)
            if (named_one := self.query.get("programme", "")) in dict(choices):
                self.initial["programme"] = named_one
        if self.paper.year:
            this = timezone.localdate().year
            years = [(str(year), str(year)) for year in range(this, this - YEARS, -1)]
            self.fields["year"] = forms.ChoiceField(label=_("年度"), choices=years)

    def parameters(self) -> dict[str, Any]:
        return {"programme": self.cleaned_data.get("programme", ""), "year": int(self.cleaned_data.get("year") or 0)}

    def told(self) -> str:
        names = dict(self.fields["programme"].choices) if "programme" in self.fields else {}  # type: ignore[attr-defined]
        return " ".join(
            filter(None, (names.get(self.cleaned_data.get("programme"), ""), self.cleaned_data.get("year", "")))
        )


def register_of(paper: ListPaper, wanted: Wanted) -> Document:
    """The lines that this person sees, at most 2,000, with the sums of what stands above."""
    kind, given = kind_for(paper.shape), wanted.parameters
    codes = paper.programmes or (given["programme"],)
    found: Any = (
        paper.source(wanted.user) if paper.source
        else seen(kind, wanted.user).filter(programme__code__in=codes).select_related(*_RELATED, *kind.related)
    )  # fmt: skip
    if paper.year and given["year"]:
        found = found.filter(**{paper.year: given["year"]})
    with translation.override(LANGUAGE):
        cases = paper.rows(found).order_by(*paper.order)[: MOST_ROWS + 1]
        row = paper.reader() if paper.reader else paper.row
        assert row is not None
        made = [line for line in map(row, cases) if line is not None]
        rows: list[list[Cell]] = [[Value(at, "count"), *line] for at, line in enumerate(made[:MOST_ROWS], start=1)]
        columns = [Column("序号", "count", 5), *paper.columns]
        if rows and paper.sums:
            rows.append(_sums(columns, rows, paper.sums))
        programme = Programme.objects.visible_to(wanted.user).filter(code=codes[0]).select_related("district").first()
        cut = f"只列前 {MOST_ROWS} 行。" if len(made) > MOST_ROWS else ""
        blocks: list[Block] = [
            *([paragraph(paper.said)] if paper.said else []),
            Table("", columns, rows, empty="这一期没有。"),
        ]
        title = str(paper.title)
        if not paper.programmes and programme:
            title = f"{programme.name}{title}"
        return Document(
            title, [Section("", blocks, "rows")], organisation=programme.district.name if programme else office_of(wanted.user),
            subtitle=f"{given['year']}年度" if given["year"] else f"截至{_today()}",
            meta=[("制表人", wanted.user.name)], note=cut, signatures=paper.signatures, landscape=paper.landscape,
        )  # fmt: skip


def _today() -> str:
    today: datetime.date = timezone.localdate()
    return f"{today.year}年{today.month}月{today.day}日"


def _sums(columns: list[Column], rows: list[list[Cell]], wanted: Any) -> list[Cell]:
    """合计 below the columns of these labels."""

    def whole(at: int, column: Column) -> Cell:
        if str(column.label) not in wanted:
            return "合计" if at == 1 else None if column.kind != "text" else ""
        found = [row[at].value if isinstance(row[at], Value) else row[at] for row in rows]
        total = sum((Decimal(str(one)) for one in found if one not in (None, "")), Decimal(0))
        return Value(int(total) if column.kind == "count" else total, column.kind)

    sums = [whole(at, column) for at, column in enumerate(columns)]
    return ["", *sums[1:]]


# --- registration


def declare() -> None:
    """Each row of the table becomes a pack."""
    for paper in case_papers():
        streams = {form: _stream(paper, form) for form in paper.formats} if paper.guard else {}
        register_pack(
            Pack(
                code=paper.code, title=paper.title, note=paper.note, icon=paper.icon, roles=CASE_ROLES, formats=paper.formats,
                form=type("PaperForm", (CaseForm,), {"paper": paper}), streams=streams, documents=paper.documents,
                gather=_never if paper.guard else _gather_case(paper), listed=False, position=80,
            )
        )  # fmt: skip
    for listing in list_papers():
        register_pack(
            Pack(
                code=listing.code, title=listing.title, note=listing.note, icon=listing.icon, roles=EXPORTING_ROLES,
                formats=TABLES, form=type("RegisterForm", (ListForm,), {"paper": listing}), documents=listing.documents,
                gather=_gather_list(listing), sections=("rows",), position=61,
            )
        )  # fmt: skip


def _gather_case(paper: CasePaper) -> Callable[[Wanted], Document]:
    def gather(wanted: Wanted) -> Document:
        case = case_for(wanted.user, paper, wanted.parameters["case"])
        check_may_make(wanted.user, case, paper)
        with translation.override(LANGUAGE):
            about = wanted.parameters.get("about", "")
            if paper.abouts is not None and about not in dict(paper.abouts(case)):
                raise ActionError(_("请选择是哪一项。"), field="about")
            return replace(paper.write(Given(case, wanted.user, about)), flowing=True)

    return gather


def _gather_list(paper: ListPaper) -> Callable[[Wanted], Document]:
    return lambda wanted: register_of(paper, wanted)
