"""The first account is made by a command: with a good password, and with its district."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connection

from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import Event, Organisation, Posting, User

GOOD = "eine-lange-gute-Losung-7"
WHO = {"username": "chen.min", "name": "陈敏", "district": "越城区总工会"}
COMMAND = [
    str(Path(settings.BASE_DIR) / "manage.py"), "create_admin", *(f"--{option}={value}" for option, value in WHO.items()),
]  # fmt: skip


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(f"{GOOD}\r\nnot this\n", encoding="utf-8")
    return file


@pytest.mark.django_db
def test_administrator_and_district_are_made(password_file, capsys):
    call_command("create_admin", **WHO, password_file=password_file)

    user = User.objects.get(username="chen.min")
    posting = Posting.objects.get(user=user)
    assert user.check_password(GOOD)
    assert (posting.role, posting.organisation.name) == (Role.ADMIN, "越城区总工会")
    assert posting.organisation.kind == OrganisationKind.DISTRICT
    made = Event.objects.filter(verb__endswith=".create").values_list("verb", "subject_id", "by__username")
    district = ("organisation.create", str(posting.organisation_id), "system")
    assert {district, ("user.create", str(user.pk), "system")} <= set(made)
    assert GOOD not in capsys.readouterr().out


@pytest.mark.django_db
def test_second_administrator_joins_the_district(password_file):
    call_command("create_admin", **WHO, password_file=password_file)
    call_command("create_admin", **WHO | {"username": "li.na", "name": "李娜"}, password_file=password_file)

    assert Organisation.objects.filter(kind=OrganisationKind.DISTRICT).count() == 1
    assert Posting.objects.filter(role=Role.ADMIN).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["kurz", "1234567890123", "password1234", "chen.min.2026"])
def test_weak_password_makes_nothing(monkeypatch, weak):
    monkeypatch.setenv("UNIONOPS_ADMIN_PASSWORD", weak)

    with pytest.raises(CommandError):
        call_command("create_admin", **WHO)

    assert not User.objects.filter(username="chen.min").exists()
    assert not Organisation.objects.filter(name="越城区总工会").exists()


@pytest.mark.django_db
def test_name_that_is_taken_is_refused(password_file):
    call_command("create_admin", **WHO, password_file=password_file)

    with pytest.raises(CommandError, match="登录名"):
        call_command("create_admin", **WHO | {"username": "CHEN.MIN"}, password_file=password_file)


@pytest.mark.django_db
def test_file_that_is_missing_or_empty_is_named(tmp_path):
    (tmp_path / "empty").write_text("\n")
    for name in ("missing", "empty"):
        with pytest.raises(CommandError, match=name):
            call_command("create_admin", **WHO, password_file=tmp_path / name)


@pytest.mark.django_db(transaction=True)
def test_password_is_typed_twice_at_a_terminal():
    told, answer = type_into([GOOD, GOOD])

    assert (answer, "may sign in" in told) == (0, True)
    assert User.objects.filter(username="chen.min").exists()
    assert GOOD not in told


@pytest.mark.django_db
def test_passwords_that_differ_make_nothing(monkeypatch):
    typed = iter([GOOD, "anders-getippt-12"])
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))

    with pytest.raises(CommandError, match="differ"):
        call_command("create_admin", **WHO)

    assert not User.objects.filter(username="chen.min").exists()


@pytest.mark.django_db
def test_without_a_terminal_it_says_what_to_give(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))

    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(COMMAND)

    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert "--password-file" in told
    assert "Traceback" not in told


def environment() -> dict[str, str]:
    """The command of a real process must see the database of this test."""
    name = str(connection.settings_dict["NAME"])
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "unionops.settings.test",
        "DATABASE_URL": settings.DATABASE_URL.replace("/unionops?", f"/{name}?"),
        "REDIS_URL": settings.REDIS_URL,
    }


def type_into(lines: list[str]) -> tuple[str, int]:
    """Run the command at a terminal and answer each of its questions; return what was shown and the exit code."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, *COMMAND], env=environment(), stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    ) as process:
        os.close(slave)
        shown, asked = b"", 0
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
            while asked < len(lines) and shown.count(b": ") > asked:
                os.write(master, lines[asked].encode() + b"\n")
                asked += 1
        os.close(master)
    return shown.decode(), process.returncode
