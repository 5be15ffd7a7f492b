#!/usr/bin/env python3
import os
import sys

# These change the structure of the database, so they connect as its owner; everything else is the app role.
OWNER_COMMANDS = {"migrate", "grant", "flush", "pgtrigger", "up"}
OUR_OWN = {"unionops", "visits", "disputes", "services"}


def read_data_folder(arguments: list[str]) -> None:
    """Settings are made before a command sees its arguments, and where the data lie decides most of them."""
    for at, argument in enumerate(arguments):
        if argument == "--data" and at + 1 < len(arguments):
            os.environ["UNIONOPS_DATA"] = arguments[at + 1]
        elif argument.startswith("--data="):
            os.environ["UNIONOPS_DATA"] = argument.removeprefix("--data=")


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 -- whoever runs it by hand may have an older one
        sys.exit(f"UnionOps needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionops.settings.dev")
    if sys.argv[1:2] and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("UNIONOPS_DATABASE_ROLE", "owner")
    if sys.argv[1:2] == ["up"]:
        read_data_folder(sys.argv[2:])
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 -- for the sentence below

        execute_from_command_line(sys.argv)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in OUR_OWN:
            raise
        sys.exit(f"A library is missing ({error.name}). Run `make run` once: it installs what UnionOps needs.")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
