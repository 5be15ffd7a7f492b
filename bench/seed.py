"""Fills a database with a district of any age: people by hand, a million visits by a few statements.

A district with 17 towns, 23 cadres and 87 key enterprises logs 1,833 visits and 925 issues a year; the larger one has
done so for centuries. Of the newest 925 issues 49 are open, all others are closed: people have the same work in hand.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from tests.world import make_enterprise, make_organisation, make_user
from unionops.casework.models import Deadline
from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import KeyListEntry
from visits.actions.register import IssueDraft
from visits.actions.visits import VisitDraft, log_visit
from visits.enums import IssueState
from visits.models import Category, Issue, LedgerImport, Route, Visit

TOWNS, CADRES, FIRMS, KEY_FIRMS = 17, 23, 1_500, 87
VISITS_A_YEAR, ISSUES_A_YEAR, OPEN = 1_833, 925, 49
DEPARTMENTS = ("权保部", "女工部", "组宣部", "办公室", "职工服务中心", "经审办")

# The states of the open ones in turn, and by state who holds them; the rest of a year is closed.
_STATES = (
    IssueState.REGISTERED, IssueState.SUBMITTED, IssueState.DISPATCHED, IssueState.HANDLING, IssueState.FOLLOWUP_DUE,
    IssueState.RETURNED,
)  # fmt: skip
_GIVEN = f"'{IssueState.DISPATCHED}', '{IssueState.HANDLING}', '{IssueState.FOLLOWUP_DUE}', '{IssueState.CLOSED}'"
_ANSWERED = f"'{IssueState.FOLLOWUP_DUE}', '{IssueState.CLOSED}'"


def seed(visits: int) -> None:
    """Fill an empty, migrated database; the role of the connection must be allowed to switch triggers off."""
    people = _people()
    visit = _first(people)
    issue = Issue.objects.select_related("deadline").get(visit=visit)
    imported = LedgerImport.objects.create(
        district=people["district"], file_name="bench.xlsx", sha256="0" * 64, created_by=people["cadres"][0]
    )
    with connection.cursor() as cursor:
        # The rows are lawful, and to look up ten foreign keys for each takes longer than to write it.
        cursor.execute("SET session_replication_role = replica")
        _lists(cursor, people)
        _visits(cursor, visit, visits, imported)
        _issues(cursor, issue, imported)
        _set_series(cursor)
        cursor.execute("DROP TABLE bench_list, bench_issue")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def _people() -> dict[str, Any]:
    kinds = OrganisationKind
    district = make_organisation(kinds.DISTRICT, "越城区总工会")
    towns = [make_organisation(kinds.TOWN, f"第{number}街道", district) for number in range(1, TOWNS + 1)]
    departments = [make_organisation(kinds.DEPARTMENT, name, district) for name in DEPARTMENTS]
    cadres = [
        make_user("cadre" if number == 0 else f"cadre{number}", Role.LIAISON, towns[number % TOWNS], f"干部{number}")
        for number in range(CADRES)
    ]
    handlers = [
        make_user("handler" if number == 0 else f"handler{number}", Role.HANDLER, department, f"经办{number}")
        for number, department in enumerate(departments)
    ]
    for role in (Role.LEADER, Role.CLERK, Role.CHIEF):
        make_user(str(role), role, district)
    make_user("town", Role.TOWN, towns[0])
    firms = [make_enterprise(towns[number % TOWNS], f"恒润第{number}纺织有限公司") for number in range(FIRMS)]
    since = timezone.localdate() - datetime.timedelta(days=400)
    KeyListEntry.objects.bulk_create(KeyListEntry(enterprise=firm, valid_from=since) for firm in firms[:KEY_FIRMS])
    categories = list(Category.objects.exclude(parent=None))
    for category in Category.objects.filter(parent=None):
        Route.objects.create(
            district=district, category=category, department=departments[category.pk % len(departments)]
        )
    return {
        "district": district, "towns": towns, "departments": departments, "cadres": cadres, "handlers": handlers,
        "firms": firms, "categories": categories,
    }  # fmt: skip


def _first(people: dict[str, Any]) -> Visit:
    """One of each as the product writes it: the others are copies with other values in some columns."""
    draft = VisitDraft(
        visited_on=timezone.localdate(),
        enterprise=people["firms"][0],
        contact_name="王建国",
        summary="看了包装车间和食堂，和工会主席、五名职工谈了工资发放与高温补贴，宣传了医疗互助。",
        policies=["mutual_aid"],
        checklist={"workers": {"grade": "good", "note": ""}, "rights": {"grade": "attention", "note": "加班多"}},
    )
    heard = IssueDraft(
        title="包装车间六月加班工资拖到现在没发",
        category=people["categories"][0],
        description="车间四十多人反映六月加班工资没有发，问过人事两次，说等老板回来。",
        claimant_kind="person",
        claimant_name="李秀英",
        claimant_phone="13812345678",
        claimant_count=43,
        handling="submit",
    )
    return log_visit(draft, [heard], by=people["cadres"][0]).visit


def _lists(cursor: Any, people: dict[str, Any]) -> None:
    """One row of arrays, from which the statements below pick by number."""
    cursor.execute(
        "CREATE TABLE bench_list AS SELECT %s::bigint[] AS cadres, %s::bigint[] AS towns, %s::uuid[] AS firms,"
        " %s::bigint[] AS departments, %s::bigint[] AS handlers, %s::bigint[] AS categories",
        [[thing.pk for thing in people[name]] for name in ("cadres", "towns", "firms", "departments", "handlers", "categories")],
    )  # fmt: skip


def _copy(cursor: Any, model: type[Model], template: Model, source: str, **values: str) -> None:
    """Insert a copy of the template for each row of the source, with these columns as SQL."""
    columns = [field.column for field in model._meta.concrete_fields]
    if unknown := values.keys() - set(columns):
        raise LookupError(f"{model.__name__} has no {', '.join(unknown)}")
    picked = [f"({values[column]})" if column in values else f"t.{column}" for column in columns]
    table = model._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(picked)}"
        f" FROM {table} t, bench_list l, {source} WHERE t.id = %s",
        [template.pk],
    )


# Who makes visit number n, and where; number 1 is the newest.
_CADRE = f"(n %% {CADRES})"
_TOWN = f"({_CADRE} %% {TOWNS})"
_FIRM = f"({_TOWN} + {TOWNS} * ((n * 7919 / {CADRES}) %% {FIRMS // TOWNS}))"


def _ago(visits: int) -> str:
    """How long ago visit n was: they spread over one year, or ten where there are many."""
    seconds = 86_400 * (3_650 if visits > 10 * VISITS_A_YEAR else 365)
    return f"make_interval(secs => n * {seconds}.0 / {visits})"


def _visits(cursor: Any, template: Visit, visits: int, imported: LedgerImport) -> None:
    at = f"(now() - {_ago(visits)})"
    _copy(
        cursor, Visit, template, f"generate_series(1, {visits}::bigint) n",
        # Keys in the order of time, as the product makes them.
        id=f"uuidv7(-{_ago(visits)})",
        number="'V-' || lpad(n::text, 7, '0')",
        client_id="NULL",
        visited_on=f"{at}::date",
        iso_year=f"extract(isoyear FROM {at})",
        iso_week=f"extract(week FROM {at})",
        officer_id=f"l.cadres[{_CADRE} + 1]",
        submitted_by_id=f"l.cadres[{_CADRE} + 1]",
        town_id=f"l.towns[{_TOWN} + 1]",
        enterprise_id=f"l.firms[{_FIRM} + 1]",
        is_key_enterprise=f"{_FIRM} < {KEY_FIRMS}",
        issue_count=f"(n * {ISSUES_A_YEAR} %% {VISITS_A_YEAR} < {ISSUES_A_YEAR})::int",
        submitted_at=at,
        ledger_import_id=f"'{imported.pk}'",
        ledger_row="md5(n::text)",
    )  # fmt: skip
    through = Visit.officers.through._meta.db_table
    cursor.execute(
        f"INSERT INTO {through} (visit_id, user_id) SELECT id, officer_id FROM visits_visit WHERE ledger_import_id = %s",
        [imported.pk],
    )


def _issues(cursor: Any, template: Issue, imported: LedgerImport) -> None:
    states = " ".join(f"WHEN {place} THEN '{state}'" for place, state in enumerate(_STATES))
    # Their keys and states come first: the deadline and the issue name each other.
    cursor.execute(
        "CREATE TABLE bench_issue AS SELECT *, uuidv7(submitted_at - now()) AS issue, 1000 + k AS clock,"
        f" CASE WHEN k > {OPEN} THEN 'closed' ELSE CASE k %% {len(_STATES)} {states} END END AS state,"
        f" 1 + k %% {len(DEPARTMENTS)} AS unit FROM (SELECT id AS visit, enterprise_id, town_id, officer_id,"
        " visited_on, submitted_at, row_number() OVER (ORDER BY number) AS k FROM visits_visit"
        " WHERE ledger_import_id = %s AND issue_count = 1) AS heard",
        [imported.pk],
    )
    source = "bench_issue s"
    given, answered = f"s.state IN ({_GIVEN})", f"s.state IN ({_ANSWERED})"
    _copy(
        cursor, Issue, template, source,
        id="s.issue",
        number="'S-' || lpad(s.k::text, 7, '0')",
        state="s.state",
        visit_id="s.visit",
        enterprise_id="s.enterprise_id",
        town_id="s.town_id",
        registered_by_id="s.officer_id",
        liaison_id="s.officer_id",
        raised_on="s.visited_on",
        registered_at="s.submitted_at",
        state_since="s.submitted_at",
        category_id="l.categories[1 + s.k %% cardinality(l.categories)]",
        urgency="1 + s.k %% 3",
        deadline_id="s.clock",
        lead_department_id=f"CASE WHEN {given} THEN l.departments[s.unit] END",
        handler_id=f"CASE WHEN s.state = 'handling' OR {answered} THEN l.handlers[s.unit] END",
        holder_user_id="CASE s.state WHEN 'registered' THEN s.officer_id WHEN 'returned' THEN s.officer_id"
        " WHEN 'handling' THEN l.handlers[s.unit] END",
        holder_organisation_id="CASE WHEN s.state IN ('dispatched', 'handling') THEN l.departments[s.unit] END",
        holder_role="CASE WHEN s.state IN ('submitted', 'followup_due') THEN 'clerk' ELSE '' END",
        answered_at=f"CASE WHEN {answered} THEN s.submitted_at END",
        answered_by_id=f"CASE WHEN {answered} THEN l.handlers[s.unit] END",
        result_kind=f"CASE WHEN {answered} THEN 'resolved' ELSE '' END",
        closed_at="CASE WHEN s.state = 'closed' THEN s.submitted_at END",
        ledger_import_id=f"'{imported.pk}'",
    )  # fmt: skip
    running = f"s.k <= {OPEN}"
    _copy(
        cursor, Deadline, template.deadline, source,
        id="s.clock",
        case_id="s.issue",
        started_on="s.visited_on",
        soon_on=f"CASE WHEN {running} THEN current_date + (s.k %% 9)::int ELSE s.visited_on + 5 END",
        due_on=f"CASE WHEN {running} THEN current_date + (s.k %% 14)::int ELSE s.visited_on + 7 END",
        met_on=f"CASE WHEN {running} THEN NULL::date ELSE s.visited_on + 4 END",
    )  # fmt: skip
    for verb in ("issue.register", "issue.submit"):
        cursor.execute(
            "INSERT INTO org_event (at, district_id, kind, subject_id, verb, by_id, source, target, data)"
            " SELECT s.submitted_at, %s, 'issue', s.issue::text, %s, s.officer_id, '', '', '{\"version\": 1}' FROM bench_issue s",
            [template.district_id, verb],
        )


def _set_series(cursor: Any) -> None:
    """Let the product's own numbers and keys go on after those that were written here."""
    cursor.execute(
        "SELECT setval(pg_get_serial_sequence('casework_deadline', 'id'), (SELECT max(id) FROM casework_deadline))"
    )
