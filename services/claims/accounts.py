"""Bank accounts: read, sealed, and shown by their last four digits."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

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
