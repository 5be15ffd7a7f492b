"""Migrations from nothing in seconds instead of minutes.

With every table that an operation adds, Django builds the classes of all models anew that are related to it, however far:
with two hundred tables that refer to people and organisations, all of them each time. To make a table or an index, its own
class is enough. Whatever reads or writes rows (RunPython) still gets classes that were all built for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger


def _add_model(state: ProjectState, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    if state._relations is not None:  # type: ignore[attr-defined]
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:  # hasattr would cache the property
        state.apps.render_multiple([model_state])


def _append_option(state: ProjectState, app_label: str, model_name: str, option: str, thing: Any) -> None:
    """A constraint or an index: the class that stands gets it, nothing else changes."""
    model_state = state.models[app_label, model_name]
    model_state.options[option] = [*model_state.options.get(option, []), thing]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option, list(model_state.options[option]))


def _add_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    _append_option(state, app_label, operation.model_name.lower(), "triggers", operation.trigger)


@contextmanager
def quick_states() -> Iterator[None]:
    """Within this block, migrations build no more classes than they need."""
    apply_migration = MigrationExecutor.apply_migration

    def apply_with_rows(
        executor: MigrationExecutor, state: ProjectState, migration: Any, **options: Any
    ) -> ProjectState:
        if any(isinstance(operation, RunPython) for operation in migration.operations):
            state.__dict__.pop("apps", None)
        return apply_migration(executor, state, migration, **options)

    quick = (
        (ProjectState, "add_model", _add_model),
        (ProjectState, "_append_option", _append_option),
        (AddTrigger, "state_forwards", _add_trigger),
        (MigrationExecutor, "apply_migration", apply_with_rows),
    )
    usual = [(owner, name, getattr(owner, name)) for owner, name, _ours in quick]
    for owner, name, ours in quick:
        setattr(owner, name, ours)
    try:
        yield
    finally:
        for owner, name, theirs in usual:
            setattr(owner, name, theirs)
