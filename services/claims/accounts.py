"""Bank accounts: read, sealed, and shown by their last four digits; with their owner where nobody may know who it is."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from unionops.china.names import mask_name
from unionops.org.errors import ActionError
from unionops.org.models.sealed_columns import SealedColumns

_ACCOUNT = re.compile(r"\d{8,30}", re.ASCII)


def read_account(text: str) -> str:
    """The digits of an account; blanks and hyphens are for people."""
    found = re.sub(r"[\s-]", "", text)
    if not _ACCOUNT.fullmatch(found):
        raise ActionError(_("银行账号是 8 到 30 位数字，请再核对。"), field="account")
    return found


def put_account(row: SealedColumns, text: str) -> None:
    number = read_account(text) if text.strip() else ""
    row.put("account", number, f"***…{number[-4:]}")


def seal_owner(row: SealedColumns, name: str) -> str:
    """A bank wants a name with the account. Where nobody may know who reported, both are sealed as one text.

    Returns what may be read of the name; without an account nothing is kept of it.
    """
    number, _owner = split_account(row.open("account"))
    if not number or not name:
        return ""
    row.put("account", f"{number} {name}", f"***…{number[-4:]}")
    return mask_name(name, public=True)


def split_account(text: str) -> tuple[str, str]:
    """(account, owner) of what is sealed; the owner is empty where the payee stands beside it."""
    number, _blank, owner = text.partition(" ")
    return number, owner
