"""Sums by month are kept in few rows: triggers add a row for each change (models/sums.py), and here many become one."""

from typing import Final, LiteralString

from procrastinate.contrib.django import app

from licenseonline.kit import scope, sql

# What is read and taken away in one statement is written back by it: readers see the rows before or after, and of two that
# gather at a time the second finds nothing left of what the first took.
_ORDERS: Final = """
WITH many AS (
  SELECT store_id, month, state FROM sales_ordersum GROUP BY 1, 2, 3 HAVING count(*) > 1
), taken AS (
  DELETE FROM sales_ordersum s USING many m
  WHERE s.month = m.month AND s.state = m.state AND s.store_id IS NOT DISTINCT FROM m.store_id RETURNING s.*
)
INSERT INTO sales_ordersum (store_id, month, state, orders, total_yen, net_yen, margin_yen, commission_yen, unknown)
SELECT store_id, month, state, sum(orders), sum(total_yen), sum(net_yen), sum(margin_yen), sum(commission_yen), sum(unknown)
FROM taken GROUP BY 1, 2, 3 HAVING sum(orders) <> 0
"""
_VENDORS: Final = """
WITH many AS (
  SELECT store_id, month, vendor_id FROM sales_vendorsum GROUP BY 1, 2, 3 HAVING count(*) > 1
), taken AS (
  DELETE FROM sales_vendorsum s USING many m
  WHERE s.month = m.month AND s.vendor_id = m.vendor_id AND s.store_id IS NOT DISTINCT FROM m.store_id RETURNING s.*
)
INSERT INTO sales_vendorsum (store_id, month, vendor_id, orders, net_yen, margin_yen, unknown)
SELECT store_id, month, vendor_id, sum(orders), sum(net_yen), sum(margin_yen), sum(unknown)
FROM taken GROUP BY 1, 2, 3 HAVING sum(orders) <> 0
"""
_QUOTES: Final = """
WITH many AS (
  SELECT store_id, month FROM sales_quotesum GROUP BY 1, 2 HAVING count(*) > 1
), taken AS (
  DELETE FROM sales_quotesum s USING many m
  WHERE s.month = m.month AND s.store_id IS NOT DISTINCT FROM m.store_id RETURNING s.*
)
INSERT INTO sales_quotesum (store_id, month, issued, ordered)
SELECT store_id, month, sum(issued), sum(ordered) FROM taken GROUP BY 1, 2 HAVING sum(issued) <> 0 OR sum(ordered) <> 0
"""
GATHER: Final[tuple[LiteralString, ...]] = (_ORDERS, _VENDORS, _QUOTES)


def gather() -> None:
    """Make one row of all that belong together; the sums stay what they are. In the platform's scope."""
    for statement in GATHER:
        sql.run(statement)


@app.periodic(cron="47 * * * *")
@app.task(name="sales.sums.gather_all", queueing_lock="sales.sums.gather_all", pass_context=False)
def gather_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every hour."""
    with scope.platform():
        gather()
