"""The Celery application: its beat is only a clock, what is due stands in PostgreSQL (docs/decisions/0003)."""

from celery import Celery

app = Celery("unionops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "relay": {"task": "casework.relay", "schedule": 2.0, "options": {"expires": 10}},
    "tick": {"task": "casework.tick", "schedule": 30.0, "options": {"expires": 60}},
}
