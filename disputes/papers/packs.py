"""The papers of a case as downloads: a form that asks what only people know, and the file made by a worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.orphans import Owner, register_owner
from unionops.org.enums import CASE_ROLES, Role
from unionops.org.models import User
from unionops.packs import making
from unionops.packs.documents import Document
from unionops.packs.enums import Format
from unionops.packs.gathering import one_of
from unionops.packs.registry import Pack, PackForm, Wanted, find, register_pack

from ..actions import papers as keeping
from ..enums import END_STATES
from ..models import CaseFile, Dispute
from ..permissions import check_may_reveal, know_relations
from . import statistics
from .facts import Facts
from .kinds import PaperKind
from .table import RULES, check_may_make

ROLES = CASE_ROLES | {Role.PARTNER}
# By their numbers (domain 7); whatever else is part of the file of a case.
DOCUMENTS = {PaperKind.REGISTER: "D12", PaperKind.FOLLOW_UP: "D11 D13", PaperKind.MAJOR: "D15"}
_RELATED = ("organisation", "district", "town", "term", "mediator", "registered_by")


def code_of(kind: str) -> str:
    """The name of its pack."""
    return f"dispute_{kind}"


def dispute_for(user: User, text: str) -> Dispute:
    """The case of an address, as its page would find it."""
    return one_of(Dispute.objects.visible_to(user).select_related(*_RELATED), text)


class PaperForm(PackForm):
    """The address names the case, and what of it the paper is about."""

    kind: PaperKind

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.dispute = dispute_for(self.user, self.query.get("dispute", ""))
        know_relations(self.user, self.dispute)
        self.rule = RULES[self.kind]
        self.is_kept = self.dispute.state in END_STATES
        self.facts = Facts(self.dispute, self.user, full=False, about=self.query.get("about", ""))
        if self.is_kept:
            self.facts.about = self.query.get("about", "")
            return
        if self.rule.abouts is not None:
            choices = self.rule.abouts(self.facts)
            if not self.facts.about and len(choices) == 1:
                self.facts.about = choices[0][0]
            self.fields["about"] = forms.ChoiceField(
                label=_("哪一项"), choices=choices, initial=self.facts.about
            )  # fmt: skip
            self.facts.about = self.facts.about or (choices[0][0] if choices else "")
        check_may_make(self.facts, self.kind)
        for name, first in self.rule.asks.items():
            self.fields[name] = _asked(name)
            self.initial[name] = first(self.facts)

    def shown(self) -> list[tuple[str, str]]:
        found = [(_("争议"), f"{self.dispute.number} {self.dispute.title}")]
        if not self.is_kept and (missing := self.rule.missing(self.facts)):
            found.append((_("还缺"), "；".join(missing)))
        if self.rule.full:
            found.append((_("个人信息"), _("含完整号码，制作会记入经过的查看记录。")))
        return found

    def parameters(self) -> dict[str, Any]:
        about = self.cleaned_data.get("about", self.facts.about)
        answers = {name: str(self.cleaned_data[name]) for name in self.rule.asks if name in self.cleaned_data}
        return {"dispute": str(self.dispute.pk), "about": about, "answers": answers}

    def told(self) -> str:
        return self.dispute.number


def _asked(name: str) -> forms.Field:
    match name:
        case "days":
            return forms.IntegerField(label=_("延长几天"), min_value=1, max_value=365)
        case "body":
            return forms.CharField(label=_("向哪里申请"), max_length=100)
        case "to":
            return forms.CharField(label=_("报送给"), max_length=100)
        case "papers":
            label = _("送达的文书和文号（一行一份）")
        case "risk":
            label = _("风险研判")
        case "measures":
            label = _("已采取和拟采取的措施")
        case _:
            label = _("原因")
    return forms.CharField(label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


def form_of(kind: PaperKind) -> type[PaperForm]:
    return type(f"{kind.name.title()}PaperForm", (PaperForm,), {"kind": kind})


def _stream(kind: PaperKind, form: Format) -> Callable[[Wanted, IO[bytes]], object]:
    """Written straight into the file: full numbers stand nowhere else than in it and, sealed, in the case."""

    def stream(wanted: Wanted, target: IO[bytes]) -> None:
        given = wanted.parameters
        dispute = dispute_for(wanted.user, given["dispute"])
        paper = keeping.make_paper(
            dispute, by=wanted.user, kind=kind, about=given.get("about", ""), answers=given.get("answers")
        )  # fmt: skip
        wanted.tell(60)
        pack = find(code_of(kind))
        assert pack is not None
        making.write_document(paper.content, form, pack, wanted.user, target)

    return stream


def _never(wanted: Wanted) -> Document:
    raise Http404("a paper of a case is written by its stream")


# --- the bound file


class FileForm(PackForm):
    """The file of the latest volume, or of the one that the address names."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.dispute = dispute_for(self.user, self.query.get("dispute", ""))
        check_may_reveal(self.user, self.dispute)
        self.file = file_of(self.dispute, self.query.get("volume", ""))

    def parameters(self) -> dict[str, Any]:
        return {"dispute": str(self.dispute.pk), "volume": self.file.volume}

    def shown(self) -> list[tuple[str, str]]:
        return [(_("争议"), f"{self.dispute.number} {self.dispute.title}"), (_("内容校验值"), self.file.content_sha256)]

    def told(self) -> str:
        return self.dispute.number


def file_of(dispute: Dispute, volume: object) -> CaseFile:
    files = dispute.case_files.order_by("-volume")
    text = str(volume)
    found = files.filter(volume=int(text)).first() if text.isdecimal() else files.first()
    if found is None:
        raise Http404("no such file")
    return found


def bound(wanted: Wanted, target: IO[bytes]) -> None:
    """Bind the file if nobody has; from then on give out the same bytes."""
    dispute = dispute_for(wanted.user, wanted.parameters["dispute"])
    check_may_reveal(wanted.user, dispute)
    found = file_of(dispute, wanted.parameters["volume"])
    if not found.stored_as:
        from . import binding  # noqa: PLC0415 -- brings pypdf, 6 MB in each process, most of which never seal a file

        data, pages = binding.bind(found, wanted.tell)
        found = keeping.keep_bound(found, data, pages, by=wanted.user)
    target.write(keeping.fetch_file(found, by=wanted.user))


def declare() -> None:
    hint = gettext_lazy("后台制作，做好后铃铛里有通知。重做一次文号不变，卷宗里留最后做的一份。")
    for kind in PaperKind:
        register_pack(
            Pack(
                code=code_of(kind), title=kind.label, roles=ROLES, gather=_never, formats=(Format.DOCX, Format.PDF),
                form=form_of(kind), streams={form: _stream(kind, form) for form in (Format.DOCX, Format.PDF)}, listed=False,
                hint=hint, position=70, documents=DOCUMENTS.get(kind, "D13"),
            )
        )  # fmt: skip
    register_pack(
        Pack(
            code=keeping.FILE_PACK, title=gettext_lazy("调解案卷"), roles=ROLES, gather=_never, formats=(Format.PDF,), form=FileForm,
            streams={Format.PDF: bound}, listed=False, hint=gettext_lazy("封存的案卷只装订一次，每次取到的都是同一份文件。"), position=71, documents="D13",
        )
    )  # fmt: skip
    statistics.declare()
    register_owner("case_files", Owner(frozenset({keeping.BOUND}), keeping.named_files))
