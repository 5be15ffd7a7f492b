"""Which department answers for what: the routing table, read with the most special row first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.models import Organisation, Posting

from .models import Category, Route


@dataclass(frozen=True)
class Suggestion:
    """A department, or the reason why none fits."""

    department: Organisation | None
    reason: str


def suggest_department(category: Category, *, district_id: int, town_id: int | None) -> Suggestion:
    """The row of the town before that of the district, the second level of the category before the first."""
    levels = [category.pk, category.parent_id]
    route = (
        Route.objects.filter(district=district_id, category__in=[level for level in levels if level])
        .filter(Q(town=town_id) | Q(town=None))
        .select_related("department", "category")
        .annotate(
            is_staffed=Exists(Posting.objects.on(timezone.localdate()).filter(organisation=OuterRef("department"))),
            rank=Case(
                When(town=town_id, category=category, then=Value(0)),
                When(town=town_id, then=Value(1)),
                When(category=category, then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            ),
        )
        .order_by("rank")
        .first()
    )
    if route is None:
        return Suggestion(None, _("“%(category)s”还没有分派规则，由交办岗指定科室。") % {"category": category.label})
    if not route.is_staffed:
        return Suggestion(None, _("规则指向%(department)s，但那里现在没有经办人。") % {"department": route.department})
    return Suggestion(
        route.department,
        _("按分派规则“%(category)s”。") % {"category": route.category.label},
    )
