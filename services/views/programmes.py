"""Settings of the programmes: the administrator makes, changes and retires them; a new one needs no code."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.views.steps import Asked, take
from unionops.org.errors import NotAllowed
from unionops.org.models import Organisation
from unionops.org.views.answers import Step, data, person, step, version

from .. import catalogue
from ..actions import programmes as actions
from ..enums import Shape
from ..forms.asking import ConfirmForm
from ..forms.programmes import CatalogueForm, ProgrammeForm
from ..models import Programme
from ..shapes import kind_for, shape_kinds


def district_of(request: HttpRequest) -> Organisation:
    administers = person(request).scope.administers
    if not administers:
        raise NotAllowed(_("服务项目由系统管理员设置。"))
    return Organisation.objects.get(pk=min(administers))


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Every programme of the district, retired ones at the end."""
    district = district_of(request)
    rows = list(Programme.objects.filter(district=district).select_related("organisation").order_by("name"))
    running = sorted((row for row in rows if row.retired_at is None), key=_group)
    known = {row.code for row in rows}
    context = {
        "groups": [(name, [_line(row) for row in group]) for name, group in groupby(running, key=_group)],
        "retired": [_line(row) for row in rows if row.retired_at is not None],
        "count": len(running),
        "left": sum(row["code"] not in known for row in catalogue.rows()),
        "shapes": [
            {
                "label": kind.label, "glyph": kind.icon, "words": SHAPE_WORDS[Shape(kind.shape)],
                "url": f"{reverse('services:programme_new')}?shape={kind.shape}",
            }
            for kind in shape_kinds()
        ],
    }  # fmt: skip
    return render(request, "services/programmes.html", context)


SHAPE_WORDS = {
    Shape.CLAIM: gettext_lazy("有人申请，审核后发钱发物"),
    Shape.ORDER: gettext_lazy("有人提需求，派人上门办"),
    Shape.ACTIVITY: gettext_lazy("办一场活动或一期班，有人报名"),
    Shape.PLACE: gettext_lazy("管一个场所：设施、巡查、维修"),
}


def _group(row: Programme) -> str:
    return row.group or str(_("其他"))


def _line(row: Programme) -> dict[str, Any]:
    return {
        "programme": row,
        "shape": Shape(row.shape).label,
        "icon": row.icon or kind_for(row.shape).icon,
        "department": row.organisation.short_name or row.organisation.name,
        "url": reverse("services:programme_edit", args=[row.pk]),
        "retire_url": reverse("services:programme_retire", args=[row.pk]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Programmes of the catalogue that the district does not have yet; those that are ticked are added."""
    district = district_of(request)
    known = set(Programme.objects.filter(district=district).values_list("code", flat=True))
    rows = catalogue.rows()
    form = CatalogueForm(data(request), rows=[row for row in rows if row["code"] not in known])
    if form.is_bound and form.is_valid():
        done = actions.install(district, form.chosen(), by=person(request))
        messages.success(request, _("已添加 %(n)d 个项目，现在就能登记。") % {"n": len(done.added)})
        return HttpResponseRedirect(reverse("services:programmes"))
    context = {"form": form, "here": len(rows) - len(form.rows), "back": reverse("services:programmes")}
    response = render(request, "services/catalogue.html", context, status=422 if form.errors else 200)
    response.is_refused_form = bool(form.errors)  # type: ignore[attr-defined]
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    district = district_of(request)
    shape = request.POST.get("shape") or request.GET.get("shape") or ""
    if shape not in {kind.shape for kind in shape_kinds()}:
        return HttpResponseRedirect(reverse("services:programmes"))
    form = ProgrammeForm(data(request), district_id=district.pk, shape=shape)
    asked = Asked(
        title=_("新建%(shape)s项目") % {"shape": form.shape_words}, back=reverse("services:programmes"),
        said=_("项目已建好，现在就能登记。"),
    )  # fmt: skip
    return _take(request, form, asked, lambda: actions.make(district, shape, by=person(request), **form.arguments()))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    district = district_of(request)
    programme = get_object_or_404(Programme.objects.filter(district=district), pk=pk)
    form = ProgrammeForm(data(request), district_id=district.pk, shape=programme.shape, programme=programme)
    asked = Asked(
        title=programme.name, back=reverse("services:programmes"), version=programme.version, said=_("已保存。")
    )
    return _take(
        request, form, asked,
        lambda: actions.change(programme, by=person(request), version=version(request), **form.arguments()), programme,
    )  # fmt: skip


def _take(
    request: HttpRequest, form: ProgrammeForm, asked: Asked, act: Any, programme: Programme | None = None
) -> HttpResponse:
    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        context = {**opened, "programme": programme, "shape": form.kind.shape}
        return render(request, "services/programme.html", context, status=status)

    return take(request, form, asked, act, draw)


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    district = district_of(request)
    programme = get_object_or_404(Programme.objects.filter(district=district), pk=pk)
    again = programme.retired_at is not None
    asked = Step(
        title=(_("恢复“%(name)s”") if again else _("停办“%(name)s”")) % {"name": programme.name},
        submit=_("恢复") if again else _("停办"), back=reverse("services:programmes"), danger=not again,
        text="" if again else _("停办后不再登记新的，在办的继续办完。"),
    )  # fmt: skip
    return step(
        request, ConfirmForm(data(request)), asked, lambda: actions.retire(programme, by=person(request), again=again),
        _("已恢复。") if again else _("已停办。"),
    )  # fmt: skip
