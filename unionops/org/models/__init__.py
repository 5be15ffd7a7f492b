from .accounts import Leave, Posting, Scope, User
from .directory import Contact, Enterprise, KeyListEntry, Person
from .events import Event
from .organisations import Organisation
from .seen import Seen, digest

__all__ = [
    "Contact",
    "Enterprise",
    "Event",
    "KeyListEntry",
    "Leave",
    "Organisation",
    "Person",
    "Posting",
    "Scope",
    "Seen",
    "User",
    "digest",
]
