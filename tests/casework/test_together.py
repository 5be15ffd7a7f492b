"""Reading many queries in one statement gives the objects that each query would have given."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Model, Value
from django.test.utils import CaptureQueriesContext

from disputes.models import Dispute, Obligation, Party, Session
from tests.disputes import stories
from tests.disputes.stories import make_hall
from unionops.casework.together import Counted, know, read_together, unsealed
from unionops.org.models import Event

pytestmark = pytest.mark.django_db


def columns(thing: Model) -> dict[str, Any]:
    """What stands in the object itself, deferred columns left out, and in what it has brought along."""
    own = {
        field.attname: getattr(thing, field.attname)
        for field in thing._meta.concrete_fields
        if field.attname not in thing.get_deferred_fields()
    }
    along = {name: columns(other) for name, other in thing._state.fields_cache.items() if isinstance(other, Model)}
    return own | {"": type(thing)} | along


def test_rows_are_those_of_the_queries_themselves() -> None:
    hall = make_hall()
    case = stories.effective(hall)
    stories.talked_alone(hall, stories.mediating(hall), "applicant", "24999.99")
    queries = {
        "cases": Dispute.objects.select_related("organisation__district", "mediator", "issue", "deadline").order_by(
            "pk"
        ),
        "parties": unsealed(Party.objects.order_by("pk")),
        "sealed": Party.objects.order_by("pk"),
        "owed": Obligation.objects.select_related("debtor").defer("debtor__identity_sealed").order_by("pk"),
        "of_case": case.team.select_related("user").order_by("pk"),
        "sessions": Session.objects.order_by("pk"),
        "events": Event.objects.about("dispute", case.pk).select_related("by").order_by("-pk")[:3],
        "marked": Dispute.objects.annotate(twice=F("amount_claimed") * 2, word=Value("字")).order_by("pk"),
        "nobody": Dispute.objects.none(),
        "none_found": Dispute.objects.filter(number="没有"),
    }
    tuples = Obligation.objects.order_by("pk").values_list("amount", "due_on", "what")
    with CaptureQueriesContext(connection) as asked:
        found = read_together({**queries, "tuples": tuples, "count": Counted(Party.objects.all())})

    assert len(asked) == 1
    for name, query in queries.items():
        assert [columns(row) for row in found[name]] == [columns(row) for row in query], name
    assert found["tuples"] == list(tuples)
    assert found["count"] == Party.objects.count()
    assert [(row.twice, row.word) for row in found["marked"]] == [(row.twice, row.word) for row in queries["marked"]]
    assert {row.dispute for row in found["of_case"]} == {case}
    assert found["nobody"] == found["none_found"] == []


def test_known_rows_ask_nobody() -> None:
    case = stories.registered(make_hall())
    rows = list(case.parties.all())
    fresh = stories.fresh(case)
    know(fresh, "parties", rows)
    with CaptureQueriesContext(connection) as asked:
        assert list(fresh.parties.all()) == rows

    assert len(asked) == 0
    assert read_together({}) == {}
