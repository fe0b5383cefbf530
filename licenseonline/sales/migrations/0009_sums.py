"""Sums of orders and quotations by month, written by triggers, so that no page adds up all of them."""

import django.db.models.deletion
from django.db import migrations, models

from licenseonline.kit.privileges import WrittenByTriggers
from licenseonline.kit.tenancy import LockStoreTables

MONTH = "date_trunc('month', {} AT TIME ZONE 'Asia/Tokyo')::date"
AS_OWNER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

# Of orders as they were (sign -1) or are (1), with their lines and margins as frozen; nobody but the triggers calls it.
# An order counts from when its margins are written: all of an order in one statement, for it is counted once.
SUM_ORDERS = f"""
CREATE FUNCTION sales_sum_orders(
  signs integer[], ids bigint[], stores bigint[], placed timestamptz[], states text[], totals bigint[]
) RETURNS void {AS_OWNER} AS $$
BEGIN
  WITH parts AS MATERIALIZED (
    SELECT o.sign, o.id, o.store_id, {MONTH.format("o.placed_at")} AS month, o.state, o.total_yen, p.vendor_id,
      sum(l.unit_yen * l.quantity) AS net, coalesce(sum(m.margin_yen), 0) AS margin, sum(m.commission_yen) AS commission,
      count(*) FILTER (WHERE m.margin_yen IS NULL) AS unknown
    FROM unnest(signs, ids, stores, placed, states, totals) AS o (sign, id, store_id, placed_at, state, total_yen)
    JOIN public.sales_orderline l ON l.store_id = o.store_id AND l.order_id = o.id
    JOIN public.sales_linemargin m ON m.store_id = l.store_id AND m.line_id = l.id
    JOIN public.catalog_sku s ON s.id = l.sku_id
    JOIN public.catalog_product p ON p.id = s.product_id
    GROUP BY 1, 2, 3, 4, 5, 6, 7
  ), whole AS (
    SELECT sign, store_id, month, state, total_yen, sum(net) AS net, sum(margin) AS margin,
      sum(commission) AS commission, sum(unknown) AS unknown
    FROM parts GROUP BY sign, id, store_id, month, state, total_yen
  ), of_orders AS (
    INSERT INTO public.sales_ordersum
      (store_id, month, state, orders, total_yen, net_yen, margin_yen, commission_yen, unknown)
    SELECT store_id, month, state, sum(sign), sum(sign * total_yen), sum(sign * net), sum(sign * margin),
      sum(sign * commission), sum(sign * unknown)
    FROM whole GROUP BY GROUPING SETS ((store_id, month, state), (month, state))
  )
  INSERT INTO public.sales_vendorsum (store_id, month, vendor_id, orders, net_yen, margin_yen, unknown)
  SELECT store_id, month, vendor_id, sum(sign), sum(sign * net), sum(sign * margin), sum(sign * unknown)
  FROM parts WHERE state <> 'cancelled'
  GROUP BY GROUPING SETS ((store_id, month, vendor_id), (month, vendor_id))
  HAVING sum(sign) <> 0;
END $$;
REVOKE ALL ON FUNCTION sales_sum_orders(integer[], bigint[], bigint[], timestamptz[], text[], bigint[]) FROM PUBLIC;

CREATE FUNCTION sales_sum_margins() RETURNS trigger {AS_OWNER} AS $$
BEGIN
  PERFORM public.sales_sum_orders(
    array_agg(1), array_agg(o.id), array_agg(o.store_id), array_agg(o.placed_at), array_agg(o.state::text),
    array_agg(o.total_yen))
  FROM public.sales_order o
  WHERE (o.store_id, o.id) IN (
    SELECT l.store_id, l.order_id FROM added a
    JOIN public.sales_orderline l ON l.store_id = a.store_id AND l.id = a.line_id);
  RETURN NULL;
END $$;
CREATE TRIGGER sales_sum_margins AFTER INSERT ON sales_linemargin REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_margins();

CREATE FUNCTION sales_sum_moves() RETURNS trigger {AS_OWNER} AS $$
BEGIN
  PERFORM public.sales_sum_orders(
    array_agg(b.sign), array_agg(b.id), array_agg(b.store_id), array_agg(b.placed_at), array_agg(b.state::text),
    array_agg(b.total_yen))
  FROM (
    SELECT -1 AS sign, b.* FROM before b UNION ALL SELECT 1, a.* FROM after a
  ) b
  JOIN before o ON o.id = b.id JOIN after n ON n.id = b.id
  WHERE (o.state, o.placed_at, o.total_yen) IS DISTINCT FROM (n.state, n.placed_at, n.total_yen)
  HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER sales_sum_moves AFTER UPDATE ON sales_order REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_moves();
"""  # noqa: S608  (parts of ours)

# A quotation is issued in a month while it is not taken back; its order counts for that month when it was placed in time.
ISSUED = "state IN ('issued', 'ordered', 'expired')"
IN_TIME = "(o.placed_at AT TIME ZONE 'Asia/Tokyo')::date <= q.valid_until"
SUM_QUOTES = f"""
CREATE FUNCTION sales_sum_quotes() RETURNS trigger {AS_OWNER} AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.sales_quotesum (store_id, month, issued, ordered)
    SELECT store_id, {MONTH.format("issued_at")}, count(*), 0 FROM after WHERE {ISSUED}
    GROUP BY GROUPING SETS ((1, 2), (2));
  ELSE
    INSERT INTO public.sales_quotesum (store_id, month, issued, ordered)
    SELECT store_id, month, sum(sign), 0 FROM (
      SELECT store_id, {MONTH.format("issued_at")} AS month, -1 AS sign FROM before WHERE {ISSUED}
      UNION ALL SELECT store_id, {MONTH.format("issued_at")}, 1 FROM after WHERE {ISSUED}
    ) q
    GROUP BY GROUPING SETS ((1, 2), (2)) HAVING sum(sign) <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sales_sum_new_quotes AFTER INSERT ON sales_quote REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_quotes();
CREATE TRIGGER sales_sum_quotes AFTER UPDATE ON sales_quote REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_quotes();

CREATE FUNCTION sales_sum_ordered() RETURNS trigger {AS_OWNER} AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.sales_quotesum (store_id, month, issued, ordered)
    SELECT q.store_id, {MONTH.format("q.issued_at")}, 0, count(*)
    FROM after o JOIN public.sales_quote q ON q.store_id = o.store_id AND q.id = o.quote_id
    WHERE {IN_TIME} GROUP BY GROUPING SETS ((1, 2), (2));
  ELSE
    INSERT INTO public.sales_quotesum (store_id, month, issued, ordered)
    SELECT q.store_id, {MONTH.format("q.issued_at")}, 0, sum(o.sign)
    FROM (
      SELECT store_id, quote_id, placed_at, -1 AS sign FROM before
      UNION ALL SELECT store_id, quote_id, placed_at, 1 FROM after
    ) o
    JOIN public.sales_quote q ON q.store_id = o.store_id AND q.id = o.quote_id
    WHERE {IN_TIME} GROUP BY GROUPING SETS ((1, 2), (2)) HAVING sum(o.sign) <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sales_sum_new_orders AFTER INSERT ON sales_order REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_ordered();
CREATE TRIGGER sales_sum_ordered AFTER UPDATE ON sales_order REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_ordered();
"""  # noqa: S608  (parts of ours)

FILL = f"""
SELECT sales_sum_orders(
  array_agg(1), array_agg(id), array_agg(store_id), array_agg(placed_at), array_agg(state::text), array_agg(total_yen))
FROM sales_order;
INSERT INTO sales_quotesum (store_id, month, issued, ordered)
SELECT q.store_id, {MONTH.format("q.issued_at")}, count(*), count(*) FILTER (WHERE {IN_TIME})
FROM sales_quote q LEFT JOIN sales_order o ON o.store_id = q.store_id AND o.quote_id = q.id
WHERE q.{ISSUED} GROUP BY GROUPING SETS ((1, 2), (2));
"""  # noqa: S608  (parts of ours)


def _sums(name: str, *columns: str, **more: models.Field) -> migrations.CreateModel:  # type: ignore[type-arg]  # of any kind
    pk = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
    store = models.ForeignKey(
        null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"
    )
    fields: list[tuple[str, models.Field]] = [  # type: ignore[type-arg]  # as above
        ("id", pk), ("store", store), ("month", models.DateField()), *more.items(),
        *((column, models.BigIntegerField()) for column in columns),
    ]  # fmt: skip
    return migrations.CreateModel(name=name, fields=fields)


class Migration(migrations.Migration):
    """Tables, triggers, the sums of what is there; and indexes for what the desk looks for over all stores."""

    dependencies = [
        ("sales", "0008_vendor_gaps"),
        ("accounts", "0011_names"),
        ("catalog", "0011_sales_desk"),
        ("stores", "0009_names"),
    ]

    operations = [
        _sums(
            "OrderSum", "orders", "total_yen", "net_yen", "margin_yen", "commission_yen", "unknown",
            state=models.CharField(max_length=20),
        ),
        _sums("QuoteSum", "issued", "ordered"),
        _sums(
            "VendorSum", "orders", "net_yen", "margin_yen", "unknown",
            vendor=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.vendor"
            ),
        ),
        migrations.AddIndex("ordersum", models.Index(fields=["store", "month"], name="order_sums")),
        migrations.AddIndex("quotesum", models.Index(fields=["store", "month"], name="quote_sums")),
        migrations.AddIndex("vendorsum", models.Index(fields=["store", "month"], name="vendor_sums")),
        LockStoreTables("OrderSum", "QuoteSum", "VendorSum"),
        WrittenByTriggers("sales_ordersum", "sales_quotesum", "sales_vendorsum"),
        migrations.RunSQL(SUM_ORDERS, migrations.RunSQL.noop),
        migrations.RunSQL(SUM_QUOTES, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex("order", models.Index(fields=["number"], name="orders_by_number")),
        migrations.AddIndex("quote", models.Index(fields=["number"], name="quotes_by_number")),
        migrations.RemoveIndex(model_name="quote", name="quotes_by_last_day"),
        migrations.AddIndex(
            "quote",
            models.Index(
                fields=["valid_until"],
                include=["store", "issued_at", "total_yen"],
                condition=models.Q(state="issued"),
                name="quotes_that_are_valid",
            ),
        ),
    ]  # fmt: skip
