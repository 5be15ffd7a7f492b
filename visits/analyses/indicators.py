"""What only the comparison of towns asks for."""

from django.utils.translation import gettext_lazy as _

from unionops.insight.indicators import Indicator, TimeRole, Unit, register

from ..counted import FIRMS


def declare() -> None:
    register(
        Indicator(
            code="firm_count", name=_("在册企业"), unit=Unit.COUNT, rows=FIRMS, time=TimeRole.STANDING,
            meaning=_("名录里的企业，截止日前已经停业的不算。"), source="domain 2.9",
            counted=lambda rows, asked: rows.exclude(closed_on__lte=asked.at),
        ),
    )  # fmt: skip
