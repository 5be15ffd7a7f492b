"""What the steps of a claim change beside its state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.china.calendar import Unit
from unionops.china.names import mask_name
from unionops.org.errors import ActionError, required
from unionops.org.models import User
from unionops.org.sealed import blind_index

from ..actions import budgets
from ..enums import Applicant, Channel
from ..permissions import relations
from ..shapes import Act, Turn, kind_of_case
from .accounts import put_account, seal_owner, split_account
from .enums import AFTERWARDS, ClaimState, EntryKind, PaymentState, PayWay
from .enums import ClaimVerb as V
from .models import Claim, Entry, HomeVisit, Objection, Payment, PaymentBatch, Publication
from .numbering import new_batch
from .rules import PUBLICATION_DAYS, check_amount, check_can_be_counted, check_once_a_year, check_roster
from .specials import special_of

PUBLICATION = "service.publication"
REVIEW = "service.review"
# The clock of the pause itself, as actions.cases.start_clock names it.
PAUSE = f"service.{ClaimState.PAUSED}"
A_YEAR = 365
_NUMBERS = re.compile(r"\d{11,}|\d{6}[*＊]{2,}\d{2,}")


def begin(row: Claim, fields: Mapping[str, Any]) -> None:
    row.amount_asked = fields.get("amount_asked") or 0
    row.payee, row.bank = fields.get("payee") or "", fields.get("bank") or ""
    put_account(row, fields.get("account") or "")
    if row.is_nameless:
        row.payee = seal_owner(row, row.payee)
    people = fields.get("roster") or ()
    row.roster = sorted({blind_index(number) for _name, number in people})
    if row.programme.limit("roster_years") and not row.roster:
        raise ActionError(_("请写名册：一行一人，姓名和身份证号。"), field="roster")
    check_can_be_counted(row)
    # Whoever types the number of somebody else at a public door does not learn what that person has had: the check finds it.
    if row.channel != Channel.PUBLIC:
        check_once_a_year(row, timezone.localdate(row.registered_at))
        check_roster(row, people, timezone.localdate(row.registered_at))


def begun(row: Claim, fields: Mapping[str, Any], by: User) -> None:
    if special := special_of(row):
        special.begun(row, fields, by)


def check(turn: Turn) -> None:
    """Each paper that the programme asks for is there, as a file of the case or seen with one's own eyes."""
    row, papers = turn.row, dict(turn.fields.get("papers") or {})
    if row.channel == Channel.PUBLIC:
        check_once_a_year(row, timezone.localdate(row.registered_at))
        check_roster(row, (), timezone.localdate(row.registered_at))
    missing = [name for name in row.programme.documents if not papers.get(name)]
    if missing:
        raise ActionError(
            _("还缺：%(names)s。") % {"names": "、".join(missing)}, next_step=_("请上传后再初审，或者要求补材料。")
        )
    row.checked_by, row.papers = turn.by, papers
    _reckon(turn)


def visit(turn: Turn) -> None:
    row, fields = turn.row, turn.fields
    visitors = list(dict.fromkeys(name.strip() for name in fields.get("visitors") or () if name.strip()))
    if len(visitors) < 2:
        raise ActionError(_("入户要有两个人，请写两个人的姓名。"), field="visitors")
    on = fields.get("visited_on") or timezone.localdate(turn.now)
    if on > timezone.localdate(turn.now):
        raise ActionError(_("入户日期不能晚于今天。"), field="visited_on")
    HomeVisit.objects.create(
        claim=row, visited_on=on, visitors=visitors, by=turn.by, at=turn.now,
        findings=required(fields.get("findings") or "", _("请写看到的情况。"), "findings"),
        photos_agreed=bool(fields.get("photos_agreed")),
    )  # fmt: skip
    if fields.get("photo") and not fields.get("photos_agreed"):
        raise ActionError(_("没有本人同意，不能留住处的照片。"), field="photo")
    turn.data["text"] = fields.get("findings")
    _reckon(turn)


def verify(turn: Turn) -> None:
    turn.row.verified_by = turn.by
    _reckon(turn)


def audit(turn: Turn) -> None:
    """Another department looks over what was worked out, before anybody approves it (domain 4.7)."""
    turn.row.audited_by = turn.by


def _reckon(turn: Turn) -> None:
    """Work the rule with numbers out again, by the parameters of today, and keep them with the case."""
    special, on = special_of(turn.row), timezone.localdate(turn.now)
    found = special.reckon(turn.row, on) if special else None
    if found is not None:
        turn.row.reckoned = found.as_json(on)


# --- a pause


def pause(turn: Turn) -> None:
    """The term that runs stands still; a day that was agreed does not move. A term of the pause itself begins."""
    row = turn.row
    reason = required(turn.fields.get("reason") or "", _("请写暂停的理由。"), "reason")
    running = row.deadline
    if running is not None and not running.rule.endswith(deadlines.AGREED):
        deadlines.pause(row, on=timezone.localdate(turn.now), reason=reason, by=turn.by)
        running.refresh_from_db()
    if ClaimState.PAUSED in row.programme.terms:
        row.deadline = None
    else:
        turn.keeps_clock = True


def resume(turn: Turn) -> None:
    """What stood still runs on from today."""
    row, on = turn.row, timezone.localdate(turn.now)
    deadlines.meet(row, on=on, rule=PAUSE)
    deadlines.resume(row, on=on)
    row.deadline = deadlines.running(row, "service.")
    turn.keeps_clock = True


# --- publication


def publish(turn: Turn) -> None:
    """From the next day on for so many working days as the programme says, or more; what is printed is masked here."""
    row, fields = turn.row, turn.fields
    least = int(row.programme.limit("publication_days", PUBLICATION_DAYS))
    length = int(fields.get("working_days") or least)
    if length < least:
        raise ActionError(_("公示不少于 %(n)s 个工作日。") % {"n": least}, field="working_days")
    said = {name: str(fields.get(name) or "").strip() for name in ("unit", "category", "cause", "aid", "place")}
    told = kind_of_case(row).published(row.programme)
    # What the programme keeps back is not even written down for the wall.
    said = {name: text if name == "place" or name in told else "" for name, text in said.items()}
    amount = fields.get("amount") or row.reckoned.get("amount") or row.amount_asked
    for name, text in said.items():
        _check_harmless(row, name, text)
    on = timezone.localdate(turn.now)
    Publication.objects.create(
        claim=row, district_id=row.district_id, programme_id=row.programme_id, name_masked=public_name(row), by=turn.by,
        amount=amount if "amount" in told else 0, working_days=length, starts_on=on,
        ends_on=deadlines.working_day_after(on, length), **said,
        complaint_phone=required(
            fields.get("complaint_phone") or row.programme.limit("complaint_phone") or _("见工会公开栏"), _("请写监督电话。"), "complaint_phone"
        ),
    )  # fmt: skip
    turn.then.append(lambda: _count_days(turn, length + 1))


def public_name(row: Claim) -> str:
    """A person by the first character and two stars, a firm or union by its name."""
    return mask_name(row.applicant_name, public=True) if row.applicant_kind == Applicant.PERSON else row.applicant_name


def _check_harmless(row: Claim, name: str, text: str) -> None:
    """No number of a person and no full name is printed (domain 4.1)."""
    if _NUMBERS.search(text):
        raise ActionError(_("公示里不能有证件号、电话和账号。"), field=name)
    if row.applicant_kind == Applicant.PERSON and row.applicant_name and row.applicant_name in text:
        raise ActionError(_("公示里不能有姓名全称。"), field=name)


def _count_days(turn: Turn, length: int) -> None:
    """The clock of a publication ends with the first working day on which it may be taken down."""
    row = turn.row
    row.deadline = deadlines.measure(
        row, PUBLICATION, _("公示期满"), on=timezone.localdate(turn.now), length=length, unit=Unit.WORKING
    )
    row.save(update_fields=["deadline"])


def _take_down(turn: Turn) -> None:
    turn.row.publications.filter(stopped_on=None).update(stopped_on=timezone.localdate(turn.now))


def object_to(turn: Turn) -> None:
    row, fields = turn.row, turn.fields
    found = Objection(
        claim=row, publication=row.publications.filter(stopped_on=None).first(), by=turn.by,
        text=required(fields.get("text") or fields.get("note") or "", _("请写异议内容。"), "text"),
        received_on=fields.get("received_on") or timezone.localdate(turn.now),
    )  # fmt: skip
    if contact := (fields.get("contact") or "").strip():
        found.put("contact", contact, _("反映人（保密）"))
    found.save(force_insert=True)
    turn.data["text"] = found.text


def settle_objection(turn: Turn) -> None:
    """Unfounded: the publication goes on to its end. Upheld: it is taken down, and the step before it is done again."""
    row, fields = turn.row, turn.fields
    upheld = bool(fields.get("upheld"))
    answer = required(fields.get("answer") or fields.get("note") or "", _("请写处理意见。"), "answer")
    row.objections.filter(upheld=None).update(upheld=upheld, answer=answer, answered_by=turn.by, answered_at=turn.now)
    turn.data["text"] = answer
    if not upheld:
        turn.target = ClaimState.PUBLISHED
        if shown := row.publications.filter(stopped_on=None).first():
            turn.then.append(lambda: _count_rest(turn, shown))
        return
    _take_down(turn)
    kind = kind_of_case(row)
    line = kind.line_of(row.programme)
    before = line[line.index(V.PUBLISH) - 1] if line.index(V.PUBLISH) else V.PUBLISH
    turn.target = kind.expected(row.programme, before)


def _count_rest(turn: Turn, shown: Publication) -> None:
    row, on = turn.row, timezone.localdate(turn.now)
    due = max(on, deadlines.working_day_after(shown.ends_on, 1))
    row.deadline = deadlines.agree(row, PUBLICATION, _("公示期满"), on=on, due_on=due)
    row.save(update_fields=["deadline"])


def clear(turn: Turn) -> None:
    _take_down(turn)


# --- money


def approve(turn: Turn) -> None:
    """Within the ceilings, by somebody who may approve so much; the money is set aside under the lock of its line."""
    row, programme = turn.row, turn.row.programme
    given = turn.fields.get("amount")
    amount = Decimal(given if given is not None else (row.reckoned.get("amount") or row.amount_asked))
    check_amount(row, amount, by=turn.by, held=relations(turn.by, row), day=timezone.localdate(turn.now))
    line = turn.fields.get("budget_line")
    if amount and line is None and programme.uses(V.PAY):
        raise ActionError(_("请选预算科目。"), field="budget_line", next_step=_("没有科目的，请系统管理员先建。"))
    if line is not None and amount:
        budgets.promise(line, amount)
        row.budget_line = line
    row.approved_by, row.approved_at, row.amount = turn.by, turn.now, amount
    turn.data["amount"] = str(amount)


def pay(turn: Turn) -> None:
    """Put the claim into a batch, or into one of its own; what was typed of the account is kept with the claim."""
    row, fields = turn.row, turn.fields
    way = fields.get("way") or (
        PayWay.BANK if row.account_sealed else PayWay.CASH if fields.get("witnesses") else PayWay.BANK
    )
    typed, owner = fields.get("payee") or "", split_account(row.open("account"))[1]
    owner = owner if typed == row.payee else typed or owner
    row.payee = typed or row.payee or row.applicant_name
    row.bank = fields.get("bank") or row.bank
    if fields.get("account"):
        put_account(row, fields["account"])
    if row.is_nameless:
        # In cash, number and code or the sealed name were looked at: the papers do not say whose.
        row.payee = seal_owner(row, owner) if way == PayWay.BANK else _("报告人本人")
    if way == PayWay.BANK and not row.account_sealed:
        raise ActionError(_("没有银行账号，不能交银行。"), field="account", next_step=_("请补账号，或改发放方式。"))
    if not row.payee:
        raise ActionError(_("请写户名。"), field="payee")
    witnesses = [name.strip() for name in fields.get("witnesses") or () if name.strip()]
    if way == PayWay.CASH and len(set(witnesses)) < 2:
        raise ActionError(_("发现金要有两个见证人。"), field="witnesses")
    batch: PaymentBatch = fields.get("batch") or new_batch(row.programme, by=turn.by, now=turn.now)
    payment = Payment(
        batch=batch, claim=row, budget_line=row.budget_line, way=way, amount=row.amount, payee=row.payee, bank=row.bank,
        witnesses=witnesses, made_by=turn.by, made_at=turn.now,
    )  # fmt: skip
    if way == PayWay.BANK:
        payment.put("account", row.open("account"), row.account_masked)
    payment.save(force_insert=True)
    turn.data["batch"] = batch.number


def _payment(row: Claim, *states: str) -> Payment | None:
    return Payment.objects.select_for_update(no_key=True).filter(claim=row, state__in=states).first()


def confirm_paid(turn: Turn) -> None:
    row, fields = turn.row, turn.fields
    voucher = (fields.get("voucher") or "")[:40]
    if payment := _payment(row, PaymentState.SENT):
        payment.state, payment.voucher = PaymentState.PAID, voucher
        payment.paid_on, payment.confirmed_by = fields.get("paid_on") or timezone.localdate(turn.now), turn.by
        payment.save(update_fields=["state", "voucher", "paid_on", "confirmed_by"])
    book(row, payment, by=turn.by, now=turn.now, voucher=voucher)


def book(row: Claim, payment: Payment | None, *, by: User, now: Any, voucher: str = "") -> Entry:
    """A line of the book: what was set aside is now paid."""
    if row.budget_line is not None and row.amount:
        budgets.pay(row.budget_line, row.amount)
    return Entry.objects.create(
        district_id=row.district_id, claim=row, payment=payment, budget_line=row.budget_line, kind=EntryKind.PAID,
        amount=row.amount, voucher=voucher, by=by, at=now,
    )  # fmt: skip


def bank_return(turn: Turn) -> None:
    """The bank sends it back: where it had been booked, a line takes that back, and the money is set aside again."""
    row, fields = turn.row, turn.fields
    reason = required(fields.get("reason") or fields.get("note") or "", _("请写退回原因。"), "reason")
    if payment := _payment(row, PaymentState.SENT, PaymentState.PAID):
        payment.state, payment.return_reason = PaymentState.RETURNED, reason[:200]
        payment.returned_on = fields.get("returned_on") or timezone.localdate(turn.now)
        payment.save(update_fields=["state", "return_reason", "returned_on"])
    if entry := row.entries.filter(kind=EntryKind.PAID, taken_back_by=None).first():
        take_back(entry, by=turn.by, now=turn.now, reason=reason)


def take_back(entry: Entry, *, by: User, now: Any, reason: str) -> Entry:
    if entry.budget_line is not None and entry.amount:
        budgets.take_back(entry.budget_line, entry.amount)
    return Entry.objects.create(
        district_id=entry.district_id, claim_id=entry.claim_id, payment=entry.payment, budget_line=entry.budget_line,
        kind=EntryKind.REVERSED, amount=-entry.amount, reason=reason[:200], takes_back=entry, by=by, at=now,
    )  # fmt: skip


def sign(turn: Turn) -> None:
    row, fields = turn.row, turn.fields
    signed_by = fields.get("signed_by") or row.payee or row.applicant_name
    row.signed_by = _("报告人本人") if row.is_nameless else signed_by[:60]
    row.signed_on = fields.get("signed_on") or timezone.localdate(turn.now)
    if row.signed_on > timezone.localdate(turn.now):
        raise ActionError(_("签收日期不能晚于今天。"), field="signed_on")


def account(turn: Turn) -> None:
    """Where a programme pays without the steps of a payment, the book is written here. What goes on stays on the books."""
    row = turn.row
    if row.budget_line is not None and row.amount and not row.entries.exists():
        book(row, None, by=turn.by, now=turn.now, voucher=(turn.fields.get("voucher") or "")[:40])
    turn.target = ClaimState.HELD if AFTERWARDS & set(row.programme.steps) else ClaimState.CLOSED
    if turn.target == ClaimState.HELD and row.programme.uses(V.REVIEW):
        turn.then.append(lambda: _count_to_review(turn))


# --- what goes on after the book


def review(turn: Turn) -> None:
    """Still so: on the books for another year. No longer so: it leaves."""
    turn.data["text"] = required(
        turn.fields.get("findings") or turn.fields.get("note") or "", _("请写复核的情况。"), "findings"
    )
    if turn.fields.get("goes_on", True):
        turn.target = ClaimState.HELD
        turn.then.append(lambda: _count_to_review(turn))
    else:
        turn.target = ClaimState.CLOSED


def _count_to_review(turn: Turn) -> None:
    """The next review is due after the term that the programme gives, else in a year (domain 4.1)."""
    row, on = turn.row, timezone.localdate(turn.now)
    length, unit = row.programme.terms.get(ClaimState.HELD) or (A_YEAR, Unit.NATURAL)
    deadlines.meet(row, on=on)
    row.deadline = deadlines.measure(row, REVIEW, _("复核"), on=on, length=int(length), unit=Unit(unit))
    row.save(update_fields=["deadline"])


def leave_books(turn: Turn) -> None:
    required(turn.fields.get("reason") or "", _("请写退出的原因。"), "reason")


def cancel(turn: Turn) -> None:
    """Approved and never paid: what was set aside is free again."""
    if turn.row.budget_line is not None and turn.row.amount:
        budgets.release(turn.row.budget_line, turn.row.amount)


def leave(turn: Turn) -> None:
    """Refused or withdrawn: nothing hangs on the wall any more."""
    _take_down(turn)


def with_special(act: Act) -> Act:
    """The act of a step, and then what the programme with this code adds."""

    def both(turn: Turn) -> None:
        act(turn)
        if special := special_of(turn.row):
            special.taken(turn)

    return both


def _nothing(turn: Turn) -> None:
    pass


_OWN: dict[str, Act] = {
    V.CHECK: check, V.VISIT: visit, V.VERIFY: verify, V.PAUSE: pause, V.RESUME: resume, V.AUDIT: audit, V.PUBLISH: publish, V.OBJECT: object_to,
    V.SETTLE_OBJECTION: settle_objection, V.CLEAR: clear, V.APPROVE: approve, V.PAY: pay, V.CONFIRM_PAID: confirm_paid,
    V.BANK_RETURN: bank_return, V.PAY_AGAIN: pay, V.SIGN: sign, V.ACCOUNT: account, V.REVIEW: review, V.EXIT: leave_books,
    V.CANCEL: cancel, V.REFUSE: leave, V.WITHDRAW: leave,
}  # fmt: skip
ACTS: dict[str, Act] = {verb: with_special(_OWN.get(verb, _nothing)) for verb in V.values}
