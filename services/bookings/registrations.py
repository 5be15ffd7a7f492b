from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.permissions import refusal
from unionops.casework.tasks import Job, register_job
from unionops.org.models import User
from visits.demo.more import register_demo

from ..enums import Shape
from ..outside.own import Own, register_own
from ..places.models import Place
from ..shapes import Panel, register_panel
from ..summary import register_figures
from . import actions, demo, indicators, outside, queries
from .permissions import check_bookable, check_books


def panel(case: Place, user: User) -> dict[str, Any] | None:
    """On the page of a place: what comes, and the way to its book."""
    may = not refusal(check_books, user, case)
    if not case.programme.limit("booking") or not may:
        return None
    return {
        "rows": [queries.shown(one) for one in queries.taken(case)[:8]],
        "year": queries.year(case, timezone.localdate().year),
        "url": reverse("bookings:bookings", args=[case.pk]),
        "new_url": "" if refusal(check_bookable, case) else reverse("bookings:new", args=[case.pk]),
    }


def register() -> None:
    indicators.declare()
    register_figures(lambda programme: indicators.CODES if programme.limit("booking") else ())
    register_panel(Panel("place_bookings", 12, "bookings/_panel.html", panel, shape=Shape.PLACE))
    register_inbox(
        InboxSource(
            "booking",
            partial(queries.inbox_rows, town=True),
            queries.waits,
            department=partial(queries.inbox_rows, town=False),
        )
    )
    register_own(
        outside.PREFIX, _("场地预约"),
        Own(find=outside.find, standing=outside.standing, may_take_back=outside.may_take_back, take_back=outside.take_back,
            warning=outside.warning),
    )  # fmt: skip
    register_demo(demo.load)
    register_job(Job("bookings.forget", actions.forget, hours=(3,)))
