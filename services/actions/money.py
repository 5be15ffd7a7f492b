"""Standards with their validity, and budget lines: kept by the administrator; what was in force stays as it was."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from unionops.china.pinyin import pinyin_key
from unionops.org.errors import ActionError, required
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ..models import BudgetLine, Parameter, Programme
from ..permissions import check_configures
from ..standards import standard


@transaction.atomic
def set_parameter(
    district: Organisation, *, by: User, code: str, value: Decimal, valid_from: datetime.date, name: str = "", unit: str = "",
    source: str = "",
) -> Parameter:  # fmt: skip
    """A new value from a day on; the row before it ends the day before. A day that has passed in between is refused."""
    check_configures(by, district.pk)
    # Values of a district are set one after the other.
    Organisation.objects.select_for_update(no_key=True).get(pk=district.pk)
    known = standard(code) if code else None
    if known is not None:
        name, unit = str(known.name), str(known.unit)
    name = required(name, _("请写名称。"), "name")
    code = code or _code_of(name)
    last = Parameter.objects.filter(district=district, code=code).first()
    if last is not None:
        if valid_from <= last.valid_from:
            raise ActionError(
                _("现在的数值从 %(day)s 起生效，新的要晚于这一天。") % {"day": last.valid_from.isoformat()}, field="valid_from",
                next_step=_("旧的数值不能改，办过的事按它算。"),
            )  # fmt: skip
        last.valid_to = valid_from - datetime.timedelta(days=1)
        last.save(update_fields=["valid_to"])
    row = Parameter.objects.create(
        district=district, code=code, name=name, value=value, unit=unit, valid_from=valid_from, source=source
    )
    record_event(row, "set", by=by, data={"name": name, "value": str(value), "before": str(last.value) if last else ""})
    return row


def _code_of(name: str) -> str:
    code = re.sub(r"[^a-z0-9]+", "_", pinyin_key(name)[0].replace(" ", "").lower()).strip("_")[:40]
    return code or "parameter"


@transaction.atomic
def open_line(
    district: Organisation,
    *,
    by: User,
    year: int,
    name: str,
    source: str,
    total: Decimal,
    programmes: Collection[Programme],
) -> BudgetLine:
    check_configures(by, district.pk)
    name = required(name, _("请写科目名称。"), "name")
    try:
        with transaction.atomic():
            row = BudgetLine.objects.create(district=district, year=year, name=name, source=source, total=total)
    except IntegrityError as error:
        raise ActionError(_("%(year)s 年已有这个科目。") % {"year": year}, field="name") from error
    row.programmes.set(programmes)
    record_event(row, "open", by=by, data={"name": str(row), "total": str(total)})
    return row


@transaction.atomic
def raise_line(line: BudgetLine, *, by: User, amount: Decimal, reason: str) -> BudgetLine:
    """More money (or less, below zero) for the year; never less than what is promised and paid."""
    row = BudgetLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    check_configures(by, row.district_id)
    reason = required(reason, _("请写追加的依据。"), "reason")
    if not amount or row.left + amount < 0:
        raise ActionError(
            _("已批和已付的有 %(n)s 元，预算不能比它少。") % {"n": f"{row.promised + row.paid:,.2f}"}, field="amount"
        )
    row.total += amount
    row.save(update_fields=["total"])
    record_event(row, "raise", by=by, data={"name": str(row), "amount": str(amount), "reason": reason})
    return row
