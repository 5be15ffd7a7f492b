from __future__ import annotations

import datetime
import secrets
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.transitions import database_guard
from unionops.org.models import User

from ...models import ServiceCase, ServiceQuerySet
from .. import geo, hours
from ..enums import END_STATES, SERVING, SHOWN, TRANSITIONS, Facility, PlaceSort, PlaceState, System
from ..fields import PointField, WeekField, away_from, on_the_plane

# No letters that are taken for digits: the code is also typed from a sign.
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(8))


class PlaceQuerySet(ServiceQuerySet):
    def serving(self) -> Self:
        return self.filter(state__in=SERVING)

    def published(self) -> Self:
        """What everybody may see, also without an account: places of programmes that are open to the public."""
        return self.filter(
            is_published=True, state__in=SHOWN, programme__is_public=True, programme__is_confidential=False,
            programme__retired_at=None,
        )  # fmt: skip

    def open_at(self, moment: datetime.datetime) -> Self:
        today = hours.day_of_year(timezone.localdate(moment))
        within = Q(season_from=None) | Q(season_from__lte=today, season_to__gte=today)
        within |= Q(season_from__gt=models.F("season_to")) & (Q(season_from__lte=today) | Q(season_to__gte=today))
        return self.serving().filter(within, week__open_at=hours.minute_of_week(moment))

    def nearest(self, point: geo.Point) -> Self:
        """The nearest first, by the index; what is on no map stands nowhere in it."""
        return self.filter(spot__isnull=False).annotate(away=away_from("spot", point)).order_by("away")


class Place(ServiceCase):
    """阵地: a place with facilities and opening hours. The applicant is the unit that keeps it."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES
    FIRST_STATE = PlaceState.PLANNED
    SEALED = ("identity", "phone", "manager")

    state = models.CharField(_("状态"), max_length=12, choices=PlaceState, default=PlaceState.PLANNED)
    sort = models.CharField(_("类别"), max_length=10, choices=PlaceSort, default=PlaceSort.OWN)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    directions = models.CharField(_("怎么走"), max_length=200, blank=True)
    area = models.DecimalField(_("面积（㎡）"), max_digits=9, decimal_places=1, default=0)
    capacity = models.PositiveSmallIntegerField(_("同时容纳人数"), default=0)
    facilities = ArrayField(
        models.CharField(max_length=16, choices=Facility), verbose_name=_("设施"), default=list, blank=True
    )
    # {"0": [[480, 1080]]}: spans in minutes by weekday, Monday is 0; and the same as minutes of the week.
    hours = models.JSONField(_("开放时间"), default=dict, blank=True)
    week = WeekField(_("开放时间"), default=list, editable=False)
    # 601 is the first of June; both or none. From later to earlier goes over New Year.
    season_from = models.PositiveSmallIntegerField(_("季节开始"), null=True, blank=True)
    season_to = models.PositiveSmallIntegerField(_("季节结束"), null=True, blank=True)
    # As they were given, with the system in which they were given; and the same in WGS-84.
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    system = models.CharField(_("坐标系"), max_length=6, choices=System, blank=True)
    wgs_longitude = models.FloatField(_("经度（WGS-84）"), null=True, editable=False)
    wgs_latitude = models.FloatField(_("纬度（WGS-84）"), null=True, editable=False)
    spot = models.GeneratedField(
        expression=on_the_plane("wgs_longitude", "wgs_latitude"), output_field=PointField(null=True), db_persist=True
    )
    manager_sealed = models.BinaryField(null=True, editable=False)
    manager_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    manager_masked = models.CharField(_("管理员"), max_length=30, blank=True, editable=False, default="")
    subsidy = models.DecimalField(_("建设补助（元）"), max_digits=12, decimal_places=2, default=0)
    accepted_on = models.DateField(_("验收日期"), null=True, blank=True)
    opened_on = models.DateField(_("启用日期"), null=True, blank=True)
    upgraded_on = models.DateField(_("提升完成日期"), null=True, blank=True)
    suspended_until = models.DateField(_("预计恢复开放"), null=True, blank=True)
    stars = models.PositiveSmallIntegerField(_("星级"), default=0, validators=[MaxValueValidator(5)])
    rated_on = models.DateField(_("定级日期"), null=True, blank=True)
    inspected_on = models.DateField(_("最近巡查"), null=True, blank=True)
    visits = models.PositiveIntegerField(_("累计到访人次"), default=0)
    is_published = models.BooleanField(_("在公众地图上公开"), default=True)
    # The short address that its QR code leads to.
    public_code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta(ServiceCase.Meta):
        verbose_name = _("阵地")
        constraints = [
            *ServiceCase.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    longitude=None, latitude=None, system="", wgs_longitude=None, wgs_latitude=None
                )
                | Q(
                    longitude__isnull=False, latitude__isnull=False, system__in=System.values,
                    wgs_longitude__isnull=False, wgs_latitude__range=(-85, 85),
                ),
                name="place_coordinates_whole",
                violation_error_message=_("经纬度和坐标系要一起填。"),
            ),
            models.CheckConstraint(
                condition=Q(season_from=None, season_to=None)
                | Q(season_from__range=(101, 1231), season_to__range=(101, 1231)),
                name="place_season_whole",
                violation_error_message=_("季节的开始和结束要一起填。"),
            ),
            models.CheckConstraint(condition=Q(stars__lte=5), name="place_five_stars_at_most"),
        ]  # fmt: skip
        indexes = [
            *ServiceCase.Meta.indexes,
            # Read by the map and by «nearest»: the places of a programme by distance.
            GistIndex(fields=["programme", "spot"], name="place_spot"),
        ]
        triggers = database_guard(TRANSITIONS, born="NEW.state = 'planned' OR NEW.ledger_import_id IS NOT NULL")

    if TYPE_CHECKING:
        away: float

        def get_sort_display(self) -> str: ...

        def get_system_display(self) -> str: ...

    @property
    def point(self) -> geo.Point | None:
        """Where it is, in WGS-84."""
        if self.wgs_longitude is None or self.wgs_latitude is None:
            return None
        return geo.Point(self.wgs_longitude, self.wgs_latitude)

    @property
    def season(self) -> tuple[int | None, int | None]:
        return self.season_from, self.season_to

    def put_point(self, longitude: float | None, latitude: float | None, system: str) -> None:
        """Keep coordinates as they were given, and where that is in WGS-84."""
        self.longitude, self.latitude, self.system = longitude, latitude, system
        self.wgs_longitude = self.wgs_latitude = None
        if longitude is None or latitude is None:
            self.longitude = self.latitude = None
            self.system = ""
        else:
            self.wgs_longitude, self.wgs_latitude = geo.to_wgs84(geo.Point(longitude, latitude), system)

    def put_hours(self, days: dict[str, list[hours.Span]]) -> None:
        self.hours = {number: [list(span) for span in spans] for number, spans in days.items() if spans}
        self.week = hours.week_of(self.hours)

    def is_open_at(self, moment: datetime.datetime) -> bool:
        return self.state in SERVING and hours.is_open_at(self.week, self.season, moment)

    def facility_labels(self) -> list[str]:
        return [str(Facility(code).label) for code in Facility.values if code in self.facilities]


class PartQuerySet(models.QuerySet[Any]):
    """Rows that belong to a place are seen by whoever sees the place."""

    def visible_to(self, user: User) -> Self:
        return self.filter(place__in=Place.objects.visible_to(user))


class Honour(models.Model):
    """荣誉: what a place was named, as 最美驿站."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="honours")
    name = models.CharField(_("荣誉"), max_length=60)
    giver = models.CharField(_("授予单位"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    # PROTECT: who entered it.
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("阵地荣誉")
        ordering = ["-year", "-pk"]
        constraints = [models.UniqueConstraint(fields=["place", "name", "year"], name="place_honour_once")]
