"""The list of liaison cadres: accounts that cannot sign in until an administrator gives a password, and their postings."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from unionops.china.phones import mask_phone
from unionops.org.enums import Role
from unionops.org.events import event_of
from unionops.org.models import Event, Organisation, Posting, User
from unionops.org.sealed import blind_index

from ..ledger import CadreRow
from ..models import LedgerImport
from .journal import Journal


class CadreWriter:
    def __init__(self, record: LedgerImport, *, by: User, now: datetime.datetime, since: datetime.date) -> None:
        self._record = record
        self._by = by
        self._now = now
        self._since = since
        self.journal = Journal()
        self._towns = Organisation.objects.in_bulk(
            Organisation.objects.filter(district=record.district_id).values_list("pk", flat=True)
        )
        here = Q(postings__organisation__district=record.district_id) | Q(postings__organisation=record.district_id)
        self._people: dict[str, list[User]] = {}
        for user in User.objects.filter(here).distinct().order_by("pk"):
            self._people.setdefault(user.name, []).append(user)
        self._usernames = set(User.objects.values_list("username", flat=True))
        self._events: list[Event] = []

    def write(self, rows: Iterable[CadreRow]) -> Journal:
        for row in rows:
            user = self._person(row)
            for town in row.towns:
                self._post(user, self._towns[town], row)
        Event.objects.bulk_create(self._events)
        return self.journal

    def _person(self, row: CadreRow) -> User:
        """Somebody of that name, unless two telephone numbers say that they are two people."""
        phone_hash = blind_index(row.phone) if row.phone else ""
        for user in self._people.get(row.name, []):
            if not phone_hash or not user.phone_hash or user.phone_hash == phone_hash:
                return user
        user = User(
            username=self._username(row.name), name=row.name, password=make_password(None), must_change_password=True
        )
        user.set_names()
        user.save(force_insert=True)
        if row.phone:
            user.put("phone", row.phone, mask_phone(row.phone))
            user.save(update_fields=["phone_sealed", "phone_hash", "phone_masked"])
        self._people.setdefault(row.name, []).append(user)
        self.journal.users.append(user.pk)
        self._record_event(user, "create", username=user.username, name=user.name)
        return user

    def _username(self, name: str) -> str:
        person = User(name=name)
        person.set_names()
        base = "".join(letter for letter in person.pinyin if letter.isascii() and letter.isalnum())[:40] or "cadre"
        username, count = base, 1
        while username in self._usernames:
            count += 1
            username = f"{base}{count}"
        self._usernames.add(username)
        return username

    def _post(self, user: User, town: Organisation, row: CadreRow) -> None:
        """A period that the list ends is ended; one that overlaps in another way is left to the administrator."""
        start, end = row.valid_from or self._since, row.valid_to
        held = Posting.objects.filter(user=user, organisation=town, role=Role.LIAISON)
        overlapping = held.filter(valid_from__lte=end or datetime.date.max).exclude(valid_to__lt=start).first()
        if overlapping is None:
            posting = Posting.objects.create(
                user=user, organisation=town, role=Role.LIAISON, valid_from=start, valid_to=end
            )
            self.journal.postings.append(posting.pk)
            self._record_posting(posting, "post")
        elif overlapping.valid_from == start and end and overlapping.valid_to is None:
            overlapping.valid_to = end
            overlapping.save(update_fields=["valid_to"])
            self.journal.ended.append(overlapping.pk)
            self._record_posting(overlapping, "end_posting")
        elif (overlapping.valid_from, overlapping.valid_to) != (start, end):
            self.journal.left.append(f"{user.name} {town}")

    def _record_posting(self, posting: Posting, verb: str) -> None:
        self._record_event(
            posting.user,
            verb,
            organisation=posting.organisation.name,
            organisation_id=posting.organisation_id,
            role=posting.role,
            valid_from=posting.valid_from,
            valid_to=posting.valid_to,
        )

    def _record_event(self, user: User, verb: str, **data: object) -> None:
        self._events.append(
            event_of(
                user, verb, by=self._by, district_id=self._record.district_id, data={**data, "import": self._record.pk},
                now=self._now,
            )
        )  # fmt: skip
