"""The whole slice by verbs: cart, quotation, order, money, vendor, delivery."""

from licenseonline.catalog import prices
from licenseonline.kit import clock
from licenseonline.licensing import keys
from licenseonline.licensing.models import Key
from licenseonline.records.models import Message
from licenseonline.sales import deliveries
from licenseonline.sales.models import LineMargin, Order, Quote
from tests.jobs import run_jobs
from tests.world import World


def test_from_cart_to_key(world: World) -> None:
    order = world.arranged_order()
    assert order.state == Order.State.ARRANGING
    item = deliveries.Item(starts_on=clock.today(), key="ABCD-EFGH-IJKL-MNOP")
    deliveries.deliver(order, items={1: item}, by=world.operator)
    run_jobs()
    assert Order.objects.get(pk=order.pk).state == Order.State.DELIVERED
    key = Key.objects.visible_to(world.ichiro).get()
    assert key.masked == "•••••-MNOP"
    assert "EFGH" not in key.ciphertext
    assert keys.reveal(key, by=world.ichiro) == "ABCD-EFGH-IJKL-MNOP"
    assert Quote.objects.get(pk=order.quote_id).pdf is not None
    sent = Message.objects.filter(state=Message.State.SENT, recipient=world.hanako.email)
    assert set(sent.values_list("kind", flat=True)) == {
        "sales/quotation", "sales/order_placed", "sales/payment_received", "sales/delivered",
    }  # fmt: skip


def test_margin_is_frozen_at_order(world: World) -> None:
    order = world.order()
    margin = LineMargin.objects.get(line__order=order)
    assert margin.cost_yen == 10 * 3640
    assert margin.margin_yen == 10 * (4680 - 3640)
    assert margin.commission_yen == 10 * 4680 * 50 // 1000
    assert prices.sell(5200, 900, 10) == 4680
