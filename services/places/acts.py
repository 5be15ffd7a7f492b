"""What the steps of a place change beside its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from unionops.joining import listed
from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.models import User

from ..shapes import Act, Turn
from .enums import RESTING
from .enums import PlaceVerb as V
from .models import Place
from .profile import keep_profile


def begin(row: Place, fields: Mapping[str, Any]) -> None:
    """A place begins with what is known of it; the rest is filled in before it opens."""
    keep_profile(row, fields)


def accept(turn: Turn) -> None:
    turn.row.accepted_on = turn.fields["on"]


def open_(turn: Turn) -> None:
    turn.row.opened_on = turn.row.opened_on or turn.fields["on"]


def upgrade(turn: Turn) -> None:
    turn.row.upgraded_on = turn.fields["on"]
    turn.row.subsidy += turn.fields.get("subsidy") or 0


def suspend(turn: Turn) -> None:
    until = turn.fields.get("until")
    if until and until < turn.now.date():
        raise ActionError(_("预计恢复的日子不能在过去。"), field="until")
    turn.row.suspended_until = until


def reopen(turn: Turn) -> None:
    turn.row.suspended_until = None


def against(user: User, row: Place, verb: str) -> ActionError | None:
    """六有: it opens with a fixed place and hours, and so that it is found on the map; what is unsafe is mended first."""
    if verb == V.OPEN:
        missing = [
            label
            for label, there in ((_("地址"), row.address), (_("坐标"), row.point), (_("开放时间"), row.week))
            if not there
        ]
        if missing:
            return InvalidTransition(_("还没有填%(what)s，请先完善资料。") % {"what": listed(missing)})
    if verb in (V.RESTORE, V.REOPEN) and row.repairs.filter(closed_on=None, is_serious=True).exists():
        return InvalidTransition(_("还有严重问题没有修好并复查。"))
    return None


def pen(row: Place) -> None:
    """Of a place that is simply open nobody holds the pen."""
    if row.state in RESTING:
        row.holder_organisation_id = None


ACTS: dict[str, Act] = {
    V.ACCEPT: accept, V.OPEN: open_, V.UPGRADE: upgrade, V.SUSPEND: suspend, V.REOPEN: reopen, V.CLOSE: reopen,
}  # fmt: skip
