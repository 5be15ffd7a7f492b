from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unionops.casework.permissions import refusal
from unionops.counter.lookups import register_lookup
from unionops.counter.offers import Offer, register_offer
from unionops.org.events import kind_of
from unionops.org.models import User

from ..enums import Applicant, Channel
from ..permissions import check_may_reveal
from ..shapes import Panel, register_keeper, register_panel
from .applying import PREFIX, reporter_of, seal_reporter, standing
from .models import Rating


def rating_panel(row: Any, user: User) -> dict[str, Any] | None:
    """What whoever applied on the net thinks of it, and for the desk who reported it."""
    public = row.channel == Channel.PUBLIC
    if not public and not row.programme.seals_reporter:
        return None
    rating = Rating.objects.filter(kind=kind_of(row), case_id=row.pk).first()
    may, nameless = not refusal(check_may_reveal, user, row), row.applicant_kind == Applicant.ANONYMOUS
    key = (row.programme.shape, row.pk)
    found = {
        "rating": rating,
        "reporter": reverse("outside:reporter", args=key) if may and nameless and reporter_of(row) else "",
        "bearer": reverse("outside:bearer", args=key) if may and nameless and public else "",
    }
    return found if any(found.values()) else None


def register() -> None:
    register_offer(
        Offer(
            "hazards", _("报告事故隐患"), _("可以不留姓名；核实以后凭编号和查询码领奖。"), "exclamation-triangle",
            "outside:hazards", 20,
        )
    )  # fmt: skip
    register_offer(
        Offer(
            "services", _("申请工会服务"), _("帮扶、互助、请师傅、请律师、点一堂课。"), "heart", "outside:services", 30
        )
    )
    register_offer(
        Offer(
            "service_mine",
            _("评价或撤回"),
            _("凭回执编号和查询码，给办理打分，或撤回申请。"),
            "star",
            "outside:mine",
            90,
        )
    )
    register_lookup(PREFIX, _("服务申请"), standing)
    register_keeper(seal_reporter)
    register_panel(Panel("public_rating", 90, "outside/_rating.html", rating_panel))
