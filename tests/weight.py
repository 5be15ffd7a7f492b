"""What a page weighs on its way to a phone."""

from __future__ import annotations

import gzip
from typing import Any

# In bytes. A phone on a slow line has it in a second; uncompressed, a page is three to four times as much.
LIGHT = 30_000


def weight(answer: Any) -> int:
    """Return the bytes of a page as it is sent: compressed."""
    return len(gzip.compress(answer.content, 6))
