"""六有: the national standard of a station (domain 4.5, ST-SIX), each of the six with what it rests on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.joining import listed

from .catalogue import base_facilities
from .enums import Facility, Result
from .models import Inspection, Place

# Stations of outdoor workers; other places have standards of their own.
CODES = ("stations", "drivers_homes")
A_YEAR = datetime.timedelta(days=365)
# Items of the list of inspections that speak of signs and of rules are found by these words of the office.
SIGNS, RULES = ("标识",), ("制度", "记录")


@dataclass(frozen=True)
class Have:
    label: str
    is_met: bool
    # What it rests on, or what is missing.
    words: str


def six_have(place: Place, day: datetime.date | None = None) -> list[Have]:
    """Name and sign, a fixed place, facilities, people and hours, rules, and that it is found on the map."""
    day = day or timezone.localdate()
    last = place.inspections.filter(on__gt=day - A_YEAR, on__lte=day).order_by("-on", "-pk").first()
    missing = [one for one in base_facilities(place.programme.code) if one not in place.facilities]
    by_whom = [
        words
        for words, there in ((_("没有登记管理人员"), place.manager_sealed), (_("没有开放时间"), place.week))
        if not there
    ]
    fixed = [words for words, there in ((_("没有地址"), place.address), (_("没有面积"), place.area)) if not there]
    unseen = [
        words
        for words, there in (
            (_("没有坐标"), place.point), (_("没有公开"), place.is_published), (_("项目没有对公众开放"), place.programme.is_public)
        )
        if not there
    ]  # fmt: skip
    return [
        _seen(_("有统一标识名称"), last, SIGNS),
        Have(_("有固定场所"), not fixed, listed(fixed) or place.address),
        Have(
            _("有健全设施"), not missing,
            _("缺%(what)s") % {"what": listed(Facility(one).label for one in missing)} if missing else _("基本设施齐全"),
        ),
        Have(_("有完善功能"), not by_whom, listed(by_whom) or _("有人管理，按时开放")),
        _seen(_("有规范制度"), last, RULES),
        Have(_("地图可查"), not unseen, listed(unseen) or _("公众地图上找得到")),
    ]  # fmt: skip


def _seen(label: str, last: Inspection | None, about: tuple[str, ...]) -> Have:
    """What the last inspection of a year found of the items that speak of it."""
    if last is None:
        return Have(label, False, _("一年内没有巡查过"))
    items: list[dict[str, Any]] = [one for one in last.items if any(word in one["label"] for word in about)]
    wrong = [one["label"] for one in items if one["result"] == Result.FAIL]
    on = last.on.isoformat()
    if not items:
        return Have(label, False, _("巡查清单里没有这一项"))
    if wrong:
        return Have(label, False, _("%(day)s 巡查不合格：%(what)s") % {"day": on, "what": listed(wrong)})
    return Have(label, True, _("%(day)s 巡查合格") % {"day": on})
