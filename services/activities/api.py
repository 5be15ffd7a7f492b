"""What is done with an activity beside its steps, over HTTP: the doings of the pages behind another door."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from unionops.casework.permissions import refusal
from unionops.org.api.endpoints import Endpoint, answer, find
from unionops.org.api.fields import Form
from unionops.org.models import User

from ..api.forms import DETAILS, Details, body_of, filled, keep
from ..api.records import StepRefused
from . import queries
from .doings import Doing, doings
from .models import Activity, Poll
from .permissions import check_works

TAG = "services"
# Its answer is shown once and kept nowhere: the codes of a ballot are made on the page that prints them.
ON_THE_PAGE_ALONE = frozenset({"poll"})


class ActsRecord(serializers.Serializer):
    """What may be done with the activity now, and why the rest may not; what is about one row takes its key in the address."""

    activity = serializers.UUIDField()
    allowed = serializers.ListField(child=serializers.CharField())
    refused = StepRefused(many=True)


def open_acts(user: User, case: Activity, acts: Iterable[Doing]) -> dict[str, Any]:
    """``allowed`` and ``refused`` of a record."""
    against = {doing.key: refusal(doing.check, user, case) for doing in acts}
    return {
        "allowed": [key for key, reason in against.items() if not reason],
        "refused": [{"verb": key, "reason": str(reason)} for key, reason in against.items() if reason],
    }


def acts_record(user: User, case: Activity) -> dict[str, Any]:
    return {"activity": case.pk, **open_acts(user, case, _sent())}


def _sent() -> list[Doing]:
    return [doing for doing in doings() if doing.key not in ON_THE_PAGE_ALONE]


class OfActivity(Endpoint):
    """Finds the activity for the asker; another resource that stands on one overrides both."""

    tag: ClassVar[str] = TAG

    def case(self, pk: Any) -> Activity:
        rows: QuerySet = Activity.objects.visible_to(self.asker.user).select_related("programme")
        found: Activity = find(rows, pk)
        return found

    def told(self, pk: Any) -> dict[str, Any]:
        return acts_record(self.asker.user, self.case(pk))


class Acts(OfActivity):
    name = "activity_acts"
    summaries: ClassVar = {"GET": gettext_lazy("步骤之外现在能办的事，和不能办的原因")}
    answers: ClassVar = {"GET": ActsRecord}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(self.told(pk))


class DoAct(OfActivity):
    """One doing: found, checked, asked by the form of the page, done by its action."""

    name = "activity_act"
    record: ClassVar[Any] = ActsRecord
    doing: Any = None

    @property
    def forms(self) -> dict[str, type[Form]]:  # type: ignore[override]
        return {"POST": form_of(self.doing.form)}

    @property
    def versioned(self) -> dict[str, bool]:  # type: ignore[override]
        return {"POST": False} if self.doing.looks else {}

    @property
    def answers(self) -> dict[str, Any]:  # type: ignore[override]
        return {"POST": self.record}

    @property
    def summaries(self) -> dict[str, Any]:  # type: ignore[override]
        return {"POST": self.doing.label}

    def operation_id(self, method: str) -> str:
        return f"{self.name}_{self.doing.key.replace('-', '_')}"

    def post(self, request: Request, pk: Any, item: str = "") -> HttpResponse:
        self.no_query()
        doing: Doing = self.doing
        user, case = self.asker.user, self.case(pk)
        about = doing.item(case, item) if doing.item else None
        doing.check(user, case)
        body = self.read_form(self.forms["POST"])
        form = filled(lambda data: doing.form(data, case=case, user=user, item=about), body, whole=True)
        given = keep(form)
        if doing.looks:
            given["version"] = self.version()
        doing.act(case, about, user, given)
        return answer(self.told(pk))


@lru_cache(maxsize=256)
def form_of(form: type[forms.Form]) -> type[Form]:
    """What the form of a doing asks, and as ``details`` what it asks of this case alone."""
    base = body_of(form, "Activity")
    return type(base.__name__, (base,), {DETAILS: Details(required=False)})


def acts_of(resource: str, kind: str, view: type[DoAct], acts: Iterable[Doing]) -> list[URLPattern]:
    """An address for each, under the resource whose key is a ``kind``."""
    return [
        path(
            f"{resource}/<{kind}:pk>/acts/{doing.key}/{'<slug:item>/' if doing.item else ''}", view.as_view(doing=doing),
            name=f"{view.name}_{doing.key}",
        )
        for doing in acts
    ]  # fmt: skip


class BallotItem(serializers.Serializer):
    item = serializers.CharField()
    satisfied = serializers.IntegerField()
    basically = serializers.IntegerField()
    # The word is kept for Python.
    not_satisfied = serializers.IntegerField()


class BallotRecord(serializers.Serializer):
    """测评：发出和收回的票，截止以后每一项的结果；意见只给计票的人，不带是谁写的。"""

    activity = serializers.UUIDField()
    issued = serializers.IntegerField()
    returned = serializers.IntegerField()
    quorum = serializers.IntegerField()
    is_closed = serializers.BooleanField()
    is_valid = serializers.BooleanField()
    items = BallotItem(many=True)
    comments = serializers.ListField(child=serializers.CharField())


class Ballot(OfActivity):
    name = "activity_ballot"
    summaries: ClassVar = {"GET": gettext_lazy("不记名测评的结果和意见")}
    answers: ClassVar = {"GET": BallotRecord}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        case = self.case(pk)
        poll = get_object_or_404(Poll, activity=case)
        found = queries.result(poll)
        told = {name: found[name] for name in ("issued", "returned", "quorum", "is_closed", "is_valid")}
        items = [
            dict(zip(("item", "satisfied", "basically", "not_satisfied"), (row["item"], *row["votes"]), strict=True))
            for row in found["rows"]
        ]
        return answer(
            {
                "activity": pk, **told, "items": items if found["is_told"] else [],
                "comments": queries.comments(poll, counts=not refusal(check_works, self.asker.user, case)),
            }
        )  # fmt: skip


urlpatterns: list[URLPattern] = [
    path("activities/<uuid:pk>/acts/", Acts.as_view(), name="activity_acts"),
    path("activities/<uuid:pk>/ballot/", Ballot.as_view(), name="activity_ballot"),
    *acts_of("activities", "uuid", DoAct, _sent()),
]
