"""`manage.py up`: everything that UnionOps needs, until Ctrl-C."""

from __future__ import annotations

import errno
import http.client
import os
import shlex
import shutil
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from psycopg.errors import DiskFull

from unionops.embedded import ServerError, Servers
from unionops.org.models.accounts import SYSTEM_USERNAME, User
from unionops.static_files import collect_when_stale
from unionops.supervisor import Child, FalseStart, Supervisor, program, web_command
from unionops.words import compile_words

READY_SECONDS = 120.0
ASKED_AGAIN_SECONDS = 1.0
# Less room than one segment of PostgreSQL's log.
NOTHING_LEFT = 16 * 2**20
DEMO_PASSWORD = "unionops-demo"  # noqa: S105 -- printed on purpose, and only in demo mode
DEMO_ACCOUNTS = {
    "cadre": "驻联干部",
    "chief": "主要领导",
    "leader": "分管领导",
    "handler": "科室经办",
    "handler05": "技术派单",
    "town": "镇街工会",
    "clerk": "回访督办",
    "mediator": "调解员",
    "head": "中心负责人",
    "desk": "案管员",
    "court": "法院",
    "labour": "人社局",
    "justice": "司法局",
    "officer": "服务专员",
    "auditor": "审计",
    "admin": "管理员",
}


class Command(BaseCommand):
    help = "Start the servers, web, worker and beat, and keep them running until Ctrl-C."
    requires_system_checks: list[str] = []
    # The servers are not there yet.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=settings.UNIONOPS_PORT)
        # manage.py has read it before the settings were made; it stands here for --help.
        parser.add_argument("--data", type=Path, help="folder of the database, keys and files (var)")

    def handle(self, *, host: str, port: int, **_options: Any) -> None:
        began = time.monotonic()
        check_port(host, port)
        # A signal during the start must stop what already runs.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, interrupt)
        servers = Servers(settings.UNIONOPS_DATA, say=self.say, **settings.UNIONOPS_EMBEDS)
        try:
            with servers:
                # Outside the supervisor: there a signal is an exception, which ends a long migration at once.
                with insistent_signals():
                    is_new = self.prepare()
                with Supervisor(self.say) as supervisor:
                    watch(servers, supervisor)
                    start_children(supervisor, host, port)
                    self.wait_until_ready(supervisor, host, port)
                    if not supervisor.stopping:
                        self.announce(host, port, time.monotonic() - began, is_new=is_new)
                    supervisor.is_settled = True
                    while not supervisor.stopping:
                        supervisor.wait(60.0)
                    self.say("Stopping …")
        except (ServerError, FalseStart) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(explain(error)) from error
        except DatabaseError as error:
            if not is_disk_full(error):
                raise
            raise CommandError(disk_full()) from error
        except KeyboardInterrupt:
            # Asked for, so no failure: make would print one.
            self.say("Stopped before it was ready.")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def prepare(self) -> bool:
        """Bring the database, the words and the static files up to this release; say whether nobody can sign in yet."""
        compile_words()
        call_command("migrate", interactive=False, verbosity=0)
        if settings.UNIONOPS_DEMO and is_empty():
            self.load_demo()
        collect_when_stale()
        is_new = is_empty()
        connection.close()
        return is_new

    def load_demo(self) -> None:
        if "load_demo" not in get_commands():
            self.say("This build has no demo district.")
            return
        self.say("Loading the demo district (once) …")
        with transaction.atomic():
            call_command("load_demo", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def wait_until_ready(self, supervisor: Supervisor, host: str, port: int) -> None:
        end = time.monotonic() + READY_SECONDS
        while not supervisor.stopping:
            supervisor.wait(0.1)
            answer = ask(host, port)
            if answer == http.HTTPStatus.OK:
                return
            if time.monotonic() > end:
                logs = settings.UNIONOPS_DATA / "log"
                raise FalseStart(f"UnionOps did not become ready within {READY_SECONDS:.0f} s; see {logs}")

    def announce(self, host: str, port: int, seconds: float, *, is_new: bool) -> None:
        shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104 -- compared, not bound
        shown = f"[{shown}]" if ":" in shown else shown
        lines = [f"UnionOps is ready at http://{shown}:{port}/ ({seconds:.1f} s). Ctrl-C stops it."]
        if settings.UNIONOPS_DEMO:
            lines.append(f"Demo accounts, password {DEMO_PASSWORD}:")
            lines += [f"  {name:<9} {role}" for name, role in DEMO_ACCOUNTS.items()]
        elif is_new:
            folder = shlex.quote(str(settings.UNIONOPS_DATA))
            command = f"UNIONOPS_DATA={folder} .venv/bin/python manage.py create_admin"
            lines.append(f"Nobody can sign in yet. Make the first administrator: {command}")
        self.say("\n".join(lines))


def interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def insistent_signals() -> Iterator[None]:
    """A signal to stop is raised until it is heard: Python drops what is raised in a destructor or a callback."""
    is_inside = True
    was_asked = False

    def ask(_number: int, _frame: object) -> None:
        nonlocal was_asked
        was_asked = True
        if is_inside:
            signal.setitimer(signal.ITIMER_REAL, ASKED_AGAIN_SECONDS)
            raise KeyboardInterrupt

    def tell(dropped: sys.UnraisableHookArgs) -> None:
        # It is raised again: a trace of the one that was dropped would look like a fault.
        if dropped.exc_type is not KeyboardInterrupt:
            tell_before(dropped)

    tell_before, sys.unraisablehook = sys.unraisablehook, tell
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield
    finally:
        is_inside = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = tell_before
    if was_asked:
        raise KeyboardInterrupt


def check_port(host: str, port: int) -> None:
    if not 0 < port < 65536:
        raise CommandError(f"{port} is not a port: choose one from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reasons = {
                errno.EADDRINUSE: f"Port {port} is in use. Stop what listens there, or choose another: make run PORT=8123",
                errno.EACCES: f"Port {port} may only be used by root. Choose one above 1023: make run PORT=8123",
            }
            raise CommandError(reasons.get(error.errno or 0, f"{host}:{port}: {error.strerror}.")) from error


def watch(servers: Servers, supervisor: Supervisor) -> None:
    """Let the supervisor look after the embedded servers too; `servers` itself stops them, after everybody else."""
    for name, server in (("PostgreSQL", servers.postgres), ("Valkey", servers.valkey)):
        if server is not None:
            supervisor.adopt(Child(name, server.restart, process=server.process, stopped_elsewhere=True))


def start_children(supervisor: Supervisor, host: str, port: int) -> None:
    logs = settings.UNIONOPS_DATA / "log"
    logs.mkdir(mode=0o700, exist_ok=True)
    common = {
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "UNIONOPS_DATA": str(settings.UNIONOPS_DATA),
        "UNIONOPS_PORT": str(port),
        "UNIONOPS_DATABASE_ROLE": "app",
        "PYTHONUNBUFFERED": "1",
        # Django's checks are made where the product is built; worker and beat would make them at each start.
        "CELERY_SKIP_CHECKS": "1",
    }
    python = sys.executable
    worker = ["celery", "--app", "unionops.celery", "worker", "--concurrency", "2", "--optimization", "fair"]
    worker += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    beat = ["celery", "--app", "unionops.celery", "beat", "--pidfile=", "--loglevel", "WARNING"]
    commands = {
        "web": web_command(host, port),
        "worker": [python, "-m", *worker],
        "beat": [python, "-m", *beat],
    }
    for name, command in commands.items():
        environment = {**common, "UNIONOPS_PROCESS": name}
        supervisor.add(Child(name, program(command, environment, logs / f"{name}.log")))


def is_empty() -> bool:
    return not User.objects.exclude(username=SYSTEM_USERNAME).exists()


def ask(host: str, port: int) -> int:
    """Return the status of /healthz, 0 when nobody answers yet."""
    link = http.client.HTTPConnection(host if host not in ("", "0.0.0.0") else "127.0.0.1", port, timeout=5)  # noqa: S104
    try:
        link.request("GET", "/healthz", headers={"Host": f"127.0.0.1:{port}"})
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        link.close()


def explain(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return disk_full()
    return f"{error.filename or settings.UNIONOPS_DATA}: {error.strerror}."


def is_disk_full(error: DatabaseError) -> bool:
    """PostgreSQL says so, or has gone away because it could not even write its log."""
    return isinstance(error.__cause__, DiskFull) or shutil.disk_usage(settings.UNIONOPS_DATA).free < NOTHING_LEFT


def disk_full() -> str:
    return f"The disk of {settings.UNIONOPS_DATA} is full. Make room, then start again; nothing saved is lost."
