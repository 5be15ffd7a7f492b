"""What is known of a place is changed; what was before stands in the log."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import finish, lock
from unionops.china.phones import mask_phone, read_phone
from unionops.org.actions.saving import reading
from unionops.org.errors import ActionError, required
from unionops.org.events import changed_fields
from unionops.org.models import User

from ..models import Honour, Place
from ..permissions import check_judges, check_keeps
from ..profile import PLAIN, keep_profile

SEEN = (*PLAIN, "title", "applicant_name", "hours", "longitude", "latitude", "system")


@transaction.atomic
def change_profile(
    place: Place, *, by: User, version: int | None = None, now: datetime.datetime | None = None, name: str = "",
    host: str = "", phone: str | None = None, **fields: Any,
) -> Place:  # fmt: skip
    """``phone`` and ``manager`` are None where they stay as they are, empty where they are removed."""
    row = lock(place, version=version)
    check_keeps(by, row)
    before = {key: getattr(row, key) for key in SEEN}
    row.title = required(name or row.title, _("请写阵地名称。"), "name")
    row.applicant_name = required(host or row.applicant_name, _("请写管理单位。"), "host")
    keep_profile(row, fields)
    if phone is not None:
        if phone:
            with reading("phone"):
                number = read_phone(phone).number
            row.put("phone", number, mask_phone(number))
        else:
            row.put("phone", "", "")
    if row.opened_on and not (row.address and row.point and row.week):
        raise ActionError(_("已经开放的阵地要有地址、坐标和开放时间。"))
    changes = changed_fields(before, {key: getattr(row, key) for key in SEEN})
    finish(row, "record", by=by, now=now, what=_("修改资料"), changes=changes)
    return row


@transaction.atomic
def honour(
    place: Place, *, by: User, name: str, year: int, giver: str = "", now: datetime.datetime | None = None
) -> Honour:
    row = lock(place)
    check_judges(by, row)
    name = required(name, _("请写荣誉名称。"), "name")
    if year > timezone.localdate(now).year:
        raise ActionError(_("年度不能在将来。"), field="year")
    if row.honours.filter(name=name, year=year).exists():
        raise ActionError(_("这一年的这个荣誉已经登记过了。"), field="name")
    made = Honour.objects.create(place=row, name=name, year=year, giver=giver.strip(), by=by)
    finish(row, "record", by=by, now=now, what=_("登记荣誉“%(name)s”") % {"name": name})
    return made
