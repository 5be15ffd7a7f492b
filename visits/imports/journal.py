"""What an import of a list did to the directory, so that it can be undone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Journal:
    made: int = 0
    # {"id", "version" after the change, "before": {column: value}}
    changed: list[dict[str, Any]] = field(default_factory=list)
    key_entries: list[int] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    users: list[int] = field(default_factory=list)
    postings: list[int] = field(default_factory=list)
    # Postings that the list ended.
    ended: list[int] = field(default_factory=list)
    # What contradicts the list and was left as it is.
    left: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    def counts(self) -> dict[str, int]:
        """What was done, for the page and the log; zeros are not worth a word."""
        counts = {"enterprises": self.made, "changed": len(self.changed), "key_enterprises": len(self.key_entries)}
        counts |= {"contacts": len(self.contacts), "cadres": len(self.users), "postings": len(self.postings)}
        counts |= {"ended": len(self.ended), "left": len(self.left)}
        return {name: count for name, count in counts.items() if count}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Journal:
        return cls(**data)
