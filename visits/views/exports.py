"""Exactly what the filter of a list shows, as a workbook."""

from __future__ import annotations

import tempfile
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from unionops.org.enums import CASE_ROLES
from unionops.org.errors import NotAllowed
from unionops.org.models import User
from unionops.org.views.answers import person

from ..exporting import ISSUES, VISITS, Table, conditions, export
from ..forms.issues import IssueFilter
from ..forms.visit_lists import VisitFilter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Small answers stay in memory; a long list goes through a file without a name.
_IN_MEMORY = 2 << 20


@require_GET
def export_issues(request: HttpRequest) -> FileResponse:
    user = _worker(request)
    form = IssueFilter(request.GET, user=user)
    return _answer(ISSUES, form.queryset(), form, user)


@require_GET
def export_visits(request: HttpRequest) -> FileResponse:
    user = _worker(request)
    form = VisitFilter(request.GET, user=user)
    return _answer(VISITS, form.queryset(), form, user)


def _worker(request: HttpRequest) -> User:
    user = person(request)
    if not user.scope.has(*CASE_ROLES):
        raise NotAllowed(_("您的岗位不能导出走访和诉求。"))
    return user


def _answer(table: Table, rows: QuerySet, form: Any, user: User) -> FileResponse:
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    try:
        export(table, rows, target, by=user, filtered_by=conditions(form))
    except BaseException:
        target.close()
        raise
    target.seek(0)
    name = f"{table.name}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
