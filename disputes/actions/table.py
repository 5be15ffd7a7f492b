"""The action of each verb: what pages, the API and the generated tests go by."""

from collections.abc import Callable
from typing import Any

from ..enums import Verb
from . import agreements, sessions, steps

STEPS: dict[str, Callable[..., Any]] = {
    Verb.ASK_CONSENT: steps.ask_consent,
    Verb.ACCEPT: steps.accept,
    Verb.REFUSE: steps.refuse,
    Verb.ASSIGN: steps.assign,
    Verb.HOLD_SESSION: sessions.hold_session,
    Verb.EXTEND: steps.extend,
    Verb.SUSPEND: steps.suspend,
    Verb.RESUME: steps.resume,
    Verb.AGREE: agreements.agree,
    Verb.TALK_AGAIN: agreements.talk_again,
    Verb.MAKE_EFFECTIVE: agreements.make_effective,
    Verb.FINISH: agreements.finish,
    Verb.BREACH: agreements.breach,
    Verb.FINISH_LATE: agreements.finish_late,
    Verb.CHOOSE_ROUTE: agreements.choose_route,
    Verb.FAIL: steps.fail,
    Verb.WITHDRAW: steps.withdraw,
    Verb.TRANSFER: steps.transfer,
    Verb.ARCHIVE: steps.archive,
    Verb.REOPEN: steps.reopen,
}
assert set(STEPS) == set(Verb), "every verb of the table has its action"
