"""What every test stands on: real servers, a real database role, a real browser. Nothing of ours is replaced."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import database
from tests.insight.conftest import live
from tests.kept import KEEPER, PLAIN, kept
from tests.world import World, make_world
from unionops.embedded import Servers
from unionops.org.sessions import SEEN

# No test is timed, neither as a whole nor by how fast its examples are found: the machine may be busy.
# In CI the examples are the same each time: a change is judged there, not luck. Elsewhere they are new in each run.
hypothesis_settings.register_profile(
    "unionops",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("unionops")

LONG = (
    "tests/browser/test_every_page", "tests/browser/test_disputes", "tests/browser/", "tests/visits/test_demo", "tests/ground/", "tests/insight/test_f", "tests/insight/test_boards", "tests/api/test_",
    "tests/disputes/test_", "tests/reviews/test_", "tests/services/test_", "tests/analyses/test_pages", "tests/visits/test_issue_pages",
)  # fmt: skip

# What tests write lies beside the servers' data; pytest reads this when the first of them asks for a folder.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(settings.UNIONOPS_DATA.parent))

_servers = pytest.StashKey[Servers]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start PostgreSQL and Valkey once; the processes of xdist find them by their folder."""
    is_worker = hasattr(session.config, "workerinput")
    if is_worker or session.config.option.collectonly:
        return
    forget_checkouts_that_are_gone()
    servers = Servers(settings.UNIONOPS_DATA, careless=True, **settings.UNIONOPS_EMBEDS)
    servers.start()
    session.config.stash[_servers] = servers


def forget_checkouts_that_are_gone() -> None:
    """Free the memory of clones that were removed after their tests (unionops/settings/test.py)."""
    home = settings.UNIONOPS_DATA.parent
    for note in home.parent.glob(f"{home.name.rpartition('-')[0]}-*/checkout"):
        if not Path(note.read_text()).is_dir():
            shutil.rmtree(note.parent, ignore_errors=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    KEEPER.stop()
    if servers := session.config.stash.get(_servers, None):
        servers.stop()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes begin first, so that no process is left with one of them at the end.

    In a file, the tests that begin with the same rows follow each other: else the rows are made again and again.
    """
    places: dict[str, int] = {}
    for item in items:
        places.setdefault(file_of(item), len(places))
    items.sort(key=lambda item: (rank(item), places[file_of(item)], KEEPER.wanted_by(item)))


def pytest_collection_finish() -> None:
    """What is there by now stays: looking through it for garbage again and again takes a thirtieth of the run."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def rank(item: pytest.Item) -> int:
    """The place of a file among those that take long; the others come after them all."""
    return next((place for place, beginning in enumerate(LONG) if item.nodeid.startswith(beginning)), len(LONG))


def file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    KEEPER.prepare(item)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.create()
    KEEPER.blocker = django_db_blocker
    yield
    KEEPER.stop()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.drop()


@pytest.fixture(scope="session", autouse=True)
def _copy_instead_of_flush() -> None:
    """A test that commits leaves its rows behind; the next one gets a fresh copy."""

    def put_back(_case: TransactionTestCase) -> None:
        database.copy()

    TransactionTestCase._fixture_teardown = put_back  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _keep_static_files_in_the_browser() -> None:
    """As in the product, a browser asks for a style sheet or a script once, not with every page."""
    serve = StaticFilesHandler.serve

    def serve_to_keep(self: StaticFilesHandler, request: Any) -> Any:
        response = serve(self, request)
        response["Cache-Control"] = "max-age=3600"
        return response

    StaticFilesHandler.serve = serve_to_keep  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _sign_in_by_one_row() -> None:
    """Thousands of tests begin signed in: that is the row of a session, not the ten statements of a person who signs in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore

    def force_login(client: Client, user: Any, backend: str | None = None) -> None:
        session = store(get_random_string(32))
        session._session_cache = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: backend or "unionops.org.backends.PeopleBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            SEEN: timezone.now().isoformat(),
        }
        session.save(must_create=True)
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    Client.force_login = force_login  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request in English leaves its language to the thread: the next test begins in the language of the product."""
    yield
    translation.deactivate()


@kept
def history() -> World:
    """A district in the spring of 2026: every step of an issue, in two towns."""
    return live(make_world())


@kept
def plain() -> World:
    """A district in which nothing has happened yet."""
    return make_world()


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None) -> World:
    """The district of the test, with what was made for many tests if this one asks for that too."""
    return request.getfixturevalue(KEEPER.asked_by(request.fixturenames) or PLAIN)


@kept
def two_springs() -> World:
    """The district in its spring, and one next door in the same."""
    found = live(make_world())
    found.neighbour = live(far_world())
    return found


def far_world() -> World:
    return make_world("柯桥区总工会", "far_")


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, db: None) -> World:
    """Another district, whose people must see nothing of the first."""
    return request.getfixturevalue("world").neighbour or far_world()


@pytest.fixture
def as_person(world: World) -> Callable[..., Client]:
    """Return a browser in which the person of that name is signed in."""

    def sign_in(name: str, of: World | None = None) -> Client:
        client = Client()
        client.force_login((of or world)[name])
        return client

    return sign_in
