"""Issues that stand where a visitor of the demo looks: each role has something in hand, some of it late."""

from __future__ import annotations

from typing import NamedTuple

_SENT = (0, "dispatch")
_SIGNED = (_SENT, (0, "sign_for"))


class Shown(NamedTuple):
    """An issue of the given age (in working days) that has gone as far as its plan."""

    days_ago: int
    # The beginning of a category's code; it decides the department.
    category: str
    plan: tuple[tuple[int, str], ...] = ()
    urgency: int = 0
    # The account of the officer; else somebody of the district.
    officer: str = ""
    kept: bool = False
    to_town: bool = False


SHOWCASE = (
    # The cadre's own: noted and not yet sent, one of them late; one came back.
    Shown(1, "FUND-01", kept=True, officer="cadre"),
    Shown(3, "WAGE-05", kept=True, officer="cadre"),
    Shown(2, "EMPL-03", ((0, "return_back"),), officer="cadre"),
    # The clerk's: to be dispatched, one late; to be asked about, one late.
    Shown(1, "SAFE-06"),
    Shown(4, "ENV-03"),
    Shown(5, "MED-02", (*_SIGNED, (1, "answer"))),
    Shown(12, "EMPL-08", (*_SIGNED, (2, "answer"))),
    # The department's: to sign for, one late; under way, two late, one under an order.
    Shown(1, "EMPL-01", (_SENT,)),
    Shown(4, "EMPL-06", (_SENT,), 2),
    Shown(2, "LAW-01", _SIGNED),
    Shown(9, "WAGE-07", (*_SIGNED, (7, "order")), 2),
    Shown(18, "WAGE-02", _SIGNED),
    Shown(11, "EMPL-04", _SIGNED),
    # Put heads together today; a list with milestones.
    Shown(3, "ENV-01", (*_SIGNED, (1, "consult"))),
    Shown(13, "ENV-02", (*_SIGNED, (1, "propose_plan"), (1, "plan"))),
    # The leader's: a ruling, a list to approve, a rest that ends, a bad answer, an alarm.
    Shown(2, "WAGE-04", (_SENT, (1, "decline"))),
    Shown(4, "ENV-04", (*_SIGNED, (2, "propose_plan"))),
    Shown(8, "WAGE-01", (*_SIGNED, (2, "suspend")), 2),
    Shown(7, "EMPL-02", (*_SIGNED, (2, "answer"), (2, "reopen"))),
    Shown(1, "WAGE-01", (_SENT,), 1),
    # Mediator and service officer.
    Shown(1, "LAW-04", (_SENT,)),
    Shown(5, "LAW-04", _SIGNED),
    Shown(1, "HARD-01", (_SENT,)),
    Shown(3, "HARD-04", _SIGNED, 2),
    Shown(6, "RECRUIT-01", _SIGNED),
    # The town's own.
    Shown(1, "ORG-03", (_SENT,), to_town=True),
    Shown(4, "ORG-07", _SIGNED, to_town=True),
    # Elsewhere.
    Shown(10, "SAFE-01", (*_SIGNED, (1, "transfer"))),
    Shown(9, "LAW-04", (*_SIGNED, (1, "convert"))),
    # Registered by mistake.
    Shown(6, "SAFE-01", ((0, "void"),)),
)
