"""What a page weighs on its way to a phone."""

from __future__ import annotations

import gzip
from typing import Any

# Half of what interface.md allows the HTML of a page, in bytes.
LIGHT = 30_000


def weight(answer: Any) -> int:
    """Return the bytes of a page as it is sent: compressed."""
    return len(gzip.compress(answer.content, 6))
