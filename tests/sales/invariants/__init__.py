"""What holds in every store at every moment, whatever was done before. Each check names the rows for which it does not.

The rules are told again here, from the rows alone: nothing asks the code that is judged.
"""

from collections.abc import Callable
from typing import Final

from tests.sales.invariants import holdings, orders, quotes, sums, traces
from tests.sales.invariants.found import Found

CHECKS: Final[list[Callable[[], Found]]] = [
    quotes.quotations_say_what_their_rows_say,
    orders.orders_are_what_was_accepted,
    orders.orders_stand_where_papers_money_and_delivery_put_them,
    orders.no_paper_stands_on_a_proof_that_was_taken_back,
    holdings.money_adds_up,
    holdings.holdings_are_what_was_delivered,
    holdings.nothing_is_followed_above_what_is_held,
    traces.numbers_have_no_gaps,
    quotes.requests_are_answered_by_what_went_out,
    quotes.offers_are_their_addresses_and_theirs_alone,
    quotes.links_end_with_their_quotation,
    quotes.nothing_is_ordered_without_a_needed_yes,
    orders.vendors_are_asked_for_what_stands_in_their_orders,
    traces.the_history_tells_of_every_fact,
    traces.every_fact_was_mailed_once,
    traces.no_row_points_into_another_store,
    sums.month_sums_are_those_of_their_rows,
]


def broken() -> list[str]:
    """All that does not hold, one line each; for somebody who sees every store."""
    return [f"{check.__name__}: {line}" for check in CHECKS for line in check()]
