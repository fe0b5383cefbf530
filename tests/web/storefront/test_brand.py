"""A store's colours and logo."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.kit.colours import contrast
from licenseonline.web.storefront.brand import stylesheet
from tests.world import World

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_the_ink_can_be_read_on_any_colour(colour: str) -> None:
    sheet = stylesheet(colour, "#000000")
    ink = sheet.split("--brand-ink: ")[1][:7]
    assert contrast(colour, ink) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_sheet_has_the_stores_colours_and_is_kept_for_ever(world: World, client: Client) -> None:
    response = client.get(world.elsat.brand_css_url)
    assert "--brand: #1f4e79;" in response.content.decode()
    assert "--brand-ink: #ffffff;" in response.content.decode()
    assert response.headers["Content-Type"].startswith("text/css")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(world.minato.brand_css_url).content != response.content


def test_an_old_address_leads_to_the_present_colours(world: World, client: Client) -> None:
    response = client.get("/87465/brand-old.css")
    assert response.status_code == 302
    assert response.headers["Location"] == world.elsat.brand_css_url
    assert "immutable" not in response.get("Cache-Control", "")


def test_a_logo_cannot_run_anything(world: World, client: Client) -> None:
    world.elsat.logo_svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    world.elsat.save()
    response = client.get(world.elsat.logo_url)
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get("/87465/logo-old.svg").headers["Location"] == world.elsat.logo_url
    assert f'src="{world.elsat.logo_url}"' in client.get("/87465/").content.decode()


def test_a_store_without_logo_shows_its_name(world: World, client: Client) -> None:
    assert client.get("/87465/logo-any.svg").status_code == 404
    assert ">エルサットストア</a>" in client.get("/87465/").content.decode()
