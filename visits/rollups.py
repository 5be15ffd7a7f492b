"""What the rollups of visits and issues count; the marks that keep them fresh stand beside the models."""

from __future__ import annotations

from unionops.insight.rollups import Count, Source, Spec, literal

from .enums import RESOLVED_RESULTS, IssueState, ResultKind, VisitState
from .models import Issue, Visit
from .models.rollups import VisitRollup
from .restating import late_changes

_COUNTED = f"r.state NOT IN ({literal([IssueState.VOID, IssueState.MERGED])})"
_CLOSED = f"r.state IN ({literal([IssueState.CLOSED])})"
_RESOLVED = f"{_CLOSED} AND r.result_kind IN ({literal(RESOLVED_RESULTS)})"
_EXPLAINED = f"{_CLOSED} AND r.result_kind IN ({literal([ResultKind.EXPLAINED])})"

# A visit that was returned counts again when it is submitted again.
_VISITED = f"r.state <> '{VisitState.RETURNED}'"

VISIT_ROLLUPS = Spec(
    "visits",
    VisitRollup,
    (
        Source(
            Visit,
            "visited_on",
            {
                "visits": Count(_VISITED),
                "firms": Count(_VISITED, distinct="enterprise_id"),
                "key_firms": Count(f"{_VISITED} AND r.is_key_enterprise", distinct="enterprise_id"),
            },
        ),
        Source(
            Issue,
            "registered_at",
            {"issues": Count(_COUNTED), "resolved": Count(_RESOLVED), "explained": Count(_EXPLAINED)},
        ),
        Source(Issue, "closed_at", {"closed": Count(_CLOSED), "closed_resolved": Count(_RESOLVED)}),
    ),
    rates={
        "resolution_rate": ("resolved", "issues"),
        "explained_rate": ("explained", "issues"),
        "flow_resolution_rate": ("closed_resolved", "closed"),
    },
    opens={
        "visits": "visit_count",
        "firms": "visited_firm_count",
        "key_firms": "visited_key_firm_count",
        "issues": "issue_count",
        "resolved": "resolution_rate",
        "explained": "explained_rate",
        "closed": "closed_count",
        "closed_resolved": "flow_resolution_rate",
    },
    # A firm is listed in its own town, whichever town visited it.
    opens_in_towns={"firms": "town_firm_count", "key_firms": "town_key_firm_count"},
    text="""format(
        '走访 %s 次，走到企业 %s 家，其中重点企业 %s 家。登记诉求 %s 件，截至结账解决 %s 件，办结率 %s，其中当场解释 %s 件。这一期办结 %s 件。',
        visits, firms, key_firms, issues, resolved,
        CASE issues WHEN 0 THEN '—' ELSE round(resolved * 100.0 / issues, 2) || ' %' END, explained, closed)""",
    told=("visits", "firms", "key_firms", "issues", "resolved", "resolution_rate", "explained", "closed"),
    late=late_changes,
)
