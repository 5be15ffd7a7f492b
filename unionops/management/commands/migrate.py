"""Django's migrate, one at a time, with the heeded triggers, the grants of the other roles and the working calendar behind it."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from unionops.china.days import fill_calendar
from unionops.grants import MIGRATION_LOCK, grant, heed_triggers
from unionops.states import quick_states


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            with quick_states():
                super().handle(*args, **options)
            if not options["check_unapplied"] and not options["plan"]:
                heed_triggers(connection)
                grant(connection, role_of(settings.DATABASE_URL), settings.UNIONOPS_BACKUP_ROLE)
                # A release may know of newly announced holidays; what the office wrote itself stays.
                if not options["app_label"]:
                    fill_calendar()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def role_of(url: str) -> str:
    return unquote(urlsplit(url).username or "")
