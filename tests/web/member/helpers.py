"""What the member pages' tests share."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licenseonline.accounts.models import Member
from licenseonline.kit import clock
from licenseonline.sales import deliveries, papers
from licenseonline.sales.models import Order
from licenseonline.stores import stores
from tests.world import World

ClientOf = Callable[[Member], Client]


def at(route: str, *args: object, store: int = 87465) -> str:
    return reverse(f"store:{route}", args=[store, *args])


def new_key() -> str:
    return str(uuid4())


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response
    return response.content.decode()


def content(response: Any) -> bytes:
    """All of a page or of a download, which holds its file open until it is read."""
    return b"".join(response)


def status(client: Client, path: str) -> int:
    response = client.get(path)
    content(response)
    return response.status_code


def queries(client: Client, path: str) -> int:
    papers.needed([], store=stores.open_store(87465))  # read once per edition, so not by each page
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def delivered(world: World, member: Member | None = None, key: str = "ABCD-EFGH-IJKL-MNOP") -> Order:
    """An order that is delivered with a key and a certificate for its only line."""
    order = world.arranged_order(member)
    certificate = deliveries.Certificate(content=b"%PDF-1.7 paper", name="証書.pdf", content_type="application/pdf")
    item = deliveries.Item(
        starts_on=clock.today(), key=key, certificate=certificate, vendor_contract_number=f"VC-{order.number}"
    )
    return deliveries.deliver(order, items={1: item}, by=world.operator)
