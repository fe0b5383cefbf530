"""Settings come from the environment; what is missing is refused by name."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from licenseonline.kit import environment
from licenseonline.kit.environment import Environment


def test_everything_missing_is_named_in_one_message() -> None:
    env = Environment({"A": "x", "N": "many", "F": "perhaps"})
    assert env.text("A") == "x"
    assert env.text("B", "default") == "default"
    env.text("C")
    env.number("N", 3)
    env.flag("F")
    with pytest.raises(ImproperlyConfigured, match=r"C is not set; N must be a whole number.*; F must be 1 or 0"):
        env.check()


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("true", True), ("", False), ("0", False), ("off", False)]
)
def test_flags(value: str, expected: bool) -> None:
    env = Environment({"F": value})
    assert env.flag("F") is expected
    env.check()


def test_a_list_has_no_blanks() -> None:
    assert Environment({"HOSTS": "a.example, b.example ,,"}).items("HOSTS") == ["a.example", "b.example"]


def test_options_are_a_json_object() -> None:
    env = Environment({"GIVEN": '{"bucket_name": "papers"}', "LIST": "[]", "BROKEN": "{"})
    assert (env.options("GIVEN"), env.options("MISSING")) == ({"bucket_name": "papers"}, {})
    assert (env.options("LIST"), env.options("BROKEN")) == ({}, {})
    assert env.problems == ["LIST must be a JSON object", "BROKEN must be a JSON object"]


def test_a_database_url_over_a_socket_and_over_tls() -> None:
    socket = environment.database("postgresql://app_rw@/shop?host=%2Frun%2Fpg%20dir")
    assert (socket["HOST"], socket["NAME"], socket["USER"]) == ("/run/pg dir", "shop", "app_rw")
    remote = environment.database("postgresql://u%40x:p%2Fw@db.example:6543/shop?sslmode=verify-full")
    assert (remote["HOST"], remote["PORT"], remote["USER"], remote["PASSWORD"]) == ("db.example", "6543", "u@x", "p/w")
    assert remote["OPTIONS"] == {"sslmode": "verify-full"}


def test_another_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        environment.database("mysql://x/y")


def test_mail_urls() -> None:
    assert environment.mail("smtps://u:p@mail.example")["EMAIL_PORT"] == 465
    starttls = environment.mail("smtp://mail.example")
    assert (starttls["EMAIL_PORT"], starttls["EMAIL_USE_TLS"], starttls["EMAIL_USE_SSL"]) == (587, True, False)
    assert environment.mail("smtp://127.0.0.1:2525?tls=0")["EMAIL_USE_TLS"] is False
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        environment.mail("http://mail.example")


def start(code: str = "import licenseonline.settings", **values: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.environ["PATH"], **values}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_production_refuses_to_start_and_names_all_that_is_missing() -> None:
    refused = start()
    assert refused.returncode != 0
    for name in ("SECRET_KEY", "DATA_KEY", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL", "PLATFORM_EMAIL"):
        assert f"{name} is not set" in refused.stderr


PRODUCTION = {
    "SECRET_KEY": "s" * 50,
    "DATA_KEY": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    "ALLOWED_HOSTS": "shop.example",
    "SITE_URL": "https://shop.example",
    "EMAIL_URL": "smtps://u:p@mail.example",
    "PLATFORM_EMAIL": "front@shop.example",
    "DATABASE_URL": "postgresql://app_rw@db.example/shop",
}


def test_production_starts_when_all_is_set() -> None:
    started = start(**PRODUCTION)
    assert started.returncode == 0, started.stderr


def test_production_has_no_demo_pages() -> None:
    code = "import django; django.setup(); from django.urls import resolve; resolve('/87465/'); resolve('/demo/logins')"
    gone = start(code, DJANGO_SETTINGS_MODULE="licenseonline.settings", **PRODUCTION)
    assert "Resolver404" in gone.stderr
    assert "'demo/logins'" in gone.stderr
