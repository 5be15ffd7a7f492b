"""Being let in to the data of children: asked with a reason and a term, decided by somebody else, every reading written down."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock, shift
from unionops.casework.notices import notify, posted
from unionops.jinja import short_day
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, required
from unionops.org.events import record_event
from unionops.org.models import User

from ..enums import GRANT, GrantState, GrantVerb
from ..models import AccessGrant, Child, ClassFile, Contact, Guardian
from ..permissions import check_asks, check_cares, check_decides

LONGEST = 92
FORTNIGHT = 13


@transaction.atomic
def ask(class_file: ClassFile, *, by: User, reason: str, until: datetime.date) -> AccessGrant:
    """Ask to see the children of a class by name."""
    activity = lock(class_file.activity)
    check_asks(by, class_file)
    today = timezone.localdate()
    if not today <= until <= today + datetime.timedelta(days=LONGEST):
        raise ActionError(_("期限从今天起最长 %(n)d 天。") % {"n": LONGEST}, field="until")
    for old in class_file.grants.filter(asked_by=by, state__in=(GrantState.ASKED, GrantState.GRANTED)):
        if old.state == GrantState.ASKED or old.until >= today:
            raise InvalidTransition(_("您的申请还在等批，或者授权还没到期。"))
        shift(old, GRANT, GrantVerb.END)
        old.save(update_fields=["state"])
    made = AccessGrant.objects.create(
        class_file=class_file, asked_by=by, reason=required(reason, _("请写理由。"), "reason"), until=until
    )
    record_event(activity, "record", by=by, data={"what": _("申请查看孩子的信息"), "text": reason})
    notify(activity, "access_asked", by=by, to=posted(activity.district_id, {Role.LEADER})[Role.LEADER])
    return made


@transaction.atomic
def decide(grant: AccessGrant, verb: str, *, by: User) -> AccessGrant:
    """Let in, refuse, or take back. Nobody lets in themselves."""
    activity = lock(grant.class_file.activity)
    row = AccessGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
    check_decides(by, grant.class_file)
    if row.asked_by_id == by.pk:
        raise ActionError(_("不能自己批自己。"))
    shift(row, GRANT, verb)
    row.decided_by, row.decided_at = by, timezone.now()
    row.save()
    what = _("%(verb)s %(who)s 查看孩子的信息") % {"verb": GRANT[verb].label, "who": row.asked_by.name}
    record_event(activity, "record", by=by, data={"what": what})
    notify(activity, "access_decided", by=by, to=[row.asked_by_id])
    return row


@transaction.atomic
def read(class_file: ClassFile, *, by: User, page: str, child: Child | None = None) -> AccessGrant:
    """Whoever opens a page with children's names has been let in, and has left a line in the log. Returns the grant."""
    found = check_cares(by, class_file)
    data = {"page": page, "reason": found.reason, "grant": found.pk, **({"child": child.pk} if child else {})}
    record_event(class_file, "read", by=by, district_id=class_file.district_id, data=data)
    return found


@dataclass(frozen=True)
class Shown:
    """A guardian, or somebody who may take the child home, as a page shows them."""

    pk: UUID
    kin: str
    name: str
    phone: str
    # The last four of the identity card, in clear.
    card: str = ""


@transaction.atomic
def read_takers(child: Child, *, by: User) -> list[Shown]:
    """Who may take this child home: masked, with the digits that are compared at the door. A line in the log names the child."""
    read(child.class_file, by=by, page="pick_up", child=child)
    return [
        Shown(one.pk, one.get_kin_display(), one.name_masked, one.phone_masked, one.open("card"))
        for one in child.pick_ups.filter(removed_at=None)
    ]


def contact_of(child: Child) -> Shown | None:
    """Who is called when no guardian answers, masked; whoever asks has left a line in the log."""
    one = Contact.objects.filter(child=child).first()
    return Shown(one.pk, one.get_kin_display(), one.name_masked, one.phone_masked) if one else None


@transaction.atomic
def read_form(child: Child, *, by: User) -> dict[str, Any]:
    """Guardians, the emergency contact and whoever may take the child home, by their full names, for the form that is printed and signed."""
    read(child.class_file, by=by, page="papers", child=child)
    guardians = [
        Shown(one.pk, one.get_kin_display(), one.open("name"), one.phone_masked) for one in child.guardians.all()
    ]
    takers = [
        Shown(one.pk, one.get_kin_display(), one.open("name"), one.phone_masked, one.open("card"))
        for one in child.pick_ups.filter(removed_at=None)
    ]
    contacts = [
        Shown(one.pk, one.get_kin_display(), one.open("name"), one.phone_masked)
        for one in Contact.objects.filter(child=child)
    ]
    return {"guardians": guardians, "contact": next(iter(contacts), None), "pick_ups": takers}


@transaction.atomic
def read_health(child: Child, *, by: User, reason: str, measured: bool = False) -> str:
    """Allergies and health in clear, for a typed reason on top of the grant; ``measured`` adds the temperatures of a fortnight."""
    _revealed(child, "health", _("过敏和健康"), by, reason)
    if not measured:
        return child.open("health")
    since = timezone.localdate() - datetime.timedelta(days=FORTNIGHT)
    found = child.days.filter(day__gte=since, temperature_sealed__isnull=False).order_by("day")
    lines = [f"{short_day(one.day)} {one.open('temperature')} ℃" for one in found]
    return "\n".join(filter(None, [child.open("health"), "、".join(lines)]))


@transaction.atomic
def read_phones(child: Child, *, by: User, reason: str) -> str:
    """Whom to call about this child, in the order in which they are tried, for a typed reason on top of the grant."""
    _revealed(child, "phones", _("家长和紧急联系人的电话"), by, reason)
    people: list[Guardian | Contact] = [*child.guardians.all(), *Contact.objects.filter(child=child)]
    return "\n".join(f"{one.get_kin_display()} {one.open('name')} {one.open('phone') or '—'}" for one in people)


def _revealed(child: Child, field: str, words: str, by: User, reason: str) -> None:
    found = check_cares(by, child.class_file)
    reason = required(reason, _("请写查看的理由。"), "reason")
    data = {"field": field, "reason": reason, "grant": found.pk}
    record_event(child, "reveal", by=by, district_id=child.district_id, data=data)
    record_event(child.class_file.activity, "reveal", by=by, data={"field": words, "reason": reason})
