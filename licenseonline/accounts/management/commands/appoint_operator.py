"""`bin/manage appoint_operator`: the first account of the operator's desk."""

import getpass
from argparse import ArgumentParser
from typing import Any

import pyotp
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from licenseonline.accounts import staff
from licenseonline.accounts.models import User
from licenseonline.kit.text import normalize_email

LEAST = 12


class Command(BaseCommand):
    """Asks for the password and shows the second factor once."""

    help = "Make an account of the operator's staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, **options: Any) -> None:
        if User.objects.filter(email=normalize_email(options["email"]), partner=None).exists():
            raise CommandError("This address has an account already.")
        password = getpass.getpass(f"Password (at least {LEAST} characters): ")
        if len(password) < LEAST:
            raise CommandError("The password is too short.")
        secret = pyotp.random_base32()
        user = staff.appoint(
            options["email"], name=options["name"], password=password, partner=None, totp_secret=secret
        )
        uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=settings.PLATFORM_NAME)
        self.stdout.write(f"Second factor, shown only now; add it to an authenticator app:\n{uri}")
