"""A house of its own starts with all its settings or ends with a sentence that names the one that is missing or wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
KEY = "5a" * 32
COMPLETE = {
    "UNIONOPS_SECRET_KEY": "c4" * 32,
    "UNIONOPS_DATA_KEYS": f"1:{KEY}",
    "UNIONOPS_INDEX_KEY": KEY,
    "UNIONOPS_URL": "https://unionops.example",
    "DATABASE_URL": "postgresql://app:secret@127.0.0.1:5432/unionops",
    "REDIS_URL": "redis://:secret@127.0.0.1:6379/0",
}


def read(name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Read settings as a start does: in a process that has nothing else in its environment."""
    code = f"import unionops.settings.{name} as found; print(found.ALLOWED_HOSTS, found.SESSION_COOKIE_SECURE, found.DEBUG)"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_complete_production_settings_are_read():
    done = read("prod", COMPLETE)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "['unionops.example'] True False\n"


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_missing_variable_is_named_in_one_sentence(name):
    done = read("prod", {key: value for key, value in COMPLETE.items() if key != name})

    assert done.returncode == 1
    assert done.stderr.startswith(name)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UNIONOPS_SECRET_KEY", "short"),
        ("UNIONOPS_DATA_KEYS", "1:beef"),
        ("UNIONOPS_DATA_KEYS", KEY),
        ("UNIONOPS_INDEX_KEY", "beef"),
        ("UNIONOPS_URL", "unionops.example"),
        ("UNIONOPS_DEMO", "1"),
        ("UNIONOPS_DEMO", "perhaps"),
        ("UNIONOPS_PORT", "many"),
        ("DATABASE_URL", "mysql://app:secret@127.0.0.1/unionops"),
        ("REDIS_URL", "amqp://127.0.0.1"),
    ],
)
def test_wrong_value_is_named_and_kept_to_oneself(name, value):
    done = read("prod", COMPLETE | {name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(name)
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "secret@" not in done.stderr


def test_secret_may_lie_in_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text(f"{COMPLETE['UNIONOPS_SECRET_KEY']}\n")
    without = {key: value for key, value in COMPLETE.items() if key != "UNIONOPS_SECRET_KEY"}

    assert read("prod", without | {"UNIONOPS_SECRET_KEY_FILE": str(file)}).returncode == 0
    done = read("prod", without | {"UNIONOPS_SECRET_KEY_FILE": str(tmp_path / "none")})
    assert (done.returncode, done.stderr.startswith("UNIONOPS_SECRET_KEY_FILE")) == (1, True)


def test_with_servers_of_ones_own_nothing_is_embedded():
    code = "import unionops.settings.dev as found; print(found.UNIONOPS_EMBEDS)"
    urls = {name: COMPLETE[name] for name in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PATH": os.environ["PATH"], "UNIONOPS_DATA": "var/test"} | urls,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "{'postgres': False, 'valkey': False}\n"


def test_every_variable_is_written_down_and_nothing_else():
    code = "\n".join(file.read_text() for file in sorted((ROOT / "unionops").rglob("*.py")))
    read_ones = set(re.findall(r"""["'](UNIONOPS_[A-Z_]+|DATABASE_URL|DATABASE_OWNER_URL|REDIS_URL)["']""", code))
    page = (ROOT / "docs" / "settings.md").read_text()
    written = set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))

    assert written == read_ones - NOT_FOR_PEOPLE


# Handed from one of our processes to another, or names of settings that no variable sets.
NOT_FOR_PEOPLE = {"UNIONOPS_TEST_DATA", "UNIONOPS_PROCESS", "UNIONOPS_EMBEDS"}


def test_missing_library_is_named_in_one_sentence():
    """Whichever it is: also one that is first asked for by the settings or by an app."""
    start = "import runpy, sys; sys.modules['redis'] = None; sys.argv = ['manage.py', 'check']; runpy.run_path('manage.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", start], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == "A library is missing (redis). Run `make run` once: it installs what UnionOps needs.\n"
