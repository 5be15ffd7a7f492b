"""The directory of enterprises: entered once, checked, kept by whoever is on the spot."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.china.credit_code import InvalidCreditCode, read_credit_code
from unionops.china.phones import mask_phone, read_phone
from unionops.china.search import normalise

from ..enums import EnterpriseStatus, OrganisationKind
from ..errors import ActionError, required
from ..events import record_event
from ..merging import join_key_periods, repoint
from ..models import Contact, Enterprise, KeyListEntry, Organisation, User
from ..permissions import check_edits_enterprise, check_keeps_directory, check_keeps_key_list, check_may_edit
from .saving import change, check_columns, check_known, lock, or_already_there, reading

EDITABLE = frozenset(
    {
        "name", "aliases", "town", "size_class", "industry", "new_employment", "reform_pilot", "staff_count", "member_count", "address",
        "longitude", "latitude",
    }
)  # fmt: skip
CODE_TAKEN = gettext_lazy("这个统一社会信用代码已经在名录里。")
MOST_ALIASES = 20


@transaction.atomic
def create_enterprise(
    *,
    district: Organisation,
    by: User,
    credit_code: str = "",
    override_reason: str = "",
    provisional: bool = False,
    key_since: datetime.date | None = None,
    **values: Any,
) -> Enterprise:
    """A firm enters the directory. ``provisional`` is what a cadre knows on the spot; somebody confirms it later."""
    check_known(values, EDITABLE)
    town = values.get("town")
    check_edits_enterprise(by, town_id=town and town.pk, district_id=district.pk)
    enterprise = Enterprise(
        district=district,
        status=EnterpriseStatus.PROVISIONAL if provisional else EnterpriseStatus.ACTIVE,
        **values,
    )
    _set_code(enterprise, credit_code, override_reason, by=by)
    _save(enterprise, is_new=True)
    record_event(
        enterprise,
        "create",
        by=by,
        data={"name": enterprise.name, "credit_code": enterprise.credit_code, "version": enterprise.version},
    )
    if key_since is not None:
        enter_key_list(enterprise, on=key_since, by=by)
    return enterprise


def _set_code(enterprise: Enterprise, text: str, override_reason: str, *, by: User) -> None:
    """Some early real codes fail the check: whoever keeps the directory may take one with a reason (domain 5.2)."""
    enterprise.credit_code_reason = ""
    if not text.strip():
        enterprise.credit_code = None
        return
    try:
        enterprise.credit_code = read_credit_code(text)
    except InvalidCreditCode as error:
        if error.code not in ("check_digit", "prefix") or not override_reason.strip():
            raise ActionError(
                error.reason,
                field="credit_code",
                next_step=_("执照上确实如此的，请督办岗或系统管理员写明原因后登记。"),
            ) from error
        check_keeps_directory(by, enterprise.district_id)
        enterprise.credit_code = "".join(normalise(text).replace("-", "").split()).upper()
        enterprise.credit_code_reason = override_reason.strip()


def _save(enterprise: Enterprise, *, is_new: bool = False) -> None:
    _check_town(enterprise)
    enterprise.set_names()
    check_columns(enterprise)
    with or_already_there(CODE_TAKEN, field="credit_code"):
        enterprise.save(force_insert=is_new)


def _check_town(enterprise: Enterprise) -> None:
    town = enterprise.town
    if town is not None and (town.kind != OrganisationKind.TOWN or town.district_id != enterprise.district_id):
        raise ActionError(_("请选本区的镇街。"), field="town")


@transaction.atomic
def edit_enterprise(
    enterprise: Enterprise,
    *,
    by: User,
    version: int | None = None,
    credit_code: str | None = None,
    override_reason: str = "",
    **values: Any,
) -> Enterprise:
    """Correct the facts. Whoever moves a firm to another town must keep both, or the directory."""
    check_known(values, EDITABLE)
    row = lock(enterprise, version=version)
    check_may_edit(by, row)
    before = {"name": row.name, "credit_code": row.credit_code}
    changes = change(row, values)
    check_may_edit(by, row)
    if credit_code is not None and credit_code != (row.credit_code or ""):
        _set_code(row, credit_code, override_reason, by=by)
        changes["credit_code"] = [before["credit_code"], row.credit_code]
    if row.name != before["name"]:
        _keep_as_alias(row, str(before["name"]))
    return _finish(row, "edit", by=by, changes=changes)


def _keep_as_alias(row: Enterprise, name: str) -> None:
    if name not in row.aliases:
        row.aliases = [*row.aliases, name][-MOST_ALIASES:]


def _finish(row: Enterprise, verb: str, *, by: User, **data: Any) -> Enterprise:
    row.version += 1
    _save(row)
    record_event(row, verb, by=by, data={**data, "version": row.version})
    return row


@transaction.atomic
def confirm_enterprise(
    enterprise: Enterprise, *, credit_code: str, by: User, override_reason: str = "", version: int | None = None
) -> Enterprise:
    """What was noted on the spot is checked against the licence and becomes an entry like any other."""
    row = lock(enterprise, version=version)
    check_may_edit(by, row)
    if row.status != EnterpriseStatus.PROVISIONAL:
        raise ActionError(_("这家企业已经核实过。"))
    _set_code(row, credit_code, override_reason, by=by)
    row.status = EnterpriseStatus.ACTIVE
    return _finish(row, "confirm", by=by, credit_code=row.credit_code)


@transaction.atomic
def close_enterprise(enterprise: Enterprise, *, on: datetime.date, by: User, version: int | None = None) -> Enterprise:
    """The firm is out of business; it leaves the key list with the day, its history stays."""
    row = lock(enterprise, version=version)
    check_may_edit(by, row)
    if row.status == EnterpriseStatus.CLOSED:
        raise ActionError(_("这家企业已经登记停业。"))
    row.status, row.closed_on = EnterpriseStatus.CLOSED, on
    for entry in row.key_entries.filter(valid_to=None):
        _leave(entry, on=max(on, entry.valid_from))
    return _finish(row, "close", by=by, on=on)


@transaction.atomic
def reopen_enterprise(enterprise: Enterprise, *, by: User, version: int | None = None) -> Enterprise:
    row = lock(enterprise, version=version)
    check_may_edit(by, row)
    if row.status != EnterpriseStatus.CLOSED:
        raise ActionError(_("这家企业没有停业。"))
    row.status, row.closed_on = EnterpriseStatus.ACTIVE, None
    return _finish(row, "reopen", by=by)


@transaction.atomic
def enter_key_list(enterprise: Enterprise, *, on: datetime.date, by: User) -> KeyListEntry:
    row = lock(enterprise)
    check_keeps_key_list(by, row.district_id)
    if row.status == EnterpriseStatus.CLOSED:
        raise ActionError(_("停业的企业不能列为重点企业。"))
    if row.key_entries.filter(valid_to=None).exists():
        raise ActionError(_("这家企业已经在重点企业名单里。"))
    if row.key_entries.filter(valid_to__gte=on).exists():
        raise ActionError(_("列入日期要在上次移出之后。"), field="on")
    entry = KeyListEntry.objects.create(enterprise=row, valid_from=on)
    record_event(row, "enter_key_list", by=by, data={"on": on})
    return entry


@transaction.atomic
def leave_key_list(enterprise: Enterprise, *, on: datetime.date, by: User) -> KeyListEntry:
    """``on`` is the last day on the list."""
    row = lock(enterprise)
    check_keeps_key_list(by, row.district_id)
    entry = row.key_entries.filter(valid_to=None).first()
    if entry is None:
        raise ActionError(_("这家企业不在重点企业名单里。"))
    _leave(entry, on=on)
    record_event(row, "leave_key_list", by=by, data={"on": on})
    return entry


def _leave(entry: KeyListEntry, *, on: datetime.date) -> None:
    entry.valid_to = on
    check_columns(entry)
    entry.save(update_fields=["valid_to"])


@transaction.atomic
def add_contact(
    enterprise: Enterprise, *, name: str, position: str = "", phone: str = "", is_main: bool = False, by: User
) -> Contact:
    row = lock(enterprise)
    check_may_edit(by, row)
    contact = Contact(enterprise=row, name=name, position=position, is_main=is_main)
    return _save_contact(contact, "add_contact", phone=phone, by=by)


@transaction.atomic
def edit_contact(
    contact: Contact, *, by: User, phone: str | None = None, version: int | None = None, **values: Any
) -> Contact:
    """``phone`` None leaves the number as it is, an empty text removes it."""
    check_known(values, frozenset({"name", "position", "is_main"}))
    lock(contact.enterprise)
    row = lock(contact, version=version)
    check_may_edit(by, row.enterprise)
    change(row, values)
    return _save_contact(row, "edit_contact", phone=phone, by=by)


def _save_contact(contact: Contact, verb: str, *, phone: str | None, by: User) -> Contact:
    """The enterprise is locked: one main contact at most."""
    if phone is not None:
        with reading("phone"):
            number = read_phone(phone).number if phone else ""
        contact.put("phone", number, mask_phone(number))
    check_columns(contact)
    if contact.is_main:
        contact.enterprise.contacts.filter(is_main=True).exclude(pk=contact.pk).update(is_main=False)
    contact.save()
    record_event(
        contact.enterprise,
        verb,
        by=by,
        data={"name": contact.name, "phone": contact.phone_masked, "is_main": contact.is_main},
    )
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, by: User) -> None:
    """The person is no longer to be called: the number is deleted, not kept (PIPL 47)."""
    row = lock(contact)
    check_may_edit(by, row.enterprise)
    record_event(row.enterprise, "remove_contact", by=by, data={"name": row.name})
    row.delete()


@transaction.atomic
def merge_enterprises(
    keep: Enterprise, *, duplicate: Enterprise, by: User, reason: str, version: int | None = None
) -> Enterprise:
    """Visits, issues, people and contacts of the duplicate belong to the one that stays; the duplicate goes.

    The event holds what the duplicate said. Locked in the order of their keys, so that two merges never wait for each other.
    """
    if keep.pk == duplicate.pk:
        raise ActionError(_("请选另一家企业。"), field="duplicate")
    locked = {row.pk: lock(row) for row in sorted((keep, duplicate), key=lambda row: row.pk)}
    row, other = lock(keep, version=version), locked[duplicate.pk]
    check_keeps_directory(by, row.district_id)
    # Firms that were counted as two in periods that are closed are one from now on.
    reason = required(reason, _("请写合并的理由。"), "reason")
    if other.district_id != row.district_id:
        raise ActionError(_("两家企业不在同一个区。"), field="duplicate")
    if other.credit_code and row.credit_code and other.credit_code != row.credit_code:
        raise ActionError(_("两家企业的统一社会信用代码不同，是两家企业。"), field="duplicate")
    _check_one_main_contact(row, other)
    moved = repoint(row, other)
    join_key_periods(row, other)
    gone = {"id": str(other.pk), "name": other.name, "credit_code": other.credit_code, "address": other.address}
    for name in (other.name, *other.aliases):
        if name != row.name:
            _keep_as_alias(row, name)
    code, code_reason = other.credit_code, other.credit_code_reason
    other.delete()
    if row.credit_code is None and code:
        row.credit_code, row.credit_code_reason = code, code_reason
    _fill_gaps(row, other)
    return _finish(row, "merge", by=by, duplicate=gone, moved=moved, reason=reason)


def _check_one_main_contact(row: Enterprise, other: Enterprise) -> None:
    if row.contacts.filter(is_main=True).exists():
        other.contacts.update(is_main=False)


def _fill_gaps(row: Enterprise, other: Enterprise) -> None:
    """What the staying entry does not know it takes from the duplicate."""
    for name in (
        "size_class",
        "industry",
        "staff_count",
        "member_count",
        "address",
        "longitude",
        "latitude",
        "town_id",
    ):
        if getattr(row, name) in ("", None):
            setattr(row, name, getattr(other, name))
    row.new_employment = row.new_employment or other.new_employment
    row.reform_pilot = row.reform_pilot or other.reform_pilot
