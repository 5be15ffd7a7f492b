"""A small district with somebody in every role, and a second one whose people must see nothing of the first."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from unionops.casework.enums import Urgency
from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import Enterprise, Organisation, Posting, User
from visits.enums import END_STATES, IssueState, ResultKind
from visits.models import Category, Issue, LedgerImport, Route

PASSWORD = "correct-horse-battery"
SINCE = datetime.date(2023, 4, 1)
# States in which an issue has its result.
ANSWERED = frozenset({IssueState.ANSWERED, IssueState.FOLLOWUP_DUE, IssueState.CLOSED})
_serial = itertools.count(1)


def make_organisation(kind: str, name: str, parent: Organisation | None = None) -> Organisation:
    organisation = Organisation(
        kind=kind,
        name=name,
        short_name=name,
        parent=parent,
        district=parent and (parent.district or parent),
        valid_from=SINCE,
    )
    organisation.set_names()
    organisation.save()
    organisation.path = f"{parent.path if parent else ''}{organisation.pk}."
    organisation.save(update_fields=["path"])
    return organisation


def make_user(username: str, role: str = "", organisation: Organisation | None = None, name: str = "") -> User:
    user = User.objects.create_user(username, PASSWORD, name=name or username)
    if organisation is not None:
        Posting.objects.create(user=user, organisation=organisation, role=role, valid_from=SINCE)
    return user


def make_enterprise(town: Organisation, name: str = "", **fields: object) -> Enterprise:
    enterprise = Enterprise(
        district_id=town.district_id, town=town, name=name or f"恒润纺织第{next(_serial)}有限公司", **fields
    )
    enterprise.set_names()
    enterprise.save()
    return enterprise


@dataclass
class World:
    district: Organisation
    town: Organisation
    other_town: Organisation
    department: Organisation
    other_department: Organisation
    enterprise: Enterprise
    people: dict[str, User]
    imported: LedgerImport
    category: Category = field(init=False)
    # Where a fixture makes them with the district: one of each thing by name, and the district next door.
    things: dict[str, Any] = field(default_factory=dict)
    neighbour: World | None = None

    def __post_init__(self) -> None:
        self.category = Category.objects.get(code="WAGE-01")

    def __getitem__(self, name: str) -> User:
        """Return the person afresh: rights are computed once an object, as once a request."""
        return User.objects.get(pk=self.people[name].pk)

    def issue(self, state: str = IssueState.REGISTERED, **fields: object) -> Issue:
        """An issue in any state, as a ledger would bring it, registered by the cadre and led by the department."""
        number = next(_serial)
        ended = state in END_STATES
        values: dict[str, object] = {
            "district": self.district,
            # Beside the numbers that the product gives.
            "number": f"S26-{5000 + number}",
            "title": f"包装车间工资拖到现在没发 {number}",
            "urgency": Urgency.NORMAL,
            "state": state,
            "town": self.town,
            "enterprise": self.enterprise,
            "registered_by": self.people["cadre"],
            "liaison": self.people["cadre"],
            "raised_on": timezone.localdate(),
            "category": self.category,
            "ledger_import": self.imported,
            "closed_at": timezone.now() if ended else None,
            "result_kind": ResultKind.RESOLVED if state in ANSWERED else "",
        }
        if state not in (IssueState.REGISTERED, IssueState.EXPLAINED, IssueState.SUBMITTED, IssueState.RETURNED):
            values["lead_department"] = self.department
        if state == IssueState.MERGED:
            values["merged_into"] = self.issue()
        return Issue.objects.create(**(values | fields))


def make_world(name: str = "越城区总工会", prefix: str = "") -> World:
    kinds = OrganisationKind
    district = make_organisation(kinds.DISTRICT, name)
    town = make_organisation(kinds.TOWN, "斗门街道", district)
    other_town = make_organisation(kinds.TOWN, "马山街道", district)
    department = make_organisation(kinds.DEPARTMENT, "权保部", district)
    other_department = make_organisation(kinds.DEPARTMENT, "女工部", district)
    centre = make_organisation(kinds.MEDIATION_CENTRE, "八字桥工作室", district)
    posts = {
        "cadre": (Role.LIAISON, town),
        "other_cadre": (Role.LIAISON, other_town),
        "leader": (Role.LEADER, district),
        "chief": (Role.CHIEF, district),
        "clerk": (Role.CLERK, district),
        "handler": (Role.HANDLER, department),
        "other_handler": (Role.HANDLER, other_department),
        "town": (Role.TOWN, town),
        "mediator": (Role.MEDIATOR, centre),
        "officer": (Role.OFFICER, other_department),
        "auditor": (Role.AUDITOR, district),
        "admin": (Role.ADMIN, district),
    }
    people = {key: make_user(prefix + key, role, organisation) for key, (role, organisation) in posts.items()}
    people["unposted"] = make_user(f"{prefix}unposted")
    world = World(
        district=district,
        town=town,
        other_town=other_town,
        department=department,
        other_department=other_department,
        enterprise=make_enterprise(town),
        people=people,
        imported=LedgerImport.objects.create(
            district=district, file_name="台账.xlsx", sha256="0" * 64, created_by=people["clerk"]
        ),
    )
    Route.objects.create(district=district, category=world.category.parent, department=department)
    return world
