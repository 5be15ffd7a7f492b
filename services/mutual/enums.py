"""The life of a plan of mutual medical aid, and what it pays for (domain 4.3)."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of

from ..enums import Relation

PROGRAMME = "mutual_aid"


class PlanState(TextChoices):
    DRAFT = "draft", pgettext_lazy("互助计划", "拟定中")
    OPEN = "open", pgettext_lazy("互助计划", "参保中")
    CLOSED = "closed", pgettext_lazy("互助计划", "停止参保")
    RUNNING = "running", pgettext_lazy("互助计划", "保障中")
    ENDED = "ended", pgettext_lazy("互助计划", "已期满")


class PlanVerb(TextChoices):
    OPEN = "open", pgettext_lazy("互助计划", "开始参保")
    CLOSE = "close", pgettext_lazy("互助计划", "停止参保")
    START = "start", pgettext_lazy("互助计划", "进入保障期")
    END = "end", pgettext_lazy("互助计划", "期满")


S, V, R = PlanState, PlanVerb, Relation
TRANSITIONS = table_of(
    Transition(V.OPEN, V.OPEN.label, (S.DRAFT,), (S.OPEN,), (R.DESK,), "4.3", "megaphone", usual=True),
    Transition(V.CLOSE, V.CLOSE.label, (S.OPEN,), (S.CLOSED,), (R.DESK,), "4.3", "lock", usual=True),
    Transition(V.START, V.START.label, (S.CLOSED,), (S.RUNNING,), (R.DESK,), "4.3", "play-circle", usual=True),
    Transition(V.END, V.END.label, (S.RUNNING,), (S.ENDED,), (R.DESK,), "4.3", "flag", usual=True),
)  # fmt: skip
# Claims come while it runs, and for some time after it.
COVERING = frozenset({S.RUNNING, S.ENDED})

# As the programme asks for them: a share of the own part, or a fixed amount.
ITEMS = ("住院自付", "重大疾病", "意外", "身故慰问")
BY_SHARE = ("住院自付", "意外")
