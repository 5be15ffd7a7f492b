"""Coordinates: the three systems of Chinese maps, distances, and the plane in which the database looks for the nearest.

WGS-84 is what a phone's receiver says, GCJ-02 what AMap, Tencent and every licensed Chinese map draw, BD-09 what Baidu
draws. The offset of GCJ-02 was never published; the formula is the one that all open implementations share and that agrees
with the maps to about a metre. Nothing is shifted outside the mainland's rectangle, as on those maps.
"""

from __future__ import annotations

import math
from typing import NamedTuple

# Krasovsky 1940, as the published formula has it; the sphere of web maps; the mean earth.
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
MERCATOR_RADIUS = 6378137.0
EARTH_RADIUS = 6371008.8
_BAIDU = math.pi * 3000.0 / 180.0
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271

WGS84, GCJ02, BD09 = "wgs84", "gcj02", "bd09"


class Point(NamedTuple):
    """Degrees, east and north."""

    longitude: float
    latitude: float


def in_china(point: Point) -> bool:
    return WEST <= point.longitude <= EAST and SOUTH <= point.latitude <= NORTH


def _shift(point: Point) -> tuple[float, float]:
    x, y = point.longitude - 105.0, point.latitude - 35.0
    waves = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    turn = point.latitude / 180.0 * math.pi
    magic = 1 - _ECCENTRICITY * math.sin(turn) ** 2
    root = math.sqrt(magic)
    north = north * 180.0 / (_AXIS * (1 - _ECCENTRICITY) / (magic * root) * math.pi)
    east = east * 180.0 / (_AXIS / root * math.cos(turn) * math.pi)
    return east, north


def wgs84_to_gcj02(point: Point) -> Point:
    if not in_china(point):
        return point
    east, north = _shift(point)
    return Point(point.longitude + east, point.latitude + north)


def gcj02_to_wgs84(point: Point) -> Point:
    """The inverse, by approaching it: exact to less than a millimetre after a few rounds."""
    if not in_china(point):
        return point
    found = point
    for _round in range(10):
        there = wgs84_to_gcj02(found)
        east, north = there.longitude - point.longitude, there.latitude - point.latitude
        found = Point(found.longitude - east, found.latitude - north)
        if abs(east) < 1e-10 and abs(north) < 1e-10:
            break
    return found


def gcj02_to_bd09(point: Point) -> Point:
    x, y = point
    away = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU)
    turn = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU)
    return Point(away * math.cos(turn) + 0.0065, away * math.sin(turn) + 0.006)


def bd09_to_gcj02(point: Point) -> Point:
    x, y = point.longitude - 0.0065, point.latitude - 0.006
    away = math.hypot(x, y) - 0.00002 * math.sin(y * _BAIDU)
    turn = math.atan2(y, x) - 0.000003 * math.cos(x * _BAIDU)
    return Point(away * math.cos(turn), away * math.sin(turn))


def to_wgs84(point: Point, system: str) -> Point:
    if system == BD09:
        point, system = bd09_to_gcj02(point), GCJ02
    return gcj02_to_wgs84(point) if system == GCJ02 else point


def from_wgs84(point: Point, system: str) -> Point:
    if system == WGS84:
        return point
    shifted = wgs84_to_gcj02(point)
    return gcj02_to_bd09(shifted) if system == BD09 else shifted


def metres_between(one: Point, other: Point) -> float:
    """The great circle (haversine), to half a per cent of what a surveyor would measure."""
    north = math.radians(other.latitude - one.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin(north / 2) ** 2
    half += math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude)) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, half)))


def mercator(point: Point) -> tuple[float, float]:
    """The plane of web maps, in its metres. It keeps angles, so the nearest on it is the nearest on the ground nearby."""
    x = math.radians(point.longitude) * MERCATOR_RADIUS
    return x, math.log(math.tan(math.pi / 4 + math.radians(point.latitude) / 2)) * MERCATOR_RADIUS


def read_point(text: str) -> Point | None:
    """«120.58,30.01» as maps copy it; None for what is no place in China. Latitude first is turned round."""
    parts = text.replace("，", ",").split(",")
    if len(parts) != 2 or len(text) > 60:
        return None
    try:
        one, other = (float(part) for part in parts)
    except ValueError:
        return None
    point = Point(one, other) if abs(other) <= abs(one) else Point(other, one)
    return point if in_china(point) else None
