"""Visits by the hundred thousand, through the writer of ledgers."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator

from django.utils import timezone

from unionops.casework.deadlines import working_days
from unionops.org.enums import OrganisationKind, Role
from unionops.org.errors import ActionError
from unionops.org.models import Contact, Enterprise, Organisation, Posting, User

from ..enums import ImportState
from ..imports.visits import VisitWriter, Written
from ..ledger import VISITS, IssueRow, VisitRow
from ..models import Category, LedgerImport, Route
from .district import Demo
from .rows import RowMaker

YEARS = 10
# As published: 925 issues in 1,833 visits, one in twenty not resolved.
ISSUES = (0, 1, 2, 3)
WEIGHTS = (60, 31, 7, 2)
UNSOLVED_SHARE = 0.053


def simulate(
    district: Organisation, visits: int, *, seed: int, first: datetime.date | None = None, last: datetime.date | None = None
) -> Written:  # fmt: skip
    today = timezone.localdate()
    last = last or today - datetime.timedelta(days=1)
    first = first or last.replace(year=last.year - YEARS, day=1)
    demo = _known(district, seed)
    record = LedgerImport.objects.create(
        district=district, file_name=f"simulated-{visits}.xlsx", sha256=f"{seed:064d}", sort=VISITS,
        state=ImportState.WRITING, created_by=demo.system,
    )  # fmt: skip
    written = VisitWriter(record, by=demo.system, now=timezone.now()).write(_rows(demo, visits, first, last, seed))
    record.state, record.progress, record.finished_at = ImportState.DONE, 100, timezone.now()
    record.summary = {"figures": {"visits": written.visits, "issues": written.issues}, "refused": []}
    record.save()
    return written


def _rows(demo: Demo, visits: int, first: datetime.date, last: datetime.date, seed: int) -> Iterator[VisitRow]:
    """In the order of their days, as they would have come."""
    pick = demo.pick
    maker = RowMaker(demo, pick, sheet="simulated", seed=seed)
    days = list(working_days(first, last))
    for number in range(visits):
        day = days[number * len(days) // visits]
        issues: list[IssueRow] = [
            maker.issue(day, last, solved=pick.random() > UNSOLVED_SHARE)
            for _issue in range(pick.choices(ISSUES, WEIGHTS)[0])
        ]
        yield maker.visit(day, issues)


def _known(district: Organisation, seed: int) -> Demo:
    """What is in the district already, as the maker of rows wants it."""
    demo = Demo(district, User.objects.system(), random.Random(seed))  # noqa: S311 -- repeatable, nothing secret
    demo.firms = list(Enterprise.objects.filter(district=district, town__isnull=False).order_by("pk"))
    demo.contacts = {
        contact.enterprise_id: contact for contact in Contact.objects.filter(enterprise__district=district)
    }
    posts = (
        Posting.objects.filter(organisation__district=district, role=Role.LIAISON).select_related("user").order_by("pk")
    )
    for post in posts:
        demo.stationed.setdefault(post.organisation_id, []).append(post.user)
    if not demo.firms or not demo.stationed:
        raise ActionError("The district has no enterprises or no liaison officers.")
    demo.categories = {category.code: category for category in Category.objects.all()}
    demo.departments = {
        unit.name: unit
        for unit in Organisation.objects.filter(district=district, kind=OrganisationKind.DEPARTMENT).order_by("pk")
    }
    if not demo.departments:
        raise ActionError("The district has no departments.")
    routes = Route.objects.filter(district=district, town=None).select_related("department", "category")
    demo.routes = {route.category.code: route.department for route in routes}
    default = next(iter(demo.departments.values()))
    for code in demo.categories:
        demo.routes.setdefault(code, demo.routes.get(code.partition("-")[0], default))
    return demo
