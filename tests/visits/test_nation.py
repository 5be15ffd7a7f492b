"""A simulated nation is lawful, the same on every machine, and its rollups are those of its rows."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from unionops.insight import rollups
from unionops.org.models import Enterprise, Organisation, Posting
from visits.models import Issue, Visit, VisitRollup


@pytest.mark.django_db
def test_nation_of_three_districts(settings, capsys):
    settings.UNIONOPS_DEMO = True
    asked = {"districts": 3, "visits": 400, "last": datetime.date(2026, 6, 30)}
    call_command("simulate", **asked)

    # Every foreign key is looked up, although they wait until the end of a transaction.
    connection.check_constraints()
    assert "400 visits, 200 issues" in capsys.readouterr().out
    assert Visit.objects.count() == 400
    assert set(Visit.objects.values_list("district__name", flat=True)) == {f"模拟第{n}区总工会" for n in range(3)}
    nation = Organisation.objects.get(name="模拟全国总工会")
    districts = Organisation.objects.filter(kind="district")
    assert all(district.path.startswith(nation.path) for district in districts)
    assert Posting.objects.count() == 3 * 23
    assert Enterprise.objects.count() == 900
    at_home = Visit.objects.filter(officer__postings__organisation=F("town"), enterprise__town=F("town"))
    assert at_home.count() == 400
    assert rollups.differences() == []
    assert sum(VisitRollup.objects.filter(organisation=nation, grain="year").values_list("visits", flat=True)) == 400
    assert Issue.objects.exclude(closed_at=None).count() == Issue.objects.filter(state="closed").count()
    with pytest.raises(CommandError, match="already"):
        call_command("simulate", **asked)
