"""An order with two papers in a real browser: handed in, one returned with a reason and replaced, both accepted."""

import io
import re

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from licenseonline.demo.logins import TARO
from tests.browser.conftest import Opener, sign_in_member
from tests.browser.test_slice import Picture, enter_desk
from tests.browser.test_staff_looks import check_sizes
from tests.demo_process import Demo

PROOF, FORM = "教育機関であることの証明", "メーカー指定の申請書"


def photograph(name: str, colour: str) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def paper(page: Page, name: str) -> Locator:
    return page.locator(".paper", has=page.get_by_role("heading", name=name))


def hand_in(page: Page, name: str, *files: FilePayload) -> None:
    one = paper(page, name)
    one.get_by_label("ファイル", exact=False).first.set_input_files(list(files))
    one.get_by_role("button", name="この書類を提出する").click()


def cut_second(page: Page) -> None:
    """The second of the uploads from now on does not arrive: what stands before the shop cannot reach it."""
    posts: list[str] = []

    def pass_or_cut(route: Route) -> None:
        posts.append(route.request.url)
        if len(posts) == 2:
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route(re.compile(r"/papers/\d+$"), pass_or_cut)


def review(desk: Page, name: str, number: str) -> None:
    desk.goto("/backoffice/?kind=paper")
    row = desk.get_by_role("row", name=re.compile(f"{number}.*{name}"))
    row.get_by_role("link").last.click()
    expect(desk.get_by_role("heading", name=re.compile(name)).first).to_be_visible()


def wait_for_preview(desk: Page) -> None:
    for _ in range(40):
        if desk.locator("img.desk-paper").count():
            break
        desk.wait_for_timeout(500)  # house: the worker is another process
        desk.reload()
    expect(desk.locator("img.desk-paper").first).to_be_visible()


def test_two_papers_one_returned_and_replaced(opened: Opener, demo: Demo, picture: Picture) -> None:
    buyer, desk = opened("phone"), opened()
    buyer.goto("/87465/login/")
    sign_in_member(buyer, TARO)
    buyer.goto("/87465/member/orders/")
    buyer.get_by_role("row", name=re.compile("エデュケーションパック")).get_by_role("link").first.click()
    number = buyer.url.rpartition("/")[2]
    expect(buyer.get_by_text("書類のご提出をお待ちしています").first).to_be_visible()
    picture(buyer, "papers-order-phone")
    buyer.get_by_role("link", name="書類を提出する").first.click()
    expect(buyer.get_by_text("あと2件の書類のご提出をお待ちしています")).to_be_visible()
    check_sizes(buyer)
    with buyer.expect_download() as download:
        paper(buyer, FORM).get_by_role("link", name=re.compile("用紙をダウンロード")).click()
    assert download.value.suggested_filename.endswith(".pdf")
    # A wrong file keeps the form, then the right one goes.
    hand_in(buyer, FORM, {"name": "申請書.exe", "mimeType": "application/pdf", "buffer": b"MZ"})
    expect(paper(buyer, FORM).get_by_text("申請書.exe：受け付けられるのは")).to_be_visible()
    picture(buyer, "papers-phone")
    hand_in(buyer, FORM, photograph("IMG_0001.jpg", "white"))
    expect(paper(buyer, FORM).get_by_text("確認中", exact=True)).to_be_visible()
    cut_second(buyer)
    hand_in(buyer, PROOF, photograph("IMG_0002.jpg", "beige"), photograph("IMG_0003.jpg", "white"))
    # Of two files the second fails: what has arrived is kept, what has not is still chosen.
    expect(paper(buyer, PROOF).get_by_text("IMG_0003.jpg")).to_be_visible()
    expect(paper(buyer, PROOF).locator("[data-errors] li")).to_have_count(2)
    expect(paper(buyer, PROOF).get_by_text("IMG_0002.jpg")).to_have_count(0)
    paper(buyer, PROOF).get_by_role("button", name="この書類を提出する").click()
    expect(buyer.get_by_text("ご提出いただいた書類を確認しています")).to_be_visible()

    enter_desk(desk)
    review(desk, FORM, number)
    wait_for_preview(desk)
    picture(desk, "papers-review")
    check_sizes(desk)
    desk.get_by_label(re.compile("ご署名またはご捺印がありません")).check()
    desk.get_by_role("button", name="差し戻す").click()
    # The next one is up.
    expect(desk.get_by_role("heading", name=re.compile(PROOF)).first).to_be_visible()
    wait_for_preview(desk)
    expect(desk.locator("img.desk-paper")).to_have_count(2)
    desk.get_by_role("button", name="受理する").click()

    buyer.reload()
    expect(paper(buyer, FORM).get_by_text("ご署名またはご捺印がありません")).to_be_visible()
    expect(paper(buyer, PROOF).get_by_text("受理済み")).to_be_visible()
    hand_in(buyer, FORM, photograph("IMG_0004.jpg", "ivory"))
    expect(paper(buyer, FORM).get_by_text("確認中", exact=True)).to_be_visible()
    review(desk, FORM, number)
    desk.get_by_role("button", name="受理する").click()
    buyer.reload()
    expect(buyer.get_by_text("書類はすべてそろっています")).to_be_visible()
    buyer.goto(f"/87465/member/orders/{number}")
    expect(buyer.get_by_text("までにお振り込みください").first).to_be_visible()
    expect(buyer.get_by_text(f"「{FORM}」の再度のご提出をお願いしました。")).to_be_visible()
