"""What links to outside people are for: each purpose says what is shown and what comes of the answer."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

from .models import SignedLink

Text = str | Promise


@dataclass(frozen=True)
class LinkPurpose:
    """``label`` is what the person is asked to do, in plain words; it stands on the page before anything is opened.

    ``template`` is drawn with what ``context(link, thing)`` gives, as ``panel``; the ``form`` under it is a `forms.SigningForm` with
    fields of its own, made with ``form(data, link=link)``; ``panel["fixed"]`` are values of its hidden fields. ``answer(link, thing, cleaned, now)`` does what follows,
    in the transaction of the answer and under the lock of the link; it returns the answer's key (20 signs at most), which
    ``said(key)`` puts in words, and raises ActionError where the thing takes no answer any more. ``submit`` are the words of the button.
    """

    key: str
    label: Text
    template: str
    context: Callable[[SignedLink, Any], Mapping[str, Any]]
    form: Callable[..., Any]
    answer: Callable[[SignedLink, Any, Mapping[str, Any], datetime.datetime], str]
    said: Callable[[str], Text]
    submit: Text
    # The thing as it is now, for the page and the answer; by default the row of the kind.
    load: Callable[[SignedLink], models.Model] | None = None
    # Whether the thing may still be read and answered through the link; always, where nothing is said.
    live: Callable[[SignedLink, Any], bool] | None = None


_purposes: dict[str, LinkPurpose] = {}


def register_purpose(purpose: LinkPurpose) -> None:
    _purposes[purpose.key] = purpose


def purpose_of(link: SignedLink) -> LinkPurpose:
    return _purposes[link.purpose]
