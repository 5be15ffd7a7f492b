"""设置: categories of issues, and which department answers for them."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.org.views.answers import again, data, done, person, tried

from ..actions import routing as actions
from ..actions.routing import check_keeps_routing
from ..forms.routing import CategoryForm, RouteForm
from ..models import Category, Route


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    check_keeps_routing(person(request))
    rows = Category.objects.select_related("parent").annotate(rules=Count("routes")).order_by("position", "pk")
    children: dict[int | None, list[Category]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    groups = [(parent, children.get(parent.pk, [])) for parent in children.get(None, [])]
    return render(request, "visits/categories.html", {"groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
def category_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    user = person(request)
    check_keeps_routing(user)
    shown = get_object_or_404(Category, pk=pk) if pk else None
    initial = (
        {name: getattr(shown, name) for name in ("parent", "code", "name", "name_en", "position", "is_active")}
        if shown
        else {}
    )
    form = CategoryForm(data(request), category=shown, initial=initial)
    if form.is_bound and form.is_valid():
        ok, made = tried(form, lambda: actions.save_category(shown, by=user, **form.cleaned_data))
        if ok:
            return done(request, _("已保存“%(name)s”。") % {"name": made.name}, reverse("visits:categories"))
    return again(
        request, "visits/category_form.html", {"form": form, "category": shown, "back": reverse("visits:categories")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def routes(request: HttpRequest) -> HttpResponse:
    user = person(request)
    district = check_keeps_routing(user)
    form = RouteForm(data(request), district_id=district)
    if form.is_bound and form.is_valid():
        ok, _made = tried(form, lambda: actions.add_route(by=user, **form.cleaned_data))
        if ok:
            return done(request, _("规则已加上，只影响今后的建议。"), reverse("visits:routes"))
    rows = Route.objects.filter(district=district).select_related("category__parent", "town", "department")
    covered = set(rows.filter(town=None).values_list("category", flat=True))
    missing = [
        category
        for category in Category.objects.filter(is_active=True).exclude(parent=None).select_related("parent")
        if category.pk not in covered and category.parent_id not in covered
    ]
    return again(request, "visits/routes.html", {"form": form, "rows": rows, "missing": missing})


@require_POST
def route_remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    district = check_keeps_routing(user)
    route = get_object_or_404(Route, pk=pk, district=district)
    actions.drop_route(route, by=user)
    return done(request, _("规则已删除。"), reverse("visits:routes"))
