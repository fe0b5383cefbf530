"""Two companies made one by the desk, and back: nothing is lost, nothing stays behind, documents keep their names."""

import threading
from collections.abc import Callable

import pytest
from django.core import mail as sent
from django.db import connections

from licenseonline.accounts import companies, company_merges, invitations
from licenseonline.accounts.models import BillingContact, Company, CompanyMerge, Member, User
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import files, history
from licenseonline.records.models import StoredFile
from licenseonline.sales import deliveries, orders
from licenseonline.sales.models import Order, Quote
from tests.jobs import run_jobs
from tests.world import World


def owners() -> dict[tuple[str, int], int | None]:
    """Whose every row is."""
    return {
        (label, pk): company
        for label, (model, column) in company_merges.tables().items()
        for pk, company in model._base_manager.values_list("pk", column)
    }


def of(company: Company) -> list[tuple[str, int]]:
    return sorted(row for row, owner in owners().items() if owner == company.pk)


@pytest.fixture
def pair(world: World) -> tuple[Company, Company]:
    """青空製作所 as it stays, and みどり学園 with one of everything, as the one that is merged."""
    done = world.arranged_order(world.taro)
    item = deliveries.Item(starts_on=done.placed_at.date(), key="SECRET-KEY-99999")
    deliveries.deliver(done, items={1: item}, by=world.operator)
    world.order(world.taro)
    world.quote(world.taro)
    world.order(world.hanako)
    invitations.invite("new@midori.example", role="buyer", by=world.taro)
    files.keep(b"x", name="x.pdf", content_type="application/pdf", store_id=87465, company_id=world.taro.company_id)
    run_jobs()
    return world.hanako.company, world.taro.company


def merge(world: World, pair: tuple[Company, Company]) -> CompanyMerge:
    return company_merges.merge(*pair, by=world.operator)


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        do()
    return refused.value.code


def test_every_key_to_a_company_is_known() -> None:
    assert set(company_merges.tables()) >= {
        "accounts.member", "accounts.maillink", "accounts.billingcontact", "accounts.companychange", "sales.quote",
        "sales.order", "billing.receivable", "licensing.contract", "records.storedfile",
    }  # fmt: skip
    assert "accounts.companymerge" not in company_merges.tables()


def test_the_preview_counts_what_moves_and_moves_nothing(world: World, pair: tuple[Company, Company]) -> None:
    before = owners()
    found = company_merges.preview(*pair, by=world.operator)
    assert owners() == before
    assert sum(found.values()) == len(of(pair[1]))
    assert (found["accounts.member"], found["sales.quote"], found["sales.order"]) == (1, 3, 2)


def test_all_moves_and_the_other_is_closed(world: World, pair: tuple[Company, Company]) -> None:
    kept, merged = pair
    both = sorted([*of(kept), *of(merged)])
    made = merge(world, pair)
    assert of(merged) == []
    assert sorted(row for row in of(kept) if row in both) == both
    merged.refresh_from_db()
    assert merged.state == "merged"
    assert made.merged_state == "active"
    assert [entry.event for entry in history.of(merged)][-1:] == ["company.merged_into"]
    taro = Member.objects.get(pk=world.taro.pk)
    assert set(Order.objects.visible_to(taro)) == set(Order.objects.visible_to(world.hanako))
    quote = Quote.objects.filter(member=taro).latest("pk")
    assert quote.snapshot["buyer"]["company"] == "学校法人みどり学園"


def test_members_of_both_are_told(world: World, pair: tuple[Company, Company]) -> None:
    merge(world, pair)
    run_jobs()
    told = {mail.to[0] for mail in sent.outbox if mail.subject == "【エルサットストア】会社情報を統合しました"}
    assert told == {"hanako@aozora.example", "ichiro@aozora.example", "taro@midori.example"}


def test_undoing_gives_back_exactly_what_moved(world: World, pair: tuple[Company, Company]) -> None:
    before = owners()
    made = merge(world, pair)
    company_merges.undo(made, by=world.operator)
    after = owners()
    assert {row: owner for row, owner in after.items() if row in before} == before
    pair[1].refresh_from_db()
    assert pair[1].state == "active"
    assert refusal(lambda: company_merges.undo(made, by=world.operator)) == "undone"
    assert merge(world, pair)


def test_what_grew_on_the_moved_goes_back_with_it(world: World, pair: tuple[Company, Company]) -> None:
    offered = Quote.objects.get(company=pair[1], order=None)
    made = merge(world, pair)
    taro = Member.objects.select_related("company", "store").get(pk=world.taro.pk)
    ordered = orders.place(Quote.objects.get(pk=offered.pk), accepted_terms="2026-04-01", by=world.hanako)
    quoted = world.quote(taro)
    kept_quote = world.quote(world.hanako)
    company_merges.undo(made, by=world.operator)
    assert Order.objects.get(pk=ordered.pk).company == pair[1]
    assert Order.objects.get(pk=ordered.pk).receivable.company == pair[1]
    assert Quote.objects.get(pk=quoted.pk).company == pair[1]
    assert Quote.objects.get(pk=kept_quote.pk).company == pair[0]


def test_what_is_of_both_keeps_the_merge(world: World, pair: tuple[Company, Company]) -> None:
    offered = world.quote(world.hanako)
    made = merge(world, pair)
    taro = Member.objects.select_related("company", "store").get(pk=world.taro.pk)
    orders.place(Quote.objects.get(pk=offered.pk), accepted_terms="2026-04-01", by=taro)
    before = owners()
    assert refusal(lambda: company_merges.undo(made, by=world.operator)) == "entangled"
    assert owners() == before


def test_what_is_gone_or_merged_on_keeps_the_merge(world: World, pair: tuple[Company, Company]) -> None:
    made = merge(world, pair)
    third = Company.objects.create(
        store=world.elsat, name="第三", kana="ダイサン", postal_code="100-0001", prefecture="東京都", city="千代田区",
        street="1-1", phone="03-1111-1111",
    )  # fmt: skip
    pair[0].refresh_from_db()
    second = company_merges.merge(third, pair[0], by=world.operator)
    assert refusal(lambda: company_merges.undo(made, by=world.operator)) == "merged"
    company_merges.undo(second, by=world.operator)
    Member.objects.filter(pk=world.taro.pk).update(company=third)
    assert refusal(lambda: company_merges.undo(made, by=world.operator)) == "changed"


def test_two_billing_contacts_do_not_meet(world: World, pair: tuple[Company, Company]) -> None:
    for company in pair:
        BillingContact.objects.create(
            store=world.elsat, company=company, name=company.name, person="経理", postal_code="100-0001",
            prefecture="東京都", city="千代田区", street="1-1", phone="03-1111-1111", email="k@aozora.example",
        )  # fmt: skip
    made = merge(world, pair)
    assert [row[0] for row in of(pair[1])] == ["accounts.billingcontact"]
    company_merges.undo(made, by=world.operator)
    assert BillingContact.objects.get(company=pair[1]).name == pair[1].name


def test_what_a_request_wrote_meanwhile_follows(world: World, pair: tuple[Company, Company]) -> None:
    late = world.quote(world.taro)
    made = merge(world, pair)
    Quote.objects.filter(pk=late.pk).update(company=pair[1])  # as one that had read its member before the merge
    made.moved["sales.quote"].remove(late.pk)
    made.save()
    run_jobs()
    assert [row for row in of(pair[1]) if row[0] == "sales.quote"] == []
    made.refresh_from_db()
    company_merges.undo(made, by=world.operator)
    assert Quote.objects.get(pk=late.pk).company == pair[1]


def test_only_the_desk_merges_and_only_what_may_be(world: World, pair: tuple[Company, Company]) -> None:
    for by in (world.partner, world.other_partner):
        with pytest.raises(NotVisible):
            company_merges.merge(*pair, by=by)
    kept = pair[0]
    assert refusal(lambda: company_merges.merge(kept, kept, by=world.operator)) == "same"
    elsewhere = world.hanako_at_minato.company
    assert refusal(lambda: company_merges.merge(kept, elsewhere, by=world.operator)) == "store"


def test_a_merged_company_comes_back_by_undoing_only(world: World, pair: tuple[Company, Company]) -> None:
    merge(world, pair)
    assert refusal(lambda: companies.approve(pair[1], by=world.operator)) == "state"
    assert refusal(lambda: companies.refuse(pair[1], reason="x", by=world.operator)) == "state"


def test_a_stored_file_changes_hands_and_nothing_else(world: World, pair: tuple[Company, Company]) -> None:
    file = StoredFile.objects.filter(company_id=pair[1].pk).latest("pk")
    merge(world, pair)
    file.refresh_from_db()
    assert file.company_id == pair[0].pk
    assert StoredFile.objects.visible_to(world.hanako).filter(pk=file.pk).exists()


def merge_both_ways() -> list[str]:
    outcomes: list[str] = []
    meeting = threading.Barrier(2)

    def run(*, turned: bool) -> None:
        try:
            with scope.platform():
                operator = User.objects.get(partner=None)
                first, second = Company.objects.filter(store=87465).order_by("pk")
                pair = (second, first) if turned else (first, second)
                meeting.wait(30)
                try:
                    company_merges.merge(*pair, by=operator)
                    outcomes.append("won")
                except Refused as refused:
                    outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, kwargs={"turned": turned}) for turned in (False, True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_merges_at_once_do_not_swallow_each_other(committed: World) -> None:
    assert merge_both_ways() == ["merged", "won"]
    with scope.platform():
        assert Company.objects.filter(store=87465, state="active").count() == 1


def test_without_the_lock_both_are_gone(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, checked = threading.Barrier(2), company_merges._check

    def both_have_checked(kept: Company, merged: Company) -> None:
        checked(kept, merged)
        meeting.wait(30)

    monkeypatch.setattr(company_merges, "_lock", lambda *_companies: None)
    monkeypatch.setattr(company_merges, "_check", both_have_checked)
    assert "won" in merge_both_ways()
    with scope.platform():
        assert Company.objects.filter(store=87465, state="active").count() < 2
