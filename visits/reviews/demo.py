"""The annual review in the demo: the last year with a whole ledger is settled, the present one is being prepared."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone

from unionops.casework.deadlines import working_day_after
from unionops.casework.models import Notice
from unionops.org.models import User

from ..demo.district import Demo
from ..demo.present import READ_AFTER
from .actions.objections import answer_objection, raise_objection
from .actions.reviews import (
    confirm,
    make_review,
    open_review,
    publish,
    scheme_of,
    score_subject,
    set_scheme,
    settle,
    start_scoring,
)
from .actions.scoring import assign, criteria_of, draw, give_scores, set_panel
from .actions.submissions import SubmissionDraft, begin_submission, return_back, submit
from .conflicts import reason_against
from .defaults import Draft, Line
from .enums import APPRAISED, Kind
from .models import Assignment, Review, Subject, Submission

# The ledger of the demo ends in January 2025.
YEAR = 2024
SEED = 20240101
NOTES = (
    "按时完成，材料扎实。",
    "调研次数够，总结偏简单。",
    "重点工作全部完成。",
    "有两项工作跨到了下一年。",
    "总结写得细，数据有出处。",
)
COMMENTS = ("问题找得准，措施可以落地。", "数据充分，建议再算一下经费。", "", "选题好，对策再具体一些。", "")


# Before the weekly quota was four firms: what counted was how often somebody went.
CADRES = Draft(
    (
        Line("走访家次", Decimal(35), "visit_count", Decimal(0), Decimal(45)),
        Line("化解率", Decimal(30), "resolution_rate", Decimal(70), Decimal(98)),
        Line("满意率", Decimal(15), "satisfaction_rate", Decimal(80), Decimal(100)),
        Line("超期率", Decimal(5), "overdue_rate", Decimal(20), Decimal(0)),
        Line("调研和总结", Decimal(15)),
    ),
    20,
    40,
)


class Paper(NamedTuple):
    kind: str
    # The account of the demo that writes it, and a co-author.
    author: str
    other: str
    title: str
    text: str
    effect: str


PAPERS = (
    Paper(
        Kind.RESEARCH, "cadre", "liaison09", "纺织印染企业计件工资争议的成因和化解",
        "一年里走访纺织印染企业五十多家次，记下计件工资方面的诉求三十一件。\n争议集中在三处：单价调整没有公示，次品扣款没有标准，旺季加班按件不按时。\n\n"
        "做法：\n一、请企业把单价表贴到车间，调整前开一次班组会；\n二、次品扣款写进工资集体合同，设上限；\n三、旺季前由工会牵头核一次工时。\n\n试行的八家企业，半年里同类诉求从十二件降到两件。",
        "八家企业签了计件单价公示约定，涉及职工一千二百多人。",
    ),
    Paper(
        Kind.RESEARCH, "liaison05", "", "小微企业建会难在哪里：四十家企业的走访记录",
        "走访没有建会的小微企业四十家，逐家问了三个问题：知不知道、想不想、难在哪。\n知道政策的不到一半；愿意建的二十六家；最大的顾虑是没有人做事。\n\n建议由片区派人代办第一年的手续，经费返还当年到账。",
        "已有九家建会，两个片区开始代办。",
    ),
    Paper(
        Kind.RESEARCH, "liaison12", "town08", "新就业形态劳动者歇脚、充电、停车需求调查",
        "在七个站点问卷三百二十份，访谈骑手和货车司机四十一人。\n排在前三的需求是充电、夏天的饮水和中午的停车。\n\n按站点列出了缺口和可以利用的场地，附改造次序。",
        "三个驿站延长了开放时间，新增充电位二十六个。",
    ),
    Paper(
        Kind.RESEARCH, "town05", "", "女职工较多企业的托管班需求和开班条件",
        "对女职工过半的十八家企业作了调查，有小学生子女的职工占三成。\n开班要有三样：场地、看护、午餐。逐家核了条件，能开的六家。",
        "暑期开了四个班，收孩子一百零六人。",
    ),
    Paper(
        Kind.SUGGESTION, "liaison07", "", "走访前自动带出这家企业上次没办完的事",
        "现状：走访前要自己翻台账，容易漏。\n建议：打开企业就看到没办完的诉求、上次的打算和到期日。\n办法：台账里都有，只要放到一起。",
        "每次走访省十分钟，漏访的回头事能减少一半以上。",
    ),
    Paper(
        Kind.SUGGESTION, "handler04", "handler03", "工资类诉求先发一张材料清单",
        "现状：补材料来回两三趟。\n建议：登记时按类别给出材料清单，职工一次带齐。",
        "试用一个季度，平均办理天数从九天降到六天。",
    ),
    Paper(
        Kind.SUGGESTION, "town11", "", "每月固定一天在镇街接待，科室轮流到场",
        "现状：职工到区里跑一趟要半天。\n建议：每月十日在镇街接待，权保、女工、经费三个科室轮流到场，能答的当场答。",
        "三个月接待六十二人次，当场答复四十四件。",
    ),
)  # fmt: skip


def tell(demo: Demo, now: datetime.datetime) -> None:
    """Live through the review of `YEAR` in the first quarter after it, then begin this year's."""
    _Story(demo, now).live()


class _Story:
    def __init__(self, demo: Demo, now: datetime.datetime) -> None:
        self._demo, self._now = demo, now
        self._pick = random.Random(SEED)  # noqa: S311 -- the same story on every machine, nothing secret
        self._day = datetime.date(YEAR + 1, 1, 13)
        # Read anew: what a person may do is kept with the object.
        self._people = {name: User.objects.get(pk=user.pk) for name, user in demo.people.items()}

    def _after(self, days: int) -> datetime.datetime:
        """Some working days later, in the morning."""
        self._day = working_day_after(self._day, days)
        return timezone.make_aware(datetime.datetime.combine(self._day, datetime.time(9, 30)))

    def live(self) -> None:
        clerk, leader = self._people["clerk"], self._people["leader"]
        review = make_review(self._demo.district, YEAR, by=clerk, now=self._after(1))
        set_scheme(review, Kind.CADRE, CADRES, by=clerk, now=self._after(1))
        review = open_review(review, by=clerk, closes_on=datetime.date(YEAR + 1, 2, 14), now=self._after(1))
        self._hand_in(review)
        self._day = datetime.date(YEAR + 1, 2, 16)
        review = start_scoring(review, by=clerk, now=self._after(1))
        self._judge(review)
        self._score_by_hand(review)
        review = settle(review, by=clerk, now=self._after(2))
        review = publish(review, by=leader, now=self._after(2))
        self._object(review)
        assert review.deadline is not None
        self._day = review.deadline.due_on
        confirm(review, by=leader, now=self._after(1))
        make_review(self._demo.district, timezone.localdate(self._now).year, by=clerk, now=self._now)
        old = Notice.objects.filter(kind__in=("review", "submission"), at__lt=self._now - READ_AFTER)
        old.update(read_at=F("at"))

    def _hand_in(self, review: Review) -> None:
        for number, paper in enumerate(PAPERS):
            author = self._people[paper.author]
            place = author.postings.order_by("pk").first()
            assert place is not None
            draft = SubmissionDraft(
                kind=paper.kind, title=paper.title, text=paper.text, effect=paper.effect, organisation=place.organisation,
                authors=[self._people[paper.other]] if paper.other else [],
            )  # fmt: skip
            row = begin_submission(review, draft, by=author, now=self._after(1))
            row = submit(row, by=author, now=self._after(0))
            if number == 1:
                row = return_back(
                    row, by=self._people["clerk"], reason="正文里写了所在镇街，请去掉再提交。", now=self._after(1)
                )
                submit(row, by=author, now=self._after(1))

    def _judge(self, review: Review) -> None:
        clerk = self._people["clerk"]
        writers = {paper.author for paper in PAPERS} | {paper.other for paper in PAPERS}
        panel = [
            user for name, user in sorted(self._people.items()) if name.startswith("handler") and name not in writers
        ]
        set_panel(review, panel, by=clerk, now=self._after(1))
        draw(review, by=clerk, seed=SEED, now=self._after(0))
        first = Submission.objects.filter(review=review).order_by("number").first()
        assert first is not None
        # One has five reviewers, so that its highest and lowest score are left out.
        missing = 5 - first.assignments.count()
        for user in panel:
            if missing and not first.assignments.filter(reviewer=user).exists() and not reason_against(first, user):
                assign(first, user, by=clerk, now=self._after(0))
                missing -= 1
        rows = Assignment.objects.active().filter(submission__review=review).select_related("submission__review")
        for row in rows.order_by("submission__number", "pk"):
            base = 92 - 3 * (int(row.submission.number[-4:]) % 4)
            scores = {one.pk: Decimal(base + self._pick.randrange(-5, 6)) for one in criteria_of(row.submission)}
            give_scores(
                row,
                scores,
                by=User.objects.get(pk=row.reviewer_id),
                comment=self._pick.choice(COMMENTS),
                now=self._after(0),
            )

    def _score_by_hand(self, review: Review) -> None:
        clerk, now = self._people["clerk"], self._after(1)
        for kind in APPRAISED:
            by_hand = scheme_of(review, kind).criteria.get(code="")
            for subject in Subject.objects.filter(review=review, kind=kind).select_related("review").order_by("pk"):
                score_subject(
                    subject, by_hand, by=clerk, score=Decimal(self._pick.randrange(78, 99)),
                    note=self._pick.choice(NOTES), now=now,
                )  # fmt: skip

    def _object(self, review: Review) -> None:
        subject = Subject.objects.filter(review=review, kind=Kind.TOWN).order_by("pk").first()
        found = raise_objection(
            review, by=self._people["town"], subject=subject, now=self._after(1),
            text="十二月最后一周的两次走访是一月初补录的，请看是不是算进去了。",
        )  # fmt: skip
        answer_objection(
            found, by=self._people["clerk"], upheld=False, now=self._after(1),
            answer="算进去了。走访家次按走访日期算，补录的也在内；点开数值能看到这两次。",
        )  # fmt: skip
