"""Word files: a template that an office can change in Word, and the content put into its places.

A template has places and nothing else: `{{ title }}`, `{{p body }}`, `{{r figures.resolution_rate }}`. Loops, conditions,
filters and calls are refused before anything is compiled, so that an uploaded file is never a program.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import IO, Any
from xml.sax.saxutils import escape

import docx
from django.utils.translation import gettext as _
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from unionops.casework.sheets.guards import UnreadableFile, check_archive
from unionops.joining import labelled
from unionops.org.errors import ActionError

from .documents import NUMBERS, link, values_of, words

MOST_BYTES = 5 << 20
# Signs of a label beside which only one more finds its place; rows that stay with the signatures.
LONG_LABEL, KEPT_ROWS, MANY_COLUMNS = 6, 2, 16
PLAIN = ("title", "subtitle", "organisation", "number", "date", "note")
BLOCKS = ("meta", "body", "signatures")
# What Word lists them as; an office changes their look and keeps their names.
TITLE, UNIT, SUBTITLE, HEADING, BODY, META, CELL, HEAD, SMALL = (
    "材料标题", "材料单位", "材料副标题", "材料小标题", "材料正文", "材料说明行", "材料表格", "材料表头", "材料附注",
)  # fmt: skip
# The fonts of official papers come first; a machine without them takes its own. They are named, never shipped.
SONG, HEI, FANGSONG = "方正小标宋简体", "黑体", "仿宋_GB2312"
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


class BadTemplate(ActionError):
    """The file can't be the template of this paper; the reason says which place is wrong."""


# --- places


class Places(SandboxedEnvironment):
    """Compiles nothing but texts and the names of places."""

    def __init__(self, sections: Sequence[str] = (), figures: Sequence[str] = ()) -> None:
        super().__init__(autoescape=True)
        self.known = {"sections": frozenset(sections), "figures": frozenset(figures)}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
        except TemplateSyntaxError as error:
            raise BadTemplate(
                _("模板里的大括号写得不对：%(what)s") % {"what": error.message}, field="file",
                next_step=_("占位符写成 {{ title }} 这样，大括号成对；一个占位符里不要夹别的字。"),
            ) from None  # fmt: skip
        for node in tree.body:
            parts = node.nodes if isinstance(node, nodes.Output) else [node]
            for part in parts:
                if not isinstance(part, nodes.TemplateData):
                    self._check(part)
        return tree

    def _check(self, node: nodes.Node) -> None:
        match node:
            case nodes.Name(name=name) if name in PLAIN or name in BLOCKS:
                return
            case nodes.Getattr(node=nodes.Name(name=group), attr=attr) if attr in self.known.get(group, ()):
                return
        raise BadTemplate(
            _("模板里有不认识的占位符：%(what)s") % {"what": _shown(node)}, field="file",
            next_step=_("只能用页面上列出的占位符；不能有循环、条件、运算和函数。"),
        )  # fmt: skip


def _shown(node: nodes.Node) -> str:
    match node:
        case nodes.Name(name=name):
            return f"{{{{ {name} }}}}"
        case nodes.Getattr(node=nodes.Name(name=group), attr=attr):
            return f"{{{{ {group}.{attr} }}}}"
    return f"{{% {type(node).__name__.lower()} %}}"


# --- checking an upload


def check_template(data: bytes, *, sections: Sequence[str], figures: Sequence[str]) -> None:
    """Refuse what is no Word file, is too large, asks for anything from outside, or has places that nobody fills."""
    if len(data) > MOST_BYTES:
        raise BadTemplate(_("模板超过 5 MB。请压缩里面的图片后再上传。"), field="file")
    file = io.BytesIO(data)
    try:
        check_archive(file)
    except UnreadableFile as error:
        raise BadTemplate(
            _("这个文件打不开，或者解开后太大。"), field="file", next_step=_("请在 Word 里另存为 .docx 后再上传。")
        ) from error
    _check_parts(file)
    try:
        made = fill(data, _sample(sections, figures), sections=sections, figures=figures)
        docx.Document(io.BytesIO(made))
    except ActionError:
        raise
    except Exception as error:
        raise BadTemplate(
            _("用这个模板试做了一份，没有做成。"), field="file",
            next_step=_("请下载现在的模板，在它上面改；占位符不要拆成几种字体。"),
        ) from error  # fmt: skip


def _check_parts(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if "word/document.xml" not in names:
            raise BadTemplate(_("这不是 Word 文档。"), field="file", next_step=_("请上传 .docx 文件。"))
        if any("vbaproject" in name.lower() for name in names):
            raise BadTemplate(_("模板里有宏，不能用。"), field="file", next_step=_("请另存为不带宏的 .docx 后再上传。"))
        for name in names:
            if not name.endswith((".xml", ".rels")):
                continue
            text = archive.read(name)
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise BadTemplate(_("这个文件不是 Word 存出来的，不能用。"), field="file")
            if name.endswith(".rels") and _asks_outside(text):
                raise BadTemplate(
                    _("模板连着外面的文件或图片，打开时会去别处取东西，不能用。"), field="file",
                    next_step=_("请把链接的图片改成嵌入，断开链接的模板，再上传。"),
                )  # fmt: skip


def _asks_outside(relations: bytes) -> bool:
    return any(
        b"External" in relation and _HYPERLINK.encode() not in relation
        for relation in re.findall(rb"<Relationship\b[^>]*>", relations)
    )


def _sample(sections: Sequence[str], figures: Sequence[str]) -> dict[str, Any]:
    """Something of everything, for the trial."""
    cell = {"value": "样例", "kind": "text", "url": "", "label": "", "unit": "", "code": ""}
    table = {
        "type": "table", "title": "样例", "columns": [{"label": "样例", "kind": "text", "width": 10}], "rows": [[cell]],
        "chart": None, "empty": "",
    }  # fmt: skip
    paragraph = {"type": "paragraph", "pieces": [cell]}
    values = {"type": "figures", "values": [{**cell, "value": 1, "kind": "count", "code": code} for code in figures]}
    # Every figure once: a hundred of them in each section would take most of the trial.
    found = [
        {"heading": "样例", "code": code, "blocks": [paragraph, table, *([] if at else [values])]}
        for at, code in enumerate(sections or ("",))
    ]
    return {
        **dict.fromkeys(PLAIN, "样例"), "meta": [["样例", cell]], "sections": found, "signatures": ["样例"], "site": "",
        "landscape": False,
    }  # fmt: skip


# --- filling


def render(
    document: Mapping[str, Any],
    template: bytes | None = None,
    *,
    sections: Sequence[str] = (),
    figures: Sequence[str] = (),
) -> bytes:
    """The paper as a Word file, in the office's own template or in the standard one."""
    return fill(
        template or standard_template(landscape=document["landscape"]), document, sections=sections, figures=figures
    )


def fill(
    template: bytes, document: Mapping[str, Any], *, sections: Sequence[str] = (), figures: Sequence[str] = ()
) -> bytes:
    file = DocxTemplate(io.BytesIO(template))
    file.init_docx()
    writer = Writer(file, document)
    here = {section["code"]: section for section in document["sections"] if section["code"]}
    counted = {cell["code"]: cell for cell in reversed(values_of(document))}
    context = {
        **{name: _xml(_breaks(document[name])) for name in PLAIN},
        "meta": writer.meta(),
        "body": Markup("").join(writer.section(section) for section in document["sections"]),
        "signatures": writer.signatures(),
        "sections": {code: writer.section(here[code]) if code in here else Markup("") for code in sections},
        "figures": {
            code: _xml(writer.piece(counted[code]) if code in counted else writer.run("—")) for code in figures
        },
    }
    file.render(context, jinja_env=Places(sections, figures))
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _xml(markup: str) -> Markup:
    """WordprocessingML of ours; whatever people wrote has gone through `escape` before it came here."""
    return Markup(markup)  # noqa: S704


def _breaks(text: str) -> str:
    """Text for a place within a run: a line break ends the text and begins it anew."""
    return '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(_flat(line)) for line in str(text).splitlines()) or ""


def _flat(text: str) -> str:
    """Without what the template engine would take for its own signs after filling."""
    return text.replace("\t", " ").replace("\a", "").replace("\f", "")


class Writer:
    """WordprocessingML for the content; every text goes through `escape`."""

    def __init__(self, file: DocxTemplate, document: Mapping[str, Any]) -> None:
        self.file = file
        self.document = document
        # Word gives styles other ids when it saves, so that only their names can be relied upon.
        self.styles = {style.name: style.style_id for style in file.docx.styles}
        section = file.docx.sections[0]
        self.width = int(section.page_width.twips - section.left_margin.twips - section.right_margin.twips)
        self.links: dict[str, str] = {}

    def style(self, name: str) -> str:
        known = self.styles.get(name)
        return f"<w:pStyle w:val={_quoted(known)}/>" if known else ""

    def run(self, text: str, look: str = "") -> str:
        looks = f"<w:rPr>{look}</w:rPr>" if look else ""
        return f'<w:r>{looks}<w:t xml:space="preserve">{_breaks(text)}</w:t></w:r>'

    def piece(self, cell: Mapping[str, Any], look: str = "") -> str:
        url = link(self.document, cell)
        if not url:
            return self.run(words(cell), look)
        if url not in self.links:
            self.links[url] = self.file.build_url_id(url)
        inner = self.run(words(cell), f'{look}<w:u w:val="single" w:color="2B5C8A"/>')
        return f'<w:hyperlink r:id={_quoted(self.links[url])} w:history="1">{inner}</w:hyperlink>'

    def line(self, inner: str, style: str, more: str = "") -> Markup:
        return _xml(f"<w:p><w:pPr>{self.style(style)}{more}</w:pPr>{inner}</w:p>")

    def meta(self) -> Markup:
        return _xml("").join(
            self.line(self.run(labelled(label, "")) + self.piece(cell), META) for label, cell in self.document["meta"]
        )

    def signatures(self) -> Markup:
        """Two or three beside each other, and never on a page without the day below them."""
        labels = self.document["signatures"]
        most = min(len(labels), 2 if any(len(label) > LONG_LABEL for label in labels) else 3) or 1
        stops = "".join(f'<w:tab w:val="left" w:pos="{self.width * at // most}"/>' for at in range(1, most))
        shape = f"<w:keepNext/>{f'<w:tabs>{stops}</w:tabs>' if stops else ''}"
        return _xml("").join(
            self.line(
                "<w:r><w:tab/></w:r>".join(
                    self.run(labelled(label, "＿＿＿＿＿")) for label in labels[start : start + most]
                ),
                META,
                shape,
            )
            for start in range(0, len(labels), most)
        )

    def section(self, section: Mapping[str, Any]) -> Markup:
        head = self.line(self.run(section["heading"]), HEADING) if section["heading"] else Markup("")
        # Nobody signs a page on which nothing else stands: the end of the paper keeps to the signatures.
        last = self.document["sections"][-1:]
        is_last = bool(self.document["signatures"]) and bool(last) and section is last[0]
        end = section["blocks"][-1] if is_last and section["blocks"] else None
        return head + Markup("").join(self.block(block, keep=block is end) for block in section["blocks"])

    def block(self, block: Mapping[str, Any], *, keep: bool = False) -> Markup:
        match block["type"]:
            case "paragraph":
                kept = "<w:keepNext/>" if keep or block.get("keep") else ""
                return self.line("".join(self.piece(cell) for cell in block["pieces"]), BODY, kept)
            case "figures":
                return self._figures(block["values"])
        return self._table(block, keep=keep)

    def _figures(self, values: Sequence[Mapping[str, Any]]) -> Markup:
        columns = [
            {"label": _("指标"), "kind": "text", "width": 20},
            {"label": _("数"), "kind": "count", "width": 10},
            {"label": _("单位"), "kind": "text", "width": 8},
        ]
        plain = {"kind": "text", "url": "", "label": "", "unit": "", "code": ""}
        rows = [
            [plain | {"value": one["label"]}, one, plain | {"value": "" if one["kind"] == "rate" else one["unit"]}]
            for one in values
        ]
        return self._rows(columns, rows)

    def _table(self, table: Mapping[str, Any], *, keep: bool = False) -> Markup:
        title = (
            self.line(self.run(table["title"]), HEAD, '<w:keepNext/><w:spacing w:before="160" w:after="60"/>')
            if table["title"]
            else Markup("")
        )
        if not table["rows"]:
            return title + self.line(self.run(table["empty"]), SMALL)
        return title + self._rows(table["columns"], table["rows"], tall=table.get("tall", False), keep=keep)

    def _rows(
        self, columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Mapping[str, Any]]], *, tall: bool = False,
        keep: bool = False,
    ) -> Markup:  # fmt: skip
        # A register of many columns is set small, as on the PDF.
        many = len(columns) > MANY_COLUMNS
        look, sides_of = ('<w:sz w:val="15"/>', 40) if many else ("", 108)
        whole = sum(column["width"] for column in columns)
        widths = [self.width * column["width"] // whole for column in columns]
        head = "".join(
            self._cell(self.run(column["label"], look), HEAD, width, shade=True)
            for column, width in zip(columns, widths, strict=True)
        )
        lines = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
        # Nine millimetres, as a hand writes.
        height = '<w:trHeight w:val="510" w:hRule="atLeast"/>' if tall else ""
        for at, row in enumerate(rows):
            kept = keep and at >= len(rows) - KEPT_ROWS
            cells = "".join(
                self._cell(self.piece(cell, look), CELL, width, right=cell["kind"] in NUMBERS, keep=kept)
                for cell, width in zip(row, widths, strict=True)
            )
            lines.append(f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{cells}</w:tr>")
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        return _xml(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/>'
            f'<w:left w:w="{sides_of}" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="{sides_of}" w:type="dxa"/></w:tblCellMar>'
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
            # Two tables in a row would grow together.
            f"<w:p><w:pPr>{self.style(CELL)}{'<w:keepNext/>' if keep else ''}</w:pPr></w:p>"
        )

    def _cell(
        self, inner: str, style: str, width: int, *, right: bool = False, shade: bool = False, keep: bool = False
    ) -> str:
        filled = '<w:shd w:val="clear" w:color="auto" w:fill="F3F1EC"/>' if shade else ""
        aligned = '<w:jc w:val="right"/>' if right else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{filled}<w:vAlign w:val="center"/></w:tcPr>'
            f"<w:p><w:pPr>{self.style(style)}{'<w:keepNext/>' if keep else ''}{aligned}</w:pPr>{inner}</w:p></w:tc>"
        )


def _quoted(text: str | None) -> str:
    return '"' + escape(text or "", {'"': "&quot;"}) + '"'


# --- the standard template


@cache
def standard_template(*, landscape: bool = False) -> bytes:
    """A4 as official papers have it, with the places in it; an office downloads it, changes it and uploads it."""
    file = docx.Document()
    _set_page(file, landscape=landscape)
    for style in _styles(file, small=landscape):
        assert style
    lines: list[tuple[str, str]] = [
        ("{{ organisation }}", UNIT), ("{{ number }}", SMALL), ("{{ title }}", TITLE), ("{{ subtitle }}", SUBTITLE),
        ("{{p meta }}", META), ("{{p body }}", BODY), ("{{ note }}", SMALL), ("{{p signatures }}", META),
    ]  # fmt: skip
    for text, style in lines:
        # What is noted below the text stays with the signatures, too.
        file.add_paragraph(text, style=style).paragraph_format.keep_with_next = True if text == "{{ note }}" else None
    for text in ("{{ organisation }}", "{{ date }}"):
        foot = file.add_paragraph(text, style=META)
        foot.alignment, foot.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.RIGHT, text != "{{ date }}"
    file.core_properties.author = ""
    file.core_properties.title = ""
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _set_page(file: Docx, *, landscape: bool) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(27)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin = section.bottom_margin = Mm(18)
        section.left_margin = section.right_margin = Mm(15)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = foot.add_run()
        if kind:
            sign = OxmlElement("w:fldChar")
            sign.set(qn("w:fldCharType"), kind)
        else:
            sign = OxmlElement("w:instrText")
            sign.set(qn("xml:space"), "preserve")
            sign.text = text
        run._r.append(sign)
    foot.add_run(" —")


def _styles(file: Docx, *, small: bool) -> Iterator[object]:
    looks: list[tuple[str, str, float, bool, int | None]] = [
        (UNIT, HEI, 18, True, WD_ALIGN_PARAGRAPH.CENTER), (TITLE, SONG, 22, False, WD_ALIGN_PARAGRAPH.CENTER),
        (SUBTITLE, "楷体_GB2312", 16, False, WD_ALIGN_PARAGRAPH.CENTER), (HEADING, HEI, 14 if small else 16, False, None),
        (BODY, FANGSONG, 12 if small else 16, False, None), (META, FANGSONG, 12, False, None),
        (CELL, FANGSONG, 9 if small else 10.5, False, None), (HEAD, HEI, 9 if small else 10.5, False, WD_ALIGN_PARAGRAPH.CENTER),
        (SMALL, FANGSONG, 10.5, False, WD_ALIGN_PARAGRAPH.CENTER),
    ]  # fmt: skip
    # Without it a machine that has none of the fonts draws the signs of another country.
    defaults = file.styles.element.find(qn("w:docDefaults"))
    for found in defaults.iter(qn("w:lang")):
        found.set(qn("w:eastAsia"), "zh-CN")
    _set_fonts(file.styles["Normal"], FANGSONG)
    for name, font, size, bold, alignment in looks:
        style: Any = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = file.styles["Normal"]
        style.quick_style = True
        _set_fonts(style, font)
        style.font.size, style.font.bold = Pt(size), bold
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        if alignment is not None:
            shape.alignment = alignment
        if name == BODY:
            shape.first_line_indent = Pt(size * 2)
            shape.line_spacing = Pt(20 if small else 28)
        if name == HEADING:
            shape.space_before, shape.space_after, shape.keep_with_next = Pt(12), Pt(6), True
        if name == UNIT:
            style.font.color.rgb = RGBColor(0xB3, 0x19, 0x1F)
        if name == TITLE:
            shape.space_before, shape.space_after = Pt(14), Pt(4)
        if name == META:
            shape.line_spacing = Pt(22)
        yield style


def _set_fonts(style: Any, east: str) -> None:
    style.font.name = "Times New Roman"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), east)


def is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text))
