"""Workbooks of a batch: the list for the bank and the 发放花名册 (D18). A text in a cell stays a text."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from unionops.casework.sheets.books import new_book

from .models import Claim, PaymentBatch
from .specials import special_of

_IN_MEMORY = 2 << 20


def bank_list(batch: PaymentBatch, rows: Iterable[Mapping[str, Any]]) -> IO[bytes]:
    """户名, 账号, 开户银行, 金额, 附言: what a bank's own form for batches takes."""
    heads = [
        (_("序号"), 6),
        (_("户名"), 14),
        (_("账号"), 24),
        (_("开户银行"), 24),
        (_("金额（元）"), 14),
        (_("附言"), 18),
    ]
    return _book(
        _("银行发放清单"), _("%(name)s 批次 %(number)s") % {"name": batch.programme.name, "number": batch.number}, heads,
        [[row["payee"], row["account"], row["bank"], row["amount"], row["number"]] for row in rows],
    )  # fmt: skip


def roster(batch: PaymentBatch) -> IO[bytes]:
    """发放花名册: by real name with the last four digits, and a place to sign (domain 4.2, D18)."""
    heads = [
        (_("序号"), 6), (_("编号"), 14), (_("姓名"), 14), (_("单位"), 20), (_("类别"), 12), (_("镇街"), 14), (_("项目"), 18), (_("金额（元）"), 14),
        (_("发放方式"), 10), (_("卡号后四位"), 12), (_("状态"), 10), (_("签收人"), 12), (_("签收日期"), 14), (_("签字"), 16),
    ]  # fmt: skip
    rows = []
    payments = list(batch.payments.select_related("claim__town", "claim__programme", "claim__enterprise"))
    special = special_of(payments[0].claim) if payments else None
    known = special.listed([payment.claim for payment in payments]) if special else {}
    for payment in payments:
        claim = payment.claim
        unit, category = known.get(claim.pk) or (_unit(claim), "")
        rows.append(
            [
                claim.number, claim.applicant_name or payment.payee, unit, category,
                (claim.town.short_name or claim.town.name) if claim.town else "",
                claim.programme.name, payment.amount, payment.get_way_display(), payment.account_masked[-4:],
                payment.get_state_display(), claim.signed_by, claim.signed_on.isoformat() if claim.signed_on else "", "",
            ]
        )  # fmt: skip
    return _book(
        _("帮扶资金发放花名册"),
        _("批次 %(number)s，制单 %(who)s") % {"number": batch.number, "who": batch.made_by.name},
        heads,
        rows,
    )


def _unit(claim: Claim) -> str:
    """The firm that asks, or where the person works as far as the programme asks for it."""
    return claim.enterprise.name if claim.enterprise else str(claim.details.get("unit") or "")


def _book(title: str, subtitle: str, heads: Sequence[tuple[str, int]], rows: Sequence[Sequence[Any]]) -> IO[bytes]:
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    book = new_book(target)
    sheet = book.add_worksheet(title[:31])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    big, head = book.add_format({"bold": True, "font_size": 16}), book.add_format({"bold": True, "border": 1})
    cell, yuan = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "#,##0.00"})
    sheet.write_string(0, 0, title, big)
    sheet.write_string(1, 0, subtitle)
    for column, (label, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, label, head)
    whole, at = Decimal(0), 0
    for number, row in enumerate(rows, start=1):
        sheet.write_number(2 + number, 0, number, cell)
        for column, value in enumerate(row, start=1):
            if isinstance(value, Decimal):
                whole, at = whole + value, column
                sheet.write_number(2 + number, column, float(value), yuan)
            else:
                sheet.write_string(2 + number, column, str(value), cell)
    if rows:
        sheet.write_string(3 + len(rows), 1, _("合计"), head)
        sheet.write_number(3 + len(rows), at, float(whole), yuan)
    book.close()
    target.seek(0)
    return target
