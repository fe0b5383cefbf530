"""The renewal notice's two picture stories in a real browser: パスワード再発行 and パスワードの変更."""

import json
import re
import time
from urllib.request import urlopen

import pyotp
from playwright.sync_api import Page, expect

from licenseonline.demo.logins import MINORI, TARO, Login
from tests.browser.conftest import Opener
from tests.browser.test_slice import Picture
from tests.browser.test_staff_looks import check_sizes
from tests.demo_process import Demo

NEW, NEXT = "なにかの 長い 言葉をつなげたもの", "another phrase of several words"


def mail_to(demo: Demo, address: str, subject: str, *, other_than: str = "") -> str:
    """The text of the newest mail, once the worker has sent it."""
    for _ in range(150):
        with urlopen(f"http://127.0.0.1:{demo.port}/demo/mail.json") as answer:
            for mail in json.load(answer)["mails"]:
                is_meant = mail["to"] == address and subject in mail["subject"] and mail["text"] != other_than
                if is_meant and mail["state"] == "sent":
                    return str(mail["text"])
        time.sleep(0.2)  # house: the worker is another process
    message = f"no mail {subject} to {address}"
    raise AssertionError(message)


def verification(text: str) -> str:
    [link] = re.findall(r"https?://\S+/87465/verify/\w+", text)
    return str(link)


def open_member_menu(page: Page, entry: str) -> None:
    page.get_by_text("会員メニュー").first.click()
    page.get_by_role("navigation", name="会員メニュー").get_by_role("link", name=entry).click()


def sign_in_by_temporary_password(page: Page, demo: Demo, who: Login, picture: Picture | None = None) -> None:
    """The notice's three steps, up to the page where the new password is set."""
    page.goto("/87465/login/")
    # (1) ログイン画面内「パスワード再発行はこちら」リンクをクリック。
    page.get_by_role("link", name="パスワード再発行はこちら").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("パスワードの再発行")
    if picture:
        picture(page, "reissue")
    # (2) ご登録いただいているメールアドレスを入力し、パスワード再発行ボタンをクリック。
    page.get_by_label("ご登録メールアドレス").fill(who.email)
    page.get_by_role("button", name="パスワード再発行").click()
    expect(
        page.get_by_text("※メールが届かない場合は、迷惑メールフォルダ等に入っていないかをご確認ください。")
    ).to_be_visible()
    check_sizes(page)
    # (3) メールが届きましたら、仮パスワードでログインしてください
    text = mail_to(demo, who.email, "仮パスワード")
    [password] = re.findall(r"^仮パスワード：(\S+)$", text, re.MULTILINE)
    [login] = re.findall(r"https?://\S+/87465/login/", text)
    page.goto(login)
    page.get_by_label("メールアドレス").fill(who.email)
    page.get_by_label("パスワード", exact=False).first.fill(password)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    # 仮パスワードでログイン後、パスワードを変更します。
    expect(page.get_by_role("heading", level=1)).to_have_text("新しいパスワードの設定")


def test_reissue_in_three_steps_then_change_and_second_factor(opened: Opener, demo: Demo, picture: Picture) -> None:
    page = opened()
    sign_in_by_temporary_password(page, demo, TARO, picture)
    expect(page.get_by_text("会員メニュー")).to_have_count(0)
    page.get_by_label("新しいパスワード").fill("short")
    page.get_by_role("button", name="パスワードを変更する").click()
    expect(page.locator(".error-summary")).to_be_focused()
    check_sizes(page)
    page.get_by_label("新しいパスワード").fill(NEW)
    page.get_by_role("button", name="パスワードを変更する").click()
    expect(page.get_by_text("会員メニュー").first).to_be_visible()
    _change_and_protect(opened, demo, picture, page)


def test_change_by_the_member_menu_then_the_authentication_mail(opened: Opener, demo: Demo, picture: Picture) -> None:
    page = opened()
    sign_in_by_temporary_password(page, demo, MINORI)
    page.get_by_label("新しいパスワード").fill(NEW)
    page.get_by_role("button", name="パスワードを変更する").click()
    expect(page.get_by_text("メールアドレスの認証がお済みではありません")).to_be_visible()
    first = mail_to(demo, MINORI.email, "メールアドレスの認証")
    open_member_menu(page, "見積履歴")
    page.get_by_role("main").locator("a[href*='quotes/Q']").first.click()
    expect(page.get_by_text("ご注文にはメールアドレスの認証が必要です。")).to_be_visible()
    expect(page.get_by_role("link", name="この見積で注文する")).to_have_count(0)
    check_sizes(page)
    quote = page.url
    # ページTOPの[会員メニュー] > [会員情報]、[パスワードの変更]よりご変更いただけます。
    open_member_menu(page, "会員情報")
    picture(page, "profile-unverified")
    page.get_by_role("link", name="パスワードの変更").click()
    page.get_by_label("今のパスワード").fill(NEW)
    page.get_by_label("新しいパスワード").fill(NEXT)
    page.get_by_role("button", name="パスワードを変更する").click()
    expect(
        page.get_by_text("メール内に記載しているURLをクリックいただくことで本登録が完了となります。")
    ).to_be_visible()
    check_sizes(page)
    # 認証メール: 24時間以内に。 The newer one ends the older.
    link = verification(mail_to(demo, MINORI.email, "メールアドレスの認証", other_than=first))
    page.goto(verification(first))
    expect(page.get_by_text("このURLでは認証できません")).to_be_visible()
    check_sizes(page)
    page.goto(link)
    check_sizes(page)
    picture(page, "verify")
    page.get_by_role("button", name="認証して本登録を完了する").click()
    expect(page.get_by_text("本登録が完了しました。")).to_be_visible()
    expect(page.get_by_text("メールアドレスの認証がお済みではありません")).to_have_count(0)
    page.goto(quote)
    page.get_by_role("link", name="この見積で注文する").click()
    expect(page.get_by_role("button", name="注文を確定する")).to_be_visible()


def _change_and_protect(opened: Opener, demo: Demo, picture: Picture, page: Page) -> None:
    # (2) ページTOPの[会員メニュー] > [会員情報] をクリック
    open_member_menu(page, "会員情報")
    # (3) [パスワードの変更]よりご変更いただけます。
    page.get_by_role("link", name="パスワードの変更").click()
    page.get_by_label("今のパスワード").fill(NEW)
    page.get_by_label("新しいパスワード").fill(NEXT)
    picture(page, "password-change")
    page.get_by_role("button", name="パスワードを変更する").click()
    expect(page.get_by_text("パスワードを変更しました。")).to_be_visible()
    text = mail_to(demo, TARO.email, "パスワードを変更しました")
    [stop] = re.findall(r"https?://\S+/stop/\w+", text)
    stranger = opened()
    stranger.goto(stop)
    expect(stranger.get_by_role("button", name="アカウントを保護する")).to_be_visible()
    check_sizes(stranger)
    picture(stranger, "stop")

    page.get_by_role("link", name="二段階認証").click()
    check_sizes(page)
    page.get_by_role("link", name="二段階認証を設定する").click()
    code = page.get_by_role("img", name=re.compile("QRコード"))
    expect(code).to_be_visible()
    # decode() waits for the picture and fails for a broken one
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    check_sizes(page)
    picture(page, "second-factor")
    secret = page.locator("dd code").inner_text().replace(" ", "")
    page.get_by_label("確認コード").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="設定する").click()
    recovery = page.locator("#codes code").all_inner_texts()
    assert len(recovery) == 10
    check_sizes(page)
    picture(page, "recovery-codes")
    page.get_by_role("link", name="保存しました").click()
    check_sizes(page)
    for path in ("second-factor/codes", "second-factor/off", "sessions/"):
        page.goto(f"/87465/member/{path}")
        check_sizes(page)

    other = opened()
    other.goto("/87465/login/")
    other.get_by_label("メールアドレス").fill(TARO.email)
    other.get_by_label("パスワード", exact=False).first.fill(NEXT)
    other.get_by_role("main").get_by_role("button", name="ログイン").click()
    expect(other.get_by_label("確認コード")).to_be_visible()
    check_sizes(other)
    other.get_by_label("確認コード").fill(recovery[0])
    other.get_by_role("button", name="ログイン").click()
    expect(other.get_by_text("会員メニュー").first).to_be_visible()
