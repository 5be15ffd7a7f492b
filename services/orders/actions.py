"""What is done beside the steps of an order: the register of craftsmen and teams, messages, reading a trade secret."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import finish, lock
from unionops.casework.notices import holders, notify
from unionops.china.phones import mask_phone, read_phone
from unionops.org.actions.saving import lock as lock_row
from unionops.org.actions.saving import reading
from unionops.org.errors import ActionError, Conflict, InvalidTransition, NotAllowed, required
from unionops.org.events import changed_fields, record_event
from unionops.org.models import Organisation, User

from ..actions import cases
from ..enums import Relation
from ..permissions import relations
from .acts import say
from .enums import OrderVerb as V
from .models import Craftsman, Message, Offer, Order, Squad
from .policies import check_keeps_register, check_reads_secret

Now = datetime.datetime | None
PLAIN = (
    "name", "title", "trades", "skills", "enterprise_id", "town_id", "team_id", "user_id", "region", "longitude", "latitude",
    "is_available", "yearly_quota", "most_open",
)  # fmt: skip
TALKING = frozenset({Relation.DESK, Relation.ASSIGNEE, Relation.REGISTRAR, Relation.LIAISON, Relation.TOWN})
SERVING = frozenset({Relation.DESK, Relation.ASSIGNEE})


@transaction.atomic
def enter_craftsman(district: Organisation, *, by: User, **given: Any) -> Craftsman:
    check_keeps_register(by, district.pk)
    row = Craftsman(district=district, **_columns(given))
    row.name = required(row.name, _("请写姓名。"), "name")
    row.save(force_insert=True)
    _put_phone(row, given.get("phone"))
    row.save()
    _set_many(row, given)
    record_event(row, "enter", by=by, data={"name": row.name})
    return row


@transaction.atomic
def change_craftsman(craftsman: Craftsman, *, by: User, version: int | None = None, **given: Any) -> Craftsman:
    row = Craftsman.objects.select_for_update(no_key=True, of=("self",)).get(pk=craftsman.pk)
    check_keeps_register(by, row.district_id)
    if version is not None and row.version != version:
        raise Conflict(_("在您打开之后，别人改动了这位师傅。"), current_version=row.version)
    before = {name: getattr(row, name) for name in PLAIN}
    for name, value in _columns(given).items():
        setattr(row, name, value)
    _put_phone(row, given.get("phone"))
    row.version += 1
    row.save()
    _set_many(row, given)
    record_event(
        row,
        "change",
        by=by,
        data={"name": row.name, "changes": changed_fields(before, {name: getattr(row, name) for name in PLAIN})},
    )
    return row


@transaction.atomic
def retire_craftsman(craftsman: Craftsman, *, by: User, now: Now = None) -> Craftsman:
    """Asked no more; what they have in hand goes on to its end."""
    row = Craftsman.objects.select_for_update(no_key=True, of=("self",)).get(pk=craftsman.pk)
    check_keeps_register(by, row.district_id)
    if row.retired_at is not None:
        raise InvalidTransition(_("已经退出名册。"))
    row.retired_at, row.is_available = now or timezone.now(), False
    row.version += 1
    row.save(update_fields=["retired_at", "is_available", "version"])
    record_event(row, "retire", by=by, data={"name": row.name})
    return row


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    found = {name: given[name] for name in PLAIN if name in given}
    for name in ("enterprise", "town", "team", "user"):
        if name in given:
            value = given[name]
            found[f"{name}_id"] = getattr(value, "pk", value)
    return found


def _put_phone(row: Craftsman, phone: str | None) -> None:
    """None leaves the number as it is, an empty text removes it."""
    if phone is None:
        return
    if not phone:
        row.put("phone", "", "")
        return
    with reading("phone"):
        number = read_phone(phone).number
    row.put("phone", number, mask_phone(number))


def _set_many(row: Craftsman, given: dict[str, Any]) -> None:
    if "programmes" in given:
        row.programmes.set([getattr(one, "pk", one) for one in given["programmes"]])
    if "avoids" in given:
        row.avoids.set(given["avoids"])


@transaction.atomic
def save_team(
    district: Organisation, *, by: User, team: Squad | None = None, version: int | None = None, **given: Any
) -> Squad:
    check_keeps_register(by, district.pk)
    row = lock_row(team, version=version) if team else Squad(district=district)
    for name, value in given.items():
        setattr(row, name, value)
    row.name = required(row.name, _("请写队名。"), "name")
    if Squad.objects.filter(district=district, name=row.name).exclude(pk=row.pk).exists():
        raise ActionError(_("已经有叫这个名字的服务队。"), field="name")
    row.save()
    record_event(row, "change" if team else "enter", by=by, data={"name": row.name})
    return row


@transaction.atomic
def send_message(order: Order, text: str, *, by: User, now: Now = None) -> Message:
    """A message of the remote thread; the first one of whoever serves is the first reply (domain 4.6)."""
    now = now or timezone.now()
    row: Order = lock(order)
    held = relations(by, row)
    if held.isdisjoint(TALKING):
        raise NotAllowed(_("只有承办人、主办科室和登记人能在这里留言。"))
    if not row.is_open:
        raise InvalidTransition(_("这件事已经办结。"))
    message = say(
        row,
        required(text, _("请写留言。"), "text"),
        by=by,
        now=now,
        replies=not held.isdisjoint(SERVING) and row.craftsman_id is not None,
    )
    # The words stay in the thread: they may be a trade secret.
    finish(row, "record", by=by, now=now, what=_("在远程答疑里留言"))
    others = {row.registered_by_id, row.craftsman.user_id if row.craftsman else None, *holders(row)}
    notify(row, "message", by=by, to=others, now=now)
    return message


@transaction.atomic
def read_secret(order: Order, *, by: User, now: Now = None) -> str:
    """The sealed description in clear, with an entry in the timeline."""
    row: Order = lock(order)
    check_reads_secret(by, row, relations(by, row))
    record_event(
        row, "reveal", by=by, data={"field": _("涉密的情况"), "reason": _("办理派单")}, now=now or timezone.now()
    )
    return row.unhide()


def time_out_offers(*, by: User, now: Now = None) -> int:
    """Ask the next where somebody has let the time pass; returns how many orders moved."""
    now = now or timezone.now()
    late = Offer.objects.filter(answer="waiting", due_at__lte=now, order__state="pushed")
    moved = 0
    for order in Order.objects.filter(pk__in=late.values("order")).order_by("registered_at", "pk"):
        try:
            with transaction.atomic():
                cases.take(order, V.TIME_OUT, by=by, now=now)
        except ActionError:
            # Somebody answered in the same moment.
            continue
        moved += 1
    return moved
