"""Programmes and their cases over HTTP, the same for every shape: the form and the action of the pages behind another door."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from unionops.casework.api.records import EVENT_ROWS, EventRow
from unionops.casework.api.views import AttachmentsOf
from unionops.org.api import filters
from unionops.org.api.endpoints import Act, Detail, Endpoint, Listing, Order, answer, find, page_of, told_one
from unionops.org.api.filters import Filter
from unionops.org.api.masking import told_masked
from unionops.org.api.records import Asker
from unionops.org.errors import Conflict
from unionops.org.events import kind_of
from unionops.org.models import Event, User

from ..actions import cases
from ..enums import Applicant, Channel, Shape
from ..models import Programme
from ..permissions import check_may_register, check_records, choices
from ..queries import search_cases, seen
from ..shapes import ShapeKind
from . import forms
from .records import (
    NAMED,
    PROGRAMME_FACTS,
    PROGRAMME_ROWS,
    ProgrammeRecord,
    ProgrammeRow,
    facts_reader,
    names_in,
    record_of,
    row_of,
    rows_reader,
)

TAG = "services"
# The word in the address of each shape.
RESOURCES = {Shape.CLAIM: "claims", Shape.ORDER: "orders", Shape.ACTIVITY: "activities", Shape.PLACE: "places"}


def names_of(kind: ShapeKind, pk: uuid.UUID) -> dict[str, str]:
    row = kind.model.objects.filter(pk=pk).values(*NAMED).first()
    return names_in(row) if row else {}


def case_record(kind: ShapeKind, pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    """The whole of a case, with the steps that are open to the asker and why the others are not."""
    record = told_one(facts_reader(kind.shape), seen(kind, asker.user).filter(pk=pk), asker)
    found = choices(asker.user, kind.model.objects.select_related("programme", *kind.related).get(pk=pk))
    record["allowed"] = [str(choice.transition.verb) for choice in found if choice.is_allowed]
    record["refused"] = [
        {"verb": str(choice.transition.verb), "reason": str(choice.reason)} for choice in found if not choice.is_allowed
    ]
    told: dict[str, Any] = told_masked(record, names_of(kind, pk))
    return told


def _open(rows: QuerySet, value: bool, user: User) -> QuerySet:
    return rows.filter(closed_at__isnull=value)


def _overdue(rows: QuerySet, value: bool, user: User) -> QuerySet:
    overdue: QuerySet = rows.overdue()  # type: ignore[attr-defined]
    return overdue if value else rows.exclude(pk__in=overdue.values("pk"))


def _of_programme(rows: QuerySet, code: str, user: User) -> QuerySet:
    return rows.filter(programme__in=Programme.objects.visible_to(user).filter(code=code))


class OfShape(Endpoint):
    """Knows its shape; says what others changed meanwhile without the names of citizens."""

    tag = TAG
    kind: ClassVar[ShapeKind]

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Conflict) and "pk" in self.kwargs:
            exc.changes = told_masked(exc.changes, names_of(self.kind, self.kwargs["pk"]))
        return super().handle_exception(exc)


class CaseList(OfShape, Listing):
    order = Order("registered_at", descending=True)

    def programme(self, code: str, user: User) -> Programme:
        found = Programme.objects.visible_to(user).filter(code=code, shape=self.kind.shape).first()
        if found is None:
            raise ValidationError(
                {"programme": [_("没有代码为 %(code)s 的这一项，或者它不在您的范围内。") % {"code": code}]}
            )
        return found

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        user: User = request.user
        body = self.read_form(self.forms["POST"])
        programme = self.programme(body["programme"], user)
        check_may_register(user, programme)
        fields = forms.begin_form(self.kind, programme, user, body)
        if issue := body.get("issue"):
            made = cases.open_from_issue(issue, programme, by=user, **fields)
        else:
            made = cases.register(programme, by=user, **fields)
        place = reverse(f"api:{self.kind.shape}", kwargs={"pk": made.pk})
        return answer(case_record(self.kind, made.pk, self.asker), 201, location=place)


class CaseDetail(OfShape):
    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(case_record(self.kind, pk, self.asker))


class CaseTimeline(OfShape, Listing):
    summaries: ClassVar = {"GET": _("经过，从头到尾")}
    answers: ClassVar = {"GET": page_of(EventRow)}
    model = Event
    reader = EVENT_ROWS
    order = Order("at", descending=False)

    def seen(self, rows: QuerySet, user: User, pk: uuid.UUID) -> QuerySet:  # type: ignore[override]
        """A timeline is read through its case; the log as a whole belongs to the auditor."""
        case = find(seen(self.kind, user).only("pk"), pk)
        return rows.about(kind_of(case), pk)  # type: ignore[attr-defined]

    def page(self, rows: QuerySet, asked: Any) -> dict[str, Any]:
        page = super().page(rows, asked)
        page["results"] = told_masked(page["results"], names_of(self.kind, self.kwargs["pk"]))
        return page


class CaseStep(OfShape, Act):
    """A row of the transition table of the shape."""

    looks = True

    def things(self, user: User) -> QuerySet:
        return seen(self.kind, user).select_related("programme", *self.kind.related)

    def act(self, thing: Any, **body: Any) -> Any:
        by, version = body.pop("by"), body.pop("version", None)
        cases.check_can(by, thing, self.verb)
        asks = self.kind.forms[self.verb]
        form = forms.bound(lambda data: asks(data, None, user=by, case=thing, verb=self.verb), body)
        return cases.take(thing, self.verb, by=by, version=version, **forms.check(form, body))

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return case_record(self.kind, pk, self.asker)


class CaseNote(OfShape, Act):
    verb, label, form = "add_note", _("记进展"), forms.ProgressForm

    def things(self, user: User) -> QuerySet:
        return seen(self.kind, user).select_related("programme")

    def act(self, thing: Any, **body: Any) -> Any:
        return cases.add_note(thing, **body)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return case_record(self.kind, pk, self.asker)


class FilesOfCase(AttachmentsOf):
    kind: ClassVar[ShapeKind]

    def things(self, user: User) -> QuerySet:
        return seen(self.kind, user).select_related("programme")

    def check(self, user: User, thing: Model) -> None:
        check_records(user, thing)  # type: ignore[arg-type]


def views_of(kind: ShapeKind) -> dict[str, type[Any]]:
    """The endpoints of a shape: list, one, timeline, step and files, each knowing its forms and records."""
    name, label, record = RESOURCES[Shape(kind.shape)], kind.label, record_of(kind.shape)

    def made(base: type[Any], **more: Any) -> type[Any]:
        return type(f"{kind.shape.capitalize()}{base.__name__}", (base,), {"kind": kind, **more})

    return {
        "list": made(
            CaseList, name=name, model=kind.model, reader=rows_reader(kind.shape), filters=_filters(kind),
            summaries={"GET": format_lazy(_("{label}：列表，新的在前"), label=label), "POST": format_lazy(_("{label}：登记一件"), label=label)},
            answers={"GET": page_of(row_of(kind.shape)), "POST": {201: record}}, forms={"POST": forms.register_form(kind)},
        ),
        "one": made(
            CaseDetail, name=kind.shape, answers={"GET": record},
            summaries={"GET": format_lazy(_("{label}：一件，连同现在能走的步骤"), label=label)},
        ),
        "timeline": made(CaseTimeline, name=f"{kind.shape}_timeline"),
        "step": made(CaseStep, name=f"{kind.shape}_step", record=record),
        "note": made(CaseNote, name=f"{kind.shape}_do", record=record),
        "files": made(FilesOfCase, name=f"{kind.shape}_attachments"),
    }  # fmt: skip


def _filters(kind: ShapeKind) -> list[Filter]:
    return [
        filters.text("programme", _of_programme, _("项目的代码")),
        filters.choice("state", kind.states),
        filters.choice("channel", Channel),
        filters.choice("applicant_kind", Applicant),
        filters.key("organisation"),
        filters.key("town"),
        filters.long_key("enterprise"),
        filters.long_key("issue"),
        filters.flag("open", _open, _("还没有办结")),
        filters.flag("overdue", _overdue, _("已超期")),
        filters.flag("mine", lambda rows, value, user: rows.in_hands_of(user) if value else rows, _("在我手上")),  # type: ignore[attr-defined]
        filters.day("since", "registered_at__date__gte", _("登记日期不早于")),
        filters.day("until", "registered_at__date__lte", _("登记日期不晚于")),
        filters.text("q", lambda rows, words, user: rows.filter(search_cases(words)), _("编号、服务对象或标题")),
    ]


class ProgrammeList(Listing):
    tag, name = TAG, "programmes"
    summaries: ClassVar = {"GET": _("服务项目；停办的也在内")}
    answers: ClassVar = {"GET": page_of(ProgrammeRow)}
    model = Programme
    reader = PROGRAMME_ROWS
    order = Order("id", descending=False)
    filters: ClassVar[list[Filter]] = [
        filters.choice("shape", Shape),
        filters.text("code", lambda rows, code, user: rows.filter(code=code), _("代码")),
        filters.flag("running", lambda rows, value, user: rows.filter(retired_at__isnull=value), _("没有停办")),
        filters.column_flag("is_public", _("开放自助申请")),
    ]


class ProgrammeDetail(Detail):
    tag, name = TAG, "programme"
    summaries: ClassVar = {"GET": _("一个服务项目，连同它问的字段、时限和限额")}
    answers: ClassVar = {"GET": ProgrammeRecord}
    model = Programme
    reader = PROGRAMME_FACTS
