"""The expected failures of actions; pages and the API map them in one place each."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise

Text = str | Promise


class ActionError(Exception):
    """An action was refused for a reason that the user can read and act upon."""

    status = 422

    def __init__(self, reason: Text, *, field: str = "", next_step: Text = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.next_step = next_step

    def __str__(self) -> str:
        return str(self.reason)


def required(text: str, reason: Text, field: str) -> str:
    """The text without blanks around it; refused for the reason given when nothing is left."""
    if not text.strip():
        raise ActionError(reason, field=field)
    return text.strip()


class NotAllowed(ActionError):
    """This person may not do this; somebody else may."""

    status = 403


class InvalidTransition(ActionError):
    """The case is in a state in which the verb has no meaning."""

    status = 409


class Conflict(ActionError):
    """Somebody else changed the thing after this person read it.

    ``changes`` lists (what, who, when) of the events in between, newest last.
    """

    status = 409

    def __init__(self, reason: Text, *, current_version: int, changes: Sequence[Mapping[str, object]] = ()) -> None:
        super().__init__(reason)
        self.current_version = current_version
        self.changes = list(changes)


class TooMany(ActionError):
    """Allowed, but not so often in so short a time."""

    status = 429
