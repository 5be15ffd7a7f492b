"""Who is stationed where, as what, from when to when; and how one person takes over from another."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..enums import Role
from ..errors import ActionError
from ..events import record_event
from ..handover import handovers
from ..models import Leave, Organisation, Posting, User
from ..permissions import check_administers, check_manages, check_not_oneself, district_of
from ..policies import check_administrator_remains, check_compatible, check_open_on, check_role_fits, overlapping
from .saving import check_columns, lock, or_already_there

ONE_DAY = datetime.timedelta(days=1)
OVERLAP = gettext_lazy("这个人在同一单位的同一角色已有重叠的任期。")


@transaction.atomic
def post(
    user: User,
    *,
    organisation: Organisation,
    role: str,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    by: User,
) -> Posting:
    """The person holds the role at the organisation for the period; rights follow on the very next request."""
    person = lock(user)
    check_administers(by, district_of(organisation))
    check_manages(by, person)
    check_not_oneself(by, person)
    return add_posting(person, organisation=organisation, role=role, valid_from=valid_from, valid_to=valid_to, by=by)


def add_posting(
    person: User,
    *,
    organisation: Organisation,
    role: str,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    by: User,
) -> Posting:
    """The rules of a posting without the question who may enter it; the account is locked by the caller."""
    check_role_fits(role, organisation)
    check_open_on(organisation, valid_to or valid_from)
    check_compatible(person, role, valid_from, valid_to)
    posting = Posting(user=person, organisation=organisation, role=role, valid_from=valid_from, valid_to=valid_to)
    check_columns(posting)
    with or_already_there(OVERLAP, field="valid_from"):
        posting.save(force_insert=True)
    _record(posting, "post", by=by)
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, on: datetime.date, by: User) -> Posting:
    """The posting ends with the day; the history before stays as it was."""
    person = lock(posting.user)
    row = lock(posting)
    district_id = district_of(row.organisation)
    check_administers(by, district_id)
    check_manages(by, person)
    if row.role == Role.ADMIN:
        check_administrator_remains(person, district_id, after=on)
    return _end(row, on=on, by=by)


def _end(row: Posting, *, on: datetime.date, by: User) -> Posting:
    if row.valid_to is not None and row.valid_to < on:
        raise ActionError(_("这段任职已于 %(day)s 结束。") % {"day": row.valid_to.isoformat()}, field="on")
    row.valid_to = on
    check_columns(row)
    row.save(update_fields=["valid_to"])
    _record(row, "end_posting", by=by)
    return row


def end_all_postings(person: User, *, on: datetime.date, by: User) -> int:
    """Postings of the day end with it; those that have not begun are withdrawn. Returns how many."""
    coming = Posting.objects.filter(user=person, valid_from__gt=on).select_related("organisation")
    for posting in coming:
        _record(posting, "withdraw_posting", by=by)
    withdrawn, _models = coming.delete()
    present = list(Posting.objects.on(on).filter(user=person).select_related("organisation", "user"))
    for posting in present:
        _end(posting, on=on, by=by)
    return len(present) + withdrawn


def _record(posting: Posting, verb: str, *, by: User) -> None:
    record_event(
        posting.user,
        verb,
        by=by,
        district_id=district_of(posting.organisation),
        data={
            "organisation": posting.organisation.name,
            "organisation_id": posting.organisation_id,
            "role": posting.role,
            "valid_from": posting.valid_from,
            "valid_to": posting.valid_to,
        },
    )


@transaction.atomic
def hand_over(
    giver: User, *, taker: User, postings: Collection[Posting], on: datetime.date, by: User
) -> dict[str, int]:
    """From the day on the taker holds these posts and the open work in them; what was done before stays the giver's.

    * both work in a district of the administrator, * the day is today or before: work moves at once,
    * a post that has ended already (somebody left in a hurry) only hands on its work.

    Returns how many cases moved, by kind.
    """
    _check_handover(giver, taker, on)
    people = {person.pk: lock(person) for person in sorted((giver, taker), key=lambda person: person.pk)}
    giver, taker = people[giver.pk], people[taker.pk]
    check_manages(by, giver)
    check_manages(by, taker)
    check_not_oneself(by, taker)
    moved = dict.fromkeys([handover.name for handover in handovers()], 0)
    for organisation in [_take_over(posting, giver, taker, on, by) for posting in postings]:
        for handover in handovers():
            moved[handover.name] += handover.move(giver, taker, organisation=organisation, by=by)
    record_event(
        giver,
        "hand_over",
        by=by,
        district_id=min(by.scope.administers),
        data={"to": taker.name, "to_id": taker.pk, "on": on, "moved": moved},
    )
    return moved


def _check_handover(giver: User, taker: User, on: datetime.date) -> None:
    if giver.pk == taker.pk:
        raise ActionError(_("交接要有两个人。"), field="taker")
    if not taker.is_active:
        raise ActionError(_("%(taker)s的账号已停用，不能接手。") % {"taker": taker}, field="taker")
    if on > timezone.localdate():
        raise ActionError(
            _("交接当天才能办：在办的事一办就转。"), field="on", next_step=_("以后的任期可以现在就登记。")
        )


def _take_over(posting: Posting, giver: User, taker: User, on: datetime.date, by: User) -> Organisation:
    row = Posting.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=posting.pk)
    if row.user_id != giver.pk:
        raise ActionError(_("这段任职不是%(giver)s的。") % {"giver": giver}, field="postings")
    check_administers(by, district_of(row.organisation))
    until = row.valid_to
    if until is None or until >= on:
        if row.valid_from >= on:
            raise ActionError(
                _("%(organisation)s的任期从 %(day)s 才开始，交接日应在它之后。")
                % {"organisation": row.organisation, "day": row.valid_from.isoformat()},
                field="on",
            )
        _end(row, on=on - ONE_DAY, by=by)
    else:
        until = None
    _post_unless_held(taker, row, on, until, by)
    return row.organisation


def _post_unless_held(taker: User, row: Posting, on: datetime.date, until: datetime.date | None, by: User) -> None:
    held = Posting.objects.filter(overlapping(on, until), user=taker, organisation=row.organisation, role=row.role)
    if not held.exists():
        add_posting(taker, organisation=row.organisation, role=row.role, valid_from=on, valid_to=until, by=by)


@transaction.atomic
def take_leave(user: User, *, starts_on: datetime.date, ends_on: datetime.date, reason: str = "", by: User) -> Leave:
    """Days without visits: entered by oneself or by the administrator."""
    person = lock(user)
    if person.pk != by.pk:
        check_manages(by, person)
    leave = Leave(user=person, starts_on=starts_on, ends_on=ends_on, reason=reason)
    check_columns(leave)
    if person.leaves.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise ActionError(_("这几天已经登记过请假。"), field="starts_on")
    leave.save(force_insert=True)
    _record_leave(leave, "take_leave", by=by)
    return leave


@transaction.atomic
def cancel_leave(leave: Leave, *, by: User) -> None:
    row = lock(leave)
    if row.user_id != by.pk:
        check_manages(by, row.user)
    _record_leave(row, "cancel_leave", by=by)
    row.delete()


def _record_leave(leave: Leave, verb: str, *, by: User) -> None:
    record_event(
        leave.user,
        verb,
        by=by,
        district_id=min(by.scope.member_of, default=None),
        data={"starts_on": leave.starts_on, "ends_on": leave.ends_on, "reason": leave.reason},
    )
