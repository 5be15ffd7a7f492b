"""The papers of a dispute by name, with the word that each puts into its number (domain 3.6, 3.8)."""

from __future__ import annotations

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    APPLICATION = "application", _("调解申请书")
    REGISTER = "register", _("调解登记表")
    CONSENT = "consent", _("征询意见记录")
    CONSENTED = "consented", _("同意调解确认书")
    ACCEPTANCE = "acceptance", _("受理通知书")
    REFUSAL = "refusal", _("不予受理通知书")
    RIGHTS = "rights", _("权利义务告知书")
    ADDRESS = "address", _("送达地址确认书")
    SERVICE = "service", _("送达回证")
    ASSIGNMENT = "assignment", _("指派单")
    ELECTION = "election", _("推举书")
    RECORD = "record", _("调解笔录")
    EXTENSION = "extension", _("延期同意书")
    SUSPENSION = "suspension", _("中止调解通知书")
    RESUMPTION = "resumption", _("恢复调解通知书")
    AGREEMENT = "agreement", _("调解协议书")
    ACCORD = "accord", _("协议同意名单")
    WITHDRAWAL = "withdrawal", _("撤回申请书")
    TERMINATION = "termination", _("调解终止通知书")
    REVIEW = "review", _("仲裁审查申请书")
    JUDICIAL = "judicial", _("司法确认申请书")
    PAYMENT_ORDER = "payment_order", _("支付令申请书")
    ARBITRATION = "arbitration", _("仲裁申请书")
    SUIT = "suit", _("民事起诉状")
    ENFORCEMENT = "enforcement", _("强制执行申请书")
    INSPECTION = "inspection", _("劳动保障监察投诉书")
    TRANSFER = "transfer", _("移送函")
    URGE = "urge", _("催促履行通知")
    BREACH = "breach", _("违约记录")
    AID = "aid", _("法律援助申请书")
    FOLLOW_UP = "follow_up", _("回访记录")
    CLOSING = "closing", _("结案报告")
    MAJOR = "major", _("重大劳动争议呈报表")


# 越工调受〔2026〕第0001号: the case's own number with a word. Applications of the parties and what is only signed have none.
WORDS = {
    PaperKind.ACCEPTANCE: "受",
    PaperKind.REFUSAL: "不受",
    PaperKind.RIGHTS: "告",
    PaperKind.ASSIGNMENT: "派",
    PaperKind.SUSPENSION: "中",
    PaperKind.RESUMPTION: "恢",
    PaperKind.AGREEMENT: "协",
    PaperKind.TERMINATION: "终",
    PaperKind.TRANSFER: "移",
    PaperKind.URGE: "催",
    PaperKind.CLOSING: "结",
    PaperKind.MAJOR: "报",
}
_NUMBER = re.compile(r"(?P<word>[^〔]+)〔(?P<year>\d{4})〕第(?P<number>\d+)号")


def number_of(kind: str, case_number: str, serial: int) -> str:
    """The number of a paper: of the second one of its kind 第0001-2号; empty where papers of the kind have none."""
    word = WORDS.get(PaperKind(kind))
    if word is None:
        return ""
    more = f"-{serial}" if serial > 1 else ""
    if found := _NUMBER.fullmatch(case_number):
        return f"{found['word']}{word}〔{found['year']}〕第{found['number']}{more}号"
    # A case of an imported ledger keeps the number that it had there.
    return f"{case_number}{word}{more}"
