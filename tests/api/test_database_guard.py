"""What the database itself refuses to the role of the product, whatever the code above it does."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from unionops.org.models import Event
from visits.enums import IssueState
from visits.models import Issue

pytestmark = pytest.mark.django_db


def refused(statement, params=()):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_a_forbidden_change_of_state_by_hand_written_sql(world):
    issue = world.issue(IssueState.SUBMITTED)

    refused(
        "UPDATE visits_issue SET state = 'closed', closed_at = now(), result_kind = 'resolved' WHERE id = %s",
        [issue.pk],
    )

    assert Issue.objects.get(pk=issue.pk).state == IssueState.SUBMITTED


def test_no_session_talks_the_triggers_into_looking_away(world):
    issue = world.issue(IssueState.SUBMITTED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal")
        (names,) = cursor.fetchone()

    refused(
        "SELECT set_config('pgtrigger.ignore', %s, true);"
        "UPDATE visits_issue SET state = 'closed', closed_at = now(), result_kind = 'resolved' WHERE id = %s",
        [names, issue.pk],
    )


def test_a_row_that_begins_in_the_middle(world):
    issue = world.issue(IssueState.HANDLING)
    columns = [field.column for field in Issue._meta.concrete_fields]
    values = {"id": "gen_random_uuid()", "number": "'S26-9999'", "ledger_import_id": "NULL"}
    chosen = ", ".join(values.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)

    refused(f"INSERT INTO visits_issue ({names}) SELECT {chosen} FROM visits_issue WHERE id = %s", [issue.pk])

    assert Issue.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE org_event SET verb = 'issue.praise'",
        "DELETE FROM org_event",
        "TRUNCATE org_event",
        "SET LOCAL pgtrigger.ignore = '{org.event:event_protect}'; DELETE FROM org_event",
        "ALTER TABLE org_event DISABLE TRIGGER ALL",
        "DROP TABLE org_event",
        "SET LOCAL session_replication_role = replica",
    ],
)
def test_the_timeline_is_append_only(world, callers, statement):
    issue = world.issue(IssueState.SUBMITTED)
    assert callers("clerk").post(f"/api/v1/issues/{issue.pk}/transitions/void/", {"reason": "重复"}).status_code == 200

    refused(statement)

    assert Event.objects.about("issue", issue.pk).get().verb == "issue.void"
