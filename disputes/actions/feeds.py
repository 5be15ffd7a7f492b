"""The secret address of a person's appointments: made, made anew, revoked."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from unionops.org.events import record_event
from unionops.org.models import User

from ..models import CalendarFeed

# Reading is noted at most so often: calendars ask every few minutes.
NOTED_EVERY = datetime.timedelta(hours=1)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_feed(user: User, *, by: User) -> str:
    """A new secret, told once; the address before it opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    values = {"digest": digest_of(secret), "made_at": timezone.now(), "read_at": None}
    CalendarFeed.objects.update_or_create(user=user, defaults=values)
    record_event(user, "make_feed", by=by, district_id=min(user.scope.member_of, default=None))
    return secret


@transaction.atomic
def revoke_feed(user: User, *, by: User) -> bool:
    """The address opens nothing any more; says whether there was one."""
    gone, _rows = CalendarFeed.objects.filter(user=user).delete()
    if gone:
        record_event(user, "revoke_feed", by=by, district_id=min(user.scope.member_of, default=None))
    return bool(gone)


def reader_of(secret: str, *, now: datetime.datetime) -> User | None:
    """Whose calendar the address is, while the account is active and has a post."""
    feed = CalendarFeed.objects.select_related("user").filter(digest=digest_of(secret), user__is_active=True).first()
    if feed is None or not feed.user.scope.member_of:
        return None
    if feed.read_at is None or now - feed.read_at >= NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    return feed.user
