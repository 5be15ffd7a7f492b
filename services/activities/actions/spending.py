"""What is given out and what it costs."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from services.actions.budgets import pay, promise, release, take_back
from unionops.casework.moves import lock
from unionops.org.actions.saving import or_already_there
from unionops.org.errors import ActionError
from unionops.org.events import record_event
from unionops.org.models import User

from ...models import BudgetLine
from ..enums import HELD, SEATED
from ..models import Activity, Enrolment, Expense, Goods, Handout
from ..permissions import BEFORE_THE_END, MONEY, check_state, check_works


@transaction.atomic
def bring(activity: Activity, *, by: User, name: str, quantity: int, worth: Decimal = Decimal(0)) -> Goods:
    row = lock(activity)
    check_works(by, row)
    check_state(row, BEFORE_THE_END)
    made = Goods.objects.create(activity=row, name=name, quantity=quantity, worth=worth)
    record_event(row, "record", by=by, data={"what": _("备物资 %(name)s %(n)d 份") % {"name": name, "n": quantity}})
    return made


@transaction.atomic
def hand_out(goods: Goods, enrolment: Enrolment, *, by: User, now: datetime.datetime | None = None) -> Handout:
    """One piece to one person, once; never more than there are, however many hands give at once."""
    row = lock(enrolment.activity)
    check_works(by, row)
    check_state(row, HELD)
    if goods.activity_id != row.pk or enrolment.state not in SEATED:
        raise ActionError(_("这个人不在领取名单里。"), field="who")
    stock = Goods.objects.select_for_update(no_key=True).get(pk=goods.pk)
    if Handout.objects.filter(goods=stock, enrolment=enrolment).exists():
        raise ActionError(
            _("第 %(n)d 号已经领过“%(name)s”。") % {"n": enrolment.serial, "name": stock.name}, field="who"
        )
    if stock.given >= stock.quantity:
        raise ActionError(
            _("“%(name)s”已经发完，共 %(n)d 份。") % {"name": stock.name, "n": stock.quantity}, field="who"
        )
    with or_already_there(_("这个人已经领过。"), field="who"):
        made = Handout.objects.create(goods=stock, enrolment=enrolment, by=by, at=now or timezone.now())
    stock.given += 1
    stock.save(update_fields=["given"])
    record_event(
        row, "record", by=by, data={"what": _("第 %(n)d 号领取 %(name)s") % {"n": enrolment.serial, "name": stock.name}}
    )
    return made


@transaction.atomic
def spend(
    activity: Activity, *, by: User, kind: str, what: str, payee: str, amount: Decimal, paid_on: datetime.date,
    budget_line: BudgetLine | None = None,
) -> Expense:  # fmt: skip
    """Money out of a budget line; what the line has not, cannot be spent."""
    row = lock(activity)
    check_works(by, row, MONEY)
    check_state(row, BEFORE_THE_END)
    line = budget_line or row.budget_line
    if line is None:
        raise ActionError(_("请选预算科目。"), field="budget_line")
    if line.district_id != row.district_id or line.year != paid_on.year:
        raise ActionError(_("请选本区当年的预算科目。"), field="budget_line")
    promise(line, amount)
    pay(line, amount)
    made = Expense.objects.create(
        activity=row, kind=kind, what=what, payee=payee, amount=amount, paid_on=paid_on, budget_line=line, by=by
    )
    record_event(
        row,
        "record",
        by=by,
        data={"what": _("支出 %(amount)s 元 %(what)s") % {"amount": f"{amount:,.2f}", "what": what}},
    )
    return made


@transaction.atomic
def reverse(expense: Expense, *, by: User, reason: str) -> Expense:
    """A wrong entry is taken back by a second one; both stay (domain 4.16)."""
    row = lock(expense.activity)
    check_works(by, row, MONEY)
    check_state(row, BEFORE_THE_END)
    if expense.reverses_id or Expense.objects.filter(reverses=expense).exists():
        raise ActionError(_("这一笔已经冲销过。"))
    take_back(expense.budget_line, expense.amount)
    release(expense.budget_line, expense.amount)
    made = Expense.objects.create(
        activity=row, kind=expense.kind, what=expense.what, payee=expense.payee, amount=-expense.amount,
        paid_on=timezone.localdate(), budget_line=expense.budget_line, reverses=expense, by=by,
    )  # fmt: skip
    record_event(
        row,
        "record",
        by=by,
        data={
            "what": _("冲销 %(amount)s 元 %(what)s") % {"amount": f"{expense.amount:,.2f}", "what": expense.what},
            "text": reason,
        },
    )
    return made


def total(activity: Activity) -> Decimal:
    return Decimal(activity.expenses.aggregate(sum=Sum("amount"))["sum"] or 0)
