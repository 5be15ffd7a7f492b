"""The template engine of every page: Jinja2 for its speed on lists, strict about what a template names."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import zlib
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from unionops import addresses
from unionops.joining import bracketed, clauses, labelled, listed

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField
    from jinja2.bccache import Bucket

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment for Django's Jinja2 backend; every name that a template may use stands here."""
    options.update(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        bytecode_cache=_compiled(),
    )
    env = jinja2.Environment(**options)  # noqa: S701 -- Django gives autoescape in the options
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )  # fmt: skip
    env.globals.update(
        url=url,
        url_if=url_if,
        static=static,
        icon=icon,
        attributes=attributes,
        script_words=script_words,
        get_language=translation.get_language,
        today=timezone.localdate,
    )
    env.filters.update(
        day=day, day_full=day_full, clock=clock, moment=moment, money=money, pct=pct, short_day=short_day,
        listed=listed, clauses=clauses, bracketed=bracketed, labelled=labelled,
    )  # fmt: skip
    return env


class _Compiled(jinja2.FileSystemBytecodeCache):
    """What cannot be read is compiled, what cannot be written is not kept: a page never fails because of either."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 -- a file that a power loss has cut ends in whatever pickle makes of it
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled() -> jinja2.BytecodeCache | None:
    """Where a process finds what another one has compiled: all templates together take six seconds of its time.

    Jinja2 knows by itself when a template has changed, but not when this file has: each version of it has a folder.
    What lies there is executed, so nobody else may write in it.
    """
    folder = settings.UNIONOPS_DATA / "templates"
    mine = folder / f"{zlib.crc32(Path(__file__).read_bytes()):08x}"
    try:
        settings.UNIONOPS_DATA.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        mine.mkdir(mode=0o700, exist_ok=True)
        about = mine.stat()
        if about.st_uid != os.geteuid() or about.st_mode & 0o022:
            return None
        for old in folder.iterdir():
            if old.is_dir() and old != mine:
                shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None
    return _Compiled(str(mine), "%s.cache")


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None) if args or kwargs else addresses.page(name)


def url_if(name: str, *args: Any) -> str:
    """The address of a page of a room that may not be installed, else nothing."""
    try:
        return reverse(name, args=args or None)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=1024)
def icon(name: str, css: str = "") -> Markup:
    """Draw an icon; it says nothing to screen readers, the words beside it do.

    Its shape stands in the page: a file of all shapes costs a browser a quarter of the time of an ordinary page.
    Of a name that this release does not know (a programme may keep one of an older release) the place stays empty.
    """
    shape = Markup(_shapes().get(name, ""))  # noqa: S704 -- of files of a package that a hash pins
    more = f" {css}" if css else ""
    return Markup('<svg class="ico{}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>').format(more, shape)


@cache
def _shapes() -> dict[str, str]:
    """As `python -m unionops.assets` has read them: name to the inside of its SVG."""
    found: dict[str, str] = json.loads((settings.BASE_DIR / "vendor" / "icons.json").read_bytes())
    return found


def attributes(field: BoundField, extra: Mapping[str, Any] = MappingProxyType({})) -> Markup:
    """Write the attributes of a control: those of its widget, those that tie it to label, help and errors, then the extra ones."""
    shown = field.field
    told = [f"{field.auto_id}-{part}" for part, said in (("help", field.help_text), ("err", field.errors)) if said]
    own: dict[str, Any] = {
        **shown.widget.attrs,
        "id": field.auto_id,
        "name": field.html_name,
        "aria-describedby": " ".join(told) or None,
        "aria-invalid": "true" if field.errors else None,
        "required": (shown.required and shown.widget.use_required_attribute(field.initial)) or None,
        "disabled": shown.disabled or None,
        **extra,
    }
    own.pop("class", None)
    return Markup("").join(
        Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
        for name, value in own.items()
        if value is not None and value is not False
    )


def _weekday(value: datetime.date) -> str:
    return str(WEEKDAYS[value.weekday()])


def _local(value: datetime.date | datetime.datetime) -> datetime.date:
    return timezone.localtime(value) if isinstance(value, datetime.datetime) and timezone.is_aware(value) else value


def day(value: datetime.date | None) -> str:
    """11-20 周五"""
    if value is None:
        return ""
    value = _local(value)
    return f"{value:%m-%d} {_weekday(value)}"


def short_day(value: datetime.date | None) -> str:
    """11-20, with the year in front when it is not this year."""
    if value is None:
        return ""
    value = _local(value)
    return f"{value:%m-%d}" if value.year == timezone.localdate().year else f"{value:%Y-%m-%d}"


def day_full(value: datetime.date | None) -> str:
    """2026-11-20 周五"""
    if value is None:
        return ""
    value = _local(value)
    return f"{value:%Y-%m-%d} {_weekday(value)}"


def clock(value: datetime.datetime | datetime.time | None) -> str:
    """14:05"""
    if value is None:
        return ""
    return f"{(_local(value) if isinstance(value, datetime.datetime) else value):%H:%M}"


def moment(value: datetime.datetime | None) -> str:
    """11-20 14:05, with the year in front when it is not this year."""
    return f"{short_day(value)} {clock(value)}" if value is not None else ""


def money(value: Decimal | int | None) -> str:
    """12,345.00"""
    return "" if value is None else f"{value:,.2f}"


def pct(numerator: int, denominator: int) -> str:
    """94.70 %, or a dash where there is nothing to count."""
    return f"{Decimal(numerator) * 100 / denominator:.2f} %" if denominator else "—"


def macros(name: str) -> Any:
    """The macros of a template, to be drawn by themselves."""
    return _template(name).module


def script_words() -> Markup:
    """The words of the scripts as one attribute: the same on every page in a language."""
    return _script_words(translation.get_language() or "")


@lru_cache(maxsize=8)
def _script_words(_language: str) -> Markup:
    return Markup(_template("components/words.html").render())  # noqa: S704 -- our own template, escaped there


def render_text(name: str, **context: Any) -> str:
    """Render a template that is not a page: the body of a mail."""
    return _template(name).render(context)


def _template(name: str) -> jinja2.Template:
    from django.template import engines  # noqa: PLC0415 -- the engines need the settings that name this module

    return engines["jinja2"].env.get_template(name)  # type: ignore[attr-defined]
