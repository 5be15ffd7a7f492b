"""Text and names as people type them: nothing invisible, nothing lost; and how a name is shown to others."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from .errors import InvalidValue

LONGEST_NAME = 50
PLAIN_DOT = "·"
_ZWJ = "\u200d"
_EMOJI_MODIFIERS = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_NEWLINES = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
_BLANKS = re.compile(r"\s+")
_DOTS = re.compile("[\u2022\u2027\u30fb\uff65\u2219\u22c5\u0387\u16eb]")
# Stands inside character classes.
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANK_IN_HAN = re.compile(f"(?<=[{_HAN}])\\s+(?=[{_HAN}])")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")


class InvalidName(InvalidValue):
    """The text cannot be a person's name."""


def is_han(character: str) -> bool:
    return _HAN_CHARACTER.match(character) is not None


def clean_text(text: str, *, multiline: bool = True) -> str:
    """Return the text in NFC without NUL, controls and invisible format characters, trimmed.

    The joiner stays between the parts of an emoji. Line ends become ``\\n``, or blanks when not ``multiline``.
    """
    # Printable text has neither controls nor format characters, so most text costs no look at each character.
    text = unicodedata.normalize("NFC", text) if text.isprintable() else _drop_invisible(_NEWLINES.sub("\n", text))
    if not multiline:
        text = _BLANKS.sub(" ", text)
    return text.strip()


def clean_name(text: str) -> str:
    """Return the name as it is stored: one kind of middle dot, no blanks between Chinese characters."""
    name = _BLANK_IN_HAN.sub("", clean_text(text, multiline=False))
    name = re.sub(rf"\s*{PLAIN_DOT}\s*", PLAIN_DOT, _DOTS.sub(PLAIN_DOT, name)).strip(PLAIN_DOT)
    if not any(unicodedata.category(character)[0] == "L" for character in name):
        raise InvalidName("empty", _("请填姓名。"))
    if len(name) > LONGEST_NAME:
        raise InvalidName("long", _("姓名最多 50 个字。"))
    return name


def mask_name(name: str, *, public: bool = False) -> str:
    """张*, 张*丰, 阿****·**提; on public notices the first character and two stars, whatever the length."""
    parts = _graphemes(name.strip())
    if not parts:
        return ""
    if public:
        return f"{parts[0]}**"
    last = len(parts) - 1 if len(parts) > 2 else 0
    return "".join(
        part if position in (0, last) or part in (PLAIN_DOT, " ", "-") else "*" for position, part in enumerate(parts)
    )


def _drop_invisible(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    kept = []
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if category == "Cf" and not (character == _ZWJ and _joins_emoji(text, position)):
            continue
        if category in ("Cs", "Cn") and not _is_assignable(character):
            continue
        if category == "Cc" and character not in "\n\t":
            continue
        kept.append(character)
    return "".join(kept)


def _is_assignable(character: str) -> bool:
    """Characters newer than Python's table are letters to somebody; surrogates and noncharacters never are."""
    point = ord(character)
    return not (0xD800 <= point <= 0xDFFF or 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE)


def _joins_emoji(text: str, position: int) -> bool:
    before = text[max(0, position - 4) : position].rstrip(_EMOJI_MODIFIERS)[-1:]
    after = text[position + 1 : position + 2]
    return _is_symbol(before) and _is_symbol(after)


def _is_symbol(character: str) -> bool:
    return (bool(character) and unicodedata.category(character) == "So") or character in ("\u2640", "\u2642", "\u2695")


def _graphemes(text: str) -> list[str]:
    """Split into what a reader takes for one character: a base with its marks and joined parts."""
    parts: list[str] = []
    for character in text:
        joined = parts and (
            unicodedata.category(character)[0] == "M"
            or character == _ZWJ
            or parts[-1].endswith(_ZWJ)
            or "\U0001f3fb" <= character <= "\U0001f3ff"
        )
        if joined:
            parts[-1] += character
        else:
            parts.append(character)
    return parts
