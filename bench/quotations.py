"""What a quotation costs in a store that has 10 of them and in one that has 100,000: it must not depend on that.

Two databases on the bench's server that differ in nothing else. Both are asked in turn in every round, the small one twice: how
far its two answers differ is the noise.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

import psycopg
from django.db import connection
from psycopg import sql

from bench import place, table
from bench.size import Size
from licenseonline.accounts.models import Member
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, scope
from licenseonline.sales import carts, orders, papers, quotes
from licenseonline.sales.models import CartLine, Order, Quote
from licenseonline.stores import stores

GOAL = 1.2  # times as dear, of which the noise is a part
_LINES = 3
# One store each; four orders make five quotations.
SIZES = {
    "few": Size(stores=1, skus=2_000, members=100, orders=8),
    "many": Size(stores=1, skus=2_000, members=100, orders=80_000),
}
_PREPARE = "from bench import place; place.prepare()"
Times = dict[tuple[str, str], list[float]]  # milliseconds by verb and place


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench quotations", description="Quotations beside few and many others.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--documents", type=int, default=10, help="of each kind, per place and round")
    parser.add_argument("--anew", action="store_true", help="make the data again")
    options = parser.parse_args()
    _make(anew=options.anew)
    times: Times = {}
    for number in range(-2, options.rounds):
        for name in ("few", "many", "again"):
            with _on("few" if name == "again" else name):
                _round(name, options.documents, times if number >= 0 else {})
    _report(times)


def _make(*, anew: bool) -> None:
    """The databases that are missing; those that are there get the newest tables."""
    (place.VAR / "log").mkdir(parents=True, exist_ok=True)
    place.SERVER.start()
    for name, size in SIZES.items():
        environment = {**os.environ, "BENCH_DATABASE": _database(name)}
        if place.note(_database(name)).exists() and not anew:
            subprocess.run([sys.executable, "-c", _PREPARE], check=True, cwd=place.ROOT, env=environment)
            continue
        with psycopg.connect(place.SERVER.url("postgres", "postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_database(name))))
        arguments = [f"--{part}={number}" for part, number in size.as_dict().items()]
        command = [sys.executable, "-m", "bench", "generate", *arguments]
        subprocess.run(command, check=True, cwd=place.ROOT, env=environment)


def _database(name: str) -> str:
    return f"quotations_{name}"


@contextmanager
def _on(name: str) -> Iterator[None]:
    """The ORM of this process works on that database; what it kept of the other one is forgotten."""
    connection.close()
    connection.settings_dict.update(NAME=_database(name))
    for kept in (stores.store_of_edition, stores.holidays_of_edition, stores.hosts_of_edition, papers.rules_of_edition):
        kept.cache_clear()
    yield
    connection.close()


def _round(name: str, documents: int, times: Times) -> None:
    """Each document in a transaction of its own, as a request has it; the first is for what a new connection must learn."""
    made: list[Quote] = []
    members = _members(documents + 1)
    for at, member in enumerate(members):
        with scope.stores([member.store_id]):
            began = time.perf_counter()
            made.append(quotes.issue(carts.TERM, subject="ライセンス更新", by=member))
        if at:
            times.setdefault(("quotation", name), []).append((time.perf_counter() - began) * 1000)
    for at, (quote, member) in enumerate(zip(made, members, strict=True)):
        with scope.stores([member.store_id]):
            began = time.perf_counter()
            orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=member)
        if at:
            times.setdefault(("order", name), []).append((time.perf_counter() - began) * 1000)


def _members(number: int) -> list[Member]:
    """With company and store as a request has them, and lines in every cart."""
    with scope.platform():
        found = list(Member.objects.select_related("company").order_by("pk")[:number])
        store = stores.open_store(found[0].store_id)
        sold = Sku.objects.public(store.pk).filter(product__vendor_id__lte=Size.CORE_VENDORS, band_from=1)[:_LINES]
        CartLine.objects.filter(member__in=found).delete()
        CartLine.objects.bulk_create(
            CartLine(store=store, member=member, sku=sku, quantity=at + 2, added_at=clock.now())
            for member in found
            for at, sku in enumerate(sold)
        )
    for member in found:
        member.store = store
    return found


def _report(times: Times) -> None:
    """Ratios of medians and of the quickest tenths, which other work on the machine blurs less."""
    rows = []
    for verb in ("quotation", "order"):
        few, many, again = (times[verb, name] for name in ("few", "many", "again"))
        ratio, least = median(many) / median(few), _tenth(many) / _tenth(few)
        noise = [median(again) / median(few), _tenth(again) / _tenth(few)]
        figures = [f"{median(few):.2f}", f"{median(many):.2f}", f"{ratio:.2f}", f"{noise[0]:.2f}"]
        figures += [f"{least:.2f}", f"{noise[1]:.2f}", f"{GOAL}", table.verdict(GOAL, least)]
        rows.append([verb, *figures])
    table.keep("quotations", {" ".join(key): one for key, one in times.items()})
    for name in SIZES:
        with _on(name), scope.platform():
            print(f"{name}: {Quote.objects.count():,} quotations and {Order.objects.count():,} orders at the end")
    print(table.machine())
    head = ["document", "few ms", "many ms", "ratio", "noise", "by least", "noise", "target", ""]
    print(table.markdown(head, rows))


def _tenth(times: list[float]) -> float:
    return quantiles(times, n=10)[0]
