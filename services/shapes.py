"""What a shape says of itself; the doors of `services` serve every shape by it. Each shape registers at start-up."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Table, Text
from unionops.org.errors import ActionError
from unionops.org.models import User

from .extra import words
from .models import Programme, ServiceCase


@dataclass
class Turn:
    """One step while it is taken: the locked row, and what the step finds out.

    An act changes the row and may set ``target`` (where the table leaves a choice), add to ``data`` (what the timeline
    keeps) and to ``then`` (done after the row is saved, in the same transaction). With ``keeps_clock`` the clock of the
    state before is not met and none begins: a pause, and its end.
    """

    row: Any
    verb: str
    by: User
    now: datetime.datetime
    fields: Mapping[str, Any]
    target: str = ""
    keeps_clock: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    then: list[Callable[[], Any]] = field(default_factory=list)


# How many cases a year owes, where an office has set itself a number; every shape knows it.
YEAR_PLAN = "year_plan"

Act = Callable[[Turn], None]
# What stands against a verb for this person beside state and relation; None where nothing does.
Against = Callable[[User, Any, str], ActionError | None]


@dataclass(frozen=True)
class Stage:
    """A step of the stepper and the states in which a case stands on it."""

    key: str
    label: Text
    states: frozenset[str]


@dataclass(frozen=True)
class Column:
    """A column of the list of a shape; ``show`` turns the value into words."""

    label: Text
    path: str
    show: Callable[[Any], str] = lambda value: "" if value is None else str(value)
    css: str = "nw c-meta"


OWN = "extra:"


@dataclass(frozen=True, kw_only=True)
class ShapeKind:
    """A shape: its model, its line of steps, and what each step asks and does.

    ``line`` are the verbs that follow one another; of these a programme may leave out the ``optional`` ones. A verb of the
    line is taken when the case stands where the last used verb before it leads; verbs beside the line go by the table
    alone. ``spare`` are verbs beside the line that a programme uses or not.
    """

    shape: str
    label: Text
    icon: str
    model: type[ServiceCase]
    states: type[TextChoices]
    line: tuple[str, ...]
    optional: frozenset[str]
    spare: frozenset[str] = frozenset()
    stages: tuple[Stage, ...]
    # Subclasses of forms.asking.RegisterForm and StepForm: what is done knows nothing of how it is asked for.
    register_form: type[Any]
    forms: Mapping[str, type[Any]]
    acts: Mapping[str, Act] = field(default_factory=dict)
    # More that happens when a case begins, before it is saved: (row, fields of the form).
    begin: Callable[[Any, Mapping[str, Any]], None] = lambda row, fields: None
    # After it is saved.
    begun: Callable[[Any, Mapping[str, Any], User], None] = lambda row, fields, by: None
    # More relations than those that every shape has.
    relations: Callable[[User, Any], frozenset[str]] = lambda user, row: frozenset()
    against: Against = lambda user, row, verb: None
    # What is said instead of «a wrong state» where somebody else was quicker.
    overtaken: Against = lambda user, row, verb: None
    # Who holds the pen in a state; the default is the department in charge.
    pen: Callable[[Any], None] = lambda row: None
    columns: Sequence[Column] = ()
    # (label, words, is wide) on the page of a case.
    facts: Callable[[Any], list[tuple[Any, Any, bool]]] = lambda row: []
    # What `Programme.limits` means for this shape: (key, label, unit, default).
    limits: Sequence[tuple[str, Text, Text, Any]] = ()
    # Fields of the register form that a visitor without an account is asked as well; None where nobody applies by that door.
    public_asked: tuple[str, ...] | None = None
    # What its public pages, published lists and open data tell of a case unless the programme keeps it back: (key, label).
    # Empty where nobody outside reads a case.
    public: Sequence[tuple[str, Text]] = ()
    # What select_related the page needs.
    related: tuple[str, ...] = ()
    # States in which a case is not ended and nobody has anything to do: a place that is open.
    resting: frozenset[str] = frozenset()
    # Whether what rests has a clock that calls it back.
    wakes: bool = False

    @property
    def table(self) -> Table:
        return self.model.TRANSITIONS

    @property
    def all_limits(self) -> Sequence[tuple[str, Text, Text, Any]]:
        """Those of the shape and those that every shape knows."""
        return (*self.limits, (YEAR_PLAN, _("每年计划办结"), pgettext_lazy("单位", "件"), None))

    def used(self, programme: Programme, verb: str) -> bool:
        return verb not in self.optional | self.spare or programme.uses(verb)

    def publishable(self, programme: Programme | None) -> list[tuple[str, Text]]:
        """What an administrator may make public: what the shape has, and fields of the programme's own that are not sealed."""
        if not self.public:
            return []
        own = programme.extras if programme else ()
        return [*self.public, *((f"{OWN}{extra.key}", extra.label) for extra in own if not extra.sealed)]

    def published(self, programme: Programme) -> frozenset[str]:
        """What anybody may read of its cases. Fields of its own only when they have been chosen."""
        usual = [key for key, _label in self.public]
        chosen = usual if programme.public_fields is None else programme.public_fields
        return frozenset(chosen) & {key for key, _label in self.publishable(programme)}

    def line_of(self, programme: Programme) -> list[str]:
        return [verb for verb in self.line if self.used(programme, verb)]

    def stand_of(self, verb: str) -> str:
        """The state to which a verb of the line leads."""
        return self.table[verb].targets[0]

    def expected(self, programme: Programme, verb: str) -> str:
        """The state in which a verb of the line is next."""
        line = self.line_of(programme)
        at = line.index(verb)
        return self.model.FIRST_STATE if at == 0 else self.stand_of(line[at - 1])

    def ahead(self, programme: Programme, state: str) -> str:
        """The step of the line that comes next in a state; "" beside the line and at its end.

        A step that the programme has dropped since is passed over, so that what stood behind it goes on.
        """
        reached = [self.model.FIRST_STATE, *(self.stand_of(verb) for verb in self.line)]
        if state not in reached:
            return ""
        return next((verb for verb in self.line[reached.index(state) :] if self.used(programme, verb)), "")

    def ways(self, programme: Programme, state: str) -> list[str]:
        """What leads on from a state under the programme's settings: the usual steps and those that it has chosen beside the line."""
        onward = (
            verb for verb, step in self.table.items() if state in step.sources and (step.usual or verb in self.spare)
        )
        return [
            verb
            for verb in onward
            if self.used(programme, verb) and (verb not in self.line or self.ahead(programme, state) in ("", verb))
        ]

    def stands(self, programme: Programme) -> frozenset[str]:
        """The states in which a case of it can stand: a step leads to them, and another one on, or they are its end."""
        steps = [step for verb, step in self.table.items() if self.used(programme, verb)]
        reached = {self.model.FIRST_STATE, *(target for step in steps for target in step.targets)}
        left = {source for step in steps for source in step.sources}
        return frozenset(reached & (left | self.model.END_STATES))

    @property
    def line_states(self) -> frozenset[str]:
        return frozenset({self.model.FIRST_STATE, *(self.stand_of(verb) for verb in self.line)})


_kinds: dict[str, ShapeKind] = {}


def own_facts(case: ServiceCase) -> list[tuple[str, str]]:
    """(label, words) of the programme's own fields that its administrator has made public."""
    told = kind_for(case.programme.shape).published(case.programme)
    own = [(extra, case.details.get(extra.key)) for extra in case.programme.extras if f"{OWN}{extra.key}" in told]
    return [(extra.label, words(extra, value)) for extra, value in own if value not in (None, "", [])]


def register_shape(kind: ShapeKind) -> None:
    _kinds[kind.shape] = kind


def shape_kinds() -> list[ShapeKind]:
    return list(_kinds.values())


def kind_for(shape: str) -> ShapeKind:
    return _kinds[shape]


def kind_of_case(case: ServiceCase) -> ShapeKind:
    return next(kind for kind in _kinds.values() if isinstance(case, kind.model))


def is_settled(case: ServiceCase) -> bool:
    """Ended, or in a state of rest: what somebody asked for has been done."""
    return not case.is_open or case.state in kind_of_case(case).resting


# --- parts of the page of a case that an app brings along


PanelContext = Callable[[Any, User], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """``template`` finds its context as ``panel`` and the case as ``case``; None hides it."""

    key: str
    order: int
    template: str
    context: PanelContext
    shape: str = ""


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    _panels[panel.key] = panel


def panels_of(case: ServiceCase, user: User) -> list[dict[str, Any]]:
    shape = case.programme.shape
    ours = (
        panel
        for panel in sorted(_panels.values(), key=lambda panel: (panel.order, panel.key))
        if panel.shape in ("", shape)
    )
    shown = ((panel, panel.context(case, user)) for panel in ours)
    return [
        {"key": panel.key, "template": panel.template, "panel": context}
        for panel, context in shown
        if context is not None
    ]


# --- where the name of somebody goes whom nobody may know


# (case, name, telephone): keeps both apart from the case, sealed.
Keeper = Callable[[ServiceCase, str, str], None]
_keepers: list[Keeper] = []


def register_keeper(keep: Keeper) -> None:
    _keepers.append(keep)


def keep_reporter(case: ServiceCase, name: str, phone: str) -> None:
    """Seal away who reported; called once the case is saved, for programmes that seal their reporters."""
    (keep,) = _keepers
    keep(case, name, phone)


# --- pages of their own that a programme has beside those of its shape


@dataclass(frozen=True)
class Specialty:
    """A programme with rules of its own: where its people work beside the list of the shape.

    ``code`` names the programme; one without a code is for every programme of ``shape``, and its address takes the code.
    """

    code: str
    url_name: str
    label: Text
    icon: str
    shape: str = ""


@dataclass(frozen=True)
class SpecialtyLink:
    label: Text
    icon: str
    url: str


_specialties: dict[tuple[str, str], list[Specialty]] = {}


def register_specialty(specialty: Specialty) -> None:
    """Show a link on the pages of the programme with this code, or of every programme of this shape."""
    _specialties.setdefault((specialty.code, specialty.shape), []).append(specialty)


def pages_of(code: str, shape: str) -> list[SpecialtyLink]:
    """The pages of their own of the programme with this code, in whatever district."""
    own = _specialties.get((code, ""), [])
    shared = _specialties.get(("", shape), [])
    return [
        *(SpecialtyLink(one.label, one.icon, reverse(one.url_name)) for one in own),
        *(SpecialtyLink(one.label, one.icon, reverse(one.url_name, args=[code])) for one in shared),
    ]


def specialties_of(programme: Programme) -> list[SpecialtyLink]:
    return pages_of(programme.code, programme.shape)
