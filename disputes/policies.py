"""May it be done now, whoever asks? Conditions that need more of the case than its state."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.together import unsealed
from unionops.joining import listed
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.models import User

from .enums import (
    FEWEST_REPRESENTATIVES,
    JOINT_KINDS,
    MOST_REPRESENTATIVES,
    OPPOSED,
    SMALLEST_PANEL,
    ConfirmationKind,
    Consent,
    DisputeState,
    InterestKind,
    RecusalState,
    Side,
)
from .exits import reasons_against
from .models import Agent, Agreement, Dispute, Interest, Obligation, Party, Recusal, TeamMember
from .models.agreements import MARKS

# 解释(二) 19: what is agreed about not paying social insurance is void; so are waivers of what the law lays on the employer.
_WAIVERS = (
    (
        re.compile(r"(?:放弃|自愿不|无需|不再|免除|免予).{0,8}(?:社会保险|社保|五险|养老保险|工伤保险)"),
        "social_insurance",
    ),
    (re.compile(r"(?:放弃|自愿不).{0,8}(?:工伤认定|劳动能力鉴定)"), "work_injury"),
    (re.compile(r"低于.{0,6}最低工资"), "minimum_wage"),
)


def waivers_in(*texts: str) -> list[str]:
    """Codes of the rights that cannot be waived and that a text seems to waive: a warning, never a refusal."""
    return [code for pattern, code in _WAIVERS if any(pattern.search(text) for text in texts)]


def check_both_consent(dispute: Dispute) -> None:
    """Mediation is voluntary: each applicant and each respondent has consented (调解仲裁法 5, 浙江条例 10)."""
    parties = list(dispute.parties.on(timezone.localdate()).exclude(side=Side.THIRD))
    missing = [party.name for party in parties if party.consent != Consent.GIVEN]
    if {party.side for party in parties} != set(OPPOSED):
        raise ActionError(_("双方当事人都要登记。"), field="parties")
    if missing:
        raise ActionError(
            _("还没有同意调解：%(names)s。") % {"names": listed(missing[:5])},
            field="consent", next_step=_("请先登记双方的意愿，或不予受理。"),
        )  # fmt: skip


def check_collective(dispute: Dispute, mediators: int) -> None:
    """Ten or more with one claim speak through 3 to 5 elected representatives, before a panel (浙江条例 40; 3.6 row 6)."""
    if not dispute.is_collective:
        return
    elected = dispute.parties.speaking(timezone.localdate()).filter(side=Side.APPLICANT).count()
    if not FEWEST_REPRESENTATIVES <= elected <= MOST_REPRESENTATIVES:
        raise ActionError(
            _("集体争议要推举 %(least)d 至 %(most)d 名代表，现在登记了 %(count)d 名。")
            % {"least": FEWEST_REPRESENTATIVES, "most": MOST_REPRESENTATIVES, "count": elected},
            field="representatives",
        )
    if mediators < SMALLEST_PANEL:
        raise ActionError(
            _("集体争议由调解小组办理，请至少指派 %(count)d 名调解员。") % {"count": SMALLEST_PANEL}, field="mediators"
        )


def check_may_speak(
    dispute: Dispute, names: Collection[str], *, on: datetime.date, field: str, signs: bool = False
) -> None:
    """Whoever acts or ``signs`` on a day was a party, a representative or an agent of the case on that day.

    * an agent whose power is over, and a party that has left, act for nobody any more,
    * whoever was elected signs for the others only within the term,
    * a name that belongs to nobody of the case is that of somebody who came along.
    """
    if not names:
        return
    parties = Party.objects.filter(dispute=dispute, name__in=names)
    agents = Agent.objects.filter(party__dispute=dispute, name__in=names)
    known: dict[str, list[bool]] = defaultdict(list)
    for party in unsealed(parties):
        known[party.name].append(party.speaks_on(on) if signs and party.is_elected else party.takes_part_on(on))
    for agent in unsealed(agents):
        known[agent.name].append(agent.speaks_on(on))
    if over := [name for name, held in known.items() if not any(held)]:
        raise ActionError(
            _("%(day)s 那天 %(names)s 已经不是或者还不是当事人、代表或代理人。") % {"day": on, "names": listed(over)},
            field=field, next_step=_("请先登记新的推举或者委托，或者由别人来签。"),
        )  # fmt: skip


def check_represented(dispute: Dispute, *, on: datetime.date) -> None:
    """The claimants of a collective case sign through those whom they elected, while their term lasts (浙江条例 40)."""
    if dispute.is_collective and not dispute.parties.speaking(on).filter(side=Side.APPLICANT).exists():
        raise ActionError(
            _("%(day)s 那天没有任期内的推举代表，申请人一方不能签名。") % {"day": on}, field="on",
            next_step=_("请先重新推举代表。"),
        )  # fmt: skip


def check_represented_consent(dispute: Dispute, agreement: Agreement) -> None:
    """A settlement of representatives binds the others with their consent, which they sign on a list (浙江条例 40)."""
    if dispute.is_collective and agreement.consent_list is None:
        raise ActionError(
            _("集体争议的协议要有被代表职工签名的同意名单。"), field="consent_list",
            next_step=_("在文书里打印《协议同意名单》，签好名后扫描上传。"),
        )  # fmt: skip


def conflicts(user: User, dispute: Dispute) -> list[str]:
    """Why somebody must not mediate this case, in words; empty when nothing is known.

    * a declared interest in a party: own firm, kin, another relation, * a seat for one side in this case,
    * a seat for one side in an earlier case of the same firm or person, * having stood back from this case.
    """
    return conflicts_of([user], dispute)[user.pk]


def conflicts_of(users: Collection[User], dispute: Dispute) -> dict[int, list[str]]:
    """{person: why that person must not mediate the case}; five queries, however many people are asked about."""
    parties = list(dispute.parties.defer("identity_sealed", "phone_sealed", "address_sealed"))
    found: dict[int, list[str]] = {user.pk: [] for user in users}
    for key, words in (*_recused(users, dispute), *_declared(users, parties), *_acted(users, dispute, parties)):
        found[key].append(words)
    return found


def _recused(users: Collection[User], dispute: Dispute) -> Iterator[tuple[int, str]]:
    stood_back = Recusal.objects.filter(
        dispute=dispute, seat__user__in=users, state__in=[RecusalState.DECLARED, RecusalState.GRANTED]
    )
    for key, kind in stood_back.order_by("pk").values_list("seat__user", "kind"):
        yield key, _("已在本案回避：%(kind)s") % {"kind": InterestKind(kind).label}


def _declared(users: Collection[User], parties: Collection[Party]) -> Iterator[tuple[int, str]]:
    today = timezone.localdate()
    interests = Interest.objects.filter(user__in=users).filter(Q(valid_to=None) | Q(valid_to__gte=today))
    for interest in interests.order_by("user", "-declared_on", "pk"):
        for party in parties:
            if concerns(interest, party):
                yield (
                    interest.user_id,
                    _("与%(party)s有利害关系：%(kind)s")
                    % {"party": party.name, "kind": InterestKind(interest.kind).label},
                )


def concerns(interest: Interest, party: Party) -> bool:
    """Whether a declared interest is about this party."""
    if interest.enterprise_id is not None and interest.enterprise_id == party.enterprise_id:
        return True
    if interest.person_id is not None and interest.person_id == party.person_id:
        return True
    return bool(interest.name) and interest.name == party.name


def _acted(users: Collection[User], dispute: Dispute, parties: Collection[Party]) -> Iterator[tuple[int, str]]:
    seats = TeamMember.objects.filter(user__in=users).exclude(side="").select_related("dispute").order_by("user", "pk")
    of = defaultdict(list)
    for seat in seats:
        of[seat.user_id].append(seat)
    firms = {party.enterprise_id for party in parties if party.enterprise_id}
    people = {party.person_id for party in parties if party.person_id}
    identities = {party.identity_hash for party in parties if party.identity_hash}
    same = Q(enterprise__in=firms) | Q(person__in=people) | Q(identity_hash__in=identities)
    cases = {seat.dispute_id for seat in seats} - {dispute.pk}
    stood_for = set(Party.objects.filter(same, dispute__in=cases).values_list("dispute", "side")) if cases else set()
    for key, own in of.items():
        here = next((seat for seat in own if seat.dispute_id == dispute.pk), None)
        if here is not None:
            yield key, _("在本案中代表%(side)s") % {"side": here.get_side_display()}
            continue
        for seat in own:
            if (seat.dispute_id, seat.side) in stood_for:
                yield key, _("在 %(number)s 中代表过其中一方") % {"number": seat.dispute.number}


def check_no_conflict(user: User, dispute: Dispute) -> None:
    if reasons := conflicts(user, dispute):
        raise NotAllowed(
            _("%(name)s应当回避：%(reasons)s。") % {"name": user.name, "reasons": listed(reasons)},
            field="mediators", next_step=_("请改派其他调解员。"),
        )  # fmt: skip


def check_adds_up(total: Decimal, amounts: Collection[Decimal | None]) -> None:
    """The instalments are the total, to the fen."""
    found = sum((amount for amount in amounts if amount is not None), Decimal(0))
    if found != total:
        raise ActionError(
            _("各期金额合计 %(sum)s 元，与总金额 %(total)s 元不符。")
            % {"sum": f"{found:.2f}", "total": f"{total:.2f}"},
            field="obligations",
        )


def check_marks(agreement: Agreement, *, on: datetime.date) -> None:
    """双方签名、调解员签名、组织印章 (调解仲裁法 14), each with the page on which it stands."""
    if missing := agreement.missing_marks:
        raise ActionError(
            _("协议还缺：%(marks)s。") % {"marks": listed(mark.label for mark in missing)},
            field="marks", next_step=_("四项齐全，协议才生效。"),
        )  # fmt: skip
    if unseen := agreement.missing_scans:
        raise ActionError(
            _("签章还没有扫描件：%(marks)s。") % {"marks": listed(mark.label for mark in unseen)},
            field="marks", next_step=_("请撤回这几项签章，连同扫描件重新登记。"),
        )  # fmt: skip
    latest = max(day for mark in MARKS if (day := agreement.marked_on(mark)) is not None)
    if on < latest:
        raise ActionError(_("生效日期不能早于最后一项签章的日期。"), field="effective_on")


def standing_agreement(dispute: Dispute) -> Agreement:
    """The agreement of this volume that has effect."""
    found = dispute.agreements.filter(volume=dispute.volume, effective_on__isnull=False).first()
    if found is None:
        raise ActionError(_("本案还没有生效的协议。"))
    return found


def draft_of(dispute: Dispute) -> Agreement:
    """The latest draft of this volume."""
    found = dispute.agreements.filter(volume=dispute.volume, effective_on=None).order_by("-version").first()
    if found is None:
        raise ActionError(_("还没有拟定协议。"))
    return found


def check_all_fulfilled(agreement: Agreement) -> None:
    waiting = agreement.obligations.filter(fulfilled_on=None)
    if names := list(waiting.values_list("what", flat=True)[:5]):
        raise ActionError(
            _("还有没履行的义务：%(names)s。") % {"names": listed(names)},
            field="obligations", next_step=_("请先逐项登记履行情况和凭证。"),
        )  # fmt: skip


def check_breached(agreement: Agreement, *, today: datetime.date) -> list[Obligation]:
    """What is overdue, and of which the debtor was pressed (domain 3.6 row 14)."""
    late = list(agreement.obligations.overdue(today))
    if not late:
        raise ActionError(_("没有到期未履行的义务。"))
    if not any(obligation.pressed_on for obligation in late):
        raise ActionError(_("请先联系义务人催促履行，再登记未履行。"), next_step=_("登记催促的日期。"))
    return late


def confirmation_refusal(dispute: Dispute, kind: str) -> str:
    """Why a way of confirmation is not open to the agreement of this volume, or an empty text (domain 3.3)."""
    return " ".join(reasons_against(dispute, standing_agreement(dispute), kind))


def check_confirmation_open(dispute: Dispute, kind: str) -> None:
    if kind not in ConfirmationKind:
        raise ActionError(_("请选择确认方式。"), field="kind")
    if reason := confirmation_refusal(dispute, kind):
        raise ActionError(reason, field="kind")
    if kind in JOINT_KINDS and dispute.state not in (DisputeState.EFFECTIVE, DisputeState.BREACHED):
        raise ActionError(_("协议生效之后、履行完毕之前才能申请确认。"), field="kind")
