"""名单: the claimants of a case as somebody keeps them in a table, pasted or as a file, each line a person with claim and amount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from unionops.casework.sheets.cells import Cell, words_of
from unionops.casework.sheets.opening import open_workbook
from unionops.china.names import clean_text
from unionops.joining import statements
from unionops.org.forms.fields import Identity, Phone

from .actions.intake import PartyDraft

MOST_LINES = 500
HEAD_WITHIN = 10
# The heads of columns as offices write them; what a table calls otherwise is known by what stands in it.
_HEADS = {
    "name": ("姓名", "名字", "职工", "申请人"),
    "identity": ("身份证", "证件"),
    "phone": ("电话", "手机", "联系方式"),
    "address": ("地址", "住址"),
    "amount": ("金额", "欠薪", "数额", "应付", "合计"),
    "claims": ("请求", "诉求", "事项"),
}
_IDENTITY = re.compile(r"\d{17}[\dXx]")
_PHONE = re.compile(r"1\d{10}")
_AMOUNT = re.compile(r"[¥￥]?\s*(\d[\d,]*(?:\.\d+)?)\s*元?")
_SPLIT = re.compile(r"[,，;；]")


def from_text(text: str, side: str) -> list[PartyDraft]:
    """What was pasted: a line a person, columns divided by tabs or commas."""
    # Where there are tabs, a comma within an amount divides nothing.
    lines = [line.split("\t") if "\t" in line else _SPLIT.split(line) for line in text.splitlines()]
    return read_roll(lines, side)


def from_file(file: BinaryIO, name: str, side: str) -> list[PartyDraft]:
    """The first sheet of a spreadsheet; raises `UnreadableFile` with what to do about it."""
    book = open_workbook(file, name)
    rows: Iterable[Sequence[Cell]] = next((sheet.rows() for sheet in book.sheets if not sheet.hidden), iter(()))
    return read_roll([[words_of(cell) for cell in row] for row in rows], side)


def read_roll(rows: Sequence[Sequence[str]], side: str) -> list[PartyDraft]:
    """One draft a person. Every line that cannot be read is named, all at once.

    Raises:
        ValidationError: nobody is in it, too many are, or lines are wrong.
    """
    lines = [[clean_text(cell, multiline=False) for cell in row] for row in rows]
    # A head stands on top, under a title at most; what stands above it names nobody.
    heads = ((at, _heads(row)) for at, row in enumerate(lines[:HEAD_WITHIN]))
    top, columns = next((head for head in heads if head[1]), (-1, {}))
    found: list[PartyDraft] = []
    wrong: list[str] = []
    for number, row in enumerate(lines, start=1):
        if number <= top + 1 or not any(row):
            continue
        said = _by_head(row, columns) if columns else _by_look(row)
        if not said.get("name"):
            # A sum below the table.
            if said.get("identity") or said.get("phone"):
                wrong.append(_("第 %(n)d 行没有姓名") % {"n": number})
            continue
        try:
            found.append(_draft(said, side))
        except ValidationError as error:
            wrong.append(
                _("第 %(n)d 行 %(name)s：%(why)s")
                % {"n": number, "name": said["name"], "why": " ".join(error.messages)}
            )
    if wrong:
        more = _("还有 %(n)d 处") % {"n": len(wrong) - 5} if len(wrong) > 5 else ""
        raise ValidationError(statements([*wrong[:5], more]))
    if not found:
        raise ValidationError(_("名单里没有人。每行写一个人，第一列写姓名。"))
    if len(found) > MOST_LINES:
        raise ValidationError(_("一次最多 %(n)d 人，请分几次导入。") % {"n": MOST_LINES})
    return found


def _heads(row: Sequence[str]) -> dict[int, str]:
    """{column: what it holds} where a line heads the table: it names the people, and something beside."""
    found: dict[int, str] = {}
    for at, cell in enumerate(row):
        meant = next((key for key, words in _HEADS.items() if any(word in cell for word in words)), "")
        if meant and meant not in found.values():
            found[at] = meant
    return found if "name" in found.values() and not any(_IDENTITY.search(cell) for cell in row) else {}


def _by_head(row: Sequence[str], columns: dict[int, str]) -> dict[str, str]:
    said = {meant: row[at] for at, meant in columns.items() if at < len(row) and row[at]}
    return {} if said.get("name", "").startswith(("合计", "总计", "小计")) else said


def _by_look(row: Sequence[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for at, cell in enumerate(row):
        if not cell:
            continue
        if _IDENTITY.fullmatch(cell):
            said["identity"] = cell
        elif _PHONE.fullmatch(cell.replace(" ", "").replace("-", "")):
            said["phone"] = cell
        elif _AMOUNT.fullmatch(cell):
            # A number in front of the name is the number of the line.
            if at or len(row) == 1:
                said["amount"] = cell
        elif "name" not in said:
            said["name"] = cell
        else:
            said["claims"] = f"{said['claims']} {cell}" if "claims" in said else cell
    return said if not said.get("name", "").startswith(("合计", "总计", "小计")) else {}


def _draft(said: dict[str, str], side: str) -> PartyDraft:
    return PartyDraft(
        side=side,
        name=said["name"][:50],
        identity=Identity().clean(said.get("identity", "")) or "",
        phone=Phone().clean(said.get("phone", "")) or "",
        address=said.get("address", "")[:200],
        claims=said.get("claims", "")[:1000],
        amount=_amount(said.get("amount", "")),
    )


def _amount(text: str) -> Decimal:
    if not text:
        return Decimal(0)
    match = _AMOUNT.fullmatch(text)
    try:
        found = Decimal(match.group(1).replace(",", "")) if match else None
    except InvalidOperation:
        found = None
    if found is None or found != found.quantize(Decimal("0.01")) or found >= Decimal(10**12):
        raise ValidationError(_("金额“%(text)s”不是数") % {"text": text[:20]})
    return found.quantize(Decimal("0.01"))
