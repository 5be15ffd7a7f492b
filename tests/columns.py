"""The menu of columns, walked on any list that has one."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.test import Client


def walk_columns(client: Client, url: str) -> None:
    """All columns, none but the title, the usual ones: heads and cells agree, and the device keeps what was chosen."""
    usual = shown(client, url)
    every, ticked = menu(client, url)
    assert 0 < len(ticked) < len(every)
    choose(client, url, every)
    assert shown(client, url) == usual + len(every) - len(ticked)
    assert menu(client, url)[1] == every
    choose(client, url, [])
    bare = shown(client, url)
    assert bare == usual - len(ticked)
    # What no list has, and what is no list, changes nothing.
    choose(client, url, ["password", "' or 1=1"])
    assert shown(client, url) == bare
    client.cookies["columns"] = "%00&issues&=&visits=a.b&service=..&x=" + "y" * 9000
    assert shown(client, url) == usual
    del client.cookies["columns"]
    choose(client, url, every)
    choose(client, url, [], "usual")
    assert (shown(client, url), menu(client, url)) == (usual, (every, ticked))


def choose(client: Client, url: str, keys: list[str], how: str = "chosen") -> None:
    separator = "&" if "?" in url else "?"
    query = urlencode([("columns", how), *(("column", key) for key in keys)])
    answer = client.get(f"{url}{separator}{query}")
    assert (answer.status_code, answer["Location"]) == (302, url)


def menu(client: Client, url: str) -> tuple[list[str], list[str]]:
    """The keys that are offered, and those of them that are shown."""
    found = re.findall(r'name="column" value="([^"]+)" form="columns"( checked)?', client.get(url).content.decode())
    return [key for key, _ticked in found], [key for key, ticked in found if ticked]


def shown(client: Client, url: str) -> int:
    """How many columns stand in the list: as many heads as cells in each of its rows."""
    text = client.get(url).content.decode()
    heads = text.count('<th scope="col"')
    rows = text.partition("<tbody data-unionops-rows>")[2].partition("</tbody>")[0].split("<tr")[1:]
    assert rows
    assert {row.count("<td") for row in rows} == {heads}
    return heads
