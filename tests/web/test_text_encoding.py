"""What a request says about its own encoding changes nothing."""

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client

from licenseonline.web import visitor_pages
from licenseonline.web.text_encoding import Utf8Handler
from tests.world import World

SEARCH = "q=" + quote("ウイルスバスター")


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    visitor_pages.forget()
    yield
    visitor_pages.forget()


def ask(path: str, query: str, charset: str, body: bytes = b"") -> tuple[int, str]:
    """Status and page for a request as a WSGI server hands it over."""
    kind = "application/x-www-form-urlencoded" if body else "text/plain"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": f"{kind}; charset={charset}",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    handler = Utf8Handler()
    answer = handler.get_response(handler.request_class(environ))
    assert isinstance(answer, HttpResponse)
    return answer.status_code, answer.content.decode()


def test_the_server_gets_the_application_that_reads_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_POOL", "0")  # else importing it would turn the pool on for the tests' own children
    assert isinstance(import_module("licenseonline.wsgi").application, Utf8Handler)


@pytest.mark.parametrize("charset", ["latin-1", "shift_jis", "unicode_escape", "hex", "undefined", "no-such"])
def test_a_charset_neither_breaks_a_page_nor_changes_what_visitors_find(
    world: World, client: Client, charset: str
) -> None:
    status, page = ask("/87465/search", SEARCH, charset)
    assert status == 200
    assert "「ウイルスバスター」の検索結果" in page
    assert client.get(f"/87465/search?{SEARCH}").content.decode() == page


@pytest.mark.parametrize("charset", ["shift_jis", "hex", "unicode_escape"])
def test_a_form_in_another_charset_is_read_as_what_it_is(world: World, charset: str) -> None:
    status, page = ask("/", "", charset, b"email=%5Cud800")
    assert status == 422
    assert "メールアドレスの形式をご確認ください" in page
