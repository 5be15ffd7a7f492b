"""What each step of an order asks, and what the register of craftsmen asks."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.casework.reference import colleagues, towns
from unionops.org.enums import Role
from unionops.org.forms.fields import Name, Phone, keep_number
from unionops.org.models import Enterprise

from ..enums import Shape
from ..forms.asking import PLEASE_CHOOSE, Day, Money, Paper, RegisterForm, StepForm, Text, day, note, paragraph
from ..models import Programme
from .enums import OUTCOMES, TRADES, DeclineReason, Mode
from .enums import OrderVerb as V
from .matching import candidates, to_ask, waiting_of
from .models import Craftsman, Order, Squad

# A number that a technical order asks and a lecture does not.
TECHNICAL = ("mode", "trade", "skills", "product", "region", "at_stake", "is_secret")
MOST_SHOWN = 12
MOST_TAGS = 12
CRAFTSMAN_ROLES = frozenset({Role.PARTNER, Role.OFFICER, Role.HANDLER, Role.MEDIATOR, Role.LIAISON, Role.TOWN})


def hours(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=99, max_digits=4, decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


class Tags(forms.CharField):
    """A few short words in one line: 热流道、精雕."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 300, "help_text": gettext_lazy("用顿号分开。"), **options})

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        words = list(dict.fromkeys(word.strip() for word in re.split(r"[、,，;；\n]", text) if word.strip()))
        if len(words) > MOST_TAGS or any(len(word) > 20 for word in words):
            raise forms.ValidationError(_("最多 12 个词，每个不超过 20 个字。"))
        return words


def trades_of(district_id: int) -> list[tuple[str, str]]:
    """The usual trades, those that the register holds, and those of the teams."""
    rows = Craftsman.objects.filter(district=district_id).values_list("trades", flat=True)
    teams = Squad.objects.filter(district=district_id).exclude(trade="").values_list("trade", flat=True)
    known = {trade for row in rows for trade in row} | set(teams)
    return [(trade, trade) for trade in (*TRADES, *sorted(known - set(TRADES)))]


class OrderRegisterForm(RegisterForm):
    wanted_on = Day(label=gettext_lazy("希望哪天"), required=False)
    mode = forms.ChoiceField(
        label=pgettext_lazy("派单", "方式"), choices=Mode.choices, initial=Mode.NORMAL, required=False
    )
    trade = forms.ChoiceField(label=gettext_lazy("工种"), required=False)
    skills = Tags(label=gettext_lazy("要会什么"))
    product = Text(label=gettext_lazy("产品或工序"), max_length=60, required=False)
    at_stake = Money(label=gettext_lazy("涉及订单（元）"))
    region = Text(
        label=gettext_lazy("对口地区"), max_length=40, required=False, help_text=gettext_lazy("跨区域的单才写。")
    )
    is_secret = forms.BooleanField(
        label=gettext_lazy("“情况”涉及商业秘密，加密保存，只有承办人和主办科室能看"), required=False
    )

    spans: ClassVar = {
        **RegisterForm.spans, "wanted_on": 6, "mode": 6, "trade": 4, "skills": 8, "product": 6, "at_stake": 6, "region": 6,
    }  # fmt: skip

    def fill(self) -> None:
        if not self.programme.limit("technical", 0):
            for name in TECHNICAL:
                del self.fields[name]
            return
        self.fields["trade"].choices = [("", PLEASE_CHOOSE), *trades_of(self.programme.district_id)]  # type: ignore[attr-defined]


class OrderStep(StepForm):
    case: Order


class NoteForm(OrderStep):
    note = note()


class ReasonForm(OrderStep):
    reason = paragraph(gettext_lazy("理由"))


class MatchingForm(OrderStep):
    """Shows who fits and why; the arithmetic is the dispatcher's to judge."""

    template: ClassVar = "orders/_matches.html"
    choosing: ClassVar = "checkbox"

    def fill(self) -> None:
        found = candidates(self.case)
        self.able = [match for match in found if not match.against][:MOST_SHOWN]
        self.unable = [match for match in found if match.against]
        pairs = [(str(match.craftsman.pk), match.craftsman.name) for match in found if not match.against]
        self.set_choices(pairs)

    def set_choices(self, pairs: list[tuple[str, str]]) -> None:
        raise NotImplementedError

    def chosen(self) -> set[str]:
        """What is ticked when the form opens or comes back."""
        name = next(iter(self.base_fields))
        value = self[name].value() or ()
        return {str(one) for one in ([value] if isinstance(value, str | int) else value)}


class PushForm(MatchingForm):
    craftsmen = forms.MultipleChoiceField(
        label=gettext_lazy("推给谁"), widget=forms.CheckboxSelectMultiple, error_messages={"required": gettext_lazy("请至少选一位师傅。")}
    )  # fmt: skip
    after: ClassVar = gettext_lazy("限时没人接，自动问下一位")

    def set_choices(self, pairs: list[tuple[str, str]]) -> None:
        field = self.fields["craftsmen"]
        field.choices = pairs  # type: ignore[attr-defined]
        most = int(self.case.programme.limit("ask_at_once", 1))
        field.initial = [str(match.craftsman.pk) for match in to_ask(self.case, most=most)]


class AssignForm(MatchingForm):
    craftsman = forms.ChoiceField(
        label=gettext_lazy("指派谁"), widget=forms.RadioSelect, error_messages={"required": gettext_lazy("请选师傅。")}
    )
    note = note()
    choosing: ClassVar = "radio"

    def set_choices(self, pairs: list[tuple[str, str]]) -> None:
        field = self.fields["craftsman"]
        field.choices = pairs  # type: ignore[attr-defined]
        field.initial = pairs[0][0] if len(pairs) == 1 else None


class AnswerForm(OrderStep):
    """For oneself, or for somebody without an account who said it on the telephone."""

    offer = forms.ChoiceField(label=gettext_lazy("替谁答复"), required=False)

    def fill(self) -> None:
        waiting = waiting_of(self.case)
        if any(offer.craftsman.user_id == self.user.pk for offer in waiting):
            del self.fields["offer"]
            return
        others = [offer for offer in waiting if offer.craftsman.user_id is None]
        field = self.fields["offer"]
        field.choices = [(str(offer.pk), offer.craftsman.name) for offer in others]  # type: ignore[attr-defined]
        field.help_text = gettext_lazy("这位师傅没有账号，按电话里说的代他答复。")


class AcceptForm(AnswerForm):
    note = note(gettext_lazy("什么时候联系对方"))


class DeclineForm(AnswerForm):
    reason_kind = forms.ChoiceField(label=gettext_lazy("原因"), choices=DeclineReason.choices)
    reason = note()
    after: ClassVar = gettext_lazy("接着问下一位")


class AdviseForm(OrderStep):
    reply = paragraph(gettext_lazy("答复"), most=2000)


class VisitForm(OrderStep):
    on = day(gettext_lazy("日期"))
    hours = hours(gettext_lazy("时长（小时）"))
    people = Text(label=gettext_lazy("谁去的"), max_length=100)
    findings = paragraph(gettext_lazy("现场情况"), most=2000)
    spans: ClassVar = {"on": 3, "hours": 3, "people": 6}

    def fill(self) -> None:
        if self.case.craftsman:
            self.fields["people"].initial = self.case.craftsman.name


class ConveneForm(OrderStep):
    experts = forms.MultipleChoiceField(
        label=gettext_lazy("请哪些师傅"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("连承办人至少两位。"),
    )  # fmt: skip
    question = paragraph(gettext_lazy("会诊什么"), required=False)

    def fill(self) -> None:
        found = [match for match in candidates(self.case) if not match.against]
        mine = self.case.craftsman_id
        self.fields["experts"].choices = [  # type: ignore[attr-defined]
            (
                str(match.craftsman.pk),
                _("%(name)s %(title)s") % {"name": match.craftsman.name, "title": match.craftsman.title},
            )
            for match in found[:30]
            if match.craftsman.pk != mine
        ]


class ConcludeForm(OrderStep):
    present = forms.MultipleChoiceField(label=gettext_lazy("到会的专家"), widget=forms.CheckboxSelectMultiple)
    opinions = paragraph(gettext_lazy("会诊意见"), most=2000)
    solution = note(gettext_lazy("解决方案"), most=5000, help_text=gettext_lazy("还没有方案就空着，回到承办人手上。"))

    def fill(self) -> None:
        rows = self.case.panelists.select_related("craftsman")
        field = self.fields["present"]
        field.choices = [(str(row.craftsman_id), row.craftsman.name) for row in rows]  # type: ignore[attr-defined]
        field.initial = [value for value, _name in field.choices]  # type: ignore[attr-defined]


class SolveForm(OrderStep):
    solution = paragraph(gettext_lazy("解决方案"), most=5000)

    def fill(self) -> None:
        self.fields["solution"].initial = self.case.solution


class TryForm(OrderStep):
    trial_result = paragraph(gettext_lazy("试用情况"), most=2000)


class OutcomeForm(OrderStep):
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"), choices=[(state.value, state.label) for state in OUTCOMES], widget=forms.RadioSelect
    )
    hours = hours(gettext_lazy("另用了几小时"))
    people_served = forms.IntegerField(label=gettext_lazy("服务了多少人"), required=False, min_value=0, max_value=99999)
    note = note()
    looks: ClassVar = {"outcome": "chips"}
    spans: ClassVar = {"hours": 6, "people_served": 6}

    def fill(self) -> None:
        programme = self.case.programme
        words = [(state.value, programme.word("state", state, state.label)) for state in OUTCOMES]
        self.fields["outcome"].choices = words  # type: ignore[attr-defined]


STARS = [("", PLEASE_CHOOSE), ("5", gettext_lazy("很满意")), ("4", gettext_lazy("满意")), ("3", gettext_lazy("一般")), ("2", gettext_lazy("不满意")), ("1", gettext_lazy("很不满意"))]  # fmt: skip


class ConfirmedForm(OrderStep):
    confirmed_name = Name(label=gettext_lazy("确认人"))
    paper = Paper(gettext_lazy("盖章的成效确认书"), help_text=gettext_lazy("报成效必须有；没有成效可以不传。"))
    saved = Money(label=gettext_lazy("节约成本（元）"))
    orders_kept = Money(label=gettext_lazy("保住或拓展的订单（元）"))
    jobs = forms.IntegerField(label=gettext_lazy("带动就业（人）"), required=False, min_value=0, max_value=99999)
    rating = forms.ChoiceField(label=gettext_lazy("评价"), choices=STARS, required=False)
    opinion = note(gettext_lazy("评价意见"), most=500)
    apart = note(gettext_lazy("与别的单不是同一笔的说明"), most=300)
    spans: ClassVar = {
        "confirmed_name": 6,
        "paper": 6,
        "saved": 4,
        "orders_kept": 4,
        "jobs": 4,
        "rating": 4,
        "opinion": 8,
    }

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        return {
            **found,
            "saved": found.get("saved") or Decimal(0),
            "orders_kept": found.get("orders_kept") or Decimal(0),
        }


class ReferForm(OrderStep):
    referred_to = Text(label=gettext_lazy("转给哪里"), max_length=100, help_text=gettext_lazy("例如某研究院、某校。"))
    reason = paragraph(gettext_lazy("理由"))


FORMS: dict[str, type[StepForm]] = {
    V.PUSH: PushForm,
    V.ASSIGN: AssignForm,
    V.ACCEPT: AcceptForm,
    V.DECLINE: DeclineForm,
    V.ADVISE: AdviseForm,
    V.VISIT: VisitForm,
    V.CONVENE: ConveneForm,
    V.CONCLUDE: ConcludeForm,
    V.SOLVE: SolveForm,
    V.TRY: TryForm,
    V.RECORD: OutcomeForm,
    V.CONFIRM: ConfirmedForm,
    V.CLOSE: NoteForm,
    V.REFER: ReferForm,
    V.HAND_BACK: ReasonForm,
    V.REFUSE: ReasonForm,
    V.WITHDRAW: ReasonForm,
}


# --- beside the steps


class MessageForm(forms.Form):
    text = paragraph(gettext_lazy("说点什么"), most=2000, rows=2)


class CraftsmanForm(forms.Form):
    name = Name(label=gettext_lazy("姓名"))
    title = Text(
        label=gettext_lazy("称号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("如浙江工匠、首席技师、律师。"),
    )
    trades = Tags(label=gettext_lazy("工种"))
    skills = Tags(label=gettext_lazy("专长"))
    enterprise_name = Text(
        label=gettext_lazy("工作单位（名录里的）"), max_length=100, required=False,
        help_text=gettext_lazy("写全称；不派给自己单位，涉密单也不派给同行业单位。"),
    )  # fmt: skip
    town = forms.TypedChoiceField(label=gettext_lazy("镇街"), required=False, coerce=int, empty_value=None)
    team = forms.TypedChoiceField(label=gettext_lazy("服务队"), required=False, coerce=int, empty_value=None)
    user = forms.TypedChoiceField(label=gettext_lazy("账号"), required=False, coerce=int, empty_value=None, help_text=gettext_lazy("有账号的自己接单；没有的由科室或驻联干部代答。"))  # fmt: skip
    phone = Phone(label=gettext_lazy("手机"))
    programmes = forms.MultipleChoiceField(
        label=gettext_lazy("接哪些项目的单"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一个都不勾就是都接。"),
    )  # fmt: skip
    avoids = Text(
        label=gettext_lazy("回避的单位"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("名录里的全称，用顿号分开。"),
    )
    most_open = forms.IntegerField(label=gettext_lazy("同时最多几单"), min_value=1, max_value=50, initial=3)
    yearly_quota = forms.IntegerField(label=gettext_lazy("每年应完成（单）"), min_value=0, max_value=999, initial=10)
    region = Text(label=gettext_lazy("外地所在地"), max_length=40, required=False)
    longitude = forms.DecimalField(
        label=gettext_lazy("经度"), required=False, min_value=-180, max_value=180, max_digits=9, decimal_places=6
    )
    latitude = forms.DecimalField(
        label=gettext_lazy("纬度"), required=False, min_value=-90, max_value=90, max_digits=8, decimal_places=6
    )
    is_available = forms.BooleanField(label=gettext_lazy("现在能接单"), required=False, initial=True)

    spans: ClassVar = {
        "name": 4, "title": 8, "trades": 6, "skills": 6, "enterprise_name": 8, "town": 4, "team": 4, "user": 4, "phone": 4,
        "most_open": 3, "yearly_quota": 3, "region": 6, "longitude": 3, "latitude": 3,
    }  # fmt: skip
    looks: ClassVar = {"programmes": "chips"}

    def __init__(self, data: Any = None, *, district_id: int, craftsman: Craftsman | None = None) -> None:
        super().__init__(data, initial=_known(craftsman) if craftsman else None)
        self.district_id = district_id
        if craftsman is not None:
            keep_number(self, "phone", craftsman.phone_masked)
        units = [(unit.id, unit.short_name or unit.name) for unit in towns(district_id)]
        teams = Squad.objects.filter(district=district_id).values_list("pk", "name")
        taken = set(
            Craftsman.objects.filter(district=district_id)
            .exclude(user=None)
            .exclude(pk=craftsman.pk if craftsman else 0)
            .values_list("user_id", flat=True)
        )
        people = [
            (one.id, f"{one.name} {one.place}")
            for one in colleagues(district_id, CRAFTSMAN_ROLES)
            if one.id not in taken
        ]
        offered = Programme.objects.running().filter(district=district_id, shape=Shape.ORDER).values_list("pk", "name")
        for name, rows in (("town", units), ("team", teams), ("user", people)):
            self.fields[name].choices = [("", PLEASE_CHOOSE), *rows]  # type: ignore[attr-defined]
        self.fields["programmes"].choices = [(str(pk), name) for pk, name in offered]  # type: ignore[attr-defined]

    def clean_enterprise_name(self) -> Enterprise | None:
        text = self.cleaned_data["enterprise_name"]
        return self._firm(text) if text else None

    def clean_avoids(self) -> list[Enterprise]:
        names = [name.strip() for name in re.split(r"[、;；]", self.cleaned_data["avoids"]) if name.strip()]
        return [self._firm(name) for name in names]

    def _firm(self, name: str) -> Enterprise:
        found = Enterprise.objects.filter(district=self.district_id, name=name).first()
        if found is None:
            raise forms.ValidationError(_("名录里没有“%(name)s”。") % {"name": name})
        return found

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["enterprise"] = found.pop("enterprise_name")
        return found


def _known(craftsman: Craftsman) -> dict[str, Any]:
    names = (
        "name",
        "title",
        "trades",
        "skills",
        "most_open",
        "yearly_quota",
        "region",
        "longitude",
        "latitude",
        "is_available",
    )
    return {
        **{name: getattr(craftsman, name) for name in names},
        "enterprise_name": craftsman.enterprise.name if craftsman.enterprise else "",
        "town": craftsman.town_id,
        "team": craftsman.team_id,
        "user": craftsman.user_id,
        "programmes": [str(pk) for pk in craftsman.programmes.values_list("pk", flat=True)],
        "avoids": "、".join(craftsman.avoids.values_list("name", flat=True)),
    }


class TeamForm(forms.Form):
    name = Text(label=gettext_lazy("队名"), max_length=40)
    trade = Text(label=gettext_lazy("工种"), max_length=20, required=False)
    leader_name = Text(label=gettext_lazy("队长"), max_length=50, required=False)
    liaison_names = Text(label=gettext_lazy("联络员"), max_length=100, required=False)
    yearly_quota = forms.IntegerField(label=gettext_lazy("每年应完成（单）"), min_value=0, max_value=9999, initial=10)
    spans: ClassVar = {"name": 6, "trade": 6, "leader_name": 4, "liaison_names": 4, "yearly_quota": 4}


class CraftsmanFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("姓名、专长"), max_length=50, required=False)
    trade = forms.ChoiceField(label=gettext_lazy("工种"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("服务队"), required=False)
    free = forms.ChoiceField(
        label=gettext_lazy("接单"),
        required=False,
        choices=[("", gettext_lazy("全部")), ("1", gettext_lazy("现在能接"))],
    )

    def __init__(self, data: Any, *, district_id: int) -> None:
        super().__init__(data)
        teams = Squad.objects.filter(district=district_id).values_list("pk", "name")
        for name, rows in (("trade", trades_of(district_id)), ("team", teams)):
            self.fields[name].choices = [("", gettext_lazy("全部")), *rows]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class MonthForm(forms.Form):
    """Which months the board counts."""

    since = forms.DateField(
        label=gettext_lazy("登记自"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def start(self) -> Any:
        self.is_valid()
        return self.cleaned_data.get("since") or timezone.localdate().replace(month=1, day=1)
