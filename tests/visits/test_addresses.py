"""Every address of visits, issues and ledgers by every role: no 500, 403 for another role, 404 for another district."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.sampling import taken
from unionops.casework.attachments import attach
from unionops.casework.models import SavedView, Task
from visits.actions.visits import VisitDraft, log_visit, plan_visit
from visits.models import LedgerImport, Route

PATTERNS = {
    pattern.name: pattern
    for included in get_resolver().url_patterns
    if getattr(included, "namespace", None) == "visits"
    for pattern in included.url_patterns
}
EVERYBODY = frozenset(
    {"cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor", "admin"}
)  # fmt: skip
VISITING = frozenset({"cadre", "other_cadre", "town"})
CASES = EVERYBODY - {"auditor", "admin"}
# Who opens a page that points at nothing in particular; everybody else is refused.
OPENS = {
    "visits": EVERYBODY,
    "issues": EVERYBODY,
    "log": VISITING,
    "plan": VISITING,
    "promise": VISITING,
    "similar": EVERYBODY,
    "register": VISITING | {"clerk", "leader"},
    "export_visits": CASES,
    "export_issues": CASES,
    "key_enterprises": CASES,
    "imports": frozenset({"clerk", "admin"}),
    "categories": frozenset({"admin"}),
    "category_new": frozenset({"admin"}),
    "routes": frozenset({"admin"}),
}
# Categories are the same for every district; to drop a view that is not one's own drops nothing.
OF_NOBODY = {"category", "drop_view", "visit_drop_view"}


@pytest.fixture
def things(world):
    """One of each thing that an address can point at."""
    issue, today = world.issue("handling", handler=world["handler"]), timezone.localdate()
    LedgerImport.objects.update(state="done")
    visit = log_visit(VisitDraft(visited_on=today, enterprise=world.enterprise), by=world["cadre"]).visit
    return {
        "issue": issue.pk, "visit": visit.pk, "import": world.imported.pk, "category": world.category.pk,
        "route": Route.objects.get(district=world.district).pk,
        "plan": plan_visit(world["other_cadre"], world.enterprise, day=today).pk,
        "view": SavedView.objects.create(user=world.people["leader"], page="issues", name="急", query="urgency=2").pk,
        "file": attach(issue, SimpleUploadedFile("考勤.txt", b"8:00"), by=world["handler"]).pk,
        "task": Task.objects.create(
            district=world.district, kind="issue", case_id=issue.pk, what="对账", due_on=today, organisation=world.department
        ).pk,
    }  # fmt: skip


def address(name: str, things: dict) -> str:
    kinds = {
        "route_remove": "route",
        "plan_drop": "plan",
        "drop_view": "view",
        "visit_drop_view": "view",
        "category": "category",
    }
    words = {"verb": "answer", "name": {"settle": "task", "reveal": "claimant_name"}.get(name, "note")}
    of = kinds.get(name) or (
        "visit" if name.startswith("visit") else "import" if name.startswith("import") else "issue"
    )
    values = {"pk": things[of], "file": things["file"], "part": things["task"], **words}
    return reverse(f"visits:{name}", kwargs={key: values[key] for key in PATTERNS[name].pattern.converters})


POINTING = sorted(name for name, pattern in PATTERNS.items() if pattern.pattern.converters and name not in OF_NOBODY)


def status(answer) -> int:
    """A list as a file is read to its end, which closes it."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def test_page_opens_for_its_roles_and_for_no_other(world, things, as_person):
    wrong = []
    for name, people in OPENS.items():
        for who in sorted(EVERYBODY):
            # All who are refused; of those who are let in the first, and a share of the others.
            if who in people and who != min(people) and not taken("opens", name, who, of=4):
                continue
            found = status(as_person(who).get(address(name, things)))
            if found != (200 if who in people else 403):
                wrong.append((name, who, found))

    assert wrong == []


def test_nothing_exists_for_another_district(world, elsewhere, things, as_person):
    for name in POINTING:
        url = address(name, things)
        # Whoever may not do it at home either is told so.
        refused = {404, 405, 403} if name.startswith(("import", "route")) else {404, 405}
        for who in ("leader", "clerk"):
            client = as_person(who, elsewhere)
            assert status(client.get(url)) in refused, (name, who)
            assert status(client.post(url, {"reason": "看看", "on": "1"})) in refused, (name, who)


def test_no_address_breaks_for_any_role(world, things, as_person, client):
    for name in PATTERNS:
        url = address(name, things)
        assert status(client.get(url)) in (302, 405), name
        for who in sorted(EVERYBODY | {"unposted"}):
            if taken("visits", name, who, of=8):
                for answer in (as_person(who).get(url), as_person(who).post(url, {})):
                    assert status(answer) < 500, (name, who)
