"""A case that comes by the public door, how it stands in plain words, its rating, and taking it back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.attachments import Prepared, keep, let_go, prepare
from unionops.casework.moves import finish, lock
from unionops.casework.notices import holders, notify
from unionops.counter.actions.receipts import find_receipt, make_receipt
from unionops.counter.limits import Limit, spend
from unionops.counter.lookups import Standing
from unionops.counter.models import Receipt
from unionops.counter.visitors import Visitor
from unionops.org.errors import ActionError, InvalidTransition, required
from unionops.org.events import kind_of, record_event
from unionops.org.models import Event, User

from ..actions import cases
from ..enums import Applicant, Channel
from ..models import Programme
from ..permissions import check_may_reveal, refuse
from ..shapes import is_settled, kind_for, kind_of_case, shape_kinds
from .models import Rating, Reporter

Now = datetime.datetime | None
# The prefix of receipts: 服务.
PREFIX = "FW"
PER_PHONE = Limit("service.phone", 5, 24 * 3600)
# Without a telephone the device and the address are counted; many people share an address.
PER_DEVICE = Limit("service.device", 3, 24 * 3600)
PER_ADDRESS = Limit("service.address", 20, 3600)
MASK = "••••"
HAZARDS = "hazards"
MOST_LINES = 40
WITHDRAW = "withdraw"


def takes_anonymous(programme: Programme) -> bool:
    return Applicant.ANONYMOUS in programme.applicants


def apply(
    programme: Programme, given: Mapping[str, Any], files: Sequence[UploadedFile], *, visitor: Visitor | None, device: str,
    address: str, now: Now = None,
) -> tuple[Any, Receipt]:  # fmt: skip
    """Register what a visitor hands in, with its papers, and give it a receipt. Without a visitor it has no name."""
    if visitor is None:
        spend(PER_ADDRESS, address)
        spend(PER_DEVICE, device)
        if not takes_anonymous(programme):
            raise InvalidTransition(_("这个项目要先验证手机。"))
    else:
        spend(PER_PHONE, visitor.phone_hash)
    values = dict(given)
    if visitor is None:
        values |= {"applicant_kind": Applicant.ANONYMOUS, "applicant_name": "", "identity": ""}
    else:
        values["phone"] = visitor.phone()
    system = User.objects.system()
    prepared: list[Prepared] = []
    try:
        nameless = visitor is None or programme.seals_reporter
        for number, file in enumerate(files, start=1):
            one = prepare(file)
            prepared.append(_unnamed(one, number) if nameless else one)
        with transaction.atomic():
            row = cases.register(programme, by=system, channel=Channel.PUBLIC, now=now, **values)
            for paper in prepared:
                keep(row, paper, by=system)
            return row, make_receipt(row, prefix=PREFIX, visitor=visitor)
    except BaseException:
        let_go(prepared)
        raise


def _unnamed(file: Prepared, number: int) -> Prepared:
    """People call their papers by their own names; where nobody may know who it is, the paper has only a number."""
    name = _("材料%(n)d") % {"n": number}
    return replace(file, name=f"{name}.{file.stored_as.rpartition('.')[2]}")


def seal_reporter(row: Any, name: str, phone: str) -> None:
    found = Reporter(kind=kind_of(row), case_id=row.pk)
    found.save(force_insert=True)
    found.put("name", name, MASK)
    found.put("phone", phone, MASK)
    found.save()


def reporter_of(row: Any) -> Reporter | None:
    return Reporter.objects.filter(kind=kind_of(row), case_id=row.pk).first()


@transaction.atomic
def read_reporter(row: Any, *, by: User, reason: str, now: Now = None) -> str:
    """Name and telephone in clear for a typed reason, with an entry in the timeline; the department in charge alone."""
    case: Any = lock(row)
    check_may_reveal(by, case)
    found = reporter_of(case)
    if found is None:
        raise InvalidTransition(_("这件事没有留姓名。"))
    reason = required(reason, _("请写查看的理由。"), "reason")
    record_event(case, "reveal", by=by, data={"field": _("报告人"), "reason": reason}, now=now or timezone.now())
    return f"{found.open('name')} {found.open('phone')}".strip()


@transaction.atomic
def check_bearer(row: Any, number: str, code: str, *, by: User, address: str, now: Now = None) -> None:
    """Whoever comes for a reward without a name shows number and code; that it was checked is on record."""
    case: Any = lock(row)
    check_may_reveal(by, case)
    found = find_receipt(number, code, address=address)
    if found is None or found.subject_id != str(case.pk):
        raise ActionError(_("编号和查询码与这件事不符。"), field="code")
    record_event(
        case, "record", by=by, data={"what": _("核对了回执编号和查询码，是报告人本人")}, now=now or timezone.now()
    )


def case_of(subject_id: str) -> Any:
    """The case behind a receipt, whatever its shape; None where it is gone."""
    for kind in shape_kinds():
        try:
            found = kind.model.objects.select_related("programme", "organisation").filter(pk=subject_id).first()
        except (ValueError, ValidationError):
            return None
        if found is not None:
            return found
    return None


def standing(subject_id: str) -> Standing | None:
    """What number and code show: the programme, its state and the days of the steps; nobody's name, no reason, no amount."""
    row = case_of(subject_id)
    if row is None:
        return None
    programme, kind = row.programme, kind_of_case(row)
    label = row._meta.model_name
    names = {
        f"{label}.{verb}": programme.word("verb", verb, transition.label)
        for verb, transition in kind.table.items()
        if transition.on_page
    }
    names[f"{label}.register"] = _("收到申请")
    events = Event.objects.about(kind_of(row), row.pk).filter(verb__in=names).order_by("at", "pk")
    lines = [
        (timezone.localdate(at), names[verb])
        for at, verb, source, target in events.values_list("at", "verb", "source", "target")[:MOST_LINES]
        if source != target
    ]
    more = "outside:mine" if may_rate(row) or may_take_back(row) else ""
    return Standing(title=programme.name, state=row.state_words, lines=lines, next_step=_next_step(row), more=more)


def _next_step(row: Any) -> str:
    """What the programme says of this state (names: «next:paid»), else who has it and what the visitor may do."""
    who = row.organisation.name
    own = row.programme.word("next", row.state, "")
    if own:
        return _("%(words)s办理单位：%(name)s。") % {"words": own, "name": who}
    if not is_settled(row):
        return _("办理单位：%(name)s。") % {"name": who}
    return _("已经办完。办理单位：%(name)s。") % {"name": who}


def may_rate(row: Any) -> bool:
    done = is_settled(row) or bool(getattr(row, "outcome", ""))
    return done and not Rating.objects.filter(kind=kind_of(row), case_id=row.pk).exists()


def may_take_back(row: Any) -> bool:
    return bool(row.is_open)


@transaction.atomic
def rate(row: Any, *, by: User, stars: int, words: str = "", now: Now = None) -> Rating:
    """Once, by whoever has number and code, when it is done."""
    now = now or timezone.now()
    case: Any = lock(row)
    if not may_rate(case):
        raise InvalidTransition(_("现在不能评价：还没有办完，或者已经评过。"))
    if not 1 <= stars <= 5:
        raise ActionError(_("请选满意程度。"), field="stars")
    made = Rating.objects.create(kind=kind_of(case), case_id=case.pk, stars=stars, words=words.strip(), at=now)
    if getattr(case, "rating", 0) is None:
        case.rating, case.opinion = stars, words.strip()[:500]
    finish(case, "record", by=by, now=now, what=_("申请人评价 %(n)d 星") % {"n": stars}, text=words.strip())
    return made


@transaction.atomic
def take_back(row: Any, *, by: User, reason: str = "", now: Now = None) -> bool:
    """Withdraw the case where its shape still allows that; else the consent is withdrawn and whoever has it is told.

    Returns whether the case has ended by it.
    """
    now = now or timezone.now()
    if not row.is_open:
        raise InvalidTransition(_("这件事已经办完，不能再撤回。"))
    words = reason.strip() or _("申请人在网上撤回")
    if WITHDRAW in kind_of_case(row).table and refuse(by, row, WITHDRAW) is None:
        cases.take(row, WITHDRAW, by=by, now=now, reason=words)
        return True
    case: Any = lock(row)
    finish(case, "record", by=by, now=now, what=_("申请人撤回同意，请停止使用其信息并联系本人"), text=words)
    notify(case, "consent_withdrawn", by=by, to=holders(case), now=now)
    return False


def rate_outside(row: Any, stars: int, words: str) -> Rating:
    return rate(row, by=User.objects.system(), stars=stars, words=words)


def take_back_outside(row: Any, reason: str) -> str:
    ended = take_back(row, by=User.objects.system(), reason=reason)
    return _("已撤回。") if ended else _("已告诉办理单位您撤回同意，他们会联系您。")


def warning(_row: Any) -> str:
    return _("撤回以后不再办理。已经办到一半不能停的，会告诉办理单位不再使用您的信息。")


def asked_of_visitor(programme: Programme) -> tuple[str, ...]:
    return kind_for(programme.shape).public_asked or ()
