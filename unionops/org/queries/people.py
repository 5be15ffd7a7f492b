from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from unionops.china.search import read_query

from ..models import Person, User
from ..paging import Order, Page, page_of
from ..sealed import blind_index

BY_NAME = Order("name", "pinyin", descending=False)


class PersonRow(NamedTuple):
    id: UUID
    pinyin: str
    name: str
    identity_last4: str
    phone_masked: str
    town: str | None
    enterprise_id: UUID | None
    enterprise: str | None
    new_employment: bool


PERSON_COLUMNS = (
    "pk", "pinyin", "name", "identity_last4", "phone_masked", "town__short_name", "enterprise_id", "enterprise__name",
    "new_employment",
)  # fmt: skip


def with_number(text: str) -> Q:
    """Who has this identity number or telephone: in full by its keyed hash, or by the last four digits."""
    query = read_query(text)
    found = Q(pk=None)
    if query.identity:
        found |= Q(identity_hash=blind_index(query.identity))
    if query.phone:
        found |= Q(phone_hash=blind_index(query.phone))
    last4 = query.text.upper()
    if len(last4) == 4 and last4.isascii() and last4[:3].isdecimal():
        found |= Q(identity_last4=last4) | Q(phone_masked__endswith=last4)
    return found


def named(text: str) -> Q:
    query = read_query(text)
    found = Q(name__icontains=query.text)
    if query.initials:
        found |= Q(initials__contains=query.initials)
    for spelled in query.pinyin:
        found |= Q(pinyin__startswith=spelled)
    return found


def filtered(user: User, wanted: Mapping[str, Any]) -> QuerySet[Person]:
    rows = Person.objects.visible_to(user)
    if wanted.get("q"):
        rows = rows.filter(named(wanted["q"]))
    if wanted.get("number"):
        rows = rows.filter(with_number(wanted["number"]))
    if wanted.get("town"):
        rows = rows.filter(town=wanted["town"])
    return rows


def person_page(user: User, wanted: Mapping[str, Any], after: str = "") -> Page:
    page = page_of(filtered(user, wanted), BY_NAME, values=PERSON_COLUMNS, after=after)
    return replace(page, rows=[PersonRow(*row) for row in page.rows])
