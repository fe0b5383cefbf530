"""What members and companies say of themselves, and what the database holds them to."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from licenseonline.accounts import consents
from licenseonline.accounts.models import Company, CompanyState, Consent, Member, Role
from licenseonline.kit import clock, scope
from tests.world import World


@pytest.mark.parametrize(
    ("changes", "company_state", "quotes", "orders"),
    [
        ({}, CompanyState.ACTIVE, True, True),
        ({"role": Role.BUYER}, CompanyState.ACTIVE, True, True),
        ({"role": Role.VIEWER}, CompanyState.ACTIVE, False, False),
        ({"email_verified_at": None}, CompanyState.ACTIVE, True, False),
        ({}, CompanyState.AWAITING_APPROVAL, True, False),
        ({}, CompanyState.REFUSED, False, False),
    ],
)
def test_who_may_quote_and_order(
    world: World, changes: dict[str, object], company_state: CompanyState, *, quotes: bool, orders: bool
) -> None:
    Member.objects.filter(pk=world.hanako.pk).update(**changes)
    Company.objects.filter(pk=world.hanako.company_id).update(state=company_state)
    hanako = Member.objects.select_related("company").get(pk=world.hanako.pk)
    assert (hanako.can_quote, hanako.can_order) == (quotes, orders)


def test_an_address_reads_as_one_line(world: World) -> None:
    company = world.hanako.company
    assert company.address == "東京都千代田区千代田1-1"
    company.building = "青空ビル 5階"
    assert company.address == "東京都千代田区千代田1-1 青空ビル 5階"


def test_an_address_is_free_again_after_withdrawal(world: World) -> None:
    def again() -> None:
        with transaction.atomic():
            Member.objects.create(
                store=world.elsat, company=world.hanako.company, email="HANAKO@aozora.example", name="x", kana="x",
                created_at=clock.now(),
            )  # fmt: skip

    with pytest.raises(IntegrityError, match="one_member_per_address_and_store"):
        again()
    Member.objects.filter(pk=world.hanako.pk).update(withdrawn_at=clock.now(), is_active=False)
    again()
    with pytest.raises(IntegrityError):
        again()


@pytest.mark.parametrize("number", ["1", "12345678901234", "１２３４５６７８９０１２３", "123456789012x"])
def test_a_corporate_number_is_thirteen_digits_or_none(world: World, number: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Company.objects.filter(pk=world.hanako.company_id).update(corporate_number=number)


def test_who_withdrew_cannot_be_active(world: World) -> None:
    with pytest.raises(IntegrityError, match="withdrawn_member_is_not_active"), transaction.atomic():
        Member.objects.filter(pk=world.hanako.pk).update(withdrawn_at=clock.now())


def test_a_consent_says_what_when_and_where_from_but_not_the_address_of_the_network(world: World) -> None:
    said = clock.now() - timedelta(hours=3)
    consents.record(
        world.hanako, "terms", given=True, version="2026-04-01", at=said, source="store:register", network="192.0.2.7"
    )
    consents.record(world.hanako, "newsletter", given=True, source="store:register", network="192.0.2.7")
    consents.record(world.hanako, "newsletter", given=False, source="store:newsletter", network="")
    terms = consents.latest(world.hanako, "terms")
    assert terms
    assert (terms.version, terms.at, terms.source, terms.given) == ("2026-04-01", said, "store:register", True)
    assert "192.0.2.7" not in terms.network
    newsletter = consents.latest(world.hanako, "newsletter")
    assert newsletter
    assert not newsletter.given
    assert consents.latest(world.taro, "terms") is None


def test_a_consent_cannot_be_rewritten(world: World) -> None:
    consents.record(world.hanako, "terms", given=True, source="store:register", network="n")
    for statement in ("UPDATE accounts_consent SET given = false", "DELETE FROM accounts_consent"):
        for seen in (scope.platform(), scope.stores([87465])):
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
                seen,
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    assert Consent.objects.get().given
