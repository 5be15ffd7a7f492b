"""A ledger of cases: received, looked at, confirmed, written, undone. Nothing is written before it is confirmed."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import attachments, deadlines
from unionops.casework.models import Attachment, CaseLink, Deadline, FollowUp, Notice, Supervision, Task, Watch
from unionops.casework.numbering import take_blocks
from unionops.casework.sheets import UnreadableFile, plain
from unionops.china.names import clean_text
from unionops.joining import clauses, listed
from unionops.org.enums import OrganisationKind, Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.events import event_of, kind_of, record_event
from unionops.org.models import Event, Organisation, Posting, User
from visits.enums import ImportState
from visits.imports.directory import fill
from visits.imports.figures import figures_of, refused_rows
from visits.imports.flow import MOST_REFUSED, store_preview, store_upload
from visits.imports.records import check_size, new_record
from visits.imports.undoing import LaterWork
from visits.ledger import Reading, read_workbook
from visits.ledger.directory import firm_text
from visits.models import LedgerImport

from ..enums import (
    COLLECTIVE_FROM,
    RETENTION_YEARS,
    TERM_ARCHIVE,
    ApplicationForm,
    DisputeState,
    ObligationKind,
    Outcome,
    PartyKind,
    RuleProfile,
    Seat,
    Side,
    Source,
)
from ..ledger import BROKEN, KIND, MOST_ROWS, PERFORMED, Cases, DisputeRow
from ..models import Agreement, Appointment, Centre, Confirmation, Dispute, Obligation, Party, TeamMember, centre_of
from ..models import Session as Sitting
from ..terms import COURT_PROFILES, start_acceptance, start_mediation
from .intake import PartyDraft, party_of, spell_number, titled
from .pen import hold_pen

S = DisputeState
_TERMED = frozenset({S.ACCEPTED, S.MEDIATING})
_OVER = frozenset({S.FAILED, S.WITHDRAWN, S.NOT_ACCEPTED, S.TRANSFERRED, S.FULFILLED})
_SHORTEST_NAME_OF_FIRM = 5


def centres_to_import(user: User) -> list[Organisation]:
    """The centres whose ledgers this person brings in: the head's and the desk's."""
    found = Organisation.objects.filter(kind=OrganisationKind.MEDIATION_CENTRE, district__in=user.scope.member_of)
    return [centre for centre in found.order_by("name", "pk") if may_import(user, centre)]


def may_import(user: User, centre: Organisation) -> bool:
    return any(user.scope.holds(role, centre.pk) for role in (Role.HEAD, Role.HANDLER))


def check_may_import(user: User, centre: Organisation) -> None:
    if not may_import(user, centre):
        raise NotAllowed(_("调解台账由中心负责人和案管员导入。"))


def imports_of(user: User) -> QuerySet[LedgerImport]:
    """What this person has begun: the file holds numbers in clear until it is written or thrown away."""
    return LedgerImport.objects.filter(sort=KIND, created_by=user)


def centre_for(record: LedgerImport) -> Organisation:
    return Organisation.objects.get(pk=record.mapping["centre"])


def receive(upload: UploadedFile, *, by: User, centre: Organisation, files_ended: bool = True) -> LedgerImport:
    """Keep the file outside the web root and see what it holds; a file that cannot be read is not kept."""
    check_may_import(by, centre)
    with _as_error():
        check_size(upload.size or 0)
    name = store_upload(upload)
    try:
        with transaction.atomic():
            record = begin(attachments.store_path(name), upload.name or "", by=by, centre=centre,
                           files_ended=files_ended, stored_as=name)  # fmt: skip
            _keep_preview(record, look_at(record))
    except BaseException:
        attachments.discard(name)
        raise
    return record


def begin(
    path: Path, name: str, *, by: User, centre: Organisation, files_ended: bool, stored_as: str = ""
) -> LedgerImport:
    """The record of a file that may be read; the same file is brought in once."""
    check_may_import(by, centre)
    district = centre.district or centre
    record = new_record(path, name=Path(name).name, district=district, by=by, stored_as=stored_as)
    same = LedgerImport.objects.filter(sort=KIND, sha256=record.sha256, mapping__centre=centre.pk)
    if same.filter(state=ImportState.DONE).exists():
        raise ActionError(
            _("这个文件已经导入过，没有新内容。"), field="file", next_step=_("要重新导入，请先撤销上一次。")
        )
    record.sort, record.state = KIND, ImportState.PREVIEW
    record.mapping = {"centre": centre.pk, "files_ended": files_ended}
    record.save(update_fields=["sort", "state", "mapping"])
    return record


class _as_error:  # noqa: N801 -- reads as a statement
    """A file that cannot be read is said in words beside the field."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, UnreadableFile):
            raise ActionError(str(error), field="file") from error


def look_at(record: LedgerImport, path: Path | None = None) -> Reading:
    """Read the file against what the centre knows now."""
    path = path or attachments.store_path(record.stored_as)
    with _as_error():
        reading = read_workbook(path, _known(record), kind=KIND, name=record.file_name, today=timezone.localdate())
        rows = reading.tally.rows
    if rows > MOST_ROWS:
        raise ActionError(_("一次最多导入 %(most)d 行，请分成几个文件。") % {"most": MOST_ROWS}, field="file")
    return reading


def _known(record: LedgerImport) -> Cases:
    centre = centre_for(record)
    known = Cases(files_ended=record.mapping["files_ended"])
    fill(known, record.district)
    posts = Posting.objects.filter(organisation=centre, role__in=[Role.MEDIATOR, Role.HEAD])
    mediators = defaultdict[str, set[int]](set)
    for user, name in posts.values_list("user", "user__name"):
        mediators[plain(name)].add(user)
    known.mediators = {name: tuple(users) for name, users in mediators.items()}
    sides: dict[Any, dict[str, Any]] = {}
    first = Party.objects.filter(dispute__organisation=centre, position=1, side__in=[Side.APPLICANT, Side.RESPONDENT])
    for case, on, side, name in first.values_list("dispute", "dispute__received_on", "side", "name").iterator():
        sides.setdefault(case, {"on": on})[side] = name
    known.standing = {
        (found["on"], plain(found[Side.APPLICANT]), firm_text(found[Side.RESPONDENT]))
        for found in sides.values() if Side.APPLICANT in found and Side.RESPONDENT in found
    }  # fmt: skip
    done = LedgerImport.objects.filter(sort=KIND, state=ImportState.DONE, mapping__centre=centre.pk)
    for brought in done.values_list("summary__rows_brought", flat=True):
        known.brought.update(brought or ())
    return known


def _keep_preview(record: LedgerImport, reading: Reading) -> None:
    """What the page shows of each cell; it goes with the upload when that is written or thrown away."""
    record.summary = {**counted(reading), "preview_as": store_preview(reading)}
    record.save(update_fields=["summary"])


def counted(reading: Reading) -> dict[str, Any]:
    tally = reading.tally
    return {
        "figures": figures_of(reading),
        "rows": tally.rows,
        "refused": refused_rows(reading)[:MOST_REFUSED],
        "refused_count": sum(tally.refused_rows.values()),
        # A row that an earlier import brought, or that stands at the centre, repeats itself.
        "known": sum(copy.row == copy.first_row and copy.sheet == copy.first_sheet for copy in tally.duplicates),
        "skipped": reading.skipped,
    }


def _locked(record: LedgerImport, by: User, state: str) -> LedgerImport:
    row = LedgerImport.objects.select_for_update(no_key=True).get(pk=record.pk)
    check_may_import(by, centre_for(row))
    if row.state != state:
        raise InvalidTransition(_("这次导入现在是“%(state)s”，不能再做这一步。") % {"state": row.get_state_display()})
    return row


@transaction.atomic
def confirm(
    record: LedgerImport, *, by: User, only_good: bool, path: Path | None = None, now: datetime.datetime | None = None
) -> LedgerImport:
    """Every good row becomes a case; refused rows are never left behind unseen. One import at a time in a district."""
    now = now or timezone.now()
    row = _locked(record, by, ImportState.PREVIEW)
    Organisation.objects.select_for_update(no_key=True).get(pk=row.district_id)
    reading = look_at(row, path)
    seen = counted(reading)
    if seen["refused_count"] and not only_good:
        raise ActionError(
            _("有 %(n)d 行读不懂，没有导入。") % {"n": seen["refused_count"]}, field="which",
            next_step=_("请改好文件再上传，或者选“只导入读懂的行”。"),
        )  # fmt: skip
    rows: list[DisputeRow] = list(reading.rows)  # type: ignore[arg-type]
    if not rows:
        raise ActionError(_("没有可以导入的行。"), field="which")
    _Writer(row, by=by, now=now).write(rows)
    stored, preview = row.stored_as, row.summary.get("preview_as", "")
    row.summary = {**seen, "written": {"disputes": len(rows)}, "rows_brought": [one.fingerprint for one in rows]}
    row.state, row.progress, row.finished_at, row.stored_as = ImportState.DONE, 100, now, ""
    row.save()
    record_event(row, "write", by=by, now=now, data={
        "file": row.file_name, "sha256": row.sha256, "kind": KIND, "disputes": len(rows),
    })  # fmt: skip
    transaction.on_commit(lambda: _discard(stored, preview))
    return row


def _discard(*names: str) -> None:
    for name in names:
        if name:
            attachments.discard(name)


@transaction.atomic
def throw_away(record: LedgerImport, *, by: User) -> None:
    """An upload that is not wanted goes with its file; nothing of it was ever written."""
    row = _locked(record, by, ImportState.PREVIEW)
    stored, preview = row.stored_as, row.summary.get("preview_as", "")
    row.delete()
    transaction.on_commit(lambda: _discard(stored, preview))


class _Writer:
    """Rows of one ledger as cases, within the caller's transaction."""

    def __init__(self, record: LedgerImport, *, by: User, now: datetime.datetime) -> None:
        self.record, self.by, self.now = record, by, now
        self.organisation = centre_for(record)
        self.centre: Centre = centre_of(self.organisation)
        self.today = timezone.localdate(now)

    def write(self, rows: Sequence[DisputeRow]) -> list[Dispute]:
        word = self.centre.number_word
        wanted = Counter((word, one.received_on.year) for one in rows)
        blocks = {key: iter(block) for key, block in take_blocks(self.record.district_id, wanted).items()}
        pairs = [(one, self.case_of(one, next(blocks[word, one.received_on.year]))) for one in rows]
        cases = [case for _row, case in pairs]
        Dispute.objects.bulk_create(cases)
        parties = {case.pk: self.parties_of(one, case) for one, case in pairs}
        Party.objects.bulk_create(party for both in parties.values() for party in both)
        self.seat(pairs)
        self.agree([(one, case, *parties[case.pk]) for one, case in pairs if case.outcome == Outcome.AGREED])
        self.start_clocks(pairs)
        Event.objects.bulk_create(self.event_of(one, case) for one, case in pairs)
        return cases

    def case_of(self, one: DisputeRow, number: int) -> Dispute:
        at = _morning(one.received_on, self.now)
        ended = one.ended_on
        closed = ended if one.state == S.ARCHIVED else None
        profile = RuleProfile(self.centre.rule_profile)
        if profile in COURT_PROFILES:
            profile = RuleProfile.ZJ_ORG
        case = Dispute(
            district_id=self.record.district_id, organisation=self.organisation,
            number=spell_number(self.centre.number_word, one.received_on.year, number),
            title=titled(one.applicant, one.people, one.firm.name, one.cause), registered_at=at, registered_by=self.by,
            state=one.state, state_since=_morning(ended or one.accepted_on or one.received_on, self.now),
            closed_at=_morning(closed, self.now) if closed else None, source=one.source,
            application_form=_form_of(one.source), received_on=one.received_on, accepted_on=one.accepted_on, ended_on=ended,
            outcome=one.outcome, cause=one.cause, claims=one.claims or str(titled(one.applicant, one.people, one.firm.name, one.cause)),
            facts=_facts(one), people_count=one.people, is_collective=one.people >= COLLECTIVE_FROM,
            amount_claimed=one.amount, rule_profile=profile, mediator_id=one.mediator, town_id=one.town or one.firm.town,  # type: ignore[misc]
            fail_reason=one.reason if one.outcome == Outcome.FAILED else "",
            refusal_reason=one.reason if one.outcome == Outcome.NOT_ACCEPTED else "",
            keep_until=datetime.date(closed.year + RETENTION_YEARS, 12, 31) if closed else None, ledger_import=self.record,
        )  # fmt: skip
        hold_pen(case)
        return case

    def parties_of(self, one: DisputeRow, case: Dispute) -> tuple[Party, Party]:
        worker = PartyDraft(
            side=Side.APPLICANT, name=one.applicant, identity=one.identity, phone=one.phone, amount=one.amount,
            claims=one.claims[:1000],
        )  # fmt: skip
        firm = one.firm
        is_person = firm.key is None and not firm.credit_code and len(firm.name) < _SHORTEST_NAME_OF_FIRM
        employer = PartyDraft(
            side=Side.RESPONDENT, kind=PartyKind.PERSON if is_person else PartyKind.ENTERPRISE, name=firm.name,
            credit_code="" if is_person else firm.credit_code,
        )  # fmt: skip
        made = party_of(case, worker, 1), party_of(case, employer, 1)
        if firm.key is not None:
            made[1].enterprise_id = firm.key  # type: ignore[assignment]
        return made

    def seat(self, pairs: Iterable[tuple[DisputeRow, Dispute]]) -> None:
        TeamMember.objects.bulk_create(
            TeamMember(
                dispute=case, user_id=case.mediator_id, seat=Seat.MEDIATOR, is_lead=True,
                valid_from=case.accepted_on or case.received_on, added_by=self.by,
            )
            for _row, case in pairs if case.mediator_id
        )  # fmt: skip

    def agree(self, found: Iterable[tuple[DisputeRow, Dispute, Party, Party]]) -> None:
        """An agreement takes effect when what it lays down is there: written first, then put in force."""
        agreements, owed = [], []
        for one, case, worker, employer in found:
            day = case.ended_on
            assert day is not None
            money = one.agreed or None
            agreement = Agreement(
                dispute=case, version=1, result="按台账登记：双方达成调解协议", way="见原协议", total=money or Decimal(0),
                drafted_by=case.mediator if case.mediator_id else self.by, drafted_at=_morning(day, self.now),
                applicant_signed_on=day, respondent_signed_on=day, mediator_signed_on=day, sealed_on=day,
            )  # fmt: skip
            agreements.append(agreement)
            paid = (one.fulfilled_on or day) if one.performance == PERFORMED else None
            due = min(one.fulfilled_on or day, day) if one.performance == BROKEN else one.fulfilled_on or day
            owed.append(
                Obligation(
                    agreement=agreement, position=1, debtor=employer, creditor=worker,
                    kind=ObligationKind.PAY if money else ObligationKind.ACT,
                    what="按协议付款" if money else "按协议履行", amount=money, due_on=due,
                    fulfilled_on=paid, fulfilment_recorded_by=self.by if paid else None,
                    proof_note="台账登记已履行" if paid else "",
                )
            )  # fmt: skip
        Agreement.objects.bulk_create(agreements)
        Obligation.objects.bulk_create(owed)
        for agreement in agreements:
            agreement.effective_on = agreement.sealed_on
        Agreement.objects.bulk_update(agreements, ["effective_on"])

    def start_clocks(self, pairs: Iterable[tuple[DisputeRow, Dispute]]) -> None:
        """What still goes on has its clock, from its own day: an old case shows how late it is."""
        changed = []
        over = [case for _row, case in pairs if case.state in _OVER]
        clocks = build_archive_clocks(over)
        for case in over:
            case.deadline = clocks[case.pk]
            changed.append(case)
        for _row, case in pairs:
            if case.state in (S.REGISTERED, S.CONSENT_PENDING):
                case.deadline = start_acceptance(case, on=case.received_on)
            elif case.state in _TERMED:
                assert case.accepted_on is not None
                start = case.accepted_on if case.rule_profile != RuleProfile.ZJ_ORG else case.received_on
                case.term = case.deadline = start_mediation(case, on=start)
            else:
                continue
            changed.append(case)
        Dispute.objects.bulk_update(changed, ["deadline", "term"], batch_size=500)

    def event_of(self, one: DisputeRow, case: Dispute) -> Event:
        data: dict[str, Any] = {"import": self.record.pk, "row": one.row, "version": 1, "number": one.number}
        if one.mediator is None and one.mediator_text:
            data["person"] = one.mediator_text
        return event_of(case, "import", by=self.by, target=case.state, data=data, now=self.now)


def build_archive_clocks(cases: Sequence[Dispute]) -> dict[Any, Deadline]:
    """{case: the clock by which its file is put away}, from the day on which the mediation ended."""
    from_day = [(case, TERM_ARCHIVE, case.ended_on or case.received_on) for case in cases]
    made = Deadline.objects.bulk_create(deadlines.build_each(from_day))
    return {clock.case_id: clock for clock in made}


def _morning(day: datetime.date, now: datetime.datetime) -> datetime.datetime:
    return min(timezone.make_aware(datetime.datetime.combine(day, datetime.time(10))), now)


def _form_of(source: str) -> str:
    """What the ledger does not say: who applied did so in writing, the court by its letter, of screening nobody did."""
    return {Source.SCREENING: ApplicationForm.NONE, Source.COURT: ApplicationForm.COMMISSION}.get(  # type: ignore[call-overload]
        source, ApplicationForm.WRITTEN
    )


def _facts(one: DisputeRow) -> str:
    said = [one.facts, one.note, f"原因：{one.reason_text}" if one.reason_text else ""]
    return clean_text("\n".join(part for part in said if part))[:5000]


@transaction.atomic
def undo(record: LedgerImport, *, by: User, now: datetime.datetime | None = None) -> LedgerImport:
    """Take the cases of an import out again while nobody has worked on them; the log keeps that they were there."""
    row = _locked(record, by, ImportState.DONE)
    cases = Dispute.objects.filter(ledger_import=row)
    keys = list(cases.select_for_update(of=("self",)).values_list("pk", flat=True))
    _check_nothing_stands_on(keys)
    kind = kind_of(Dispute)
    try:
        with transaction.atomic():
            # An agreement that has effect keeps what it lays down: it goes first, and what was owed after it.
            agreements = Agreement.objects.filter(dispute__in=keys)
            owed = list(Obligation.objects.filter(agreement__in=agreements).values_list("pk", flat=True))
            _remove(agreements)
            _remove(Obligation.objects.filter(pk__in=owed))
            _remove(TeamMember.objects.filter(dispute__in=keys))
            cases.update(deadline=None, term=None)
            for model in (FollowUp, Notice, Watch, Deadline):
                _remove(model.objects.filter(kind=kind, case_id__in=keys))
            Party.objects.filter(dispute__in=keys).delete()
            cases.delete()
    except ProtectedError as error:
        kinds = sorted({str(thing._meta.verbose_name) for thing in error.protected_objects})
        raise LaterWork(
            _("已经有%(kinds)s用到这次导入的内容，不能整批撤销。") % {"kinds": listed(kinds)},
            next_step=_("请逐条更正或作废。"),
        ) from error
    row.state, row.undone_at, row.undone_by = ImportState.UNDONE, now or timezone.now(), by
    row.summary.pop("rows_brought", None)
    row.save(update_fields=["state", "undone_at", "undone_by", "summary"])
    record_event(row, "undo", by=by, data={"file": row.file_name, "disputes": len(keys)})
    return row


def _remove(rows: QuerySet[Any]) -> int:
    """Delete without collecting: everything that points at these rows goes with them."""
    return int(rows._raw_delete(rows.db))


def _check_nothing_stands_on(keys: Sequence[Any]) -> None:
    about = {"kind": kind_of(Dispute), "case_id__in": keys}
    worked = Event.objects.filter(kind=kind_of(Dispute), subject_id__in=[str(key) for key in keys])
    worked = worked.exclude(verb=f"{kind_of(Dispute)}.import").order_by()
    counts = (
        (_("%(n)d 件案件已经往下办理"), worked.values("subject_id").distinct()),
        (_("%(n)d 次调解"), Sitting.objects.filter(dispute__in=keys)),
        (_("%(n)d 个预约"), Appointment.objects.filter(dispute__in=keys)),
        (_("%(n)d 份材料"), Attachment.objects.filter(**about)),
        (_("%(n)d 处关联"), CaseLink.objects.filter(from_id__in=keys) | CaseLink.objects.filter(to_id__in=keys)),
        (_("%(n)d 项任务"), Task.objects.filter(**about)),
        (_("%(n)d 次督办"), Supervision.objects.filter(**about)),
        (_("%(n)d 份确认申请"), Confirmation.objects.filter(agreement__dispute__in=keys)),
    )
    found = [words % {"n": count} for words, rows in counts if (count := rows.count())]
    if found:
        raise LaterWork(
            _("导入之后又有了新的工作，不能整批撤销：%(found)s。") % {"found": clauses(found)},
            next_step=_("请逐条更正或作废。"),
        )
