"""Disputes and what hangs on them over HTTP: fetch what exists for the asker, read the form, call the action of the page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from unionops.casework.api.records import EVENT_ROWS, EventRow
from unionops.casework.api.views import AttachmentsOf
from unionops.casework.attachments import attachments_of
from unionops.casework.models import FollowUp
from unionops.org.api import filters
from unionops.org.api.endpoints import Act, Endpoint, Listing, Order, answer, find, page_of, told_one
from unionops.org.api.fields import Form
from unionops.org.api.filters import Asked, Filter
from unionops.org.api.masking import told_masked
from unionops.org.api.records import Asker, Reader
from unionops.org.errors import Conflict
from unionops.org.events import kind_of
from unionops.org.models import Event, User

from ..actions import agreements, appointments, care, confirmations, elements, intake, recusals, sessions, team
from ..actions.table import STEPS
from ..causes import Cause
from ..enums import (
    ConfirmationKind,
    ConfirmationState,
    DisputeState,
    Outcome,
    PartyKind,
    SessionKind,
    Side,
    Source,
)
from ..models import (
    Agent,
    Agreement,
    Appointment,
    Confirmation,
    Dispute,
    Elements,
    Obligation,
    Offer,
    Party,
    Session,
    SessionNote,
)
from ..permissions import check_records
from . import forms
from .records import (
    AGENTS,
    AGREEMENT_FACTS,
    AGREEMENT_ROWS,
    APPOINTMENT_ROWS,
    CALLS,
    CONFIRMATION_ROWS,
    DISPUTE_FACTS,
    DISPUTE_ROWS,
    ELEMENTS,
    LIMITATION,
    MEMBERS,
    NOTES,
    OBLIGATION_ROWS,
    OFFERS,
    PARTY_ROWS,
    RECUSALS,
    SESSION_ROWS,
    SHARES,
    AgreementRecord,
    AgreementRow,
    AppointmentRow,
    ConfirmationRow,
    DisputeRecord,
    DisputeRow,
    ObligationRow,
    PartyRecord,
    PartyRow,
    SessionRecord,
    SessionRow,
    names_in,
    of,
)

TAG = "disputes"
# More claimants than this are read as parties of the case, page by page.
MOST_TOLD = 50


def one(reader: Reader, rows: QuerySet, pk: object, asker: Asker) -> dict[str, Any]:
    return told_one(reader, rows.filter(pk=pk), asker)


def masked(record: dict[str, Any], case: uuid.UUID) -> dict[str, Any]:
    """Free text of a case with the names of its citizens masked."""
    told: dict[str, Any] = told_masked(record, names_in([case])[case])
    return told


# --- disputes


def dispute_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    record = one(DISPUTE_FACTS, Dispute.objects.visible_to(asker.user), pk, asker)
    case = Dispute(pk=pk)
    calls = FollowUp.objects.filter(kind=kind_of(case), case_id=pk).order_by("due_on", "pk")
    offers = Offer.objects.visible_to(asker.user).filter(dispute=pk).order_by("made_on", "pk")
    record["parties"] = of(PARTY_ROWS, case.parties.order_by("side", "position")[:MOST_TOLD], asker)
    record["team"] = of(MEMBERS, case.team.order_by("valid_from", "pk"), asker)
    record["shares"] = of(SHARES, case.shares.order_by("valid_from", "pk"), asker)
    record["offers"] = of(OFFERS, offers, asker)
    record["limitation_events"] = of(LIMITATION, case.limitation_events.order_by("on", "pk"), asker)
    record["elements"] = ELEMENTS.one(Elements.objects.filter(dispute=pk), asker)
    record["recusals"] = of(RECUSALS, case.recusals.order_by("recorded_at", "pk"), asker)
    record["follow_ups"] = of(CALLS, calls, asker)
    return masked(record, pk)


def _open(rows: QuerySet, value: bool, user: User) -> QuerySet:
    return rows.open() if value else rows.exclude(pk__in=rows.open().values("pk"))  # type: ignore[attr-defined]


def _overdue(rows: QuerySet, value: bool, user: User) -> QuerySet:
    overdue: QuerySet = rows.overdue()  # type: ignore[attr-defined]
    return overdue if value else rows.exclude(pk__in=overdue.values("pk"))


def _find_disputes(rows: QuerySet, words: str, user: User) -> QuerySet:
    return rows.filter(Q(number__icontains=words) | Q(title__icontains=words))


class DisputeList(Listing):
    tag, name = TAG, "disputes"
    summaries: ClassVar = {"GET": _("争议列表，新的在前；每件带可以走的步骤"), "POST": _("登记一件争议，连同当事人")}
    answers: ClassVar = {"GET": page_of(DisputeRow), "POST": {201: DisputeRecord}}
    forms: ClassVar = {"POST": forms.DisputeForm}
    model = Dispute
    reader = DISPUTE_ROWS
    order = Order("registered_at", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.choice("state", DisputeState),
        filters.choice("source", Source),
        filters.choice("cause", Cause),
        filters.choice("outcome", Outcome),
        filters.key("organisation"),
        filters.key("town"),
        filters.key("mediator"),
        filters.long_key("issue"),
        filters.column_flag("is_collective", _("集体争议")),
        filters.flag("open", _open, _("还没有归档")),
        filters.flag("overdue", _overdue, _("已超期")),
        filters.flag("mine", lambda rows, value, user: rows.in_hands_of(user) if value else rows, _("在我手上")),  # type: ignore[attr-defined]
        filters.day("since", "registered_at__date__gte", _("登记日期不早于")),
        filters.day("until", "registered_at__date__lte", _("登记日期不晚于")),
        filters.text("q", _find_disputes, _("编号或标题")),
    ]

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        made = intake.register(self.read_form(forms.DisputeForm), by=request.user)  # type: ignore[arg-type]
        place = reverse("api:dispute", kwargs={"pk": made.pk})
        return answer(dispute_record(made.pk, self.asker), 201, location=place)


class OfDispute(Endpoint):
    """Says what others changed meanwhile without the names of citizens."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Conflict):
            case = self.kwargs["pk"]
            exc.changes = told_masked(exc.changes, names_in([case])[case])
        return super().handle_exception(exc)


class DisputeDetail(OfDispute):
    tag, name = TAG, "dispute"
    summaries: ClassVar = {
        "GET": _("一件争议，连同当事人、办案人员、共享、时效事件和回访"),
        "PATCH": _("更正事实；经过里记下改了什么"),
    }
    answers: ClassVar = {"GET": DisputeRecord, "PATCH": DisputeRecord}
    forms: ClassVar = {"PATCH": forms.DisputeCorrectionForm}
    versioned: ClassVar = {"PATCH": True}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(dispute_record(pk, self.asker))

    def patch(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        dispute = find(Dispute.objects.visible_to(request.user), pk)  # type: ignore[arg-type]
        version = self.version()
        fields = self.read_form(forms.DisputeCorrectionForm, partial=True)
        intake.correct(dispute, by=request.user, fields=fields, version=version)  # type: ignore[arg-type]
        return answer(dispute_record(pk, self.asker))


class DisputeTimeline(Listing):
    tag, name = TAG, "dispute_timeline"
    summaries: ClassVar = {"GET": _("争议的经过，从头到尾")}
    answers: ClassVar = {"GET": page_of(EventRow)}
    model = Event
    reader = EVENT_ROWS
    order = Order("at", descending=False)

    def seen(self, rows: QuerySet, user: User, pk: uuid.UUID) -> QuerySet:  # type: ignore[override]
        """A timeline is read through its case; the log as a whole belongs to the auditor."""
        dispute = find(Dispute.objects.visible_to(user).only("pk"), pk)
        return rows.about(kind_of(dispute), pk)  # type: ignore[attr-defined]

    def page(self, rows: QuerySet, asked: Asked) -> dict[str, Any]:
        page = super().page(rows, asked)
        names = names_in([self.kwargs["pk"]])[self.kwargs["pk"]]
        page["results"] = told_masked(page["results"], names)
        return page


class DisputeAct(OfDispute, Act):
    tag = TAG
    record = DisputeRecord

    def things(self, user: User) -> QuerySet:
        return Dispute.objects.visible_to(user)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return dispute_record(pk, self.asker)


class DisputeStep(DisputeAct):
    """A row of the transition table."""

    name, looks = "dispute_step", True

    def act(self, thing: Dispute, **fields: Any) -> Any:
        return STEPS[self.verb](thing, **fields)


class Care(NamedTuple):
    """What may be done around a thing: its form, its action and whether the action looks at the version."""

    label: Any
    form: type[Form]
    action: Callable[..., Any]
    looks: bool = False


def _prove(dispute: Dispute, *, by: User, event: int, evidence: uuid.UUID) -> None:
    proof = find(attachments_of(dispute), evidence)
    care.prove_limitation_event(find(dispute.limitation_events.all(), event), by=by, evidence=proof)


def _settle_follow_up(dispute: Dispute, *, by: User, follow_up: int, **fields: Any) -> None:
    rows = FollowUp.objects.filter(kind=kind_of(dispute), case_id=dispute.pk)
    care.settle_follow_up(dispute, find(rows, follow_up), by=by, **fields)


def _add_member(dispute: Dispute, *, by: User, member: Any, lead: bool = False, **fields: Any) -> None:
    team.add_member(dispute, by=by, member=member, lead=lead, **fields)


def _end_member(dispute: Dispute, *, by: User, seat: int, **fields: Any) -> None:
    team.end_member(find(dispute.team.all(), seat), by=by, **fields)


def _end_share(dispute: Dispute, *, by: User, share: int, **fields: Any) -> None:
    team.end_share(find(dispute.shares.filter(ended_at=None), share), by=by, **fields)


def _ask_recusal(dispute: Dispute, *, by: User, seat: int, **fields: Any) -> None:
    recusals.ask(dispute, by=by, seat=find(dispute.team.all(), seat), **fields)


def _decide_recusal(dispute: Dispute, *, by: User, recusal: int, **fields: Any) -> None:
    recusals.decide(find(dispute.recusals.all(), recusal), by=by, **fields)


def _release_offer(dispute: Dispute, *, by: User, offer: int, **fields: Any) -> None:
    seen = Offer.objects.visible_to(by).filter(dispute=dispute)
    sessions.release_offer(find(seen, offer), by=by, **fields)


CARE: dict[str, Care] = {
    "add_note": Care(_("记进展"), forms.CaseTextForm, care.add_note),
    "add_parties": Care(_("添加当事人"), forms.AddPartiesForm, intake.add_parties, looks=True),
    "elect": Care(_("推举代表"), forms.PartiesOfCase, intake.elect, looks=True),
    "record_limitation_event": Care(_("登记时效事件"), forms.LimitationForm, care.record_limitation_event, looks=True),
    "prove_limitation_event": Care(_("补时效证据"), forms.ProveForm, _prove),
    "save_elements": Care(_("填要素表"), forms.ElementsForm, elements.save_elements, looks=True),
    "add_claim": Care(_("算一项请求"), forms.AddClaimForm, elements.add_claim, looks=True),
    "drop_claim": Care(_("去掉算好的请求"), forms.DropClaimForm, elements.drop_claim, looks=True),
    "take_over_claims": Care(_("把算好的请求写入申请"), forms.TakeOverForm, elements.take_over_claims, looks=True),
    "watch": Care(_("关注或取消关注"), forms.WatchDisputeForm, care.watch),
    "make_offer": Care(_("登记要求或出价"), forms.MakeOfferForm, sessions.make_offer, looks=True),
    "release_offer": Care(_("公开要求或出价"), forms.ReleaseOfferForm, _release_offer),
    "add_member": Care(_("加入办案人员"), forms.AddMemberForm, _add_member, looks=True),
    "end_member": Care(_("退出办案人员"), forms.SeatForm, _end_member),
    "ask_recusal": Care(_("登记回避申请"), forms.AskRecusalForm, _ask_recusal, looks=True),
    "decide_recusal": Care(_("决定回避申请"), forms.DecideRecusalForm, _decide_recusal),
    "share": Care(_("共享给联动单位"), forms.ShareForm, team.share, looks=True),
    "end_share": Care(_("结束共享"), forms.EndShareForm, _end_share),
    "settle_follow_up": Care(_("案后回访"), forms.FollowUpForm, _settle_follow_up),
}


class DisputeCare(DisputeAct):
    """Parties, team, offers and the like: they move no state."""

    name = "dispute_do"

    def act(self, thing: Dispute, **fields: Any) -> Any:
        return CARE[self.verb].action(thing, **fields)


class StandBack(DisputeAct):
    """回避, said of oneself: the case is then no longer there for the asker, and nothing can be answered of it."""

    name, verb, looks = "dispute_do", "recuse", True
    form, label = forms.RecuseForm, _("申报回避；之后看不到本案")
    answers: ClassVar = {"POST": {204: None}}

    def post(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        dispute = find(self.things(request.user), pk)  # type: ignore[arg-type]
        version = self.version()
        recusals.declare(dispute, by=request.user, version=version, **self.read_form(self.form))  # type: ignore[arg-type]
        return HttpResponse(status=204)


class FilesOfDispute(AttachmentsOf):
    name = "dispute_attachments"

    def things(self, user: User) -> QuerySet:
        return Dispute.objects.visible_to(user)

    def check(self, user: User, thing: Model) -> None:
        check_records(user, thing)  # type: ignore[arg-type]


# --- what hangs on a dispute: a list, one of it, and what may be done with it


class PartDetail(Endpoint):
    """One thing of a case, for whoever sees the case."""

    tag = TAG
    record: ClassVar[Callable[[uuid.UUID, Asker], dict[str, Any]]]

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(type(self).record(pk, self.asker))


class PartAct(Act):
    """One POST on a thing of a case; the answer is the thing."""

    tag = TAG
    model: ClassVar[type[Model]]
    acts: ClassVar[dict[str, Care]]
    tell: ClassVar[Callable[[uuid.UUID, Asker], dict[str, Any]]]

    def things(self, user: User) -> QuerySet:
        return self.model.objects.visible_to(user)  # type: ignore[attr-defined]

    def act(self, thing: Any, **fields: Any) -> Any:
        return self.acts[self.verb].action(thing, **fields)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return type(self).tell(pk, self.asker)


def party_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    record = one(PARTY_ROWS, Party.objects.visible_to(asker.user), pk, asker)
    record["agents"] = of(AGENTS, Agent.objects.filter(party=pk).order_by("valid_from", "pk"), asker)
    return masked(record, record["dispute"])


class PartyList(Listing):
    tag, name = TAG, "parties"
    summaries: ClassVar = {"GET": _("当事人，新案件的在前；姓名和号码都已打码")}
    answers: ClassVar = {"GET": page_of(PartyRow)}
    model = Party
    reader = PARTY_ROWS
    order = Order("dispute_id", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.long_key("dispute"),
        filters.choice("side", Side),
        filters.choice("kind", PartyKind),
        filters.long_key("enterprise"),
        filters.column_flag("is_elected", _("推举代表")),
    ]


class PartyDetail(PartDetail):
    name = "party"
    summaries: ClassVar = {"GET": _("一名当事人，连同代理人")}
    answers: ClassVar = {"GET": PartyRecord}
    record = staticmethod(party_record)


def _end_agent(party: Party, *, by: User, agent: uuid.UUID, **fields: Any) -> None:
    intake.end_agent(find(party.agents.all(), agent), by=by, **fields)


PARTY_CARE = {
    "record_consent": Care(_("登记调解意愿"), forms.ConsentForm, intake.record_consent),
    "add_agent": Care(_("加代理人"), forms.AgentForm, intake.add_agent),
    "end_agent": Care(_("结束代理"), forms.EndAgentForm, _end_agent),
    "end_party": Care(_("当事人退出"), forms.EndPartyForm, intake.end_party),
    "end_representative": Care(_("结束代表"), forms.EndPartyForm, intake.end_representative),
}


class PartyAct(PartAct):
    name, record, model, acts = "party_do", PartyRecord, Party, PARTY_CARE
    tell = staticmethod(party_record)


def session_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    """With the note and the offers if the asker may know what was said."""
    record = one(SESSION_ROWS, Session.objects.visible_to(asker.user), pk, asker)
    record["note"] = NOTES.one(SessionNote.objects.visible_to(asker.user).filter(pk=pk), asker)
    offers = Offer.objects.visible_to(asker.user).filter(session=pk).order_by("made_on", "pk")
    record["offers"] = of(OFFERS, offers, asker)
    return masked(record, record["dispute"])


class SessionList(Listing):
    tag, name = TAG, "sessions"
    summaries: ClassVar = {"GET": _("调解记录，新的在前；笔录在一次里看")}
    answers: ClassVar = {"GET": page_of(SessionRow)}
    model = Session
    reader = SESSION_ROWS
    order = Order("held_at", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.long_key("dispute"),
        filters.choice("kind", SessionKind),
        filters.day("since", "held_at__date__gte", _("调解日期不早于")),
        filters.day("until", "held_at__date__lte", _("调解日期不晚于")),
    ]


class SessionDetail(PartDetail):
    name = "session"
    summaries: ClassVar = {"GET": _("一次调解；笔录和出价只给可以看的人")}
    answers: ClassVar = {"GET": SessionRecord}
    record = staticmethod(session_record)


def _release_note(session: Session, *, by: User, **fields: Any) -> None:
    """A note that does not exist for the asker cannot be released by them either."""
    sessions.release_note(find(SessionNote.objects.visible_to(by), session.pk), by=by, **fields)


def _sign_note(session: Session, *, by: User, **fields: Any) -> None:
    sessions.sign_note(find(SessionNote.objects.visible_to(by), session.pk), by=by, **fields)


SESSION_CARE = {
    "release_note": Care(_("公开笔录"), forms.CaseReasonForm, _release_note),
    "sign_note": Care(_("登记笔录签名"), forms.SignNoteForm, _sign_note),
}


class SessionAct(PartAct):
    name, record, model, acts = "session_do", SessionRecord, Session, SESSION_CARE
    tell = staticmethod(session_record)


def agreement_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    record = one(AGREEMENT_FACTS, Agreement.objects.visible_to(asker.user), pk, asker)
    record["obligations"] = of(OBLIGATION_ROWS, Obligation.objects.filter(agreement=pk).order_by("position"), asker)
    return masked(record, record["dispute"])


class AgreementList(Listing):
    tag, name = TAG, "agreements"
    summaries: ClassVar = {"GET": _("调解协议，新的在前；草稿没有生效日期")}
    answers: ClassVar = {"GET": page_of(AgreementRow)}
    model = Agreement
    reader = AGREEMENT_ROWS
    order = Order("drafted_at", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.long_key("dispute"),
        filters.flag("effective", lambda rows, value, user: rows.filter(effective_on__isnull=not value), _("已经生效")),
    ]


class AgreementDetail(PartDetail):
    name = "agreement"
    summaries: ClassVar = {"GET": _("一份协议，连同履行义务")}
    answers: ClassVar = {"GET": AgreementRecord}
    record = staticmethod(agreement_record)


AGREEMENT_CARE = {
    "record_mark": Care(_("登记签章"), forms.MarkForm, agreements.record_mark),
    "withdraw_mark": Care(_("撤回签章"), forms.WithdrawMarkForm, agreements.withdraw_mark),
}


class AgreementAct(PartAct):
    name, record, model, acts = "agreement_do", AgreementRecord, Agreement, AGREEMENT_CARE
    tell = staticmethod(agreement_record)


def obligation_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    record = one(OBLIGATION_ROWS, Obligation.objects.visible_to(asker.user), pk, asker)
    return masked(record, record["dispute"])


def _overdue_obligations(rows: QuerySet, value: bool, user: User) -> QuerySet:
    late: QuerySet = rows.overdue()  # type: ignore[attr-defined]
    return late if value else rows.exclude(pk__in=late.values("pk"))


class ObligationList(Listing):
    tag, name = TAG, "obligations"
    summaries: ClassVar = {"GET": _("履行义务，先到期的在前")}
    answers: ClassVar = {"GET": page_of(ObligationRow)}
    model = Obligation
    reader = OBLIGATION_ROWS
    order = Order("due_on", descending=False)
    filters: ClassVar[list[Filter]] = [
        filters.long_key("agreement"),
        filters.long_key("dispute", "agreement__dispute"),
        filters.flag("standing", lambda rows, value, user: rows.filter(agreement__effective_on__isnull=not value),
                     _("协议已经生效")),
        filters.flag("fulfilled", lambda rows, value, user: rows.filter(fulfilled_on__isnull=not value), _("已经履行")),
        filters.flag("overdue", _overdue_obligations, _("到期未履行")),
        filters.day("since", "due_on__gte", _("到期日不早于")),
        filters.day("until", "due_on__lte", _("到期日不晚于")),
    ]  # fmt: skip


class ObligationDetail(PartDetail):
    name = "obligation"
    summaries: ClassVar = {"GET": _("一项履行义务")}
    answers: ClassVar = {"GET": ObligationRow}
    record = staticmethod(obligation_record)


OBLIGATION_CARE = {
    "fulfil": Care(_("登记履行"), forms.FulfilForm, agreements.fulfil),
    "press": Care(_("登记催促"), forms.PressForm, agreements.press),
}


class ObligationAct(PartAct):
    name, record, model, acts = "obligation_do", ObligationRow, Obligation, OBLIGATION_CARE
    tell = staticmethod(obligation_record)


def confirmation_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    return one(CONFIRMATION_ROWS, Confirmation.objects.visible_to(asker.user), pk, asker)


class ConfirmationList(Listing):
    tag, name = TAG, "confirmations"
    summaries: ClassVar = {"GET": _("协议确认，新的在前"), "POST": _("登记一份确认申请")}
    answers: ClassVar = {"GET": page_of(ConfirmationRow), "POST": {201: ConfirmationRow}}
    forms: ClassVar = {"POST": forms.ConfirmationForm}
    model = Confirmation
    reader = CONFIRMATION_ROWS
    order = Order("applied_on", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.long_key("dispute", "agreement__dispute"),
        filters.long_key("agreement"),
        filters.choice("kind", ConfirmationKind),
        filters.choice("state", ConfirmationState),
    ]

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        form = self.read_form(forms.ConfirmationForm)
        made = confirmations.apply(form.pop("dispute"), by=request.user, **form)  # type: ignore[arg-type]
        place = reverse("api:confirmation", kwargs={"pk": made.pk})
        return answer(confirmation_record(made.pk, self.asker), 201, location=place)


class ConfirmationDetail(PartDetail):
    name = "confirmation"
    summaries: ClassVar = {"GET": _("一份确认申请")}
    answers: ClassVar = {"GET": ConfirmationRow}
    record = staticmethod(confirmation_record)


class ConfirmationStep(Act):
    """A row of the side machine (domain 3.6 C2-C4)."""

    tag, name, record = TAG, "confirmation_step", ConfirmationRow

    def things(self, user: User) -> QuerySet:
        return Confirmation.objects.visible_to(user)

    def act(self, thing: Confirmation, **fields: Any) -> Any:
        return confirmations.STEPS[self.verb](thing, **fields)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return confirmation_record(pk, self.asker)


def appointment_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    return one(APPOINTMENT_ROWS, Appointment.objects.visible_to(asker.user), pk, asker)


class AppointmentList(Listing):
    tag, name = TAG, "appointments"
    summaries: ClassVar = {"GET": _("调解室预约，先开始的在前"), "POST": _("预约调解室")}
    answers: ClassVar = {"GET": page_of(AppointmentRow), "POST": {201: AppointmentRow}}
    forms: ClassVar = {"POST": forms.AppointmentForm}
    model = Appointment
    reader = APPOINTMENT_ROWS
    order = Order("starts_at", descending=False)
    filters: ClassVar[list[Filter]] = [
        filters.long_key("dispute"),
        filters.key("room"),
        filters.key("mediator"),
        filters.flag("standing", lambda rows, value, user: rows.filter(cancelled_at__isnull=value), _("没有取消")),
        filters.day("since", "starts_at__date__gte", _("日期不早于")),
        filters.day("until", "starts_at__date__lte", _("日期不晚于")),
    ]

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        form = self.read_form(forms.AppointmentForm)
        made = appointments.book(form.pop("dispute"), by=request.user, **form)  # type: ignore[arg-type]
        place = reverse("api:appointment", kwargs={"pk": made.pk})
        return answer(appointment_record(made.pk, self.asker), 201, location=place)


class AppointmentDetail(PartDetail):
    name = "appointment"
    summaries: ClassVar = {"GET": _("一个预约")}
    answers: ClassVar = {"GET": AppointmentRow}
    record = staticmethod(appointment_record)


APPOINTMENT_CARE = {"cancel": Care(_("取消预约"), forms.CaseReasonForm, appointments.cancel)}


class AppointmentAct(PartAct):
    name, record, model, acts = "appointment_do", AppointmentRow, Appointment, APPOINTMENT_CARE
    tell = staticmethod(appointment_record)


PART_ACTS: dict[str, tuple[type[PartAct], dict[str, Care]]] = {
    "parties": (PartyAct, PARTY_CARE),
    "sessions": (SessionAct, SESSION_CARE),
    "agreements": (AgreementAct, AGREEMENT_CARE),
    "obligations": (ObligationAct, OBLIGATION_CARE),
    "appointments": (AppointmentAct, APPOINTMENT_CARE),
}
