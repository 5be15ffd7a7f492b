"""Who may not judge a submission, and why: read here for people, held in the database by triggers of the models."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from unionops.joining import listed
from unionops.org.enums import DISTRICT_WIDE, Role
from unionops.org.models import Organisation, Posting, User

from .models import Assignment, Author, Review, Submission

# What one has been judged for and has left is not judged again.
Reasons = dict[tuple[object, int], str]


def _posts(users: Collection[int], year: int) -> dict[int, set[int]]:
    """The organisations to which people are or were posted since the year of the review began."""
    since = datetime.date(year, 1, 1)
    found: dict[int, set[int]] = defaultdict(set)
    rows = Posting.objects.filter(Q(valid_to=None) | Q(valid_to__gte=since), user__in=users)
    for user, organisation in rows.values_list("user", "organisation"):
        found[user].add(organisation)
    return found


def reasons_against(review: Review, submissions: Iterable[Submission], users: Iterable[User]) -> Reasons:
    """Why each of the people may not judge each of the submissions; pairs without a reason are left out.

    A fixed number of statements for any number of either.
    """
    papers, people = list(submissions), list(users)
    authors: dict[object, set[int]] = defaultdict(set)
    for key, author in Author.objects.filter(submission__in=papers).values_list("submission", "user"):
        authors[key].add(author)
    everybody = {user.pk for user in people} | {pk for found in authors.values() for pk in found}
    posts = _posts(everybody, review.year)
    names = dict(
        Organisation.objects.filter(pk__in={pk for found in posts.values() for pk in found}).values_list("pk", "name")
    )
    left = {
        (key, judge): reason
        for key, judge, reason in Assignment.objects.filter(submission__in=papers)
        .exclude(ended_at=None)
        .values_list("submission", "reviewer", "end_reason")
    }
    unfit = {user.pk: reason for user in people if (reason := _unfit(review, user))}
    found: Reasons = {}
    for paper in papers:
        theirs = {paper.organisation_id}.union(*(posts[author] for author in authors[paper.pk]))
        for user in people:
            shared = posts[user.pk] & theirs
            if user.pk in unfit:
                found[paper.pk, user.pk] = unfit[user.pk]
            elif user.pk in authors[paper.pk]:
                found[paper.pk, user.pk] = _("是作者本人")
            elif shared:
                found[paper.pk, user.pk] = _("和作者同一单位：%(places)s") % {
                    "places": listed(sorted(names.get(pk, "") for pk in shared))
                }
            elif (paper.pk, user.pk) in left:
                found[paper.pk, user.pk] = _("已经退出：%(reason)s") % {"reason": left[paper.pk, user.pk]}
    return found


def _unfit(review: Review, user: User) -> str:
    """Who can't judge anything of this review."""
    scope = user.scope
    if not user.is_active or review.district_id not in scope.member_of:
        return _("不在本区任职")
    if any(scope.holds(role, review.district_id) for role in DISTRICT_WIDE):
        return _("这个岗位看得到作者，不能匿名评审")
    if scope.holds(Role.AUDITOR, review.district_id):
        # The log names who handed in what.
        return _("这个岗位看得到日志，不能匿名评审")
    return ""


def reason_against(submission: Submission, user: User) -> str:
    return reasons_against(submission.review, [submission], [user]).get((submission.pk, user.pk), "")
