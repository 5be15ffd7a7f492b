from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from services.actions.programmes import install
from services.catalogue import rows
from unionops.org.enums import OrganisationKind
from unionops.org.errors import ActionError
from unionops.org.models import Organisation, User


class Command(BaseCommand):
    help = "Add the programmes of the catalogue to a district. What its administrator has made or changed stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("district", help="name or short name of the district's federation")
        parser.add_argument("--only", nargs="+", metavar="CODE", help="codes or catalogue numbers, as mutual_aid C41")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["district"]
        named = Organisation.objects.filter(Q(name=name) | Q(short_name=name), kind=OrganisationKind.DISTRICT)
        district = named.first()
        if district is None:
            raise CommandError(f"There is no district called {name}.")
        chosen, only = rows(), set(options["only"] or ())
        if only:
            known = {key for row in chosen for key in (row["code"], row.get("catalogue"))}
            if unknown := only - known:
                raise CommandError(f"The catalogue does not have: {', '.join(sorted(unknown))}.")
            chosen = [row for row in chosen if only & {row["code"], row.get("catalogue")}]
        try:
            done = install(district, chosen, by=User.objects.system())
        except ActionError as error:
            raise CommandError(str(error)) from error
        left = len(chosen) - len(done.added) - len(done.renewed)
        self.stdout.write(f"{len(done.added)} programmes added, {len(done.renewed)} renewed, {left} left as they are.")
