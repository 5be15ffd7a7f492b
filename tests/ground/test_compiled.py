"""Compiled templates are kept; what is wrong with them is never wrong with a page."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import jinja2
import pytest
from pytest_django import Settings

from unionops.jinja import environment

PAGES = {"page.html": "<p>{{ name }} {{ icon('not-an-icon') }}</p>"}


def drawn() -> str:
    """As a process that has just begun draws it."""
    return environment(loader=jinja2.DictLoader(PAGES)).get_template("page.html").render(name="走访")


def kept(data: Path) -> list[Path]:
    return [path for path in (data / "templates").rglob("*") if path.is_file()]


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.UNIONOPS_DATA = tmp_path
    return tmp_path


def test_one_process_keeps_what_the_next_one_uses(data: Path) -> None:
    first = drawn()
    (data / "templates" / "of-an-older-release").mkdir()
    [file] = kept(data)
    changed = file.stat().st_mtime_ns

    assert drawn() == first
    assert [found.stat().st_mtime_ns for found in kept(data)] == [changed]
    assert [folder.name for folder in (data / "templates").iterdir()] == [file.parent.name]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (data / "templates", file.parent)} == {0o700}


@pytest.mark.parametrize("share", [0, 0.3, 0.6, 0.95])
def test_file_that_was_cut_off_is_made_anew(data: Path, share: float) -> None:
    first = drawn()
    [file] = kept(data)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])

    assert drawn() == first
    assert file.read_bytes() == whole


def test_page_is_drawn_where_nothing_can_be_kept(data: Path) -> None:
    env = environment(loader=jinja2.DictLoader(PAGES))
    shutil.rmtree(data / "templates")

    assert "走访" in env.get_template("page.html").render(name="走访")


def test_folder_that_others_may_write_in_is_not_believed(data: Path) -> None:
    drawn()
    [file] = kept(data)
    file.parent.chmod(0o777)
    file.unlink()

    assert "走访" in drawn()
    assert kept(data) == []
