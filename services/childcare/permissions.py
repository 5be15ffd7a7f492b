"""Who may see children by name and care for them: only who has been let in by somebody else, for a reason and a term
(未成年人网络保护条例 Art 36; domain 5.5)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User

from ..activities.enums import ActivityState, ActivityVerb, EnrolmentState
from ..activities.models import Activity
from ..enums import Relation
from ..permissions import relations
from .models import AccessGrant, Child, ClassFile

RESPONSIBLE = frozenset({Relation.LEADER, Relation.CHIEF})
ON_THE_LIST = (EnrolmentState.AGREED, EnrolmentState.ATTENDING)
ASKING = frozenset({Relation.DESK, Relation.TOWN, Relation.ASSIGNEE, Relation.REGISTRAR})


def grant_of(user: User, class_file: ClassFile) -> AccessGrant | None:
    """The grant by which this person sees the children of the class today."""
    return AccessGrant.objects.filter(class_file=class_file).valid(user, timezone.localdate()).first()


def check_cares(user: User, class_file: ClassFile) -> AccessGrant:
    """The right to work on the activity, and a grant that still runs: each alone is not enough."""
    if relations(user, class_file.activity).isdisjoint(ASKING):
        raise NotAllowed(_("这个班不由您照看。"))
    found = grant_of(user, class_file)
    if found is None:
        raise NotAllowed(_("看孩子的信息要先申请，由分管领导同意。"), next_step=_("请在班级页“申请查看”。"))
    return found


def check_may_see(user: User, class_file: ClassFile) -> None:
    """As `check_cares`, for whoever only wants to know."""
    check_cares(user, class_file)


def check_asks(user: User, class_file: ClassFile) -> None:
    if relations(user, class_file.activity).isdisjoint(ASKING):
        raise NotAllowed(_("这个班不由您照看。"))


def check_decides(user: User, class_file: ClassFile) -> None:
    if relations(user, class_file.activity).isdisjoint(RESPONSIBLE):
        raise NotAllowed(_("查看授权由分管领导批准。"))


def check_running(class_file: ClassFile) -> None:
    if class_file.activity.state != ActivityState.RUNNING:
        raise InvalidTransition(_("班没有在进行，不能签到接送。"))


def check_day(user: User, child: Child) -> None:
    """Whether this child can come and go today, whoever takes it."""
    check_cares(user, child.class_file)
    check_running(child.class_file)
    if child.released_at is not None:
        raise InvalidTransition(_("这个孩子已经不在班里。"))
    if child.enrolment.state not in ON_THE_LIST:
        raise InvalidTransition(_("还没有签协议，不能到班。"))


def against(user: User, row: Activity, verb: str) -> ActionError | None:
    """A class is published only when accepted, and runs only with insurance, checked staff and enough children."""
    if verb not in (ActivityVerb.PUBLISH, ActivityVerb.START):
        return None
    found = ClassFile.objects.filter(activity=row).first()
    if found is None:
        return InvalidTransition(_("还没有填班级档案。"), next_step=_("请先填季次、时间、年级和年龄。"))
    if found.accepted_on is None:
        return InvalidTransition(_("场地还没有验收。"), next_step=_("请先按八个方面验收。"))
    return missing_to_run(found) if verb == ActivityVerb.START else None


def missing_to_run(found: ClassFile) -> ActionError | None:
    today = timezone.localdate()
    carers = list(found.carers.filter(left_on=None))
    if not any(one.duty == "tutor" for one in carers):
        return InvalidTransition(_("还没有辅导老师。"))
    if late := [one.name for one in carers if not one.is_checked(today)]:
        return InvalidTransition(
            _("%(n)d 位人员没有一年内的违法犯罪记录查询。") % {"n": len(late)}, next_step=_("请查询后登记，再开班。")
        )
    if not found.insurance_number or found.insured_until is None or found.insured_until < today:
        return InvalidTransition(_("还没有有效的保险。"))
    signed = found.children.filter(released_at=None, agreement_on__isnull=False).count()
    if signed < found.least:
        return InvalidTransition(
            _("签了协议的孩子 %(n)d 名，不到最少 %(least)d 名。") % {"n": signed, "least": found.least}
        )
    return None
