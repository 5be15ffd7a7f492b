"""Cases of the demo that are lived through the actions that the pages call: two that were told, and work in hand."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from unionops.casework.attachments import attach
from unionops.casework.models import Attachment, FollowUp
from unionops.org.models import Enterprise, User
from visits.demo.district import CENTRE, Demo
from visits.demo.names import people, phone

from ..actions import agreements, appointments, care, confirmations, duties, intake, papers, sessions, steps, team
from ..actions.agreements import ObligationDraft
from ..actions.intake import DisputeDraft, PartyDraft
from ..actions.sessions import OfferDraft
from ..actions.team import MemberDraft
from ..causes import Cause
from ..enums import ApplicationForm, Mark, OfferKind, Seat, SessionKind, ShareKind, ShareVerb, Side, Source
from ..models import Agreement, Dispute, Party, Room
from ..outside.letters import answer_share
from ..papers import before
from ..papers.facts import Facts
from ..papers.kinds import PaperKind

ALLOWANCE = Decimal("25000.00")
CLAIMANTS = 23
# What each of the 23 is owed, one half in each instalment.
WAGES = Decimal("8600.00")


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)


def _days(count: float) -> datetime.timedelta:
    return datetime.timedelta(days=count)


def _morning(now: datetime.datetime, days: int) -> datetime.datetime:
    """Ten in the morning, so many days before the story is told."""
    return timezone.localtime(now).replace(hour=10, minute=0, second=0, microsecond=0) - _days(days)


def _accept(demo: Demo, draft: DisputeDraft, when: datetime.datetime) -> Dispute:
    """Registered, both sides asked, accepted the day after."""
    desk = demo.people["desk"]
    case = intake.register(draft, by=desk, now=when)
    if draft.source != Source.SCREENING:
        case = steps.ask_consent(
            case, by=desk, way="phone", contacted_on=_day(when), person="人事经理", now=when + _days(0.1)
        )
    for side in (Side.APPLICANT, Side.RESPONDENT):
        first, *others = Party.objects.filter(dispute=case, side=side).order_by("position")
        way = "writing" if others else "phone"
        intake.record_consent(first, by=desk, given=True, on=_day(when), way=way, also=others, now=when + _days(0.1))
    return steps.accept(case, by=desk, scope_checked=True, now=when + _days(1))


def _mark_all(demo: Demo, case: Dispute, agreement: Agreement, when: datetime.datetime) -> Dispute:
    mediator, desk = demo.people["mediator"], demo.people["desk"]
    page = _scan(case, "签章页", 4, mediator)
    agreements.record_marks(agreement, by=mediator, marks=list(Mark), on=_day(when), scan=page, now=when)
    agreed = _scan(case, "同意名单", case.people_count, desk) if case.is_collective else None
    return agreements.make_effective(case, by=desk, consent_list=agreed, now=when)


def _scan(case: Dispute, name: str, lines: int, by: User) -> Attachment:
    """A page as a scanner sees it: so many signatures, and the seal of the centre."""
    page = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    for row in range(lines):
        top = 120 + row * min(70, 620 // lines)
        pen.line((60, top, 560, top), fill="#999999")
        pen.line([(90 + step * 14, top - 8 - (step * 7 + row * 5) % 19) for step in range(9)], fill="#1d2b4f", width=2)
    pen.ellipse((380, 690, 520, 830), outline="#b3191f", width=5)
    out = io.BytesIO()
    page.save(out, "PNG")
    return attach(case, SimpleUploadedFile(f"{name}.png", out.getvalue(), "image/png"), by=by, caption=name)


def _firm(demo: Demo, industry: str, place: int) -> Enterprise:
    found = [firm for firm in demo.firms if firm.industry == industry and (firm.staff_count or 0) >= 40]
    return found[place % len(found)] if found else demo.firms[place]


def _ask(demo: Demo, case: Dispute, calls: Sequence[FollowUp], note: str, when: datetime.datetime) -> None:
    for call in calls:
        care.settle_follow_up(
            case, call, by=demo.people["desk"], way="phone", resolved=True, satisfaction="very", note=note, now=when
        )


def tell_maternity(demo: Demo, now: datetime.datetime) -> Dispute:
    """25,000 yuan of maternity allowance, found by routine screening: back to back, then face to face with the judge.

    Judge, union and gold mediator sat at the table; agreed, asked about, and paid after one month.
    """
    start = _morning(now, 75)
    firm = _firm(demo, "apparel", 1)
    worker = PartyDraft(
        side=Side.APPLICANT, name="沈月琴", phone="13905751234", address="越城区斗门街道越西路18号", amount=ALLOWANCE,
        claims="支付生育津贴 25000 元",
    )  # fmt: skip
    draft = DisputeDraft(
        organisation=demo.departments[CENTRE], source=Source.SCREENING, application_form=ApplicationForm.NONE,
        cause=Cause.SI_MATERNITY, claims="支付生育津贴 25000 元", received_on=_day(start), known_on=_day(start - _days(40)),
        facts="日常排查时了解到，职工休完产假返岗两个月，单位没有参加生育保险，也没有支付生育津贴。",
        parties=[worker, PartyDraft(side=Side.RESPONDENT, enterprise=firm, legal_representative=demo.contacts[firm.pk].name)],
    )  # fmt: skip
    case = _accept(demo, draft, start)
    mediator, gold = demo.people["mediator"], demo.people["mediator02"]
    members = [
        MemberDraft(user=mediator),
        MemberDraft(user=gold, seat=Seat.GOLD_MEDIATOR),
        MemberDraft(user=demo.people["court"], seat=Seat.JUDGE),
        MemberDraft(user=demo.people["handler"], seat=Seat.UNION, side=Side.APPLICANT),
    ]
    steps.assign(case, by=demo.people["head"], members=members, recusal_checked=True, now=start + _days(1.1))
    _talk(case, demo, Side.APPLICANT, "职工坚持全额，愿意给单位一个月筹款。", ALLOWANCE, start + _days(3))
    _talk(
        case, demo, Side.RESPONDENT, "单位称资金紧张，先提出一万五千元，分两次付。", Decimal(15000), start + _days(3.1)
    )
    both = start + _days(6)
    sessions.hold_session(
        case, by=mediator, kind=SessionKind.FACE_TO_FACE, held_at=both, place="第一调解室", now=both,
        present=["申请人", "单位代表", demo.people["court"].name, gold.name, demo.people["handler"].name],
        text="法官说明未参加生育保险的由用人单位按标准支付，双方就金额和期限达成一致。", points="是否应付、付多少、何时付",
        offers=[OfferDraft(side=Side.RESPONDENT, kind=OfferKind.OFFER, amount=ALLOWANCE)],
    )  # fmt: skip
    worker_row, firm_row = _sides(case)
    paid_on = both + _days(30)
    owed = [
        ObligationDraft(
            debtor=firm_row, creditor=worker_row, what="支付生育津贴", amount=ALLOWANCE, due_on=_day(paid_on)
        )
    ]
    agreement = agreements.agree(
        case, by=mediator, result="单位在一个月内一次付清生育津贴 25000 元。", way="银行转账至申请人工资卡", total=ALLOWANCE,
        obligations=owed, now=both + _days(0.1),
    )  # fmt: skip
    case = _mark_all(demo, case, agreement, both + _days(0.2))
    asked = confirmations.apply(
        case, by=demo.people["desk"], kind="judicial", body="越城区人民法院", applied_on=_day(both + _days(2)),
        now=both + _days(2),
    )  # fmt: skip
    confirmations.accept(asked, by=demo.people["desk"], accepted_on=_day(both + _days(4)), now=both + _days(4))
    confirmations.confirm(
        asked,
        by=demo.people["desk"],
        decided_on=_day(both + _days(9)),
        number="（诉前）调确 第18号",
        now=both + _days(9),
    )
    agreements.fulfil(
        agreement.obligations.get(), by=demo.people["desk"], on=_day(paid_on), proof_note="银行电子回单", now=paid_on
    )
    case = agreements.finish(case, by=demo.people["desk"], now=paid_on + _days(0.1))
    _ask(demo, case, care.follow_ups_of(case)[:1], "职工表示一个月后已收到全部津贴。", paid_on + _days(3))
    return case


def _talk(case: Dispute, demo: Demo, side: str, text: str, amount: Decimal, when: datetime.datetime) -> None:
    kind = OfferKind.DEMAND if side == Side.APPLICANT else OfferKind.OFFER
    sessions.hold_session(
        case, by=demo.people["mediator"], kind=SessionKind.BACK_TO_BACK, side_heard=side, held_at=when, place="第二调解室",
        present=["申请人" if side == Side.APPLICANT else "单位代表"], text=text,
        offers=[OfferDraft(side=side, kind=kind, amount=amount)], now=when,
    )  # fmt: skip


def _sides(case: Dispute) -> tuple[Party, Party]:
    rows = {party.side: party for party in case.parties.filter(position=1)}
    return rows[Side.APPLICANT], rows[Side.RESPONDENT]


def tell_collective(demo: Demo, now: datetime.datetime) -> Dispute:
    """23 workers and two months of wages, in two instalments: the first arrived, the second did not."""
    start = _morning(now, 58)
    firm = _firm(demo, "textile", 2)
    names = people(demo.pick, CLAIMANTS)
    parties = [
        PartyDraft(side=Side.APPLICANT, name=name, phone=phone(demo.pick), amount=WAGES, claims="支付两个月工资")
        for name in names
    ]
    parties.append(PartyDraft(side=Side.RESPONDENT, enterprise=firm, legal_representative=demo.contacts[firm.pk].name))
    draft = DisputeDraft(
        organisation=demo.departments[CENTRE], source=Source.INSPECTION, cause=Cause.PAY_ARREARS,
        claims="支付 23 名职工两个月工资", facts="织造车间停产，两个月工资未发，监察大队移交调解。", received_on=_day(start),
        parties=parties, people_count=CLAIMANTS, urgency=2, grade="major", known_on=_day(start - _days(20)),
        employment_ended_on=_day(start - _days(5)),
    )  # fmt: skip
    case = _accept(demo, draft, start)
    workers = list(case.parties.filter(side=Side.APPLICANT).order_by("position"))
    intake.elect(case, by=demo.people["desk"], representatives=workers[:3], now=start + _days(1.1))
    members = [
        MemberDraft(user=demo.people["mediator"]),
        MemberDraft(user=demo.people["mediator02"], seat=Seat.GOLD_MEDIATOR),
        MemberDraft(user=demo.people["labour"], seat=Seat.ARBITRATOR),
    ]
    steps.assign(case, by=demo.people["head"], members=members, recusal_checked=True, now=start + _days(1.2))
    shared = team.share(
        case, by=demo.people["head"], organisation=demo.people["justice"].postings.get().organisation,
        reason="为 23 名职工提供法律援助", kind=ShareKind.REFERRAL, now=start + _days(1.3),
    )  # fmt: skip
    answer_share(shared, ShareVerb.ACCEPT, by=demo.people["justice"], now=start + _days(1.4))
    total = WAGES * CLAIMANTS
    _talk(case, demo, Side.APPLICANT, "三名代表要求年前全部付清。", total, start + _days(4))
    _talk(case, demo, Side.RESPONDENT, "单位说明回款时间，提出分两期支付。", total / 2, start + _days(4.1))
    both = start + _days(8)
    sessions.hold_session(
        case, by=demo.people["mediator"], kind=SessionKind.FACE_TO_FACE, held_at=both, place="第一调解室", now=both,
        present=["三名推举代表", "单位代表", demo.people["labour"].name], text="双方同意分两期支付，第一期半数。",
        offers=[OfferDraft(side=Side.RESPONDENT, kind=OfferKind.OFFER, amount=total)],
    )  # fmt: skip
    firm_row = case.parties.get(side=Side.RESPONDENT)
    dues = [_day(both + _days(10)), _day(both + _days(40))]
    owed = [
        ObligationDraft(
            debtor=firm_row,
            creditor=worker,
            what=f"第 {number} 期工资",
            amount=WAGES / 2,
            instalment=number,
            due_on=due,
        )
        for number, due in enumerate(dues, start=1)
        for worker in workers
    ]
    agreement = agreements.agree(
        case, by=demo.people["mediator"], result="单位分两期付清 23 名职工两个月工资。", way="银行代发", total=total,
        obligations=owed, now=both + _days(0.1),
    )  # fmt: skip
    case = _mark_all(demo, case, agreement, both + _days(1))
    desk = demo.people["desk"]
    first, *others = agreement.obligations.filter(instalment=1).order_by("position")
    agreements.fulfil(first, by=desk, on=dues[0], proof_note="银行代发回单", also=others, now=both + _days(10))
    _ask(demo, case, care.follow_ups_of(case)[:1], "三名代表确认第一期已全部到账。", both + _days(13))
    late = both + _days(43)
    waiting, *others = agreement.obligations.filter(instalment=2).order_by("position")
    agreements.press(waiting, by=desk, on=_day(late), way="phone", note="负责人称货款未到", also=others, now=late)
    return agreements.breach(case, by=desk, note="第二期逾期三天，催促后仍未支付", now=late + _days(0.2))


def tell_sealed(demo: Demo, now: datetime.datetime) -> Dispute:
    """A case whose papers were made as it went, paid on the spot, asked about, and sealed in the archive."""
    start = _morning(now, 120)
    wages = Decimal("6800.00")
    desk, mediator = demo.people["desk"], demo.people["mediator"]
    draft = DisputeDraft(
        organisation=demo.departments[CENTRE], source=Source.WINDOW, cause=Cause.PAY_ARREARS, claims="支付一个月工资 6800 元",
        facts="离职时最后一个月工资没有结清。", received_on=_day(start), known_on=_day(start - _days(15)),
        parties=[
            PartyDraft(
                side=Side.APPLICANT, name="王根林", phone="13905755678", address="越城区灵芝街道解放北路66号", amount=wages,
                claims="支付一个月工资",
            ),
            PartyDraft(side=Side.RESPONDENT, enterprise=_firm(demo, "apparel", 3)),
        ],
    )  # fmt: skip
    case = _accept(demo, draft, start)
    made = start + _days(1.05)
    for kind in (PaperKind.REGISTER, PaperKind.ACCEPTANCE, PaperKind.RIGHTS):
        papers.make_paper(case, by=desk, kind=kind, now=made)
    steps.assign(
        case, by=demo.people["head"], members=[MemberDraft(user=mediator)], recusal_checked=True, now=start + _days(1.1)
    )
    both = start + _days(4)
    sessions.hold_session(
        case, by=mediator, kind=SessionKind.FACE_TO_FACE, held_at=both, place="第一调解室", now=both,
        present=["申请人", "单位代表"], text="单位当场核对考勤，同意当日付清。", points="欠付的月份和数额",
        offers=[OfferDraft(side=Side.RESPONDENT, kind=OfferKind.OFFER, amount=wages)],
    )  # fmt: skip
    worker, firm = _sides(case)
    owed = [ObligationDraft(debtor=firm, creditor=worker, what="支付工资", amount=wages, due_on=_day(both))]
    agreement = agreements.agree(
        case, by=mediator, result="单位当日付清工资 6800 元，双方再无争议。", way="银行转账", total=wages, obligations=owed,
        now=both + _days(0.05),
    )  # fmt: skip
    case = _mark_all(demo, case, agreement, both + _days(0.1))
    papers.make_paper(case, by=desk, kind=PaperKind.AGREEMENT, now=both + _days(0.15))
    for party in (worker, firm):
        served = {"papers": before.served(Facts(case, desk, full=False))}
        papers.make_paper(
            case, by=desk, kind=PaperKind.SERVICE, about=str(party.pk), answers=served, now=both + _days(0.2)
        )
    paid = agreement.obligations.get()
    agreements.fulfil(paid, by=desk, on=_day(both), proof_note="银行电子回单", now=both + _days(0.25))
    case = agreements.finish(case, by=desk, now=both + _days(0.3))
    _ask(demo, case, care.follow_ups_of(case), "职工表示工资当天就到账了。", both + _days(30))
    papers.make_paper(case, by=desk, kind=PaperKind.CLOSING, now=both + _days(30.1))
    return steps.archive(case, by=desk, statement="身份证明和签名的笔录存于纸质卷宗。", now=both + _days(30.2))


# (days ago, cause, source, amount, how far): each seat of the centre has something in hand.
PRESENT = (
    (1, Cause.PAY_ARREARS, Source.WINDOW, 12800, "registered"),
    (2, Cause.COMP_SEVERANCE, Source.HOTLINE, 36000, "asked"),
    (4, Cause.PAY_OVERTIME, Source.VISIT, 9600, "accepted"),
    (9, Cause.COMP_ILLEGAL, Source.WINDOW, 58000, "mediating"),
    (21, Cause.PAY_DOUBLE, Source.INSPECTION, 42000, "over"),
    (12, Cause.SI_INJURY, Source.WINDOW, 67000, "suspended"),
)


# (days ago, name, cause, claim, instalments, whether it has taken effect): one waits for signatures, one is being performed.
AGREED = (
    (13, "戴海燕", Cause.PAY_LEAVE, "支付未休年假工资 6900 元", (Decimal("6900.00"),), False),
    (18, "俞国平", Cause.PAY_OVERTIME, "支付加班费 28800 元", (Decimal("9600.00"),) * 3, True),
)


# Who sits at the joint window on which days of the week.
ROTA = (
    ("mediator", Seat.MEDIATOR, (0, 2, 4)), ("mediator02", Seat.GOLD_MEDIATOR, (1, 3)), ("court", Seat.JUDGE, (1,)),
    ("labour", Seat.ARBITRATOR, (2,)), ("justice", Seat.LAWYER, (3,)),
)  # fmt: skip


def tell_present(demo: Demo, now: datetime.datetime) -> None:
    centre = demo.departments[CENTRE]
    room = Room.objects.create(organisation=centre, name="第一调解室", seats=10)
    Room.objects.create(organisation=centre, name="第二调解室", seats=6)
    for name, seat, weekdays in ROTA:
        duties.put_on(
            centre, by=demo.people["head"], user=demo.people[name], seat=seat, first=_day(now), last=_day(now + _days(27)),
            weekdays=weekdays, now=now,
        )  # fmt: skip
    names = people(demo.pick, len(PRESENT))
    for place, ((days, cause, source, amount, until), name) in enumerate(zip(PRESENT, names, strict=True)):
        start = _morning(now, days)
        firm = demo.firms[(place * 11 + 3) % len(demo.firms)]
        draft = DisputeDraft(
            organisation=centre, source=source, cause=cause, claims=f"支付{Cause(cause).label} {amount} 元",
            facts=f"双方就{Cause(cause).label}的数额有争议，协商没有结果。",
            received_on=_day(start), known_on=_day(start - _days(30)),
            parties=[
                PartyDraft(side=Side.APPLICANT, name=name, phone=phone(demo.pick), amount=Decimal(amount)),
                PartyDraft(side=Side.RESPONDENT, enterprise=firm),
            ],
        )  # fmt: skip
        _go(demo, draft, until, start, room, now)


def _go(
    demo: Demo, draft: DisputeDraft, until: str, start: datetime.datetime, room: Room, now: datetime.datetime
) -> None:
    desk = demo.people["desk"]
    if until in ("registered", "asked"):
        case = intake.register(draft, by=desk, now=start)
        if until == "asked":
            steps.ask_consent(
                case, by=desk, way="phone", contacted_on=_day(start), person="人事经理", now=start + _days(0.2)
            )
        return
    case = _accept(demo, draft, start)
    if until == "accepted":
        return
    member = MemberDraft(user=demo.people["mediator"])
    steps.assign(case, by=demo.people["head"], members=[member], recusal_checked=True, now=start + _days(1.2))
    if until == "suspended":
        steps.suspend(case, by=demo.people["head"], reason="work_injury", note="等工伤认定结论", now=start + _days(3))
        return
    _talk(case, demo, Side.APPLICANT, "职工说明经过，愿意让步一部分。", case.amount_claimed, start + _days(2))
    if until == "mediating":
        opens = timezone.localtime(now).replace(hour=9, minute=30, second=0, microsecond=0) + _days(1)
        appointments.book(
            case, by=demo.people["mediator"], room=room, starts_at=opens, ends_at=opens + datetime.timedelta(hours=2),
            note="双方当面谈", now=now,
        )  # fmt: skip


def tell_agreed(demo: Demo, now: datetime.datetime) -> None:
    """An agreement that still lacks two of its marks, and one in its first weeks: an instalment paid, both windows open."""
    for place, (days, name, cause, claims, parts, in_force) in enumerate(AGREED):
        start, total = _morning(now, days), sum(parts, Decimal(0))
        draft = DisputeDraft(
            organisation=demo.departments[CENTRE], source=Source.WINDOW, cause=cause, claims=claims,
            facts=f"双方核对不出{Cause(cause).label}的数额，协商没有结果。", received_on=_day(start), known_on=_day(start - _days(60)),
            parties=[
                PartyDraft(side=Side.APPLICANT, name=name, phone=f"1390575{place:04d}", amount=total),
                PartyDraft(side=Side.RESPONDENT, enterprise=_firm(demo, "machinery", place)),
            ],
        )  # fmt: skip
        case = _accept(demo, draft, start)
        members = [MemberDraft(user=demo.people["mediator02"]), MemberDraft(user=demo.people["court"], seat=Seat.JUDGE)]
        steps.assign(
            case, by=demo.people["head"], members=members[: 1 + in_force], recusal_checked=True, now=start + _days(1.2)
        )
        _agree_in_parts(demo, case, parts, start + _days(8), in_force=in_force)


def _agree_in_parts(
    demo: Demo, case: Dispute, parts: Sequence[Decimal], met: datetime.datetime, *, in_force: bool
) -> None:
    mediator, desk = demo.people["mediator02"], demo.people["desk"]
    worker, firm = _sides(case)
    total = sum(parts, Decimal(0))
    sessions.hold_session(
        case, by=mediator, kind=SessionKind.FACE_TO_FACE, held_at=met, place="第二调解室", now=met,
        present=["申请人", "单位代表"], text="双方核对考勤和工资表，就数额和付款日期谈妥。", points="数额和付款日期",
        offers=[
            OfferDraft(side=Side.APPLICANT, kind=OfferKind.DEMAND, amount=total),
            OfferDraft(side=Side.RESPONDENT, kind=OfferKind.OFFER, amount=total),
        ],
    )  # fmt: skip
    owed = [
        ObligationDraft(
            debtor=firm, creditor=worker, what=f"支付{case.get_cause_display()}", amount=amount, instalment=number,
            due_on=_day(met + _days(7 + 28 * (number - 1))),
        )
        for number, amount in enumerate(parts, start=1)
    ]  # fmt: skip
    owed.append(
        ObligationDraft(
            debtor=firm, creditor=worker, kind="act", what="改正工资计算表并公示", due_on=_day(met + _days(21))
        )
    )
    agreement = agreements.agree(
        case, by=mediator, result=f"单位付清 {total} 元，并改正工资计算表。", way="银行转账", total=total, obligations=owed,
        now=met + _days(0.05),
    )  # fmt: skip
    if not in_force:
        page = _scan(case, "签章页", 2, mediator)
        agreements.record_marks(
            agreement, by=mediator, marks=[Mark.APPLICANT, Mark.MEDIATOR], on=_day(met), scan=page, now=met + _days(0.1)
        )
        return
    page = _scan(case, "签章页", 4, mediator)
    agreements.record_marks(agreement, by=mediator, marks=list(Mark), on=_day(met), scan=page, now=met + _days(0.1))
    agreements.make_effective(case, by=desk, now=met + _days(0.15))
    first = agreement.obligations.get(instalment=1)
    paid = met + _days(7)
    agreements.fulfil(first, by=desk, on=_day(paid), proof_note="银行电子回单", now=paid)
