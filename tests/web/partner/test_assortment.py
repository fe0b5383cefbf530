"""A partner sees what its stores sell and at which prices; its margins only by right. The desk gets there from the store's page."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Sku, StoreListing
from licenseonline.kit.rights import StaffRole
from tests.world import World

ClientOf = Callable[[Member | User], Client]
PAGE = "/partner/assortment/"


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", [StaffRole.HEAD, StaffRole.VIEWER])
def test_a_partner_sees_its_assortment_and_its_margins_only_by_right(
    world: World, client_of: ClientOf, role: StaffRole
) -> None:
    User.objects.filter(pk=world.partner.pk).update(role=role)
    client = client_of(User.objects.get(pk=world.partner.pk))
    page = text(client)
    sold = Sku.objects.public(87465).count()
    assert f"{sold}型番" in page
    assert "定価の90%" in page
    assert "VBBSS-1Y-005" in page
    assert "HIDDEN-1" not in page
    assert ('data-label="粗利"' in page) == (role == StaffRole.HEAD)
    found = text(client, f"{PAGE}?q=vbbss-1y")
    assert "VBBSS-1Y-025" in found
    assert "ADOBE-CC" not in found
    assert "該当する型番はありません" in text(client, f"{PAGE}?q=<script>")
    assert "みなと" not in text(client, f"{PAGE}?store=193808")


def test_the_page_takes_as_many_queries_for_one_sku_as_for_all(world: World, client_of: ClientOf) -> None:
    client = client_of(world.partner)
    text(client)
    counts = []
    for path in (f"{PAGE}?q=VBBSS-1Y-005", PAGE):
        with CaptureQueriesContext(connection) as queries:
            text(client, path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_desk_edits_a_stores_assortment_from_its_page(world: World, client_of: ClientOf) -> None:
    desk = client_of(world.operator)
    page = text(desk, "/backoffice/stores-admin/87465")
    assert "定価の90%" in page
    listings = "/backoffice/catalog/storelisting/"
    assert f'href="{listings}?store__id__exact=87465"' in page
    assert f'href="{listings}add/?store=87465"' in page
    only = text(desk, f"{listings}?store__id__exact=193808")
    assert StoreListing.objects.filter(store=193808).count() == only.count('class="field-of')
    assert '<option value="87465" selected' in text(desk, f"{listings}add/?store=87465")
    assert '<option value="87465" selected' in text(desk, "/backoffice/catalog/sellingrule/add/?store=87465")
