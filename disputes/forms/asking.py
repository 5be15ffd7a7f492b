"""What every form of this room shares: what it knows of the case, its rows, the papers that it brings."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.attachments import attachments_of
from unionops.casework.models import Attachment
from unionops.casework.scans import Paper, papers_of
from unionops.org.forms.fields import Day
from unionops.org.models import User
from visits.forms.steps import PLEASE_CHOOSE, Money, paragraph

from ..models import Dispute

__all__ = ["PLEASE_CHOOSE", "Asking", "Money", "Paper", "day", "must_bring", "paragraph", "radios", "today"]

MOST_FILES = 50
# What stands above the fields: (label, words).
About = list[tuple[str, str]]
Choices = Sequence[tuple[object, object]]


def today() -> datetime.date:
    return timezone.localdate()


def day(label: str | Promise, **options: Any) -> Day:
    """A day that is today unless somebody writes another."""
    return Day(label=label, **{"initial": today, **options})


def radios(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **options)


class Asking(forms.Form):
    """What a step asks for. ``arguments()`` are the keywords of its action; papers are still to be kept by the caller.

    ``thing`` is the part of the case that it is about, where it is about one.
    """

    # Words of the button and of what follows, and what whoever fills it in should know.
    submit: ClassVar[str | Promise] = ""
    after: ClassVar[str | Promise] = ""
    caution: ClassVar[str | Promise] = ""
    # The column width (of 12) of each field that is not whole, and how choices are drawn.
    spans: ClassVar[dict[str, int]] = {}
    looks: ClassVar[dict[str, str]] = {}
    # Lines of a text area, where three are not enough.
    heights: ClassVar[dict[str, int]] = {}
    # The part of the form that only one of them has.
    template: ClassVar[str] = ""
    rows_title: ClassVar[str | Promise] = ""
    rows_more: ClassVar[str | Promise] = gettext_lazy("加一行")
    row_spans: ClassVar[dict[str, int]] = {}

    def __init__(
        self, data: QueryDict | None = None, files: Any = None, *, user: User, dispute: Dispute, thing: Any = None
    ) -> None:
        super().__init__(data, files)
        self.user, self.dispute, self.thing = user, dispute, thing
        self.papers = papers_of(self.fields)
        self._known = self._offer_known_files()
        self.fill()
        self.initial = self.suggested()
        self.rows = self.make_rows(data)

    # ---- what a form says for itself

    def fill(self) -> None:
        """Give fields the choices of this case."""

    def suggested(self) -> dict[str, Any]:
        return {}

    def make_rows(self, data: QueryDict | None) -> BaseFormSet[Any] | None:
        return None

    def about(self) -> About:
        return []

    # ---- papers

    def paper_place(self) -> models.Model:
        """The thing whose file a paper becomes; it is seen by whoever sees that."""
        return self.dispute

    def _offer_known_files(self) -> dict[str, Attachment]:
        if not self.papers:
            return {}
        known = {str(file.pk): file for file in attachments_of(self.paper_place()).order_by("-pk")[:MOST_FILES]}
        if known:
            for name in self.papers:
                choices = [("", _("不选")), *((pk, file.name) for pk, file in known.items())]
                self.fields[f"{name}_known"] = forms.ChoiceField(
                    label=_("或选已有材料"), required=False, choices=choices
                )
            order = [part for name in self.fields for part in (name, f"{name}_known")]
            self.order_fields(list(dict.fromkeys(order)))
        return known

    # ---- what comes of it

    def is_valid(self) -> bool:
        found = super().is_valid()
        if self.rows is not None and not self.rows.is_valid():
            # What is wrong with a row stands in the row; here only that there is something.
            self.add_error(None, _("有的行没有写对，见下面标出的地方。"))
            return False
        return found

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        for name in self.papers:
            known = self._known.get(found.pop(f"{name}_known", ""))
            found[name] = found.get(name) or known
        return found

    def with_row(self) -> Asking:
        """The same form with one more empty row, for whoever has no scripts."""
        assert isinstance(self.data, QueryDict)
        assert self.rows is not None
        sent, name = self.data.copy(), f"{self.rows.prefix}-TOTAL_FORMS"
        sent[name] = str(min(len(self.rows.forms) + 1, self.rows.max_num))
        return type(self)(sent, user=self.user, dispute=self.dispute, thing=self.thing)

    def quiet(self) -> None:
        """Shown again half filled in: nothing of it is wrong yet."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        if self.rows is not None:
            self.rows._errors = [ErrorDict() for _form in self.rows.forms]  # type: ignore[attr-defined]
            self.rows._non_form_errors = ErrorList()  # type: ignore[attr-defined]
            for form in self.rows.forms:
                form._errors = ErrorDict()


def must_bring(form: Asking, name: str) -> None:
    """A paper without which the step is refused: brought now, or chosen of what is there; the action says which it lacks."""
    if f"{name}_known" in form.fields:
        form.fields[name].help_text = _("上传，或在下面选已有的材料，要有一样。")
    else:
        form.fields[name].required = True
