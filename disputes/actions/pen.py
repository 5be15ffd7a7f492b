from ..enums import END_STATES, DisputeState
from ..models import Dispute


def hold_pen(dispute: Dispute) -> None:
    """Give the pen to the centre; while there is mediation, to the lead mediator by name."""
    dispute.holder_user_id = dispute.holder_organisation_id = None
    dispute.holder_role = ""
    if dispute.state in END_STATES:
        return
    dispute.holder_organisation_id = dispute.organisation_id
    if dispute.state == DisputeState.MEDIATING:
        dispute.holder_user_id = dispute.mediator_id
