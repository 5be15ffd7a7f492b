"""One PostgreSQL in one folder: initdb once, then a foreground process that only its Unix socket reaches."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from .binaries import postgres_programs
from .errors import ServerError
from .keys import APP, BACKUP, DATABASE, OWNER, SUPERUSER, Keys
from .places import POSTGRES_PORT, Places, own_folder, server_account
from .processes import identity, pauses, server_environment, spawn, stop, stop_left_behind

# A server that was killed reads its log first: with max_wal_size 1 GB under a minute, on a slow disk longer (trust 2).
RECOVERY_SECONDS = 600
STOP_SECONDS = 60
SAY_AFTER_SECONDS = 3.0

PARAMETERS = {
    "listen_addresses": "",
    "port": str(POSTGRES_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "192MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "5min",
    "jit": "off",
    # What people typed must not reach the log: neither statements nor the DETAIL lines with a row's values.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
# A test database may be lost: it is made anew at every run. Its thousands of connections need not be slow to guess.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "scram_iterations": "1",
}
ACCESS = """\
# Written at every start. Passwords for everybody, sockets only.
local all all scram-sha-256
"""


class Postgres:
    def __init__(self, places: Places, keys: Keys, say: Callable[[str], None], *, careless: bool = False) -> None:
        self.places = places
        self.keys = keys
        self.say = say
        self.careless = careless
        self.account = server_account()
        self.programs = postgres_programs(self.account)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when the server answers and its roles and database exist."""
        self._clean_up()
        own_folder(self.places.sockets, self.account)
        if not (self.places.postgres / "PG_VERSION").exists():
            self._create_cluster()
        self._check_version()
        (self.places.postgres / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
        self.launch()
        self._wait()
        self._create_roles()

    def launch(self) -> None:
        """Start the process; `start` has prepared its folder."""
        parameters = PARAMETERS | (CARELESS if self.careless else {})
        with self._paths(self.places.postgres, self.places.sockets) as ((data, sockets), descriptors):
            parameters["unix_socket_directories"] = '"' + sockets.replace('"', '""') + '"'
            command: list[str | Path] = [self.programs / "postgres", "-D", data]
            command += [part for name, value in parameters.items() for part in ("-c", f"{name}={value}")]
            with self._log() as log:
                self.process = spawn(
                    command,
                    account=self.account,
                    folder=self.places.postgres,
                    log=log,
                    stop_with=signal.SIGINT,
                    descriptors=descriptors,
                )

    def restart(self) -> subprocess.Popen[bytes]:
        """Start again after a death; what waits for a connection gets one when recovery is over."""
        self._clean_up()
        self.launch()
        assert self.process is not None
        return self.process

    def stop(self) -> None:
        """«Fast» shutdown: open transactions are rolled back, everything committed is on the disk."""
        if self.process is not None:
            stop(self.process, signal.SIGINT, STOP_SECONDS)
            self.process = None

    def connect(self, role: str = SUPERUSER, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.places.sockets),
            port=POSTGRES_PORT,
            user=role,
            password=self.keys.password(role),
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    @contextlib.contextmanager
    def _paths(self, *folders: Path) -> Iterator[tuple[list[str], list[int]]]:
        """Name folders so that the server's account reaches them.

        Under root the project may lie in a closed home folder. The server then gets the folders themselves, as open
        descriptors that it names through /proc: no parent has to be opened to anybody.
        """
        if not self.account.is_other:
            yield [os.fspath(folder) for folder in folders], []
            return
        descriptors = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders]
        try:
            yield [f"/proc/self/fd/{descriptor}" for descriptor in descriptors], descriptors
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    @contextlib.contextmanager
    def _log(self) -> Iterator[IO[bytes]]:
        self.places.logs.mkdir(mode=0o700, exist_ok=True)
        with open(self.places.logs / "postgres.log", "ab") as log:
            yield log

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = (self.places.logs / "postgres.log").read_text(errors="replace").splitlines()[-40:]
            if any("No space left on device" in line for line in lines):
                return "the disk is full"
            fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
            return (fatal or lines or [""])[-1].split(":  ")[-1].strip()
        return ""

    def _clean_up(self) -> None:
        """Stop what an earlier start left running, and forget a pid file that names a stranger."""
        if not self.places.postgres.exists():
            return
        orphans = stop_left_behind(self.places.postgres, "postgres", signal.SIGINT, STOP_SECONDS)
        if orphans:
            self.say("A PostgreSQL of an earlier start was still running; it has been stopped.")
        (self.places.postgres / "postmaster.pid").unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        """Run initdb beside and rename, so that a killed one leaves nothing half made."""
        self.say("Creating the database (once)")
        part = self.places.data / "postgres.part"
        shutil.rmtree(part, ignore_errors=True)
        own_folder(part, self.account)
        secret_read, secret_write = os.pipe()
        try:
            # initdb opens the pipe once more by its name, so it must belong to the account.
            os.fchown(secret_read, self.account.uid, self.account.gid)
            os.write(secret_write, f"{self.keys.postgres}\n".encode())
            os.close(secret_write)
            with self._paths(part) as ((data,), descriptors), self._log() as log:
                done = subprocess.run(
                    [
                        self.programs / "initdb",
                        f"--pgdata={data}",
                        f"--username={SUPERUSER}",
                        f"--pwfile=/dev/fd/{secret_read}",
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        # With lc_ctype C pg_trgm finds no trigrams in Chinese.
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C",
                        "--lc-ctype=C.UTF-8",
                        *(["--no-sync"] if self.careless else []),
                    ],
                    check=False,
                    cwd=part,
                    env=server_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=[*descriptors, secret_read],
                    **identity(self.account),
                )
        finally:
            os.close(secret_read)
        if done.returncode:
            words = self._last_words()
            shutil.rmtree(part, ignore_errors=True)
            raise ServerError(f"The database could not be created in {self.places.data}: {words}.")
        part.rename(self.places.postgres)

    def _check_version(self) -> None:
        found = (self.places.postgres / "PG_VERSION").read_text().strip()
        ours = subprocess.run(
            [self.programs / "postgres", "-V"], check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        if found != ours.partition(".")[0]:
            raise ServerError(
                f"{self.places.postgres} was made by PostgreSQL {found}, this is {ours}. "
                "Dump it with the old version (docs) and load it into a new folder."
            )

    def _wait(self) -> None:
        """Poll until a password login works; recovery after a crash may take minutes, and is said."""
        assert self.process is not None
        began = time.monotonic()
        said = 0.0
        for _round in pauses(RECOVERY_SECONDS):
            if self.process.poll() is not None:
                raise ServerError(f"PostgreSQL ended at once: {self._last_words()}.")
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    self.stop()
                    raise ServerError(
                        f"{self.places.keys} does not hold the password of this database. Put the right file back."
                    ) from error
            else:
                return
            passed = time.monotonic() - began
            if passed > said + SAY_AFTER_SECONDS:
                said = passed + SAY_AFTER_SECONDS
                self.say(f"PostgreSQL is recovering from an unclean stop ({passed:.0f} s) …")
        self.stop()
        raise ServerError(f"PostgreSQL did not become ready within {RECOVERY_SECONDS} s; see {self.places.logs}.")

    def _create_roles(self) -> None:
        """Three roles: the owner changes structure, app only rows, backup only reads. Nobody works as the superuser."""
        with self.connect() as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
            for role, rights in ((OWNER, "CREATEDB"), (APP, ""), (BACKUP, "")):
                if role not in known:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
                            sql.Identifier(role), sql.SQL(rights), sql.Literal(self.keys.password(role))
                        )
                    )
            if OWNER not in known:
                # So that the owner may end the connections of the app, as before restoring a copy.
                connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
            if BACKUP not in known:
                connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(BACKUP)))
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not exists:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )
                for statement in (
                    "REVOKE ALL ON DATABASE {} FROM PUBLIC",
                    "GRANT CONNECT ON DATABASE {} TO app, backup",
                ):
                    connection.execute(sql.SQL(statement).format(sql.Identifier(DATABASE)))
