from __future__ import annotations

import io
from typing import Any

import docx
import openpyxl
import pypdf
from django.test import Client
from django.urls import reverse

from unionops.casework.models import Outbox
from unionops.packs import tasks
from unionops.packs.models import Download


def ask(client: Client, code: str, form: str, query: str = "", **answers: object) -> Download:
    """Ask for a paper on its page; it waits for a worker."""
    response = client.post(f"{reverse('packs:new', args=[code])}?{query}", {"format": form, **answers})
    assert response.status_code == 302, response.content.decode()
    return Download.objects.get(pk=response.url.rstrip("/").rsplit("/", 1)[-1])


def work() -> None:
    """What relay and worker do with what is promised."""
    for row in Outbox.objects.filter(task="packs.make", sent_at=None).order_by("pk"):
        tasks.make(**row.arguments)
    Outbox.objects.filter(task="packs.make").delete()


def made(client: Client, code: str, form: str, query: str = "", **answers: object) -> Download:
    row = ask(client, code, form, query, **answers)
    work()
    row.refresh_from_db()
    assert row.state == "ready", row.error
    return row


def content(client: Client, row: Download) -> bytes:
    response = client.get(reverse("packs:file", args=[row.pk]))
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def read(form: str, data: bytes) -> str:
    """All the text of a file, as somebody reads it."""
    return {"docx": docx_text, "xlsx": xlsx_text, "pdf": pdf_text}[form](data)


def docx_text(data: bytes) -> str:
    file = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


def xlsx_cells(data: bytes) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]


def xlsx_text(data: bytes) -> str:
    return "\n".join(str(cell.value) for cell in xlsx_cells(data))


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def links(form: str, data: bytes) -> set[str]:
    """Every address that a file leads to."""
    if form == "xlsx":
        return {cell.hyperlink.target for cell in xlsx_cells(data) if cell.hyperlink}
    if form == "docx":
        relations = docx.Document(io.BytesIO(data)).part.rels.values()
        return {relation.target_ref for relation in relations if relation.is_external}
    found = set()
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A")
            if action and "/URI" in action:
                found.add(str(action["/URI"]))
    return found
