"""What leaves the console as a file: statements and lists, the same figures as on the page, of the own stores alone."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from licenseonline.accounts.models import Company, Member, User
from licenseonline.catalog.models import Cost
from licenseonline.kit import clock, paging
from licenseonline.kit.money import format_yen
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.sales.models import LineMargin, Order
from licenseonline.stores.models import Store
from licenseonline.web.partner import exports, statements
from tests.stores.store_acts import prepared
from tests.world import World

ClientOf = Callable[[Member | User], Client]
LISTS = ("companies", "members", "quotes", "orders")


@pytest.fixture
def console(world: World, client_of: ClientOf) -> Client:
    return client_of(world.partner)


def csv_of(client: Client, path: str) -> str:
    answer: Any = client.get(path)
    assert isinstance(answer, StreamingHttpResponse), path
    return b"".join(answer).decode("utf-8-sig")


def sheets(client: Client, path: str) -> list[list[list[Any]]]:
    answer = client.get(path)
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_statement_says_the_same_as_pdf_workbook_csv_and_page(world: World, console: Client) -> None:
    Company.objects.filter(pk=world.hanako.company_id).update(name="=cmd()|A1 <b>青空</b>")
    world.order()
    world.order(world.hanako_at_minato)
    Cost.objects.all().delete()  # the next order's is unknown
    world.order(world.taro)
    path = f"/partner/statements/{clock.today():%Y-%m}"
    mine = list(LineMargin.objects.filter(store=87465).select_related("line"))
    net, commission = sum(one.line.amount_yen for one in mine), sum(one.commission_yen for one in mine)
    margin = sum(one.margin_yen or 0 for one in mine)
    sums, lines = sheets(console, f"{path}/xlsx")
    assert sums[1:] == [["87465", "エルサットストア", net, margin, commission]]
    assert [sum(row[at] or 0 for row in lines[1:]) for at in (10, 11, 13)] == [net, margin, commission]
    assert lines[1][3] == clock.today()
    assert lines[1][4] == "=cmd()|A1 <b>青空</b>"
    csv_rows = csv_of(console, f"{path}/csv").splitlines()
    assert len(csv_rows) == len(lines) == 3
    assert "'=cmd()" in csv_rows[1]
    page = console.get(path).content.decode()
    content = console.get(f"{path}/87465.pdf").content
    printed = pdf_text(content)
    for yen in (net, margin, commission):
        assert f"{yen:,}" in printed
        assert format_yen(yen) in page
    for said in ("手数料・粗利明細書", "SP10001", "みどり学園", "5.0%", "原価が未確定"):
        assert said in printed
    assert content == console.get(f"{path}/87465.pdf").content
    assert console.get(f"{path}/193808.pdf").status_code == 404
    assert console.get("/partner/statements/2026-01/87465.pdf").status_code == 404


def test_a_statement_has_pages_and_the_sums_of_all(
    world: World, console: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 1)
    first, last = world.order(), world.order(world.taro)
    path = f"/partner/statements/{clock.today():%Y-%m}"
    newest = console.get(path).content.decode()
    older = console.get(f"{path}?before={last.pk}").content.decode()
    assert (last.number in newest, first.number in newest) == (True, False)
    assert (last.number in older, first.number in older) == (False, True)
    net = sum(line.amount_yen for order in (first, last) for line in order.lines.all())
    for page in (newest, older):
        assert format_yen(net) in page


def test_a_statement_too_long_to_print_says_so(world: World, console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    world.order()
    monkeypatch.setattr(statements, "MOST_PRINTED", 0)
    answer = console.get(f"/partner/statements/{clock.today():%Y-%m}/87465.pdf")
    assert answer.status_code == 409
    assert "PDFにできません" in answer.content.decode()


@pytest.mark.parametrize("what", LISTS)
def test_a_list_leaves_as_csv_and_workbook_with_its_filters(world: World, console: Client, what: str) -> None:
    Company.objects.filter(pk=world.hanako.company_id).update(name="+青空", phone="-1+1")
    world.order(world.hanako)
    world.order(world.hanako_at_minato)
    [rows] = sheets(console, f"/partner/exports/{what}.xlsx")
    text = csv_of(console, f"/partner/exports/{what}.csv")
    assert len(rows) == len(text.splitlines())
    assert "'+青空" in text
    assert any("+青空" in row for row in rows)
    assert {row[0] for row in rows[1:]} == {"87465"}
    for foreign in ("みなと", "193808", "SP10002"):
        assert foreign not in text
    none = {
        "companies": "q=ありません",
        "members": "q=ありません",
        "quotes": "state=expired",
        "orders": "state=delivered",
    }
    assert len(csv_of(console, f"/partner/exports/{what}.csv?{none[what]}").splitlines()) == 1
    assert len(csv_of(console, f"/partner/exports/{what}.csv?store=193808").splitlines()) == len(rows)
    last = history.of_platform(world.partner)[0]
    assert last.event == "staff.exported"
    assert (last.facts["list"], last.facts["rows"]) == (what, len(rows) - 1)
    assert console.get("/partner/exports/nothing.csv").status_code == 404
    assert console.get(f"/partner/exports/{what}.pdf").status_code == 404


def test_lists_link_to_their_files_with_the_filters(world: World, console: Client) -> None:
    world.order()
    assert "/partner/exports/orders.csv?state=awaiting_payment" in (
        console.get("/partner/orders/?state=awaiting_payment").content.decode()
    )
    assert "/partner/exports/quotes.xlsx" in console.get("/partner/quotes/").content.decode()
    companies = console.get("/partner/companies/?q=青空").content.decode()
    assert "/partner/exports/members.csv?q=" in companies


def test_a_viewer_takes_nothing_away_and_too_many_rows_are_narrowed(
    world: World, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.order()
    for role in (StaffRole.HEAD, StaffRole.SALES, StaffRole.BOOKS, StaffRole.VIEWER):
        User.objects.filter(pk=world.partner.pk).update(role=role)
        client = client_of(User.objects.get(pk=world.partner.pk))
        may = role != StaffRole.VIEWER
        assert client.get("/partner/exports/orders.csv").status_code == (200 if may else 403)
        assert ("exports/orders.csv" in client.get("/partner/orders/").content.decode()) == may
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.HEAD)
    monkeypatch.setattr(exports, "MOST", 1)
    answer = client_of(User.objects.get(pk=world.partner.pk)).get("/partner/exports/members.csv")
    assert answer.status_code == 409
    assert "絞り込んでから" in answer.content.decode()


@pytest.mark.parametrize("what", LISTS)
def test_a_file_takes_the_same_queries_for_one_row_and_for_three(world: World, console: Client, what: str) -> None:
    path = f"/partner/exports/{what}.xlsx"
    world.order()
    console.get(path)
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert console.get(path).status_code == 200
        counts.append(len(queries))
        world.order(world.taro)
        world.order(world.ichiro)
    assert counts[0] == counts[1]
    assert Order.objects.filter(placed_at__date__gte=date(2026, 1, 1)).count() == 5


def test_a_list_keeps_the_chosen_store_in_its_forms_and_links(world: World, console: Client) -> None:
    prepared(world)
    Store.objects.filter(pk=55555).update(state=Store.State.OPEN)
    world.order()
    for path in ("/partner/orders/", "/partner/quotes/", "/partner/companies/", "/partner/statements/"):
        page = console.get(f"{path}?store=87465").content.decode()
        assert '<option value="87465" selected>' in page, path
    orders = console.get("/partner/orders/?store=87465").content.decode()
    assert 'href="?state=delivered&amp;store=87465"' in orders
    assert "/partner/exports/orders.csv?store=87465" in orders
