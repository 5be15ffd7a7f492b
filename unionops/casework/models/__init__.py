from .attachments import Attachment
from .cases import Case, CaseQuerySet
from .deadlines import Deadline, DeadlinePause, Term
from .notices import Notice
from .relations import CaseLink, FollowUp, Supervision, Task, Watch
from .work import IdempotencyKey, NumberSeries, Outbox, SavedView, Slot

__all__ = [
    "Attachment",
    "Case",
    "CaseLink",
    "CaseQuerySet",
    "Deadline",
    "DeadlinePause",
    "FollowUp",
    "IdempotencyKey",
    "Notice",
    "NumberSeries",
    "Outbox",
    "SavedView",
    "Slot",
    "Supervision",
    "Task",
    "Term",
    "Watch",
]
