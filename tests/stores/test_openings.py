"""Stores are prepared, changed, opened, paused, closed and copied."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from licenseonline.accounts import invitations, registrations
from licenseonline.catalog.models import SellingRule, Sku, StoreListing
from licenseonline.content.models import Page
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.records import history
from licenseonline.sales import carts, orders, quotes, store_copies
from licenseonline.stores import openings, store_settings, stores
from licenseonline.stores.models import Store, StoreHoliday
from tests.kit.test_svg import HEAD, a_png
from tests.stores.store_acts import prepared
from tests.world import World


def events(store: Store) -> list[str]:
    return [entry.event for entry in reversed(history.of_platform(store))]


def test_a_prepared_store_is_a_draft_until_it_is_published(world: World) -> None:
    store = prepared(world)
    assert store.state == Store.State.DRAFT
    assert 55555 not in world.partner.visible_stores  # type: ignore[operator]  # a partner has a tuple
    openings.publish(store, by=world.operator)
    openings.pause(store, note="棚卸しのため", by=world.operator)
    openings.publish(store, by=world.operator)
    openings.close(store, readable_until=clock.today(), note="閉店します", by=world.operator)
    store.refresh_from_db()
    assert (store.state, store.paused_note) == ("closed", "閉店します")
    assert store.is_readable(clock.today())
    assert not store.is_readable(clock.today() + timedelta(days=1))
    openings.publish(store, by=world.operator)
    assert events(store) == [
        "store.prepared", "store.published", "store.paused", "store.reopened", "store.closed", "store.reopened",
    ]  # fmt: skip


def test_moves_that_make_no_sense_are_refused(world: World) -> None:
    store = prepared(world)
    acts: list[Callable[[], None]] = [
        lambda: openings.pause(store, note="x", by=world.operator),
        lambda: openings.close(store, readable_until=clock.today(), note="x", by=world.operator),
        lambda: openings.publish(world.elsat, by=world.operator),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "state"
    with pytest.raises(Refused) as refused:
        openings.close(world.elsat, readable_until=clock.today() - timedelta(days=1), note="x", by=world.operator)
    assert refused.value.field == "readable_until"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("brand", "#7fb2e5"),
        ("accent", "#ffff00"),
        ("brand", "blue"),
        ("brand", "#1f4e79;}*{display:none"),
        ("host", "no host"),
        ("host", "localhost"),
        ("host", "10.1.2.3"),
        ("host", "shop.example"),
        ("host", "x.shop.example"),
        ("host", "taken.example.jp"),
        ("registration_number", "T7123456789013"),
        ("registration_number", "abc"),
        ("desk_email", "x"),
        ("quote_days", 0),
        ("rounding", "up"),
        ("name", ""),
        ("terms", ""),
        ("logo", b"x"),
        ("seal", b"x"),
    ],
)
def test_settings_that_would_break_something_are_refused_at_their_field(
    world: World, field: str, value: object
) -> None:
    Store.objects.filter(pk=193808).update(host="taken.example.jp")
    with pytest.raises(Refused) as refused:
        prepared(world, 55555, **{field: value})
    assert refused.value.field == field
    assert not Store.objects.filter(pk=55555).exists()


@pytest.mark.parametrize("number", [0, -1, 10**9, 87465])
def test_a_number_is_free_and_short(world: World, number: int) -> None:
    with pytest.raises(Refused) as refused:
        prepared(world, number)
    assert refused.value.field == "number"


def test_every_change_is_kept_field_by_field(world: World) -> None:
    store = prepared(world)
    logo = f'{HEAD}<script>x</script><path d="M0 0"/></svg>'.encode()
    given = {"name": "北の店", "registration_number": "5010001999101", "logo": logo, "seal": a_png(), "quote_days": 7}
    store_settings.change(store, given, by=world.operator)
    facts = history.of_platform(store)[0].facts
    assert set(facts) == {"name", "registration_number", "logo_svg", "seal_png"}
    assert facts["name"] == ["北ストア", "北の店"]
    assert facts["registration_number"] == ["", "T5010001999101"]
    store.refresh_from_db()
    assert "script" not in store.logo_svg
    store_settings.change(store, {"name": "北の店"}, by=world.operator)
    assert events(store) == ["store.prepared", "store.changed"]
    store_settings.change(store, {"logo": a_png(), "seal": b""}, by=world.operator)
    assert "data:image/png;base64," in store.logo_svg
    assert store.seal_png == b""


def test_other_terms_are_another_version(world: World) -> None:
    store = prepared(world)
    with pytest.raises(Refused) as refused:
        store_settings.change(store, {"terms": "後払いです。"}, by=world.operator)
    assert refused.value.field == "terms_version"
    store_settings.change(store, {"terms": "後払いです。", "terms_version": "2026-12-01"}, by=world.operator)


def test_holidays_and_commission(world: World) -> None:
    store, day = world.elsat, clock.today() + timedelta(days=30)
    StoreHoliday.objects.create(store=store, day=clock.today() - timedelta(days=1), name="過去")
    store_settings.set_holidays(store, {day: "創立記念日"}, by=world.operator)
    store_settings.set_holidays(store, {day: "創立記念日"}, by=world.operator)
    assert set(StoreHoliday.objects.values_list("name", flat=True)) == {"過去", "創立記念日"}
    with pytest.raises(Refused):
        store_settings.set_holidays(store, {clock.today() - timedelta(days=1): "x"}, by=world.operator)
    store_settings.agree_commission(store, per_mille=35, from_day=clock.today(), by=world.operator)
    assert stores.commission_per_mille(store, clock.today()) == 35
    with pytest.raises(Refused):
        store_settings.agree_commission(
            store, per_mille=1, from_day=clock.today() - timedelta(days=1), by=world.operator
        )
    assert events(store) == ["store.holidays", "store.commission"]


def test_a_copy_sells_and_tells_what_the_other_does(world: World) -> None:
    store = prepared(world)
    store_copies.copy(world.elsat, to=store, by=world.operator)
    for model in (StoreListing, SellingRule, Page):
        count = model._base_manager.filter(store=world.elsat).count()
        assert model._base_manager.filter(store=store).count() == count > 0
    sold = set(Sku.objects.public(87465).values_list("pk", flat=True))
    assert set(Sku.objects.public(55555).values_list("pk", flat=True)) == sold
    with pytest.raises(Refused, match="すでに"):
        store_copies.copy(world.elsat, to=store, by=world.operator)
    openings.publish(store, by=world.operator)
    with pytest.raises(Refused, match="公開前"):
        store_copies.copy(world.elsat, to=store, by=world.operator)


def test_nothing_new_begins_at_a_store_that_is_not_open(world: World) -> None:
    quote = world.quote()
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    openings.pause(world.elsat, note="x", by=world.operator)
    hanako = type(world.hanako).objects.get(pk=world.hanako.pk)
    terms = quote.snapshot["terms_version"]
    application: registrations.Application = None  # type: ignore[assignment]  # it is not looked at
    person: invitations.Person = None  # type: ignore[assignment]  # nor this
    for act in (
        lambda: carts.put(world.sku("VBBSS-R1"), quantity=1, by=hanako),
        lambda: quotes.issue(carts.TERM, by=hanako),
        lambda: orders.place(quote, accepted_terms=terms, by=hanako),
        lambda: registrations.begin(application, password="", store=world.elsat),
        lambda: registrations.confirm("", password="", store=world.elsat),
        lambda: invitations.accept("", person, store=world.elsat, network="", source=""),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "store_closed"
