"""Care classes over HTTP: the forms and the actions of the pages behind another door.

No name of a child, no number, no health leaves here. Children are told by their serial number in the class, and only to whoever
has been let in; each reading is a line in the log, as on the pages (domain 5.5).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from unionops.casework.permissions import refusal
from unionops.org.api import filters
from unionops.org.api.endpoints import Endpoint, Listing, Order, answer, find, page_of, told_one
from unionops.org.api.fields import Flag, Form, Text
from unionops.org.api.records import Asker, Reader
from unionops.org.models import User

from ..activities.api import DoAct, acts_of, open_acts
from ..activities.enums import ActivityState
from ..activities.models import Activity
from ..api.records import StepRefused
from .actions import access, days
from .actions.children import contact_of
from .doings import OWN, child_of
from .enums import DAY, GRADES, DayState, DayVerb
from .models import Child, ChildDay, ClassFile, PickUp
from .permissions import check_day

TAG = "services"
RESOURCES = ("care-classes",)
TURN_AWAY = "turn_away"
# What is about the class as a whole: these stand in its record with the reason.
OF_CLASS = [doing for doing in OWN if doing.item is None]


class CareClassRecord(serializers.Serializer):
    """托管班. ``activity`` is the class as an activity, with its places and enrolments."""

    id = serializers.IntegerField()
    activity = serializers.UUIDField(source="activity_id")
    number = serializers.CharField(source="activity.number")
    title = serializers.CharField(source="activity.title")
    state = serializers.ChoiceField(ActivityState.choices, source="activity.state")
    season = serializers.CharField()
    starts_on = serializers.DateField(source="activity.starts_on", allow_null=True)
    ends_on = serializers.DateField(source="activity.ends_on", allow_null=True)
    grade_from = serializers.IntegerField()
    grade_to = serializers.IntegerField()
    age_from = serializers.IntegerField()
    age_to = serializers.IntegerField()
    capacity = serializers.IntegerField(source="activity.capacity")
    accepted_on = serializers.DateField(allow_null=True)
    insured_until = serializers.DateField(allow_null=True)
    is_new = serializers.BooleanField()


class CareClassWithSteps(CareClassRecord):
    """托管班，连同现在能办的事和不能办的原因. What is about one row of it (a child, a carer, an asking) takes its key in the address."""

    version = serializers.IntegerField()
    carers = serializers.ListField(child=serializers.DictField())
    grants = serializers.ListField(child=serializers.DictField())
    allowed = serializers.ListField(child=serializers.CharField())
    refused = StepRefused(many=True)


READER = Reader(CareClassRecord, "id", "activity__registered_at")


def seen(rows: QuerySet, user: User) -> QuerySet:
    """Whoever sees the activity."""
    return rows.filter(activity__in=Activity.objects.visible_to(user))


def class_of(user: User, pk: int) -> ClassFile:
    found: ClassFile = find(seen(ClassFile.objects.select_related("activity__programme"), user), pk)
    return found


def class_record(pk: int, asker: Asker) -> dict[str, Any]:
    record = told_one(READER, seen(ClassFile.objects.filter(pk=pk), asker.user), asker)
    found = class_of(asker.user, pk)
    carers = found.carers.filter(left_on=None).values("id", "duty", "checked_on")
    grants = found.grants.order_by("-pk").values("id", "state", "until", "asked_by")
    return {
        **record, "version": found.version, "carers": list(carers), "grants": list(grants), **open_acts(asker.user, found.activity, OF_CLASS),
    }  # fmt: skip


class CareClassList(Listing):
    tag, name = TAG, "care_classes"
    model = ClassFile
    reader = READER
    order = Order("activity__registered_at", descending=True)
    summaries: ClassVar = {"GET": gettext_lazy("托管班，新的在前")}
    answers: ClassVar = {"GET": page_of(CareClassRecord)}
    filters: ClassVar = [
        filters.choice("state", ActivityState, column="activity__state"),
        filters.column_flag("is_new", gettext_lazy("新办")),
        filters.key("town", "activity__town"),
    ]

    def seen(self, rows: QuerySet, user: User) -> QuerySet:
        return seen(rows, user)


class CareClassDetail(Endpoint):
    tag, name = TAG, "care_class"
    summaries: ClassVar = {"GET": gettext_lazy("一个托管班，连同现在能办的事")}
    answers: ClassVar = {"GET": CareClassWithSteps}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        return answer(class_record(pk, self.asker))


class CareClassAct(DoAct):
    name = "care_class_act"
    record = CareClassWithSteps

    def case(self, pk: int) -> Activity:
        return class_of(self.asker.user, pk).activity

    def told(self, pk: int) -> dict[str, Any]:
        return class_record(pk, self.asker)


# --- children and their day


class CareChildRecord(serializers.Serializer):
    """A child of the class by its number: nobody's name leaves."""

    id = serializers.UUIDField()
    serial = serializers.IntegerField()
    grade = serializers.ChoiceField(GRADES)
    enrolment = serializers.UUIDField()
    enrolled_as = serializers.CharField()
    today = serializers.ChoiceField(DayState.choices)


class CareChildPage(serializers.Serializer):
    results = CareChildRecord(many=True)


class CareAdultRecord(serializers.Serializer):
    id = serializers.UUIDField()
    kin = serializers.CharField()
    name = serializers.CharField()


class CareChildWithSteps(CareChildRecord):
    """一个孩子今天的情况、谁能接、现在能办的事和不能办的原因。改“自己离开”的 If-Match 是 ``version``，改紧急联系人的是 ``contact_version``。"""

    version = serializers.IntegerField()
    contact_version = serializers.IntegerField()
    guardians = CareAdultRecord(many=True)
    pick_ups = CareAdultRecord(many=True)
    allowed = serializers.ListField(child=serializers.CharField())
    refused = StepRefused(many=True)


def _child(one: Child, today: str) -> dict[str, Any]:
    return {
        "id": one.pk, "serial": one.enrolment.serial, "grade": one.grade, "enrolment": one.enrolment_id,
        "enrolled_as": one.enrolment.state, "today": today,
    }  # fmt: skip


def _today(child: Child) -> str:
    row = ChildDay.objects.filter(child=child, day=timezone.localdate()).first()
    return row.state if row else DayState.EXPECTED


def child_record(child: Child, user: User) -> dict[str, Any]:
    """For whoever has been let in; a line in the log names the child."""
    access.read(child.class_file, by=user, page="api", child=child)
    today = _today(child)
    against = {verb: _against(user, child, verb, today) for verb in DAY_ACTS}
    adults = {
        word: [{"id": one.pk, "kin": one.kin, "name": one.name_masked} for one in rows]
        for word, rows in (("guardians", child.guardians.all()), ("pick_ups", child.pick_ups.filter(removed_at=None)))
    }
    return {
        **_child(child, today), **adults, "version": child.version, "contact_version": contact_of(child).version, "allowed": [verb for verb, reason in against.items() if not reason],
        "refused": [{"verb": verb, "reason": reason} for verb, reason in against.items() if reason],
    }  # fmt: skip


def _against(user: User, child: Child, verb: str, today: str) -> str:
    if reason := refusal(check_day, user, child):
        return str(reason)
    if verb in DAY and today not in DAY[verb].sources:
        words = {"state": DayState(today).label, "verb": DAY_ACTS[verb].label}
        return _("现在是“%(state)s”，不能%(verb)s。") % words
    return ""


class CareChildren(Endpoint):
    tag, name = TAG, "care_children"
    summaries: ClassVar = {"GET": gettext_lazy("班里的孩子和今天到没到，只给获准查看的人；每次读取都记下来")}
    answers: ClassVar = {"GET": CareChildPage}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        user = self.asker.user
        found = class_of(user, pk)
        access.read(found, by=user, page="api")
        days_ = dict(
            ChildDay.objects.filter(child__class_file=found, day=timezone.localdate()).values_list("child", "state")
        )
        rows = found.children.select_related("enrolment").order_by("enrolment__serial")
        return answer({"results": [_child(one, days_.get(one.pk, DayState.EXPECTED)) for one in rows]})


class OfChild(Endpoint):
    tag: ClassVar[str] = TAG

    def child(self, pk: int, child: uuid.UUID) -> Child:
        return child_of(class_of(self.asker.user, pk).activity, str(child))


class CareChildDetail(OfChild):
    name = "care_child"
    summaries: ClassVar = {"GET": gettext_lazy("一个孩子的今天，只给获准查看的人；每次读取都记下来")}
    answers: ClassVar = {"GET": CareChildWithSteps}

    def get(self, request: Request, pk: int, child: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(child_record(self.child(pk, child), self.asker.user))


class CareArriveForm(Form):
    """Who brought the child: a person of its list, «alone», or in words somebody else."""

    person = serializers.UUIDField(required=False)
    alone = Flag(required=False)
    other = Text(most=100, required=False)
    temperature = serializers.DecimalField(max_digits=4, decimal_places=1, required=False)


class CareLeaveForm(Form):
    """With whom the child leaves: a person of its list, or «alone»."""

    person = serializers.UUIDField(required=False)
    alone = Flag(required=False)


class CareStrangerForm(Form):
    who = Text(most=100)


class CareMarkForm(Form):
    reason = Text(most=200, required=False)


class DayAct(NamedTuple):
    label: Any
    form: type[Form]
    act: Callable[[Child, User, Mapping[str, Any]], Any]


def _person(body: Mapping[str, Any]) -> PickUp | None:
    """Whoever is not on the list of this child is refused by the action, whatever was sent."""
    key = body.get("person")
    found: PickUp | None = find(PickUp.objects.all(), key) if key else None
    return found


def _arrive(child: Child, by: User, body: Mapping[str, Any]) -> Any:
    return days.arrive(
        child, by=by, brought_by=_person(body), alone=body.get("alone", False), other=body.get("other", ""),
        temperature=body.get("temperature"),
    )  # fmt: skip


def _leave(verb: str) -> Callable[[Child, User, Mapping[str, Any]], Any]:
    return lambda child, by, body: days.pick_up(
        child, by=by, person=_person(body), alone=body.get("alone", False), for_a_while=verb == DayVerb.STEP_OUT
    )


def _mark(verb: str) -> Callable[[Child, User, Mapping[str, Any]], Any]:
    return lambda child, by, body: days.mark(child, verb, by=by, reason=body.get("reason", ""))


DAY_ACTS: dict[str, DayAct] = {
    DayVerb.ARRIVE.value: DayAct(DayVerb.ARRIVE.label, CareArriveForm, _arrive),
    **{verb.value: DayAct(verb.label, CareLeaveForm, _leave(verb)) for verb in (DayVerb.PICK_UP, DayVerb.STEP_OUT)},
    **{verb.value: DayAct(verb.label, CareMarkForm, _mark(verb)) for verb in (DayVerb.MISS, DayVerb.EXCUSE, DayVerb.CORRECT)},
    TURN_AWAY: DayAct(
        gettext_lazy("拒绝名单外的人接走"), CareStrangerForm, lambda child, by, body: days.turn_away(child, by=by, who=body["who"]),
    ),
}  # fmt: skip


class CareDayStep(OfChild):
    """A tap on the tablet."""

    name = "care_day"
    verb: str = ""

    @property
    def forms(self) -> dict[str, type[Form]]:  # type: ignore[override]
        return {"POST": DAY_ACTS[self.verb].form}

    @property
    def answers(self) -> dict[str, Any]:  # type: ignore[override]
        return {"POST": CareChildWithSteps}

    @property
    def summaries(self) -> dict[str, Any]:  # type: ignore[override]
        return {"POST": DAY_ACTS[self.verb].label}

    def operation_id(self, method: str) -> str:
        return f"{self.name}_{self.verb}"

    def post(self, request: Request, pk: int, child: uuid.UUID) -> HttpResponse:
        self.no_query()
        user, found = self.asker.user, self.child(pk, child)
        check_day(user, found)
        DAY_ACTS[self.verb].act(found, user, self.read_form(self.forms["POST"]))
        return answer(child_record(self.child(pk, child), user))


urlpatterns: list[URLPattern] = [
    path("care-classes/", CareClassList.as_view(), name="care-classes"),
    path("care-classes/<int:pk>/", CareClassDetail.as_view(), name="care_class"),
    *acts_of("care-classes", "int", CareClassAct, OWN),
    path("care-classes/<int:pk>/children/", CareChildren.as_view(), name="care_children"),
    path("care-classes/<int:pk>/children/<uuid:child>/", CareChildDetail.as_view(), name="care_child"),
    *(
        path(
            f"care-classes/<int:pk>/children/<uuid:child>/day/{verb}/", CareDayStep.as_view(verb=verb), name=f"care_day_{verb}"
        )
        for verb in DAY_ACTS
    ),
]  # fmt: skip
