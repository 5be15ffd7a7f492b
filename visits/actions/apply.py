"""What the early steps do to an issue in memory; `register` and `steps` share them, so that both doors do the same."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from unionops.casework.moves import move
from unionops.org.errors import ActionError
from unionops.org.models import Organisation, User

from ..enums import AnswerWay, ResultKind, Verb
from ..models import Issue
from ..routing import suggest_department

Applied = tuple[str, dict[str, Any]]


def apply_explain(
    issue: Issue, *, explanation: str, basis: str, understood: bool, now: datetime.datetime, basis_field: str = "basis"
) -> Applied:
    """What was said, on which policy it rests, and whether it was understood (domain 2.4 row 2)."""
    if not explanation.strip():
        raise ActionError(_("请写怎么解释的。"), field="explanation")
    if not basis.strip():
        raise ActionError(_("请写解释依据的政策。"), field=basis_field)
    before = move(issue, Verb.EXPLAIN, now=now)
    issue.explanation = explanation.strip()
    issue.explanation_basis = basis.strip()
    issue.understood = understood
    return before, {"text": issue.explanation, "basis": issue.explanation_basis, "understood": understood}


def apply_close_explained(issue: Issue, *, by: User, now: datetime.datetime) -> Applied:
    """即办件: answered on the spot, counts as 0 days (domain 2.6)."""
    before = move(issue, Verb.CLOSE_EXPLAINED, now=now)
    issue.result_kind = ResultKind.EXPLAINED
    issue.result_text = issue.explanation
    issue.answered_at, issue.answered_by = now, by
    issue.answer_way = AnswerWay.FACE
    return before, {}


def apply_submit(issue: Issue, *, department: Organisation | None, now: datetime.datetime) -> Applied:
    """Where nobody names a department, the routing table does, or says why it cannot (domain 2.4 row 4)."""
    before = move(issue, Verb.SUBMIT, now=now)
    reason = ""
    if department is None:
        found = suggest_department(issue.category, district_id=issue.district_id, town_id=issue.town_id)
        department, reason = found.department, "" if found.department else found.reason
    issue.suggested_department = department
    return before, {"department": str(department or ""), **({"reason": reason} if reason else {})}
