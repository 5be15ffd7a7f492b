"""What somebody looks for on the map: the address of the page is this form, inside and outside of the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unionops.casework.reference import towns
from unionops.org.forms.fields import Text

from ...models import Programme
from ...shapes import kind_for
from .. import geo
from ..catalogue import base_facilities
from ..enums import SHOWN, Facility, PlaceState
from ..queries import Wanted

ALL = _("全部")


class PlaceFilter(forms.Form):
    """What makes no sense in it filters nothing."""

    q = forms.CharField(label=_("名称、地址"), max_length=60, required=False)
    town = forms.TypedChoiceField(label=_("镇街"), required=False, coerce=int, empty_value=None)
    facility = forms.ChoiceField(label=_("设施"), required=False)
    stars = forms.TypedChoiceField(
        label=_("星级"), required=False, coerce=int, empty_value=None,
        choices=[("", ALL), ("5", _("五星")), ("4", _("四星以上")), ("3", _("三星以上"))],
    )  # fmt: skip
    state = forms.ChoiceField(label=_("状态"), required=False)
    open = forms.BooleanField(label=_("现在开放"), required=False)
    near = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    box = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, programme: Programme, is_public: bool = False) -> None:
        super().__init__(data)
        units = [(unit.id, unit.short_name or unit.name) for unit in towns(programme.district_id)]
        self.fields["town"].choices = [("", ALL), *units]  # type: ignore[attr-defined]
        first = base_facilities(programme.code)
        rest = [one for one in Facility.values if one not in first]
        self.fields["facility"].choices = [("", ALL), *((one, Facility(one).label) for one in (*first, *rest))]  # type: ignore[attr-defined]
        states = [state for state in PlaceState if state in SHOWN or not is_public]
        self.fields["state"].choices = [("", ALL), *((state.value, state.label) for state in states)]  # type: ignore[attr-defined]
        if is_public:
            del self.fields["state"]
            told = kind_for(programme.shape).published(programme)
            for name, key in (("facility", "facilities"), ("stars", "stars")):
                if key not in told:
                    # Nobody finds by what is not told.
                    del self.fields[name]

    def wanted(self) -> Wanted:
        self.is_valid()
        found = self.cleaned_data
        return Wanted(
            text=found.get("q", "").strip(), town=found.get("town"), stars=found.get("stars") or 0,
            facilities=(found["facility"],) if found.get("facility") else (), open_now=bool(found.get("open")),
            state=found.get("state") or "", near=geo.read_point(found.get("near") or ""), box=read_box(found.get("box") or ""),
        )  # fmt: skip

    @property
    def is_asked(self) -> bool:
        """Whether anything but the place on the map narrows the list."""
        self.is_valid()
        return any(value for name, value in self.cleaned_data.items() if name not in ("near", "box"))


def read_box(text: str) -> tuple[float, float, float, float] | None:
    """west,south,east,north"""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if west < east and south < north else None


class FaultForm(forms.Form):
    """What a visitor tells of a station. Nothing of the visitor is asked."""

    what = Text(label=_("哪里不好"), max_length=120)
    detail = Text(label=_("说得再细一点"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class StarsGivenForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("您给几颗星"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("很好")), (4, _("好")), (3, _("一般")), (2, _("不好")), (1, _("很差"))],
    )  # fmt: skip
    text = Text(label=_("想说的话"), max_length=200, required=False)
