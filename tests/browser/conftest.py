"""One running demo and one Chromium for all browser tests; they share an xdist group."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from licenseonline.demo.logins import Login
from licenseonline.kit.embedded_pg import EmbeddedServer
from tests.demo_process import Demo, free_ports, started
from tests.environment import ROOT

SCREENS = ROOT / "docs" / "screens"
SIZES = {"desktop": (1280, 900), "phone": (390, 844), "wide": (1920, 1080)}
Opener = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    var = tmp_path_factory.mktemp("demo")
    with started(var, free_ports(1)[0]) as running:
        running.wait_until_served()
        yield running
    EmbeddedServer(var / "postgres").destroy()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("LICENSEONLINE_CHROMIUM") or shutil.which("chromium")
    # Playwright's loop stays in this thread to the end; later tests of this worker are no less synchronous for it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, demo: Demo) -> Iterator[Opener]:
    """Open a browser of its own (cookies, size), whose console stays free of errors."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(size: str = "desktop", *, javascript: bool = True) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{demo.port}",
            viewport={"width": width, "height": height},
            locale="ja-JP",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in complaints if not re.search("status of (4(04|10|22|29)|503)", text)] == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a picture for the README, when LICENSEONLINE_SCREENS is set."""

    def keep(page: Page, name: str) -> None:
        if os.environ.get("LICENSEONLINE_SCREENS"):
            path = Path(SCREENS / f"{name}.png")
            path.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=path)

    return keep


def sign_in_member(page: Page, login: Login) -> None:
    page.get_by_label("メールアドレス").fill(login.email)
    page.get_by_label("パスワード").fill(login.password)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()


_last_steps: dict[str, int] = {}


def code_of(login: Login) -> str:
    """A code that this run has not used: the next one, which is good already, when tests follow each other quickly."""
    present = int(time.time()) // 30
    step = min(max(present, _last_steps.get(login.totp_secret, 0) + 1), present + 1)
    _last_steps[login.totp_secret] = step
    return pyotp.TOTP(login.totp_secret).generate_otp(step)
