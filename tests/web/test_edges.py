"""What every answer has: a request id, security headers, a log line without personal data."""

import json
import logging
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from licenseonline.web.areas import AreaMiddleware
from licenseonline.web.proxies import ProxyHeadersMiddleware
from licenseonline.web.request_log import JsonFormatter
from tests.conftest import signed_in
from tests.world import World


def test_alive_and_ready(world: World) -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}
    assert Client().get("/readyz").json() == {"status": "ok"}


def test_security_headers_stand_on_every_answer(world: World) -> None:
    for path in ("/", "/87465/", "/87465/login/", "/nothing", "/healthz"):
        response = Client().get(path)
        policy = response["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "default-src 'none'" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Request-ID"]


def test_the_log_line_has_route_and_id_and_nothing_personal(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    quote = world.quote()
    logger = logging.getLogger("licenseonline.request")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    try:
        response = signed_in(world.hanako).get(f"/87465/member/quotes/{quote.number}?email=hanako@aozora.example")
    finally:
        logger.removeHandler(handler)
    line = capsys.readouterr().err.splitlines()[-1]
    logged = json.loads(line)
    assert logged["request_id"] == response["X-Request-ID"]
    assert logged["status"] == 200
    assert logged["area"] == "store-87465"
    assert logged["route"].endswith("member/quotes/<slug:number>")
    for secret in (quote.number, "hanako", "青空"):
        assert secret not in line


def test_an_exceptions_text_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("test.exceptions")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    try:
        raise ValueError("Key (email)=(hanako@aozora.example) already exists")
    except ValueError:
        logger.exception("it failed")
    finally:
        logger.removeHandler(handler)
    logged = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert logged["exception"] == "ValueError"
    assert any("test_edges.py" in frame for frame in logged["frames"])
    assert "hanako" not in json.dumps(logged)


def test_a_failing_view_rolls_back_what_it_wrote(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(world.hanako)
    client.raise_request_exception = False

    def fail(*args: object, **kwargs: object) -> None:
        world.quote()
        raise RuntimeError

    monkeypatch.setattr("licenseonline.web.member.profile.render", fail)
    before = world.hanako.company.quotes.count()
    assert client.get("/87465/member/profile/").status_code == 500
    assert world.hanako.company.quotes.count() == before


def test_djangos_warnings_name_no_address(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security.csrf")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        Client().get("/hanako@aozora.example")
        Client(enforce_csrf_checks=True).post("/87465/login/", {"email": "hanako@aozora.example"})
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    lines = capsys.readouterr().err
    assert "Not Found: …" in lines
    assert "CSRF" in lines
    assert "hanako" not in lines
    assert "/87465" not in lines


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 2), ("/87465/login/", 2), ("/87465/member/orders/P1/papers/1", 52), ("/backoffice/login/", 100)],
)
def test_a_body_that_no_form_needs_is_refused_unread(path: str, most: int) -> None:
    def ask(size: int) -> HttpResponse:
        return AreaMiddleware(lambda _request: HttpResponse())(RequestFactory().post(path, CONTENT_LENGTH=size))

    assert ask(most * 1024 * 1024).status_code == 200
    with pytest.raises(RequestDataTooBig):
        ask(most * 1024 * 1024 + 1)


def test_a_body_that_is_too_large_gets_a_page(world: World) -> None:
    response = Client().post("/87465/login/", {"email": "x" * 3 * 1024 * 1024})
    assert response.status_code == 413
    assert "送信された内容が大きすぎます" in response.content.decode()


@pytest.mark.parametrize("path", ["cart/", "member/quotes/", "member/orders/", "member/licences/", "member/profile/"])
def test_what_can_be_read_can_be_asked_for_its_head(world: World, path: str) -> None:
    assert signed_in(world.hanako).head(f"/87465/{path}").status_code == 200


@pytest.mark.parametrize("path", ["/backoffice/", "/backoffice/login/"])
def test_the_desk_can_be_asked_for_its_head(world: World, path: str) -> None:
    assert signed_in(world.operator).head(path).status_code in {200, 302}


def test_probes_may_ask_by_address(world: World) -> None:
    for path in ("/healthz", "/readyz"):
        assert Client(headers={"host": "10.1.2.3:8000"}).get(path).status_code == 200
    wrong = Client(headers={"host": "evil.example"}).get("/87465/")
    assert wrong.status_code == 404
    assert "エルサット" not in wrong.content.decode()


@pytest.mark.parametrize(("trusted", "secure"), [([], False), (["127.0.0.1"], True), (["10.0.0.0/8"], False)])
def test_only_a_trusted_proxy_says_what_was_encrypted(settings: Any, trusted: list[str], secure: bool) -> None:
    settings.TRUSTED_PROXIES, settings.SECURE_PROXY_SSL_HEADER = trusted, ("HTTP_X_FORWARDED_PROTO", "https")
    request = RequestFactory().get("/", headers={"X-Forwarded-Proto": "https"})
    seen: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.is_secure())
        return HttpResponse()

    ProxyHeadersMiddleware(view)(request)
    assert seen == [secure]
