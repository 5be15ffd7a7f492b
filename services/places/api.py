"""What belongs to a place over HTTP: its data, inspections, repairs, stars, store, services, visitors and honours.

The forms and the actions are those of the pages. Nothing personal leaves: who keeps a place is masked, visitors are numbers.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from unionops.casework.transitions import Text as Words
from unionops.org.api import fields, filters
from unionops.org.api.endpoints import Act, Detail, Endpoint, Listing, Order, answer, find, page_of, told_one
from unionops.org.api.records import Asker, LabelField, Made, Reader, Row, UserField
from unionops.org.models import User

from ..api.forms import MOST_CHOSEN, body_of, filled, keep
from .actions import profile, running, upkeep
from .actions.upkeep import Checked
from .enums import REPAIR_TRANSITIONS, Facility, Given, PlaceSort, RepairSource, RepairState, Result
from .forms.profile import ProfileForm
from .forms.steps import REPAIR_FORMS, HonourForm, ReportForm, ServiceForm, StarsForm, SupplyForm, TallyForm
from .models import Honour, Inspection, Place, Rating, Repair, ServiceGiven, Supply, Tally
from .permissions import check_judges, check_keeps, check_repair
from .queries import checklist_of

TAG = "services"
RESOURCES = ("repairs",)


# --- what is told


class PlaceProfileRecord(serializers.Serializer):
    """What is known of a place. ``hours`` are minutes of the day by weekday, Monday is «0»; coordinates as they were given, and in WGS-84."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="title")
    host = serializers.CharField(source="applicant_name")
    sort = serializers.ChoiceField(PlaceSort.choices)
    address = serializers.CharField()
    directions = serializers.CharField()
    area = serializers.DecimalField(max_digits=9, decimal_places=1)
    capacity = serializers.IntegerField()
    facilities = serializers.ListField(child=serializers.ChoiceField(Facility.choices))
    hours = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    )
    season_from = serializers.IntegerField(allow_null=True)
    season_to = serializers.IntegerField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    system = serializers.CharField()
    wgs_longitude = serializers.FloatField(allow_null=True)
    wgs_latitude = serializers.FloatField(allow_null=True)
    manager = serializers.CharField(source="manager_masked")
    phone = serializers.CharField(source="phone_masked")
    subsidy = serializers.DecimalField(max_digits=12, decimal_places=2)
    stars = serializers.IntegerField()
    is_published = serializers.BooleanField()
    public_code = serializers.CharField()
    version = serializers.IntegerField()


class PlaceItemRecord(serializers.Serializer):
    label = serializers.CharField()
    serious = serializers.BooleanField()
    result = serializers.ChoiceField(Result.choices)
    note = serializers.CharField()


@extend_schema_field(PlaceItemRecord(many=True))
class ItemsField(Made):
    """The list as it was on that day."""

    columns = ("items",)

    def make(self, values: Row, asker: Asker) -> list[dict[str, Any]]:
        return [dict(one) for one in values[0]]


class PlaceInspectionRecord(serializers.Serializer):
    """巡查"""

    id = serializers.UUIDField()
    on = serializers.DateField()
    by = UserField("by")
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    note = serializers.CharField()
    items = ItemsField()


class ReferenceOfPlace(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


@extend_schema_field(ReferenceOfPlace())
class PlaceField(Made):
    columns = ("place_id", "place__title")

    def make(self, values: Row, asker: Asker) -> dict[str, Any]:
        key, name = values
        return {"id": key, "name": name}


class PlaceRepairRecord(serializers.Serializer):
    """报修"""

    id = serializers.UUIDField()
    place = PlaceField()
    state = serializers.ChoiceField(RepairState.choices)
    state_label = LabelField("state", RepairState)
    source = serializers.ChoiceField(RepairSource.choices)
    what = serializers.CharField()
    detail = serializers.CharField()
    is_serious = serializers.BooleanField()
    due_on = serializers.DateField()
    reported_at = serializers.DateTimeField()
    reported_by = UserField("reported_by")
    repaired_on = serializers.DateField(allow_null=True)
    repaired_by = UserField("repaired_by")
    checked_by = UserField("checked_by")
    closed_on = serializers.DateField(allow_null=True)
    outcome = serializers.CharField()


@extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
class LinesField(Made):
    columns = ("lines",)

    def make(self, values: Row, asker: Asker) -> Any:
        return values[0]


class PlaceRatingRecord(serializers.Serializer):
    """星级评定"""

    id = serializers.UUIDField()
    on = serializers.DateField()
    by = UserField("by")
    total = serializers.DecimalField(max_digits=6, decimal_places=2)
    stars = serializers.IntegerField()
    held_back = serializers.CharField()
    lines = LinesField()


class PlaceSupplyRecord(serializers.Serializer):
    """物资"""

    id = serializers.IntegerField()
    name = serializers.CharField()
    unit = serializers.CharField()
    balance = serializers.IntegerField()
    low = serializers.IntegerField()


class PlaceServiceRecord(serializers.Serializer):
    """服务登记"""

    id = serializers.UUIDField()
    on = serializers.DateField()
    kind = serializers.ChoiceField(Given.choices)
    kind_label = LabelField("kind", Given)
    people = serializers.IntegerField()
    what = serializers.CharField()
    activity_number = serializers.CharField()
    by = UserField("by")


class PlaceTallyRecord(serializers.Serializer):
    """到访"""

    id = serializers.IntegerField()
    on = serializers.DateField()
    visits = serializers.IntegerField()
    by = UserField("by")


class PlaceHonourRecord(serializers.Serializer):
    """荣誉"""

    id = serializers.IntegerField()
    name = serializers.CharField()
    giver = serializers.CharField()
    year = serializers.IntegerField()


# --- what is sent


class PlaceItemForm(fields.Form):
    """An item of the list of the programme and how it was found; photographs go to the attachments of the place."""

    label = fields.Text(most=60)
    result = serializers.ChoiceField(Result.choices)
    note = fields.Text(most=200, required=False)


class PlaceInspectForm(fields.Form):
    on = fields.Day(required=False)
    note = fields.Text(most=1000, lines=True, required=False)
    items = PlaceItemForm(many=True, allow_empty=False, max_length=MOST_CHOSEN)


# --- the doors


def place_of(user: User, pk: uuid.UUID) -> Place:
    found: Place = find(Place.objects.visible_to(user).select_related("programme"), pk)
    return found


class PlaceProfile(Endpoint):
    tag, name = TAG, "place_profile"
    summaries: ClassVar = {"GET": gettext_lazy("阵地的资料、设施和开放时间"), "PATCH": gettext_lazy("修改阵地的资料")}
    forms: ClassVar = {"PATCH": body_of(ProfileForm, "Place")}
    answers: ClassVar = {"GET": PlaceProfileRecord, "PATCH": PlaceProfileRecord}
    versioned: ClassVar = {"PATCH": True}
    reader = Reader(PlaceProfileRecord)

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return self.told(request.user, pk)  # type: ignore[arg-type]

    def patch(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        user: User = request.user
        place, version = place_of(user, pk), self.version()
        body = self.read_form(self.forms["PATCH"], partial=True)
        check_keeps(user, place)
        given = keep(filled(lambda data: ProfileForm(data, place=place), body, whole=True))
        # A number and a name that nobody sent stay as they are.
        given |= {name: None for name in ("phone", "manager") if name not in body}
        profile.change_profile(place, by=user, version=version, **given)
        return self.told(user, pk)

    def told(self, user: User, pk: uuid.UUID) -> HttpResponse:
        return answer(told_one(self.reader, Place.objects.visible_to(user).filter(pk=pk), self.asker))


@dataclass(frozen=True)
class Part:
    """A list of rows of a place and the form that adds one."""

    word: str
    label: Words
    adding: Words
    model: type[Model]
    record: type[serializers.Serializer]
    order: Order
    form: Any
    check: Callable[[User, Place], None]
    act: Callable[..., Any]


PARTS = (
    Part("repairs", gettext_lazy("一处阵地的报修"), gettext_lazy("报修"), Repair, PlaceRepairRecord, Order("reported_at", True), ReportForm, check_keeps, upkeep.report),
    Part("ratings", gettext_lazy("星级评定，连同得分"), gettext_lazy("评定星级"), Rating, PlaceRatingRecord, Order("on", True), StarsForm, check_judges, running.give_stars),
    Part("supplies", gettext_lazy("物资和结存"), gettext_lazy("物资收发"), Supply, PlaceSupplyRecord, Order("name", False), SupplyForm, check_keeps, running.move_supply),
    Part("services", gettext_lazy("送到这里的服务"), gettext_lazy("登记服务"), ServiceGiven, PlaceServiceRecord, Order("on", True), ServiceForm, check_keeps, running.give_service),
    Part("tallies", gettext_lazy("每天的到访人次"), gettext_lazy("登记到访"), Tally, PlaceTallyRecord, Order("on", True), TallyForm, check_keeps, running.count_visits),
    Part("honours", gettext_lazy("荣誉"), gettext_lazy("登记荣誉"), Honour, PlaceHonourRecord, Order("year", True), HonourForm, check_judges, profile.honour),
)  # fmt: skip


class OfPlace(Listing):
    """The rows of one place, which must exist for the person."""

    tag = TAG

    def seen(self, rows: QuerySet, user: User, pk: uuid.UUID) -> QuerySet:  # type: ignore[override]
        place = find(Place.objects.visible_to(user).only("pk"), pk)
        return rows.filter(place=place)


class PartOfPlace(OfPlace):
    part: ClassVar[Part]

    def post(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        user: User = request.user
        place = place_of(user, pk)
        body = self.read_form(self.forms["POST"])
        self.part.check(user, place)
        form = filled(lambda data: self.part.form(data, None, place=place), body)
        made = self.part.act(place, by=user, **keep(form))
        # A movement of the store answers the article with what is left of it.
        row = made.supply if self.part.model is Supply else made
        return answer(self.reader.one(self.part.model._default_manager.filter(pk=row.pk), self.asker), 201)


class Inspections(OfPlace):
    name = "place_inspections"
    model = Inspection
    reader = Reader(PlaceInspectionRecord, "id", "on")
    order = Order("on", descending=True)
    summaries: ClassVar = {"GET": gettext_lazy("巡查"), "POST": gettext_lazy("巡查：每个检查项的结果；不合格的转报修")}
    forms: ClassVar = {"POST": PlaceInspectForm}
    answers: ClassVar = {"GET": page_of(PlaceInspectionRecord), "POST": {201: PlaceInspectionRecord}}

    def post(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        user: User = request.user
        place = place_of(user, pk)
        body = self.read_form(PlaceInspectForm)
        check_keeps(user, place)
        serious = dict(checklist_of(place.programme))
        if unknown := [one["label"] for one in body["items"] if one["label"] not in serious]:
            raise ValidationError({"items": [_("检查清单里没有“%(item)s”。") % {"item": unknown[0]}]})
        items = [
            Checked(one["label"], one["result"], serious[one["label"]], one.get("note", "")) for one in body["items"]
        ]
        made = upkeep.inspect(place, by=user, items=items, on=body.get("on"), note=body.get("note", ""))
        return answer(self.reader.one(Inspection.objects.filter(pk=made.pk), self.asker), 201)


REPAIRS = Reader(PlaceRepairRecord, "id", "reported_at")


def _open(rows: QuerySet, value: bool, user: User) -> QuerySet:
    return rows.filter(closed_on__isnull=value)


class RepairList(Listing):
    tag, name = TAG, "repairs"
    model = Repair
    reader = REPAIRS
    order = Order("reported_at", descending=True)
    summaries: ClassVar = {"GET": gettext_lazy("各处阵地的报修，新的在前")}
    answers: ClassVar = {"GET": page_of(PlaceRepairRecord)}
    filters: ClassVar = [
        filters.choice("state", RepairState),
        filters.choice("source", RepairSource),
        filters.flag("open", _open, gettext_lazy("还没有了结")),
        filters.column_flag("is_serious", gettext_lazy("严重")),
        filters.long_key("place"),
    ]


class RepairDetail(Detail):
    tag, name = TAG, "repair"
    summaries: ClassVar = {"GET": gettext_lazy("一张报修单")}
    answers: ClassVar = {"GET": PlaceRepairRecord}
    model = Repair
    reader = REPAIRS


class RepairStep(Act):
    """A row of the transition table of a repair."""

    tag, name = TAG, "repair_step"
    record = PlaceRepairRecord

    def things(self, user: User) -> QuerySet:
        return Repair.objects.visible_to(user).select_related("place__programme")

    def act(self, thing: Any, **body: Any) -> Any:
        by = body.pop("by")
        check_repair(by, thing, self.verb)
        form = filled(lambda data: REPAIR_FORMS[self.verb](data, None, place=thing.place), body)
        given = keep(form)
        given.pop("photo", None)
        return upkeep.move_repair(thing, self.verb, by=by, **given)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return told_one(REPAIRS, self.things(self.asker.user).filter(pk=pk), self.asker)


def _of_part(part: Part) -> URLPattern:
    view: Any = type(
        f"Place{part.word.capitalize()}", (PartOfPlace,),
        {
            "part": part, "name": f"place_{part.word}", "model": part.model, "order": part.order,
            "reader": Reader(part.record, "id", part.order.column), "forms": {"POST": body_of(part.form, "Place")},
            "summaries": {"GET": part.label, "POST": part.adding},
            "answers": {"GET": page_of(part.record), "POST": {201: part.record}},
        },
    )  # fmt: skip
    return path(f"places/<uuid:pk>/{part.word}/", view.as_view(), name=f"place_{part.word}")


urlpatterns: list[URLPattern] = [
    path("places/<uuid:pk>/profile/", PlaceProfile.as_view(), name="place_profile"),
    path("places/<uuid:pk>/inspections/", Inspections.as_view(), name="place_inspections"),
    *(_of_part(part) for part in PARTS),
    path("repairs/", RepairList.as_view(), name="repairs"),
    path("repairs/<uuid:pk>/", RepairDetail.as_view(), name="repair"),
    *(
        path(
            f"repairs/<uuid:pk>/transitions/{verb}/",
            RepairStep.as_view(
                verb=str(verb), form=body_of(form, "Place", "photo"), label=REPAIR_TRANSITIONS[verb].label
            ),
            name=f"repair_step_{verb}",
        )
        for verb, form in REPAIR_FORMS.items()
    ),
]
