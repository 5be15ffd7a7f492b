"""Money of a year: promised when it is approved, paid when the bank has it. Never more than there is (domain 4.16)."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError

from ..models import BudgetLine


def _locked(line: BudgetLine) -> BudgetLine:
    return BudgetLine.objects.select_for_update(no_key=True).get(pk=line.pk)


def _short(line: BudgetLine, amount: Decimal) -> ActionError:
    return ActionError(
        _("“%(line)s”只剩 %(left)s 元，不够 %(amount)s 元。")
        % {"line": line, "left": f"{line.left:,.2f}", "amount": f"{amount:,.2f}"},
        field="budget_line", next_step=_("请换一个科目，或先追加预算。"),
    )  # fmt: skip


@transaction.atomic
def promise(line: BudgetLine, amount: Decimal) -> BudgetLine:
    """Set money aside; whoever comes second finds what the first has left."""
    row = _locked(line)
    if amount > row.left:
        raise _short(row, amount)
    row.promised += amount
    row.save(update_fields=["promised"])
    return row


@transaction.atomic
def release(line: BudgetLine, amount: Decimal) -> BudgetLine:
    """What was set aside is not needed."""
    row = _locked(line)
    row.promised -= amount
    row.save(update_fields=["promised"])
    return row


@transaction.atomic
def pay(line: BudgetLine, amount: Decimal) -> BudgetLine:
    """What was set aside has been paid."""
    row = _locked(line)
    row.promised -= amount
    row.paid += amount
    row.save(update_fields=["promised", "paid"])
    return row


@transaction.atomic
def take_back(line: BudgetLine, amount: Decimal) -> BudgetLine:
    """The bank has returned a payment: it is set aside again until it is paid anew or released."""
    row = _locked(line)
    row.paid -= amount
    row.promised += amount
    row.save(update_fields=["promised", "paid"])
    return row
