"""The filter of a dashboard; it is the address."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy

from . import dimensions
from .indicators import Asked
from .periods import Kind, Period, containing

ALL = gettext_lazy("全部")


class BoardFilter(forms.Form):
    """Ready periods, the span that was asked for, and a choice for each dimension of the board."""

    period = forms.ChoiceField(label=gettext_lazy("期间"), required=False)

    def __init__(
        self,
        asked: Asked,
        where: Mapping[str, str],
        choices: Mapping[str, Sequence[tuple[str, str]]],
        today: datetime.date,
    ) -> None:
        super().__init__(initial={"period": asked.period.code, **where})
        self.fields["period"].choices = _periods(asked.period, today)  # type: ignore[attr-defined]
        for code, rows in choices.items():
            dimension = dimensions.find(code)
            assert dimension is not None
            self.fields[code] = forms.ChoiceField(
                label=str(dimension.label), required=False, choices=[("", ALL), *rows]
            )


def _periods(asked: Period, today: datetime.date) -> list[tuple[str, str]]:
    month, quarter, year = (containing(today, kind) for kind in (Kind.MONTH, Kind.QUARTER, Kind.YEAR))
    ready = [
        containing(today, Kind.WEEK), month, month.before(), quarter, quarter.before(), year, year.before(),
        year.before().before(),
    ]  # fmt: skip
    found = {period.code: period.label for period in ready}
    if asked.code not in found:
        found = {asked.code: asked.label} | found
    return list(found.items())
