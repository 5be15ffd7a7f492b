"""What the walk over every page needs of the public counter; what asks for a visitor is opened in tests/counter."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tests.disputes.everything import outside
from unionops.counter.actions.links import digest_of
from unionops.counter.models import SignedLink

NO_COUNTER_PAGES = (
    "counter:code",
    "counter:leave",
    "counter:stay",
    "counter:receipt",
    "counter:open",
    "counter:answer",
)
SECRET = "the-link-that-the-walk-opens"


def counter_value(name: str, key: str) -> Any:
    """The link of the walk's case has been given this secret: nobody can read a real one."""
    assert (name, key) == ("counter:link", "secret"), (name, key)
    with transaction.atomic():
        link = SignedLink.objects.get(purpose=outside.letters.ELEMENTS)
        SignedLink.objects.filter(pk=link.pk).update(digest=digest_of(SECRET))
    return SECRET
