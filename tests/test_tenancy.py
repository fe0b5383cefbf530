"""The locks that keep a store's rows in the store, read from PostgreSQL's own catalogue and tried out."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from licenseonline.accounts.models import Company, Member
from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import Cost
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible
from licenseonline.kit.tenancy import StoreModel
from licenseonline.records.models import HistoryEntry, Message, PlatformEntry
from licenseonline.sales.models import Order, Quote, VendorOrder
from licenseonline.web.areas import AreaMiddleware
from licenseonline.web.request_scope import RequestScopeMiddleware
from licenseonline.web.sessions import AreaSessionMiddleware
from tests.world import World


def rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def store_tables() -> set[str]:
    """Every table with a store_id, whether or not its model remembered to be a StoreModel."""
    found = rows(
        """SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE a.attname = 'store_id' AND c.relkind IN ('r', 'p') AND n.nspname = 'public' AND NOT a.attisdropped"""
    )
    return {str(name) for (name,) in found}


def test_every_model_with_a_store_is_among_the_store_tables(world: World) -> None:
    models = {model._meta.db_table for model in apps.get_models() if issubclass(model, StoreModel)}
    assert models | {Message._meta.db_table} == store_tables()


def test_row_level_security_is_forced_on_every_store_table(world: World) -> None:
    found = rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert store_tables() == {name for (name,) in found}


def test_policies_are_the_same_three_everywhere(world: World) -> None:
    found = rows(
        "SELECT tablename, policyname, roles::text, qual, coalesce(with_check, '') FROM pg_policies ORDER BY 1, 2"
    )
    by_table: dict[str, list[tuple[object, ...]]] = {}
    for table, *policy in found:
        by_table.setdefault(str(table), []).append(tuple(policy))
    assert set(by_table) == store_tables()
    expected = by_table["sales_quote"]
    assert [policy[0] for policy in expected] == ["owner_rows", "platform_rows", "store_rows"]
    assert all(policies == expected for policies in by_table.values())
    own = expected[2]
    assert "app.stores" in str(own[2])
    assert own[2] == own[3]


def test_no_key_between_store_tables_lacks_the_store(world: World) -> None:
    found = rows(
        """SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, c.conname,
             (SELECT array_agg(a.attname::text ORDER BY u.n) FROM unnest(c.conkey) WITH ORDINALITY u(k, n)
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = u.k)
           FROM pg_constraint c WHERE c.contype = 'f'"""
    )
    tables = store_tables()
    crossing = [row for row in found if row[0] in tables and row[1] in tables and "store_id" not in list(row[3])]  # type: ignore[call-overload]  # rows are untyped
    assert crossing == []


def test_every_reference_between_store_tables_is_a_key_in_the_database(world: World) -> None:
    composite = rows(
        """SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
           JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
           WHERE c.contype = 'f' AND cardinality(c.conkey) = 2"""
    )
    tables = store_tables()
    wanted = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if model._meta.db_table in tables and field.remote_field and field.remote_field.model._meta.db_table in tables
    }
    assert wanted == set(composite)


def test_the_serving_role_is_bound_by_row_level_security(world: World) -> None:
    found = rows("SELECT session_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user")
    assert found == [("app_rw", False, False)]
    owned = rows("SELECT count(*) FROM pg_class WHERE relowner = 'app_rw'::regrole")
    assert owned == [(0,)]


def test_without_a_scope_every_store_table_is_empty(world: World) -> None:
    world.order()
    with scope.opened(scope.NOTHING):
        for model in apps.get_models():
            if issubclass(model, StoreModel):
                assert not model._base_manager.exists(), model


def test_a_forgotten_actor_filter_still_shows_no_foreign_row(world: World) -> None:
    mine, theirs = world.quote(), world.quote(world.hanako_at_minato)
    with scope.stores([mine.store_id]):
        assert list(Quote.objects.all()) == [mine]
        assert not Quote.objects.filter(pk=theirs.pk).exists()
        assert Quote.objects.filter(pk=theirs.pk).update(subject="taken") == 0
        assert set(Member.objects.values_list("store_id", flat=True)) == {mine.store_id}


def test_a_request_sees_its_own_store_only_even_in_a_view_without_any_filter(world: World) -> None:
    world.quote()
    world.quote(world.hanako_at_minato)
    seen: list[int] = []

    def careless(request: HttpRequest) -> HttpResponse:
        seen.extend(Quote.objects.values_list("store_id", flat=True))
        return HttpResponse("ok")

    chain = AreaMiddleware(AreaSessionMiddleware(RequestScopeMiddleware(careless)))  # type: ignore[arg-type]  # sync only
    chain(RequestFactory().get(f"/{world.elsat.pk}/"))
    assert seen == [world.elsat.pk]


def test_a_row_cannot_be_written_for_another_store(world: World) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), scope.stores([world.elsat.pk]):
        Company.objects.create(store=world.minato, name="x", kana="x", postal_code="1", phone="1")


def test_a_row_cannot_point_across_stores_even_for_the_platform(world: World) -> None:
    foreign = world.hanako_at_minato.company
    with transaction.atomic():
        Receivable.objects.create(store=world.elsat, company=foreign, reference="X", amount_yen=1, due_on=clock.today())
        with pytest.raises(DatabaseError, match="same_store"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", [Cost, VendorOrder, PlatformEntry])
def test_the_serving_role_cannot_read_what_is_the_platforms(
    world: World, model: type[Cost | VendorOrder | PlatformEntry]
) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), scope.stores([87465]):
        model.objects.exists()


def test_history_can_only_be_added_to(world: World) -> None:
    world.quote()
    for statement in (
        "UPDATE records_historyentry SET event = 'x'",
        "DELETE FROM records_historyentry",
        "UPDATE records_platformentry SET event = 'x'",
        "DELETE FROM records_platformentry",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert HistoryEntry.objects.exists()


@pytest.fixture
def nested(world: World) -> World:
    world.quote()
    world.quote(world.hanako_at_minato)
    return world


def test_scopes_nest_and_give_the_outer_one_back(nested: World) -> None:
    def seen() -> set[int]:
        return set(Quote.objects.values_list("store_id", flat=True))

    with scope.stores([nested.elsat.pk]):
        with scope.stores([nested.minato.pk]):
            assert seen() == {nested.minato.pk}
        assert seen() == {nested.elsat.pk}
        with scope.platform():
            assert seen() == {nested.elsat.pk, nested.minato.pk}
        assert seen() == {nested.elsat.pk}
        with pytest.raises(RuntimeError), scope.platform():
            raise RuntimeError
        assert seen() == {nested.elsat.pk}


def test_a_tenants_public_read_is_only_for_tables_made_for_visitors(world: World) -> None:
    with pytest.raises(NotVisible):
        Order.objects.public(world.elsat.pk)
