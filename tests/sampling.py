"""Tables with thousands of rows: each run takes the rows that matter and a fixed share of the others.

UNIONOPS_TESTS=full make test      # every row
"""

from __future__ import annotations

import os
import zlib

WHOLE = os.environ.get("UNIONOPS_TESTS") == "full"


def taken(*row: object, of: int) -> bool:
    """Whether a row belongs to the share of one in ``of``: the same rows in each run, spread by their names."""
    return WHOLE or zlib.crc32("/".join(map(str, row)).encode()) % of == 0
