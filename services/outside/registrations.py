from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unionops.casework.permissions import refusal
from unionops.counter.offers import Offer, register_offer
from unionops.org.events import kind_of
from unionops.org.models import User
from visits.demo.more import register_demo

from ..enums import Applicant, Channel
from ..permissions import check_may_reveal
from ..shapes import Panel, register_keeper, register_panel
from . import applying, demo, enrolling, suggesting
from .applying import reporter_of, seal_reporter
from .models import Rating
from .own import Own, register_own


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
            "services",
            _("申请工会服务"),
            _("帮扶、互助、请师傅、请律师、点一堂课、提建议。"),
            "heart",
            "outside:services",
            30,
        )
    )
    register_offer(
        Offer(
            "service_mine",
            _("评价或撤回"),
            _("凭回执编号和查询码，给办理打分，撤回申请和同意。"),
            "star",
            "outside:mine",
            90,
        )
    )
    register_offer(
        Offer(
            "childcare", _("给孩子报托管班"), _("寒暑假孩子有人看；要孩子的身份证号和监护人的手机。"), "people-fill",
            "outside:classes", 15,
        )
    )  # fmt: skip
    register_offer(
        Offer("activities", _("报名参加活动"), _("培训、招聘会、讲座、相亲交友，看还有没有名额。"), "calendar3", "outside:activities", 40)
    )  # fmt: skip
    register_offer(Offer("stations", _("找驿站"), _("歇脚、喝水、热饭、充电的地方，不用手机验证。"), "geo-alt", "places:public_stations", 50))  # fmt: skip
    register_offer(Offer("wishes", _("建议设一个点"), _("哪里缺驿站、妈咪小屋，写下来我们去看。"), "geo-alt-fill", "outside:wishes", 60))  # fmt: skip
    register_offer(
        Offer(
            "boards", _("看公开的目标"), _("工会立了哪些项目、做到了哪一步。"), "clipboard-check", "outside:boards", 70
        )
    )
    register_offer(
        Offer("notices", _("看公示"), _("帮扶和补助的公示，姓名已隐去。"), "megaphone", "claims:notices", 80)
    )
    register_own(
        applying.PREFIX, _("服务申请"),
        Own(find=applying.case_of, standing=applying.standing, may_rate=applying.may_rate, rate=applying.rate_outside,
            may_take_back=applying.may_take_back, take_back=applying.take_back_outside, warning=applying.warning),
    )  # fmt: skip
    register_own(
        enrolling.PREFIX, _("活动报名"),
        Own(find=enrolling.find, standing=enrolling.standing, may_rate=enrolling.may_rate, rate=enrolling.rate,
            may_take_back=enrolling.may_take_back, take_back=enrolling.take_back, warning=enrolling.warning),
    )  # fmt: skip
    register_own(suggesting.PREFIX, _("选址建议"), Own(find=suggesting.find, standing=suggesting.standing))
    register_demo(demo.load)
    register_keeper(seal_reporter)
    register_panel(Panel("public_rating", 90, "outside/_rating.html", rating_panel))
