"""大写金额: how an amount is written in words on vouchers and legal papers (支付结算办法 附一)."""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount: Decimal) -> str:
    """25000.00 is 贰万伍仟元整, 100010.50 壹拾万零壹拾元伍角整, 0.07 柒分; below a fen nothing is said."""
    fen = int((abs(amount) * 100).to_integral_value())
    yuan, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    said = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        said = f"{said or '零元'}整"
    elif not fen:
        said += f"{DIGITS[jiao]}角整"
    else:
        # A gap between yuan and fen is read out.
        middle = f"{DIGITS[jiao]}角" if jiao else "零" if yuan else ""
        said += f"{middle}{DIGITS[fen]}分"
    return f"负{said}" if amount < 0 else said


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    said, before = "", 1
    for place, group in reversed(list(enumerate(groups))):
        # A zero on either side of the border between two groups is read once.
        if group:
            said += ("零" if said and (before % 10 == 0 or group < 1000) else "") + _four(group) + GROUPS[place]
        before = group
    return said


def _four(group: int) -> str:
    """壹仟零壹: the zeros between two digits are read once, those behind not at all."""
    said, gap = "", False
    for digit, place in zip(f"{group:04d}", PLACES, strict=True):
        if digit == "0":
            gap = bool(said)
            continue
        said += ("零" if gap else "") + DIGITS[int(digit)] + place
        gap = False
    return said
