"""Requests per second and p99 of the product's pages, each as a ratio to the bare view measured just before it."""

import argparse
import json
import random
import subprocess
import tempfile
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import quote

from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.utils.crypto import get_random_string

from bench import place, serve, table
from bench.names import BRANDS, KINDS
from licenseonline.accounts.models import Member
from licenseonline.catalog.models import Product
from licenseonline.kit import scope
from licenseonline.sales.models import Order, Quote
from licenseonline.stores.models import Store
from licenseonline.web.session_store import SessionStore

CONNECTIONS = 16
ANONYMOUS, SIGNED_IN = 0.40, 0.25
_PEOPLE = 20


@dataclass
class Target:
    """A kind of page: addresses with their cookies, a word that the right page has, and the ratio to reach."""

    name: str
    goal: float
    addresses: list[tuple[str, str]]
    word: str
    fresh: bool = False  # every request has an address of its own, so that nothing kept can answer it
    rounds: list[tuple[dict[str, float], dict[str, float]]] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench pages", description="Pages against the bare view.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="for each measurement")
    parser.add_argument("--only", default="", help="names of pages, separated by commas")
    options = parser.parse_args()
    place.prepare()
    chosen = [target for target in _targets() if not options.only or target.name in options.only.split(",")]
    bare = Target("bare view", 1, [("/", "")], "<table>")
    with serve.running():
        for target in [bare, *chosen]:
            _check(target)
            _measure(target, 1)
        for _round in range(options.rounds):
            for target in chosen:
                target.rounds.append((_measure(bare, options.seconds), _measure(target, options.seconds)))
    _report(chosen)


def _targets() -> list[Target]:
    """The same addresses in every run on the same data."""
    chance = random.Random(1)
    with scope.platform():
        stores = list(Store.objects.order_by("pk")[:50])
        top = [(f"/{store.pk}/", "") for store in stores]
        search = [(f"/{chance.choice(stores).pk}/search?q={quote(query)}", "") for query in _queries(chance)]
        products = [
            (f"/{store.pk}/products/{code}", "")
            for store in stores[:10]
            for code in Product.objects.public(store.pk).order_by("-popularity").values_list("code", flat=True)[:20]
        ]
    people = _people()
    return [
        Target("TOP", ANONYMOUS, top, "site-footer"),
        Target("TOP (rendered)", ANONYMOUS, top, "site-footer", fresh=True),
        Target("search", ANONYMOUS, search, "site-footer"),
        Target("search (rendered)", ANONYMOUS, search, "site-footer", fresh=True),
        Target("product", ANONYMOUS, products, "site-footer"),
        Target("product (rendered)", ANONYMOUS, products, "site-footer", fresh=True),
        Target("quotation", SIGNED_IN, _documents(people, Quote, "quotes"), "menu-foot"),
        Target("order", SIGNED_IN, _documents(people, Order, "orders"), "menu-foot"),
        Target("quotation history", SIGNED_IN, _each(people, "member/quotes/"), "menu-foot"),
        Target("order history", SIGNED_IN, _each(people, "member/orders/"), "menu-foot"),
    ]


def _queries(chance: random.Random) -> list[str]:
    """What people type: kinds, brands, both, in other widths and kana, model numbers whole and begun, and nothing found."""
    models = Product.objects.order_by("pk").values_list("skus__model_number", flat=True)[:5000]
    numbers = [str(chance.choice(models)) for _ in range(20)]
    kinds, brands = [kind for kind, _category in KINDS], [kana for kana, _latin in BRANDS]
    both = [f"{chance.choice(brands)} {chance.choice(kinds)}" for _ in range(20)]
    hyphenless = [number.replace("-", "").lower() for number in numbers[:10]]
    begun = [number[:8] for number in numbers[10:]]
    found = [*kinds, *brands, *both, *numbers, *hyphenless, *begun, "ｳｲﾙｽ対策", "ういるす", "存在しない製品"]
    chance.shuffle(found)
    return found


def _people() -> list[tuple[Member, str]]:
    """Members of companies that have more than a page of orders, with a session cookie each."""
    with scope.platform():
        ids = [
            pk
            for pk in Member.objects.order_by("company_id", "pk").values_list("pk", flat=True)[: 10 * _PEOPLE]
            if Order.objects.filter(company__members=pk).count() > 20
        ]
        members = list(Member.objects.filter(pk__in=ids).select_related("store", "company")[:_PEOPLE])
        return [(member, _session(member)) for member in members]


def _session(member: Member) -> str:
    session = SessionStore(area=f"store-{member.store_id}")
    session["_auth_user_id"] = str(member.pk)
    session["_auth_user_backend"] = "licenseonline.accounts.backends.MemberBackend"
    session["_auth_user_hash"] = member.get_session_auth_hash()
    session.save()
    # As a browser sends them after its first page.
    return f"session={session.session_key}; csrftoken={get_random_string(CSRF_SECRET_LENGTH)}"


def _documents(people: list[tuple[Member, str]], model: type[Quote | Order], where: str) -> list[tuple[str, str]]:
    with scope.platform():
        return [
            (f"/{member.store_id}/member/{where}/{number}", cookie)
            for member, cookie in people
            for number in model._base_manager.filter(company=member.company_id).values_list("number", flat=True)[:20]
        ]


def _each(people: list[tuple[Member, str]], path: str) -> list[tuple[str, str]]:
    return [(f"/{member.store_id}/{path}", cookie) for member, cookie in people]


def _port(target: Target) -> int:
    return place.BARE_PORT if target.name == "bare view" else place.APP_PORT


def _check(target: Target) -> None:
    """Every address answers 200 with the page that is meant (a fast error would look good), from each process."""
    for path, cookie in target.addresses:
        for _connection in range(
            6 if target.goal == ANONYMOUS and not target.fresh else 1
        ):  # chance says which process
            status, body = serve.get(_port(target), path, cookie)
            if status != 200 or target.word not in body:
                message = f"{target.name}: {path} answers {status}, not the page"
                raise SystemExit(message)


def _measure(target: Target, seconds: int) -> dict[str, float]:
    for path, cookie in target.addresses[:4]:  # the server may still work on what the last client left behind
        serve.get(_port(target), path, cookie)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.writelines(f"{path}\t{cookie}\n" for path, cookie in target.addresses)
        file.flush()
        script = str(place.ROOT / "bench" / "targets.lua")
        size = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s"]
        address = f"http://127.0.0.1:{_port(target)}"
        command = ["wrk", *size, "-s", script, address, "--", file.name, "fresh" if target.fresh else "kept"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, float] = json.loads(said.splitlines()[-1])
    if result["failed"] or not result["number"]:
        message = f"{target.name}: {result['failed']:.0f} of {result['number']:.0f} requests failed"
        raise SystemExit(message)
    return result


def _rate(result: dict[str, float]) -> float:
    return result["number"] / result["seconds"]


def _report(targets: list[Target]) -> None:
    rows = []
    for target in targets:
        ratio = median(_rate(page) / _rate(bare) for bare, page in target.rounds)
        rates = [median(_rate(pair[side]) for pair in target.rounds) for side in (0, 1)]
        slowest = [median(pair[side]["p99"] for pair in target.rounds) for side in (0, 1)]
        size = sum(page["bytes"] for _bare, page in target.rounds) / sum(
            page["number"] for _bare, page in target.rounds
        )
        rows.append([
            target.name, f"{rates[0]:.0f}", f"{rates[1]:.0f}", f"{ratio:.0%}", f"{target.goal:.0%}",
            table.verdict(ratio, target.goal), f"{slowest[0]:.0f}", f"{slowest[1]:.0f}", f"{size / 1024:.0f}",
        ])  # fmt: skip
    table.keep("pages", {target.name: target.rounds for target in targets})
    print(table.machine())
    print(table.markdown(["page", "bare req/s", "req/s", "ratio", "target", "", "bare p99 ms", "p99 ms", "KB"], rows))
