"""What a test commits to a database of its own is gone for the next one."""

import psycopg
from django.db import connection
from pytest_django import DjangoDbBlocker

from licenseonline.kit import scope
from licenseonline.sales.models import Quote
from tests import environment
from tests.conftest import own_database

_INDEX = b"SELECT FROM pg_indexes WHERE indexname = 'one_member_per_address_and_store'"


def test_rows_numbers_and_tables_are_put_back(django_db_blocker: DjangoDbBlocker) -> None:
    seen = []
    for statement in (b"DELETE FROM accounts_member", b"DROP INDEX one_member_per_address_and_store", b""):
        with own_database(django_db_blocker) as world:
            with scope.platform():
                quote = world.quote()
                seen.append((Quote.objects.count(), quote.pk, quote.number))
            url = environment.with_database(environment.admin_url(), connection.settings_dict["NAME"])
            with psycopg.connect(url) as admin:
                assert len(admin.execute(_INDEX).fetchall()) == 1
                admin.execute(b"SET session_replication_role = replica")
                admin.execute(statement)
    assert seen == [seen[0]] * 3
