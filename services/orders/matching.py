"""Who fits an order: match = trade + skills + rating - distance - load - quota, none where interests conflict (domain 4.6).

Each part is kept with its words, so that the dispatcher sees why somebody stands first.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.joining import listed

from .enums import END_STATES, OUTCOMES, Answer, Mode, OrderState
from .models import Craftsman, Order

TRADE = 40
# Whoever goes with a team of the trade, where the register does not say it of them.
TEAM_TRADE = 30
SKILL, MOST_SKILLS = 10, 3
PER_KM, MOST_DISTANCE = 1, 20
# Where no coordinates are known: the same town counts as near, another one as half the way.
SAME_TOWN, OTHER_TOWN = 2, 10
PER_OPEN = 10
QUOTA_DONE = 5
SAME_INDUSTRY = 15
PER_STAR, USUAL_RATING = 5, 3
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Match:
    """One craftsman for one order: ``parts`` are (words, points); ``against`` says why he cannot be asked at all."""

    craftsman: Craftsman
    parts: list[tuple[str, int]] = field(default_factory=list)
    against: str = ""

    @property
    def score(self) -> int:
        return sum(points for _words, points in self.parts)

    @property
    def arithmetic(self) -> list[list[Any]]:
        return [[words, points] for words, points in self.parts]


def kilometres(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> float:
    """Great-circle distance of two (longitude, latitude) points."""
    (lon1, lat1), (lon2, lat2) = (tuple(math.radians(float(value)) for value in point) for point in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def candidates(order: Order, *, now: datetime.datetime | None = None) -> list[Match]:
    """Everybody of the register who serves this programme: those who can be asked by score, then the others with the reason."""
    year = timezone.localtime(now or timezone.now()).year
    rows = (
        Craftsman.objects.serving()
        .filter(district=order.district_id)
        .filter(Q(programmes=None) | Q(programmes=order.programme_id))
        .select_related("enterprise", "town", "team")
        .annotate(
            open_orders=Count("orders", filter=~Q(orders__state__in=END_STATES | set(OUTCOMES) | {OrderState.CONFIRMED}), distinct=True),
            done_orders=Count("orders", filter=Q(orders__accepted_at__year=year), distinct=True),
            mean_rating=Avg("orders__rating"),
        )
        .order_by("pk")
    )  # fmt: skip
    avoided = set(
        Craftsman.avoids.through.objects.filter(enterprise=order.enterprise_id).values_list("craftsman_id", flat=True)
        if order.enterprise_id
        else ()
    )
    found = [_match(order, row, row.pk in avoided) for row in rows]
    return sorted(found, key=lambda match: (bool(match.against), -match.score, match.craftsman.pk))


def _match(order: Order, person: Any, is_avoided: bool) -> Match:
    if against := _against(order, person, is_avoided):
        return Match(person, against=against)
    parts: list[tuple[str, int]] = []
    if order.trade and order.trade in person.trades:
        parts.append((_("工种对口：%(trade)s") % {"trade": order.trade}, TRADE))
    elif order.trade and order.trade in person.all_trades:
        parts.append((_("所在服务队的工种：%(trade)s") % {"trade": order.trade}, TEAM_TRADE))
    elif order.trade:
        parts.append((_("工种不同"), 0))
    shared = [skill for skill in order.skills if skill in person.skills]
    if shared:
        parts.append((_("专长：%(skills)s") % {"skills": listed(shared)}, SKILL * min(len(shared), MOST_SKILLS)))
    parts.append(_distance(order, person))
    if person.open_orders:
        parts.append((_("手上 %(n)d 单") % {"n": person.open_orders}, -PER_OPEN * person.open_orders))
    if person.yearly_quota and person.done_orders >= person.yearly_quota:
        parts.append((_("今年的任务已完成"), -QUOTA_DONE))
    if _same_industry(order, person):
        parts.append((_("同行业单位的人"), -SAME_INDUSTRY))
    if person.mean_rating is not None:
        stars = round(float(person.mean_rating), 1)
        parts.append((_("评价 %(stars)s 星") % {"stars": stars}, round((stars - USUAL_RATING) * PER_STAR)))
    return Match(person, parts)


def _against(order: Order, person: Any, is_avoided: bool) -> str:
    if not person.is_available:
        return _("现在不接单")
    if order.enterprise_id and person.enterprise_id == order.enterprise_id:
        return _("本单位的人，回避")
    if is_avoided:
        return _("申报过回避这家单位")
    # Somebody from the competition must not read a trade secret.
    if order.is_secret and _same_industry(order, person):
        return _("同行业竞争单位的人，涉密单回避")
    if person.open_orders >= person.most_open:
        return _("手上已有 %(n)d 单，满了") % {"n": person.open_orders}
    return ""


def _same_industry(order: Order, person: Craftsman) -> bool:
    ours, theirs = order.enterprise, person.enterprise
    return bool(ours and theirs and ours.industry and ours.industry == theirs.industry and ours.pk != theirs.pk)


def _distance(order: Order, person: Craftsman) -> tuple[str, int]:
    if order.mode == Mode.REMOTE:
        return _("远程答复，不算路程"), 0
    if order.mode == Mode.CROSS and order.region:
        # The work is elsewhere: whoever lives there is near, everybody else travels.
        if person.region == order.region:
            return _("人在%(region)s") % {"region": order.region}, -SAME_TOWN
        return _("要去%(region)s") % {"region": order.region}, -MOST_DISTANCE
    if person.region:
        return _("人在外地：%(region)s") % {"region": person.region}, -MOST_DISTANCE
    firm = order.enterprise
    if firm and None not in (firm.longitude, firm.latitude, person.longitude, person.latitude):
        far = kilometres((firm.longitude, firm.latitude), (person.longitude, person.latitude))  # type: ignore[arg-type]
        return _("%(km)s 公里") % {"km": round(far, 1)}, -min(round(far * PER_KM), MOST_DISTANCE)
    if order.town_id is None or person.town_id is None:
        return _("路程不明"), -OTHER_TOWN
    if order.town_id == person.town_id:
        return _("同一镇街"), -SAME_TOWN
    return _("不同镇街"), -OTHER_TOWN


def to_ask(order: Order, *, most: int, now: datetime.datetime | None = None) -> list[Match]:
    """The best who can be asked and have not been asked for this order yet."""
    asked = set(order.offers.values_list("craftsman_id", flat=True))
    free = (match for match in candidates(order, now=now) if not match.against and match.craftsman.pk not in asked)
    fitting = [match for match in free if not order.trade or order.trade in match.craftsman.all_trades]
    return fitting[: max(0, most)]


def match_of(order: Order, craftsman: Craftsman) -> Match:
    found = next((match for match in candidates(order) if match.craftsman.pk == craftsman.pk), None)
    return found or Match(craftsman, against=_("不接这个项目的单"))


def waiting_of(order: Order) -> list[Any]:
    rows = order.offers.filter(answer=Answer.WAITING).select_related("craftsman__user")
    return list(rows.order_by("offered_at", "pk"))
