"""Products' pictures: who gets them, and how long they may be kept."""

import io

from django.test import Client
from PIL import Image

from licenseonline.catalog import pictures
from licenseonline.catalog.models import Product, ProductPicture
from tests.world import World


def put(world: World, code: str, colour: str = "red") -> ProductPicture:
    made = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(made, "PNG")
    return pictures.put(Product.objects.get(code=code), made.getvalue(), by=world.operator)


def test_it_is_served_as_what_it_is_and_kept_for_ever(world: World, client: Client) -> None:
    picture = put(world, "vbbss")
    response = client.get(f"/87465/products/vbbss/picture-{picture.digest}.webp")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content == bytes(picture.content)
    assert "Set-Cookie" not in response


def test_only_stores_that_sell_the_product_have_it(world: World, client: Client) -> None:
    digests = {code: put(world, code).digest for code in ("vbbss", "creative", "hidden")}
    for store, code, gets in (
        (87465, "creative", 200), (193808, "creative", 404), (87465, "hidden", 404), (193808, "vbbss", 200),
        (87465, "none", 404), (87465, "request", 404),
    ):  # fmt: skip
        address = f"/{store}/products/{code}/picture-{digests.get(code, '0' * 16)}.webp"
        assert client.get(address).status_code == gets, address


def test_an_old_address_leads_to_the_present_picture(world: World, client: Client) -> None:
    before = put(world, "vbbss").digest
    after = put(world, "vbbss", "blue").digest
    assert before != after
    response = client.get(f"/87465/products/vbbss/picture-{before}.webp")
    assert response["Location"] == f"/87465/products/vbbss/picture-{after}.webp"
