from django.utils.translation import gettext_lazy as _

from unionops.counter.links import register_purpose
from unionops.counter.lookups import register_lookup
from unionops.counter.offers import Offer, register_offer

from ..outside import applying, letters
from ..outside.panel import outside_panel, outside_reads
from ..panels import register_case_panel


def register() -> None:
    """What disputes bring to the public counter, and what comes of it on the page of the case."""
    register_offer(
        Offer(
            "mediation", _("申请劳动争议调解"), _("工资、加班费、社保、解除合同等，和单位谈不拢时。"), "intersect",
            "disputes:apply", 10,
        )
    )  # fmt: skip
    register_lookup(applying.PREFIX, _("劳动争议调解申请"), applying.standing)
    for purpose in letters.PURPOSES:
        register_purpose(purpose)
    register_case_panel("outside", 50, "disputes/panels/_outside.html", outside_panel, reads=outside_reads)
