"""Migrations from nothing in seconds instead of minutes.

With every table or field that an operation adds, Django builds the classes of all models anew that are related to it, however
far: with two hundred tables that refer to people and organisations, all of them each time. To make a table, a column or an
index, its own class is enough. Whatever reads or writes rows (RunPython) still gets classes that were all built for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger


def _add_model(state: ProjectState, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    if state._relations is not None:  # type: ignore[attr-defined]
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:  # hasattr would cache the property
        state.apps.render_multiple([model_state])


def _reload_model(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    """A field came, went or changed: its own class is built anew. Classes that refer to it name the old one, of the same table."""
    if "apps" in state.__dict__:
        model_state = state.models[app_label, model_name]
        state.apps.unregister_model(app_label, model_name)
        state.apps.clear_cache()
        state.apps.render_multiple([model_state])


def _append_option(state: ProjectState, app_label: str, model_name: str, option: str, thing: Any) -> None:
    """A constraint or an index: the class that stands gets it, nothing else changes."""
    model_state = state.models[app_label, model_name]
    model_state.options[option] = [*model_state.options.get(option, []), thing]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option, list(model_state.options[option]))


def _forget_classes(state: ProjectState) -> None:
    """Called before rows are read or written."""
    state.__dict__.pop("apps", None)


def _add_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    _append_option(state, app_label, operation.model_name.lower(), "triggers", operation.trigger)


@contextmanager
def quick_states() -> Iterator[None]:
    """Within this block, migrations build no more classes than they need."""
    quick = (
        (ProjectState, "add_model", _add_model),
        (ProjectState, "reload_model", _reload_model),
        (ProjectState, "_append_option", _append_option),
        (AddTrigger, "state_forwards", _add_trigger),
        (ProjectState, "clear_delayed_apps_cache", _forget_classes),
    )
    usual = [(owner, name, getattr(owner, name)) for owner, name, _ours in quick]
    for owner, name, ours in quick:
        setattr(owner, name, ours)
    try:
        yield
    finally:
        for owner, name, theirs in usual:
            setattr(owner, name, theirs)
