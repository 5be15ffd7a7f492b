"""Clocks, files and the inbox over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import F, Model, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from unionops.joining import listed
from unionops.org.api import filters
from unionops.org.api.endpoints import Endpoint, Listing, Order, answer, find, page_of, told_one
from unionops.org.api.fields import Form, Text
from unionops.org.api.filters import Filter
from unionops.org.api.records import asker_of
from unionops.org.models import User

from .. import attachments
from ..enums import Light
from ..inbox import elsewhere, inbox, masked_titles
from ..models import Attachment, Case, Deadline
from ..subjects import subject, subjects
from .records import ATTACHMENT_ROWS, DEADLINE_ROWS, PAUSES, AttachmentRow, DeadlineRecord, DeadlineRow, Inbox

TAG_DEADLINES, TAG_FILES, TAG_INBOX = "deadlines", "attachments", "inbox"
TABS = ("mine", "department", "watched", "elsewhere")


def visible_deadlines(rows: QuerySet, user: User) -> QuerySet:
    """Narrow clocks to those of the cases that exist for the person."""
    seen = Q(pk__in=[])
    for known in subjects():
        if issubclass(known.model, Case):
            cases = known.model.objects.visible_to(user)  # type: ignore[attr-defined]
            seen |= Q(kind=known.kind, case_id__in=cases.values("pk"))
    return rows.filter(seen)


def _with_light(rows: QuerySet, lights: list[str], user: User) -> QuerySet:
    today = asker_of(user).today
    met, running = Q(met_on__isnull=False), Q(met_on=None, paused_on=None)
    of = {
        Light.DONE: met & Q(met_on__lte=F("due_on")),
        Light.LATE: met & Q(met_on__gt=F("due_on")),
        Light.HOLD: Q(met_on=None, paused_on__isnull=False),
        Light.OVER: running & Q(due_on__lt=today),
        # The last day is yellow, however short the term.
        Light.SOON: running & (Q(due_on=today) | Q(due_on__gt=today, soon_on__lte=today)),
        Light.OK: running & Q(due_on__gt=today, soon_on__gt=today),
    }
    wanted = Q(pk__in=[])
    for light in lights:
        wanted |= of[Light(light)]
    return rows.filter(wanted)


class DeadlineList(Listing):
    tag, name = TAG_DEADLINES, "deadlines"
    summaries: ClassVar = {"GET": _("期限，先到期的在前")}
    answers: ClassVar = {"GET": page_of(DeadlineRow)}
    model = Deadline
    reader = DEADLINE_ROWS
    order = Order("due_on", descending=False)
    filters: ClassVar[list[Filter]] = [
        Filter("light", filters.choice("light", Light).read, _with_light, {"type": "string", "enum": Light.values},
               _("今天的灯"), many=True),
        filters.flag(
            "running",
            lambda rows, value, user: rows.filter(met_on__isnull=value) if value else rows.exclude(met_on=None),
            _("还没有完成"),
        ),
        filters.long_key("case", "case_id"),
        filters.day("since", "due_on__gte", _("到期日不早于")),
        filters.day("until", "due_on__lte", _("到期日不晚于")),
    ]  # fmt: skip

    def seen(self, rows: QuerySet, user: User) -> QuerySet:
        return visible_deadlines(rows, user).filter(dropped=False)


class DeadlineDetail(Endpoint):
    tag, name = TAG_DEADLINES, "deadline"
    summaries: ClassVar = {"GET": _("一个期限，连同停计的时段")}
    answers: ClassVar = {"GET": DeadlineRecord}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        deadlines = visible_deadlines(Deadline.objects.filter(pk=pk), request.user)  # type: ignore[arg-type]
        record = told_one(DEADLINE_ROWS, deadlines, self.asker)
        pauses = deadlines.get().pauses.order_by("starts_on", "pk").values_list(*PAUSES.columns)
        record["pauses"] = PAUSES.told(pauses, self.asker)
        return answer(record)


class InboxView(Endpoint):
    tag, name = TAG_INBOX, "inbox"
    summaries: ClassVar = {"GET": _("待办，按该先办的次序；最多 200 件")}
    answers: ClassVar = {"GET": Inbox}

    def parameters(self, method: str) -> list[OpenApiParameter]:
        return [OpenApiParameter("tab", {"type": "string", "enum": TABS, "default": TABS[0]})]

    def get(self, request: Request) -> HttpResponse:
        tab = self.no_query(frozenset({"tab"})).get("tab", TABS[0])
        if tab not in TABS:
            raise ValidationError({"tab": [_("可用：%(tabs)s。") % {"tabs": listed(TABS)}]})
        user: User = request.user
        rows = inbox(user, tab)
        masked = masked_titles(rows)
        lines = [
            {
                "kind": row.kind,
                "kind_label": row.kind_label,
                "number": row.number,
                "title": masked.get(row.key, row.title),
                "url": row.url,
                "urgency": row.urgency,
                "place": row.place,
                "step": row.step,
                "back": row.back,
                "waits_for_signature": row.waits_for_signature,
                "clock": {
                    "due_on": row.lamp.due_on, "light": row.lamp.light, "days": row.lamp.days, "words": row.lamp.words,
                } if row.lamp.due_on else None,
            }
            for row in rows
        ]  # fmt: skip
        return answer({"results": lines, "elsewhere": elsewhere(user)})


# --- files


class FileForm(serializers.Serializer):
    file = serializers.FileField(help_text=_("照片、PDF、Word、Excel、文本或录音，最多 20 MB。"))
    caption = Text(most=60, required=False)


class RemovalForm(Form):
    reason = Text(most=300)


class AttachmentsOf(Endpoint):
    """The files of one kind of case; the domain says who may add one."""

    tag = TAG_FILES
    parser_classes = [MultiPartParser]
    summaries: ClassVar = {"GET": _("材料"), "POST": _("上传一份材料；照片会重新编码，去掉位置信息")}
    answers: ClassVar = {"GET": AttachmentRow(many=True), "POST": {201: AttachmentRow}}
    forms: ClassVar = {"POST": FileForm}

    def things(self, user: User) -> QuerySet:
        raise NotImplementedError

    def check(self, user: User, thing: Model) -> None:
        raise NotImplementedError

    @classmethod
    def removal(cls) -> Callable[..., Any]:
        view: Callable[..., Any] = AttachmentRemoval.as_view(of=cls)
        return view

    def media_types(self, method: str) -> list[str]:
        return ["multipart/form-data"]

    def operation_id(self, method: str) -> str:
        return f"{self.name}_list" if method == "GET" else super().operation_id(method)

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        thing = find(self.things(request.user), pk)  # type: ignore[arg-type]
        return answer(_told(attachments.attachments_of(thing), request.user))  # type: ignore[arg-type]

    def post(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        user: User = request.user
        thing = find(self.things(user), pk)
        self.check(user, thing)
        form = FileForm(data=request.data)
        form.is_valid(raise_exception=True)
        kept = attachments.attach(
            thing, form.validated_data["file"], by=user, caption=form.validated_data.get("caption", "")
        )
        (record,) = _told(Attachment.objects.filter(pk=kept.pk), user)
        return answer(record, 201)


class AttachmentRemoval(Endpoint):
    """Takes a file off its case; who may is what the list of files says."""

    tag = TAG_FILES
    of: Any = None
    summaries: ClassVar = {"POST": _("移除一份材料，写明理由")}
    forms: ClassVar = {"POST": RemovalForm}
    answers: ClassVar = {"POST": {204: None}}

    def operation_id(self, method: str) -> str:
        return f"{self.of.name}_remove"

    def post(self, request: Request, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
        self.no_query()
        user: User = request.user
        files = self.of()
        thing = find(files.things(user), pk)
        files.check(user, thing)
        attachment = find(attachments.attachments_of(thing), file)
        attachments.remove(thing, attachment, by=user, reason=self.read_form(RemovalForm)["reason"])
        return HttpResponse(status=204)


def _told(files: QuerySet, user: User) -> list[dict[str, Any]]:
    rows = files.order_by("uploaded_at", "pk").values_list(*ATTACHMENT_ROWS.columns)
    return ATTACHMENT_ROWS.told(rows, asker_of(user))


def visible_attachment(user: User, pk: uuid.UUID) -> Attachment:
    """Return the file if the case to which it belongs exists for the person."""
    attachment: Attachment = find(Attachment.objects.filter(removed_at=None), pk)
    known = subject(attachment.kind)
    if known is None or known.get_for(user, attachment.case_id) is None:
        raise Http404
    return attachment


class AttachmentDetail(Endpoint):
    tag, name = TAG_FILES, "attachment"
    summaries: ClassVar = {"GET": _("一份材料的说明")}
    answers: ClassVar = {"GET": AttachmentRow}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        visible_attachment(request.user, pk)  # type: ignore[arg-type]
        (record,) = _told(Attachment.objects.filter(pk=pk), request.user)  # type: ignore[arg-type]
        return answer(record)


class AttachmentContent(Endpoint):
    """The bytes: always as a download, never run by a browser."""

    tag = TAG_FILES
    small = False
    answers: ClassVar = {"GET": {(200, "application/octet-stream"): OpenApiTypes.BINARY}}
    summaries: ClassVar = {"GET": _("材料的内容")}

    @property
    def name(self) -> str:  # type: ignore[override]
        return "attachment_small" if self.small else "attachment_content"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def get(self, request: Request, pk: uuid.UUID) -> FileResponse:
        self.no_query()
        attachment = visible_attachment(request.user, pk)  # type: ignore[arg-type]
        stored = attachment.thumbnail_as if self.small else attachment.stored_as
        try:
            file = attachments.store_path(stored).open("rb") if stored else None
        except FileNotFoundError:
            file = None
        if file is None:
            raise Http404
        response = FileResponse(
            file, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
        )
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response
