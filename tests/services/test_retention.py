"""The daily job that deletes what a case knew of people: what goes, what stays, when, and that no figure changes."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from services.actions import cases
from services.childcare.models import Child
from services.claims.models import Claim
from services.enums import Applicant, Shape
from services.hardship.models import HouseholdFile
from services.models import Programme
from services.mutual.models import Plan
from services.retention import erasing
from services.retention.due import due, kinds, lists_due
from services.retention.models import Erasure
from services.shapes import kind_for
from tests.services.caring import identity, make_class, running
from tests.services.joining import covering
from tests.services.worlds import make_programme
from tests.world import World
from unionops.casework.attachments import attach, store_path
from unionops.casework.models import Attachment
from unionops.insight import periods
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked, find
from unionops.org.models import Event

pytestmark = pytest.mark.django_db
MARKS = ("孙小果", "33060219900101001X", "13800002047", "胃癌", "住院花光", "6222020200011112222", "孙小果的病历")
YEAR = datetime.timedelta(days=366)


def claim(world: World, programme: Programme, years: int, state: str = "closed") -> Claim:
    """Closed so many years ago, with everything that it can know of a person."""
    row = cases.register(
        programme, by=world["officer"], applicant_kind=Applicant.PERSON, applicant_name="孙小果", identity="33060219900101001X",
        phone="13800002047", description="住院花光了积蓄", amount_asked=1200, account="6222020200011112222", payee="孙小果",
        extras={"illness": "胃癌", "days": 12},
    )  # fmt: skip
    attach(row, SimpleUploadedFile("孙小果的病历.txt", "胃癌".encode(), "text/plain"), by=world["officer"])
    row = cases.take(row, "check", by=world["other_handler"], note="孙小果住院花光")
    row = cases.take(row, "refuse" if state == "refused" else "account", by=world["officer"], reason="孙小果")
    Claim.objects.filter(pk=row.pk).update(closed_at=timezone.now() - years * YEAR, people_served=1)
    row.refresh_from_db()
    return row


def aid(world: World, **fields: Any) -> Programme:
    own = [
        {"key": "illness", "label": "病情", "kind": "text"},
        {"key": "days", "label": "住院天数", "kind": "whole", "counted": True},
    ]
    return make_programme(world, steps=["check"], keep_years=5, applicants=[Applicant.PERSON], fields=own, **fields)


def clock() -> datetime.datetime:
    return timezone.now()


def everything_of(row: Any) -> str:
    """All that is stored of a case: its row, the log, its files."""
    rows = [*type(row).objects.filter(pk=row.pk).values(), *Event.objects.about("claim", row.pk).values()]
    rows += Attachment.objects.filter(case_id=row.pk).values()
    return str(rows)


def test_what_is_due_goes_and_figures_stay(
    world: World, as_person: Any, django_capture_on_commit_callbacks: Any
) -> None:
    programme = aid(world)
    old, young = claim(world, programme, 6), claim(world, programme, 4)
    refused, soon = claim(world, programme, 3, "refused"), claim(world, programme, 4)
    Claim.objects.filter(pk=soon.pk).update(closed_at=timezone.now() - 5 * YEAR + datetime.timedelta(days=40))
    file = store_path(Attachment.objects.get(case_id=old.pk).stored_as)
    assert file.exists()
    span = periods.span(datetime.date(2000, 1, 1), timezone.localdate())
    asked = [Question(find(code), Asked(world["leader"], span, timezone.localdate()), "", {"programme": str(programme.pk)}) for code in ("claim_count", "claim_people", "claim_amount_asked", "claim_finished_rate", "own_claim_days")]  # fmt: skip

    def figures() -> list[str]:
        return [figure_of(question).words for question in asked]

    before = figures()
    assert before[0] == "4"
    # The administrator sees what is coming, without a name; others see nothing.
    coming = as_person("admin").get("/services/settings/retention/").content.decode()
    assert all(row.number in coming for row in (old, refused, soon))
    assert young.number not in coming
    assert not any(mark in coming for mark in MARKS)
    assert as_person("officer").get("/services/settings/retention/").status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert erasing.run(clock()) == 2
    assert erasing.run(clock()) == 0
    for row in (old, refused):
        kept = everything_of(row)
        assert [mark for mark in MARKS if mark in kept] == [], kept
    assert not file.exists()
    assert all(mark in everything_of(young) for mark in ("孙小果", "住院花光"))
    old.refresh_from_db()
    assert (old.applicant_name, old.identity_hash, old.account_masked, old.details) == ("—", "", "", {"days": 12})
    assert figures() == before
    made = Erasure.objects.get(case_id=old.pk)
    assert (made.number, made.files) == (old.number, 1)
    done = as_person("admin").get("/services/settings/retention/done/").content.decode()
    assert old.number in done
    page = as_person("officer").get(f"/services/claim/{old.pk}/").content.decode()
    assert "个人信息和材料已删除" in page
    assert "孙小果" not in page
    assert old.number not in as_person("officer").get("/search/?q=孙小果").content.decode()


def test_what_waits_for_something_else(world: World) -> None:
    """An active household's application is not due; children go after three years, votes of who came stay."""
    programme = aid(world, code="hardship")
    row = claim(world, programme, 12)
    file = HouseholdFile.objects.filter(claim=row)
    if not file.exists():
        HouseholdFile.objects.create(
            district=world.district, number="KN-1", title="档案", claim=row, organisation=row.organisation, applicant_name="孙小果",
        )  # fmt: skip
    today = timezone.localdate()
    kind = kind_for(Shape.CLAIM)
    assert list(due(kind, today)) == [row]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hardship_householdfile SET state = 'active', category = 'deep', opened_on = now() WHERE claim_id = %s", [row.pk])  # fmt: skip
    assert list(due(kind, today)) == []
    found = make_class(world)
    child = found.child()
    gathering = running(world)
    for case, years in ((found.activity, 4), (gathering, 4)):
        type(case).objects.filter(pk=case.pk).update(closed_at=timezone.now() - years * YEAR)
    assert [case.pk for case in due(kind_for(Shape.ACTIVITY), today)] == [found.activity.pk]
    erasing.run(clock())
    child = Child.objects.select_related("enrolment").get(pk=child.pk)
    assert (child.enrolment.name, child.open("health"), child.open("identity"), child.birth_on.month) == (
        "—",
        "",
        "",
        1,
    )
    assert not any(name in str([*child.guardians.values(), *child.pick_ups.values()]) for name in ("丁香兰", "茹玉珍"))
    assert identity(12) not in str(Child.objects.values())
    assert found.activity.enrolments.count() == 1


def test_lists_of_mutual_aid_go_and_their_numbers_stay(world: World, as_person: Any) -> None:
    """Counted from the last day of a plan that has ended; one that still pays claims waits."""
    programme = make_programme(world, Shape.CLAIM, code="mutual_aid", name="职工医疗互助理赔", keep_years=5)
    unit = covering(world, programme)
    today = timezone.localdate()
    over = {"starts_on": today - 7 * YEAR, "ends_on": today - 6 * YEAR, "enrol_until": today - 7 * YEAR}
    Plan.objects.filter(pk=unit.plan_id).update(**over)
    assert (list(lists_due(today)), erasing.run(clock())) == ([], 0)
    with connection.cursor() as cursor:
        # As the last step of the plan would leave it.
        cursor.execute("UPDATE mutual_plan SET state = 'ended' WHERE id = %s", [unit.plan_id])
    home = "/services/settings/retention/"
    assert "恒润纺织" in as_person("admin").get(home).content.decode()
    assert (erasing.run(clock()), erasing.run(clock())) == (1, 0)
    unit.refresh_from_db()
    assert (unit.participants.count(), unit.people, unit.fee) == (0, 1, 100)
    made = Erasure.objects.get(case_id=unit.pk)
    assert (made.people, made.closed_on) == (1, over["ends_on"])
    assert made.number in as_person("admin").get(f"{home}done/").content.decode()
    assert "名单到期已经删除" in as_person("officer").get(f"/services/mutual/units/{unit.pk}/").content.decode()


def test_the_log_lets_go_of_nothing_else(world: World) -> None:
    row = claim(world, aid(world), 1)
    with pytest.raises(DatabaseError, match="is not over"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT retention_forget_events('claim', %s)", [str(row.pk)])
    made = Erasure(district=world.district, programme=row.programme, kind="claim", case_id=uuid.uuid4(), number="X")
    made.closed_on = made.due_on = timezone.localdate()
    made.done_at = timezone.now()
    made.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Erasure.objects.update(number="Y")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.about("claim", row.pk).update(data={})


def test_pages_take_as_many_queries_for_many(world: World, as_person: Any, django_assert_max_num_queries: Any) -> None:
    """A constant number, however much there is."""
    admin = as_person("admin")
    programme = aid(world)
    assert kinds()
    for page in ("", "done/"):
        admin.get(f"/services/settings/retention/{page}")
    claim(world, programme, 6)
    with django_assert_max_num_queries(22) as one:
        admin.get("/services/settings/retention/")
    for _ in range(3):
        claim(world, programme, 6)
    with django_assert_max_num_queries(len(one)):
        admin.get("/services/settings/retention/")
