"""A queryset that is compiled once answers as Django's own would, for whatever values it is run with."""

from threading import Thread

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Company, Member
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible
from licenseonline.kit.prepared import Given, GivenMember, Prepared, given_text
from tests.world import World


def test_each_run_has_its_own_values_and_related_rows(world: World) -> None:
    by_pk = Prepared(
        lambda: Member.objects.filter(pk=Given("pk")).select_related("company").annotate(at=F("company__name"))
    )
    for member in (world.hanako, world.taro, world.hanako):
        with CaptureQueriesContext(connection) as queries:
            found = by_pk.one(pk=member.pk)
            assert (found, found.company, found.at) == (member, member.company, member.company.name)  # type: ignore[attr-defined]  # annotated
        assert len(queries) == 1


def test_text_with_anything_in_it_is_a_value_and_never_sql(world: World) -> None:
    by_name = Prepared(lambda: Member.objects.filter(name=given_text("name")))
    Member.objects.filter(pk=world.taro.pk).update(name="%s'; --％")
    assert by_name.rows(name="%s'; --％") == [world.taro]
    assert by_name.rows(name="' OR 1=1 --") == []


def test_order_slices_and_prefetched_rows_are_kept(world: World) -> None:
    companies = Prepared(
        lambda: Company.objects.filter(store_id=Given("store")).order_by("-pk").prefetch_related("members")[:1]
    )
    taro, (last,) = world.taro, companies.rows(store=87465)
    assert last == Company.objects.filter(store_id=87465).latest("pk")
    with CaptureQueriesContext(connection) as queries:
        assert set(last.members.all()) == {taro}
    assert len(queries) == 0


def test_a_value_that_is_not_given_is_a_mistake(world: World) -> None:
    with pytest.raises(KeyError):
        Prepared(lambda: Member.objects.filter(pk=Given("pk"))).rows()


def test_what_is_not_there_or_not_visible_is_not_visible(world: World) -> None:
    mine = Prepared(lambda: Member.objects.visible_to(GivenMember()).filter(pk=Given("pk")))
    assert mine.one(pk=world.ichiro.pk, **GivenMember.of(world.hanako)) == world.ichiro
    for stranger in (world.taro, world.hanako_at_minato):
        with pytest.raises(NotVisible):
            mine.one(pk=world.ichiro.pk, **GivenMember.of(stranger))


def test_the_scope_of_the_run_decides_not_that_of_the_first(world: World) -> None:
    everybody = Prepared(lambda: Member.objects.order_by("pk"))
    with scope.platform():
        assert len(everybody.rows()) == Member.objects.count()
    with scope.stores([193808]):
        assert {member.store_id for member in everybody.rows()} == {193808}


def test_threads_use_their_own_connections(committed: World) -> None:
    by_pk = Prepared(lambda: Member.objects.filter(pk=Given("pk")))
    with scope.platform():
        people = list(Member.objects.order_by("pk"))
    found: list[Member] = []

    def read(member: Member) -> None:
        try:
            with scope.platform():
                found.append(by_pk.one(pk=member.pk))
        finally:
            connection.close()

    threads = [Thread(target=read, args=[member]) for member in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(member.pk for member in found) == [member.pk for member in people]
