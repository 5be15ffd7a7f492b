"""What the law on personal information asks for (D35): 告知书和单独同意书, 访问日志, 影响评估表 (个人信息保护法 14-17, 29, 55, 56)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from unionops.joining import listed
from unionops.org.enums import CASE_ROLES, Role
from unionops.org.events import kind_of
from unionops.org.models import Event
from unionops.packs.documents import Block, Cell, Column, Document, Section, Table, paragraph
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack

from ..enums import Applicant, Relation, Shape
from ..extra import Extra
from ..models import Programme
from ..shapes import kind_for
from .making import LANGUAGE
from .parts import day, numbered_as, sheet, short
from .table import TABLES, CasePaper, Given, register_papers

WATCHING = frozenset({Relation.DESK, Relation.LEADER, Relation.CHIEF})
MOST_LINES = 1000
_LEVELS = ("高", "中", "低")


def _sensitive(programme: Programme) -> list[str]:
    found = ["身份证号", *(["银行账号"] if programme.shape == Shape.CLAIM and programme.uses("pay") else [])]
    return [*found, *(extra.label for extra in programme.extras if extra.sealed)]


def _plain(programme: Programme) -> list[str]:
    return ["姓名", "电话", *(extra.label for extra in programme.extras if not extra.sealed and extra.public)]


def _readers(programme: Programme) -> str:
    office = short(programme.organisation)
    return (
        f"{office}和区工会的分管领导" if programme.is_confidential else f"{office}、您所在镇街的工会和区工会的分管领导"
    )


def consent(given: Given) -> Document:
    """告知书和单独同意书: what is told before, and the consent that sensitive data needs apart from it."""
    row, programme = given.case, given.case.programme
    told = [
        f"处理者：{row.district.name}（{short(programme.organisation)}）。",
        f"目的：办理“{programme.name}”，不用于别的事。",
        f"种类：{listed(_plain(programme))}；敏感个人信息：{listed(_sensitive(programme))}。",
        f"谁能看：{_readers(programme)}。号码平时打码显示，看完整的要写理由，每次都有记录。",
        f"方式：在系统里登记，敏感信息加密存放；{'需要公示的，只公示打码的姓名、单位、类别和金额。' if programme.uses('publish') else '不对外公开。'}",
        f"保存：办结后 {programme.keep_years} 年，到期删除；法律另有规定的，从其规定。",
        "您可以查阅、复制、更正、补充您的信息，可以要求删除，也可以随时撤回同意。撤回不影响撤回前已经办的事；不提供或者撤回必需的信息，这件事可能办不了。",
    ]
    agreed = [
        f"本人同意为办理“{programme.name}”处理本人的敏感个人信息：{listed(_sensitive(programme))}。",
        "□ 同意向民政、医保、税务等部门核对与本次申请有关的情况。　□ 同意入户核实时拍摄住处。",
    ]
    return Document(
        "个人信息处理告知书和单独同意书",
        [
            Section("一、告知", [paragraph(f"{at}. {line}") for at, line in enumerate(told, start=1)], "told"),
            Section("二、单独同意", [paragraph(line) for line in agreed], "agreed"),
        ],
        organisation=row.district.name, number=row.number, meta=[("申请人", row.applicant_name), ("身份证号", row.identity_masked)],
        signatures=["本人（监护人）", "经办人"],
    )  # fmt: skip


_WHAT = {"reveal": "查看完整内容", "read": "查看名单"}


def access_log(given: Given) -> Document:
    """访问日志 of a case: who looked at what, when and why; what was looked at is not in it."""
    row = given.case
    about = [(kind_of(row), row.pk)]
    found_class = getattr(row, "class_file", None)
    if found_class is not None:
        about.append((kind_of(found_class), found_class.pk))
    events: list[Event] = []
    for kind, key in about:
        own = Event.objects.about(kind, key).select_related("by").order_by("-at", "-pk")
        events += [one for one in own[: 5 * MOST_LINES] if one.verb.partition(".")[2] in _WHAT]
    events.sort(key=lambda one: one.at)
    rows: list[list[Cell]] = [
        [
            str(at), one.at, one.by.name, _WHAT[one.verb.partition(".")[2]], str((one.data or {}).get("field") or (one.data or {}).get("page") or ""),
            str((one.data or {}).get("reason") or ""),
        ]
        for at, one in enumerate(events[-MOST_LINES:], start=1)
    ]  # fmt: skip
    columns = [
        Column("序号", width=5), Column("时间", width=16), Column("谁", width=8), Column("做了什么", width=11), Column("哪一项", width=13),
        Column("理由", width=18),
    ]  # fmt: skip
    return Document(
        "个人信息访问日志",
        [Section("", [sheet([("编号", numbered_as(row)), ("项目", row.programme.name)]), Table("", columns, rows, empty="还没有人查看过完整内容。")], "rows")],
        organisation=row.district.name, number=row.number, meta=[("制表日期", day(given.on))], signatures=["制表", "审核"],
    )  # fmt: skip


# --- 影响评估表 of a programme


class AssessmentForm(PackForm):
    programme = forms.ChoiceField(label=_("项目"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        own = Programme.objects.visible_to(self.user)
        self.fields["programme"].choices = [(row.code, row.name) for row in own]  # type: ignore[attr-defined]
        self.initial.setdefault("programme", self.query.get("programme", ""))

    def parameters(self) -> dict[str, Any]:
        return {"programme": self.cleaned_data["programme"]}

    def told(self) -> str:
        return str(dict(self.fields["programme"].choices)[self.cleaned_data["programme"]])  # type: ignore[attr-defined]


def _need(extra: Extra) -> list[Cell]:
    who = "群众自己填" if extra.public else "工作人员填"
    return [extra.label, "敏感，加密存放" if extra.sealed else "一般", who, "必填" if extra.required else "选填"]


def assessment(wanted: Wanted) -> Document:
    """个人信息保护影响评估表 (Art 55, 56): what the programme keeps of people as it is set up, and what is to be judged."""
    rows = Programme.objects.visible_to(wanted.user).select_related("district", "organisation")
    programme = rows.get(code=wanted.parameters["programme"])
    with translation.override(LANGUAGE):
        facts: list[tuple[str, Cell]] = [
            ("项目", programme.name), ("目的", programme.summary), ("主办科室", programme.organisation.name),
            ("服务对象", listed(Applicant(one).label for one in programme.applicants)), ("类型", str(kind_for(programme.shape).label)),
            ("谁能看", _readers(programme).replace("您所在", "所在")), ("对外保密", "是" if programme.is_confidential else "否"),
            ("群众自助申请", "是" if programme.is_public else "否"), ("公示", "打码公示" if programme.uses("publish") else "不公示"),
            ("须交材料", listed(programme.documents)), ("保存期限", f"办结后 {programme.keep_years} 年"),
        ]  # fmt: skip
        fields = [["姓名、电话", "一般", "群众自己填", "必填"], ["身份证号", "敏感，加密存放", "群众自己填", "选填"]]
        fields += [_need(one) for one in programme.extras]
        judged = [
            ("目的、方式是否合法、正当、必要", "逐项说明为什么要这些信息"),
            ("对个人权益的影响和安全风险", f"等级：{' '.join('□' + one for one in _LEVELS)}"),
            ("保护措施是否合法、有效、与风险相适应", "加密、打码、按岗授权、写理由、留记录、到期删除"),
            ("未成年人信息", "监护人同意、专门规则、分管领导批准"),
            ("结论和改进措施", ""),
        ]
        blocks: list[Block] = [
            Table(
                "",
                [Column("评估内容", width=14), Column("要点", width=16), Column("评估意见", width=18)],
                [[a, b, ""] for a, b in judged],
                tall=True,
            )
        ]
        return Document(
            "个人信息保护影响评估表",
            [
                Section("一、项目", [sheet(facts)], "facts"),
                Section("二、处理哪些个人信息", [Table("", [Column("项目", width=16), Column("性质", width=10), Column("谁填", width=9), Column("要求", width=7)], fields)], "fields"),
                Section("三、评估", blocks, "judged"),
            ],
            organisation=programme.district.name, subtitle=programme.name, signatures=["评估人", "主办科室负责人", "分管领导"],
            note=f"评估报告和处理情况记录至少保存三年。制表日期：{day(timezone.localdate())}",
        )  # fmt: skip


def declare() -> None:
    register_papers(
        CasePaper(
            code="privacy_consent", documents="D35", title=_("个人信息告知书和单独同意书"), note=_("打印给本人签字"), icon="lock",
            write=consent, applies=lambda row: row.applicant_kind == Applicant.PERSON,
        ),
        CasePaper(
            code="access_log", documents="D35", title=_("个人信息访问日志"), note=_("谁在什么时候为什么看过"), icon="eye", who=WATCHING,
            write=access_log, formats=TABLES,
        ),
    )  # fmt: skip
    register_pack(
        Pack(
            code="privacy_assessment", title=_("个人信息保护影响评估表"), note=_("一个项目收集什么、谁能看、怎么保护"), icon="shield-check",
            roles=CASE_ROLES | {Role.ADMIN}, form=AssessmentForm, gather=assessment, sections=("facts", "fields", "judged"), position=62, documents="D35",
        )
    )  # fmt: skip
