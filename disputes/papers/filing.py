"""卷宗目录: what the file of a case must hold, what it holds, and what it lacks (domain 3.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.attachments import attachments_of
from unionops.casework.models import Attachment, FollowUp
from unionops.jinja import short_day
from unionops.joining import clauses, listed
from unionops.org.models import Event

from ..enums import AgentKind, ApplicationForm, Consent, Mark, Outcome, Side, Verb
from ..models import Agreement, Dispute, Paper, Party, SessionNote
from ..models.agreements import MARKS
from .kinds import PaperKind

K = PaperKind
# More parties than these are counted and not named.
MOST_NAMED = 4
# An uploaded file belongs to the first item of which a word stands in its caption or its name.
_WORDS: dict[str, tuple[str, ...]] = {
    "identity": ("身份证", "身份证明", "营业执照", "户口"),
    "power": ("委托书", "授权"),
    "withdrawal": ("撤回", "撤诉", "和解"),
    "address": ("送达地址",),
    "consent": ("征询",),
    "consented": ("同意调解",),
    "accord": ("同意名单",),
    "suspension": ("中止",),
    "resumption": ("恢复调解",),
    "extension": ("延期", "延长"),
    "election": ("推举",),
    "confirmation": ("仲裁审查", "司法确认", "裁定", "支付令", "仲裁调解书"),
    "breach": ("违约", "未履行"),
    "aid": ("法律援助",),
    "relief": ("仲裁申请", "起诉状", "强制执行", "投诉书"),
    "agreement": ("协议",),
    "performance": ("凭证", "回单", "收条", "转账", "汇款"),
    "records": ("笔录",),
    "follow_up": ("回访",),
    "investigation": ("调查",),
    "application": ("申请", "委派", "委托函"),
}


class Found(NamedTuple):
    """One thing in the file: a paper that was made, a file that was attached, or what is recorded of it."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Item:
    """One line of the list. ``lack`` says what is wanting, an empty text where nothing is."""

    key: str
    label: str | Promise
    needed: bool
    found: list[Found]
    lack: str

    @property
    def state(self) -> str:
        if self.lack:
            return "lacking"
        return "present" if self.found else "none"


class Folder:
    """Everything that hangs on the volume that a case is in now, read once."""

    def __init__(self, dispute: Dispute) -> None:
        self.dispute = dispute

    @cached_property
    def parties(self) -> list[Party]:
        return list(self.dispute.parties.prefetch_related("agents"))

    @cached_property
    def papers(self) -> list[Paper]:
        return list(self.dispute.papers.filter(volume=self.dispute.volume).order_by("made_at", "pk"))

    @cached_property
    def files(self) -> list[Attachment]:
        return list(attachments_of(self.dispute))

    @cached_property
    def agreement(self) -> Agreement | None:
        found = self.dispute.agreements.filter(volume=self.dispute.volume, effective_on__isnull=False)
        return found.prefetch_related("obligations", "confirmations").first()

    @cached_property
    def notes(self) -> list[SessionNote]:
        """That there are notes and whether they are signed; what stands in them is not looked at."""
        found = SessionNote.objects.filter(session__dispute=self.dispute).defer("text", "points")
        return list(found.select_related("session").order_by("session__number"))

    @cached_property
    def calls(self) -> int:
        return FollowUp.objects.filter(
            kind="dispute", case_id=self.dispute.pk, done_at__isnull=False
        ).count()  # fmt: skip

    @cached_property
    def steps(self) -> set[str]:
        """The steps that this volume has seen."""
        verbs = Event.objects.about("dispute", self.dispute.pk).order_by("at", "pk").values_list("verb", flat=True)
        found = [verb.removeprefix("dispute.") for verb in verbs]
        begun = max((place for place, verb in enumerate(found) if verb == Verb.REOPEN), default=0)
        return set(found[begun:])

    # --- what was found

    def made(self, *kinds: PaperKind) -> list[Found]:
        return [
            Found(clauses([paper.get_kind_display(), paper.number, short_day(paper.made_at)]))
            for paper in self.papers
            if paper.kind in kinds
        ]

    @cached_property
    def sorted_files(self) -> dict[str, list[Attachment]]:
        """Each file under the item that it belongs to; what belongs to none is evidence."""
        linked = self._linked
        found: dict[str, list[Attachment]] = {}
        for file in self.files:
            told = f"{file.caption} {file.name}"
            key = linked.get(file.pk) or next(
                (key for key, words in _WORDS.items() if any(word in told for word in words)), "evidence"
            )
            found.setdefault(key, []).append(file)
        return found

    @cached_property
    def _linked(self) -> dict[Any, str]:
        """Files that a step has put in their place."""
        found: dict[Any, str] = {}
        for party in self.parties:
            found[party.elected_proof_id] = "election"
            for agent in party.agents.all():
                found[agent.proof_id] = "power"
        if self.agreement is not None:
            for _day, scan in MARKS.values():
                found[getattr(self.agreement, f"{scan}_id")] = "agreement"
            found[self.agreement.consent_list_id] = "accord"
            for one in self.agreement.obligations.all():
                found[one.proof_id] = "performance"
            for confirmation in self.agreement.confirmations.all():
                found[confirmation.paper_id] = "confirmation"
        found.pop(None, None)
        return found

    def attached(self, key: str) -> list[Found]:
        return [
            Found(file.caption or file.name, reverse("casework:file", args=[file.pk]))
            for file in self.sorted_files.get(key, [])
        ]


# --- the list


def _mediated(folder: Folder) -> bool:
    return folder.dispute.outcome in (Outcome.AGREED, Outcome.FAILED) and folder.dispute.mediator_id is not None


def _accepted(folder: Folder) -> bool:
    return folder.dispute.accepted_on is not None


def _consent(folder: Folder) -> list[Found]:
    if len(folder.parties) > MOST_NAMED:
        given = sum(party.consent == Consent.GIVEN for party in folder.parties)
        return [Found(_("%(n)d 名当事人同意调解") % {"n": given})] if given else []
    return [
        Found(clauses([f"{party.name} {party.get_consent_display()}", short_day(party.consent_on)]))
        for party in folder.parties
        if party.consent
    ]


def _spoken_for(folder: Folder) -> bool:
    agents = [agent for party in folder.parties for agent in party.agents.all()]
    return any(agent.kind != AgentKind.LEGAL_REPRESENTATIVE for agent in agents)


def _records(folder: Folder) -> list[Found]:
    page = reverse("disputes:dispute", args=[folder.dispute.pk])
    return [
        Found(
            clauses([_("第 %(n)s 次 %(way)s") % {"n": note.session.number, "way": note.session.get_kind_display()},
                     _("%(day)s 签名") % {"day": short_day(note.signed_on)} if note.signed_on else _("没有签名")]),
            f"{page}#session-{note.session.number}",
        )
        for note in folder.notes
    ]  # fmt: skip


def _lack_of_records(folder: Folder, found: list[Found]) -> str:
    if not found:
        return _("没有笔录")
    unsigned = [str(note.session.number) for note in folder.notes if note.signed_on is None]
    return _("第 %(n)s 次没有签名") % {"n": listed(unsigned)} if unsigned else ""


def _scans(folder: Folder) -> list[Found]:
    found = folder.agreement
    if found is None:
        return []
    return [
        Found(
            str(Mark(mark).label),
            reverse("casework:file", args=[getattr(found, f"{scan}_id")]),
        )
        for mark, (_day, scan) in MARKS.items()
        if getattr(found, f"{scan}_id")
    ]


def _lack_of_scans(folder: Folder, found: list[Found]) -> str:
    if folder.agreement is None or len(found) == len(MARKS):
        return ""
    have = {one.words for one in found}
    return _("没有扫描件：%(marks)s") % {
        "marks": listed(str(mark.label) for mark in MARKS if str(mark.label) not in have)
    }


def _performed(folder: Folder) -> list[Found]:
    """What one proof shows of many on one day is one line."""
    if folder.agreement is None:
        return []
    told = Counter(
        (clauses([one.what, short_day(one.fulfilled_on), one.proof_note]), one.proof_id)
        for one in folder.agreement.obligations.all()
        if one.fulfilled_on
    )
    return [
        Found(
            clauses([words, _("共 %(n)s 笔") % {"n": count}]) if count > 1 else words,
            reverse("casework:file", args=[proof]) if proof else "",
        )
        for (words, proof), count in told.items()
    ]


def _confirmations(folder: Folder) -> list[Found]:
    return [*folder.made(K.REVIEW, K.JUDICIAL, K.PAYMENT_ORDER), *folder.attached("confirmation")]


def _reliefs(folder: Folder) -> list[Found]:
    return [*folder.made(K.ARBITRATION, K.SUIT, K.ENFORCEMENT, K.INSPECTION), *folder.attached("relief")]


@dataclass(frozen=True)
class _Line:
    key: str
    label: str | Promise
    needed: Callable[[Folder], bool]
    found: Callable[[Folder], list[Found]]
    # What is wanting although something is there; by default nothing.
    lack: Callable[[Folder, list[Found]], str] | None = None


def _never(folder: Folder) -> bool:
    return False


def _after(verb: Verb) -> Callable[[Folder], bool]:
    return lambda folder: verb in folder.steps


def _paper(kind: PaperKind, needed: Callable[[Folder], bool], key: str = "") -> _Line:
    """A paper that is made here, or that somebody brought."""
    return _Line(
        key or kind.value, kind.label, needed, lambda folder: [*folder.made(kind), *folder.attached(key or kind.value)]
    )


LINES: tuple[_Line, ...] = (
    _Line(
        "application", gettext_lazy("申请书、口头申请记录或委派函"),
        lambda folder: folder.dispute.application_form != ApplicationForm.NONE,
        lambda folder: [*folder.made(K.APPLICATION), *folder.attached("application")],
    ),
    _paper(K.REGISTER, _never),
    _Line(
        "consent", K.CONSENT.label, _accepted, lambda folder: [*_consent(folder), *folder.made(K.CONSENT), *folder.attached("consent")]
    ),
    _paper(K.CONSENTED, lambda folder: _accepted(folder) and folder.dispute.application_form == ApplicationForm.NONE),
    _paper(K.ACCEPTANCE, _accepted),
    _paper(K.REFUSAL, lambda folder: folder.dispute.outcome == Outcome.NOT_ACCEPTED),
    _paper(K.RIGHTS, _accepted),
    _paper(K.ADDRESS, _accepted),
    _paper(K.SERVICE, _never),
    _Line("identity", gettext_lazy("当事人身份证明"), _accepted, lambda folder: folder.attached("identity")),
    _Line("power", gettext_lazy("授权委托书"), _spoken_for, lambda folder: folder.attached("power")),
    _paper(K.ASSIGNMENT, lambda folder: folder.dispute.mediator_id is not None),
    _paper(K.ELECTION, lambda folder: folder.dispute.is_collective and _accepted(folder)),
    _Line("investigation", gettext_lazy("调查记录"), _never, lambda folder: folder.attached("investigation")),
    _Line("evidence", gettext_lazy("证据材料"), _never, lambda folder: folder.attached("evidence")),
    _Line(
        "records", gettext_lazy("调解笔录"), _mediated,
        lambda folder: [*_records(folder), *folder.attached("records")], _lack_of_records,
    ),
    _paper(K.EXTENSION, _after(Verb.EXTEND)),
    _paper(K.SUSPENSION, _after(Verb.SUSPEND)),
    _paper(K.RESUMPTION, _after(Verb.RESUME)),
    _paper(K.AGREEMENT, lambda folder: folder.agreement is not None),
    _paper(K.ACCORD, lambda folder: folder.agreement is not None and folder.dispute.is_collective),
    _Line("scans", gettext_lazy("协议签章扫描件"), lambda folder: folder.agreement is not None, _scans, _lack_of_scans),
    _Line("performance", gettext_lazy("履行凭证"), lambda folder: folder.dispute.outcome == Outcome.AGREED, _performed),
    _paper(K.URGE, _never),
    _paper(K.BREACH, _after(Verb.BREACH)),
    _paper(K.TERMINATION, lambda folder: folder.dispute.outcome == Outcome.FAILED),
    _Line(
        "withdrawal", gettext_lazy("撤回申请书或和解协议"),
        lambda folder: folder.dispute.outcome in (Outcome.WITHDRAWN, Outcome.SETTLED), lambda folder: [*folder.made(K.WITHDRAWAL), *folder.attached("withdrawal")],
    ),
    _paper(K.TRANSFER, lambda folder: bool(folder.dispute.transferred_to)),
    _Line(
        "confirmation", gettext_lazy("仲裁审查、司法确认和支付令材料"),
        lambda folder: folder.agreement is not None and bool(folder.agreement.confirmations.all()), _confirmations,
    ),
    _Line("relief", gettext_lazy("仲裁、诉讼、强制执行和监察投诉材料"), _never, _reliefs),
    _paper(K.AID, _never),
    _paper(K.FOLLOW_UP, lambda folder: bool(folder.calls)),
    _paper(K.MAJOR, _never),
    _paper(K.CLOSING, _never),
)  # fmt: skip
# These the sealing itself writes as they stand on its day.
WRITTEN_AT_SEALING = (K.REGISTER, K.CLOSING)


def file_list(dispute: Dispute) -> list[Item]:
    """Every item of the file in its order, those that this case does not need as well."""
    folder = Folder(dispute)
    found = []
    for line in LINES:
        needed, there = line.needed(folder), line.found(folder)
        lack = ""
        if needed:
            lack = line.lack(folder, there) if line.lack else "" if there else _("没有")
        found.append(Item(line.key, line.label, needed, there, lack))
    return found


def lacking(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.lack]


def lack_words(items: Iterable[Item]) -> list[str]:
    """«权利义务告知书（没有）»."""
    return [f"{item.label}（{item.lack}）" for item in lacking(items)]


def named(dispute: Dispute) -> str:
    """卷名: 沈月琴与某某公司拖欠工资争议."""
    sides = {side: [party.name for party in dispute.parties.all() if party.side == side] for side in Side}
    first = {
        side: (names[0] + (f"等{len(names)}人" if len(names) > 1 else "")) for side, names in sides.items() if names
    }
    return f"{first.get(Side.APPLICANT, '')}与{first.get(Side.RESPONDENT, '')}{dispute.get_cause_display()}争议"
