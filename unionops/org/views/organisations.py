"""The tree of organisations, which everybody may read and administrators keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..actions import organisations as actions
from ..enums import OrganisationKind
from ..errors import NotAllowed
from ..forms.directory import OnForm, OrganisationForm, parents_for
from ..models import Organisation, Posting
from ..permissions import check_administers, district_of
from ..queries.accounts import tree
from .answers import Step, again, data, done, person, step, tried


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    user = person(request)
    with_closed = request.GET.get("closed") == "1"
    rows = list(tree(user, with_closed=with_closed))
    context = {
        "rows": rows,
        "with_closed": with_closed,
        "administers": user.scope.administers,
        "kinds": OrganisationKind,
        "today": timezone.localdate(),
    }
    return render(request, "org/organisations.html", context)


def _visible(request: HttpRequest, pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(person(request)), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not user.scope.administers:
        raise NotAllowed(_("组织由系统管理员维护。"))
    wanted = {name: request.GET[name] for name in ("kind", "parent") if name in request.GET}
    form = OrganisationForm(data(request), parents=parents_for(user), initial=wanted)
    if form.is_bound and form.is_valid():
        ok, made = tried(form, lambda: actions.create_organisation(by=user, **form.cleaned_data))
        if ok:
            return done(request, _("%(name)s已登记。") % {"name": made.name}, reverse("org:organisations"))
    return again(request, "org/organisation_form.html", {"form": form, "organisation": None})


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_administers(user, district_of(shown))
    names = ("name", "short_name", "code", "aliases", "valid_from")
    kept = {name: getattr(shown, name) for name in names} | {"parent": shown.parent_id}
    form = OrganisationForm(data(request), parents=parents_for(user, shown), organisation=shown, initial=kept)
    if form.is_bound and form.is_valid():
        ok, _row = tried(form, lambda: actions.edit_organisation(shown, by=user, **form.cleaned_data))
        if ok:
            return done(request, _("已保存。"), reverse("org:organisations"))
    return again(request, "org/organisation_form.html", {"form": form, "organisation": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_close(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_administers(user, district_of(shown))
    today = timezone.localdate()
    asked = Step(
        title=_("停用%(name)s") % {"name": shown.name},
        submit=_("停用"),
        back=reverse("org:organisations"),
        text=_("停用后不能再任职、不能再选，以前的记录照旧显示这个名称。"),
        effects=[
            (_("在职人数"), Posting.objects.on(today).filter(organisation=shown).count()),
            (_("启用中的下级"), Organisation.objects.filter(parent=shown).valid_on(today).count()),
            (_("名录里的企业"), shown.enterprises.count()),
        ],
        warning=_("有人在职或有下级的，要先交接、移走，才能停用。"),
        danger=True,
    )
    form = OnForm(data(request))
    return step(
        request, form, asked, lambda: actions.close_organisation(shown, by=user, **form.cleaned_data), _("已停用。")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_administers(user, district_of(shown))
    asked = Step(
        title=_("恢复%(name)s") % {"name": shown.name}, submit=_("恢复启用"), back=reverse("org:organisations")
    )
    form = OnForm(data(request))
    del form.fields["on"]
    return step(
        request, form, asked, lambda: actions.edit_organisation(shown, by=user, valid_to=None), _("已恢复启用。")
    )
