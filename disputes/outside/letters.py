"""What partner organisations answer: letters (shares of a case), and the elements form that is sent to them by a link."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.moves import lock, shift
from unionops.casework.notices import notify_all, posted
from unionops.counter.actions.links import issue_link, revoke_link
from unionops.counter.links import LinkPurpose
from unionops.counter.models import SignedLink
from unionops.jinja import day_full, money
from unionops.org.enums import Role
from unionops.org.errors import ActionError, required
from unionops.org.models import User

from ..actions.moving import Now, touch
from ..enums import END_STATES, SHARE_TRANSITIONS, ShareVerb
from ..models import Dispute, Elements, Share
from ..permissions import check_answers_share, check_invites, check_share_step
from ..reckoning import Reckoned
from .forms import ElementsAnswerForm, LetterAnswerForm

ELEMENTS = "dispute.elements"
LETTER = "dispute.letter"
AGREED, DIFFERS = "agreed", "differs"


# ---- letters


@transaction.atomic
def answer_share(share: Share, verb: str, *, by: User, reason: str = "", now: Now = None) -> Share:
    """The organisation takes the case on, refuses, or gives it back; the last two with a reason, and it sees the case no more."""
    dispute = lock(share.dispute)
    row = _locked(share)
    check_answers_share(by, row, dispute, verb)
    return _answered(row, dispute, verb, by=by, name=by.name, reason=reason, now=now or timezone.now())


def _locked(share: Share) -> Share:
    return Share.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=share.pk)


def _answered(
    row: Share, dispute: Dispute, verb: str, *, by: User, name: str, reason: str, now: datetime.datetime
) -> Share:  # fmt: skip
    if verb == ShareVerb.ACCEPT:
        row.accepted_at, row.accepted_name = now, name
    else:
        row.decline_reason = required(reason, _("请写不接受或退回的理由。"), "reason")
        row.declined_at, row.declined_name, row.ended_at = now, name, now
    shift(row, SHARE_TRANSITIONS, verb)
    row.save()
    touch(
        dispute, f"{verb}_share", by=by, now=now, body=str(row.organisation), name=name, reason=row.decline_reason
    )  # fmt: skip
    heads = posted(dispute.organisation_id, {Role.HEAD})[Role.HEAD]
    notify_all([(dispute, f"{verb}_share", heads | {row.shared_by_id, dispute.mediator_id})], by=by, now=now)
    return row


def open_letters(share: Share) -> list[ShareVerb]:
    """The answers that a letter takes now."""
    if share.ended_at is not None or not share.holds_on(timezone.localdate()):
        return []
    return [verb for verb in ShareVerb if share.state in SHARE_TRANSITIONS[verb].sources]


# ---- links


@transaction.atomic
def invite(
    dispute: Dispute, *, by: User, purpose: str, name: str, organisation: str, phone: str = "", days: int = 7,
    share: Share | None = None, now: Now = None,
) -> tuple[SignedLink, str]:  # fmt: skip
    """Send a link about the elements form, or about a letter that waits for its answer; the secret is told once."""
    row = lock(dispute)
    check_invites(by, row)
    check_has_something(row, purpose, share)
    return issue_link(
        row, purpose=purpose, by=by, name=name, organisation=organisation, phone=phone, days=days, now=now,
        part=str(share.pk) if share else "",
    )  # fmt: skip


def check_has_something(dispute: Dispute, purpose: str, share: Share | None) -> None:
    """There is something to confirm or to answer: nobody is sent a link that leads to nothing."""
    if purpose == ELEMENTS and not Elements.objects.filter(dispute=dispute).exists():
        raise ActionError(_("要素表还没有填，先填再请对方确认。"), next_step=_("请先打开要素表，填好保存。"))
    if purpose == LETTER and (share is None or not open_letters(share)):
        raise ActionError(_("这份函件不用再答复。"))


@transaction.atomic
def uninvite(link: SignedLink, dispute: Dispute, *, by: User, now: Now = None) -> SignedLink:
    row = lock(dispute)
    check_invites(by, row)
    return revoke_link(link, by=by, now=now)


def _load(link: SignedLink) -> Dispute:
    return Dispute.objects.select_related("organisation", "deadline").get(pk=link.subject_id)


def _load_locked(dispute: Dispute) -> Dispute:
    row = lock(dispute)
    if row.state in END_STATES:
        raise ActionError(_("这件案件已经归档，不用再答复。"))
    return row


def _about(dispute: Dispute) -> dict[str, Any]:
    parties = dispute.parties.on(timezone.localdate()).order_by("side", "position")[:10]
    return {
        "dispute": dispute,
        "parties": [(party.get_side_display(), party.name) for party in parties],
    }


def _elements_context(link: SignedLink, dispute: Dispute) -> dict[str, Any]:
    found = Elements.objects.filter(dispute=dispute).first()
    claims = [Reckoned.of(claim) for claim in found.claims] if found else []
    return {
        **_about(dispute), "rows": rows_of(found), "claims": claims, "fixed": {"seen": version_of(found)},
        "total": sum((claim.amount for claim in claims), Decimal(0)),
    }  # fmt: skip


SHOWN = (
    "started_on", "ended_on", "post", "contract", "monthly_pay", "pay_structure", "attendance", "insurance",
    "agreed_facts", "focus",
)  # fmt: skip


def rows_of(elements: Elements | None) -> list[tuple[str, str]]:
    """(label, value) of what is filled in."""
    rows = []
    for name in SHOWN if elements is not None else ():
        value: Any = getattr(elements, name)
        if value in (None, ""):
            continue
        if name == "contract":
            value = elements.get_contract_display()  # type: ignore[union-attr]
        elif isinstance(value, Decimal):
            value = money(value)
        elif isinstance(value, datetime.date):
            value = day_full(value)
        rows.append((str(Elements._meta.get_field(name).verbose_name), str(value)))  # type: ignore[union-attr]
    return rows


def version_of(elements: Elements | None) -> str:
    """Which saving of the form somebody has read."""
    return elements.saved_at.isoformat() if elements else ""


def _answer_elements(
    link: SignedLink, dispute: Dispute, cleaned: Mapping[str, Any], now: datetime.datetime
) -> str:  # fmt: skip
    """Confirmed is what was read: a form that has changed meanwhile is shown again first."""
    row = _load_locked(dispute)
    found = Elements.objects.filter(dispute=row).first()
    if cleaned["seen"] != version_of(found):
        raise ActionError(_("要素表在您打开以后改过，请看过新的内容再确认。"))
    link.part = version_of(found)
    return str(cleaned["answer"])


def _letter_context(link: SignedLink, dispute: Dispute) -> dict[str, Any]:
    return {**_about(dispute), "share": _share_of(link)}


def _share_of(link: SignedLink) -> Share:
    return Share.objects.select_related("organisation").get(pk=link.part)


def _answer_letter(
    link: SignedLink, dispute: Dispute, cleaned: Mapping[str, Any], now: datetime.datetime
) -> str:  # fmt: skip
    row, share = _load_locked(dispute), _locked(_share_of(link))
    verb = str(cleaned["answer"])
    try:
        check_share_step(share, row, verb)
    except ActionError as error:
        raise ActionError(error.reason) from error
    _answered(share, row, verb, by=User.objects.system(), name=link.used_name, reason=link.note, now=now)
    return verb


def _is_open(link: SignedLink, dispute: Dispute) -> bool:
    """The file is not closed; of a letter, the body still sees the case and has an answer to give."""
    if dispute.state in END_STATES:
        return False
    return link.purpose != LETTER or bool(open_letters(_share_of(link)))


def _said_of_elements(answer: str) -> str:
    return {AGREED: _("确认无误"), DIFFERS: _("有不同意见")}[answer]


def _said_of_letter(answer: str) -> str:
    return str(SHARE_TRANSITIONS[answer].label)


PURPOSES = (
    LinkPurpose(
        ELEMENTS, gettext_lazy("请确认劳动争议要素表"), "disputes/outside/_elements.html", _elements_context,
        ElementsAnswerForm, _answer_elements, _said_of_elements, gettext_lazy("提交确认"), _load, _is_open,
    ),
    LinkPurpose(
        LETTER, gettext_lazy("请答复劳动争议函件"), "disputes/outside/_letter.html", _letter_context,
        LetterAnswerForm, _answer_letter, _said_of_letter, gettext_lazy("提交答复"), _load, _is_open,
    ),
)  # fmt: skip


def said(link: SignedLink) -> str:
    """The answer in words, whatever the link was for."""
    return _said_of_elements(link.answer) if link.purpose == ELEMENTS else _said_of_letter(link.answer)
