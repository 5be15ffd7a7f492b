"""Reading of the spreadsheets that offices keep: pure, streaming, and careful with what is uploaded."""

from .cells import Cell, is_blank, plain, read_count, read_tick, show, text_of, words_of
from .dates import DateContext, DateReading, Unread, read_date
from .guards import UnreadableFile
from .headers import Choice, Field, Layout, Mapping, find_layout
from .opening import Sheet, Workbook, open_workbook

__all__ = [
    "Cell",
    "Choice",
    "DateContext",
    "DateReading",
    "Field",
    "Layout",
    "Mapping",
    "Sheet",
    "Unread",
    "UnreadableFile",
    "Workbook",
    "find_layout",
    "is_blank",
    "open_workbook",
    "plain",
    "read_count",
    "read_date",
    "read_tick",
    "show",
    "text_of",
    "words_of",
]
