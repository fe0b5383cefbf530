"""Who looks after a customer: of one's own side, active, once per side; the other side never learns."""

import pytest

from licenseonline.accounts import assignments, staff
from licenseonline.accounts.models import Assignment, Member, Side, SubjectKind, User
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.sales import timelines
from tests.sales.test_races import at_once
from tests.world import PASSWORD, World


def colleague(world: World, role: StaffRole = StaffRole.SALES) -> User:
    email = f"{role.value}.saburo@sp10001.example"
    return staff.appoint(email, name="営業 三郎", password=PASSWORD, partner=world.partner.partner, role=role)


def test_each_side_assigns_its_own_and_does_not_read_the_other(world: World) -> None:
    order = world.order()
    for subject in (world.hanako.company, world.hanako, order.quote, order):
        mine = assignments.assign(
            subject, user=colleague(world, StaffRole.VIEWER) if subject == order else world.partner, by=world.partner
        )
        desk = assignments.assign(subject, user=world.operator, by=world.operator)
        assert mine is not None
        assert desk is not None
        assert (mine.company_id, mine.side, desk.side) == (world.hanako.company_id, Side.PARTNER, Side.DESK)
        assert assignments.of(subject, side=Side.DESK) == desk
    ids = [order.pk]
    assert assignments.of_many(SubjectKind.ORDER, ids, by=world.operator)[order.pk].user == world.operator
    assert list(assignments.ids_of(SubjectKind.ORDER, world.operator, by=world.partner)) == []
    assert "order.assigned" in [entry.event for entry in history.of(order)]
    assert not any("assigned" in step.label for step in timelines.of(order))


def test_assigning_anew_replaces_and_none_takes_it_back(world: World) -> None:
    other, company = colleague(world), world.hanako.company
    assignments.assign(company, user=world.partner, by=world.partner)
    assignments.assign(company, user=other, by=world.partner)
    found = assignments.of(company, side=Side.PARTNER)
    assert found is not None
    assert found.user == other
    assert assignments.assign(company, user=None, by=world.partner) is None
    assert assignments.assign(company, user=None, by=world.partner) is None
    assert assignments.of(company, side=Side.PARTNER) is None
    events = [entry.event for entry in history.of(company)]
    assert events == ["company.assigned", "company.assigned", "company.released"]


def test_nobody_of_another_side_or_stopped_and_no_other_store(world: World) -> None:
    stopped = colleague(world)
    User.objects.filter(pk=stopped.pk).update(is_active=False)
    for user in (world.operator, world.other_partner, stopped):
        with pytest.raises(Refused) as refused:
            assignments.assign(world.hanako, user=user, by=world.partner)
        assert (refused.value.code, refused.value.field) == ("user", "user")
    catalogue = staff.appoint(
        "c@operator.example", name="商品", password=PASSWORD, partner=None, role=StaffRole.CATALOGUE
    )
    with pytest.raises(Refused):
        assignments.assign(world.hanako, user=catalogue, by=world.operator)
    for wanted in (world.other_partner, None):
        with pytest.raises(NotVisible):
            assignments.assign(world.hanako, user=wanted, by=world.other_partner)


def test_two_at_once_leave_one(committed: World) -> None:
    with scope.platform():
        hanako, partner = committed.hanako, committed.partner

    def take() -> str:
        with scope.stores([hanako.store_id]):
            assignments.assign(Member.objects.get(pk=hanako.pk), user=partner, by=partner)
        return "taken"

    assert at_once(take, take) == ["taken", "taken"]
    with scope.platform():
        assert Assignment.objects.count() == 1
