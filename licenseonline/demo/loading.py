"""Loads the demo once, all or nothing."""

from django.db import connection

from licenseonline.demo import catalog, content, history, people, showcase, stores
from licenseonline.kit import scope
from licenseonline.stores.models import Store

_LOCK = 7351003


def load() -> bool:
    """Write the demo's stores, catalogue, content, people and history in one transaction; False when they are there.

    It acts as the platform, because it makes rows of several stores at once.
    """
    with scope.platform():
        with connection.cursor() as cursor:  # two loaders at once: the second waits and then finds the rows
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if Store.objects.exists():
            return False
        made = stores.make()
        catalog.make(made)
        content.make(made)
        known = people.make(made)
        history.make(known)
        showcase.make(made, operator=known.operator)
        return True
