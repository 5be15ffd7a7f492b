"""Asking for mediation without an account, and how the case stands, in words for whoever asked."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.attachments import Prepared, keep, let_go, prepare
from unionops.counter.actions.receipts import make_receipt
from unionops.counter.limits import Limit, give_back, spend
from unionops.counter.lookups import Standing
from unionops.counter.models import Receipt
from unionops.counter.visitors import Visitor
from unionops.joining import labelled
from unionops.org.models import Event, User

from ..actions.intake import DisputeDraft, register
from ..enums import DisputeState, Source, Verb
from ..models import Dispute
from ..queries import earlier_of

# The prefix of receipts: 民调 would begin with other letters, these stand for mediation.
PREFIX = "MD"
PER_PHONE = Limit("mediation.phone", 3, 24 * 3600)
MOST_SIMILAR = 5


def apply(
    draft: DisputeDraft, files: Sequence[UploadedFile], *, visitor: Visitor, now: datetime.datetime | None = None
) -> tuple[Dispute, Receipt]:
    """Register what somebody applies for at the public counter, with its papers, and give it a receipt."""
    spend(PER_PHONE, visitor.phone_hash)
    system = User.objects.system()
    prepared: list[Prepared] = []
    try:
        prepared.extend(prepare(file) for file in files)
        with transaction.atomic():
            case = register(draft, by=system, now=now)
            for file in prepared:
                keep(case, file, by=system)
            return case, make_receipt(case, prefix=PREFIX, visitor=visitor)
    except BaseException:
        let_go(prepared)
        give_back(PER_PHONE, visitor.phone_hash)
        raise


S = DisputeState
# What the state of a case means to whoever asked for mediation, and what comes next.
WORDS: dict[str, tuple[Any, Any]] = {
    S.REGISTERED: (gettext_lazy("已收到，等中心审查"), gettext_lazy("中心会在 3 个工作日内联系您和单位。")),
    S.CONSENT_PENDING: (gettext_lazy("正在征询双方意愿"), gettext_lazy("双方都愿意调解，中心就受理。请保持电话畅通。")),
    S.ACCEPTED: (gettext_lazy("已受理，正在安排调解员"), gettext_lazy("中心会通知您调解的时间和地点。")),
    S.NOT_ACCEPTED: (gettext_lazy("没有受理"), gettext_lazy("您可以向劳动人事争议仲裁委员会申请仲裁，中心会告诉您怎么办。")),
    S.MEDIATING: (gettext_lazy("正在调解"), gettext_lazy("有新的安排，调解员会联系您。")),
    S.SUSPENDED: (gettext_lazy("调解暂停"), gettext_lazy("等到的结果出来，调解就恢复。")),
    S.AGREED: (gettext_lazy("双方谈妥，等签字盖章"), gettext_lazy("请按通知到中心签字。")),
    S.EFFECTIVE: (gettext_lazy("协议已经生效，正在履行"), gettext_lazy("单位到期没有履行，请告诉中心。")),
    S.FULFILLED: (gettext_lazy("协议已经履行完毕"), ""),
    S.BREACHED: (gettext_lazy("对方到期没有履行"), gettext_lazy("中心会告诉您可以走哪些途径。")),
    S.FAILED: (gettext_lazy("调解没有谈成"), gettext_lazy("您可以申请仲裁，请留意仲裁时效，越早越好。")),
    S.WITHDRAWN: (gettext_lazy("申请已撤回"), ""),
    S.TRANSFERRED: (gettext_lazy("已移送其他部门"), gettext_lazy("接手的部门会联系您；想知道是哪个部门，请问中心。")),
    S.ARCHIVED: (gettext_lazy("已办结归档"), ""),
}  # fmt: skip
# Steps that whoever asked may read of. What is talked about, and with whom, is in none of them.
STEPS = {
    "register": gettext_lazy("收到申请"),
    Verb.ASK_CONSENT: gettext_lazy("联系单位征询意愿"),
    Verb.ACCEPT: gettext_lazy("受理"),
    Verb.REFUSE: gettext_lazy("决定不受理"),
    Verb.ASSIGN: gettext_lazy("安排了调解员"),
    Verb.EXTEND: gettext_lazy("双方同意延长调解期限"),
    Verb.SUSPEND: gettext_lazy("调解暂停"),
    Verb.RESUME: gettext_lazy("调解恢复"),
    Verb.AGREE: gettext_lazy("双方谈妥，拟了协议"),
    Verb.TALK_AGAIN: gettext_lazy("继续调解"),
    Verb.MAKE_EFFECTIVE: gettext_lazy("协议生效"),
    Verb.FINISH: gettext_lazy("履行完毕"),
    Verb.FINISH_LATE: gettext_lazy("履行完毕"),
    Verb.BREACH: gettext_lazy("登记没有履行"),
    Verb.FAIL: gettext_lazy("调解结束，没有谈成"),
    Verb.WITHDRAW: gettext_lazy("撤回申请"),
    Verb.TRANSFER: gettext_lazy("移送其他部门"),
    Verb.ARCHIVE: gettext_lazy("归档"),
    Verb.REOPEN: gettext_lazy("重新办理"),
}
MOST_LINES = 40


def standing(subject_id: str) -> Standing | None:
    """What number and code of the receipt show: the matter, where it stands, and the steps with their days."""
    try:
        case = Dispute.objects.select_related("organisation").filter(pk=subject_id).first()
    except (ValueError, ValidationError):
        return None
    if case is None:
        return None
    state, next_step = WORDS[case.state]
    names = {f"dispute.{verb}": words for verb, words in STEPS.items()}
    events = Event.objects.about("dispute", case.pk).filter(verb__in=names).order_by("at", "pk")[:MOST_LINES]
    return Standing(
        title=labelled(_("劳动争议调解"), case.get_cause_display()),
        state=state,
        lines=[(timezone.localdate(at), names[verb]) for at, verb in events.values_list("at", "verb")],
        next_step=next_step,
        place=case.organisation.name,
    )


def similar(dispute: Dispute, user: User) -> list[Dispute]:
    """Earlier cases of whoever applied, as far as the person sees them: the same telephone or identity number, or both names."""
    if dispute.source != Source.SELF_SERVICE:
        return []
    parties = list(dispute.parties.all())
    people = [party for party in parties if party.kind == "person"]
    firms = [party.name for party in parties if party.kind == "enterprise"]
    found = earlier_of(
        user,
        identities=[party.identity_hash for party in parties],
        phones=[party.phone_hash for party in people],
        pairs=[(person.name, firm) for person in people for firm in firms],
        but=dispute.pk,
        most=MOST_SIMILAR,
    )
    return list(found)
