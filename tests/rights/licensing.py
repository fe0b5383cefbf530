"""Contracts and keys; money."""

from tests.rights.tables import ACCOUNTING, ALL_OF_A_PARTNER, ORDERS, Table

LICENSING = Table(
    staff={
        ORDERS: {
            "licensing.contracts.open_contract",
            "licensing.grants.give",
            "licensing.holding_entries.enter",
            "licensing.holding_entries.withdraw",
            "sales.holding_uses.enter",
            "sales.holding_uses.withdraw",
            "licensing.keys.add_certificate",
            "licensing.keys.add_key",
        },
        ACCOUNTING: {
            "billing.payments.book",
            "billing.payments.record_refund",
        },
        (*ORDERS, *ACCOUNTING, *ALL_OF_A_PARTNER): {
            "licensing.keys.look_up",
        },
    },
    buyers={
        "licensing.keys.reveal",
    },
)
