"""新規会員登録 on a phone, from the form through the mail to signing in."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_looks import check
from tests.demo_process import Demo

PASSWORD = "three quiet rivers run"
Picture = Callable[[Page, str], None]


def fill_company(page: Page) -> None:
    page.get_by_label("会社名・団体名必須", exact=True).fill("株式会社さくら髙島屋敷")
    page.get_by_label("会社名・団体名（フリガナ）").fill("かぶしきがいしゃ　さくらたかしまやしき")
    page.get_by_label("一般企業").check()
    page.get_by_label("電話番号").fill("０３ー１２３４ー５６７８")


def fill_person(page: Page, email: str) -> None:
    page.get_by_label("お名前必須", exact=True).fill("𠮷田　葛󠄀子")
    page.get_by_label("お名前（フリガナ）").fill("ﾖｼﾀﾞ ｶﾂﾗｺ")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード").fill(PASSWORD)


def agree(page: Page) -> None:
    page.get_by_label("利用規約と販売条件に同意します").check()
    page.get_by_label("反社会的勢力に該当せず").check()


def mailed_link(demo: Demo, email: str) -> str:
    """The address in the mail, once the worker has sent it."""
    for _ in range(120):
        for mail in demo.mails():
            if mail["to"] == email and mail["kind"] == "accounts/registration" and mail["state"] == "sent":
                found = re.search(r"http\S+/register/confirm/[0-9a-f]+", str(mail["text"]))
                assert found
                return found[0]
        time.sleep(0.5)  # house: another process sends it
    raise AssertionError("no mail came")


def test_a_new_member_registers_on_a_phone(opened: Opener, demo: Demo, picture: Picture) -> None:
    page = opened("phone")
    page.goto("/87465/login/")
    page.get_by_role("main").get_by_role("link", name="新規会員登録").click()
    expect(page.get_by_text("日本国内の法人・団体の方に限ります")).to_be_visible()
    check(page)
    picture(page, "register-phone")
    fill_company(page)
    page.get_by_label("郵便番号").fill("１００ー０００１")
    page.get_by_role("button", name="住所を検索").click()
    expect(page.get_by_label("市区町村")).to_have_value("千代田区")
    expect(page.get_by_label("都道府県")).to_have_value("東京都")
    expect(page.get_by_label("町名・番地")).to_be_focused()
    page.get_by_label("町名・番地").press_sequentially("1-1")
    expect(page.get_by_label("町名・番地")).to_have_value("千代田1-1")

    page.get_by_role("button", name="確認メールを送る").last.click()  # without the person
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    check(page)
    picture(page, "register-errors-phone")
    summary.get_by_role("link", name="お名前", exact=True).click()
    expect(page.get_by_label("お名前必須", exact=True)).to_be_focused()
    expect(page.get_by_label("町名・番地")).to_have_value("千代田1-1")

    fill_person(page, "yoshida@sakura.example")
    page.get_by_role("button", name="表示", exact=True).click()
    expect(page.get_by_label("パスワード")).to_have_attribute("type", "text")
    agree(page)
    page.get_by_role("button", name="確認メールを送る").last.click()
    expect(page.get_by_role("heading", name="確認メールをお送りしました")).to_be_visible()
    check(page)
    picture(page, "register-sent-phone")

    page.goto(mailed_link(demo, "yoshida@sakura.example"))
    expect(page.get_by_text("𠮷田 葛󠄀子 様")).to_be_visible()
    check(page)
    picture(page, "register-confirm-phone")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="登録を完了する").click()
    expect(page.get_by_text("会員登録が完了しました")).to_be_visible()
    page.get_by_label("メールアドレス").fill("yoshida@sakura.example")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("banner").get_by_text("会員メニュー")).to_be_visible()
    page.goto("/87465/member/profile/")
    expect(page.get_by_text("カブシキガイシャ サクラタカシマヤシキ")).to_be_visible()


def test_registration_needs_no_javascript(opened: Opener, demo: Demo, picture: Picture) -> None:
    page = opened("desktop", javascript=False)
    page.goto("/87465/register/")
    picture(page, "register-desktop")
    fill_company(page)
    page.get_by_label("郵便番号").fill("5300001")
    page.get_by_role("button", name="住所を検索").click()
    expect(page.get_by_label("市区町村")).to_have_value("大阪市北区")
    expect(page.get_by_label("お名前（フリガナ）")).to_have_value("")
    page.get_by_label("町名・番地").fill("梅田1-1")
    fill_person(page, "osaka@sakura.example")
    agree(page)
    page.get_by_label("お名前（フリガナ）").press("Enter")  # the form's button, not the one beside the postal code
    expect(page.get_by_role("heading", name="確認メールをお送りしました")).to_be_visible()
    link = mailed_link(demo, "osaka@sakura.example")
    page.goto(link)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="登録を完了する").click()
    expect(page.get_by_text("会員登録が完了しました")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("すでに完了しています")).to_be_visible()
    picture(page, "register-used-desktop")
