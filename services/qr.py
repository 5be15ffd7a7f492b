"""The QR code of an address, as every sheet and screen of the product shows it: black on white, with its quiet zone."""

from __future__ import annotations

import io

import segno
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe


def _drawn(address: str, *, svgns: bool) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", scale=8, border=4, dark="#000", light="#fff", svgns=svgns, xmldecl=svgns
    )
    return drawing.getvalue().decode()


def picture(address: str, *, keep: str) -> HttpResponse:
    """The code as a file; ``keep`` says in the words of Cache-Control who may keep it, and for how long."""
    response = HttpResponse(_drawn(address, svgns=True), content_type="image/svg+xml")
    response["Cache-Control"] = keep
    return response


def inside(address: str) -> SafeString:
    """The code as part of a page, which names it."""
    return mark_safe(_drawn(address, svgns=False))  # noqa: S308 -- drawn by segno: squares, and nothing that somebody wrote
