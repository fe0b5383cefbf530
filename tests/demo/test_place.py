"""What the demo refuses before it starts anything, and what it keeps."""

import socket
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest

from licenseonline.demo import announcement
from licenseonline.demo.logins import ALL
from licenseonline.demo.place import FAILED, WRONG_USE, UnusableError, alone, check_port, find


def test_everything_has_a_default(tmp_path: Path) -> None:
    place = find({"LICENSEONLINE_VAR": str(tmp_path)})
    assert place.url == "http://127.0.0.1:8000"
    assert place.environment["SITE_URL"] == place.url
    assert place.environment["LICENSEONLINE_DEMO"] == "1"
    assert len(urlsafe_b64decode(place.environment["DATA_KEY"])) == 32


def test_secrets_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    environment = {"LICENSEONLINE_VAR": str(tmp_path)}
    first, second = find(environment), find(environment)
    for name in ("SECRET_KEY", "DATA_KEY"):
        assert first.environment[name] == second.environment[name] != ""
    assert (tmp_path / "demo-secrets.env").stat().st_mode & 0o777 == 0o600


def test_two_places_have_different_secrets(tmp_path: Path) -> None:
    keys = {find({"LICENSEONLINE_VAR": str(tmp_path / name)}).environment["SECRET_KEY"] for name in "ab"}
    assert len(keys) == 2


def test_what_the_environment_gives_is_kept(tmp_path: Path) -> None:
    place = find({"LICENSEONLINE_VAR": str(tmp_path), "SECRET_KEY": "mine", "PORT": "8123", "DATABASE_URL": ""})
    assert place.environment["SECRET_KEY"] == "mine"
    assert place.environment["SITE_URL"] == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("host", "url"),
    [("localhost", "http://127.0.0.1:8000"), ("127.0.0.1", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_loopback_hosts_are_served(tmp_path: Path, host: str, url: str) -> None:
    assert find({"LICENSEONLINE_VAR": str(tmp_path), "HOST": host}).url == url


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.10", "127.0.0.1.example.com", "shop"])
def test_any_other_host_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(UnusableError, match="this machine only") as refusal:
        find({"LICENSEONLINE_VAR": str(tmp_path), "HOST": host})
    assert refusal.value.code == WRONG_USE


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "80 80", "８０００", "+80"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(UnusableError, match="PORT") as refusal:
        find({"LICENSEONLINE_VAR": str(tmp_path), "PORT": port})
    assert refusal.value.code == WRONG_USE


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableError, match="LICENSEONLINE_VAR"):
        find({"LICENSEONLINE_VAR": str(tmp_path / "file" / "var")})


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        place = find({"LICENSEONLINE_VAR": str(tmp_path), "PORT": str(port)})
        with pytest.raises(UnusableError, match=f"^PORT {port} is in use.*PORT={port + 1} bin/demo$") as refusal:
            check_port(place)
    assert refusal.value.code == FAILED
    check_port(place)


def test_one_demo_per_directory(tmp_path: Path) -> None:
    place = find({"LICENSEONLINE_VAR": str(tmp_path)})
    with alone(place), pytest.raises(UnusableError, match="already runs"), alone(place):
        pass
    with alone(place):
        pass


def test_the_console_names_the_member_of_the_first_store_first(tmp_path: Path) -> None:
    said = announcement.text(find({"LICENSEONLINE_VAR": str(tmp_path), "PORT": "8123"}))
    first = next(line for line in said.splitlines() if "@" in line)
    assert "http://127.0.0.1:8123/87465/login/" in first
    assert "hanako@example.co.jp" in first
    assert all(login.email in said and login.password in said for login in ALL)
    assert "/demo/logins" in said
    assert "/demo/mail/" in said
