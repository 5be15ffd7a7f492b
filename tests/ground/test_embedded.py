"""The servers that the product brings along: closed to everybody else, and nothing committed is lost by a kill."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import redis
from django.db import DatabaseError

from unionops.embedded import ServerError, Servers, read_keys
from unionops.embedded.places import Places
from unionops.embedded.postgres import CARELESS
from unionops.management.commands.up import is_disk_full


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with Servers(tmp_path_factory.mktemp("careful")) as running:
        yield running


def postgres(servers: Servers, role: str = "owner", **other: object) -> psycopg.Connection:
    values = {
        "host": str(servers.places.sockets), "user": role, "password": servers.keys.password(role),
        "dbname": "unionops", "autocommit": True,
    }  # fmt: skip
    return psycopg.connect(**values | other)


def test_database_asks_for_the_password(servers):
    for wrong in ("", "guess", servers.keys.password("app")):
        with pytest.raises(psycopg.OperationalError, match="password"):
            postgres(servers, password=wrong, passfile="/dev/null")


def test_superuser_needs_its_password_too(servers):
    with pytest.raises(psycopg.OperationalError, match="password"):
        postgres(servers, "postgres", password="guess", dbname="postgres")


def test_broker_asks_for_the_password(servers):
    stranger = redis.Redis(unix_socket_path=str(servers.places.valkey_socket), socket_timeout=5)

    with pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_nothing_listens_on_the_network(servers):
    with postgres(servers) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert servers.valkey.client().config_get("port") == {"port": "0"}


def test_folders_and_keys_are_closed_to_others(servers):
    places = servers.places
    for folder in (places.postgres, places.valkey, places.sockets, places.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    assert stat.S_IMODE(places.keys.stat().st_mode) == 0o600
    owners = {folder.stat().st_uid for folder in (places.postgres, places.valkey, places.sockets)}
    assert owners == {servers.postgres.account.uid}
    assert owners != {0}


def test_app_role_changes_rows_not_structure(servers):
    with postgres(servers, "app") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


def test_every_commit_reaches_the_disk(servers):
    with postgres(servers) as connection:
        usual = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in CARELESS}
    assert usual.pop("scram_iterations") == "4096"
    assert set(usual.values()) == {"on"}
    assert servers.valkey.client().config_get("appendonly") == {"appendonly": "yes"}


def test_what_was_committed_survives_a_kill(servers):
    with postgres(servers) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 5000)")
    servers.valkey.client().set("kept", "yes")
    time.sleep(1.1)  # Valkey writes its file once a second

    kill(servers.postgres.process.pid)
    kill(servers.valkey.process.pid)
    servers.postgres.process.wait()
    servers.valkey.process.wait()
    servers.postgres.restart()
    servers.valkey.restart()
    servers.postgres._wait()
    servers.valkey._wait()

    with postgres(servers) as connection:
        assert connection.execute("SELECT count(*), max(number) FROM kept").fetchone() == (5000, 5000)
    assert servers.valkey.client().get("kept") == b"yes"


def kill(leader: int) -> None:
    os.kill(leader, signal.SIGKILL)


def test_second_start_in_the_same_folder_is_refused(servers):
    with pytest.raises(ServerError, match=f"already runs in .* \\(process {os.getpid()}\\)"):
        Servers(servers.places.data).start()
    with postgres(servers) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_full_disk_is_told_in_one_sentence(tmp_path, monkeypatch):
    left = SimpleNamespace(free=10 * 2**20)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: left)
    with pytest.raises(ServerError, match=r"^The disk of .* has 10 MB left; .* Make room\.$"):
        Servers(tmp_path / "full", careless=True).start()

    # It becomes full later, while the tables are made: PostgreSQL says so, or is gone.
    full, gone = DatabaseError(), DatabaseError()
    full.__cause__ = psycopg.errors.DiskFull()
    assert is_disk_full(full)
    assert is_disk_full(gone)
    left.free = 2**30
    assert is_disk_full(full)
    assert not is_disk_full(gone)


def test_careless_folder_of_a_stopped_start_can_be_used_again(tmp_path):
    def start() -> Servers:
        return Servers(tmp_path / "again", careless=True, valkey=False)

    with start() as running, postgres(running) as connection:
        connection.execute("CREATE TABLE of_the_first_start (id int)")
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    with start() as running, postgres(running) as connection:
        assert connection.execute("SELECT count(*) FROM of_the_first_start").fetchone() == (0,)


def test_lost_keys_are_named_and_never_made_anew(tmp_path):
    places = Places(tmp_path)
    read_keys(places)
    places.postgres.mkdir()
    places.keys.unlink()

    with pytest.raises(ServerError, match="Put the file back"):
        read_keys(places)
    assert not places.keys.exists()


def test_damaged_keys_are_named(tmp_path):
    (tmp_path / "keys.json").write_text("{")

    with pytest.raises(ServerError, match="damaged"):
        read_keys(Places(tmp_path))


def test_two_folders_have_different_secrets(tmp_path):
    first, second = read_keys(Places(tmp_path / "a")), read_keys(Places(tmp_path / "b"))

    assert first.index_key != second.index_key
    assert first.password("app") != second.password("app")


@pytest.mark.parametrize("name", ["it's 数据 文件夹", "a" * 120])
def test_odd_folder_names_work(tmp_path: Path, name: str):
    with Servers(tmp_path / name, careless=True) as running, postgres(running) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert running.valkey.client().ping()
