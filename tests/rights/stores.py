"""Stores, and what every app is made of: history, rights."""

from tests.rights.tables import ADMIN, Table

STORES = Table(
    staff={
        ADMIN: {
            "stores.openings.close",
            "stores.openings.pause",
            "stores.openings.prepare",
            "stores.openings.publish",
            "stores.store_drafts.discard",
            "stores.store_drafts.make",
            "stores.store_drafts.publish",
            "stores.store_settings.agree_commission",
            "stores.store_settings.change",
            "stores.store_settings.save",
            "stores.store_settings.set_holidays",
        },
    },
    parts={
        "kit.rights.allowed",
        "kit.rights.check",
        "kit.rights.check_in_person",
        "records.history.record",
        "records.history.record_platform",
        "records.idempotency.once",
        "stores.store_drafts.of",
    },
)
