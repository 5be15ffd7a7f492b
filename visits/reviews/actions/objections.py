"""What is said against a published result, and what the office answers."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock
from unionops.casework.notices import notify, notify_all, posted
from unionops.org.enums import Role
from unionops.org.errors import ActionError
from unionops.org.events import record_event
from unionops.org.models import User

from ..enums import ReviewState
from ..models import Objection, Review, Subject, Submission
from ..permissions import check_keeps, check_objects

Now = datetime.datetime | None


@transaction.atomic
def raise_objection(
    review: Review, *, by: User, text: str, subject: Subject | None = None, submission: Submission | None = None,
    now: Now = None,
) -> Objection:  # fmt: skip
    now = now or timezone.now()
    row = lock(review)
    check_objects(by, row, timezone.localdate(now))
    if not text.strip():
        raise ActionError(_("请写异议的内容和理由。"), field="text")
    found = Objection.objects.create(
        review=row, by=by, at=now, text=text.strip(), subject=subject, submission=submission
    )
    record_event(row, "object", by=by, data={"objection": found.pk}, now=now)
    people = posted(row.district_id, {Role.CLERK, Role.LEADER})
    notify(row, "object", by=by, to=people[Role.CLERK] | people[Role.LEADER], now=now)
    return found


@transaction.atomic
def answer_objection(objection: Objection, *, by: User, answer: str, upheld: bool, now: Now = None) -> Objection:
    """Answer once; whoever decided on what is objected to may not be the one who objected."""
    now = now or timezone.now()
    review = lock(objection.review)
    check_keeps(by, review, ReviewState.PUBLISHED)
    row = Objection.objects.select_for_update(of=("self",), no_key=True).get(pk=objection.pk)
    if row.answered_at is not None:
        raise ActionError(_("这条异议已经答复。"))
    if row.by_id == by.pk:
        raise ActionError(_("自己提的异议由别人答复。"))
    if not answer.strip():
        raise ActionError(_("请写答复。"), field="answer")
    row.answer, row.upheld, row.answered_by, row.answered_at = answer.strip(), upheld, by, now
    row.save(update_fields=["answer", "upheld", "answered_by", "answered_at"])
    record_event(review, "answer_objection", by=by, data={"objection": row.pk, "upheld": upheld}, now=now)
    notify_all([(review, "answer_objection", {row.by_id})], by=by, now=now)
    return row
