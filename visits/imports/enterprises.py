"""The office's list of enterprises into the directory: new firms come in, known ones are brought up to date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from unionops.china.phones import mask_phone
from unionops.org.enums import EnterpriseStatus
from unionops.org.events import changed_fields, event_of
from unionops.org.models import Contact, Enterprise, Event, KeyListEntry, User

from ..ledger import EnterpriseRow
from ..models import LedgerImport
from .journal import Journal

# Columns that a list brings up to date; a blank in the list leaves them as they are.
_KEPT_UP = {
    "town_id": "town",
    "size_class": "size_class",
    "industry": "industry",
    "staff_count": "staff",
    "member_count": "members",
    "address": "address",
}


class EnterpriseWriter:
    def __init__(self, record: LedgerImport, *, by: User, now: datetime.datetime, since: datetime.date) -> None:
        self._record = record
        self._by = by
        self._now = now
        self._since = since
        self.journal = Journal()
        firms = Enterprise.objects.select_for_update(of=("self",), no_key=True).filter(district=record.district_id)
        known = list(firms.order_by("pk"))
        self._by_code = {firm.credit_code: firm for firm in known if firm.credit_code}
        self._by_name: dict[str, Enterprise] = {}
        for firm in known:
            for name in (firm.name, *firm.aliases):
                self._by_name.setdefault(name, firm)
        open_entries = KeyListEntry.objects.filter(enterprise__district=record.district_id, valid_to=None)
        self._is_key = set(open_entries.values_list("enterprise", flat=True))
        self._called = set(
            Contact.objects.filter(enterprise__district=record.district_id).values_list("enterprise", "name")
        )
        self._made: list[Enterprise] = []
        self._changed: list[Enterprise] = []
        self._entries: list[KeyListEntry] = []
        self._contacts: list[Contact] = []
        self._events: list[Event] = []

    def write(self, rows: Iterable[EnterpriseRow]) -> Journal:
        for row in rows:
            firm = self._known(row)
            if firm is None:
                firm = self._make(row)
            else:
                self._bring_up_to_date(firm, row)
            self._enter_key_list(firm, row)
            self._add_contact(firm, row)
        self._save()
        return self.journal

    def _known(self, row: EnterpriseRow) -> Enterprise | None:
        """The code decides; by its name only a firm whose code does not say otherwise."""
        if row.credit_code and row.credit_code in self._by_code:
            return self._by_code[row.credit_code]
        named = self._by_name.get(row.name)
        return named if named and not (named.credit_code and row.credit_code) else None

    def _make(self, row: EnterpriseRow) -> Enterprise:
        firm = Enterprise(
            district_id=self._record.district_id,
            name=row.name,
            credit_code=row.credit_code or None,
            ledger_import_id=self._record.pk,
            **{column: value for column, value in _values(row).items() if value not in ("", None)},
        )
        firm.set_names()
        self._made.append(firm)
        self._remember(firm)
        self._record_event(firm, "create", name=firm.name, credit_code=firm.credit_code, version=firm.version)
        return firm

    def _remember(self, firm: Enterprise) -> None:
        self._by_name.setdefault(firm.name, firm)
        if firm.credit_code:
            self._by_code[firm.credit_code] = firm

    def _bring_up_to_date(self, firm: Enterprise, row: EnterpriseRow) -> None:
        wanted: dict[str, Any] = {column: value for column, value in _values(row).items() if value not in ("", None)}
        if row.credit_code and not firm.credit_code:
            wanted["credit_code"] = row.credit_code
        if firm.status == EnterpriseStatus.PROVISIONAL:
            # Standing in the office's own list is the confirmation.
            wanted["status"] = EnterpriseStatus.ACTIVE
        before = {column: getattr(firm, column) for column in wanted}
        changes = changed_fields(before, wanted)
        if not changes or firm in self._made:
            return
        for column, value in wanted.items():
            setattr(firm, column, value)
        firm.version += 1
        self.journal.changed.append(
            {"id": str(firm.pk), "version": firm.version, "before": {c: before[c] for c in changes}}
        )
        self._changed.append(firm)
        self._remember(firm)
        self._record_event(firm, "edit", changes=changes, version=firm.version)

    def _enter_key_list(self, firm: Enterprise, row: EnterpriseRow) -> None:
        if row.is_key and firm.pk not in self._is_key and firm.status != EnterpriseStatus.CLOSED:
            self._is_key.add(firm.pk)
            self._entries.append(KeyListEntry(enterprise=firm, valid_from=self._since))
            self._record_event(firm, "enter_key_list", on=self._since)

    def _add_contact(self, firm: Enterprise, row: EnterpriseRow) -> None:
        if row.contact and (firm.pk, row.contact) not in self._called:
            self._called.add((firm.pk, row.contact))
            contact = Contact(
                enterprise=firm, name=row.contact, position=row.contact_role[:50], is_main=firm in self._made
            )
            contact.put("phone", row.phone, mask_phone(row.phone))
            self._contacts.append(contact)

    def _record_event(self, firm: Enterprise, verb: str, **data: Any) -> None:
        self._events.append(event_of(firm, verb, by=self._by, data={**data, "import": self._record.pk}, now=self._now))

    def _save(self) -> None:
        Enterprise.objects.bulk_create(self._made)
        if self._changed:
            Enterprise.objects.bulk_update(
                self._changed, [*_KEPT_UP, "credit_code", "status", "version"], batch_size=500
            )
        entries = KeyListEntry.objects.bulk_create(self._entries)
        Contact.objects.bulk_create(self._contacts)
        Event.objects.bulk_create(self._events)
        self.journal.made = len(self._made)
        self.journal.key_entries = [entry.pk for entry in entries]
        self.journal.contacts = [str(contact.pk) for contact in self._contacts]


def _values(row: EnterpriseRow) -> dict[str, Any]:
    return {column: getattr(row, name) for column, name in _KEPT_UP.items()}
