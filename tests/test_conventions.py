"""House rules that a reader would otherwise have to check by eye."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps

from disputes.actions import agreements, appointments, confirmations, intake, sessions, team
from disputes.actions import care as dispute_care
from disputes.actions import steps as dispute_steps
from unionops.org.models import User
from visits.actions import care, register, steps, visits
from visits.enums import TRANSITIONS, IssueState, Verb
from visits.exchanges.actions import agenda, decisions, exchanges, groups
from visits.management.commands.draw_transitions import page

ROOT = Path(__file__).resolve().parent.parent
OWN_APPS = (
    "china",
    "org",
    "casework",
    "counter",
    "insight",
    "packs",
    "visits",
    "analyses",
    "exchanges",
    "reviews",
    "disputes",
    "services",
    "claims",
    "hardship",
    "activities",
    "childcare",
    "places",
    "orders",
    "outside",
    "retention",
    "mutual",
    "bookings",
)
CODE = [
    path
    for folder in ("unionops", "visits", "disputes")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]


def test_code_was_found():
    assert len(CODE) > 40


@pytest.mark.parametrize(
    "module",
    [
        steps, care, register, visits, agenda, decisions, exchanges, groups, agreements, appointments, confirmations,
        dispute_care, dispute_steps, intake, sessions, team,
    ],
    ids=lambda module: module.__name__,
)  # fmt: skip
def test_public_actions_say_who_acts(module):
    public = [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]
    writers = [function for function in public if "atomic" in inspect.getsource(function).split("def ")[0]]
    silent = [
        function.__name__
        for function in writers
        if not {"by", "user", "plan"} & set(inspect.signature(function).parameters)
    ]

    assert writers
    assert silent == []


def test_state_is_assigned_in_one_place():
    # An import of a ledger is no case.
    pattern = re.compile(r"\b(?:case|row|issue)\.state\s*=(?!=)(?! ImportState)")
    found = [str(path.relative_to(ROOT)) for path in CODE if pattern.search(path.read_text())]

    assert found == ["unionops/casework/moves.py"]


def test_every_verb_has_its_action():
    assert set(steps.STEPS) == set(TRANSITIONS) == set(Verb)


def test_every_state_is_reached_and_left():
    reached = {target for transition in TRANSITIONS.values() for target in transition.targets}
    left = {source for transition in TRANSITIONS.values() for source in transition.sources}

    assert set(IssueState) - reached == {IssueState.REGISTERED}
    assert set(IssueState) - left == {IssueState.MERGED, IssueState.VOID}


def test_diagram_is_fresh():
    assert (ROOT / "docs" / "issue-states.md").read_text() == page()


def test_no_delay_in_web_code():
    """Work is promised in the outbox; only the relay and the tick talk to the broker."""
    words = {"delay", "apply_async", "delay_on_commit", "send_task"}
    found = {
        path.relative_to(ROOT).as_posix()
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in words
    }

    # The relay keeps promises; the middleware only wakes a worker, and what it fails to wake the next beat does.
    assert found == {"unionops/casework/tasks.py", "unionops/insight/middleware.py"}


def test_no_clock_of_the_host():
    """Days are those of Asia/Shanghai: django.utils.timezone, never date.today() or datetime.now()."""
    pattern = re.compile(r"date\.today\(\)|datetime\.now\(\)|datetime\.utcnow\(")
    found = [str(path.relative_to(ROOT)) for path in CODE if pattern.search(path.read_text())]

    assert found == []


def test_sealed_values_have_their_columns():
    sealed = [model for model in apps.get_models() if getattr(model, "SEALED", ())]
    missing = [
        f"{model.__name__}.{name}_{part}"
        for model in sealed
        for name in model.SEALED
        for part in ("sealed", "hash", "masked")
        if f"{name}_{part}" not in {field.name for field in model._meta.get_fields()}
    ]

    assert User in sealed
    assert missing == []


def test_models_have_chinese_names():
    own = [model for model in apps.get_models() if model._meta.app_label in OWN_APPS and not model._meta.auto_created]
    plain = [model.__name__ for model in own if str(model._meta.verbose_name).isascii()]

    assert plain == []


# Forms that only read, sign in or out, or set what a second press sets again; what gives a file away is told each time.
UNKEYED = re.compile(
    r"org:language|links\.language|data-unionops-(?:sign-in|sign-out|leave)|role=\"search\"|menu__list|"
    r"counter:check|standing\.more|outside:mine|panel\.url|claims:bank_list"
)
# A file is given away, or a text is read: at their own address.
READING = {"orders/secret.html", "claims/bank_list.html"}


def test_every_form_that_writes_has_one_effect_however_often_it_is_sent():
    templates = ROOT / "templates"
    forms = [
        (page.relative_to(templates).as_posix(), form)
        for page in templates.rglob("*.html")
        for form in re.findall(r'<form[^>]*method="post"[^>]*>', page.read_text(encoding="utf-8"))
    ]
    # The form of a visit has a key of its own.
    own = re.compile(r"data-unionops-(?:once|visit)")

    assert len(forms) > 100
    assert [
        (page, form)
        for page, form in forms
        if not own.search(form) and not UNKEYED.search(form) and page not in READING
    ] == []
