"""English is complete: no text of the sources is missing, empty, half translated or names other placeholders."""

from __future__ import annotations

import re

import pytest
from babel.messages import Message
from django.utils import translation

from unionops.words import LOCALE, collect, read

PLACEHOLDERS = re.compile(r"%\((\w+)\)[sd]|%[sd%]")
HAN = re.compile(r"[\u3400-\u9fff]")
CATALOGUE = read(LOCALE / "en/LC_MESSAGES/django.po")


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.fixture(scope="module")
def sources() -> list[Message]:
    return [message for message in collect() if message.id]


def test_every_text_is_translated(sources):
    missing = [
        message.id
        for message in sources
        if (found := CATALOGUE.get(message.id, message.context)) is None or not all(texts(found.string)) or found.fuzzy
    ]

    assert missing == []


def test_catalogue_holds_nothing_else(sources):
    known = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in sources}
    extra = [
        message.id
        for message in CATALOGUE
        if message.id and (message.id if isinstance(message.id, str) else message.id[0], message.context) not in known
    ]

    assert extra == []


def test_placeholders_are_the_same():
    wrong = [
        message.id
        for message in CATALOGUE
        if message.id and not _placeholders(message.string) <= _placeholders(message.id)
    ]

    assert wrong == []


def _placeholders(value: str | tuple[str, ...] | list[str]) -> set[str]:
    return {found for text in texts(value) if text for found in PLACEHOLDERS.findall(text)}


def test_no_sign_of_a_placeholder_stands_alone():
    """Templates put values into every text: a bare per cent sign would be taken for a place of one."""
    alone = re.compile(r"(?<!%)%(?!\(\w+\)[sd]|s|%)")
    wrong = [
        message.id for message in CATALOGUE if message.id and any(alone.search(text) for text in texts(message.string))
    ]

    assert wrong == []


def test_translations_are_english():
    han = [
        message.id for message in CATALOGUE if message.id and any(HAN.search(text) for text in texts(message.string))
    ]

    assert han == []


@pytest.mark.parametrize(("source", "english"), [("走访", "Visits"), ("诉求", "Issues")])
def test_compiled_catalogue_is_used(source, english):
    with translation.override("en"):
        assert translation.gettext(source).lower().startswith(english.lower()[:5])
