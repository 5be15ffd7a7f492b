"""The QR code of an address, as every sheet and screen of the product shows it: black on white, with its quiet zone."""

from __future__ import annotations

import io

import segno
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe


def _drawn(address: str, *, is_file: bool) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", scale=8, border=4, dark="#000", light="#fff", svgns=is_file, xmldecl=is_file,
        omitsize=not is_file,
    )  # fmt: skip
    return drawing.getvalue().decode()


def picture(address: str, *, keep: str) -> HttpResponse:
    """The code as a file; ``keep`` says in the words of Cache-Control who may keep it, and for how long."""
    response = HttpResponse(_drawn(address, is_file=True), content_type="image/svg+xml")
    response["Cache-Control"] = keep
    return response


def inside(address: str) -> SafeString:
    """The code as part of a page, which names it and gives it its size."""
    return mark_safe(_drawn(address, is_file=False))  # noqa: S308 -- drawn by segno: squares, and nothing that somebody wrote
