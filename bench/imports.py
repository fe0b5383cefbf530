"""Imports of price lists against a COPY of the rows that they write into the same indexed tables.

    bin/bench imports --rows 100000 1000000

Each side begins with a fresh copy of the same database. An import is a process of its own: it hands the file in, reads,
checks and applies it by the product's verbs. What it wrote is then dumped, and copied into a fresh database in one
transaction.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from bench import generated_catalogue as generated
from bench import place, table
from bench.copying import copy, follow_sequence
from bench.size import Size
from licenseonline.accounts.models import User
from licenseonline.catalog.imports import price_imports
from licenseonline.catalog.models import Cost, Price, PriceImport, PriceList, Product, Sku, Vendor
from licenseonline.kit import clock, roles, scope
from licenseonline.kit.text import fold

DATABASE, BASE = "imports", "imports_base"  # its own: an import changes the catalogue that others measure
GOALS = {"changes": 6.0, "new": 3.0}
# What an import writes, in the order of the keys between the tables.
WRITTEN = ("catalog_product", "catalog_sku", "catalog_pricelist", "catalog_price", "catalog_cost", "catalog_searchword")
_PIECE = 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench imports", description="Imports against COPY.")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", choices=GOALS, default=list(GOALS))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)  # the process that imports
    options = parser.parse_args()
    place.SERVER.start()
    connection.settings_dict["NAME"] = DATABASE
    if options.run:
        kind, path = options.run
        print(json.dumps(_import(kind, Path(path))))
        return
    results = []
    for rows in options.rows:
        for kind in options.kinds:
            _make_base(kind, rows)
            results += [_measure(kind, rows) for _round in range(options.rounds)]
    table.keep("imports", results)
    print(table.machine())
    head = ["rows", "", "COPY s", "read and check s", "apply s", "ratio", "target", "", "peak MB"]
    print(table.markdown(head, map(_line, results)))


def _line(one: dict[str, Any]) -> list[str]:
    ratio, goal = one["ratio"], GOALS[one["kind"]]
    figures = [f"{one[name]:.1f}" for name in ("copy", "read", "apply")]
    return [
        f"{one['rows']:,}", one["kind"], *figures, f"{ratio:.1f}", f"{goal:.0f}", "met" if ratio <= goal else "missed",
        str(one["peak_mb"]),
    ]  # fmt: skip


def _measure(kind: str, rows: int) -> dict[str, Any]:
    path = place.VAR / f"imports-{kind}-{rows}.csv"
    _write_list(kind, rows, path)
    _fresh()
    command = [sys.executable, "-m", "bench", "imports", "--run", kind, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=place.ROOT)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    _dump()
    _fresh()
    took = _copy()
    found = {"kind": kind, "rows": rows, **result, "copy": took, "ratio": (result["read"] + result["apply"]) / took}
    print(json.dumps(found), flush=True)
    path.unlink()
    return found


def _admin(database: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(place.SERVER.url("postgres", database), autocommit=True)


def _fresh(database: str = DATABASE, template: str = BASE) -> None:
    with _admin("postgres") as admin:
        names = sql.Identifier(database), sql.Identifier(roles.OWNER), sql.Identifier(template)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(names[0]))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*names))
        admin.execute("CHECKPOINT")


def _make_base(kind: str, rows: int) -> None:
    """One vendor; for changes with its SKUs, prices and costs, for new SKUs with a hundredth of them."""
    with _admin("postgres") as admin:
        for name in (DATABASE, BASE):
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    roles.install(place.SERVER.url("postgres", "postgres"), DATABASE)
    urls = {"DATABASE_URL": roles.RW, "MIGRATE_DATABASE_URL": roles.OWNER}
    process = os.environ | {name: place.SERVER.url(role, DATABASE) for name, role in urls.items()}
    migrate = [sys.executable, "-m", "licenseonline", "migrate", "-v", "0"]
    subprocess.run(migrate, check=True, cwd=place.ROOT, env=process)
    number = rows if kind == "changes" else rows // 100
    size = Size(skus=number)
    with psycopg.connect(place.SERVER.url("postgres", DATABASE)) as admin:
        copy(admin, Vendor, [Vendor(id=1, code="vendor", name="ベンダー", kana="ベンダー", aliases="Vendor")])
        copy(admin, User, [User(id=1, email="desk@operator.example", name="運営", partner=None, role="admin")])
        copy(admin, Product, (_product(size, n) for n in range(size.products)))
        copy(admin, Sku, (generated.sku(size, n) for n in range(number)))
        copy(admin, PriceList, [PriceList(id=1, vendor_id=1, name="2026年度価格表", from_day=date(2026, 4, 1))])
        copy(
            admin,
            Price,
            (Price(id=n + 1, price_list_id=1, sku_id=n + 1, list_yen=generated.list_yen(n)) for n in range(number)),
        )
        copy(admin, Cost, (Cost(price_id=n + 1, cost_yen=generated.list_yen(n) * 7 // 10) for n in range(number)))
        for model in (Vendor, User, Product, Sku, PriceList, Price):
            follow_sequence(admin, model)
    with _admin(DATABASE) as admin:
        admin.execute("VACUUM (ANALYZE)")
    with _admin("postgres") as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(DATABASE), sql.Identifier(BASE)))


def _product(size: Size, number: int) -> Product:
    product = generated.product(size, number)
    product.vendor_id = 1
    product.folded_name = fold(product.name)
    return product


def _write_list(kind: str, rows: int, path: Path) -> None:
    """As vendors write them: for changes model number and prices, for new SKUs with all that is said of them."""
    with path.open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        if kind == "changes":
            writer.writerow(["型番", "定価(税抜)", "仕切価格"])
            writer.writerows(_changes(rows))
        else:
            writer.writerow(
                ["型番", "製品コード", "製品名", "型番名", "定価(税抜)", "仕切価格", "購入形態", "対象", "期間", "単位"]
            )
            writer.writerows(_news(rows))


def _changes(rows: int) -> Iterator[list[object]]:
    size = Size(skus=rows)
    for n in range(rows):
        yen = generated.list_yen(n) * 11 // 10
        yield [generated.sku(size, n).model_number, f"¥{yen:,}".replace("¥", "\\"), yen * 7 // 10]


def _news(rows: int) -> Iterator[list[object]]:
    size = Size(skus=rows)
    for n in range(rows):
        product, sku = generated.product(size, n // size.PER_PRODUCT), generated.sku(size, n)
        yen = generated.list_yen(n)
        yield [
            f"{sku.model_number}-2", f"{product.code}-2", product.name, sku.name, yen, yen * 7 // 10,
            sku.get_purchase_type_display(), sku.get_program_display(), f"{sku.term_months}か月", "ユーザー",
        ]  # fmt: skip


def _import(kind: str, path: Path) -> dict[str, Any]:
    """In this process: the file through upload, check and apply."""
    with scope.platform():
        vendor, by = Vendor.objects.get(), User.objects.get()
        with path.open("rb") as file:
            options = {"name": path.name, "from_day": clock.today(), "is_complete": False, "columns": None}
            made = price_imports.upload(file, vendor=vendor, by=by, **options)  # type: ignore[arg-type]
    began = time.perf_counter()
    price_imports.read(made)
    checked = time.perf_counter()
    found = PriceImport.objects
    with scope.platform():
        price_imports.apply(made, by=by)
    price_imports.apply_job(made.pk)
    applied = time.perf_counter()
    with scope.platform():
        row = found.get(pk=made.pk)
    outcome = "changed" if kind == "changes" else "new"
    if row.state != PriceImport.State.APPLIED or set(row.counts) != {outcome}:
        message = f"{row.state} {row.problem} {row.counts}"
        raise SystemExit(message)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"read": checked - began, "apply": applied - checked, "peak_mb": peak, "counts": row.counts}


def _dump() -> None:
    """What the import wrote, by table, to files."""
    with _admin(DATABASE) as after, _admin(BASE) as before:
        for name in WRITTEN:
            key, of = sql.Identifier("price_id" if name == "catalog_cost" else "id"), sql.Identifier(name)
            [(last,)] = before.execute(sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(key, of)).fetchall()
            new = sql.SQL("SELECT * FROM {} WHERE {} > {} ORDER BY {}").format(of, key, sql.Literal(last), key)
            statement = sql.SQL("COPY ({}) TO STDOUT").format(new)
            with after.cursor() as cursor, cursor.copy(statement) as stream, _rows_of(name).open("wb") as file:
                for piece in stream:
                    file.write(piece)


def _rows_of(name: str) -> Path:
    return place.VAR / f"imports-{name}.rows"


def _copy() -> float:
    """Seconds for the dumped rows to be copied in one transaction, by the platform's role."""
    with psycopg.connect(place.SERVER.url(roles.RW, DATABASE)) as platform:
        platform.execute("SET ROLE app_platform")
        began = time.perf_counter()
        for name in WRITTEN:
            statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))
            with platform.cursor() as cursor, cursor.copy(statement) as stream, _rows_of(name).open("rb") as file:
                while piece := file.read(_PIECE):
                    stream.write(piece)
        platform.commit()
        took = time.perf_counter() - began
    for name in WRITTEN:
        _rows_of(name).unlink()
    return took
