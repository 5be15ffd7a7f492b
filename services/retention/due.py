"""When the time of a case is over. Counted from the day on which it was closed; figures of it stay for ever."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Least
from django.utils import timezone

from unionops.org.events import kind_of

from ..childcare.enums import CODE as CHILDCARE
from ..enums import Shape
from ..hardship.enums import FileState
from ..hardship.models import HouseholdFile
from ..mutual.enums import PlanState
from ..mutual.models import Participant, UnitEnrolment
from ..shapes import ShapeKind, kind_for
from .models import Erasure

# Places know nothing of people.
SHAPES = (Shape.CLAIM, Shape.ORDER, Shape.ACTIVITY)
# domain 5.5: applications that came to nothing two years, agreements of care classes three.
CAME_TO_NOTHING = ("refused", "withdrawn", "cancelled")
NOTHING_YEARS, AGREEMENT_YEARS = 2, 3
# 会计凭证: what proves a payment.
VOUCHER_YEARS = 30
DAYS_AHEAD = 90


class Years(Func):
    """So many years of the calendar."""

    template = "make_interval(years => (%(expressions)s)::int)"
    output_field = DurationField()


def kinds() -> list[ShapeKind]:
    return [kind_for(shape) for shape in SHAPES]


def cases(kind: ShapeKind) -> QuerySet[Any]:
    """Closed cases of which nothing has been deleted, with ``due_at``. A household's application waits for its file."""
    keep = F("programme__keep_years")
    years = Case(
        When(state__in=CAME_TO_NOTHING, then=Least(keep, Value(NOTHING_YEARS))),
        When(programme__code=CHILDCARE, then=Least(keep, Value(AGREEMENT_YEARS))),
        default=keep,
    )
    ours = Erasure.objects.filter(kind=kind_of(kind.model), case_id=OuterRef("pk"))
    rows = kind.model.objects.filter(closed_at__isnull=False).exclude(Exists(ours))
    rows = rows.annotate(due_at=ExpressionWrapper(F("closed_at") + Years(years), output_field=DateTimeField()))
    if kind.shape == Shape.CLAIM:
        # An active file, and one that was left less than ten years ago, keeps the application that it began with.
        file = HouseholdFile.objects.filter(claim=OuterRef("pk"), state__in=(FileState.ACTIVE, FileState.EXITED))
        rows = rows.exclude(Exists(file.filter(Q(keep_until=None) | Q(keep_until__gte=timezone.localdate()))))
    return rows


def due(kind: ShapeKind, day: datetime.date, *, district: int | None = None) -> QuerySet[Any]:
    """Those whose time is over on the day, the oldest first."""
    end = timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))
    rows = cases(kind).filter(due_at__lt=end)
    if district is not None:
        rows = rows.filter(district=district)
    return rows.select_related("programme").order_by("due_at", "pk")


def lists_due(day: datetime.date, *, district: int | None = None) -> QuerySet[UnitEnrolment]:
    """Lists of mutual aid whose time is over on the day, with ``due_at``: counted from the last day of their plan.

    A plan that nobody ended still pays claims; its lists wait.
    """
    end = timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))
    ours = Erasure.objects.filter(kind=kind_of(UnitEnrolment), case_id=OuterRef("pk"))
    ended = Cast("plan__ends_on", DateTimeField())
    over = ExpressionWrapper(ended + Years(F("plan__programme__keep_years")), output_field=DateTimeField())
    listed = Participant.objects.filter(unit=OuterRef("pk"))
    rows = UnitEnrolment.objects.filter(Exists(listed), plan__state=PlanState.ENDED).exclude(Exists(ours))
    rows = rows.annotate(due_at=over).filter(due_at__lt=end)
    if district is not None:
        rows = rows.filter(district=district)
    return rows.select_related("plan__programme").order_by("due_at", "pk")
