"""What is known of a place, put into its row: by the form that registers it and by the one that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from unionops.china.names import mask_name
from unionops.org.errors import ActionError

from . import geo
from .models import Place

PLAIN = (
    "sort", "address", "directions", "area", "capacity", "facilities", "subsidy", "is_published", "season_from", "season_to",
)  # fmt: skip


def keep_profile(row: Place, fields: Mapping[str, Any]) -> None:
    """Put what the form gave; what it did not ask stays. The manager's name is sealed, None leaves it."""
    for name in PLAIN:
        if name in fields:
            value = fields[name]
            setattr(row, name, 0 if value is None and name in ("area", "capacity", "subsidy") else value)
    if fields.get("hours") is not None:
        row.put_hours(fields["hours"])
    if "longitude" in fields:
        keep_point(row, fields["longitude"], fields["latitude"], fields.get("system") or "")
    if (manager := fields.get("manager")) is not None:
        row.put("manager", manager, mask_name(manager) if manager else "")


def keep_point(row: Place, longitude: float | None, latitude: float | None, system: str) -> None:
    if longitude is None and latitude is None:
        row.put_point(None, None, "")
        return
    if longitude is None or latitude is None or not system:
        raise ActionError(_("经纬度和坐标系要一起填。"), field="position")
    if not geo.in_china(geo.Point(longitude, latitude)):
        raise ActionError(_("这个坐标不在国内，看看经纬度有没有写反。"), field="position")
    row.put_point(longitude, latitude, system)
