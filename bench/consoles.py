"""The partners' console and the back office with little data and with much, side by side: flat means as quick.

Three databases on the bench's server: a small one, one with a thousand times the members per store, one with a hundred
times the stores. Each has a web server, and every page is asked of all of them in turn, so that whatever else the machine
does falls on all alike. The small one is asked twice a round: how far its two answers differ is the noise. Beside the clock's
time stands the processor time that the page took, the web server's and its PostgreSQL process's, which other work blurs less.
"""

import argparse
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import quote

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg import sql

from bench import place, serve, table
from bench.size import Size
from licenseonline.accounts.models import User
from licenseonline.kit import clock, scope
from licenseonline.sales.models import Order
from licenseonline.web.session_store import SessionStore

SMALL = Size(stores=10, skus=2_000, members=100, orders=1_000)
MUCH = {
    "members": Size(stores=10, skus=2_000, members=100_000, orders=20_000),
    "stores": Size(stores=1_000, skus=2_000, members=10_000, orders=20_000),
}
SIZES = {"small": SMALL, **MUCH}
FLAT = 1.5  # times as slow as with little data, of which the noise is a part
_GOOD = {200}
_WARM = 2  # rounds that are not counted
_TICKS = os.sysconf("SC_CLK_TCK")
_PREPARE = "from bench import place; place.prepare()"  # migrates what has come since


@dataclass
class Place:
    """One database, what is asked of it, and what serves it."""

    name: str
    port: int
    partner: str = ""
    desk: str = ""
    server: int = 0  # its process group
    order: Order = field(default_factory=Order)

    @property
    def database(self) -> str:
        """Its name on the bench's server."""
        return f"consoles_{self.name}"


@dataclass
class Page:
    """A page of the console or the back office; its address in each place, and milliseconds by place."""

    name: str
    is_desk: bool
    address: Callable[[Order], str]
    times: dict[str, list[float]] = field(default_factory=dict)
    worked: dict[str, float] = field(default_factory=dict)  # the mean
    queries: dict[str, int] = field(default_factory=dict)


def _at(route: str, *names: str) -> Callable[[Order], str]:
    return lambda order: reverse(route, kwargs={name: getattr(order, name) for name in names})


def pages() -> list[Page]:
    """Lists first, then the pages of one thing: of a company that has many orders."""
    month = clock.today().replace(day=1)
    console = {name: _at(f"partner:{name}") for name in ("home", "quotes", "orders", "companies", "invitations")}
    console |= {
        "orders, found": lambda order: f"{reverse('partner:orders')}?q={order.number}",
        "company": _at("partner:company", "store_id", "company_id"),
        "member": _at("partner:member", "store_id", "member_id"),
        "order": _at("partner:order", "store_id", "number"),
        "statements": _at("partner:statements"),
        "statement": lambda _order: reverse("partner:statement", kwargs={"month": month}),
    }
    desk = {
        "work list": _at("backoffice:home"),
        "dashboard": _at("backoffice:dashboard"),
        "stores": _at("backoffice:stores_admin"),
        "partners": _at("backoffice:partners"),
        "store": _at("backoffice:store_admin", "store_id"),
        "company": _at("backoffice:company", "store_id", "company_id"),
        "company everywhere": _at("backoffice:company_everywhere", "store_id", "company_id"),
        "member": _at("backoffice:member", "store_id", "member_id"),
        "order": _at("backoffice:order", "store_id", "number"),
        "find a number": lambda order: f"{reverse('backoffice:find')}?q={order.number}",
        "find a name": lambda order: f"{reverse('backoffice:find')}?q={quote(order.company.name[-6:])}",
        **{
            f"list of {name}": _at(f"admin:{name}_changelist")
            for name in ("sales_order", "sales_quote", "accounts_member", "accounts_company")
        },
    }
    return [
        *(Page(f"console: {name}", False, address) for name, address in console.items()),
        *(Page(f"desk: {name}", True, address) for name, address in desk.items()),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench consoles", description="Console and back office, small and big.")
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--only", default="", help="a part of the pages' names")
    parser.add_argument("--anew", action="store_true", help="make the data again")
    options = parser.parse_args()
    places = [Place(name, place.APP_PORT + 10 + at) for at, name in enumerate(SIZES)]
    _make(anew=options.anew)
    asked = [page for page in pages() if options.only in page.name]
    for here in places:
        with _on(here):
            _people(here)
            _count(here, asked)
    with _served(places):
        for page in asked:
            before = [_worked(here) for here in places]
            _measure(page, places, options.rounds)
            for here, ticks in zip(places, before, strict=True):
                asked_here = (options.rounds + _WARM) * (1 + (here is places[0]))
                page.worked[here.name] = (_worked(here) - ticks) * 1000 / _TICKS / asked_here
            print(page.name, *(f"{median(times):.0f}" for times in page.times.values()), flush=True)
    _report(asked)


def _make(*, anew: bool) -> None:
    """The databases that are missing. Only the first one is migrated: the others begin as its copies."""
    (place.VAR / "log").mkdir(parents=True, exist_ok=True)
    place.SERVER.start()
    for name, size in SIZES.items():
        database = f"consoles_{name}"
        environment = {**os.environ, "BENCH_DATABASE": database}
        if place.note(database).exists() and not anew:
            subprocess.run([sys.executable, "-c", _PREPARE], check=True, cwd=place.ROOT, env=environment)
            continue
        with psycopg.connect(place.SERVER.url("postgres", "postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
            if name != "small":
                copied = (sql.Identifier(database), sql.Identifier("consoles_small"))
                admin.execute(sql.SQL("CREATE DATABASE {} OWNER app_owner TEMPLATE {}").format(*copied))
        arguments = [f"--{name}={number}" for name, number in size.as_dict().items()]
        subprocess.run(
            [sys.executable, "-m", "bench", "generate", *arguments], check=True, cwd=place.ROOT, env=environment
        )


@contextmanager
def _on(here: Place) -> Iterator[None]:
    """The ORM of this process works on that database, and sees all stores."""
    connection.close()
    connection.settings_dict.update(NAME=here.database)
    with scope.platform():
        yield
    connection.close()


def _people(here: Place) -> None:
    """Somebody of the desk and of the partner of the company that has most orders, each with a session."""
    here.order = Order.objects.filter(company=1).select_related("company", "store__partner").latest("pk")
    partner = here.order.store.partner
    user, _made = User.objects.get_or_create(
        partner=partner,
        defaults={"email": "s@bench.example", "name": "営業", "password": "!", "role": "head", "totp_secret": "-"},
    )
    here.partner = _session(user, "partner")
    here.desk = _session(User.objects.get(pk=1), "backoffice")


def _session(user: User, area: str) -> str:
    session = SessionStore(area=area)
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "licenseonline.accounts.backends.StaffBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _address(page: Page, here: Place) -> tuple[str, str]:
    """Path and session."""
    return page.address(here.order), here.desk if page.is_desk else here.partner


def _count(here: Place, asked: list[Page]) -> None:
    """How many statements each page takes here."""
    logging.disable()  # of each request
    client = Client(headers={"host": "127.0.0.1"})
    for page in asked:
        path, session = _address(page, here)
        client.cookies["session"] = session
        client.get(path)
        with CaptureQueriesContext(connection) as made:
            status = client.get(path).status_code
        if status not in _GOOD:
            message = f"{page.name} with {here.name}: {path} answers {status}"
            raise SystemExit(message)
        page.queries[here.name] = len(made)


@contextmanager
def _served(places: list[Place]) -> Iterator[None]:
    started = []
    try:
        for here in places:
            environment = place.environment(here.database)
            started.append(serve.start("licenseonline.wsgi:application", here.port, workers=1, environment=environment))
            here.server = started[-1].pid
        for here in places:
            serve.wait(here.port, "/readyz")
        yield
    finally:
        serve.stop(started)


def _measure(page: Page, places: list[Place], rounds: int) -> None:
    """Every place in turn; the small one also last."""
    turns = [*((here.name, here) for here in places), ("again", places[0])]
    links = {name: HTTPConnection("127.0.0.1", here.port, timeout=120) for name, here in turns}
    for count in range(-_WARM, rounds):
        for name, here in turns:
            path, session = _address(page, here)
            began = time.perf_counter()
            links[name].request("GET", path, headers={"Cookie": f"session={session}"})
            answer = links[name].getresponse()
            answer.read()
            if answer.status not in _GOOD:
                message = f"{page.name} with {here.name}: {path} answers {answer.status}"
                raise SystemExit(message)
            if count >= 0:
                page.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)


def _worked(here: Place) -> int:
    """Ticks that the processes of the place have run: its web server's and those of its database."""
    with psycopg.connect(place.SERVER.url("postgres", "postgres")) as admin:
        found = admin.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [here.database])
        backends = {pid for (pid,) in found}
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            after_name = file.read_text().rpartition(")")[2].split()
            if int(after_name[2]) == here.server or int(file.parent.name) in backends:
                ticks += int(after_name[11]) + int(after_name[12])
    return ticks


def _high(times: list[float]) -> float:
    """The second slowest: the highest percentile that so many rounds can tell."""
    return sorted(times)[-2]


def _report(asked: list[Page]) -> None:
    rows = []
    for page in asked:
        small = page.times["small"]
        cells = [page.name, f"{median(small):.1f}", f"{_high(small):.0f}", f"{page.worked['small']:.0f}"]
        ratios = {}
        for name in (*MUCH, "again"):
            times = page.times[name]
            ratios[name] = (median(times) / median(small), _high(times) / _high(small))
            cells += [f"{ratio:.2f}" for ratio in ratios[name]]
            if name in MUCH:
                cells.append(f"{page.worked[name] / page.worked['small']:.2f}")
        queries = "/".join(str(number) for number in page.queries.values())
        middle, high = (max(ratios[name][at] for name in MUCH) for at in (0, 1))
        told = "grows" if middle > FLAT else "flat" if high <= FLAT else "flat but for the slowest"
        rows.append([*cells, queries, told])
    kept = {page.name: {"ms": page.times, "worked": page.worked, "queries": page.queries} for page in asked}
    table.keep("consoles", kept)
    rounds = min((len(page.times["small"]) for page in asked), default=1)
    highest = f"p{100 - -(-100 // rounds)}"
    print(table.machine(), f"{rounds} rounds", sep=", ")
    much = [title for name in MUCH for title in (f"{name} p50", highest, "worked")]
    head = ["page", "p50 ms", f"{highest} ms", "worked ms", *much, "noise p50", highest, "queries", ""]
    print(table.markdown(head, rows))
