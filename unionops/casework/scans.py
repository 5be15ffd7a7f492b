"""Papers that are handed in with a step: the field that asks for them, and how they become files of the case with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import models, transaction
from django.utils.functional import Promise

from unionops.org.errors import ActionError
from unionops.org.models import User

from .attachments import BadFile, Prepared, keep, let_go, prepare
from .models import Attachment


class Paper(forms.FileField):
    """A scan or photo that is uploaded with a step and becomes a file of the case."""

    def __init__(self, label: str | Promise, **options: Any) -> None:
        super().__init__(**{"label": label, "required": False, **options})


def papers_of(fields: Mapping[str, forms.Field]) -> list[str]:
    """The names of the fields that ask for a paper."""
    return [name for name, field in fields.items() if isinstance(field, Paper)]


@contextmanager
def papers_kept(
    form: forms.Form, names: Iterable[str], place: models.Model, fields: dict[str, Any], *, by: User
) -> Iterator[None]:
    """Uploads become files of the case with the step that they belong to, or not at all.

    ``fields`` are the keywords of the action: an upload in it becomes its `Attachment`; a file that the case had stays.
    """
    prepared: dict[str, Prepared] = {}
    try:
        for name in names:
            if fields.get(name) and not isinstance(fields[name], Attachment):
                prepared[name] = _prepared(name, fields[name])
        with transaction.atomic():
            for name, file in prepared.items():
                fields[name] = keep(place, file, by=by, caption=str(form.fields[name].label))
            yield
    finally:
        let_go(list(prepared.values()))


def _prepared(name: str, upload: Any) -> Prepared:
    try:
        return prepare(upload)
    except BadFile as error:
        raise ActionError(error.reason, field=name) from error
