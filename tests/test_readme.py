"""The README says what is so: logins, variables, commands, licence."""

import re
import tomllib

import pytest

from licenseonline.demo import logins
from tests.environment import ROOT

READMES = ["README.md", "README.ja.md"]
INTERNAL = {"DATABASE_POOL", "LICENSEONLINE_DEMO", "LICENSEONLINE_AS_OWNER", "PORT"}  # our own commands set them


@pytest.mark.parametrize("name", READMES)
def test_its_logins_are_the_demos(name: str) -> None:
    text = (ROOT / name).read_text()
    for login in (logins.HANAKO, logins.HANAKO_MINATO, logins.PARTNERS[0], logins.OPERATORS[0]):
        assert f"`{login.email}` / `{login.password}`" in text
    assert set(re.findall(r"`(demo-[a-z0-9-]+)`", text)) <= {login.password for login in logins.ALL}


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
def test_its_commands_are_there(name: str) -> None:
    named = set(re.findall(r"(?<![\w/.])((?:bin|\.ci)/[a-z]+)", (ROOT / name).read_text()))
    assert named
    assert [command for command in named if not (ROOT / command).is_file()] == []


def test_every_variable_of_the_settings_is_explained() -> None:
    settings = (ROOT / "licenseonline" / "settings.py").read_text()
    read = set(re.findall(r'env\.(?:text|flag|items|number|networks)\("([A-Z_]+)"', settings))
    assert {"SECRET_KEY", "TRUSTED_PROXIES"} <= read
    text = (ROOT / "README.md").read_text()
    assert [name for name in read - INTERNAL if f"`{name}`" not in text] == []


def test_the_licence_is_an_spdx_expression() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "Apache-2.0"
    assert (ROOT / "LICENSE").read_text().strip().startswith("Apache License")


def test_contributing_is_one_page() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text().splitlines()) <= 60
