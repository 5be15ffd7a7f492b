"""Deleting what a case knew of people when its time is over. Rows, days, amounts and counts stay, so no figure changes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from unionops.casework.attachments import discard
from unionops.casework.models import Attachment
from unionops.casework.moves import lock
from unionops.org.events import kind_of, record_event
from unionops.org.models import User

from ..activities.actions.erasing import ERASED, forget_people
from ..activities.models import Comment, Feedback, Voter
from ..activities.models import Entry as ContestEntry
from ..childcare.models import Child, ChildDay, Contact, Guardian, PickUp
from ..claims.models import HomeVisit, Objection, Payment
from ..enums import Applicant, Shape
from ..hardship.models import HouseholdFile
from ..mutual.models import UnitEnrolment
from ..orders.models import Message, SiteVisit
from ..outside.models import Rating, Reporter
from .due import VOUCHER_YEARS, due, kinds, lists_due
from .models import Erasure

# A job ends in under a minute; what is left is done the next day.
MOST_AT_ONCE = 2000


def run(due_at: datetime.datetime) -> int:
    """Delete what has come due by the day. Run twice it finds nothing left to do."""
    done = 0
    for kind in kinds():
        for case in due(kind, timezone.localdate(due_at))[: MOST_AT_ONCE - done]:
            erase(case, by=User.objects.system())
            done += 1
    for unit in lists_due(timezone.localdate(due_at))[: MOST_AT_ONCE - done]:
        erase_list(unit, by=User.objects.system())
        done += 1
    return done + forget_vouchers(due_at)


@transaction.atomic
def erase(case: Any, *, by: User, now: datetime.datetime | None = None) -> Erasure:
    """Everything personal of one case and of what belongs to it; ``case`` comes from `due.cases`."""
    now, due_on = now or timezone.now(), timezone.localdate(case.due_at)
    row: Any = lock(case)
    people = _PARTS[row.programme.shape](row)
    _forget_case(row)
    files = _forget_files(row)
    Rating.objects.filter(kind=kind_of(row), case_id=row.pk).update(words="")
    Reporter.objects.filter(kind=kind_of(row), case_id=row.pk).delete()
    made = Erasure.objects.create(
        district_id=row.district_id, programme_id=row.programme_id, kind=kind_of(row), case_id=row.pk, number=row.number,
        closed_on=timezone.localdate(row.closed_at), due_on=due_on, done_at=now, files=files, people=people,
    )  # fmt: skip
    with connection.cursor() as cursor:
        # The log is append-only; the database itself lets go of the words of a case for which there is an `Erasure`.
        cursor.execute("SELECT retention_forget_events(%s, %s)", [kind_of(row), str(row.pk)])
    record_event(row, "erase", by=by, data={"due_on": due_on.isoformat(), "files": files, "people": people}, now=now)
    return made


@transaction.atomic
def erase_list(unit: UnitEnrolment, *, by: User, now: datetime.datetime | None = None) -> Erasure:
    """Who of a unit took part in mutual aid; how many they were and what they paid stays. ``unit`` comes from `due.lists_due`."""
    now = now or timezone.now()
    due_on = timezone.localdate(unit.due_at)  # type: ignore[attr-defined]
    row = UnitEnrolment.objects.select_for_update(of=("self",), no_key=True).select_related("plan").get(pk=unit.pk)
    people, _found = row.participants.all().delete()
    made = Erasure.objects.create(
        district_id=row.district_id, programme_id=row.plan.programme_id, kind=kind_of(row), case_id=row.pk,
        number=f"{row.plan.year} {row.unit}"[:20], closed_on=row.plan.ends_on, due_on=due_on, done_at=now, people=people,
    )  # fmt: skip
    record_event(row, "erase", by=by, data={"due_on": due_on.isoformat(), "people": people}, now=now)
    return made


def _forget_case(row: Any) -> None:
    """Names of citizens, numbers, words, and the programme's own fields; what is counted stays. A firm keeps its name."""
    if row.applicant_kind == Applicant.PERSON:
        row.applicant_name, row.person = ERASED, None
        row.title = f"{row.programme.name} {row.number}"[:120]
    counted = {extra.key for extra in row.programme.extras if extra.counted and not extra.sealed}
    row.details = {key: value for key, value in row.details.items() if key in counted}
    row.details_sealed, row.description = None, ""
    for name in row.SEALED:
        row.put(name, "", "")
    row.version += 1
    row.save()


def _forget_files(row: Any) -> int:
    found = list(Attachment.objects.filter(kind=kind_of(row), case_id=row.pk).exclude(name=ERASED))
    for one in found:
        for stored in filter(None, (one.stored_as, one.thumbnail_as)):
            transaction.on_commit(lambda stored=stored: discard(stored))  # type: ignore[misc]
        one.name, one.caption, one.removed_at = ERASED, "", one.removed_at or timezone.now()
        one.save(update_fields=["name", "caption", "removed_at"])
    return len(found)


def _claim(row: Any) -> int:
    row.payee = row.bank = row.signed_by = ""
    row.roster = []
    row.papers = {}
    HomeVisit.objects.filter(claim=row).update(findings=ERASED)
    for one in Objection.objects.filter(claim=row):
        one.put("contact", "", "")
        one.text, one.answer = ERASED, ERASED if one.answer else ""
        one.save()
    file = HouseholdFile.objects.filter(claim=row).first()
    return _household(file) if file is not None else 0


def _household(file: HouseholdFile) -> int:
    """The file keeps its category, its sums and its days."""
    file.applicant_name, file.identity_hash, file.housing, file.national_number = ERASED, "", "", ""
    file.title = file.number
    file.save()
    file.items.update(whose="", evidence="")
    file.reviews.update(note="")
    people: int = file.members.count()
    file.members.all().delete()
    return people


def _activity(row: Any) -> int:
    people = forget_people(row)
    for child in Child.objects.filter(enrolment__activity=row):
        child.put("identity", "", "")
        child.put("health", "", "")
        # Two children without a number are not one child.
        child.identity_hash, child.school = f"erased:{child.pk}", ""
        child.birth_on = child.birth_on.replace(month=1, day=1)
        child.save()
    Contact.objects.filter(child__enrolment__activity=row).delete()
    ChildDay.objects.filter(child__enrolment__activity=row).update(
        temperature_sealed=None, temperature_hash="", temperature_masked=""
    )
    for model in (Guardian, PickUp):
        persons: QuerySet[Any] = model.objects.filter(child__enrolment__activity=row)
        for one in persons:
            for name in one.SEALED:
                one.put(name, "", "")
            one.name_masked = ERASED
            one.save()
    Feedback.objects.filter(activity=row).update(words="")
    Voter.objects.filter(poll__activity=row).update(name=ERASED)
    Comment.objects.filter(poll__activity=row).delete()
    for at, entry in enumerate(ContestEntry.objects.filter(activity=row), start=1):
        entry.name, entry.unit = f"{ERASED}{at}", ""
        entry.save(update_fields=["name", "unit"])
    return people


def _order(row: Any) -> int:
    row.confirmed_name = row.opinion = row.solution = row.trial_result = ""
    Message.objects.filter(order=row).update(speaker=ERASED, text=ERASED)
    SiteVisit.objects.filter(order=row).update(people=ERASED, findings=ERASED)
    return 0


_PARTS: dict[str, Callable[[Any], int]] = {Shape.CLAIM: _claim, Shape.ACTIVITY: _activity, Shape.ORDER: _order}


@transaction.atomic
def forget_vouchers(due_at: datetime.datetime) -> int:
    """Who was paid, and where to, thirty years after the payment; the amount stays in the book."""
    line = due_at - datetime.timedelta(days=365 * VOUCHER_YEARS + VOUCHER_YEARS // 4)
    found = list(Payment.objects.filter(made_at__lt=line).exclude(payee=ERASED)[:MOST_AT_ONCE])
    for one in found:
        one.put("account", "", "")
        one.payee, one.bank, one.witnesses = ERASED, "", [ERASED] * len(one.witnesses)
        one.save()
    return len(found)
