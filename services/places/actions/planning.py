"""Plans of several years, and suggestions of new places with what became of them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import shift
from unionops.org.errors import ActionError, Conflict, required
from unionops.org.events import changed_fields, record_event
from unionops.org.models import Organisation, User

from ...actions.cases import register
from ...models import Programme
from ..enums import SUGGESTION_TRANSITIONS, SuggestionVerb
from ..models import CoveragePlan, Suggestion
from ..permissions import check_is_running, check_may_suggest, check_plans, check_suggestion

Now = datetime.datetime | None
PLANNED = ("name", "from_year", "to_year", "target", "counts")


@transaction.atomic
def save_plan(
    programme: Programme, *, by: User, plan: CoveragePlan | None = None, version: int | None = None, **fields: Any
) -> CoveragePlan:
    """A new plan, or a changed one; the log keeps what was planned before."""
    check_plans(by, programme)
    row = (
        CoveragePlan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        if plan
        else CoveragePlan(programme=programme)
    )
    if plan and version is not None and row.version != version:
        raise Conflict(_("在您打开之后，别人改动了这份规划。"), current_version=row.version)
    before = {name: getattr(row, name) for name in PLANNED} if plan else {}
    for name in PLANNED:
        setattr(row, name, fields[name])
    if row.to_year < row.from_year:
        raise ActionError(_("结束年不能早于起始年。"), field="to_year")
    twin = CoveragePlan.objects.filter(programme=programme, from_year=row.from_year, to_year=row.to_year)
    if twin.exclude(pk=row.pk).exists():
        raise ActionError(_("这几年已经有规划了。"), field="from_year")
    row.version += 1 if plan else 0
    row.save()
    after = {name: getattr(row, name) for name in PLANNED}
    record_event(programme, "plan", by=by, data={"name": row.name, "changes": changed_fields(before, after)})
    return row


@transaction.atomic
def suggest(
    programme: Programme, *, by: User, address: str, reason: str, town: Organisation | None = None,
    longitude: float | None = None, latitude: float | None = None, system: str = "", public: bool = False, now: Now = None,
) -> Suggestion:  # fmt: skip
    """Whoever works in the district calls it with themselves as ``by``; the public form with the system account and ``public``."""
    if public:
        check_is_running(programme)
    else:
        check_may_suggest(by, programme)
    made = Suggestion.objects.create(
        district_id=programme.district_id, programme=programme, town=town, longitude=longitude, latitude=latitude,
        address=required(address, _("请写建议的地点。"), "address"), system=system if longitude is not None else "",
        reason=required(reason, _("请写理由。"), "reason"), suggested_by=by, suggested_at=now or timezone.now(),
    )  # fmt: skip
    record_event(made, "suggest", by=by, data={"what": made.address})
    return made


@transaction.atomic
def decide_suggestion(
    suggestion: Suggestion, verb: str, *, by: User, answer: str = "", name: str = "", now: Now = None
) -> Suggestion:
    """Look into it, adopt it (a planned place begins) or decline it with a reason."""
    now = now or timezone.now()
    row = Suggestion.objects.select_for_update(of=("self",), no_key=True).get(pk=suggestion.pk)
    check_suggestion(by, row, verb)
    shift(row, SUGGESTION_TRANSITIONS, verb)
    if verb != SuggestionVerb.SURVEY:
        row.answer = required(answer, _("请写答复。"), "answer")[:200]
        row.decided_at = now
    if verb == SuggestionVerb.ADOPT:
        row.place = register(
            row.programme, by=by, applicant_kind=row.programme.applicants[0], applicant_name=row.programme.organisation.name,
            town=row.town, title=required(name, _("请写阵地名称。"), "name"), description=row.reason, address=row.address,
            longitude=row.longitude, latitude=row.latitude, system=row.system, now=now,
        )  # fmt: skip
    row.save()
    record_event(row, verb, by=by, data={"what": row.address, "answer": row.answer})
    return row
