"""From figures to grades: the stored result against a plain second reckoning, the frozen rules, the dimension of each kind."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from unionops.casework.deadlines import working_day_after, working_days
from unionops.casework.periods import closes_on
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import parse
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User
from visits.actions.visits import VisitDraft, log_visit
from visits.models import Issue
from visits.reviews.actions import reviews
from visits.reviews.defaults import DEFAULTS, Draft, Line
from visits.reviews.enums import APPRAISED, Kind, ReviewState
from visits.reviews.jobs import begin_reviews
from visits.reviews.measuring import DIMENSION, graded, judged, lines_of, measurable
from visits.reviews.models import Criterion, ManualScore, Result, Review, Scheme, Subject, SubmissionResult

from . import stories


def lived(world):
    """Some visits and issues of last year, in both towns."""
    day = datetime.date(stories.year(), 5, 13)
    noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    for _n in range(3):
        log_visit(VisitDraft(visited_on=day, enterprise=world.enterprise), [], by=world["cadre"], now=noon)
    for town, states in ((world.town, ("closed", "closed", "handling")), (world.other_town, ("closed",))):
        for state in states:
            issue = world.issue(state, town=town)
            Issue.objects.filter(pk=issue.pk).update(
                registered_at=noon, closed_at=noon + stories.DAY if state == "closed" else None
            )


def test_totals_are_those_of_a_second_reckoning(world):
    lived(world)
    review = stories.settled(world)
    asked = Asked(world["leader"], parse(str(review.year)), review.cut_off)
    for kind in APPRAISED:
        criteria = list(reviews.scheme_of(review, kind).criteria.order_by("position"))
        for subject in Subject.objects.filter(review=review, kind=kind):
            top, weight = Fraction(0), Fraction(0)
            for one in criteria:
                if one.code:
                    where = {DIMENSION[kind]: str(subject.user_id or subject.organisation_id)}
                    figure = figure_of(Question(find(one.code), asked, where=where))
                    if figure.denominator == 0:
                        continue
                    value = (
                        Fraction(figure.numerator * 100, figure.denominator)
                        if figure.denominator
                        else Fraction(figure.numerator)
                    )
                else:
                    value = Fraction(ManualScore.objects.get(subject=subject, criterion=one).score)
                share = (value - Fraction(one.floor)) / Fraction(one.full - one.floor)
                top += Fraction(one.weight) * max(Fraction(0), min(Fraction(1), share)) * 100
                weight += Fraction(one.weight)
            exact = top / weight
            expected = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            result = Result.objects.get(subject=subject, round=1)
            assert result.total == expected, subject
            assert sum(line.product for line in lines_of(result.sheet) if line.product is not None) == exact


def test_a_criterion_without_a_denominator_is_left_out_and_said(world, as_person):
    review = stories.published(world)
    subject = Subject.objects.get(review=review, user=world.people["other_cadre"])

    lines = lines_of(subject.results.get().sheet)
    text = as_person("cadre").get(reverse("reviews:subject", args=[review.pk, subject.pk])).content.decode()

    out = [line.name for line in lines if line.points is None]
    assert "化解率" in out
    assert sum(line.scaled for line in lines if line.scaled is not None) == 100
    assert "没有分母，不计" in text
    assert all(name in text for name in out)


def test_the_page_shows_every_step_of_the_arithmetic(world, as_person):
    lived(world)
    review = stories.published(world)
    subject = Subject.objects.get(review=review, organisation=world.town)
    client = as_person("leader")
    text = client.get(reverse("reviews:subject", args=[review.pk, subject.pk])).content.decode()

    result = subject.results.get()
    assert f"{result.total:.2f}" in text
    line = next(one for one in lines_of(result.sheet) if one.code == "resolution_rate")
    assert line.value == Fraction(200, 3)
    assert "66.6667 %" in text
    # It opens to the rows that it counts.
    addresses = [unescape(link) for link in re.findall(r'href="(/insight/rows/[^"]+)"', text)]
    assert addresses
    assert {client.get(address).status_code for address in addresses} == {200}


def test_figures_stay_as_they_were_frozen(world):
    lived(world)
    review = stories.settled(world)
    before = {row.pk: (row.total, row.sheet) for row in Result.objects.all()}
    Issue.objects.filter(state="closed").update(result_kind="unfounded")

    assert {row.pk: (row.total, row.sheet) for row in Result.objects.all()} == before
    with pytest.raises(DatabaseError), transaction.atomic():
        Result.objects.filter(subject__review=review).update(total=1)


def test_indicators_know_the_dimension_of_their_kind():
    for kind in APPRAISED:
        codes = {one.code for one in measurable(kind)}
        assert {line.code for line in DEFAULTS[kind].lines if line.code} <= codes
        reviews.check_draft(kind, DEFAULTS[kind])


# Rules that are frozen


def test_nothing_of_a_scheme_changes_after_the_opening(world):
    review = stories.opened(world)
    scheme = reviews.scheme_of(review, Kind.CADRE)

    with pytest.raises(InvalidTransition):
        reviews.set_scheme(review, Kind.CADRE, DEFAULTS[Kind.CADRE], by=world["clerk"])
    for change in (
        lambda: Scheme.objects.filter(pk=scheme.pk).update(first=99),
        lambda: Criterion.objects.filter(scheme=scheme).update(weight=1),
        lambda: Criterion.objects.filter(scheme=scheme).delete(),
        lambda: Scheme.objects.create(
            review=review, kind=Kind.CADRE, version=9, first=1, second=1, made_by=world["clerk"], made_at=timezone.now()
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_each_change_of_a_scheme_is_a_version(world, as_person):
    review = stories.make(world)
    draft = Draft(
        [Line("走访家次", Decimal("60.5"), "visit_count", Decimal(0), Decimal(50)), Line("总结", Decimal("39.5"))],
        10,
        30,
    )
    reviews.set_scheme(review, Kind.CADRE, draft, by=world["clerk"])

    versions = Scheme.objects.filter(review=review, kind=Kind.CADRE).order_by("version")
    assert [one.criteria.count() for one in versions] == [len(DEFAULTS[Kind.CADRE].lines), 2]
    page = reverse("reviews:scheme", args=[review.pk, "cadre"])
    assert "60.5" in as_person("clerk").get(page).content.decode()
    assert "周走访达标率" in as_person("clerk").get(f"{page}?version=1").content.decode()
    # The next year begins with it.
    following = reviews.make_review(world.district, timezone.localdate().year, by=world["clerk"])
    assert reviews.draft_of(following, Kind.CADRE).first == 10


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "至少"),
        ([Line("甲", Decimal(60)), Line("乙", Decimal("39.99"))], "正好是 100"),
        ([Line("甲", Decimal(100), "visit_count", Decimal(50), Decimal(10))], "满分线要高于零分线"),
        ([Line("甲", Decimal(100), "overdue_rate", Decimal(0), Decimal(20))], "满分线要低于零分线"),
        ([Line("甲", Decimal(100), "issue_count", Decimal(0), Decimal(20))], "不能用来评"),
        ([Line("甲", Decimal(100), "nothing", Decimal(0), Decimal(20))], "不能用来评"),
        ([Line("甲", Decimal(100), "", Decimal(0), Decimal(20))], "由人打分"),
    ],
)
def test_a_scheme_that_is_no_rule_is_refused(world, lines, words):
    review = stories.make(world)

    with pytest.raises(ActionError, match=words):
        reviews.set_scheme(review, Kind.CADRE, Draft(lines, 20, 40), by=world["clerk"])


def test_the_database_adds_the_weights_up_itself(world):
    review = stories.make(world)
    scheme = Scheme.objects.create(
        review=review, kind=Kind.TOWN, version=2, first=1, second=1, made_by=world["clerk"], made_at=timezone.now()
    )
    with pytest.raises(DatabaseError, match="100"), transaction.atomic():
        Criterion.objects.create(scheme=scheme, position=0, name="甲", weight=Decimal("99.99"))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_form_writes_a_scheme(world, as_person):
    review = stories.make(world)
    page = reverse("reviews:scheme_edit", args=[review.pk, "town"])
    form = {
        "first": "10", "second": "30", "pass_mark": "60", "version": str(review.version), "line-TOTAL_FORMS": "3",
        "line-INITIAL_FORMS": "0", "line-0-code": "coverage_rate", "line-0-weight": "70", "line-0-floor": "50",
        "line-0-full": "100", "line-1-name": "重点工作", "line-1-weight": "20", "line-2-name": "",
    }  # fmt: skip
    refused = as_person("clerk").post(page, form)
    assert refused.status_code == 422
    assert "正好是 100" in refused.content.decode()

    assert as_person("clerk").post(page, form | {"line-1-weight": "30"}).status_code == 302
    scheme = reviews.scheme_of(review, Kind.TOWN)
    assert [(one.name, one.weight) for one in scheme.criteria.order_by("position")] == [
        ("重点企业覆盖率", Decimal(70)), ("重点工作", Decimal(30)),
    ]  # fmt: skip
    for name, status in (("cadre", 404), ("chief", 403)):
        assert as_person(name).get(page).status_code == status


# Grades, awards


def scheme_with(**places):
    return Scheme(**({"first": 20, "second": 40, "third": 0, "pass_mark": 60} | places))


def test_grades_never_pass_their_share_and_never_part_a_tie():
    totals = [Decimal(score) for score in (95, 90, 90, 85, 80, 75, 70, 65, 61, 50)]

    found = graded(totals, scheme_with())

    assert [rank for rank, _grade in found] == [1, 2, 2, 4, 5, 6, 7, 8, 9, 10]
    # Two places for excellent: the tie does not fit beside the first, and so takes the next grade whole.
    assert [grade.value for _rank, grade in found] == ["excellent", *["good"] * 5, *["pass"] * 3, "fail"]
    assert graded([None, Decimal(80)], scheme_with())[0] == (None, "none")


def test_awards_by_mean_with_ties_and_a_least_score():
    scores = {"a": [90, 90, 90], "b": [80, 80, 80], "c": [80, 80, 80], "d": [70, 70, 70], "e": [50, 50, 50]}
    exact = {key: [Fraction(one) for one in each] for key, each in scores.items()}

    found = judged(exact, scheme_with(first=1, second=1, third=3))

    assert [(rank, award.value) for _mean, rank, award in found.values()] == [
        (1, "first"), (2, "third"), (2, "third"), (4, "third"), (5, "none"),
    ]  # fmt: skip


def test_five_scores_leave_out_the_highest_and_the_lowest(world):
    stories.settled(world, all_five=True)

    result = SubmissionResult.objects.get()
    # 95 and 70 are left out of 95, 90, 85, 80, 70.
    assert result.mean == Decimal("85.00")
    assert [one["score"] for one in result.sheet["scores"]] == ["95", "90", "85", "80", "70"]


# Beginning


def test_one_review_a_year(world):
    stories.make(world)

    with pytest.raises(ActionError, match="已经有了"):
        stories.make(world)
    with pytest.raises(ActionError, match="还没到"):
        reviews.make_review(world.district, timezone.localdate().year + 1, by=world["clerk"])
    with pytest.raises(NotAllowed):
        reviews.make_review(world.district, 2020, by=world["cadre"])


def test_the_job_begins_on_the_first_working_day_after_the_books_are_closed(world, elsewhere):
    year = timezone.localdate().year
    first = working_day_after(closes_on(datetime.date(year - 1, 12, 31)), 1)

    def at(day):
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(8)))

    assert begin_reviews(at(first - stories.DAY)) == 0
    assert begin_reviews(at(first)) == 2
    assert begin_reviews(at(first)) == begin_reviews(at(first + 9 * stories.DAY)) == 0
    assert set(Review.objects.values_list("year", "state")) == {(year - 1, "preparing")}
    assert Review.objects.filter(schemes__made_by=User.objects.system()).distinct().count() == 2


def test_results_wait_for_every_score(world):
    review = stories.scoring_began(world)
    with pytest.raises(ActionError, match="评委不到 3 人"):
        reviews.settle(review, by=world["clerk"])
    stories.scoring.draw(review, by=world["clerk"])
    with pytest.raises(ActionError, match="没有评分"):
        reviews.settle(review, by=world["clerk"])
    stories.mark_all(world, review)
    with pytest.raises(ActionError, match="手工评分"):
        reviews.settle(review, by=world["clerk"])
    stories.by_hand(world, review)
    assert reviews.settle(review, by=world["clerk"]).state == ReviewState.RESULTS


def test_nobody_scores_themselves_by_hand(world):
    review = stories.opened(world)
    posting = world.people["clerk"].postings.get()
    subject = Subject.objects.create(review=review, kind=Kind.CADRE, user=posting.user, name="自己")
    one = Criterion.objects.get(scheme=reviews.scheme_of(review, Kind.CADRE), code="")

    with pytest.raises(ActionError, match="自己"):
        reviews.score_subject(subject, one, by=world["clerk"], score=Decimal(90), note="好")
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualScore.objects.create(
            subject=subject, criterion=one, score=Decimal(101), note="好", by=world["leader"], at=timezone.now()
        )


# Publication


def test_comments_last_at_least_five_working_days(world):
    review = stories.published(world)
    today = timezone.localdate()

    days = list(working_days(today + stories.DAY, review.deadline.due_on))
    assert len(days) == 5
    with pytest.raises(NotAllowed, match="之后才能定案"):
        reviews.confirm(review, by=world["leader"])


def test_a_shorter_term_of_the_office_is_made_five_days(world):
    from unionops.casework.models import Term

    Term.objects.filter(code="review.comments").update(length=2)
    review = stories.published(world)

    assert review.deadline.due_on == working_day_after(timezone.localdate(), 5)


def test_objections_are_answered_before_the_end(world, as_person):
    review = stories.published(world)
    objection = stories.object_to(world, review, "town")
    Review.objects.filter(pk=review.pk).update(published_at=timezone.now())
    review.deadline.due_on = timezone.localdate() - stories.DAY
    review.deadline.started_on = review.deadline.due_on
    review.deadline.save()

    with pytest.raises(NotAllowed, match="异议"):
        reviews.confirm(review, by=world["leader"])
    page = reverse("reviews:answer", args=[objection.pk])
    assert as_person("town").get(page).status_code == 403
    assert as_person("clerk").post(page, {"upheld": "0", "answer": "已核对，数没有错"}).status_code == 302
    assert reviews.confirm(review, by=world["leader"]).state == ReviewState.FINAL
    text = as_person("cadre").get(reverse("reviews:publication", args=[review.pk])).content.decode()
    assert "已核对，数没有错" in text
    # Who objected stays with those who answer.
    lines = text.split("异议和答复")[1]
    assert ">town<" not in lines
