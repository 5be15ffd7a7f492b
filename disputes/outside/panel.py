"""What the case page shows of the outside: who applied, the letters and their answers, the links that were sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from unionops.casework.permissions import refusal
from unionops.counter.actions.receipts import receipts_of
from unionops.counter.models import SignedLink
from unionops.jinja import moment
from unionops.joining import clauses
from unionops.org.models import User

from .. import permissions
from ..enums import SHARE_TRANSITIONS, Relation, ShareKind, ShareState, Source
from ..models import Dispute, Elements, Share
from .applying import similar
from .letters import open_letters, said

CENTRE = frozenset({Relation.CASE_CLERK, Relation.HEAD, Relation.MEDIATOR})
TONES = {
    ShareState.SENT: "ok", ShareState.ACCEPTED: "done", ShareState.REFUSED: "over", ShareState.RETURNED: "soon",
}  # fmt: skip


def outside_reads(dispute: Dispute, user: User) -> dict[str, QuerySet[Any]]:
    """What the page of the case reads for this panel along with its own parts."""
    return {
        "shares": dispute.shares.select_related("organisation"),
        "links": SignedLink.objects.about(dispute).select_related("receipt", "made_by"),
        "elements": Elements.objects.filter(dispute=dispute),
    }


def outside_panel(dispute: Dispute, user: User, found: Mapping[str, Any]) -> dict[str, Any] | None:
    may_invite = not refusal(permissions.check_invites, user, dispute)
    letters = [letter(share, user, dispute, may_invite=may_invite) for share in found["shares"]]
    # What outsiders wrote is for the centre; its people and those of the sides read the timeline.
    works = may_invite or not refusal(permissions.check_relation, user, dispute, CENTRE)
    links = list(found["links"]) if works else []
    elements = next(iter(found["elements"]), None) if may_invite or links else None
    applied = _applied(dispute, user) if dispute.source == Source.SELF_SERVICE else None
    may_ask = may_invite and elements is not None
    if not (letters or links or applied or may_ask):
        return None
    return {
        "letters": letters,
        "links": links,
        "said": said,
        "changed": {
            link.pk for link in links if elements and link.used_at and link.part and _is_older(link, elements)
        },
        "revoke": {
            link.pk: reverse("disputes:revoke_link", args=[dispute.pk, link.pk]) for link in links if link.is_live
        } if may_invite else {},
        "invite": reverse("disputes:invite", args=[dispute.pk]) if may_ask else "",
        "applied": applied,
    }  # fmt: skip


def _is_older(link: SignedLink, elements: Elements) -> bool:
    """The elements form was saved again after it was confirmed."""
    return link.purpose.endswith(".elements") and link.part != elements.saved_at.isoformat()


def letter(share: Share, user: User, dispute: Dispute, *, may_invite: bool) -> dict[str, Any]:
    """One letter with the answers that this person may give."""
    ways = [
        {
            "label": SHARE_TRANSITIONS[verb].label, "icon": SHARE_TRANSITIONS[verb].icon, "usual": SHARE_TRANSITIONS[verb].usual,
            "url": reverse("disputes:answer_letter", args=[share.pk, verb]),
        }
        for verb in open_letters(share)
        if not refusal(permissions.check_answers_share, user, share, dispute, verb)
    ]  # fmt: skip
    done = share.declined_at or share.accepted_at
    return {
        "share": share,
        "name": share.organisation.short_name or share.organisation.name,
        "tone": TONES[ShareState(share.state)],
        "note": clauses([share.get_kind_display(), share.reason]),
        "answered": clauses([share.declined_name or share.accepted_name, moment(done)]) if done else "",
        "reason": share.decline_reason,
        "ways": ways,
        "invite": reverse("disputes:invite_letter", args=[dispute.pk, share.pk])
        if may_invite and open_letters(share) and not ways
        else "",
    }


def _applied(dispute: Dispute, user: User) -> dict[str, Any]:
    return {
        "receipt": receipts_of(dispute).first(),
        "similar": [
            {"url": reverse("disputes:dispute", args=[case.pk]), "label": f"{case.number} {case.get_cause_display()}",
             "note": case.get_state_display()}
            for case in similar(dispute, user)
        ],
    }  # fmt: skip


MOST_LETTERS = 50


def letters_of(user: User, centres: Any) -> list[dict[str, Any]]:
    """What the head of a centre sees: letters that wait for their answer, and those that came back, newest first."""
    found = (
        Share.objects.filter(dispute__organisation__in=centres, dispute__in=Dispute.objects.visible_to(user))
        .exclude(state=ShareState.ACCEPTED)
        .exclude(kind=ShareKind.JOINT, state=ShareState.SENT)
        .exclude(state=ShareState.SENT, ended_at__isnull=False)
        .select_related("organisation", "dispute")
        .order_by("-pk")[:MOST_LETTERS]
    )
    return [
        {
            "share": share, "name": share.organisation.short_name or share.organisation.name, "tone": TONES[ShareState(share.state)],
            "url": reverse("disputes:dispute", args=[share.dispute_id]), "case": share.dispute,
        }
        for share in found
    ]  # fmt: skip
