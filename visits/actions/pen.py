from unionops.org.enums import Role

from ..enums import DEPARTMENT_STATES, REGISTRAR_STATES, ROLE_STATES, IssueState
from ..models import Issue


def hold_pen(issue: Issue) -> None:
    """Give the pen to whom the state says: whoever follows it, the lead department (its handler, once signed), or a role."""
    issue.holder_user_id = issue.holder_organisation_id = None
    issue.holder_role = ""
    if issue.state in REGISTRAR_STATES:
        issue.holder_user_id = issue.liaison_id
    elif issue.state in DEPARTMENT_STATES:
        # A proposed rectification list waits for the leader's approval (domain 2.4 row 11).
        if issue.plan_proposed and issue.state == IssueState.HANDLING:
            issue.holder_role = Role.LEADER
        else:
            issue.holder_organisation_id = issue.lead_department_id
            issue.holder_user_id = issue.handler_id
    else:
        issue.holder_role = ROLE_STATES.get(IssueState(issue.state), "")
