"""What the address asks for: a period, a cut-off, filters; and the addresses that ask for other figures."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.enums import DEPARTMENT_ROLES, DISTRICT_WIDE, TOWN_ROLES
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.models import User

from . import dimensions, periods
from .dimensions import NONE
from .figures import Question
from .indicators import Asked, Part
from .periods import Kind, Period

# «period=month» is the month of today, whenever that is asked.
RUNNING = frozenset({Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.YEAR})
# Whoever works on cases has figures; each role within what it sees.
FIGURE_ROLES = DISTRICT_WIDE | TOWN_ROLES | DEPARTMENT_ROLES


def read(user: User, query: Mapping[str, str]) -> Asked:
    """Period and cut-off of an address; without a period it is this year."""
    if not user.scope.has(*FIGURE_ROLES):
        raise NotAllowed(_("您的岗位没有看板。"), next_step=_("领导、驻联干部、镇街和科室可以看各自范围内的数。"))
    today = timezone.localdate()
    period = _period(query, today)
    text = query.get("at", "").strip()
    if not text:
        return Asked(user, period, period.cut_off(today))
    try:
        at = datetime.date.fromisoformat(text)
    except ValueError:
        raise ActionError(_("截止日期写成 2024-12-31。"), field="at") from None
    if at > today:
        raise ActionError(_("截止日期不能晚于今天。"), field="at")
    return Asked(user, period, at)


def _period(query: Mapping[str, str], today: datetime.date) -> Period:
    first, last = query.get("since", "").strip(), query.get("until", "").strip()
    if first or last:
        return periods.parse(f"{first}..{last or today.isoformat()}")
    text = query.get("period", "").strip()
    if text in RUNNING:
        return periods.containing(today, Kind(text))
    return periods.parse(text) if text else periods.containing(today, Kind.YEAR)


def kept_query(asked: Asked, where: Mapping[str, str]) -> dict[str, str]:
    """The address of a saved view: a period that runs today is kept as such, so that the view goes on with the calendar."""
    query = query_of(asked, where)
    today = timezone.localdate()
    if (
        "at" not in query
        and asked.period.kind in RUNNING
        and asked.period == periods.containing(today, asked.period.kind)
    ):
        query["period"] = str(asked.period.kind)
    return query


def filters(user: User, query: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address. A value that this person may not know of is not found, as its page would be."""
    found: dict[str, str] = {}
    for dimension in dimensions.dimensions():
        value = query.get(dimension.code, "").strip()
        if not value:
            continue
        if value != NONE and not (dimension.known(value) and value in dimension.names(user, {value})):
            raise Http404(f"no such {dimension.code}")
        found[dimension.code] = value
    return found


def words_of(user: User, where: Mapping[str, str]) -> list[tuple[str, str]]:
    """(dimension, value) of filters in words."""
    found = []
    for code, value in where.items():
        dimension = dimensions.find(code)
        assert dimension is not None
        names = dimension.names(user, {value}) if value != NONE else {}
        found.append((str(dimension.label), names.get(value) or _("未填写")))
    return found


def query_of(asked: Asked, where: Mapping[str, str]) -> dict[str, str]:
    """The shortest address of a period and filters: the usual cut-off is not written."""
    query = {"period": asked.period.code}
    if asked.at != asked.period.cut_off(timezone.localdate()):
        query["at"] = asked.at.isoformat()
    return query | {name: value for name, value in where.items() if value}


def rows_url(question: Question, part: str = Part.NUMERATOR, **more: str) -> str:
    """Where the rows of a figure are listed; ``more`` is the value of the dimension by which it is divided."""
    where = question.kept | more
    wanted = {"indicator": question.indicator.code, **query_of(question.asked, where)}
    if part != Part.NUMERATOR:
        wanted["part"] = str(part)
    return f"{reverse('insight:rows')}?{urlencode(wanted)}"
