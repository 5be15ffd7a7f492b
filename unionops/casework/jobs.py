"""The periodic jobs of casework: escalate, remind, send the digest, clean up. Each may run late or twice."""

from __future__ import annotations

import datetime
import itertools

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from unionops.jinja import render_text
from unionops.org.enums import Role
from unionops.org.models import User

from . import deadlines
from .models import Case, Deadline, IdempotencyKey, Notice, Outbox, Slot
from .notices import Line, holders, notify_all, posted
from .orphans import register_own, remove_orphans
from .subjects import subject, url_of
from .tasks import Job, often, register_job

BATCH = 500
WORKING_HOURS = range(8, 18)
KEEP_KEYS = datetime.timedelta(days=90)
# Hundreds a day of which only the last says something.
KEEP_OFTEN = datetime.timedelta(days=1)
KEEP_SENT = datetime.timedelta(days=14)


@transaction.atomic
def escalate(due_at: datetime.datetime) -> int:
    """Tell the holder of what turned yellow today, and once the leader and the clerk of what is overdue."""
    today = timezone.localdate(due_at)
    system = User.objects.system()
    over = list(
        Deadline.objects.running()
        .filter(due_on__lt=today, paused_on=None, escalated_at=None)
        .select_for_update(skip_locked=True)
        .order_by("due_on")[:BATCH]
    )
    soon = list(Deadline.objects.running().filter(soon_on=today, due_on__gte=today, paused_on=None))
    lines: list[Line] = []
    for case in _cases_of(over):
        people = posted(case.district_id, {Role.LEADER, Role.CLERK})
        lines.append((case, "overdue", holders(case) | people[Role.LEADER] | people[Role.CLERK]))
    lines += [(case, "due_soon", holders(case)) for case in _cases_of(soon)]
    notify_all(lines, by=system, now=due_at)
    Deadline.objects.filter(pk__in=[deadline.pk for deadline in over]).update(escalated_at=due_at)
    return len(over)


def _cases_of(found: list[Deadline]) -> list[Case]:
    """The open cases whose counting deadline is among these."""
    cases: list[Case] = []
    ordered = sorted(found, key=lambda deadline: deadline.kind)
    for kind, group in itertools.groupby(ordered, key=lambda deadline: deadline.kind):
        known = subject(kind)
        if known is not None:
            pks = [deadline.pk for deadline in group]
            cases += known.model.objects.open().filter(deadline__in=pks)  # type: ignore[attr-defined]
    return cases


def send_todays_digests(_due_at: datetime.datetime) -> int:
    """A morning that was missed is caught up at any hour, and its mail goes by the clock on the wall."""
    return send_digests(timezone.now())


@transaction.atomic
def send_digests(now: datetime.datetime) -> int:
    """Mail each person yesterday's and today's unread lines: in working hours only (others.md thread 6)."""
    local = timezone.localtime(now)
    if local.hour not in WORKING_HOURS or not deadlines.is_working_day(local.date()):
        return 0
    sent = 0
    waiting = Notice.objects.unread().filter(mailed_at=None, at__lte=now, user__digest=True, user__is_active=True)
    people = User.objects.filter(pk__in=waiting.values("user")).exclude(email="")
    for user in people:
        notices = list(waiting.filter(user=user).select_related("by").select_for_update(of=("self",))[:100])
        if notices:
            _send_digest(user, notices)
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
            sent += 1
    return sent


def _send_digest(user: User, notices: list[Notice]) -> None:
    with translation.override(user.language):
        lines = [(notice, settings.UNIONOPS_URL + url_of(notice.kind, notice.case_id)) for notice in notices]
        send_mail(
            subject=_("UnionOps：%(count)d 件事等您看") % {"count": len(notices)},
            message=render_text("casework/email/digest.txt", user=user, lines=lines, url=settings.UNIONOPS_URL),
            from_email=None,
            recipient_list=[user.email],
        )


def clean_up(due_at: datetime.datetime) -> None:
    """Remove answers of old writes, sent promises and finished slots; nothing that the log or the law needs."""
    IdempotencyKey.objects.filter(created_at__lt=due_at - KEEP_KEYS).delete()
    Outbox.objects.filter(sent_at__lt=due_at - KEEP_SENT).delete()
    Slot.objects.filter(finished_at__lt=due_at - KEEP_KEYS).delete()
    Slot.objects.filter(name__in=often(), due_at__lt=due_at - KEEP_OFTEN).delete()


def register_jobs() -> None:
    register_own()
    register_job(Job("casework.escalate", escalate, hours=(9, 14)))
    register_job(Job("casework.digest", send_todays_digests, hours=(9,)))
    register_job(Job("casework.clean_up", clean_up, hours=(3,)))
    register_job(Job("casework.remove_orphans", remove_orphans, hours=(4,)))
