"""Pages go out compressed, and nothing else does."""

from __future__ import annotations

import gzip

import pytest

pytestmark = pytest.mark.django_db
ACCEPTS = {"Accept-Encoding": "gzip, br"}


def test_a_page_comes_as_a_fifth_of_itself(as_person) -> None:
    client = as_person("leader")
    plain, packed = client.get("/issues/"), client.get("/issues/", headers=ACCEPTS)

    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert "Accept-Encoding" in plain["Vary"]
    assert gzip.decompress(packed.content).startswith(b"<!doctype html>")
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 3


def test_the_mark_of_a_record_comes_back_as_it_went_out(as_person, world) -> None:
    answer = as_person("leader").get(f"/api/v1/enterprises/{world.enterprise.pk}/", headers=ACCEPTS)

    assert "Content-Encoding" not in answer
    assert answer["ETag"].startswith('"')
