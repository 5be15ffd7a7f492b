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
    """The list behind each measure and rate as it is today; nothing where one reads figures and no cases."""
    is_town = place.kind == OrganisationKind.TOWN
    if not _sees_cases(user, place, is_town=is_town):
        return {}
    asked = Asked(user, period, timezone.localdate())
    where = {str(place.kind): str(place.pk)} if is_town or len(user.scope.districts) > 1 else {}
    opens: dict[str, str] = {}
    for spec in specs():
        opens |= {**spec.opens, **{rate: rate for rate in spec.rates}, **(spec.opens_in_towns if is_town else {})}
    return {measure: rows_url(Question(found(code), asked, "", where)) for measure, code in opens.items()}


def _sees_cases(user: User, place: Organisation, *, is_town: bool) -> bool:
    if is_town:
        return place.pk in user.scope.towns or place.district_id in user.scope.districts
    return place.pk in user.scope.districts and place.kind == OrganisationKind.DISTRICT
