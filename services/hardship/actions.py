"""All writes on household files and campaigns."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from unionops.casework import deadlines
from unionops.casework.moves import finish, lock, move
from unionops.casework.numbering import spell, take_numbers
from unionops.china.identity import mask_identity, read_identity
from unionops.joining import listed
from unionops.org.actions.saving import reading
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed, required
from unionops.org.events import record_event
from unionops.org.models import User

from ..actions import cases
from ..claims.enums import UNCOUNTED, PayWay
from ..claims.enums import ClaimVerb as V
from ..claims.models import Claim
from ..claims.numbering import new_batch
from ..enums import Applicant
from ..models import BudgetLine, Programme
from ..permissions import check_can
from .enums import RANK, Category, ExitReason, FileState, FileVerb, Outcome, Season
from .models import Assessment, Campaign, CampaignItem, HouseholdFile, Item, Member, Review
from .permissions import check_may_reveal, check_may_review, check_may_write, check_runs
from .reckoning import weigh

Now = datetime.datetime | None
# Four letters: a programme has at most three.
FILES, CAMPAIGNS = "KNDA", "BFHD"
REVIEW = "hardship.review"
# Paper is kept at least ten years after the exit (Hunan).
KEEP_YEARS = 10


def open_for(claim: Claim, *, by: User) -> HouseholdFile:
    """The file of a new application; a person who has one already gets no second, in whatever street."""
    number = claim.identity_hash
    if number:
        clash = other_file(claim.district_id, [number])
        if clash is not None:
            raise ActionError(
                _("这个人已在档案 %(number)s 里，一户只建一份。") % {"number": clash.number}, field="identity",
                next_step=_("请到那份档案里办。"),
            )  # fmt: skip
    year = timezone.localtime(claim.registered_at).year
    (serial,) = take_numbers(claim.district_id, FILES, year)
    file = HouseholdFile.objects.create(
        id=uuid7(), district_id=claim.district_id, number=spell(FILES, year, serial), title=claim.applicant_name[:120],
        state=FileState.APPLYING, state_since=claim.registered_at, registered_at=claim.registered_at, claim=claim,
        organisation_id=claim.organisation_id, town_id=claim.town_id, applicant_name=claim.applicant_name,
        identity_hash=number, holder_organisation_id=claim.organisation_id,
    )  # fmt: skip
    record_event(file, "register", by=by, target=file.state, data={"number": claim.number}, now=claim.registered_at)
    return file


def other_file(district_id: int, hashes: Collection[str], *, apart_from: Any = None) -> HouseholdFile | None:
    """An open file of the district in which one of these numbers stands, as applicant or as member."""
    open_ones = HouseholdFile.objects.filter(district=district_id).exclude(state__in=HouseholdFile.END_STATES)
    if apart_from is not None:
        open_ones = open_ones.exclude(pk=apart_from)
    found = [value for value in hashes if value]
    if not found:
        return None
    first: HouseholdFile | None = (
        open_ones.filter(identity_hash__in=found).first() or open_ones.filter(members__identity_hash__in=found).first()
    )
    return first


@transaction.atomic
def write_household(
    file: HouseholdFile, *, by: User, version: int | None = None, facts: Mapping[str, Any],
    members: Sequence[Mapping[str, Any]], items: Sequence[Mapping[str, Any]], now: Now = None,
) -> HouseholdFile:  # fmt: skip
    """Who lives there, what comes in and must go out. A member without a new number keeps the old one."""
    row = lock(file, version=version)
    check_may_write(by, row)
    for name in (
        "main_cause",
        "other_causes",
        "exclusions",
        "housing",
        "accident_cost",
        "authorised_on",
        "national_number",
    ):
        if name in facts:
            setattr(row, name, facts[name])
    known = {str(one.pk): one for one in row.members.all()}
    kept = set()
    for given in members:
        one = known.get(str(given.get("id") or "")) or Member(id=uuid7(), file=row)
        _put_member(one, given)
        one.save()
        kept.add(one.pk)
    row.members.exclude(pk__in=kept).delete()
    hashes = [one.identity_hash for one in row.members.all()]
    if row.identity_hash and row.identity_hash in hashes:
        raise ActionError(_("户主不用再写在成员里。"), field="members")
    if clash := other_file(row.district_id, hashes, apart_from=row.pk):
        raise ActionError(
            _("家里有人已在档案 %(number)s 里，一户只建一份。") % {"number": clash.number}, field="members"
        )
    row.items.all().delete()
    Item.objects.bulk_create(
        Item(
            file=row, kind=given["kind"], whose=given.get("whose") or "", amount=given["amount"],
            evidence=given.get("evidence") or "",
        )
        for given in items
    )  # fmt: skip
    finish(row, "write", by=by, now=now or timezone.now(), people=1 + len(kept), items=len(items))
    return row


def _put_member(one: Member, given: Mapping[str, Any]) -> None:
    one.name, one.relation = given["name"], given["relation"]
    one.health, one.unit = given.get("health") or one.health, given.get("unit") or ""
    one.has_authorised = bool(given.get("has_authorised"))
    if text := given.get("identity"):
        with reading("identity"):
            number = read_identity(text)
        one.put("identity", number.number, mask_identity(number.number))
        one.born_on = number.birth_date
    elif given.get("born_on"):
        one.born_on = given["born_on"]


@transaction.atomic
def assess(file: HouseholdFile, *, by: User, on: datetime.date, now: Now = None) -> Assessment:
    """Judge the household by the standard of the day; the row of the standard is kept with the result."""
    found = weigh(file, on)
    return Assessment.objects.create(
        file=file, on=on, income=found.income, rigid=found.rigid, people=found.people, standard=found.standard,
        per_head=found.judged.per_head, category=found.judged.category, by=by, at=now or timezone.now(),
        lines=[[str(label), str(words)] for label, words in found.judged.lines],
    )  # fmt: skip


@transaction.atomic
def open_file(file: HouseholdFile, *, by: User, now: Now = None) -> HouseholdFile:
    """The claim has been approved: the file is open for a year, then it is reviewed."""
    now = now or timezone.now()
    row, on = lock(file), timezone.localdate(now)
    found = row.assessments.first() or assess(row, by=by, on=on, now=now)
    if found.category == Category.NONE:
        raise InvalidTransition(_("按测算不符合建档条件。"))
    before = move(row, FileVerb.OPEN, now=now)
    row.category, row.opened_on = found.category, on
    _ask_again_in_a_year(row, on)
    finish(row, FileVerb.OPEN, by=by, before=before, now=now, category=str(Category(found.category).label))
    return row


def _ask_again_in_a_year(row: HouseholdFile, on: datetime.date) -> None:
    deadlines.meet(row, on=on)
    row.deadline = deadlines.agree(row, REVIEW, _("年度复核"), on=on, due_on=a_year_after(on))


def a_year_after(on: datetime.date, years: int = 1) -> datetime.date:
    """The same day of a later year; the 29th of February gives way to the 28th."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


@transaction.atomic
def close_file(file: HouseholdFile, *, by: User, now: Now = None) -> HouseholdFile:
    """The application came to nothing."""
    row = lock(file)
    if row.state != FileState.APPLYING:
        return row
    before = move(row, FileVerb.CLOSE, now=now)
    finish(row, FileVerb.CLOSE, by=by, before=before, now=now or timezone.now())
    return row


@transaction.atomic
def review(
    file: HouseholdFile,
    *,
    by: User,
    visitors: Sequence[str],
    note: str = "",
    version: int | None = None,
    now: Now = None,
) -> Review:
    """Judge the household anew by what stands in the file now: it keeps its category, changes it, or leaves."""
    now = now or timezone.now()
    row, on = lock(file, version=version), timezone.localdate(now)
    check_may_review(by, row)
    people = list(dict.fromkeys(name.strip() for name in visitors if name.strip()))
    if len(people) < 2:
        raise ActionError(_("复核要两个人入户，请写两个人的姓名。"), field="visitors")
    found, held = assess(row, by=by, on=on, now=now), Category(row.category)
    after = Category.NONE if row.exclusions else Category(found.category)
    outcome = (
        Outcome.EXIT if after == Category.NONE else Outcome.KEEP if after == held
        else Outcome.UPGRADE if RANK[after] > RANK[held] else Outcome.DOWNGRADE
    )  # fmt: skip
    done = Review.objects.create(
        file=row, on=on, before=held, after=after, outcome=outcome, assessment=found, visitors=people, note=note, by=by
    )
    if outcome == Outcome.EXIT:
        before = move(row, FileVerb.REVIEW, now=now, target=FileState.EXITED)
        _leave(row, on, ExitReason.INCOME)
    else:
        before = move(row, FileVerb.REVIEW, now=now, target=FileState.ACTIVE)
        row.category = after
        _ask_again_in_a_year(row, on)
    finish(
        row, FileVerb.REVIEW, by=by, before=before, now=now, outcome=str(outcome.label),
        category=str(after.label), **({"text": note} if note else {}),
    )  # fmt: skip
    return done


@transaction.atomic
def leave_file(
    file: HouseholdFile, *, by: User, reason: str, note: str = "", told_on: datetime.date | None = None,
    version: int | None = None, now: Now = None,
) -> HouseholdFile:  # fmt: skip
    """退档 with a reason; what was told to the worker is kept with it, and the paper for ten years."""
    now = now or timezone.now()
    row, on = lock(file, version=version), timezone.localdate(now)
    check_may_review(by, row)
    if reason not in ExitReason:
        raise ActionError(_("请选退档原因。"), field="reason")
    before = move(row, FileVerb.EXIT, now=now)
    _leave(row, on, reason)
    row.told_on = told_on
    finish(row, FileVerb.EXIT, by=by, before=before, now=now, reason=str(ExitReason(reason).label), text=note)
    return row


def _leave(row: HouseholdFile, on: datetime.date, reason: str) -> None:
    deadlines.meet(row, on=on)
    row.deadline, row.holder_organisation_id = None, None
    row.exited_on, row.exit_reason = on, reason
    row.keep_until = a_year_after(on, max(KEEP_YEARS, row.claim.programme.keep_years))


@transaction.atomic
def reveal_member(member: Member, *, by: User, reason: str, now: Now = None) -> str:
    """The number of a member in clear, for a typed reason."""
    file = member.file
    check_may_reveal(by, file)
    reason = required(reason, _("请写查看的理由。"), "reason")
    record_event(
        file, "reveal", by=by, data={"field": _("%(relation)s的身份证号") % {"relation": member.relation}, "reason": reason},
        now=now or timezone.now(),
    )  # fmt: skip
    return member.open("identity")


# --- campaigns


@transaction.atomic
def plan_campaign(
    programme: Programme, *, by: User, name: str, season: str, amount: Decimal, budget_line: BudgetLine, way: str = PayWay.BANK,
    goods: str = "", now: Now = None,
) -> Campaign:  # fmt: skip
    """A campaign of this year; its list comes next."""
    check_runs(by, programme.organisation_id)
    now = now or timezone.now()
    if not amount or amount <= 0:
        raise ActionError(_("请写每户的金额；发物资写折价。"), field="amount")
    if way == PayWay.GOODS and not goods.strip():
        raise ActionError(_("请写发什么物资。"), field="goods")
    year = timezone.localtime(now).year
    (number,) = take_numbers(programme.district_id, CAMPAIGNS, year)
    row = Campaign.objects.create(
        district_id=programme.district_id, organisation_id=programme.organisation_id, programme=programme,
        number=spell(CAMPAIGNS, year, number), name=required(name, _("请写名称。"), "name"), season=season, year=year, way=way,
        amount=amount, goods=goods.strip(), budget_line=budget_line, made_by=by, made_at=now,
    )  # fmt: skip
    record_event(row, "plan", by=by, data={"number": row.number, "name": row.name}, now=now)
    return row


@transaction.atomic
def list_files(campaign: Campaign, files: Collection[HouseholdFile], *, by: User, now: Now = None) -> int:
    """Put households on the list: each becomes a claim, and goes the way of one. Returns how many are new."""
    check_runs(by, campaign.organisation_id)
    now = now or timezone.now()
    # One listing after the other: nobody is put on a list twice.
    row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    # Same household, same kind, same year: once (domain 4.2).
    same = CampaignItem.objects.filter(
        campaign__district=row.district_id, campaign__season=row.season, campaign__year=row.year
    )
    there = set(same.exclude(claim__state__in=UNCOUNTED).values_list("file", flat=True))
    fresh = [file for file in files if file.pk not in there]
    for file in fresh:
        if file.state != FileState.ACTIVE:
            raise InvalidTransition(_("%(number)s 不在档，不能列入。") % {"number": file.number})
        source = file.claim
        claim = cases.register(
            row.programme, by=by, applicant_kind=Applicant.PERSON, applicant_name=file.applicant_name, person=source.person,
            town=file.town, amount_asked=row.amount, title=f"{row.name}：{file.applicant_name}"[:120], now=now,
            identity=source.open("identity"), phone=source.open("phone"), payee=source.payee, bank=source.bank,
            account=source.open("account") if row.way == PayWay.BANK else "",
        )  # fmt: skip
        CampaignItem.objects.create(campaign=row, file=file, claim=claim)
        # The numbers of the file were read to make the claim: that stands in its timeline.
        record_event(file, "relief", by=by, data={"name": row.name, "number": claim.number}, now=now)
    if fresh:
        record_event(row, "list", by=by, data={"number": row.number, "count": len(fresh)}, now=now)
    return len(fresh)


# What is done to a whole list at once.
WHOLE = (V.CHECK, V.APPROVE, V.PAY, V.ACCOUNT)


@transaction.atomic
def take_all(campaign: Campaign, verb: str, *, by: User, now: Now = None) -> tuple[int, list[str]]:
    """Take a step with every claim of the list that stands there; returns how many, and why others could not.

    Paying a list hands out goods; money goes by a batch for the bank.
    """
    if verb not in WHOLE:
        raise InvalidTransition(_("这一步要逐户办。"))
    now = now or timezone.now()
    fields: dict[str, Any] = {}
    if verb == V.APPROVE:
        fields = {"amount": campaign.amount, "budget_line": campaign.budget_line}
    if verb == V.PAY:
        if campaign.way != PayWay.GOODS:
            raise InvalidTransition(_("发钱的到“发放批次”里做批次。"))
        check_runs(by, campaign.organisation_id)
        fields = {"way": PayWay.GOODS, "batch": new_batch(campaign.programme, by=by, now=now, note=campaign.name)}
    done, refused = 0, []
    seen = Claim.objects.visible_to(by).filter(campaign_item__campaign=campaign).select_related("programme", "town")
    for claim in seen.order_by("pk"):
        try:
            check_can(by, claim, verb)
        except (InvalidTransition, NotAllowed) as error:
            if claim.state in claim.TRANSITIONS[verb].sources and str(error) not in refused:
                refused.append(str(error))
            continue
        cases.take(claim, verb, by=by, now=now, **fields)
        if verb == V.PAY:
            cases.take(claim, V.CONFIRM_PAID, by=by, now=now)
        done += 1
    if not done:
        raise InvalidTransition(listed(refused) or _("名单里没有可以办这一步的。"))
    record_event(campaign, verb, by=by, data={"number": campaign.number, "count": done}, now=now)
    return done, refused


def is_temporary(claim: Claim) -> bool:
    item = CampaignItem.objects.filter(claim=claim).select_related("campaign").first()
    return item.campaign.season == Season.TEMPORARY if item else bool(claim.details.get("temporary"))
