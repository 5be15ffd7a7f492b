"""Small forms around a dispute: consent, agents, seats and shares, marks, what is performed, confirmations, follow-ups."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.enums import Satisfaction
from unionops.casework.enums import Way as Reached
from unionops.casework.reference import units
from unionops.casework.sheets.guards import UnreadableFile
from unionops.joining import listed
from unionops.org.enums import OrganisationKind
from unionops.org.forms.fields import Lines, Phone, Text
from unionops.org.models import Organisation, User

from ..actions.sessions import OfferDraft
from ..actions.team import MemberDraft
from ..enums import (
    MOST_REPRESENTATIVES,
    PARTISAN_SEATS,
    AgentKind,
    ContactWay,
    InterestKind,
    LimitationKind,
    OfferKind,
    PartyKind,
    Power,
    Seat,
    ShareKind,
    Side,
)
from ..models import Dispute, Party
from ..policies import conflicts
from ..roll import from_file, from_text
from .asking import PLEASE_CHOOSE, About, Asking, Money, Paper, day, paragraph, radios, today
from .assigning import people_of
from .rows import SIDES
from .steps import ReasonForm

SIDES_AND_THIRD = [*SIDES, (Side.THIRD.value, Side.THIRD.label)]


def yes_or_no(label: Any, yes: Any, no: Any, **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[("1", yes), ("0", no)], widget=forms.RadioSelect, coerce=lambda value: value == "1", **options
    )  # fmt: skip


# ---- around the case


class NoteForm(Asking):
    submit = gettext_lazy("记下")
    caution = gettext_lazy("看得到本案的人都看得到这条进展，一方单独说的话请写进背对背笔录。")
    text = paragraph(gettext_lazy("进展"), 2000)


# A list to tick; of more claimants the names are typed.
MOST_TICKED = 30


class ElectForm(Asking):
    submit = gettext_lazy("登记推举")
    after = gettext_lazy("重新推举会替换原来的代表")
    representatives = forms.MultipleChoiceField(
        label=gettext_lazy("推举的代表"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("集体争议推举 3 至 5 名。"),
    )  # fmt: skip
    named = Lines(
        label=gettext_lazy("代表姓名"), most=MOST_REPRESENTATIVES, longest=50,
        help_text=gettext_lazy("名单里的申请人，一行一人；重名的在姓名后写电话后四位。"),
    )  # fmt: skip
    elected_from = day(gettext_lazy("从哪天起代表"), required=False)
    elected_to = day(gettext_lazy("代表到"), required=False, initial=None, help_text=gettext_lazy("不写就到案件结束。"))
    proof = Paper(gettext_lazy("推举书"))
    spans: ClassVar = {"elected_from": 6, "elected_to": 6}

    def fill(self) -> None:
        """A short list is ticked; of a long one only who was elected is shown, and others are named."""
        claimants = self.dispute.parties.on(today()).filter(side=Side.APPLICANT, kind=PartyKind.PERSON)
        rows = claimants.defer("identity_sealed", "phone_sealed", "address_sealed").order_by("-is_elected", "position")
        self.known = {str(party.pk): party for party in rows[: MOST_TICKED + 1]}
        if len(self.known) <= MOST_TICKED:
            del self.fields["named"]
        else:
            self.known = {pk: party for pk, party in self.known.items() if party.is_elected}
        if not self.known:
            del self.fields["representatives"]
        else:
            field = self.fields["representatives"]
            field.choices = [(pk, party.name) for pk, party in self.known.items()]  # type: ignore[attr-defined]

    def suggested(self) -> dict[str, Any]:
        return {"representatives": [pk for pk, party in self.known.items() if party.speaks_on(today())]}

    def clean_named(self) -> list[Party]:
        claimants = self.dispute.parties.on(today()).filter(side=Side.APPLICANT, kind=PartyKind.PERSON)
        found: list[Party] = []
        for line in self.cleaned_data["named"]:
            same = list(claimants.filter(name=line)[:2])
            if not same:
                name = line.rstrip("0123456789 ")
                same = list(claimants.filter(name=name, phone_masked__endswith=line.removeprefix(name).strip())[:2])
            if not same:
                raise forms.ValidationError(_("名单里没有“%(name)s”。"), params={"name": line})
            if len(same) > 1:
                raise forms.ValidationError(
                    _("名单里有两个“%(name)s”，请在姓名后写电话后四位。"), params={"name": line}
                )
            found += same
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        picked = [self.known[pk] for pk in found.get("representatives") or []]
        chosen = list({party.pk: party for party in [*picked, *(found.get("named") or [])]}.values())
        if self.errors:
            return found
        place = "representatives" if "representatives" in self.fields else "named"
        if not chosen:
            self.add_error(place, _("请至少选一名代表。"))
        elif len(chosen) > MOST_REPRESENTATIVES:
            self.add_error(place, _("最多推举 %(count)d 名代表。") % {"count": MOST_REPRESENTATIVES})
        self.chosen = chosen
        return found

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        found.pop("named", None)
        return {**found, "representatives": self.chosen}


class AddPartiesForm(Asking):
    """名单 of the claimants, pasted from a table or as a file."""

    submit = gettext_lazy("加入当事人")
    after = gettext_lazy("满 10 人就是集体争议，当天提醒分管领导")
    looks: ClassVar = {"side": "segments"}
    heights: ClassVar = {"roll": 8}
    spans: ClassVar = {"side": 6, "valid_from": 6}
    side = radios(gettext_lazy("加到哪一方"), SIDES_AND_THIRD, initial=Side.APPLICANT)
    valid_from = day(
        gettext_lazy("从哪天起参加"), required=False, initial=None, help_text=gettext_lazy("受理前加的不写，算从头参加。")
    )  # fmt: skip
    roll = forms.CharField(
        label=gettext_lazy("名单"), max_length=100_000, required=False, widget=forms.Textarea,
        help_text=gettext_lazy("从表格里复制过来：一行一人，依次写姓名、身份证号、电话、金额、请求，有的写，没有的空着。"),
    )  # fmt: skip
    sheet = forms.FileField(label=gettext_lazy("或上传名单（.xlsx、.xls、.csv）"), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        text, sheet, side = found.get("roll", ""), found.get("sheet"), found.get("side", Side.APPLICANT)
        self.drafts = []
        if not text.strip() and sheet is None:
            if not self.errors:
                self.add_error("roll", _("请粘贴名单，或上传一个表格。"))
            return found
        try:
            if text.strip():
                self.drafts += from_text(text, side)
            if sheet is not None:
                self.drafts += from_file(sheet, sheet.name, side)
        except UnreadableFile as error:
            self.add_error("sheet", str(error))
        except forms.ValidationError as error:
            self.add_error("roll" if text.strip() else "sheet", error)
        return found

    def arguments(self) -> dict[str, Any]:
        return {"parties": self.drafts, "valid_from": self.cleaned_data["valid_from"]}


class AddMemberForm(Asking):
    submit = gettext_lazy("加入办案人员")
    spans: ClassVar = {"member": 6, "seat": 6, "side": 6, "until": 6}
    member = forms.TypedChoiceField(label=gettext_lazy("人员"), coerce=int)
    seat = forms.ChoiceField(label=gettext_lazy("办案角色"), choices=[("", PLEASE_CHOOSE), *Seat.choices])
    side = forms.ChoiceField(
        label=gettext_lazy("代表哪一方"), choices=[("", gettext_lazy("居中")), *SIDES], required=False,
        help_text=gettext_lazy("只有工会代表和律师可以代表一方。"),
    )  # fmt: skip
    until = day(gettext_lazy("参加到"), required=False, initial=None, help_text=gettext_lazy("不写就到案件结束。"))
    lead = forms.BooleanField(label=gettext_lazy("改由此人任首席调解员"), required=False)

    def fill(self) -> None:
        self.fields["member"].choices = [("", PLEASE_CHOOSE), *people_of(self.dispute.district_id)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("side") and found.get("seat") not in PARTISAN_SEATS:
            self.add_error("side", _("只有工会代表和律师可以代表一方。"))
        elif not found.get("side") and found.get("member"):
            user = User.objects.get(pk=found["member"])
            if reasons := conflicts(user, self.dispute):
                self.add_error("member", f"{user.name}{_('：')}{reasons[0]}")
        return found

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        lead = found.pop("lead")
        user = User.objects.get(pk=found.pop("member"))
        return {"member": MemberDraft(user=user, **found), "lead": lead}


class ShareForm(Asking):
    submit = gettext_lazy("共享本案")
    after = gettext_lazy("归档时共享自动结束")
    caution = gettext_lazy("对方单位的人能看到案件和经过，看不到没有公开的背对背笔录。")
    spans: ClassVar = {"organisation": 6, "until": 6}
    looks: ClassVar = {"kind": "segments"}
    organisation = forms.TypedChoiceField(label=gettext_lazy("联动单位"), coerce=int)
    until = day(gettext_lazy("共享到"), required=False, initial=None, help_text=gettext_lazy("不写就到归档为止。"))
    kind = radios(
        gettext_lazy("方式"), ShareKind.choices, required=False, initial=ShareKind.JOINT,
        help_text=gettext_lazy("对方可以接受、不接受或者退回，不接受和退回后就看不到本案。"),
    )  # fmt: skip
    reason = Text(label=gettext_lazy("事由"), max_length=200)

    def fill(self) -> None:
        rows = [
            (unit.id, unit.short_name or unit.name) for unit in units(self.dispute.district_id, OrganisationKind.AGENCY)
        ]
        self.fields["organisation"].choices = [("", PLEASE_CHOOSE), *rows]  # type: ignore[attr-defined]
        if self.dispute.is_collective and not self.dispute.shares.exists():
            # Legal aid has to be offered in a collective case (浙江条例 41).
            self.fields["kind"].initial = ShareKind.REFERRAL
            self.fields["reason"].initial = _("为集体争议的职工提供法律援助")

    def clean_organisation(self) -> Organisation:
        return Organisation.objects.get(pk=self.cleaned_data["organisation"])

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or ShareKind.JOINT


class RecuseForm(Asking):
    """回避: said of oneself."""

    submit = gettext_lazy("申报回避")
    after = gettext_lazy("中心负责人会收到通知，另派人接手；您约好的时间交给接手的人，没有人接手就取消")
    caution = gettext_lazy("申报后您就看不到本案了。理由只有中心负责人和案管员看得到。")
    kind = radios(gettext_lazy("关系"), InterestKind.choices)
    party = forms.TypedChoiceField(label=gettext_lazy("与哪一方有关系"), required=False, empty_value=None, coerce=str)
    reason = paragraph(gettext_lazy("理由"), 500)
    also_later = forms.BooleanField(
        label=gettext_lazy("以后涉及这一方的案件我也回避"), required=False
    )  # fmt: skip

    def fill(self) -> None:
        self.known = _parties_of(self.dispute)
        self.fields["party"].choices = [("", gettext_lazy("不是与当事人")), *_as_choices(self.known)]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        return {**found, "party": self.known.get(found["party"] or "")}


class AskRecusalForm(Asking):
    """回避: asked for by a party, recorded at the window."""

    submit = gettext_lazy("登记回避申请")
    after = gettext_lazy("由中心负责人决定，决定以前照常办理")
    spans: ClassVar = {"seat": 6, "asked_by": 6, "asked_on": 4}
    seat = forms.TypedChoiceField(label=gettext_lazy("要求谁回避"), coerce=str)
    asked_by = forms.TypedChoiceField(label=gettext_lazy("申请的当事人"), coerce=str)
    kind = radios(gettext_lazy("关系"), InterestKind.choices)
    reason = paragraph(gettext_lazy("理由"), 500)
    asked_on = day(gettext_lazy("提出日期"))

    def fill(self) -> None:
        self.known = _parties_of(self.dispute)
        seats = self.dispute.team.on(today()).filter(ended_at=None).select_related("user")
        self.seats = {str(seat.pk): seat for seat in seats}
        self.fields["asked_by"].choices = [("", PLEASE_CHOOSE), *_as_choices(self.known)]  # type: ignore[attr-defined]
        self.fields["seat"].choices = [  # type: ignore[attr-defined]
            ("", PLEASE_CHOOSE),
            *((key, f"{seat.user.name} {seat.get_seat_display()}") for key, seat in self.seats.items()),
        ]

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        return {**found, "seat": self.seats[found["seat"]], "asked_by": self.known[found["asked_by"]]}


class DecideRecusalForm(Asking):
    submit = gettext_lazy("作出决定")
    after = gettext_lazy("决定回避的，这个人从此看不到本案，约好的时间交给接手的人或者取消")
    looks: ClassVar = {"granted": "segments"}
    granted = yes_or_no(gettext_lazy("决定"), gettext_lazy("回避"), gettext_lazy("驳回申请"))
    note = Text(
        label=gettext_lazy("决定的理由"), max_length=500, required=False, help_text=gettext_lazy("驳回的一定要写。")
    )

    def about(self) -> About:
        return [
            (_("要求回避的人"), self.thing.seat.user.name),
            (_("申请的当事人"), self.thing.asked_by.name),
            (_("关系"), self.thing.get_kind_display()),
            (_("理由"), self.thing.reason),
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("granted") is False and not found.get("note"):
            self.add_error("note", _("驳回要写理由。"))
        return found


def _parties_of(dispute: Dispute) -> dict[str, Party]:
    """Of a long list those who speak for the others."""
    rows = (
        dispute.parties.on(today())
        .select_related("person", "enterprise")
        .defer("identity_sealed", "phone_sealed", "address_sealed")
    )
    return {str(party.pk): party for party in rows.order_by("side", "-is_elected", "position")[:MOST_TICKED]}


def _as_choices(parties: dict[str, Party]) -> list[tuple[str, str]]:
    return [(key, f"{party.get_side_display()} {party.name}") for key, party in parties.items()]


class OfferForm(Asking):
    submit = gettext_lazy("登记")
    caution = gettext_lazy("会外提出的只有调解员和这一方看得到，这一方同意后再公开。")
    spans: ClassVar = {"side": 6, "kind": 6, "amount": 4, "terms": 8, "made_on": 4}
    looks: ClassVar = {"side": "segments", "kind": "segments"}
    side = radios(gettext_lazy("哪一方"), SIDES)
    kind = radios(gettext_lazy("要求或出价"), OfferKind.choices)
    amount = Money(label=gettext_lazy("金额（元）"))
    terms = Text(label=gettext_lazy("条件"), max_length=500, required=False)
    made_on = day(gettext_lazy("提出日期"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("amount") is None and not found.get("terms") and "amount" not in self.errors:
            self.add_error("amount", _("请写金额，或者写条件。"))
        return found

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        made_on = found.pop("made_on")
        return {"offer": OfferDraft(**found), "made_on": made_on}


class LimitationForm(Asking):
    submit = gettext_lazy("登记时效事件")
    after = gettext_lazy("时效按登记的事件重新计算")
    spans: ClassVar = {"kind": 8, "on": 4}
    kind = forms.ChoiceField(label=gettext_lazy("事由"), choices=[("", PLEASE_CHOOSE), *LimitationKind.choices])
    on = day(gettext_lazy("发生日期"))
    note = Text(label=gettext_lazy("说明"), max_length=200, required=False)
    evidence = Paper(gettext_lazy("证据（送达回执、聊天记录等）"))


# ---- of one party


class ConsentForm(Asking):
    submit = gettext_lazy("登记意愿")
    spans: ClassVar = {"way": 8, "on": 4, "said_by": 4, "note": 8}
    looks: ClassVar = {"given": "segments", "way": "segments"}
    given = yes_or_no(gettext_lazy("调解意愿"), gettext_lazy("同意调解"), gettext_lazy("不同意调解"))
    way = radios(gettext_lazy("征询方式"), ContactWay.choices, initial=ContactWay.PHONE)
    on = day(gettext_lazy("表示意愿日期"))
    said_by = Text(label=gettext_lazy("由谁表示"), max_length=50, required=False)
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)
    also = forms.BooleanField(required=False)

    def fill(self) -> None:
        """The claimants of a collective case sign one list: whoever of the side has not been asked goes along."""
        rows = self.dispute.parties.on(today()).filter(side=self.thing.side, consent="").exclude(pk=self.thing.pk)
        self.others: list[Party] = list(rows.only("name").order_by("position"))
        if not self.others:
            del self.fields["also"]
            return
        names = listed(party.name for party in self.others[:3])
        self.fields["also"].label = _("同一方还没登记的 %(names)s等 %(n)d 人，也一并登记") % {
            "names": names, "n": len(self.others),
        }  # fmt: skip

    def about(self) -> About:
        return _of_party(self.thing)

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        found["also"] = self.others if found.pop("also", False) else []
        return found


def _of_party(party: Party) -> About:
    return [(str(party.get_side_display()), party.name)]


class AgentForm(Asking):
    submit = gettext_lazy("加代理人")
    after = gettext_lazy("承认、放弃、和解要有特别授权")
    spans: ClassVar = {"kind": 4, "name": 4, "firm": 4, "phone": 4, "valid_from": 4, "valid_to": 4}
    looks: ClassVar = {"power": "segments"}
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=[("", PLEASE_CHOOSE), *AgentKind.choices])
    name = Text(label=gettext_lazy("姓名"), max_length=50)
    firm = Text(label=gettext_lazy("所在单位"), max_length=100, required=False)
    power = radios(gettext_lazy("授权"), Power.choices, initial=Power.GENERAL)
    phone = Phone(label=gettext_lazy("电话"))
    valid_from = day(gettext_lazy("起始日期"))
    valid_to = day(gettext_lazy("结束日期"), required=False, initial=None)
    proof = Paper(gettext_lazy("授权委托书"))

    def about(self) -> About:
        return _of_party(self.thing)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        first, last = found.get("valid_from"), found.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("结束日期不能早于起始日期。"))
        return found


class EndAgentForm(Asking):
    submit = gettext_lazy("结束代理")
    spans: ClassVar = {"on": 4, "reason": 8}
    on = day(gettext_lazy("结束日期"))
    reason = Text(label=gettext_lazy("理由"), max_length=200, required=False)

    def about(self) -> About:
        return [(_("代理人"), self.thing.name)]


class EndPartyForm(Asking):
    submit = gettext_lazy("登记退出")
    after = gettext_lazy("这一天是最后一天，请求金额从合计里减去，名字和材料留在卷里")
    spans: ClassVar = {"on": 4, "reason": 8}
    on = day(gettext_lazy("退出日期"))
    reason = Text(label=gettext_lazy("理由"), max_length=200)

    def about(self) -> About:
        return _of_party(self.thing)


class EndRepresentativeForm(Asking):
    submit = gettext_lazy("结束代表")
    after = gettext_lazy("这一天以后不再代表其他申请人，仍是当事人")
    spans: ClassVar = {"on": 4, "reason": 8}
    on = day(gettext_lazy("结束日期"))
    reason = Text(label=gettext_lazy("理由"), max_length=200)

    def about(self) -> About:
        return [(_("推举代表"), self.thing.name)]


class EndMemberForm(ReasonForm):
    submit = gettext_lazy("结束")

    def about(self) -> About:
        return [(str(self.thing.get_seat_display()), self.thing.user.name)]


class EndShareForm(Asking):
    submit = gettext_lazy("结束共享")
    reason = Text(label=gettext_lazy("理由"), max_length=200, required=False)

    def about(self) -> About:
        return [(_("联动单位"), str(self.thing.organisation))]


# ---- of the talks


class ReleaseForm(Asking):
    submit = gettext_lazy("公开")
    after = gettext_lazy("公开后不能收回")
    reason = Text(label=gettext_lazy("谁在何时同意公开"), max_length=500)


class SignNoteForm(Asking):
    submit = gettext_lazy("登记签名")
    spans: ClassVar = {"signed_on": 4}
    signed_on = day(gettext_lazy("签名日期"))
    scan = Paper(gettext_lazy("签名的笔录"))

    def paper_place(self) -> models.Model:
        place: models.Model = self.thing
        return place


# ---- afterwards


class FollowUpForm(Asking):
    submit = gettext_lazy("记下回访")
    looks: ClassVar = {"way": "segments", "resolved": "segments", "satisfaction": "segments"}
    way = radios(gettext_lazy("回访方式"), Reached.choices, initial=Reached.PHONE)
    resolved = yes_or_no(
        gettext_lazy("协议履行得怎么样"), gettext_lazy("按约定履行"), gettext_lazy("没有按约定")
    )  # fmt: skip
    satisfaction = radios(gettext_lazy("当事人评价"), Satisfaction.choices, required=False)
    note = paragraph(gettext_lazy("回访记录"), 2000, required=False)
    danger = forms.BooleanField(
        label=gettext_lazy("可能再起争议或有激化风险，报分管领导"), required=False
    )  # fmt: skip


class EvidenceForm(Asking):
    submit = gettext_lazy("补证据")
    evidence = Paper(gettext_lazy("证据（送达回执、聊天记录等）"), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not (found.get("evidence") or found.get("evidence_known")) and "evidence" not in self.errors:
            self.add_error("evidence", _("请上传证据，或选已有材料。"))
        return found
