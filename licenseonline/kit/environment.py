"""Environment variables, read in one place so that a missing one is refused by name before anything starts."""

import json
import os
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """Collects what is missing or malformed; `check()` refuses with all of it in one message."""

    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self.values = values
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """The variable's value; recorded as missing when it is empty and there is no default."""
        value = self.values.get(name, "")
        if value:
            return value
        if default is None:
            self.problems.append(f"{name} is not set")
            return ""
        return default

    def flag(self, name: str) -> bool:
        """True for 1/true/yes/on, False for unset/0/false/no/off; anything else is recorded."""
        value = self.values.get(name, "").lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value not in {"", "0", "false", "no", "off"}:
            self.problems.append(f"{name} must be 1 or 0, not {value!r}")
        return False

    def number(self, name: str, default: int) -> int:
        """A whole number; anything else is recorded."""
        value = self.values.get(name, "")
        if not value:
            return default
        if not value.isdigit():
            self.problems.append(f"{name} must be a whole number, not {value!r}")
            return default
        return int(value)

    def options(self, name: str) -> dict[str, Any]:
        """A JSON object, empty when unset; anything else is recorded."""
        try:
            found = json.loads(self.values.get(name) or "{}")
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
        self.problems.append(f"{name} must be a JSON object")
        return {}

    def items(self, name: str, default: str | None = None) -> list[str]:
        """A comma-separated list without blanks."""
        return [item.strip() for item in self.text(name, default).split(",") if item.strip()]

    def networks(self, name: str) -> list[str]:
        """A comma-separated list of IP addresses or networks; anything else is recorded."""
        found = self.items(name, "-") if self.values.get(name) else []
        for item in found:
            try:
                ip_network(item)
            except ValueError:
                self.problems.append(f"{name} must list IP addresses or networks, not {item!r}")
        return found

    def check(self) -> None:
        """Refuse to start (ImproperlyConfigured) when anything above was recorded."""
        if self.problems:
            msg = "License Online cannot start: " + "; ".join(self.problems) + ". See README, “Production”."
            raise ImproperlyConfigured(msg)


def database(url: str) -> dict[str, Any]:
    """Django's connection settings for `postgresql://user:password@host:port/name?host=/socket/dir&sslmode=…`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        msg = f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://"
        raise ImproperlyConfigured(msg)
    options: dict[str, object] = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def mail(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings for `smtp://user:password@host:port` or `smtps://…` (implicit TLS; smtp uses STARTTLS unless `?tls=0`)."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        msg = "EMAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465"
        raise ImproperlyConfigured(msg)
    implicit = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and parse_qs(parts.query).get("tls") != ["0"],
        "EMAIL_TIMEOUT": 20,
    }
