"""Known against unknown addresses at sign-in, reissue and registration: what the answer's time gives away, as a ratio.

Requests go through the whole product in this process, in turn: a known address, an unknown one, another unknown one. The
second pair shows how far apart two halves of the same thing are on this machine just now.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from statistics import median
from uuid import uuid4

from django.test import Client

from bench import place, table
from licenseonline.accounts.models import Member, SignInFailure
from licenseonline.kit import scope
from licenseonline.stores.models import Store

_WHO = ("known", "unknown", "other unknown")
Body = Callable[[str, Store], dict[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench sign-in", description="Known against unknown addresses.")
    parser.add_argument("--requests", type=int, default=200, help="of each kind of address, to each page")
    options = parser.parse_args()
    place.prepare()
    SignInFailure.objects.all().delete()  # of an earlier run
    rows, kept = [], {}
    for name, (path, expected, body) in _PAGES.items():
        times = _measure(path, expected, body, options.requests)
        middle = {who: median(found) for who, found in times.items()}
        ratio, noise = (middle[who] / middle["unknown"] for who in ("known", "other unknown"))
        figures = [f"{middle['known'] * 1000:.1f}", f"{middle['unknown'] * 1000:.1f}", f"{ratio:.3f}", f"{noise:.3f}"]
        rows.append([name, *figures, f"{_told(times['known'], times['unknown']):.0%}"])
        rows[-1].append(f"{_told(times['other unknown'], times['unknown']):.0%}")
        kept[name] = times
    table.keep("sign_in", kept)
    print(table.machine())
    print(table.markdown(["page", "known ms", "unknown ms", "ratio", "noise", "told", "told (noise)"], rows))


def _measure(path: str, expected: int, body: Body, requests: int) -> dict[str, list[float]]:
    """Seconds of each request, by kind of address; the first tenth warms up."""
    times: dict[str, list[float]] = {who: [] for who in _WHO}
    chance = random.Random(1)
    for number, (store, address) in enumerate(_members(requests + requests // 10)):
        addresses = {
            "known": address,
            "unknown": f"a{number}@bench.example",
            "other unknown": f"b{number}@bench.example",
        }
        for who in chance.sample(_WHO, 3):  # none is always first
            took = _ask(path.format(store=store.pk), expected, body(addresses[who], store))
            if number >= requests // 10:
                times[who].append(took)
    return times


def _members(most: int) -> Iterator[tuple[Store, str]]:
    with scope.platform():
        found = list(Member.objects.filter(is_active=True).select_related("store").order_by("id")[:most])
    for member in found:
        yield member.store, member.email


def _ask(path: str, expected: int, body: dict[str, str]) -> float:
    """A browser of its own on a network of its own, so that nothing is stopped."""
    client = Client(
        REMOTE_ADDR=".".join(["10", *(str(random.randrange(1, 255)) for _ in range(3))]), SERVER_NAME="127.0.0.1"
    )
    begin = time.perf_counter()
    response = client.post(path, body)
    took = time.perf_counter() - begin
    if response.status_code != expected:
        message = f"{path} answered {response.status_code}"
        raise SystemExit(message)
    return took


def _told(one: list[float], other: list[float]) -> float:
    """How often who sees one time of each kind guesses right which is longer: 50 % is a coin."""
    wins = sum((a > b) + (a == b) / 2 for a in one for b in other) / (len(one) * len(other))
    return max(wins, 1 - wins)


def _sign_in(address: str, _store: Store) -> dict[str, str]:
    return {"email": address, "password": "a wrong password of some length"}


def _reissue(address: str, _store: Store) -> dict[str, str]:
    return {"email": address}


def _registration(address: str, store: Store) -> dict[str, str]:
    return {
        "company_name": "Bench Co.", "company_kana": "ベンチ", "kind": "corporate", "corporate_number": "",
        "postal_code": "100-0001", "prefecture": "東京都", "city": "千代田区", "street": "千代田1-1", "building": "",
        "phone": "03-2222-3333", "fax": "", "name": "山田", "kana": "ヤマダ", "department": "", "title": "",
        "email": address, "password": "three quiet rivers run", "terms": "on", "antisocial": "on",
        "terms_version": store.terms_version, "key": str(uuid4()),
    }  # fmt: skip


# The page, the status of the answer that both get, and what is sent.
_PAGES: dict[str, tuple[str, int, Body]] = {
    "sign-in": ("/{store}/login/", 422, _sign_in),
    "reissue": ("/{store}/password/reissue/", 302, _reissue),
    "registration": ("/{store}/register/", 302, _registration),
}
