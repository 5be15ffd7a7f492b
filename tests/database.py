"""The test database: migrated once into a template, copied from it for the run and after each test that commits.

Tests connect as the role of the product, which may neither change structure nor empty tables: so Django's own flush
cannot clean up, and need not. A copy also brings back the rows that migrations have put in.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from unionops.settings import servers

MAINTENANCE = "postgres"
LOCK = 6_840_118


def run_name() -> str:
    return "_".join(filter(None, ("unionops_test", os.environ.get("PYTEST_XDIST_WORKER", ""))))


def template_name() -> str:
    """Name the template after everything that decides its content."""
    digest = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    files = [*root.glob("*/migrations/*.py"), *root.glob("*/*/migrations/*.py")]
    for file in sorted(
        [
            *files,
            root / "unionops/grants.py",
            root / "unionops/management/commands/migrate.py",
            root / "requirements.txt",
            *root.glob("unionops/china/*.py"),
        ]
    ):
        digest.update(file.name.encode() + file.read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


def owner_settings(database: str) -> dict[str, Any]:
    return servers.database(settings.DATABASE_OWNER_URL, limits=False) | {"NAME": database}


def as_owner(database: str) -> psycopg.Connection:
    found = owner_settings(database)
    return psycopg.connect(
        host=found["HOST"], port=found["PORT"] or None, user=found["USER"], password=found["PASSWORD"],
        dbname=database, autocommit=True,
    )  # fmt: skip


def create() -> None:
    """Make the template when it is not there yet, and the run's own copy; point the default connection at it."""
    with as_owner(MAINTENANCE) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        known = {row[0] for row in owner.execute("SELECT datname FROM pg_database").fetchall()}
        if template_name() not in known:
            for old in sorted(name for name in known if name.startswith(("template_", "building_"))):
                if old not in ("template0", "template1"):
                    owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            _build(owner)
    connection.settings_dict["NAME"] = run_name()
    copy()


def _build(owner: psycopg.Connection) -> None:
    building = f"building_{template_name()}"
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(building)))
    connections["default"].close()
    usual = dict(connection.settings_dict)
    connection.settings_dict.update(owner_settings(building))
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict.update(usual)
    owner.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(template_name()))
    )


def copy() -> None:
    """Put the run's database back to what migrations leave."""
    connection.close()
    drop()
    with as_owner(MAINTENANCE) as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(run_name()), sql.Identifier(template_name())
            )
        )


def drop() -> None:
    with as_owner(MAINTENANCE) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(run_name())))
