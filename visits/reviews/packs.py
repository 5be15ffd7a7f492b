"""年度评议表 (D7): of each kind the ranks and the arithmetic that made them, then the awards."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.insight.asking import FIGURE_ROLES
from unionops.insight.frozen import thaw
from unionops.insight.indicators import Unit
from unionops.joining import clauses, listed
from unionops.org.enums import Role
from unionops.org.models import User
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value, numbered, of, paragraph, parts_of
from unionops.packs.gathering import one_of
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack

from . import measuring
from .actions.reviews import scheme_of
from .enums import APPRAISED, SUBMITTED, Kind
from .models import Result, Review
from .permissions import check_sees_results
from .queries import ranking_of, results_of
from .words import grade_rule, plain, points_rule


def review_for(user: User, text: str) -> Review:
    """The review of an address, as its page would find it, if this person may read its results."""
    review = one_of(Review.objects.visible_to(user).select_related("district", "deadline"), text)
    check_sees_results(user, review)
    return review


class ReviewForm(PackForm):
    """Asks nothing: the address names the review."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.review = review_for(self.user, self.query.get("review", ""))

    def parameters(self) -> dict[str, Any]:
        return {"review": str(self.review.pk)}

    def shown(self) -> list[tuple[str, str]]:
        return [(_("年评议"), f"{self.review.number} {self.review.title}")]

    def told(self) -> str:
        return self.review.number


def gather(wanted: Wanted) -> Document:
    review = review_for(wanted.user, wanted.parameters["review"])
    sections = [
        Section(numbered(number, kind.label), _appraised(review, kind, wanted.user), kind.value)
        for number, kind in enumerate(APPRAISED, start=1)
    ]
    wanted.tell(70)
    sections += [
        Section(numbered(number, kind.label), _submitted(review, kind), kind.value)
        for number, kind in enumerate(SUBMITTED, start=len(APPRAISED) + 1)
    ]
    meta: list[tuple[str, Cell]] = [
        (_("数据截至"), review.cut_off), (_("状态"), review.get_state_display()),
        (_("第几次计算"), Value(review.round, "count")),
    ]  # fmt: skip
    if review.published_at:
        meta.append((_("公示时间"), review.published_at))
    if review.deadline:
        meta.append((_("公示到"), review.deadline.due_on))
    return Document(
        _("年度评议表"),
        sections,
        organisation=review.district.name,
        subtitle=review.title,
        number=review.number,
        meta=meta,
        signatures=[_("制表"), _("审核"), _("签发")],
        note=points_rule(),
        landscape=True,
    )


def _points(value: Fraction | Decimal | None, url: str = "") -> Value:
    """Exact points as the page of the arithmetic shows them: at most four decimals."""
    return Value(None if value is None else Decimal(plain(value, 4)), "points", url)


def _total(value: Decimal | None) -> Value:
    return Value(None if value is None else f"{value:.2f}", "points")


def _page(review: Review, result: Result) -> str:
    return reverse("reviews:subject", args=[review.pk, result.subject_id])


def _appraised(review: Review, kind: Kind, user: User) -> list[Any]:
    results = list(results_of(review, kind))
    rule = paragraph(grade_rule(scheme_of(review, kind)))
    ranks: list[list[Cell]] = [
        [
            Value(row.rank, "count"), Value(row.subject.name, "text", _page(review, row)), row.subject.place, _total(row.total),
            row.get_grade_display(),
        ]
        for row in results
    ]  # fmt: skip
    columns = [
        Column(_("名次"), "count", 6), Column(_("评议对象"), width=14), Column(_("单位"), width=18), Column(_("总分"), "points", 8),
        Column(_("等次"), width=10),
    ]  # fmt: skip
    title = _("%(kind)s名次") % {"kind": kind.label}
    found: list[Any] = [Table(title, columns, ranks, empty=_("这一年没有这一类的对象。")), rule]
    if results:
        lines = [line for row in results for line in _lines(review, row, user)]
        found.append(Table(_("%(kind)s计算表") % {"kind": kind.label}, _line_columns(), lines))
    return found


def _line_columns() -> list[Column]:
    return [
        Column(_("评议对象"), width=11), Column(_("评议项目"), width=15), Column(_("权重"), "points", 6), Column(_("数值"), width=9),
        Column(_("算上的"), "count", 7), Column(_("全部"), "count", 7), Column(_("零分线"), "points", 7),
        Column(_("满分线"), "points", 7), Column(_("得分"), "points", 9), Column(_("折算权重"), "points", 8),
        Column(_("加权得分"), "points", 9), Column(_("评语"), width=14),
    ]  # fmt: skip


def _lines(review: Review, result: Result, user: User) -> list[list[Cell]]:
    """Value, weight, points and product of each criterion of one subject, then their sum."""
    opens = user.scope.has(*FIGURE_ROLES)
    name = Value(result.subject.name, "text", _page(review, result))
    rows: list[list[Cell]] = []
    sums = []
    for line in measuring.lines_of(result.sheet):
        kept = thaw(line.kept, user) if line.kept else None
        value, done, whole = _points(line.value), None, None
        if kept is not None:
            value = of(kept)
            if kept.figure.indicator.unit == Unit.RATE:
                done, whole = parts_of(kept)
        cells = [_linked(cell, opens=opens) if cell else "" for cell in (value, done, whole)]
        rows.append(
            [
                name, line.name, _points(line.weight), *cells, _points(line.floor), _points(line.full), _points(line.points),
                _points(line.scaled), _points(line.product), clauses([line.note, line.by]),
            ]
        )  # fmt: skip
        sums += [] if line.product is None else [line.product]
    rows.append(
        [
            name, _("合计"), "", "", "", "", "", "", "", "", _points(sum(sums, Fraction(0)) if sums else None),
            _("总分 %(total)s，第 %(rank)s 名，%(grade)s")
            % {"total": f"{result.total:.2f}", "rank": result.rank, "grade": result.get_grade_display()}
            if result.total is not None
            else result.get_grade_display(),
        ]
    )  # fmt: skip
    return rows


def _linked(cell: Value, *, opens: bool) -> Value:
    """The lists behind figures open only to those who work on cases."""
    return cell if opens else Value(cell.value, cell.kind, "", cell.label, cell.unit, cell.code)


def _submitted(review: Review, kind: Kind) -> list[Any]:
    rows: list[list[Cell]] = [
        [
            Value(row.rank, "count"),
            Value(row.submission.number, "text", reverse("reviews:submission", args=[row.submission_id])),
            row.submission.title,
            listed([*(one.user.name for one in row.submission.authors.all()), row.submission.other_authors]),
            row.submission.organisation.short_name or row.submission.organisation.name,
            _total(row.mean),
            row.get_award_display(),
        ]
        for row in ranking_of(review, kind)
    ]
    columns = [
        Column(_("名次"), "count", 5), Column(_("编号"), width=9), Column(_("题目"), width=24), Column(_("作者"), width=14),
        Column(_("单位"), width=12), Column(_("平均分"), "points", 8), Column(_("奖项"), width=9),
    ]  # fmt: skip
    title = _("%(kind)s奖项") % {"kind": kind.label}
    rule = paragraph(grade_rule(scheme_of(review, kind)))
    return [Table(title, columns, rows, empty=_("这一年没有这一类的材料。")), rule]


def declare() -> None:
    register_pack(
        Pack(
            # Everybody in the district reads published results.
            code="annual_review", documents="D7", title=gettext_lazy("年度评议表"), note=gettext_lazy("一年评议的名次、计算和奖项"), icon="patch-check",
            roles=frozenset(Role), form=ReviewForm, gather=gather, listed=False, sections=tuple(kind.value for kind in Kind),
        )
    )  # fmt: skip
