"""The formats of a paper, and the way of a download from being asked for to being removed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of


class Format(TextChoices):
    DOCX = "docx", _("Word 文档")
    XLSX = "xlsx", _("Excel 表格")
    PDF = "pdf", _("PDF 文件")


CONTENT_TYPES = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
}


class DownloadState(TextChoices):
    WAITING = "waiting", _("等待制作")
    MAKING = "making", _("正在制作")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没有做成")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")


class Verb(TextChoices):
    BEGIN = "begin", _("开始制作")
    FINISH = "finish", _("做好")
    FAIL = "fail", _("没有做成")
    CANCEL = "cancel", pgettext_lazy("下载", "取消")
    TAKE_UP = "take_up", _("重新排队")
    RETRY = "retry", _("再做一次")
    EXPIRE = "expire", _("到期移除")


S = DownloadState
UNDER_WAY = frozenset({S.WAITING, S.MAKING})

MAKER, SYSTEM = ("maker",), ("system",)
TRANSITIONS = table_of(
    Transition(Verb.BEGIN, Verb.BEGIN.label, (S.WAITING,), (S.MAKING,), SYSTEM, "a worker has taken it", on_page=False),
    Transition(Verb.FINISH, Verb.FINISH.label, (S.MAKING,), (S.READY,), SYSTEM, "the file is stored", on_page=False),
    Transition(
        Verb.FAIL, Verb.FAIL.label, (S.WAITING, S.MAKING), (S.FAILED,), SYSTEM, "says why in words", on_page=False
    ),
    Transition(
        Verb.TAKE_UP, Verb.TAKE_UP.label, (S.MAKING,), (S.WAITING,), SYSTEM, "once, after its worker was lost",
        on_page=False,
    ),
    Transition(Verb.CANCEL, Verb.CANCEL.label, (S.WAITING, S.MAKING), (S.CANCELLED,), MAKER, "", icon="x-lg"),
    Transition(
        Verb.RETRY, Verb.RETRY.label, (S.FAILED, S.CANCELLED, S.EXPIRED), (S.WAITING,), MAKER, "", icon="arrow-repeat"
    ),
    Transition(
        Verb.EXPIRE, Verb.EXPIRE.label, (S.READY,), (S.EXPIRED,), (*MAKER, *SYSTEM), "after seven days, or by its maker",
        icon="trash",
    ),
)  # fmt: skip
