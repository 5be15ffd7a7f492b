from tests.visits.conftest import as_person, elsewhere, world

__all__ = ["as_person", "elsewhere", "world"]
