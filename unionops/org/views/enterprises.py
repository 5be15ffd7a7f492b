"""The directory of enterprises: the list, the search of the visit form, one firm's page and its steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from unionops.china.search import LONGEST_QUERY

from ..actions import enterprises as actions
from ..enums import EnterpriseStatus
from ..errors import ActionError, Conflict
from ..forms.directory import ConfirmForm, ContactForm, EnterpriseFilter, EnterpriseForm, MergeForm, OnForm
from ..forms.fields import refuse
from ..merging import effects
from ..models import Contact, Enterprise, Event, Organisation
from ..permissions import (
    check_keeps_directory,
    check_keeps_key_list,
    check_may_edit,
    check_reveals,
    may,
    may_add_enterprises,
)  # fmt: skip
from ..queries import directory
from ..queries.log import sentences
from .answers import Step, again, data, done, pages, person, step, told, tried, version
from .revealing import reveal_number


@require_safe
@vary_on_headers("HX-Request")
def enterprises(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = EnterpriseFilter(request.GET, towns=directory.towns(user))
    wanted = form.cleaned_data if form.is_valid() else {}
    page = directory.enterprise_page(user, wanted, request.GET.get("after", ""))
    context = {
        "filter": form,
        "page": page,
        "today": timezone.localdate(),
        **pages(request, page),
        "may_add": may_add_enterprises(user),
    }
    return render(request, "org/enterprises.html", context)


@require_GET
def enterprise_suggest(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    return JsonResponse({"results": directory.suggest(person(request), text)})


def _visible(request: HttpRequest, pk: UUID) -> Enterprise:
    found = Enterprise.objects.visible_to(person(request)).select_related("town", "district")
    return get_object_or_404(found, pk=pk)


def _page(enterprise: Enterprise) -> str:
    return reverse("org:enterprise", args=[enterprise.pk])


@require_safe
def enterprise(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    shown = _visible(request, pk)
    contacts = list(shown.contacts.all())
    for contact in contacts:
        contact.enterprise = shown
    context = {
        "enterprise": shown,
        "contacts": contacts,
        "key_entries": shown.key_entries.all(),
        "visits": directory.visits_of(shown, user),
        "issues": directory.issues_of(shown, user),
        "events": sentences(Event.objects.about("enterprise", shown.pk).order_by("-at", "-pk")[:20]),
        "may_edit": may(check_may_edit, user, shown),
        "may_keep_key": may(check_keeps_key_list, user, shown.district_id),
        "may_merge": may(check_keeps_directory, user, shown.district_id),
        "may_reveal": bool(contacts) and may(check_reveals, user, contacts[0]),
        "today": timezone.localdate(),
        "status": EnterpriseStatus,
    }
    return render(request, "org/enterprise.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = EnterpriseForm(data(request), user=user, initial={"name": request.GET.get("name", "")[:100]})
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        town: Organisation = values["town"]
        district = town.district
        assert district is not None  # the form offers towns only
        ok, made = tried(
            form,
            lambda: actions.create_enterprise(
                district=district, by=user, provisional=not values["credit_code"], **values
            ),
        )
        if ok:
            return done(request, _("%(name)s已登记。") % {"name": made.name}, _page(made))
    return again(
        request, "org/enterprise_form.html", {"form": form, "enterprise": None, "back": reverse("org:enterprises")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    shown = _visible(request, pk)
    check_may_edit(user, shown)
    form = EnterpriseForm(data(request), user=user, initial=_facts(shown))
    if form.is_bound and form.is_valid():
        try:
            actions.edit_enterprise(shown, by=user, version=version(request), **form.cleaned_data)
        except Conflict as conflict:
            return _both_versions(request, shown, form, conflict)
        except ActionError as error:
            if error.status == 403:
                raise
            refuse(form, error)
        else:
            return done(request, _("已保存。"), _page(shown))
    context = {"form": form, "enterprise": shown, "back": _page(shown)}
    return again(request, "org/enterprise_form.html", context)


def _facts(enterprise: Enterprise) -> dict[str, Any]:
    names = [name for name in EnterpriseForm.base_fields if name not in ("override_reason", "credit_code")]
    return {
        **{name: getattr(enterprise, name) for name in names},
        "credit_code": enterprise.credit_code or "",
        "override_reason": enterprise.credit_code_reason,
    }


def _both_versions(request: HttpRequest, shown: Enterprise, form: EnterpriseForm, conflict: Conflict) -> HttpResponse:
    """Somebody else was quicker: both texts side by side, nothing that was typed is lost."""
    present = EnterpriseForm(user=person(request), initial=_facts(_visible(request, shown.pk)))
    rows = [_compared(form[name], present[name]) for name in form.fields]
    context = {
        "rows": rows,
        "version": conflict.current_version,
        "changes": told(conflict),
        "action": request.path,
        "back_url": _page(shown),
    }
    return render(request, "errors/409.html", context, status=409)


def _compared(mine: forms.BoundField, theirs: forms.BoundField) -> dict[str, Any]:
    one, other = _as_text(mine), _as_text(theirs)
    return {
        "name": mine.name,
        "label": mine.label,
        "mine": one,
        "theirs": other,
        "mine_shown": _as_words(mine, one),
        "theirs_shown": _as_words(theirs, other),
        "differs": one.replace("\r\n", "\n") != other,
    }


def _as_text(bound: forms.BoundField) -> str:
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return "on" if value else ""
    value = bound.field.prepare_value(value)
    return "" if value is None else str(getattr(value, "pk", value))


def _as_words(bound: forms.BoundField, text: str) -> str:
    if isinstance(bound.field, forms.BooleanField):
        return _("是") if text else _("否")
    if isinstance(bound.field, forms.ChoiceField):
        return next((str(label) for value, label in bound.field.choices if str(value) == text), text)  # type: ignore[misc, union-attr]
    return text


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_may_edit(user, shown)
    form = ConfirmForm(data(request), initial={"credit_code": shown.credit_code or ""})
    asked = Step(
        title=_("核实%(name)s") % {"name": shown.name},
        submit=_("核实无误"),
        back=_page(shown),
        text=_("走访时先记下的企业，对照营业执照核实后转为正式名录。名称不对请先修改。"),
    )
    return step(
        request, form, asked, lambda: actions.confirm_enterprise(shown, by=user, **form.cleaned_data), _("已核实。")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_may_edit(user, shown)
    form = OnForm(data(request))
    open_issues = sum(issue.is_open for issue in directory.issues_of(shown, user, most=100))
    asked = Step(
        title=_("%(name)s停业") % {"name": shown.name},
        submit=_("登记停业"),
        back=_page(shown),
        text=_("停业后不再出现在走访的候选里，走访和诉求的记录都保留。"),
        effects=[(_("未办结的诉求"), open_issues), (_("重点企业"), _("移出名单") if _is_key(shown) else _("不在名单"))],
        danger=True,
    )
    return step(
        request, form, asked, lambda: actions.close_enterprise(shown, by=user, **form.cleaned_data), _("已登记停业。")
    )


def _is_key(shown: Enterprise) -> bool:
    return shown.key_entries.filter(valid_to=None).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_may_edit(user, shown)
    asked = Step(title=_("%(name)s恢复在业") % {"name": shown.name}, submit=_("恢复在业"), back=_page(shown))
    form = forms.Form(data(request))
    return step(request, form, asked, lambda: actions.reopen_enterprise(shown, by=user), _("已恢复在业。"))


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_key_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_keeps_key_list(user, shown.district_id)
    form = OnForm(data(request))
    if _is_key(shown):
        form.fields["on"].label = _("最后一天")
        asked = Step(title=_("移出重点企业名单"), submit=_("移出名单"), back=_page(shown), text=shown.name)
        act, said = actions.leave_key_list, _("已移出重点企业名单。")
    else:
        form.fields["on"].label = _("列入日期")
        asked = Step(
            title=_("列为重点企业"),
            submit=_("列入名单"),
            back=_page(shown),
            text=_("%(name)s：久未走访时优先提醒。") % {"name": shown.name},
        )
        act, said = actions.enter_key_list, _("已列为重点企业。")
    return step(request, form, asked, lambda: act(shown, by=user, **form.cleaned_data), said)


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pick the duplicate, see what moves, then merge."""
    user, shown = person(request), _visible(request, pk)
    check_keeps_directory(user, shown.district_id)
    others = Enterprise.objects.visible_to(user).filter(district=shown.district_id).exclude(pk=shown.pk)
    asked = request.POST if request.method == "POST" else request.GET
    form = MergeForm(asked if "duplicate" in asked or request.method == "POST" else None, enterprises=others)
    picked = form.cleaned_data["duplicate"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and picked is not None:
        ok, _merged = tried(
            form,
            lambda: actions.merge_enterprises(shown, duplicate=picked, by=user, reason=form.cleaned_data["reason"]),
        )
        if ok:
            return done(request, _("已合并。"), _page(shown))
    text = request.GET.get("q", "")[:100]
    found = directory.found_by(others, text) if text else directory.similar(shown, user)
    context = {
        "form": form,
        "enterprise": shown,
        "picked": picked,
        "effects": effects(picked) if picked is not None else [],
        "similar": found.select_related("town")[:20],
        "q": text,
    }
    return again(request, "org/enterprise_merge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_may_edit(user, shown)
    form = ContactForm(data(request), initial={"is_main": not shown.contacts.exists()})
    asked = Step(title=_("加联系人"), submit=_("保存"), back=_page(shown), text=shown.name)
    return step(
        request, form, asked, lambda: actions.add_contact(shown, by=user, **form.cleaned_data), _("联系人已保存。")
    )


def _contact(request: HttpRequest, pk: UUID) -> Contact:
    """A contact exists for whom its enterprise exists."""
    visible = Enterprise.objects.visible_to(person(request))
    found = Contact.objects.filter(enterprise__in=visible).select_related("enterprise")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, contact = person(request), _contact(request, pk)
    check_may_edit(user, contact.enterprise)
    kept = {"name": contact.name, "position": contact.position, "is_main": contact.is_main}
    form = ContactForm(data(request), initial=kept, contact=contact)
    asked = Step(title=_("改联系人"), submit=_("保存"), back=_page(contact.enterprise), text=contact.enterprise.name)
    return step(
        request, form, asked, lambda: actions.edit_contact(contact, by=user, **form.cleaned_data), _("联系人已保存。")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, contact = person(request), _contact(request, pk)
    check_may_edit(user, contact.enterprise)
    asked = Step(
        title=_("删除联系人%(name)s") % {"name": contact.name},
        submit=_("删除"),
        back=_page(contact.enterprise),
        text=_("电话也一起删除，不能恢复。"),
        danger=True,
    )
    form = forms.Form(data(request))
    return step(request, form, asked, lambda: actions.remove_contact(contact, by=user), _("联系人已删除。"))


@require_http_methods(["GET", "HEAD", "POST"])
def contact_reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    contact = _contact(request, pk)
    return reveal_number(
        request,
        contact,
        "phone",
        what=_("%(name)s的电话") % {"name": contact.name},
        back=_page(contact.enterprise),
    )
