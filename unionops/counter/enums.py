from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LinkState(TextChoices):
    """How a link stands at a moment; nothing of it is a column."""

    WAITING = "waiting", _("等对方打开")
    OPENED = "opened", _("已打开，等答复")
    USED = "used", pgettext_lazy("链接", "已答复")
    LATE = "late", pgettext_lazy("链接", "已过期")
    REVOKED = "revoked", pgettext_lazy("链接", "已撤销")


class Verdict(TextChoices):
    """What somebody who comes with a link is told."""

    # Nobody has opened it yet: a button does.
    CLOSED = "closed", "closed"
    # It is this device's, and waits for the answer.
    OPEN = "open", "open"
    # This device has answered: the receipt.
    DONE = "done", "done"
    UNKNOWN = "unknown", "unknown"
    # Another device has opened it.
    OTHER = "other", "other"
    LATE = "late", "late"
    REVOKED = "revoked", "revoked"
    # What it was about takes no answer any more.
    OVER = "over", "over"
