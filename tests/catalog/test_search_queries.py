"""How people type, over the demo's catalogue: data/queries.csv says what must come how early, queries_not.csv what never."""

import csv
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from licenseonline.catalog import search
from licenseonline.demo import catalog, stores
from licenseonline.kit import scope
from tests import environment

STORE = 87465
DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def demo(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database with the demo's stores and catalogue in place of the small world, for this module's tests."""
    name = f"{environment.DATABASE}_queries"
    environment.copy_database(name)
    with psycopg.connect(environment.environment_for(name)["MIGRATE_DATABASE_URL"]) as owner:
        owner.execute("TRUNCATE stores_partner, catalog_vendor, catalog_searchword, accounts_user CASCADE")
    before = connections.settings["default"]["NAME"]
    connection.close()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name
    try:
        with django_db_blocker.unblock(), scope.platform():
            catalog.make(stores.make())
            yield
    finally:
        connections.close_all()
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = before
        environment.drop_database(name)


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(query: str) -> list[str]:
    return [product.code for product in search.products(query, store_id=STORE).products]


def test_what_people_look_for_comes_first(demo: None) -> None:
    rows = table("queries.csv")
    assert len(rows) >= 150
    assert all(int(row["rank"]) <= 3 for row in rows)
    missed = [
        (row, found(row["query"])[:4]) for row in rows if row["product"] not in found(row["query"])[: int(row["rank"])]
    ]
    assert missed == []


def test_what_is_something_else_does_not_come(demo: None) -> None:
    rows = table("queries_not.csv")
    assert len(rows) >= 40
    assert [row for row in rows if row["product"] in found(row["query"])] == []
