"""The search against tantivy and ILIKE, for stores that sell all, a twentieth and a thousandth of the catalogue.

    bin/bench generate --skus 1000000 --members 200 --orders 1000
    bin/bench search --seconds 3

It gives the first three of the generated stores other rules of what they sell.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
import tantivy  # type: ignore[import-not-found,unused-ignore]  # only in its own environment
from django.db import connection
from psycopg import sql

from bench import place, table
from licenseonline.catalog import browsing, search, suggestions
from licenseonline.catalog.browsing import Wanted
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, scope
from licenseonline.kit.sql import rows
from licenseonline.kit.text import fold, fold_model
from licenseonline.stores.models import Store

Engine = Callable[[str], object]


@dataclass(frozen=True)
class Times:
    """Milliseconds, sorted; `least` is the median of what each query took at its quickest, which other work on the machine blurs less.

    `worked` is the same of processor time, this process's and its PostgreSQL process's: waiting for a core is not in it.
    """

    taken: list[float]
    least: float
    worked: float

    @property
    def p50(self) -> float:
        """The median of all calls."""
        return statistics.median(self.taken)

    @property
    def p99(self) -> float:
        """What one call in a hundred exceeds."""
        return self.taken[int(len(self.taken) * 0.99)]


SHARES = {  # of which column each how manieth is sold
    "100%": ("vendor_id", "catalog_vendor", 1),
    "5%": ("vendor_id", "catalog_vendor", 20),
    "0.1%": ("product_id", "catalog_product", 1000),
}
KINDS = {
    "short": ["管理", "編集", "仮想", "会議", "文書", "電子", "3D", "保護", "対策", "翻訳"],
    "common": ["セキュリティ", "バックアップ", "Enterprise", "新規 1年", "ライセンス", "エディション", "クラウド", "Standard"],
    "two words": ["ミライ ウイルス対策", "バックアップ Premium", "for Server ログ管理", "スバル 翻訳", "カモメ スイート", "更新 仮想化"],
    "zero hits": ["存在シナイ", "zzqxw99", "電卓鍵穴", "ミライ南京錠", "未知ノ言葉", "qqqqq12345"],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench search", description="The search against tantivy and ILIKE.")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each kind of query, store and engine")
    seconds = parser.parse_args().seconds
    place.prepare()
    stores, kinds, tan = _stores(), {**KINDS, **_models()}, _tantivy()
    every = [query for queries in kinds.values() for query in queries]
    results, likes = [], dict[str, Times]()
    floor = _measure(lambda _query: rows("SELECT 1"), every, seconds)
    print(f"{Sku.objects.count():,} SKUs, {table.machine()}\n")
    print(
        "| store | kind | least ms | p50 | p99 | tantivy p50 | × tantivy | × by least | worked ms | × by work | ILIKE p50 | × faster |"
    )
    print("| --- | --- | " + " | ".join(["---:"] * 10) + " |")
    for share, store in stores.items():
        with scope.stores([store.pk]):
            for kind, queries in kinds.items():
                ours = _measure(_search(store), queries, seconds)
                theirs = _measure(tan, queries, seconds)
                if kind not in likes:  # it knows no stores
                    likes[kind] = _measure(_ilike, queries, seconds, before=1)
                results.append(_row(share, kind, ours, theirs, likes[kind]))
            results.append(_row(share, "with facets", _measure(_facets(store), every, seconds)))
            results.append(_row(share, "suggestions", _measure(_suggest(store), [one[:4] for one in every], seconds)))
    print("\n" + _together([row for row in results if "tantivy" in row]))
    print(f"{table.machine()}; SELECT 1: {floor.p50:.3f} ms, at least {floor.least:.3f}, worked {floor.worked:.3f}")
    (place.VAR / "search.json").write_text(json.dumps(results, indent=1))


def _together(kinds: list[dict[str, float]]) -> str:
    """All kinds in one figure, in the two ways that "median of all kinds together" can be read."""
    lines = []
    for how, ours, theirs in (
        ("p50", "p50", "tantivy"),
        ("least", "least", "tantivy least"),
        ("processor time", "worked", "tantivy worked"),
    ):
        ratios = sorted(row[ours] / row[theirs] for row in kinds)
        mine, other = (statistics.median(row[name] for row in kinds) for name in (ours, theirs))
        lines.append(
            f"by {how}: median of the kinds' ratios {statistics.median(ratios):.1f}; median of the kinds' times "
            f"{mine:.3f} ms to {other:.3f}, {mine / other:.1f} times ({' '.join(f'{ratio:.2g}' for ratio in ratios)})"
        )
    return "\n".join(lines)


def _stores() -> dict[str, Store]:
    """Three of the generated stores, with rules of the share that they sell: by vendor, and the smallest by product."""
    stores = list(Store.objects.order_by("id")[: len(SHARES)])
    insert = (
        "INSERT INTO catalog_storelisting (store_id, {0}, offer) SELECT %s, id, 'priced' FROM {1} WHERE id %% %s = 0"
    )
    with psycopg.connect(place.admin_url(), autocommit=True) as admin:
        for (column, table, each), store in zip(SHARES.values(), stores, strict=True):
            admin.execute("DELETE FROM catalog_storelisting WHERE store_id = %s", [store.pk])
            statement = sql.SQL(insert).format(sql.Identifier(column), sql.Identifier(table))
            admin.execute(statement, [store.pk, each])
        admin.execute("VACUUM (ANALYZE) catalog_storelisting")
    return dict(zip(SHARES, stores, strict=True))


def _models() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT model_number FROM catalog_sku WHERE id % 317 = 7 ORDER BY id LIMIT 60")
        models = [model for (model,) in cursor.fetchall()]
    return {"model number": models, "model begun": [model[:8] for model in models]}


def _search(store: Store) -> Engine:
    return lambda query: search.products(query, store_id=store.pk)


def _facets(store: Store) -> Engine:
    return lambda query: browsing.browse(Wanted(query), store=store, day=clock.today())


def _suggest(store: Store) -> Engine:
    return lambda query: suggestions.suggest(query, store_id=store.pk)


def _ilike(query: str) -> object:
    with connection.cursor() as cursor:
        words = [f"%{word}%" for word in fold(query).split()]
        statement = "SELECT id FROM catalog_product WHERE folded_text ILIKE ALL(%s) ORDER BY popularity DESC LIMIT 101"
        cursor.execute(statement, [words])
        return cursor.fetchall()


def _tantivy() -> Engine:
    """All products with an index of pairs of letters, the most popular first, as ids: it knows no stores and no tiers."""
    schema = tantivy.SchemaBuilder()
    schema.add_integer_field("id", stored=True, indexed=True, fast=True)
    schema.add_integer_field("popularity", fast=True)
    schema.add_text_field("text", tokenizer_name="pairs", index_option="basic")
    schema.add_text_field("model", tokenizer_name="raw", index_option="basic")
    pairs = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(2, 2, prefix_only=False)).build()
    index = tantivy.Index(schema.build())
    index.register_tokenizer("pairs", pairs)
    writer = index.writer(200_000_000, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, popularity, folded_text, ARRAY(SELECT folded_model FROM catalog_sku WHERE product_id = product.id)
               FROM catalog_product product"""
        )
        for pk, popularity, text, models in cursor:
            writer.add_document(tantivy.Document(id=pk, popularity=popularity, text=[text], model=models))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def term(field: str, word: str) -> tantivy.Query:
        return tantivy.Query.term_query(index.schema, field, word, index_option="basic")

    def engine(query: str) -> object:
        folded = fold(query)
        grams = {word[at : at + 2] for word in folded.split() for at in range(max(1, len(word) - 1))}
        must = [(tantivy.Occur.Must, term("text", gram)) for gram in sorted(grams)]
        by_model = searcher.search(term("model", fold_model(query)), 20, count=False).hits
        by_text = searcher.search(tantivy.Query.boolean_query(must), 101, count=False, order_by_field="popularity").hits
        return [searcher.doc(address)["id"][0] for hits in (by_model, by_text) for _score, address in hits[:20]]

    return engine


def _measure(engine: Engine, queries: list[str], seconds: float, *, before: int = 10) -> Times:
    """Each query some times over, in random order; some calls before do not count."""
    for query in queries[:before]:
        engine(query)
    chance, taken, least, worked = random.Random(1), list[float](), dict[str, float](), dict[str, float]()
    until = time.perf_counter() + seconds
    while not taken or (time.perf_counter() < until and len(taken) < 2000):
        query = chance.choice(queries)
        served, mine, began = _served(), time.thread_time(), time.perf_counter()
        engine(query)
        taken.append((time.perf_counter() - began) * 1000)
        work = (time.thread_time() - mine) * 1000 + _served() - served
        least[query] = min(taken[-1], least.get(query, taken[-1]))
        worked[query] = min(work, worked.get(query, work))
    return Times(sorted(taken), statistics.median(least.values()), statistics.median(worked.values()))


@cache
def _backend() -> Path:
    [(pid,)] = rows("SELECT pg_backend_pid()")
    return Path(f"/proc/{pid}/schedstat")


def _served() -> float:
    """Milliseconds that PostgreSQL's process has been on a processor."""
    return int(_backend().read_text().split()[0]) / 1e6


def _row(
    share: str, kind: str, ours: Times, theirs: Times | None = None, like: Times | None = None
) -> dict[str, float]:  # fmt: skip
    row = {"p50": ours.p50, "p99": ours.p99, "least": ours.least}
    cells = [share, kind, f"{ours.least:.1f}", f"{ours.p50:.1f}", f"{ours.p99:.1f}"]
    if theirs and like:
        row |= {"tantivy": theirs.p50, "tantivy least": theirs.least, "ilike": like.p50}
        row |= {"worked": ours.worked, "tantivy worked": theirs.worked}
        cells += [f"{theirs.p50:.2f}", f"{ours.p50 / theirs.p50:.1f}", f"{ours.least / theirs.least:.1f}"]
        cells += [f"{ours.worked:.2f}", f"{ours.worked / theirs.worked:.1f}"]
        cells += [f"{like.p50:.0f}", f"{like.p50 / ours.p50:.0f}"]
    print("| " + " | ".join(cells + [""] * (12 - len(cells))) + " |", flush=True)
    return row
