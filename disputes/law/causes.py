"""What kind of claim a working cause is, as far as the law asks: for final awards and for payment orders."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class Nature(TextChoices):
    PAY = "pay", gettext_lazy("劳动报酬")
    INJURY_MEDICAL = "injury_medical", gettext_lazy("工伤医疗费")
    COMPENSATION = "compensation", gettext_lazy("经济补偿")
    DAMAGES = "damages", gettext_lazy("赔偿金")
    # 调解仲裁法 47(2): working time, rest and leave, social insurance.
    STANDARDS = "standards", gettext_lazy("执行国家劳动标准")
    RELATION = "relation", gettext_lazy("确认劳动关系")
    OTHER_LABOUR = "other_labour", gettext_lazy("其他劳动争议")
    NOT_LABOUR = "not_labour", gettext_lazy("不属于劳动关系")


# 调解仲裁法 16 and 47(1) name the same four.
MONEY = frozenset({Nature.PAY, Nature.INJURY_MEDICAL, Nature.COMPENSATION, Nature.DAMAGES})

_ONLY = {nature: frozenset({nature}) for nature in Nature}

# Working codes of causes (domain 3.7 D) as a worker claims them.
NATURES: dict[str, frozenset[Nature]] = {
    "PAY_ARREARS": _ONLY[Nature.PAY],
    "PAY_OVERTIME": _ONLY[Nature.PAY],
    "PAY_MIN": _ONLY[Nature.PAY],
    # 办案规则 50 counts the second pay of a missing contract among damages.
    "PAY_DOUBLE": _ONLY[Nature.DAMAGES],
    "PAY_BONUS": _ONLY[Nature.PAY],
    "PAY_LEAVE": _ONLY[Nature.PAY],
    "PAY_HEAT": _ONLY[Nature.PAY],
    "COMP_SEVERANCE": _ONLY[Nature.COMPENSATION],
    "COMP_ILLEGAL": _ONLY[Nature.DAMAGES],
    "COMP_NOTICE": _ONLY[Nature.COMPENSATION],
    "REL_CONFIRM": _ONLY[Nature.RELATION],
    "CON_SIGN": _ONLY[Nature.OTHER_LABOUR],
    "CON_CHANGE": _ONLY[Nature.OTHER_LABOUR],
    "CON_TERMINATE": _ONLY[Nature.OTHER_LABOUR],
    # 办案规则 50: the compensation that is paid while the ban lasts.
    "CON_NONCOMPETE": _ONLY[Nature.COMPENSATION],
    "CON_TRAINING": _ONLY[Nature.OTHER_LABOUR],
    "DISP": _ONLY[Nature.OTHER_LABOUR],
    "PART": _ONLY[Nature.OTHER_LABOUR],
    "SI_UNPAID": _ONLY[Nature.STANDARDS],
    # 浙江条例 37: benefits of an injury are final; their medical part also opens a payment order.
    "SI_INJURY": frozenset({Nature.STANDARDS, Nature.INJURY_MEDICAL}),
    "SI_MATERNITY": _ONLY[Nature.STANDARDS],
    "SI_MEDICAL": _ONLY[Nature.STANDARDS],
    "SI_PENSION": _ONLY[Nature.STANDARDS],
    "SI_UNEMP": _ONLY[Nature.STANDARDS],
    "WELFARE": _ONLY[Nature.OTHER_LABOUR],
    "TIME_REST": _ONLY[Nature.STANDARDS],
    "WOMAN": _ONLY[Nature.OTHER_LABOUR],
    "SAFETY": _ONLY[Nature.OTHER_LABOUR],
    "FILE": _ONLY[Nature.OTHER_LABOUR],
    "COLLECTIVE": _ONLY[Nature.OTHER_LABOUR],
    "NEW_PAY": _ONLY[Nature.NOT_LABOUR],
    "NEW_PENALTY": _ONLY[Nature.NOT_LABOUR],
    "NEW_INJURY": _ONLY[Nature.NOT_LABOUR],
    "NEW_REST": _ONLY[Nature.NOT_LABOUR],
    "LABOR_SERVICE": _ONLY[Nature.NOT_LABOUR],
    "OTHER": _ONLY[Nature.OTHER_LABOUR],
}


def natures_of(cause: str) -> frozenset[Nature]:
    """By the working code in either case; `KeyError` for a code that the table does not know."""
    return NATURES[cause.upper()]


def all_natures(causes: Iterable[str]) -> frozenset[Nature]:
    return frozenset[Nature]().union(*(natures_of(cause) for cause in causes))
