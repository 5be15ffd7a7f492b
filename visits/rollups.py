"""What the rollups of visits and issues count; the marks that keep them fresh stand beside the models."""

from __future__ import annotations

from unionops.insight.rollups import Source, Spec, literal

from .enums import RESOLVED_RESULTS, IssueState, ResultKind
from .models import Issue, Visit
from .models.rollups import VisitRollup

_COUNTED = f"r.state NOT IN ({literal([IssueState.VOID, IssueState.MERGED])})"
_CLOSED = f"r.state IN ({literal([IssueState.CLOSED])})"
_RESOLVED = f"{_CLOSED} AND r.result_kind IN ({literal(RESOLVED_RESULTS)})"
_EXPLAINED = f"{_CLOSED} AND r.result_kind IN ({literal([ResultKind.EXPLAINED])})"

VISIT_ROLLUPS = Spec(
    "visits",
    VisitRollup,
    (
        Source(
            Visit,
            "visited_on",
            {
                "visits": "count(*)",
                "firms": "count(DISTINCT r.enterprise_id)",
                "key_firms": "count(DISTINCT r.enterprise_id) FILTER (WHERE r.is_key_enterprise)",
            },
        ),
        Source(
            Issue,
            "registered_at",
            {
                "issues": f"count(*) FILTER (WHERE {_COUNTED})",
                "resolved": f"count(*) FILTER (WHERE {_RESOLVED})",
                "explained": f"count(*) FILTER (WHERE {_EXPLAINED})",
            },
        ),
        Source(
            Issue,
            "closed_at",
            {
                "closed": f"count(*) FILTER (WHERE {_CLOSED})",
                "closed_resolved": f"count(*) FILTER (WHERE {_RESOLVED})",
            },
        ),
    ),
)
