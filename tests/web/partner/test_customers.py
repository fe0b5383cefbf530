"""What the console shows of companies, quotations and months, to whom."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from licenseonline.accounts.models import Company, Member, User
from licenseonline.kit import charts
from licenseonline.kit.rights import PARTNER_ROLES, RIGHTS, Right, StaffRole
from licenseonline.sales.models import LineMargin
from licenseonline.web.partner import figures
from tests.world import World

ClientOf = Callable[[Member | User], Client]


@pytest.fixture
def console(world: World, client_of: ClientOf) -> Client:
    return client_of(world.partner)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    return answer.content.decode()


def company_page(company: Company) -> str:
    return f"/partner/companies/{company.store_id}/{company.pk}"


def test_companies_are_found_by_what_one_knows_of_them(world: World, console: Client) -> None:
    for asked in ("みどり", "ミドリ", "03-1111", "緑 太郎", "taro@midori"):
        page = text(console, f"/partner/companies/?q={asked}")
        assert "学校法人みどり学園" in page
    assert "該当する会社はありません" in text(console, "/partner/companies/?q=なし")
    assert "青空製作所" not in text(console, "/partner/companies/?q=みどり")
    for odd in ("%00", "%25_", "'--", "a" * 10_000):
        assert console.get(f"/partner/companies/?q={odd}").status_code == 200


def test_another_partners_company_is_never_found(world: World, console: Client) -> None:
    theirs = world.hanako_at_minato.company
    Company.objects.filter(pk=theirs.pk).update(name="みなとだけの会社")
    assert "みなとだけの会社" not in text(console, "/partner/companies/")
    assert "該当する会社はありません" in text(console, "/partner/companies/?q=みなとだけ")
    assert console.get(company_page(theirs)).status_code == 404
    assert console.get(f"/partner/companies/87465/{theirs.pk}").status_code == 404


def test_a_company_with_its_people_quotations_and_orders(world: World, console: Client) -> None:
    order = world.order()
    page = text(console, company_page(order.company))
    for shown in ("青空 花子", "青空 一郎", "hanako@aozora.example", order.number, order.quote.number):
        assert shown in page
    assert "注文済" in text(console, f"/partner/quotes/87465/{order.quote.number}")
    assert order.number in text(console, f"/partner/quotes/87465/{order.quote.number}")


def test_lists_ask_the_same_number_of_questions_for_one_company_and_for_many(world: World, console: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        text(console, "/partner/companies/")
    for place in range(5):
        kept = world.taro.company
        kept.pk, kept.name = None, f"会社{place}"
        kept.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        text(console, "/partner/companies/")
    assert len(few) == len(many)


@time_machine.travel(datetime(2026, 11, 30, 15, 30, tzinfo=UTC), tick=False)  # already December in Japan
def test_a_months_statement_is_japans_month_and_what_was_frozen(world: World, client_of: ClientOf) -> None:
    order, console = world.order(), client_of(world.partner)
    sums = LineMargin.objects.get(line__order=order)
    assert "この月の注文はありません" in text(console, "/partner/statements/2026-11")
    page = text(console, "/partner/statements/2026-12")
    assert order.number in page
    [month] = [one for one in figures.by_month(world.partner) if one.orders]
    assert (month.day.month, month.orders, month.margin_yen) == (12, 1, sums.margin_yen)
    assert (month.net_yen, month.commission_yen) == (order.snapshot["net"], sums.commission_yen)
    answer = console.get("/partner/statements/2026-12/csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"), newline="")))
    assert [(row["注文ID"], row["注文日"], row["粗利"]) for row in rows] == [
        (order.number, "2026-12-01", str(sums.margin_yen))
    ]
    for impossible in ("2026-13", "0000-01", "2027-01"):
        assert console.get(f"/partner/statements/{impossible}").status_code == 404


def test_a_name_that_is_a_formula_is_text_in_the_statement(world: World, console: Client) -> None:
    order = world.order()
    Company.objects.filter(pk=order.company_id).update(name='=HYPERLINK("http://x")')
    answer = console.get(f"/partner/statements/{order.placed_at:%Y-%m}/csv")
    assert b"'=HYPERLINK" in b"".join(answer)


def test_bars_are_as_high_as_their_yen() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC).date()
    chart = charts.columns([(day, 0), (day, 50), (day, 100), (day, 1)])
    assert [bar.height for bar in chart.columns] == [0, 80, 160, 2]
    assert all(bar.y + bar.height == charts.HEIGHT for bar in chart.columns)
    assert charts.columns([(day, 0)]).most == 0


@pytest.mark.parametrize("role", PARTNER_ROLES)
def test_margins_are_seen_by_who_may(world: World, client_of: ClientOf, role: StaffRole) -> None:
    order = world.order()
    User.objects.filter(pk=world.partner.pk).update(role=role)
    client, may = client_of(world.partner), Right.VIEW_MARGINS in RIGHTS[role]
    assert client.get("/partner/statements/").status_code == (200 if may else 403)
    for path in ("/partner/orders/", f"/partner/orders/87465/{order.number}"):
        assert ("粗利" in text(client, path)) == may
    assert ("月次明細" in text(client, "/partner/")) == may


def test_who_may_not_is_told_what_is_missing(world: World, client_of: ClientOf) -> None:
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.VIEWER)
    page = client_of(world.partner).get("/partner/statements/").content.decode()
    assert "「粗利・手数料の閲覧」の権限が必要です" in page


def test_every_page_of_the_console_names_its_right() -> None:
    pages = get_resolver().namespace_dict["partner"][1].url_patterns
    open_to_all = {"login", "logout"}
    unnamed = {page.name for page in pages if isinstance(page, URLPattern) and not hasattr(page.callback, "right")}
    assert unnamed == open_to_all
