"""Nobody judges themselves or a colleague of the same posting: in the draw, by hand, at the scoring, in the database, in a race."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from tests.world import make_user, make_world
from unionops.org.enums import Role
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.models import Event, Posting
from visits.reviews.actions import scoring
from visits.reviews.conflicts import reasons_against
from visits.reviews.models import Assignment, Author, PanelMember, Submission

from . import stories

EVERYBODY = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
)  # fmt: skip
# Of a submission that the handler wrote for the department: who may judge it.
FIT = {"cadre", "other_cadre", "other_handler", "town", "mediator", "officer", "admin"}


def test_who_may_judge_whom(world):
    review = stories.scoring_began(world, "handler")
    paper = Submission.objects.get()
    world.people["second"] = make_user("second", Role.HANDLER, world.department)
    people = {name: world[name] for name in (*EVERYBODY, "second")}

    reasons = reasons_against(review, [paper], people.values())

    assert {name for name, user in people.items() if (paper.pk, user.pk) not in reasons} == FIT
    assert reasons[paper.pk, people["handler"].pk] == "是作者本人"
    assert "权保部" in reasons[paper.pk, people["second"].pk]
    for name, user in people.items():
        with transaction.atomic():
            if name in FIT:
                scoring.assign(paper, user, by=world["clerk"])
            else:
                with pytest.raises(ActionError):
                    scoring.assign(paper, user, by=world["clerk"])
            transaction.set_rollback(True)


def test_a_posting_that_ended_this_year_counts_and_an_older_one_does_not(world):
    review = stories.scoring_began(world, "handler")
    paper = Submission.objects.get()
    ended = {"lately": datetime.date(review.year, 2, 1), "long ago": datetime.date(review.year - 1, 12, 31)}
    found = {}
    for name, day in ended.items():
        user = make_user(name.replace(" ", ""), Role.TOWN, world.other_town)
        Posting.objects.create(
            user=user,
            organisation=world.department,
            role=Role.HANDLER,
            valid_from=datetime.date(2023, 4, 1),
            valid_to=day,
        )
        found[name] = (paper.pk, user.pk) in reasons_against(review, [paper], [user])

    assert found == {"lately": True, "long ago": False}


@pytest.mark.parametrize("seed", range(6))
def test_the_draw_gives_three_without_conflict_and_shares_the_work(world, seed):
    review = stories.scoring_began(world, "cadre", "handler", "other_handler", "town")
    drawn = scoring.draw(review, by=world["clerk"], seed=seed)

    papers = list(Submission.objects.filter(review=review))
    members = [one.user for one in PanelMember.objects.filter(review=review)]
    against = reasons_against(review, papers, members)
    for paper in papers:
        judges = list(paper.assignments.values_list("reviewer", flat=True))
        possible = [one.pk for one in members if (paper.pk, one.pk) not in against]
        assert len(set(judges)) == min(3, len(possible))
        assert set(judges) <= set(possible)
    assert drawn.short == [paper.number for paper in papers if paper.assignments.count() < 3]
    # Another draw finds nothing to do.
    assert scoring.draw(review, by=world["clerk"]).count == 0


def test_the_same_seed_draws_the_same(world):
    review = stories.scoring_began(world, "cadre", "town")
    found = []
    for _n in range(2):
        with transaction.atomic():
            scoring.draw(review, by=world["clerk"], seed=42)
            found.append(set(Assignment.objects.values_list("submission", "reviewer")))
            transaction.set_rollback(True)

    assert found[0] == found[1]
    scoring.draw(review, by=world["clerk"], seed=42)
    assert Event.objects.get(verb="review.draw").data["seed"] == 42


def test_a_declared_conflict_is_replaced(world, as_person):
    stories.assigned(world)
    row = Assignment.objects.first()
    who = next(name for name, user in world.people.items() if user.pk == row.reviewer_id)
    page = reverse("reviews:decline", args=[row.pk])

    assert as_person(who).post(page, {"reason": " "}).status_code == 422
    assert as_person(who).post(page, {"reason": "猜到作者是谁，是亲戚"}).status_code == 302

    row.refresh_from_db()
    assert row.ended_at
    assert Assignment.objects.active().filter(submission=row.submission).count() == 3
    assert not Assignment.objects.active().filter(submission=row.submission, reviewer=row.reviewer).exists()
    assert as_person(who).get(reverse("reviews:score", args=[row.pk])).status_code == 404
    # The office reads why, and cannot choose the same person again.
    text = as_person("clerk").get(reverse("reviews:reviewers", args=[row.submission_id])).content.decode()
    assert "猜到作者是谁" in text
    with pytest.raises(ActionError, match="已经退出"):
        scoring.assign(row.submission, world[who], by=world["clerk"])


def test_a_conflict_that_came_later_stops_the_score(world):
    stories.assigned(world)
    row = Assignment.objects.select_related("submission__review").first()
    who = next(name for name, user in world.people.items() if user.pk == row.reviewer_id)
    Posting.objects.create(user=world[who], organisation=world.town, role=Role.TOWN, valid_from=timezone.localdate())

    marks = {one.pk: Decimal(80) for one in scoring.criteria_of(row.submission)}
    with pytest.raises(NotAllowed, match="同一单位"):
        scoring.give_scores(row, marks, by=world[who])


def test_the_database_refuses_a_conflict_from_either_side(world):
    stories.assigned(world)
    paper = Submission.objects.get()
    for name in ("cadre", "town"):
        with pytest.raises(DatabaseError, match="conflict"), transaction.atomic():
            Assignment.objects.create(
                submission=paper, reviewer=world[name], assigned_by=world["clerk"], assigned_at=timezone.now()
            )
    judge = paper.assignments.first().reviewer
    with pytest.raises(DatabaseError, match="conflict"), transaction.atomic():
        Author.objects.create(submission=paper, user=judge, position=1)


@pytest.mark.parametrize("turn", range(3))
def test_author_and_reviewer_at_the_same_moment(transactional_db, turn):
    """One person is made author and reviewer at once: whoever comes second is refused."""
    world = make_world()
    stories.scoring_began(world)
    paper = Submission.objects.get()
    together = Barrier(2)

    def judge() -> bool:
        together.wait(timeout=30)
        scoring.assign(paper, world["mediator"], by=world["clerk"])
        return True

    def author() -> bool:
        together.wait(timeout=30)
        Author.objects.create(submission=paper, user=world["mediator"], position=1)
        return True

    def run(action) -> bool:
        try:
            with transaction.atomic():
                return action()
        except (ActionError, DatabaseError):
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(run, (judge, author)))

    assert sorted(done) == [False, True]
    both = Author.objects.filter(user=world["mediator"]).exists(), Assignment.objects.exists()
    assert both == (done[1], done[0])


def test_the_office_chooses_no_reviewers_of_its_own_work(world, as_person):
    stories.assigned(world, "clerk")
    paper = Submission.objects.get()
    row = paper.assignments.first()

    with pytest.raises(NotAllowed, match="自己的材料"):
        scoring.assign(paper, world["mediator"], by=world["clerk"])
    for page in (reverse("reviews:reviewers", args=[paper.pk]), reverse("reviews:replace", args=[row.pk])):
        assert {name: as_person(name).get(page).status_code for name in ("clerk", "leader")} == {
            "clerk": 403,
            "leader": 200,
        }
