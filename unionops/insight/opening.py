"""From a number of the rollups to the rows that it counts, for whoever sees the cases of the place."""

from __future__ import annotations

from django.utils import timezone

from unionops.org.enums import OrganisationKind
from unionops.org.models import Organisation, User

from .asking import rows_url
from .figures import Question
from .indicators import Asked
from .periods import Period
from .pictures import found
from .rollups import specs


def addresses(user: User, place: Organisation, period: Period) -> dict[str, str]:
    """The list behind each measure and rate as it is today; nothing where one reads figures and no cases.

    A firm is listed in its own town, whichever town visited it: of a town there is no list of them.
    """
    is_town = place.kind == OrganisationKind.TOWN
    if not _sees_cases(user, place, is_town=is_town):
        return {}
    asked = Asked(user, period, timezone.localdate())
    where = {"town": str(place.pk)} if is_town else {}
    opens = {
        measure: code
        for spec in specs()
        for measure, code in {**spec.opens, **{rate: rate for rate in spec.rates}}.items()
        if not (is_town and measure in spec.distinct)
    }
    return {measure: rows_url(Question(found(code), asked, "", where)) for measure, code in opens.items()}


def _sees_cases(user: User, place: Organisation, *, is_town: bool) -> bool:
    if is_town:
        return place.pk in user.scope.towns or place.district_id in user.scope.districts
    # Who leads several has one list of all.
    return user.scope.districts == {place.pk} and place.kind == OrganisationKind.DISTRICT
