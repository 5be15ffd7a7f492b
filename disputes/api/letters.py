"""Letters to partner bodies over HTTP: what was sent, and the answer of the organisation (domain 3.10)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from unionops.org.api import filters
from unionops.org.api.endpoints import Act, Endpoint, Listing, Order, answer, page_of
from unionops.org.api.filters import Asked, Filter
from unionops.org.api.masking import told_masked
from unionops.org.api.records import Asker
from unionops.org.models import User

from ..enums import ShareKind, ShareState
from ..models import Share
from ..outside.letters import answer_share
from .records import LETTER_ROWS, LetterRow, names_in
from .views import TAG, masked, one


def letter_record(pk: int, asker: Asker) -> dict[str, Any]:
    record = one(LETTER_ROWS, Share.objects.as_letters(asker.user), pk, asker)
    return masked(record, record["dispute"])


class LetterList(Listing):
    tag, name = TAG, "letters"
    summaries: ClassVar = {"GET": _("发给联动单位的函件和答复，新的在前；本单位答复过的一直看得到")}
    answers: ClassVar = {"GET": page_of(LetterRow)}
    model = Share
    reader = LETTER_ROWS
    order = Order("valid_from", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.long_key("dispute"),
        filters.key("organisation"),
        filters.choice("kind", ShareKind),
        filters.choice("state", ShareState),
    ]

    def seen(self, rows: QuerySet, user: User) -> QuerySet:
        return rows.as_letters(user)  # type: ignore[attr-defined]

    def page(self, rows: QuerySet, asked: Asked) -> dict[str, Any]:
        page = super().page(rows, asked)
        names = names_in({row["dispute"] for row in page["results"]})
        page["results"] = [told_masked(row, names[row["dispute"]]) for row in page["results"]]
        return page


class LetterDetail(Endpoint):
    tag, name = TAG, "letter"
    summaries: ClassVar = {"GET": _("一份函件和答复")}
    answers: ClassVar = {"GET": LetterRow}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        return answer(letter_record(pk, self.asker))


class LetterStep(Act):
    """An answer of the organisation: accepted, refused, or given back (domain 3.10)."""

    tag, name, record = TAG, "letter_step", LetterRow

    def things(self, user: User) -> QuerySet:
        return Share.objects.as_letters(user)

    def act(self, thing: Share, **fields: Any) -> Any:
        return answer_share(thing, self.verb, **fields)

    def told(self, pk: int) -> dict[str, Any]:
        return letter_record(pk, self.asker)
