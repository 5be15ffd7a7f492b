from __future__ import annotations

import pytest

from tests.disputes.stories import Hall, make_hall


@pytest.fixture
def hall(db: None) -> Hall:
    return make_hall()
