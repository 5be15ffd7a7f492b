"""The Word templates of the office, for its administrator."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.casework import attachments
from unionops.insight.indicators import indicators
from unionops.org.views.answers import again, data, done, person, tried

from .. import office, registry
from .. import templates as keeping
from ..enums import CONTENT_TYPES, Format
from ..forms import TemplateForm
from ..models import OfficeTemplate
from ..registry import Pack
from .downloads import size_words


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    district = keeping.district_of(person(request))
    used = {one.pack: one for one in OfficeTemplate.objects.filter(district=district, in_use=True)}
    rows = [(pack, used.get(pack.code)) for pack in _papers()]
    return render(request, "packs/templates.html", {"rows": rows})


def _papers() -> list[Pack]:
    return [pack for pack in registry.packs() if Format.DOCX in pack.formats]


def _pack(code: str) -> Pack:
    for pack in _papers():
        if pack.code == code:
            return pack
    raise Http404("no such pack")


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, code: str) -> HttpResponse:
    user = person(request)
    district, pack = keeping.district_of(user), _pack(code)
    form = TemplateForm(data(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        ok, kept = tried(form, lambda: keeping.upload(pack, form.cleaned_data["file"], by=user))
        if ok:
            said = _("第 %(n)s 版已启用，下次做这份材料就用它。") % {"n": kept.version}
            return done(request, said, reverse("packs:template", args=[code]))
    versions = OfficeTemplate.objects.filter(district=district, pack=code).select_related("uploaded_by")
    rows = [(one, size_words(one.size)) for one in versions[:50]]
    context = {
        "pack": pack,
        "form": form,
        "versions": rows,
        "is_standard": not any(one.in_use for one, _size in rows),
        "plain": [(_place(name), words) for name, words in _plain()],
        "blocks": [(_place(f"p {name}"), words) for name, words in _blocks(pack)],
        "figures": [(_place(f"r figures.{one.code}"), one.name) for one in indicators()],
    }
    return again(request, "packs/template.html", context)


def _place(name: str) -> str:
    return f"{{{{{name} }}}}" if name[1] == " " else f"{{{{ {name} }}}}"


def _plain() -> list[tuple[str, str]]:
    return [
        ("title", _("材料的名称")), ("subtitle", _("副标题：哪一周、哪一年")), ("organisation", _("单位")), ("number", _("编号")),
        ("date", _("制作的日期")), ("note", _("附注")),
    ]  # fmt: skip


def _blocks(pack: Pack) -> list[tuple[str, str]]:
    found = [("body", _("全部正文")), ("meta", _("标题下的说明行")), ("signatures", _("签字栏"))]
    return found + [(f"sections.{code}", _("只放这一节")) for code in pack.sections]


@require_safe
def standard_file(request: HttpRequest, code: str) -> FileResponse:
    keeping.district_of(person(request))
    pack = _pack(code)
    return _file(io.BytesIO(office.standard_template()), f"{pack.title}.docx")


@require_safe
def version_file(request: HttpRequest, code: str, version: int) -> FileResponse:
    found = _version(request, code, version)
    return _file(attachments.store_path(found.stored_as).open("rb"), f"{_pack(code).title}-{version}.docx")


def _file(opened: object, name: str) -> FileResponse:
    return FileResponse(opened, as_attachment=True, filename=name, content_type=CONTENT_TYPES[Format.DOCX])


def _version(request: HttpRequest, code: str, version: int) -> OfficeTemplate:
    district = keeping.district_of(person(request))
    return get_object_or_404(OfficeTemplate, district=district, pack=_pack(code).code, version=version)


@require_POST
def use(request: HttpRequest, code: str, version: int) -> HttpResponse:
    keeping.use(_version(request, code, version), by=person(request))
    return done(request, _("换回第 %(n)s 版了。") % {"n": version}, reverse("packs:template", args=[code]))


@require_POST
def use_standard(request: HttpRequest, code: str) -> HttpResponse:
    keeping.use_standard(_pack(code), by=person(request))
    return done(request, _("换回标准模板了，办公室自己的各版还在。"), reverse("packs:template", args=[code]))
