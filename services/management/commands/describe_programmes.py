from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import translation

from services.catalogue import ELSEWHERE, ENTRIES, WALK, WALKED_BY, rows
from services.enums import Applicant
from services.extra import read_extras
from services.published import BESIDE, NOT_IN_DEMO, PUBLISHED, REPRODUCED, SHOWN_BESIDE
from services.shapes import OWN, ShapeKind, kind_for, pages_of
from unionops.joining import listed

HEAD = """\
# Programmes

Written by `manage.py describe_programmes`; a test fails when it is stale.

Every work system of the field has its row: where it lives, how it is configured, which test walks it from its beginning to
its end, and which published figures belong to it; each of these is a figure of the demo that opens its rows, named below under
«figures», or stands where it is said. A programme stands on one of four shapes (claim, order, activity, place)
and needs no code: `manage.py install_programmes DISTRICT` adds all of them, the page 项目设置 → 从目录添加 those that are
ticked. The demo installs them all; «in the demo» says which of the published figures it has as rows that add up to them
(tests/services/test_demo.py asks the indicators). A row stands for as many people as it says: twelve thousand on a retreat are
120 plans of units, forty-five thousand children 110 classes. What was published and is not in the demo has a table of its own. The list of a programme shows what its cases add up to beside what was
published. Each run of the tests takes every claim, order and activity to its end by its actions (test_claims, test_orders,
test_activities), and every fourth programme through the pages; with UNIONOPS_TESTS=full all of them.
"""


def page() -> str:
    """The page docs/programmes.md, from the catalogues of the shapes and the table of what lives elsewhere."""
    with translation.override("zh-hans"):
        programmes: dict[str, list[dict[str, Any]]] = {}
        for row in rows():
            programmes.setdefault(row.get("catalogue", ""), []).append(row)
        parts = [HEAD, "| entry | where | page | test | published figures |", "|---|---|---|---|---|"]
        for number, name in ENTRIES.items():
            parts += _lines(number, name, programmes.get(number, []))
        parts += ["\n## Published, and not in the demo\n", "| entry | figure | why not |", "|---|---|---|"]
        parts += [
            _line(f"{number} {ENTRIES[number]}", *told) for number, found in NOT_IN_DEMO.items() for told in found
        ]
        parts.append("\n## Configurations")
        for row in rows():
            parts += _whole(row)
    return "\n".join([*parts, ""])


def _lines(number: str, name: str, own: list[dict[str, Any]]) -> Iterator[str]:
    for row in own:
        figures = "；".join(f"{figure['label']} {figure['value']}" for figure in row.get("figures", ()))
        yield _line(
            f"{number} {name}", f"{row['shape']}: {row['name']} `{row['code']}`", _page(row), _test(row["code"]), figures
        )  # fmt: skip
    if number in ELSEWHERE:
        there = ELSEWHERE[number]
        where = f"{there.room}: {there.configuration}"
        yield _line(f"{number} {name}", where, f"`{reverse(there.page)}`", f"`{there.test}`", "；".join(there.figures))
    elif not own:
        yield _line(f"{number} {name}", "—", "", "", "")


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _test(code: str) -> str:
    return f"`{WALKED_BY.get(code) or f'{WALK}[{code}]'}`"


def _page(row: dict[str, Any]) -> str:
    own = [f"`{page.url}`" for page in pages_of(row["code"], row["shape"])]
    return " ".join([f"`/services/p/{row['code']}/`", *own])


def _whole(row: dict[str, Any]) -> Iterator[str]:
    kind = kind_for(row["shape"])
    yield f"\n### `{row['code']}` {row['name']} — {row.get('catalogue', '')}, {row['shape']}\n"
    if row.get("summary"):
        yield f"{row['summary']}\n"
    for label, words in (
        ("for", listed(Applicant(one).label for one in row["applicants"])),
        ("way", " → ".join(_steps(kind, row))),
        ("beside", listed(_word(kind, row, verb) for verb in kind.table if verb in kind.spare & set(row.get("steps", ())))),
        ("fields", listed(_field(one, row) for one in read_extras(row.get("fields", ())))),
        ("papers", listed(row.get("documents", ()))),
        ("terms", listed(f"{_state(kind, row, state)} {length} {unit}" for state, (length, unit) in row.get("terms", {}).items())),
        ("limits", listed(f"{label} {row['limits'][key]} {unit}".strip() for key, label, unit, _ in kind.all_limits if key in row.get("limits", {}))),
        ("in the demo", "; ".join(_in_demo(kind, row))),
        ("figures", "; ".join(_figures(row))),
        ("shown to everybody", listed(extra.label for extra in read_extras(row.get("fields", ())) if f"{OWN}{extra.key}" in row.get("public_fields", ()))),
        ("doors", ", ".join(word for key, word in (("is_public", "public"), ("is_confidential", "confidential")) if row.get(key))),
    ):  # fmt: skip
        if words:
            yield f"* {label}: {words}"


def _in_demo(kind: ShapeKind, row: dict[str, Any]) -> Iterator[str]:
    """What the rows of the demo add up to, year by year, and what it has beside them."""
    own = {extra.key: extra for extra in read_extras(row.get("fields", ()))}
    columns = {field.name: str(field.verbose_name) for field in kind.model._meta.concrete_fields}
    for one in PUBLISHED.get(row["code"], ()):
        parts = [f"{one.rows:,} 件"]
        if one.people:
            parts.append(f"{one.people:,} 人")
        if one.amount:
            parts.append(f"{one.amount:,.2f} 元")
        if one.ended:
            parts.append(f"办结 {one.ended:,} 件（{100 * one.ended / one.rows:.2f}%）")
        parts += [f"{own[key].label} {total:,} {own[key].unit}".strip() for key, total in one.own.items()]
        parts += [f"{columns[name]} {total:,}" for name, total in one.columns.items()]
        parts += [
            f"{own[key].label}：{answer} {count:,}"
            for key, counts in one.answers.items()
            for answer, count in counts.items()
        ]
        yield f"{one.year} 年 {'、'.join(parts)}"
    if row["code"] in BESIDE:
        yield f"{BESIDE[row['code']][0]} (`{BESIDE[row['code']][1]}`)"


def _figures(row: dict[str, Any]) -> Iterator[str]:
    """Each published figure, and the figure of the product that says the same in the demo."""
    known = {one.label: one for one in REPRODUCED.get(row["code"], ())}
    for figure in row.get("figures", ()):
        told = f"{figure['label']} {figure['value']}"
        if one := known.get(figure["label"]):
            yield f"{told} = `{one.code}` {one.years}: {one.words}"
        else:
            place, test = SHOWN_BESIDE[row["code"], figure["label"]]
            yield f"{told}: {place} (`{test}`)"


def _steps(kind: ShapeKind, row: dict[str, Any]) -> Iterator[str]:
    for verb in kind.line:
        if verb not in kind.optional or verb in row.get("steps", ()):
            yield _word(kind, row, verb)


def _word(kind: ShapeKind, row: dict[str, Any], verb: str) -> str:
    return str(row.get("names", {}).get(f"verb:{verb}") or kind.table[verb].label)


def _state(kind: ShapeKind, row: dict[str, Any], state: str) -> str:
    return str(row.get("names", {}).get(f"state:{state}") or dict(kind.states.choices)[state])


def _field(extra: Any, row: dict[str, Any]) -> str:
    marks = [word for word, is_so in (("sealed", extra.sealed), ("counted", extra.counted)) if is_so]
    marks += [f"{extra.target:,} a year"] if extra.target else []
    marks += [f"at least {extra.least}"] if extra.least else []
    marks += [f"at most {extra.most}"] if extra.most else []
    marks += [f"the term, yellow {extra.alarm} days before"] if extra.alarm else []
    if extra.by:
        number = next(one["label"] for one in row["fields"] if one["key"] == extra.by)
        marks.append(
            f"only {extra.choices[0]} from {extra.by_from} {number} on" if extra.choices else f"at most {number}"
        )
    return f"{extra.label} ({', '.join(marks)})" if marks else extra.label


class Command(BaseCommand):
    help = "Write the page of the programmes: manage.py describe_programmes > docs/programmes.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
