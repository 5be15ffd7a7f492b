from collections.abc import Callable
from typing import Any, NamedTuple

from unionops.org.errors import ActionError

from .transitions import Text, Transition


class Choice(NamedTuple):
    """A verb as a person stands to it: ``reason`` is empty where it is allowed now."""

    transition: Transition
    reason: Text

    @property
    def is_allowed(self) -> bool:
        return not self.reason


def refusal(check: Callable[..., Any], *args: Any, **kwargs: Any) -> Text:
    """Return why a check refuses, or an empty text."""
    try:
        check(*args, **kwargs)
    except ActionError as error:
        return error.reason
    return ""
