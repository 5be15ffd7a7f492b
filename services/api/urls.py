"""One set of addresses for every shape that has registered; read after all apps are loaded."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from ..enums import Shape
from ..shapes import ShapeKind, shape_kinds
from . import forms, views


def _of_shape(kind: ShapeKind) -> Iterator[URLPattern]:
    resource, made = views.RESOURCES[Shape(kind.shape)], views.views_of(kind)
    name, one = kind.shape, f"{resource}/<uuid:pk>/"
    yield path(f"{resource}/", made["list"].as_view(), name=resource)
    yield path(one, made["one"].as_view(), name=name)
    yield path(f"{one}timeline/", made["timeline"].as_view(), name=f"{name}_timeline")
    yield path(f"{one}attachments/", made["files"].as_view(), name=f"{name}_attachments")
    yield path(f"{one}attachments/<uuid:file>/remove/", made["files"].removal(), name=f"{name}_file_remove")
    yield path(f"{one}do/add_note/", made["note"].as_view(), name=f"{name}_do_add_note")
    for verb in kind.forms:
        yield path(
            f"{one}transitions/{verb}/",
            made["step"].as_view(verb=str(verb), form=forms.step_form(kind, verb), label=kind.table[verb].label),
            name=f"{name}_step_{verb}",
        )


RESOURCES = (*(views.RESOURCES[Shape(kind.shape)] for kind in shape_kinds()), "programmes")

urlpatterns: list[URLPattern] = [
    path("programmes/", views.ProgrammeList.as_view(), name="programmes"),
    path("programmes/<int:pk>/", views.ProgrammeDetail.as_view(), name="programme"),
    *(pattern for kind in shape_kinds() for pattern in _of_shape(kind)),
]
