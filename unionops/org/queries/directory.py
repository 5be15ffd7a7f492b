"""Reads of the directory: the list, the two-keystroke search of the visit form, one firm's page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.utils import timezone

from unionops.china.names import is_han
from unionops.china.search import Query, read_query

from ..enums import EnterpriseStatus, Industry, SizeClass
from ..models import Enterprise, KeyListEntry, Organisation, Person, User
from ..paging import Order, Page, page_of

MOST_SUGGESTIONS = 8
BY_NAME = Order("name", "pinyin", descending=False)


def _pointing(name: str) -> QuerySet:
    """Rows of a room above that point at an enterprise, read over the reverse relation."""
    manager = Enterprise._meta.get_field(name).related_model._default_manager  # type: ignore[union-attr]
    return manager.filter(enterprise=OuterRef("pk"))


def last_visit() -> Subquery:
    return Subquery(_pointing("visits").order_by("-visited_on").values("visited_on")[:1])


def is_key(day: datetime.date | None = None) -> Exists:
    return Exists(KeyListEntry.objects.on(day or timezone.localdate()).filter(enterprise=OuterRef("pk")))


class AliasText(Func):
    """All aliases as one text."""

    function = "array_to_string"
    template = "%(function)s(%(expressions)s, ' ')"
    output_field = CharField()


def matching(query: Query) -> Q:
    """Every meaning of what was typed: a piece of the name or an alias, initials, pinyin, a piece of the code."""
    if query.chinese:
        return Q(name__contains=query.text) | Q(alias_text__contains=query.text)
    # Letters and digits of a name stand in its initials, in small letters: no need to fold the case of every name.
    found = Q(initials__contains=query.initials or query.text)
    for spelled in query.pinyin:
        found |= Q(pinyin__startswith=spelled) | Q(pinyin__contains=f" {spelled}")
    if query.credit_code:
        found |= Q(credit_code__contains=query.credit_code)
    return found


def found_by(enterprises: QuerySet[Enterprise], text: str) -> QuerySet[Enterprise]:
    query = read_query(text)
    return enterprises.alias(alias_text=AliasText("aliases")).filter(matching(query)) if query else enterprises


class Suggestion(NamedTuple):
    id: UUID
    name: str
    pinyin: str
    initials: str
    town: str | None
    credit_code: str | None
    staff: int | None
    key: bool


def suggest(user: User, text: str, *, most: int = MOST_SUGGESTIONS) -> list[dict[str, Any]]:
    """Enterprises for what was typed so far, in two statements whatever is found.

    Own towns first, then key enterprises, then names that begin so, then in the order of pinyin.
    """
    query = read_query(text)
    if not query:
        return []
    begins = Q(name__startswith=query.text) | Q(initials__startswith=query.initials or query.text)
    firms = found_by(Enterprise.objects.visible_to(user).exclude(status=EnterpriseStatus.CLOSED), text)
    firms = firms.annotate(key=is_key()).alias(begins=_flag(begins))
    order = ["-key", "-begins", "pinyin", "pk"]
    # Whoever works for no town has none of their own: PostgreSQL takes no constant to sort by.
    if towns := user.scope.towns:
        firms, order = firms.alias(own=_flag(Q(town__in=towns))), ["-own", *order]
    rows = firms.order_by(*order).values_list(
        "pk", "name", "pinyin", "initials", "town__short_name", "credit_code", "staff_count", "key"
    )
    found = [Suggestion(*row) for row in rows[:most]]
    last = last_visits(row.id for row in found)
    today = timezone.localdate()
    return [
        {
            "id": str(row.id),
            "name": row.name,
            "mark": mark(row.name, row.pinyin, row.initials, query),
            "town": row.town or "",
            "credit_code": row.credit_code or "",
            "staff": row.staff,
            "key": row.key,
            "last_visit_days": (today - last[row.id]).days if row.id in last else None,
        }
        for row in found
    ]


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def last_visits(enterprises: Iterable[UUID]) -> Mapping[UUID, datetime.date]:
    rows = Enterprise.objects.filter(pk__in=list(enterprises), visits__isnull=False).values_list("pk")
    return dict(rows.annotate(last=Max("visits__visited_on")))


def mark(name: str, pinyin: str, initials: str, query: Query) -> list[list[int]]:
    """Return [[start, end]] of the characters of a name that answer to what was typed; none when it was an alias or a code."""
    if (at := name.casefold().find(query.text)) >= 0 and len(name.casefold()) == len(name):
        return [[at, at + len(query.text)]]
    spans = _syllable_spans(name)
    letters = [span for span in spans for span in _letter_spans(name, span)]
    for variant in initials.split():
        if query.initials and len(variant) == len(letters) and (at := variant.find(query.initials)) >= 0:
            return [[letters[at][0], letters[at + len(query.initials) - 1][1]]]
    syllables = pinyin.split()
    for spelled in query.pinyin:
        if len(syllables) == len(spans) and (at := f" {pinyin}".find(f" {spelled}")) >= 0:
            first = f" {pinyin}".count(" ", 0, at)
            return [[spans[first][0], spans[first + spelled.count(" ")][1]]]
    return []


def _syllable_spans(name: str) -> list[tuple[int, int]]:
    """The characters behind each syllable of ``pinyin_key``: one Chinese character, or a run of letters and digits."""
    spans: list[tuple[int, int]] = []
    in_run = False
    for at, character in enumerate(name):
        if is_han(character):
            spans.append((at, at + 1))
            in_run = False
        elif character.isalnum():
            if in_run:
                spans[-1] = (spans[-1][0], at + 1)
            else:
                spans.append((at, at + 1))
            in_run = True
        else:
            in_run = False
    return spans


def _letter_spans(name: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """A Chinese character has one initial; letters and digits stand for themselves."""
    return [span] if is_han(name[span[0]]) else [(at, at + 1) for at in range(*span)]


class EnterpriseRow(NamedTuple):
    """One row of the directory; the first two columns are key and sort."""

    id: UUID
    pinyin: str
    name: str
    status: str
    town: str | None
    size_class: str
    industry: str
    new_employment: bool
    reform_pilot: bool
    staff_count: int | None
    member_count: int | None
    key: bool
    last_visit: datetime.date | None

    @property
    def status_label(self) -> str:
        return str(EnterpriseStatus(self.status).label)

    @property
    def industry_label(self) -> str:
        return str(Industry(self.industry).label) if self.industry else ""

    @property
    def size_label(self) -> str:
        return str(SizeClass(self.size_class).label) if self.size_class else ""

    def idle_days(self, today: datetime.date) -> int | None:
        return (today - self.last_visit).days if self.last_visit else None


ENTERPRISE_COLUMNS = (
    "pk", "pinyin", "name", "status", "town__short_name", "size_class", "industry", "new_employment", "reform_pilot", "staff_count",
    "member_count", "key", "last_visit",
)  # fmt: skip


def filtered(user: User, wanted: Mapping[str, Any]) -> QuerySet[Enterprise]:
    """The enterprises that a filter form asks for."""
    rows = found_by(Enterprise.objects.visible_to(user), wanted.get("q") or "")
    for name in ("town", "size_class", "industry"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    for name in ("new_employment", "reform_pilot", "key"):
        if wanted.get(name) in ("0", "1"):
            rows = rows.filter(_yes(name) if wanted[name] == "1" else ~_yes(name))
    if wanted.get("idle"):
        since = timezone.localdate() - datetime.timedelta(days=wanted["idle"])
        rows = rows.exclude(Exists(_pointing("visits").filter(visited_on__gt=since)))
    match wanted.get("status"):
        case "all":
            return rows
        case "" | None:
            return rows.exclude(status=EnterpriseStatus.CLOSED)
        case status:
            return rows.filter(status=status)


def _yes(name: str) -> Q:
    return Q(is_key()) if name == "key" else Q(**{name: True})


def enterprise_page(user: User, wanted: Mapping[str, Any], after: str = "") -> Page:
    rows = filtered(user, wanted).annotate(key=is_key(), last_visit=last_visit())
    page = page_of(rows, BY_NAME, values=ENTERPRISE_COLUMNS, after=after)
    return replace(page, rows=[EnterpriseRow(*row) for row in page.rows])


def similar(enterprise: Enterprise, user: User) -> QuerySet[Enterprise]:
    """Others that may be the same firm: names that share their distinctive part, for the page that merges."""
    core = distinctive(enterprise.name)
    others = Enterprise.objects.visible_to(user).filter(district=enterprise.district_id).exclude(pk=enterprise.pk)
    return others.filter(Q(name__contains=core) | Q(initials=enterprise.initials)).order_by("pinyin", "pk")


_PLACES = ("浙江省", "浙江", "绍兴市", "绍兴", "越城区", "越城")
_ENDINGS = ("股份有限公司", "有限责任公司", "有限公司", "集团", "公司", "厂")


def distinctive(name: str) -> str:
    """The name without place in front and form behind: 恒润纺织 of 绍兴恒润纺织有限公司."""
    core = name
    for place in _PLACES:
        core = core.removeprefix(place)
    for ending in _ENDINGS:
        core = core.removesuffix(ending)
    return core if len(core) >= 2 else name


def towns(user: User) -> list[tuple[int, str]]:
    """Choices of the town filter, in tree order."""
    rows = (
        Organisation.objects.towns()
        .filter(district__in=user.scope.directory_of)
        .valid_on(timezone.localdate())
        .order_by("path")
        .values_list("pk", "short_name", "name")
    )
    return [(pk, short_name or name) for pk, short_name, name in rows]


class VisitLine(NamedTuple):
    id: UUID
    number: str
    visited_on: datetime.date
    officer: str
    issue_count: int


def visits_of(enterprise: Enterprise, user: User, most: int = 10) -> list[VisitLine]:
    """The last visits that exist for this person."""
    visits = enterprise.visits.visible_to(user).order_by("-visited_on", "-pk")
    return [
        VisitLine(*row)
        for row in visits.values_list("pk", "number", "visited_on", "officer__name", "issue_count")[:most]
    ]


class IssueLine(NamedTuple):
    id: UUID
    number: str
    title: str
    state: str
    raised_on: datetime.date
    is_open: bool


def issues_of(enterprise: Enterprise, user: User, most: int = 10) -> list[IssueLine]:
    """The last issues that exist for this person, the open ones first."""
    return _lines(enterprise.issues.visible_to(user), most)


def issues_about(person: Person, user: User, most: int = 10) -> list[IssueLine]:
    return _lines(person.issues.visible_to(user), most)


def _lines(issues: QuerySet, most: int) -> list[IssueLine]:
    issues = issues.order_by(F("closed_at").desc(nulls_first=True), "-pk")
    return [
        IssueLine(row.pk, row.number, row.title, row.get_state_display(), row.raised_on, row.closed_at is None)
        for row in issues.only("number", "title", "state", "raised_on", "closed_at")[:most]
    ]
