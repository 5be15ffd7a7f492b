"""How the endpoints are written into OpenAPI: parameters from the filters, problems on every operation."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from .payloads import CONTENT_TYPE_PROBLEM


class FieldProblem(serializers.Serializer):
    field = serializers.CharField(help_text="issues.0.title")
    reason = serializers.CharField()


class Problem(serializers.Serializer):
    """RFC 9457. `errors` names each wrong field, `next_step` what to do."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblem(many=True)
    next_step = serializers.CharField()
    current_version = serializers.IntegerField(required=False)
    changes = serializers.ListField(child=serializers.DictField(), required=False)


KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 64, "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    OpenApiParameter.HEADER,
    description="同一个键再发一次，得到第一次的回答，不会做第二次。",
)


def version_header(*, required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        "If-Match",
        {"type": "string", "pattern": '^(W/)?"[0-9]{1,9}"$|^\\*$'},
        OpenApiParameter.HEADER,
        required=required,
        description='读取时 ETag 里的版本，写作 "3"；不一致时答 409，并说明别人改了什么。',
    )


class HouseSchema(AutoSchema):
    """Asks the endpoint itself: ``forms`` and ``answers`` by method, ``filters`` for lists."""

    view: Any

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> str | None:
        summary = self.view.summaries.get(self.method)
        return str(summary) if summary else None

    def get_operation_id(self) -> str:
        return str(self.view.operation_id(self.method))

    def get_override_parameters(self) -> list[Any]:
        parameters = list(self.view.parameters(self.method))
        if self.method in ("POST", "PATCH", "PUT", "DELETE") and self.view.keyed:
            parameters.append(KEY)
        if self.method in self.view.versioned:
            parameters.append(version_header(required=self.view.versioned[self.method]))
        return parameters

    def get_request_serializer(self) -> Any:
        return self.view.forms.get(self.method)

    def get_response_serializers(self) -> Any:
        return self.view.answers.get(self.method)

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        component = self.resolve_serializer(Problem, direction)
        for codes, words in (("4XX", "请求没有完成"), ("5XX", "服务暂时不可用或出错")):
            bodies[codes] = {"description": words, "content": {CONTENT_TYPE_PROBLEM: {"schema": component.ref}}}
        return bodies

    def map_parsers(self) -> list[str]:
        return list(self.view.media_types(self.method))
