"""What is served of the libraries of the pages."""

from __future__ import annotations

import json
import re

from unionops import assets


def test_style_sheet_has_the_classes_that_are_named_and_few_others() -> None:
    styles = (assets.VENDOR / "tabler.min.css").read_text(encoding="utf-8")
    kept = set(assets.CLASS.findall(styles))
    named = {"btn", "btn-primary", "card", "card-header", "card-body", "form-control", "form-select", "table", "page"}

    assert named <= set(assets.used_classes())
    assert named <= kept
    assert "carousel-item" not in kept
    assert len(styles) < len(assets.STYLES.read_text(encoding="utf-8")) / 5


def test_each_icon_that_is_named_can_be_drawn() -> None:
    shapes = json.loads(assets.SHAPES.read_text())

    assert sorted(shapes) == assets.used_icons()
    assert all(shape.startswith("<") and shape.endswith(">") for shape in shapes.values())


def test_each_icon_of_a_template_has_a_name_that_there_is() -> None:
    shapes = json.loads(assets.SHAPES.read_text())
    pages = sorted((assets.ROOT / "templates").rglob("*.html"))
    drawn = {(name, page.name) for page in pages for name in re.findall(r'icon\("([^"]*)"', page.read_text("utf-8"))}

    assert len(drawn) > 300
    assert [found for found in sorted(drawn) if found[0] not in shapes] == []


def test_scripts_find_their_icons_in_one_small_file() -> None:
    sprite = (assets.VENDOR / "icons.svg").read_text(encoding="utf-8")
    drawn = {
        name for path in assets.SCRIPTS.glob("*.js") for name in re.findall(r'icon\("([a-z0-9-]+)"', path.read_text())
    }

    assert len(drawn) > 5
    assert [name for name in drawn if sprite.count(f'id="{name}"') != 1] == []
    assert len(sprite) < 20_000
