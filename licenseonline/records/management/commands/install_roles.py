"""`bin/manage install_roles`: the database and its three roles, once, before the first `migrate`."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from licenseonline.kit import roles


class Command(BaseCommand):
    """Needs ADMIN_DATABASE_URL, a superuser or a managed server's administrator. Safe to repeat."""

    help = "Make the database and the roles app_owner, app_rw and app_platform (ADMIN_DATABASE_URL)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--database", default=settings.DATABASES["default"]["NAME"])

    def handle(self, **options: Any) -> None:
        url = os.environ.get("ADMIN_DATABASE_URL")
        if not url:
            raise CommandError("Set ADMIN_DATABASE_URL to a URL that may create roles and databases.")
        roles.install(url, options["database"])
        self.stdout.write(
            "Done. Give app_owner and app_rw passwords (ALTER ROLE … PASSWORD …), then run: bin/manage migrate"
        )
