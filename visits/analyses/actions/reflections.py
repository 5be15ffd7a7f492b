"""调研心得: kept while it is written, handed in, and given back with a reason until the quarter is signed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import finish, lock, move
from unionops.casework.notices import notify
from unionops.casework.numbering import spell, take_numbers
from unionops.insight.periods import Period
from unionops.org.errors import ActionError
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ...models import Issue, Visit
from ..enums import MOST_CHARACTERS, ReflectionVerb
from ..models import Reflection
from ..permissions import check_may_edit_reflection, check_reflection, check_writes
from ..quarters import hand_in_by
from ..queries import is_signed

Now = datetime.datetime | None
# Numbers of reflections: X26-0001.
PREFIX = "X"


@transaction.atomic
def begin_reflection(district: Organisation, quarter: Period, *, by: User, now: Now = None) -> Reflection:
    """The one of the quarter; begun now if there is none yet."""
    now = now or timezone.now()
    check_writes(by, district.pk, quarter)
    # Two windows of one person wait for each other here.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    found = Reflection.objects.of_quarter(quarter).filter(district=district, author=by).first()
    if found is not None:
        return found
    (number,) = take_numbers(district, PREFIX, quarter.first.year)
    row = Reflection.objects.create(
        district=district, author=by, starts_on=quarter.first, number=spell(PREFIX, quarter.first.year, number),
        holder_user=by, registered_at=now, state_since=now,
    )  # fmt: skip
    record_event(row, "begin", by=by, data={"quarter": quarter.code, "version": row.version}, now=now)
    return row


@transaction.atomic
def start_reflection(
    district: Organisation, quarter: Period, *, by: User, handed_in: bool, now: Now = None, **fields: Any
) -> Reflection:
    """The first saving: what is refused leaves no empty draft behind."""
    row = begin_reflection(district, quarter, by=by, now=now)
    act = hand_in if handed_in else save_reflection
    return act(row, by=by, now=now, **fields)


@transaction.atomic
def save_reflection(
    reflection: Reflection, *, by: User, title: str, text: str, visits: Sequence[Visit] | None = None,
    issues: Sequence[Issue] | None = None, version: int | None = None, now: Now = None,
) -> Reflection:  # fmt: skip
    """Keep what is written so far; nobody else reads it yet."""
    now = now or timezone.now()
    row = lock(reflection, version=version)
    check_may_edit_reflection(by, row)
    _put(row, by, title, text, visits, issues)
    finish(row, "save", by=by, now=now)
    return row


@transaction.atomic
def hand_in(
    reflection: Reflection, *, by: User, title: str, text: str, visits: Sequence[Visit] | None = None,
    issues: Sequence[Issue] | None = None, version: int | None = None, now: Now = None,
) -> Reflection:  # fmt: skip
    now = now or timezone.now()
    row = lock(reflection, version=version)
    check_reflection(by, row, ReflectionVerb.HAND_IN, is_signed=False)
    for value, field, words in (
        (title, "title", _("请写标题。")),
        (text, "text", _("请写正文，空的交不了。")),
    ):
        if not value.strip():
            raise ActionError(words, field=field)
    _put(row, by, title, text, visits, issues)
    before = move(row, ReflectionVerb.HAND_IN, now=now)
    row.return_reason, row.holder_user = "", None
    row.late = timezone.localdate(now) > hand_in_by(row.quarter)
    finish(row, ReflectionVerb.HAND_IN, by=by, before=before, now=now, late=row.late)
    return row


def _put(
    row: Reflection, by: User, title: str, text: str, visits: Sequence[Visit] | None, issues: Sequence[Issue] | None
) -> None:
    if len(text) > MOST_CHARACTERS:
        raise ActionError(_("正文最多 %(n)d 个字。") % {"n": MOST_CHARACTERS}, field="text")
    row.title, row.text = title.strip(), text.strip()
    # Only what the author sees can be linked; the form offers nothing else.
    if visits is not None:
        row.visits.set(Visit.objects.visible_to(by).filter(pk__in=[visit.pk for visit in visits]))
    if issues is not None:
        row.issues.set(Issue.objects.visible_to(by).filter(pk__in=[issue.pk for issue in issues]))


@transaction.atomic
def return_reflection(
    reflection: Reflection, *, by: User, reason: str, version: int | None = None, now: Now = None
) -> Reflection:
    """Given back with a reason, until the analysis of the district for the quarter is signed."""
    now = now or timezone.now()
    row = lock(reflection, version=version)
    check_reflection(by, row, ReflectionVerb.RETURN, is_signed=is_signed(row.district_id, row.quarter))
    if not reason.strip():
        raise ActionError(_("请写退回的理由，作者要知道改什么。"), field="reason")
    before = move(row, ReflectionVerb.RETURN, now=now)
    row.return_reason, row.holder_user = reason.strip(), row.author
    finish(row, ReflectionVerb.RETURN, by=by, before=before, now=now, reason=row.return_reason)
    notify(row, ReflectionVerb.RETURN, by=by, to={row.author_id}, now=now)
    return row
