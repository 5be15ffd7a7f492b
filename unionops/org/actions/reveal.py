"""Reading a number in full: for a reason, by whoever needs it, not too often, and never without a trace."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django_ratelimit.core import get_usage

from ..errors import ActionError, TooMany
from ..events import record_event
from ..models import Contact, Person, User
from ..permissions import check_reveals, districts_of

# A working day of telephone calls fits; copying the directory does not.
MOST_AN_HOUR = 60
SHORTEST_REASON = 4


@transaction.atomic
def reveal(thing: Person | Contact | User, name: str, *, reason: str, by: User) -> str:
    """Return the clear value of one sealed column and write down who read it and why."""
    if name not in thing.SEALED:
        raise ActionError(_("这一项没有要查看的内容。"))
    check_reveals(by, thing)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ActionError(_("请写明为什么要看，至少 %(count)d 个字。") % {"count": SHORTEST_REASON}, field="reason")
    value = thing.open(name)
    if not value:
        raise ActionError(_("这一项没有填写。"))
    _count(by)
    data = {"field": name, "reason": reason.strip(), "masked": getattr(thing, f"{name}_masked")}
    district_id = None
    match thing:
        case Contact():
            data |= {"enterprise": thing.enterprise.name, "enterprise_id": str(thing.enterprise_id)}
            district_id = thing.enterprise.district_id
        case User():
            district_id = min(districts_of(thing), default=None)
    record_event(thing, "reveal", by=by, district_id=district_id, data=data)
    return value


def _count(by: User) -> None:
    """Count atomically in the cache that all processes share; a person's doors share one count."""
    usage = get_usage(
        None,
        group="org.reveal",
        key=lambda group, request: str(by.pk),
        rate=f"{MOST_AN_HOUR}/h",
        increment=True,
    )
    if usage is not None and usage["should_limit"]:
        raise TooMany(
            _("一小时内最多查看 %(count)d 次完整号码。") % {"count": MOST_AN_HOUR}, next_step=_("请稍后再试。")
        )
