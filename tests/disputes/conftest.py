from __future__ import annotations

from tests.disputes.stories import Hall, make_hall
from tests.kept import kept


@kept
def hall() -> Hall:
    """A district whose centre, court and labour bureau have their people."""
    return make_hall()
