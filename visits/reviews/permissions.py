"""Who may take which step of a review and of a submission now. The page and the action both ask here."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.permissions import Choice
from unionops.joining import listed
from unionops.org.enums import CASE_ROLES, Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User

from .enums import (
    EDITABLE,
    KEEPING_ROLES,
    PUBLIC_STATES,
    REVIEW_TRANSITIONS,
    SETTLED_STATES,
    SUBMISSION_TRANSITIONS,
    Relation,
    ReviewState,
    ReviewVerb,
    SubmissionState,
    SubmissionVerb,
)
from .models import Assignment, Author, Review, Submission

Today = datetime.date | None


def keeps(user: User, district_id: int) -> bool:
    return any(user.scope.holds(role, district_id) for role in KEEPING_ROLES)


def sees_all(user: User, review: Review) -> bool:
    """Whether results are read before they are public."""
    return review.district_id in user.scope.districts


def review_relations(user: User, review: Review) -> frozenset[str]:
    found = set()
    if keeps(user, review.district_id):
        found.add(Relation.KEEPER)
    if user.scope.holds(Role.LEADER, review.district_id):
        found.add(Relation.LEADER)
    return frozenset(found)


def check_keeps(user: User, review: Review, *states: str) -> None:
    if not keeps(user, review.district_id):
        raise NotAllowed(_("这件事由%(actors)s来做。") % {"actors": Relation.KEEPER.label})
    if states and review.state not in states:
        raise InvalidTransition(_("现在是“%(state)s”，不能再改。") % {"state": review.get_state_display()})


def may_make(user: User) -> bool:
    return user.scope.has(*KEEPING_ROLES)


def check_may_make(user: User) -> None:
    if not may_make(user):
        raise NotAllowed(_("这件事由%(actors)s来做。") % {"actors": Relation.KEEPER.label})


def _refuse(held: frozenset[str], verb: str, state: str, label: str, table: dict) -> ActionError | None:
    transition = table[verb]
    if state not in transition.sources:
        return InvalidTransition(_("现在是“%(state)s”，不能%(verb)s。") % {"state": label, "verb": transition.label})
    if held.isdisjoint(transition.actors):
        actors = listed(Relation(actor).label for actor in transition.actors)
        return NotAllowed(_("这一步由%(actors)s来做。") % {"actors": actors})
    return None


def refuse_review(user: User, review: Review, verb: str, today: Today = None) -> ActionError | None:
    """What stands against the verb: a wrong state, a wrong person, or a day that has not come."""
    held = review_relations(user, review)
    if error := _refuse(held, verb, review.state, str(review.get_state_display()), REVIEW_TRANSITIONS):
        return error
    today = today or timezone.localdate()
    match verb:
        case ReviewVerb.OPEN if review.cut_off > today:
            return NotAllowed(_("数据截至 %(day)s，那天以后才能开始。") % {"day": review.cut_off.isoformat()})
        case ReviewVerb.START if review.closes_on and today <= review.closes_on:
            return NotAllowed(_("申报到 %(day)s 截止，之后才能转入评审。") % {"day": review.closes_on.isoformat()})
        case ReviewVerb.CONFIRM if review.deadline and today <= review.deadline.due_on:
            return NotAllowed(_("公示到 %(day)s 为止，之后才能定案。") % {"day": review.deadline.due_on.isoformat()})
        case ReviewVerb.CONFIRM if review.objections.filter(answered_at=None).exists():
            return NotAllowed(_("还有异议没有答复，答复以后才能定案。"))
    return None


def check_review(user: User, review: Review, verb: str, today: Today = None) -> None:
    if error := refuse_review(user, review, verb, today):
        raise error


def review_choices(user: User, review: Review) -> list[Choice]:
    found = []
    for transition in REVIEW_TRANSITIONS.values():
        error = refuse_review(user, review, transition.verb)
        found.append(Choice(transition, str(error) if error else ""))
    return found


def check_sees_results(user: User, review: Review) -> None:
    if review.state in PUBLIC_STATES or (review.state in SETTLED_STATES and sees_all(user, review)):
        return
    raise NotAllowed(_("结果还没有公示。"), next_step=_("公示以后，全区都能看到。"))


def sees_results(user: User, review: Review) -> bool:
    return review.state in PUBLIC_STATES or (review.state in SETTLED_STATES and sees_all(user, review))


# Submissions


def is_author(user: User, submission: Submission) -> bool:
    return Author.objects.filter(submission=submission, user=user).exists()


def submission_relations(user: User, submission: Submission) -> frozenset[str]:
    found = set()
    if submission.district_id in user.scope.member_of and is_author(user, submission):
        found.add(Relation.AUTHOR)
    if keeps(user, submission.district_id):
        found.add(Relation.KEEPER)
    return frozenset(found)


def refuse_submission(user: User, submission: Submission, verb: str, today: Today = None) -> ActionError | None:
    held = submission_relations(user, submission)
    label = str(submission.get_state_display())
    if error := _refuse(held, verb, submission.state, label, SUBMISSION_TRANSITIONS):
        return error
    review = submission.review
    if review.state != ReviewState.OPEN:
        return InvalidTransition(_("年评议现在是“%(state)s”，申报已经结束。") % {"state": review.get_state_display()})
    is_late = review.closes_on is not None and (today or timezone.localdate()) > review.closes_on
    if verb == SubmissionVerb.SUBMIT and is_late and submission.state == SubmissionState.DRAFT:
        return NotAllowed(_("申报已在 %(day)s 截止。") % {"day": review.closes_on})
    return None


def check_submission(user: User, submission: Submission, verb: str, today: Today = None) -> None:
    if error := refuse_submission(user, submission, verb, today):
        raise error


def submission_choices(user: User, submission: Submission) -> list[Choice]:
    found = []
    for transition in SUBMISSION_TRANSITIONS.values():
        error = refuse_submission(user, submission, transition.verb)
        found.append(Choice(transition, str(error) if error else ""))
    return found


def check_may_submit_to(user: User, review: Review, today: Today = None) -> None:
    if not user.scope.has(*CASE_ROLES) or review.district_id not in user.scope.member_of:
        raise NotAllowed(_("您的岗位不申报材料。"))
    if review.state != ReviewState.OPEN:
        raise InvalidTransition(_("现在是“%(state)s”，不收申报。") % {"state": review.get_state_display()})
    if review.closes_on and (today or timezone.localdate()) > review.closes_on:
        raise NotAllowed(_("申报已在 %(day)s 截止。") % {"day": review.closes_on})


def check_edits(user: User, submission: Submission) -> None:
    if not is_author(user, submission):
        raise NotAllowed(_("只有作者能改。"))
    if submission.state not in EDITABLE or submission.review.state != ReviewState.OPEN:
        raise InvalidTransition(_("现在是“%(state)s”，不能再改。") % {"state": submission.get_state_display()})


# Reviewers


def check_assigns(user: User, submission: Submission) -> None:
    """The office sees and chooses reviewers, but not those of what it wrote itself."""
    check_keeps(user, submission.review, ReviewState.SCORING)
    if is_author(user, submission):
        raise NotAllowed(_("自己的材料由别人指定评委。"))


def check_scores(user: User, assignment: Assignment) -> None:
    if assignment.reviewer_id != user.pk or assignment.ended_at is not None:
        raise NotAllowed(_("这份材料不由您评审。"))
    review = assignment.submission.review
    if review.state != ReviewState.SCORING:
        raise InvalidTransition(_("现在是“%(state)s”，不能再评分。") % {"state": review.get_state_display()})


def check_objects(user: User, review: Review, today: Today = None) -> None:
    if review.district_id not in user.scope.member_of:
        raise NotAllowed(_("只有本区的人能提异议。"))
    if review.state != ReviewState.PUBLISHED:
        raise InvalidTransition(_("现在是“%(state)s”，不在公示期。") % {"state": review.get_state_display()})
    if review.deadline and (today or timezone.localdate()) > review.deadline.due_on:
        raise NotAllowed(_("公示已在 %(day)s 结束。") % {"day": review.deadline.due_on.isoformat()})
