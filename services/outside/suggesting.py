"""A place that somebody wishes for, told at the public counter, and what became of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.counter.actions.receipts import make_receipt
from unionops.counter.limits import Limit, spend
from unionops.counter.lookups import Standing
from unionops.counter.models import Receipt
from unionops.counter.visitors import Visitor
from unionops.org.models import User

from ..enums import Shape
from ..models import Programme
from ..places.actions import planning
from ..places.models import Suggestion

# The prefix of receipts: 选址.
PREFIX = "XZ"
PER_PHONE = Limit("suggest.phone", 5, 24 * 3600)


def programmes() -> QuerySet[Programme]:
    """Programmes whose places everybody may see; whoever misses one may say where."""
    found = Programme.objects.running().filter(shape=Shape.PLACE, is_public=True, is_confidential=False)
    return found.select_related("organisation", "district").order_by("district__path", "catalogue", "pk")


@transaction.atomic
def suggest(programme: Programme, *, visitor: Visitor, **given: Any) -> tuple[Suggestion, Receipt]:
    spend(PER_PHONE, visitor.phone_hash)
    made = planning.suggest(programme, by=User.objects.system(), public=True, **given)
    return made, make_receipt(made, prefix=PREFIX, visitor=visitor)


def find(subject_id: str) -> Suggestion | None:
    try:
        return Suggestion.objects.select_related("programme__organisation").filter(pk=subject_id).first()
    except (ValueError, ValidationError):
        return None


def standing(subject_id: str) -> Standing | None:
    """What the office has answered; the answer is written for whoever asked."""
    row = find(subject_id)
    if row is None:
        return None
    lines = [(row.suggested_at, _("收到建议")), (row.decided_at, row.get_state_display())]
    return Standing(
        title=_("%(programme)s：选址建议") % {"programme": row.programme.name}, state=row.get_state_display(),
        next_step=_("答复：%(text)s") % {"text": row.answer} if row.answer else _("去看过以后会在这里答复。"),
        place=row.programme.organisation.name, lines=[(timezone.localdate(at), words) for at, words in lines if at],
    )  # fmt: skip
