from __future__ import annotations

import pytest
from django.test import Client

from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def elsewhere(db: None) -> World:
    """Another district, whose people must see nothing of the first."""
    return make_world("柯桥区总工会", "far_")


@pytest.fixture
def as_person(world: World):
    """Return a browser in which the person of that name is signed in."""

    def sign_in(name: str, of: World | None = None) -> Client:
        client = Client()
        client.force_login((of or world)[name])
        return client

    return sign_in
