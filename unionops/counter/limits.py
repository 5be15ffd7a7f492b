"""How often something may be done at a public door: counters in Valkey, under hashed keys."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

from unionops.org.errors import ActionError, TooMany
from unionops.org.sealed import blind_index

A_DAY = 24 * 3600


class NoCounter(ActionError):
    """Nobody can say how often it was done: then it is not done."""

    status = 503


@dataclass(frozen=True)
class Limit:
    """So many times within so many seconds, counted from the first of them."""

    name: str
    most: int
    seconds: int


def spend(limit: Limit, key: object) -> int:
    """Count one more and return how many that makes; raise TooMany beyond the limit, for known and unknown keys alike."""
    place = _place(limit, key)
    try:
        cache.add(place, 0, limit.seconds)
        count = cache.incr(place)
    except ValueError:
        # Its time ran out between the two.
        cache.set(place, 1, limit.seconds)
        count = 1
    except (NoConnection, NoAnswer) as error:
        raise NoCounter(_("现在不能办理。"), next_step=_("请过几分钟再试，或到窗口办理。")) from error
    if count > limit.most:
        raise too_many(limit)
    return count


def give_back(limit: Limit, key: object) -> None:
    """What was counted beforehand turned out not to count."""
    with suppress(ValueError, NoConnection, NoAnswer):
        cache.decr(_place(limit, key))


def forget(limit: Limit, key: object) -> None:
    cache.delete(_place(limit, key))


def too_many(limit: Limit) -> TooMany:
    if limit.seconds >= A_DAY:
        wait = _("请明天再试，或到窗口办理。")
    else:
        wait = _("请过 %(n)d 分钟再试，或到窗口办理。") % {"n": limit.seconds // 60}
    return TooMany(_("试的次数太多。"), next_step=wait)


def _place(limit: Limit, key: object) -> str:
    return f"counter:{limit.name}:{blind_index(f'{limit.name}:{key}')[:32]}"
