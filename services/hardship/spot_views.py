"""The yearly spot check of household files: drawing, the list that was drawn, and what was found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.org.views.answers import Step, data, person, step

from ..models import Programme
from . import spot_checks
from .enums import PROGRAMME, FileState, Found
from .forms import DrawForm, SpotForm
from .models import Draw, HouseholdFile, SpotCheck
from .permissions import check_runs

MOST = 500


def _programme(request: HttpRequest) -> Programme:
    return get_object_or_404(Programme.objects.visible_to(person(request)), code=PROGRAMME)


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """This year's, or another one's; a person sees the households that they may see."""
    programme, user = _programme(request), person(request)
    draws = list(Draw.objects.filter(district=programme.district_id)[:20])
    asked = request.GET.get("year", "")
    shown = next((one for one in draws if str(one.year) == asked), draws[0] if draws else None)
    seen = HouseholdFile.objects.visible_to(user)
    rows = SpotCheck.objects.filter(draw=shown, file__in=seen).select_related("file__town", "file__claim", "done_by")
    found = list(rows.prefetch_related("file__reviews")[:MOST])
    context = {
        "draw": shown, "draws": draws, "rows": found, "active": seen.filter(state=FileState.ACTIVE).count(),
        "done": sum(bool(row.result) for row in found), "bad": sum(row.result not in ("", Found.TRUE) for row in found),
        "may_draw": not refusal(check_runs, user, programme.organisation_id)
        and not any(one.year == timezone.localdate().year for one in draws),
    }  # fmt: skip
    return render(request, "hardship/checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    programme, user = _programme(request), person(request)
    check_runs(user, programme.organisation_id)
    form = DrawForm(data(request))
    asked = Step(
        title=_("抽取今年的抽查"), submit=_("抽取"), back=reverse("hardship:checks"),
        text=_("从今天在档的里面随机抽，种子记下来，谁都可以再抽一遍核对。一年抽一次。"),
    )  # fmt: skip
    return step(request, form, asked, lambda: spot_checks.draw(programme, by=user, share=form.cleaned_data["share"]), _("已抽好，请安排入户。"))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    rows = SpotCheck.objects.filter(file__in=HouseholdFile.objects.visible_to(user)).select_related("file__claim", "draw")  # fmt: skip
    row = get_object_or_404(rows, pk=pk)
    spot_checks.check_settles(user, row)
    form = SpotForm(data(request))
    asked = Step(
        title=_("登记抽查：%(number)s") % {"number": row.file.number}, submit=_("登记结果"),
        back=f"{reverse('hardship:checks')}?year={row.draw.year}", text=_("两个人一起入户；核对或复核过这户的人不参加。"),
    )  # fmt: skip
    return step(request, form, asked, lambda: spot_checks.settle(row, by=user, **form.cleaned_data), _("抽查结果已登记。"))  # fmt: skip
