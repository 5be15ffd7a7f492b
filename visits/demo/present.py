"""The last six weeks, lived through the same actions that the pages call, so that every role finds its work waiting."""

from __future__ import annotations

import datetime
import heapq
import itertools
import random
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from unionops.casework.deadlines import working_days
from unionops.casework.enums import Satisfaction, SupervisionKind, Way
from unionops.casework.models import Notice
from unionops.org.models import Enterprise, Leave, Organisation, User

from ..actions import care, steps
from ..actions.register import IssueDraft
from ..actions.visits import VisitDraft, log_visit, plan_visit
from ..enums import AnswerWay, ClaimantKind, Grade, Handling, Heading, IssueState, PauseReason, Policy, ResultKind
from ..jobs import draw_samples, lock_closed_months
from ..models import Issue
from .district import CENTRE, Demo
from .names import people, phone
from .rows import MODES, Said, claimants, say
from .showcase import SHOWCASE, Shown
from .texts import COMPANIONS, PLANS, POSITIONS, SUMMARIES, TEXTS, UNSOLVED, WORKSHOPS, Text

WEEKS = 6
# Notices older than this have been read.
READ_AFTER = datetime.timedelta(days=3)
# (working days since the step before, step)
Plan = Sequence[tuple[int, str]]
_TO_HANDLING: Plan = ((0, "dispatch"), (1, "sign_for"))
_TO_END: Plan = ((1, "answer"), (2, "confirm"))
STORIES: dict[str, Plan] = {
    "usual": (*_TO_HANDLING, (4, "answer"), (2, "confirm")),
    "quick": ((0, "dispatch"), (0, "sign_for"), (1, "answer"), (1, "confirm")),
    "long": (*_TO_HANDLING, (11, "answer"), (3, "confirm")),
    "unsigned": ((0, "dispatch"),),
    "unanswered": _TO_HANDLING,
    "returned": ((0, "return_back"), (1, "submit"), (0, "dispatch"), (1, "sign_for"), (3, "answer"), (1, "confirm")),
    "declined": ((0, "dispatch"), (1, "decline"), (1, "dispatch"), (1, "sign_for"), (5, "answer"), (2, "confirm")),
    "consulted": (*_TO_HANDLING, (1, "consult"), (3, "conclude"), *_TO_END),
    "planned": (*_TO_HANDLING, (2, "propose_plan"), (1, "plan")),
    "suspended": (*_TO_HANDLING, (2, "suspend")),
    "transferred": (*_TO_HANDLING, (2, "transfer"), (12, "answer"), (2, "confirm")),
    "converted": (*_TO_HANDLING, (1, "convert")),
    "reopened": (*_TO_HANDLING, (3, "answer"), (2, "reopen"), (1, "dispatch"), (1, "sign_for"), (4, "answer"), (2, "confirm")),
    "void": ((1, "void"),),
    "kept": (),
}  # fmt: skip
_WEIGHTS = {
    "usual": 40, "quick": 26, "long": 8, "unsigned": 2, "unanswered": 3, "returned": 4, "declined": 3, "consulted": 4, "planned": 3,
    "suspended": 1, "transferred": 3, "converted": 1, "reopened": 3, "void": 1, "kept": 1,
}  # fmt: skip


def live_until(demo: Demo, now: datetime.datetime, *, seed: int) -> None:
    Present(demo, now, random.Random(seed + 1)).live()  # noqa: S311 -- the same story, nothing secret


def first_day(now: datetime.datetime) -> datetime.date:
    """The Monday on which the story begins."""
    day = timezone.localdate(now) - datetime.timedelta(weeks=WEEKS)
    return day - datetime.timedelta(days=day.weekday())


class Present:
    """A queue of what happens when; each happening may put later ones into it."""

    def __init__(self, demo: Demo, now: datetime.datetime, pick: random.Random) -> None:
        self._demo = demo
        self._now = now
        self._pick = pick
        today = timezone.localdate(now)
        self._days = list(working_days(today - datetime.timedelta(weeks=WEEKS + 4), today))
        self._first = first_day(now)
        self._queue: list[tuple[datetime.datetime, int, Callable[[datetime.datetime], None]]] = []
        self._ticket = itertools.count()
        self._firms: dict[int, list[Enterprise]] = {}
        for firm in demo.firms:
            self._firms.setdefault(firm.town_id or 0, []).append(firm)
        self._towns_of = {
            user.pk: [town for town, here in demo.stationed.items() if user in here] for user in demo.liaisons
        }
        # Text of each issue, so that its answer fits.
        self._said: dict[object, Said] = {}

    def live(self) -> None:
        self._plan_visits()
        for shown in SHOWCASE:
            self._show(shown)
        while self._queue and self._queue[0][0] <= self._now:
            when, _order, happen = heapq.heappop(self._queue)
            happen(when)
        Notice.objects.filter(at__lt=self._now - READ_AFTER).update(read_at=self._now - READ_AFTER)
        draw_samples(self._now)
        lock_closed_months(self._now)

    def _at(self, when: datetime.datetime, happen: Callable[[datetime.datetime], None]) -> None:
        heapq.heappush(self._queue, (when, next(self._ticket), happen))

    # The weeks of the cadres

    def _plan_visits(self) -> None:
        weeks: dict[tuple[int, int], list[datetime.date]] = {}
        for day in self._days:
            if day >= self._first:
                weeks.setdefault(day.isocalendar()[:2], []).append(day)
        this_week = timezone.localdate(self._now).isocalendar()[:2]
        away = self._leaves(list(weeks)[1:-2])
        for week, days in weeks.items():
            for user in self._demo.liaisons:
                is_cadre = user == self._demo.people["cadre"]
                # The showcase fills the cadre's own week; one more visit is planned and still to be made.
                own = 0 if week == this_week else 4
                count = own if is_cadre else self._pick.choice((0, 1, 1, 2, 2, 3))
                if (user.pk, week) in away:
                    continue
                firms = self._some_firms(user, 4)
                chosen = sorted(self._pick.sample(days, min(count, len(days))))
                if week == this_week:
                    self._plan_week(user, firms[:1] if is_cadre else firms, days)
                for day, firm in zip(chosen, firms, strict=False):
                    self._at(self._clock(day), self._visiting(user, firm))

    def _leaves(self, weeks: Sequence[tuple[int, int]]) -> set[tuple[int, tuple[int, int]]]:
        """Three colleagues are away for a week; nobody expects a visit of them then."""
        colleagues = [user for user in self._demo.liaisons if user != self._demo.people["cadre"]]
        away = set()
        for user, week in zip(self._pick.sample(colleagues, 3), self._pick.choices(weeks, k=3), strict=True):
            monday = datetime.date.fromisocalendar(*week, 1)
            Leave.objects.create(
                user=user, starts_on=monday, ends_on=monday + datetime.timedelta(days=6), reason="年休假"
            )
            away.add((user.pk, week))
        return away

    def _plan_week(self, user: User, firms: Sequence[Enterprise], days: list[datetime.date]) -> None:
        monday = days[0] - datetime.timedelta(days=days[0].weekday())
        for position, firm in enumerate(firms):
            plan_visit(user, firm, day=monday + datetime.timedelta(days=position))

    def _some_firms(self, user: User, count: int) -> list[Enterprise]:
        firms = [firm for town in self._towns_of[user.pk] for firm in self._firms.get(town, ())]
        return self._pick.sample(firms, min(count, len(firms)))

    def _clock(self, day: datetime.date, hour: int | None = None) -> datetime.datetime:
        time = datetime.time(hour or self._pick.randrange(9, 17), self._pick.randrange(60))
        return timezone.make_aware(datetime.datetime.combine(day, time))

    def _visiting(self, user: User, firm: Enterprise) -> Callable[[datetime.datetime], None]:
        def visit(when: datetime.datetime) -> None:
            drafts, stories, said = [], [], []
            for _issue in range(self._pick.choices((0, 1, 2), (55, 38, 7))[0]):
                words = say(self._pick.choice(TEXTS), self._pick)
                story = "explained" if words.text.explanation and self._pick.random() < 0.5 else self._story()
                drafts.append(self._draft(words, story))
                stories.append(STORIES.get(story, ()))
                said.append(words)
            self._log(user, firm, drafts, stories, said, when)

        return visit

    def _story(self) -> str:
        return self._pick.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]

    def _log(
        self, user: User, firm: Enterprise, drafts: list[IssueDraft], stories: list[Plan], said: list[Said],
        when: datetime.datetime,
    ) -> None:  # fmt: skip
        pick = self._pick
        contact = self._demo.contacts[firm.pk]
        start = timezone.localtime(when) - datetime.timedelta(minutes=50)
        draft = VisitDraft(
            visited_on=start.date(), enterprise=firm, mode=pick.choice(MODES), companions=pick.choice(COMPANIONS),
            started_at=start.time().replace(second=0), ended_at=timezone.localtime(when).time().replace(second=0),
            contact_name=contact.name, contact_role=pick.choice(POSITIONS), contact_phone=phone(pick),
            interviewee_count=pick.randrange(1, 9), checklist=_checklist(pick), policies=sorted(pick.sample(Policy.values, 2)),
            summary=pick.choice(SUMMARIES).format(w=pick.choice(WORKSHOPS)), next_plan=pick.choice(PLANS), place=firm.address,
        )  # fmt: skip
        visit = log_visit(draft, drafts, by=user, now=when).visit
        for issue, plan, words in zip(visit.issues.order_by("number"), stories, said, strict=True):
            self._said[issue.pk] = words
            self._go_on(issue, plan, when)

    def _draft(self, said: Said, story: str, **more: Any) -> IssueDraft:
        pick = self._pick
        named = pick.random() < 0.55
        return IssueDraft(**(
            {
                "title": said.title, "description": said.description, "demand": said.demand, "urgency": said.text.urgency,
                "category": self._demo.categories[said.text.category],
                "claimant_kind": ClaimantKind.PERSON if named else ClaimantKind.ANONYMOUS,
                "claimant_name": people(pick, 1)[0] if named else "", "claimant_phone": phone(pick) if named else "",
                "claimant_count": claimants(said), "new_employment": said.text.category.startswith("NEW"),
                "suggested_department": self._demo.department_of(said.text.category),
                **_handling(said, story),
            } | more
        ))  # fmt: skip

    # The way of an issue

    def _go_on(self, issue: Issue, plan: Plan, when: datetime.datetime) -> None:
        if not plan:
            return
        (days, verb), *rest = plan
        next_time = self._after(when, days)

        def step(at: datetime.datetime) -> None:
            self._go_on(getattr(self, f"_{verb}")(issue, at), rest, at)

        self._at(next_time, step)

    def _after(self, when: datetime.datetime, days: int) -> datetime.datetime:
        """Some working days later; on the same day within two hours."""
        local = timezone.localtime(when)
        if days == 0:
            return when + datetime.timedelta(minutes=self._pick.randrange(8, 110))
        later = [
            day
            for day in working_days(local.date(), local.date() + datetime.timedelta(days=days * 2 + 12))
            if day > local.date()
        ]
        return self._clock(later[days - 1])

    def _handler(self, issue: Issue) -> User:
        if issue.handler:
            return issue.handler
        lead = issue.lead_department
        assert lead is not None
        staff = self._demo.staff.get(lead.pk)
        return staff[0] if staff else next(
            user for name, user in self._demo.people.items() if name.startswith("town") and user.scope.holds("town", lead.pk)
        )  # fmt: skip

    def _words(self, issue: Issue) -> Said:
        return self._said[issue.pk]

    def _dispatch(self, issue: Issue, when: datetime.datetime, department: Organisation | None = None) -> Issue:
        chosen = department or self._demo.department_of(self._words(issue).text.category)
        if issue.state == IssueState.DECLINED:
            chosen = self._demo.departments["办公室"]
        elif issue.state == IssueState.REOPENED and issue.lead_department:
            chosen = issue.lead_department
        is_ruling = issue.state in (IssueState.DECLINED, IssueState.REOPENED)
        by = self._demo.people["leader" if is_ruling else "clerk"]
        return steps.dispatch(issue, by=by, department=chosen, now=when)

    def _sign_for(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.sign_for(issue, by=self._handler(issue), now=when)

    def _answer(self, issue: Issue, when: datetime.datetime) -> Issue:
        said, pick = self._words(issue), self._pick
        kind, text = ResultKind.RESOLVED, said.result
        if pick.random() < 0.06:
            kind, text = ResultKind.PARTLY, pick.choice(UNSOLVED["partly"])
        pay = said.text.category.startswith("WAGE") and "津贴" not in said.title
        return steps.answer(
            issue, by=self._handler(issue), result_kind=kind, result_text=text, answer_way=pick.choice(AnswerWay.values),
            amount_recovered=Decimal(pick.randrange(8, 400) * 100 if pay else 0), workers_benefited=claimants(said), now=when,
        )  # fmt: skip

    def _confirm(self, issue: Issue, when: datetime.datetime) -> Issue:
        satisfaction = self._pick.choice(
            (Satisfaction.VERY, Satisfaction.SATISFIED, Satisfaction.SATISFIED, Satisfaction.BASIC)
        )
        return steps.confirm(
            issue, by=self._demo.people["clerk"], way=Way.PHONE, satisfaction=satisfaction, note="电话回访，反映人表示认可。",
            now=when,
        )  # fmt: skip

    def _reopen(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.reopen(
            issue,
            by=self._demo.people["clerk"],
            way=Way.PHONE,
            reason="反映人说只解决了一部分，车间里还有人没有拿到。",
            now=when,
        )

    def _return_back(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.return_back(
            issue, by=self._demo.people["clerk"], reason="请补充涉及人数，并写明职工希望什么时候解决。", now=when
        )

    def _submit(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.submit(
            issue,
            by=issue.liaison,
            department=issue.suggested_department,
            note="人数已核实，职工希望本月内解决。",
            now=when,
        )

    def _decline(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.decline(
            issue, by=self._handler(issue), reason="这件事不归本科室，涉及场地协调，建议办公室牵头。", now=when
        )

    def _consult(self, issue: Issue, when: datetime.datetime) -> Issue:
        others = [unit for name, unit in self._demo.departments.items() if name in ("办公室", "经济工作部", CENTRE)]
        meeting = self._clock(max(timezone.localdate(self._now), timezone.localdate(when)), 15).replace(minute=0)
        return steps.consult(
            issue, by=self._handler(issue), question="涉及几个科室，请一起定下牵头单位和办理顺序。",
            participants=[unit for unit in others if unit.pk != issue.lead_department_id], planned_at=meeting, place="三楼小会议室", now=when,
        )  # fmt: skip

    def _conclude(self, issue: Issue, when: datetime.datetime) -> Issue:
        due = timezone.localdate(when) + datetime.timedelta(days=10)
        return steps.conclude(
            issue, by=self._handler(issue), minutes="由主办科室牵头，经济工作部配合上门，十天内答复。",
            tasks=[steps.TaskDraft(what="上门核实并带去政策单", due_on=due)], now=when,
        )  # fmt: skip

    def _propose_plan(self, issue: Issue, when: datetime.datetime) -> Issue:
        day = timezone.localdate(when)
        handler = self._handler(issue)
        return steps.propose_plan(
            issue, by=handler, measure="分两期改造：先划线腾挪，再列入企业技改预算。", roadmap="踏勘—定方案—企业职代会通过—施工—验收",
            responsible=handler.name, due_on=day + datetime.timedelta(days=60), now=when,
            milestones=[
                steps.TaskDraft(what="踏勘并定方案", due_on=day + datetime.timedelta(days=10)),
                steps.TaskDraft(what="企业职代会通过方案", due_on=day + datetime.timedelta(days=25)),
                steps.TaskDraft(what="完工验收", due_on=day + datetime.timedelta(days=55)),
            ],
        )  # fmt: skip

    def _plan(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.plan(issue, by=self._demo.people["leader"], note="同意，按清单销号。", now=when)

    def _suspend(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.suspend(
            issue, by=self._demo.people["leader"], reason=PauseReason.EVIDENCE, note="等职工提供银行流水。",
            resume_on=timezone.localdate(self._now) + datetime.timedelta(days=9), now=when,
        )  # fmt: skip

    def _transfer(self, issue: Issue, when: datetime.datetime) -> Issue:
        year = timezone.localdate(when).year
        return steps.transfer(
            issue, by=self._demo.people["leader"], body="区应急管理局", letter_number=f"越工函〔{year}〕{self._pick.randrange(10, 90)}号",
            receipt="对方已签收", now=when,
        )  # fmt: skip

    def _convert(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.convert(
            issue, by=self._handler(issue), linked_case=f"越调〔{when.year}〕{self._pick.randrange(10, 90)}号", now=when
        )

    def _void(self, issue: Issue, when: datetime.datetime) -> Issue:
        return steps.void(
            issue, by=self._demo.people["clerk"], reason="与前一天登记的内容相同，登记人确认重复。", now=when
        )

    def _order(self, issue: Issue, when: datetime.datetime) -> Issue:
        care.supervise(
            issue, by=self._demo.people["leader"], sort=SupervisionKind.ORDER, now=when,
            text="已过办理期限，请说明进展和办结日期。", answer_due_on=timezone.localdate(when) + datetime.timedelta(days=3),
        )  # fmt: skip
        return issue

    # What every role must find on the first screen

    def _officer(self, shown: Shown) -> User:
        """The cadre of the demo, a colleague in the cadre's first town, or anybody."""
        cadre = self._demo.people["cadre"]
        if shown.officer:
            return self._demo.people[shown.officer]
        if shown.to_town:
            town = self._towns_of[cadre.pk][0]
            here = [user for user in self._demo.liaisons if user != cadre and self._towns_of[user.pk][:1] == [town]]
            return self._pick.choice(here) if here else cadre
        return self._pick.choice([user for user in self._demo.liaisons if user != cadre])

    def _show(self, shown: Shown) -> None:
        pick = self._pick
        user = self._officer(shown)
        firm = pick.choice(self._some_firms(user, 8))
        day = self._days[-1 - shown.days_ago]
        texts: Iterable[Text] = [text for text in TEXTS if text.category.startswith(shown.category)]
        said = say(pick.choice(list(texts)), pick)
        urgency = shown.urgency or said.text.urgency
        draft = self._draft(said, "kept" if shown.kept else "submitted", urgency=urgency)
        town = next(unit for unit in self._demo.towns if unit.pk == self._towns_of[user.pk][0])

        def visit(when: datetime.datetime) -> None:
            plan: list[tuple[int, str]] = list(shown.plan)
            self._log(user, firm, [draft], [()], [said], when)
            issue = Issue.objects.get(title=draft.title, registered_at=when)
            if shown.to_town:
                issue = self._dispatch(issue, when + datetime.timedelta(minutes=40), town)
                plan = plan[1:]
            self._go_on(issue, plan, when)

        self._at(self._clock(day, 8), visit)


def _handling(said: Said, story: str) -> dict[str, Any]:
    if story == "explained":
        return {
            "handling": Handling.EXPLAIN, "explanation": said.text.explanation, "explanation_basis": said.text.basis, "understood": True,
        }  # fmt: skip
    return {"handling": Handling.KEEP if story == "kept" else Handling.SUBMIT}


def _checklist(pick: random.Random) -> dict[str, dict[str, str]]:
    grades = (Grade.GOOD, Grade.GOOD, Grade.GOOD, Grade.ATTENTION, Grade.PROBLEM)
    notes = {Grade.GOOD: "", Grade.ATTENTION: "下次再看", Grade.PROBLEM: "已记为诉求"}
    found = {heading: pick.choice(grades) for heading in Heading.values}
    return {heading: {"grade": str(grade), "note": notes[grade]} for heading, grade in found.items()}
