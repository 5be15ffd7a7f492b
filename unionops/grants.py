"""What the roles of web, worker and backup may do: rows yes, structure no, and the log only grows (trust 11)."""

from __future__ import annotations

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

# The triggers of django-pgtrigger ask this function whether they are to be passed over, and its own answer is whatever the session
# has written into a setting: one SET, and the states of all cases are unguarded. Here the setting is the owner's, whose function
# forgets what is due (services/retention). PostgreSQL puts this one into the trigger itself, which spares every guarded row a
# call with an inner transaction.
ONLY_THE_OWNER_IGNORES = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT current_user = {owner} AND trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[])
    $$
"""

# Any number that nobody else takes for an advisory lock; it is the same in every installation.
MIGRATION_LOCK = 6_840_117


def append_only_tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in models if getattr(model, "append_only", False))


def heed_triggers(connection: BaseDatabaseWrapper) -> None:
    """To be done after every migration: each one with a trigger brings the function of the library back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
        cursor.execute(sql.SQL(ONLY_THE_OWNER_IGNORES).format(owner=sql.Literal(owner)).as_string(cursor.cursor))


def grant(connection: BaseDatabaseWrapper, app: str, backup: str = "") -> None:
    """Give the roles their rights anew, in one transaction, so that a running process sees no gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, array_agg(rolname::text) FROM pg_roles")
        owner, roles = cursor.fetchone()
    statements = []
    if app != owner and app in roles:
        statements += _for_app(app)
    if backup and backup not in (owner, app) and backup in roles:
        statements += _for_backup(backup)
    if not statements:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("BEGIN; {}; COMMIT").format(sql.SQL("; ").join(statements)).as_string(cursor.cursor))


def _for_app(role: str) -> list[sql.Composed]:
    name = sql.Identifier(role)
    kept = [
        sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(t), name) for t in append_only_tables()
    ]
    return [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(name),
        *kept,
    ]


def _for_backup(role: str) -> list[sql.Composed]:
    name = sql.Identifier(role)
    return [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
    ]
