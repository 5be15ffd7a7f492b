"""Pieces of a sentence, joined as the language of the page joins them: 、 and （） stand in no English text."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def listed(items: Iterable[object]) -> str:
    """甲、乙、丙"""
    return _joined(pgettext("词之间", "、"), items)


def clauses(items: Iterable[object]) -> str:
    """甲，乙"""
    return _joined(pgettext("小句之间", "，"), items)


def statements(items: Iterable[object]) -> str:
    """甲；乙"""
    return _joined(pgettext("分句之间", "；"), items)


def _joined(separator: str, items: Iterable[object]) -> str:
    # «is_lead and …» leaves a False behind where there is nothing to say.
    return separator.join(str(item) for item in items if item or (item == 0 and item is not False))


def bracketed(text: object) -> str:
    """（甲）: with what a language puts before it; nothing for nothing."""
    return _("（%(text)s）") % {"text": text} if text not in (None, "") else ""


def labelled(label: object, said: object) -> str:
    """甲：乙"""
    return _("%(label)s：%(said)s") % {"label": label, "said": said}


def with_reason(said: object, reason: object) -> str:
    """What was done, and after it in its own sentence why."""
    return _("%(said)s。%(reason)s") % {"said": said, "reason": reason or ""}
