"""What is served of the libraries of the pages."""

from __future__ import annotations

from unionops import assets


def test_style_sheet_has_the_classes_that_are_named_and_few_others() -> None:
    styles = (assets.VENDOR / "tabler.min.css").read_text(encoding="utf-8")
    kept = set(assets.CLASS.findall(styles))
    named = {"btn", "btn-primary", "card", "card-header", "card-body", "form-control", "form-select", "table", "page"}

    assert named <= set(assets.used_classes())
    assert named <= kept
    assert "carousel-item" not in kept
    assert len(styles) < len(assets.STYLES.read_text(encoding="utf-8")) / 5


def test_each_icon_that_is_named_is_served_once() -> None:
    sprite = (assets.VENDOR / "icons.svg").read_text(encoding="utf-8")

    assert [name for name in assets.used_icons() if sprite.count(f'id="{name}"') != 1] == []
