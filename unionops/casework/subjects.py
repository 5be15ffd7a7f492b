"""The kinds of thing that files, events and notices point at: how to find one for a person, and where its page is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse

if TYPE_CHECKING:
    from unionops.org.models import User


@dataclass(frozen=True)
class Subject:
    kind: str
    model: type[models.Model]
    url_name: str

    def get_for(self, user: User, pk: object) -> models.Model | None:
        """Return the thing if it exists for this person."""
        found: models.Model | None = self.model.objects.visible_to(user).filter(pk=pk).first()  # type: ignore[attr-defined]
        return found


_subjects: dict[str, Subject] = {}


def register_subject(subject: Subject) -> None:
    _subjects[subject.kind] = subject


def subject(kind: str) -> Subject | None:
    return _subjects.get(kind)


def subjects() -> list[Subject]:
    return list(_subjects.values())


def url_of(kind: str, pk: object) -> str:
    known = _subjects.get(kind)
    return reverse(known.url_name, args=[pk]) if known else ""
