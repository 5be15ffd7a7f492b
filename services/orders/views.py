"""Pages of orders beside the case: the dispatch board, the register of craftsmen and teams, the thread, the secret."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.casework.permissions import refusal
from unionops.casework.views.steps import Asked, take
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.models import Organisation, User
from unionops.org.views.answers import Step, data, done, person, secret, step, version

from ..enums import Shape
from ..forms.asking import ConfirmForm
from ..forms.filters import TradeFilter
from ..permissions import relations
from ..queries import page_of
from ..views.finding import visible_case
from . import actions, queries
from .enums import Answer
from .forms import CraftsmanFilter, CraftsmanForm, MessageForm, MonthForm, TeamForm
from .models import Craftsman, Offer, Order, Squad
from .policies import check_keeps_register, check_reads_secret

MOST_ORDERS = 30
A_PAGE = 50


def _district(user: User) -> int:
    """The district of the person's work; whoever has none has no board."""
    found = next(iter(sorted(user.scope.directory_of)), None)
    if found is None:
        raise NotAllowed(_("派单看板和师傅名册给本区工会的人看。"))
    return found


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """How quickly orders are taken, whom nobody has answered, what waits for the dispatcher."""
    user = person(request)
    _district(user)
    form, now = MonthForm(request.GET), timezone.now()
    since = form.start()
    context = {
        "form": form,
        "since": since,
        "figures": queries.figures(user, since),
        "waiting": [_waiting(offer, now) for offer in queries.unanswered(user)],
        "nobodys": [{"order": row, "url": page_of(row)} for row in queries.nobodys(user, since)],
        "teams": queries.team_rows(user),
        "may_keep": _keeps(user),
    }
    return render(request, "orders/board.html", context)


def _waiting(offer: Offer, now: Any) -> dict[str, Any]:
    left = (offer.due_at - now).total_seconds()
    return {
        "offer": offer, "url": page_of(offer.order), "is_over": left <= 0, "minutes": abs(round(left / 60)),
        "by_phone": offer.craftsman.user_id is None,
    }  # fmt: skip


def _keeps(user: User) -> bool:
    return not refusal(check_keeps_register, user, _district(user))


# --- the register


@require_safe
def craftsmen(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = CraftsmanFilter(request.GET, district_id=_district(user))
    wanted = form.wanted()
    page = Paginator(queries.register_rows(user, wanted), A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()

    def address(number: int) -> str:
        query["page"] = str(number)
        return f"{request.path}?{query.urlencode()}"

    context = {
        "filter": form, "rows": list(page.object_list), "count": page.paginator.count, "is_filtered": bool(wanted),
        "may_keep": _keeps(user), "next_url": address(page.number + 1) if page.has_next() else "",
        "previous_url": address(page.number - 1) if page.has_previous() else "",
    }  # fmt: skip
    return render(request, "orders/craftsmen.html", context)


def _seen(request: HttpRequest, pk: int) -> Craftsman:
    rows = Craftsman.objects.visible_to(person(request)).select_related(
        "enterprise", "town", "team", "user", "district"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
def craftsman(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = _seen(request, pk), person(request)
    mine = Order.objects.visible_to(user).filter(Q(craftsman=shown) | Q(panelists__craftsman=shown)).distinct()
    orders = list(mine.select_related("programme").order_by("-registered_at", "-pk")[:MOST_ORDERS])
    offers = list(shown.offers.values_list("answer", flat=True))
    year = timezone.localdate().year
    context = {
        "craftsman": shown,
        "orders": [{"order": row, "url": page_of(row), "state": row.state_words} for row in orders],
        "asked": len(offers), "accepted": offers.count(Answer.ACCEPTED), "silent": offers.count(Answer.TIMED_OUT),
        "done": Order.objects.filter(craftsman=shown, accepted_at__year=year).count(),
        "programmes": list(shown.programmes.values_list("name", flat=True)),
        "avoids": list(shown.avoids.values_list("name", flat=True)),
        "may_keep": not refusal(check_keeps_register, user, shown.district_id),
    }  # fmt: skip
    return render(request, "orders/craftsman.html", context)


def _drawing(request: HttpRequest, template: str) -> Any:
    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        return render(request, template, opened, status=status)

    return draw


@require_http_methods(["GET", "HEAD", "POST"])
def craftsman_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    district = Organisation.objects.get(pk=_district(user))
    check_keeps_register(user, district.pk)
    form = CraftsmanForm(data(request), district_id=district.pk)
    asked = Asked(title=_("登记师傅"), back=reverse("orders:craftsmen"), said=_("已登记。"))
    return take(
        request, form, asked, lambda: actions.enter_craftsman(district, by=user, **form.arguments()),
        _drawing(request, "orders/craftsman_form.html"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def craftsman_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = _seen(request, pk), person(request)
    check_keeps_register(user, shown.district_id)
    form = CraftsmanForm(data(request), district_id=shown.district_id, craftsman=shown)
    back = reverse("orders:craftsman", args=[pk])
    asked = Asked(title=shown.name, back=back, version=shown.version, said=_("已保存。"))
    return take(
        request, form, asked,
        lambda: actions.change_craftsman(shown, by=user, version=version(request), **form.arguments()),
        _drawing(request, "orders/craftsman_form.html"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def craftsman_retire(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = _seen(request, pk), person(request)
    check_keeps_register(user, shown.district_id)
    asked = Step(
        title=_("%(name)s退出名册") % {"name": shown.name}, submit=_("退出名册"), back=reverse("orders:craftsmen"), danger=True,
        text=_("不再推送给他，手上的单继续办完。"),
    )  # fmt: skip
    return step(
        request,
        ConfirmForm(data(request)),
        asked,
        lambda: actions.retire_craftsman(shown, by=user),
        _("已退出名册。"),
    )


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    user = person(request)
    squads = Squad.objects.filter(district=_district(user)).exclude(trade="").order_by("trade")
    form = TradeFilter(request.GET, trades=squads.values_list("trade", flat=True))
    trade = form.wanted()
    context = {
        "filter": form, "is_filtered": bool(trade), "rows": queries.team_rows(user, trade), "may_keep": _keeps(user),
    }  # fmt: skip
    return render(request, "orders/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    return _team(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def team_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _team(
        request, get_object_or_404(Squad.objects.visible_to(person(request)).select_related("district"), pk=pk)
    )


def _team(request: HttpRequest, team: Squad | None) -> HttpResponse:
    user = person(request)
    district = team.district if team else Organisation.objects.get(pk=_district(user))
    check_keeps_register(user, district.pk)
    known = {name: getattr(team, name) for name in Squad.SEEN} if team else None
    form = TeamForm(data(request), initial=known)
    asked = Asked(
        title=team.name if team else _("新建服务队"), back=reverse("orders:teams"), said=_("已保存。"),
        version=team.version if team else None,
    )  # fmt: skip
    return take(
        request, form, asked,
        lambda: actions.save_team(district, by=user, team=team, version=version(request), **form.cleaned_data),
        _drawing(request, "orders/team_form.html"),
    )  # fmt: skip


# --- on the page of an order


@require_POST
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_case(request, Shape.ORDER, pk), person(request)
    form = MessageForm(request.POST)
    if not form.is_valid():
        raise ActionError(_("请写留言。"), field="text")
    actions.send_message(shown, form.cleaned_data["text"], by=user)
    return done(request, _("已留言。"), f"{page_of(shown)}#thread")


@require_http_methods(["GET", "HEAD", "POST"])
def secret_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A click shows the sealed description; each is on record."""
    shown, user = visible_case(request, Shape.ORDER, pk), person(request)
    check_reads_secret(user, shown, relations(user, shown))
    text = actions.read_secret(shown, by=user) if request.method == "POST" else ""
    return secret(request, "orders/secret.html", {"case": shown, "text": text, "back": page_of(shown)})
