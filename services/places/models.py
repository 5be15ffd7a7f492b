"""Places, what is found and mended in them, how their days go, and where they are to be."""

from __future__ import annotations

import datetime
import secrets
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, Seen, User

from ..models import Programme, ServiceCase, ServiceQuerySet
from . import geo, hours
from .enums import (
    END_STATES,
    REPAIR_TRANSITIONS,
    RESTING,
    SERVING,
    SHOWN,
    SUGGESTION_TRANSITIONS,
    TRANSITIONS,
    Counts,
    Facility,
    Given,
    PlaceSort,
    PlaceState,
    RepairSource,
    RepairState,
    SuggestionState,
    System,
)  # fmt: skip
from .fields import PointField, WeekField, away_from, on_the_plane
from .hours import Span

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
        within |= Q(season_from__gt=F("season_to")) & (Q(season_from__lte=today) | Q(season_to__gte=today))
        minute = hours.minute_of_week(moment)
        return self.serving().filter(within, half_hours__contains=[minute // hours.HALF_HOUR], week__open_at=minute)

    def nearest(self, point: geo.Point) -> Self:
        """The nearest first, by the index; what is on no map stands nowhere in it."""
        return self.filter(spot__isnull=False).annotate(away=away_from("spot", point)).order_by("away")


class Place(ServiceCase):
    """阵地: a place with facilities and opening hours. The applicant is the unit that keeps it."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES
    FIRST_STATE = PlaceState.PLANNED
    SEALED = (*ServiceCase.SEALED, "manager")

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
    # The half hours of the week in which it is open at all: an index finds at once that at night there is none.
    half_hours = ArrayField(models.PositiveSmallIntegerField(), default=list, editable=False)
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

    objects = PlaceQuerySet.as_manager()  # type: ignore[misc]

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
            # Read by what is open now.
            GinIndex(fields=["half_hours"], name="place_half_hours"),
            # Read by what is due to be inspected.
            models.Index(fields=["programme", "inspected_on"], name="place_inspected"),
            # Read by the room of services: a place that is simply open is no work of anybody's.
            models.Index(
                fields=["programme"], condition=Q(closed_at=None) & ~Q(state__in=sorted(RESTING)), name="place_at_work"
            ),
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

    def put_hours(self, days: dict[str, list[Span]]) -> None:
        self.hours = {number: [list(span) for span in spans] for number, spans in days.items() if spans}
        self.week = hours.week_of(self.hours)
        self.half_hours = hours.half_hours_of(self.week)

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


# --- upkeep: what is looked at, what was found, and how it was mended


class CheckList(Seen, models.Model):
    """巡查清单: what an inspection of the places of a programme looks at; without one, the list of the catalogue holds."""

    SEEN = ("items",)

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="+")
    # Lines in order; one that begins with an exclamation mark is serious.
    items = models.JSONField(_("检查项"), default=list)

    class Meta:
        verbose_name = _("巡查清单")


class Inspection(models.Model):
    """巡查: each item of the list with its result, as it was on that day; it is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: inspections are history.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="inspections")
    on = models.DateField(_("巡查日期"), default=timezone.localdate)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("巡查人"), related_name="+")
    # [{"label", "serious", "result", "note"}] in the order of the list.
    items = models.JSONField(_("检查项"), default=list)
    passed = models.PositiveSmallIntegerField(_("合格项"), default=0)
    failed = models.PositiveSmallIntegerField(_("不合格项"), default=0)
    note = models.TextField(_("说明"), max_length=1000, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("巡查")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["place", "-on"], name="inspection_of_place")]

    if TYPE_CHECKING:
        place_id: Any

    @property
    def judged(self) -> int:
        return self.passed + self.failed


class Repair(models.Model):
    """报修: something to be mended, until somebody else than the mender has looked at it."""

    TRANSITIONS = REPAIR_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: repairs are history.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="repairs")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, blank=True, related_name="repairs")
    source = models.CharField(_("来源"), max_length=10, choices=RepairSource)
    state = models.CharField(_("状态"), max_length=10, choices=RepairState, default=RepairState.OPEN)
    what = models.CharField(_("问题"), max_length=120)
    detail = models.TextField(_("情况"), max_length=1000, blank=True)
    is_serious = models.BooleanField(_("严重"), default=False)
    due_on = models.DateField(_("期限"))
    reported_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")
    reported_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    repaired_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("修复登记人"), null=True, related_name="+")
    repaired_on = models.DateField(_("修复日期"), null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("复查人"), null=True, related_name="+")
    closed_on = models.DateField(_("了结日期"), null=True)
    outcome = models.CharField(_("结果"), max_length=200, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("报修")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(repaired_by=None) | Q(checked_by=None) | ~Q(repaired_by=F("checked_by")),
                name="repair_four_eyes",
                violation_error_message=_("复查的人不能是登记修好的人。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["checked", "dismissed"], closed_on__isnull=False)
                | Q(state__in=["open", "working", "repaired"], closed_on=None),
                name="repair_closed_at_its_end",
            ),
        ]
        indexes = [
            # Read by the list of repairs and by the inbox.
            models.Index(fields=["district", "due_on"], condition=Q(closed_on=None), name="repair_open"),
            models.Index(fields=["place", "-reported_at"], name="repair_of_place"),
        ]
        triggers = database_guard(REPAIR_TRANSITIONS, born="NEW.state = 'open'")

    if TYPE_CHECKING:
        place_id: Any

        def get_state_display(self) -> str: ...

        def get_source_display(self) -> str: ...

    def __str__(self) -> str:
        return self.what

    @property
    def is_over(self) -> bool:
        return self.closed_on is None and self.due_on < timezone.localdate()


# --- the days of a place: store, services, visitors, what people say, stars


class Supply(models.Model):
    """物资: an article of a place with what is in store."""

    # PROTECT throughout: what was given out stays accounted for.
    place = models.ForeignKey(Place, models.PROTECT, related_name="supplies")
    name = models.CharField(_("物资"), max_length=40)
    unit = models.CharField(_("单位"), max_length=10)
    # Moved only by actions/running.py, under the lock of this row.
    balance = models.PositiveIntegerField(_("结存"), default=0)
    low = models.PositiveIntegerField(_("少于多少要补"), default=0)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("阵地物资")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="place_supply_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_low(self) -> bool:
        return self.balance < self.low


class SupplyMove(models.Model):
    """收发: so much came in (more than nought) or went out (less)."""

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="moves")
    on = models.DateField(_("日期"), default=timezone.localdate)
    change = models.IntegerField(_("数量"))
    note = models.CharField(_("说明"), max_length=100, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("物资收发")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(change=0), name="supply_move_moves")]


class ServiceGiven(models.Model):
    """服务登记: something was brought to the workers at a place. It may name the activity of a programme."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="services")
    on = models.DateField(_("日期"), default=timezone.localdate)
    kind = models.CharField(_("服务类型"), max_length=10, choices=Given)
    people = models.PositiveIntegerField(_("服务人数"))
    what = models.CharField(_("内容"), max_length=120, blank=True)
    # The number of the activity (编号), found through the search of the product.
    activity_number = models.CharField(_("活动编号"), max_length=20, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("阵地服务")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["place", "-on"], name="service_of_place")]


class Tally(models.Model):
    """到访: how many came on a day."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="tallies")
    on = models.DateField(_("日期"), default=timezone.localdate)
    visits = models.PositiveIntegerField(_("到访人次"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("到访计数")
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["place", "on"], name="place_tally_once_a_day")]


class Feedback(models.Model):
    """评价: stars that a visitor without an account gave. Nothing of the visitor is kept."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="feedback")
    stars = models.PositiveSmallIntegerField(_("评分"))
    text = models.CharField(_("意见"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("群众评价")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="place_feedback_one_to_five")]


class Rating(models.Model):
    """星级评定: the lines of the standard with their points, as they were added up on that day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="ratings")
    on = models.DateField(_("定级日期"), default=timezone.localdate)
    # Rows of rating.Line.
    lines = models.JSONField(_("得分"), default=list)
    total = models.DecimalField(_("总分"), max_digits=6, decimal_places=2)
    stars = models.PositiveSmallIntegerField(_("星级"))
    held_back = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("星级评定")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(stars__lte=5), name="rating_five_at_most")]


# --- where places are to be


class InDistrict(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User) -> Self:
        """The district's people, and a town those of its own streets."""
        scope = user.scope
        return self.filter(district__in=scope.member_of).filter(
            Q(district__in=scope.districts) | Q(programme__organisation__in=scope.departments) | Q(town__in=scope.towns)
            | Q(suggested_by=user)
        )  # fmt: skip


class CoveragePlan(models.Model):
    """建设规划: so many places in these years (domain 4.5: 90 in 2024-2026)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    name = models.CharField(_("规划名称"), max_length=60)
    from_year = models.PositiveSmallIntegerField(_("起始年"))
    to_year = models.PositiveSmallIntegerField(_("结束年"))
    target = models.PositiveIntegerField(_("目标（处）"))
    counts = models.CharField(_("怎样算完成"), max_length=10, choices=Counts, default=Counts.UPGRADED)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("建设规划")
        ordering = ["-from_year", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__gte=1, from_year__gte=2000, to_year__gte=F("from_year"), to_year__lte=2100),
                name="coverage_plan_makes_sense",
                violation_error_message=_("结束年不能早于起始年，目标至少一处。"),
            ),
            models.UniqueConstraint(
                fields=["programme", "from_year", "to_year"], name="coverage_plan_once",
                violation_error_message=_("这几年已经有规划了。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Suggestion(models.Model):
    """选址建议: where somebody would like a place; what became of it is told."""

    TRANSITIONS = SUGGESTION_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: whoever suggested it may ask years later.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    address = models.CharField(_("建议地点"), max_length=120)
    reason = models.TextField(_("理由"), max_length=1000)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    system = models.CharField(_("坐标系"), max_length=6, choices=System, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=SuggestionState, default=SuggestionState.WAITING)
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="suggestions")
    suggested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField(_("建议时间"), default=timezone.now)
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = InDistrict.as_manager()

    class Meta:
        verbose_name = _("选址建议")
        ordering = ["-suggested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(place__isnull=False), name="suggestion_adopted_has_a_place"
            )
        ]
        triggers = database_guard(SUGGESTION_TRANSITIONS, born="NEW.state = 'waiting'")

    def __str__(self) -> str:
        return self.address
