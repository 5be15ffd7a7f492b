"""What the workers do for orders: push what has just come, ask the next when nobody answers."""

from __future__ import annotations

import datetime

from celery import shared_task

from unionops.casework.tasks import Job, register_job
from unionops.org.errors import ActionError
from unionops.org.models import User

from ..actions import cases
from .actions import time_out_offers
from .acts import PUSH_TASK
from .enums import OrderState
from .enums import OrderVerb as V
from .models import Order


@shared_task(name=PUSH_TASK)
def push_order(order_id: str) -> None:
    """Push an order that has just come; where nobody fits it waits for the dispatcher."""
    row = Order.objects.filter(pk=order_id, state=OrderState.POSTED).first()
    if row is None:
        return
    try:
        cases.take(row, V.PUSH, by=User.objects.system())
    except ActionError:
        return


def ask_the_next(_due_at: datetime.datetime) -> int:
    return time_out_offers(by=User.objects.system())


def register_jobs() -> None:
    register_job(Job("orders.ask_next", ask_the_next, minutes=1))
