"""Roles and verbs as a matrix: every verb of the staff is tried by every role, and a verb nobody entered in tests/rights fails."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoDbBlocker

from licenseonline.accounts.models import Member, Role, User
from licenseonline.kit import rights, scope
from licenseonline.kit.actors import Visitor
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import OPERATOR_ROLES, PARTNER_ROLES, Right, StaffRole
from tests.conftest import own_database
from tests.rights import MAY, OF_ADMINS, OF_BUYERS, OF_ONESELF, PARTS
from tests.rights.member_verbs import Things, of_members
from tests.test_house import CODE, DOMAIN
from tests.world import World


def _verbs() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public function of the domain apps that asks who acts."""
    for path in sorted(CODE.rglob("*.py")):
        parts = path.relative_to(CODE).with_suffix("").parts
        if parts[0] not in DOMAIN or {"migrations", "models", "management", "__init__"} & set(parts):
            continue
        module = importlib.import_module(".".join(["licenseonline", *parts]))
        for name, found in inspect.getmembers(module, inspect.isfunction):
            own = found.__module__ == module.__name__ and not name.startswith("_")
            if own and "by" in inspect.signature(found).parameters:
                yield ".".join([*parts, name]), found


ALL = dict(_verbs())
OF_STAFF = {name: verb for name, verb in ALL.items() if hasattr(verb, "right")}


def test_every_verb_is_somebodys() -> None:
    entered = {*MAY[StaffRole.ADMIN], *OF_BUYERS, *OF_ADMINS, *OF_ONESELF, *PARTS}
    assert set(ALL) - entered == set(), "say in tests/rights who may; what is the staff's has a mark (rights.needs) too"
    assert entered - set(ALL) == set()
    assert set(OF_STAFF) == MAY[StaffRole.ADMIN]


def test_each_role_of_the_staff_is_one_sides() -> None:
    assert {*OPERATOR_ROLES, *PARTNER_ROLES} == set(StaffRole) == set(rights.RIGHTS)
    assert not set(OPERATOR_ROLES) & set(PARTNER_ROLES)


def _passes(verb: Callable[..., object], by: Any) -> bool:
    """Whether the verb gets as far as missing its arguments; who is refused does not."""
    try:
        verb(by=by)
    except TypeError:
        return True
    except (NotVisible, Refused):
        return False
    return True


def test_a_refusal_says_what_is_missing_to_the_desk_and_nothing_to_a_partner(world: World) -> None:
    desk, partner = world.operator, world.partner
    desk.role, partner.role = StaffRole.EDITOR, StaffRole.VIEWER
    with pytest.raises(Refused, match="「納品」の権限が必要です。管理者にご依頼ください。") as refused:
        rights.check(desk, Right.DELIVER)
    assert refused.value.code == "role"
    with pytest.raises(NotVisible):
        rights.check(partner, Right.HELP_MEMBERS)


@pytest.mark.parametrize("name", OF_STAFF)
def test_a_verb_is_open_to_the_roles_entered_and_to_no_other(world: World, name: str) -> None:
    passing = set()
    for role in StaffRole:
        by = world.operator if role in OPERATOR_ROLES else world.partner
        by.role = role
        if _passes(OF_STAFF[name], by):
            passing.add(role)
    assert passing == {role for role in StaffRole if name in MAY[role]}


@pytest.mark.parametrize("name", OF_STAFF)
def test_a_verb_of_the_staff_does_not_exist_for_members_and_visitors(world: World, name: str) -> None:
    for by in (world.hanako, world.hanako_at_minato, Visitor(store_id=world.elsat.pk)):
        assert not _passes(OF_STAFF[name], by)


def test_no_member_has_a_right_of_the_staff(world: World) -> None:
    member: Any = world.hanako
    for role in StaffRole:
        member.role = role.value
        assert not any(rights.allowed(member, right) for right in Right)


@pytest.fixture(scope="module")
def made(django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    """Once for each worker: they are most of the work, and every verb begins from them."""
    with own_database(django_db_blocker) as world:
        with scope.platform():
            things = Things.of(world)
        yield things


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted(OF_BUYERS | OF_ADMINS))
def test_a_members_role_in_the_company_decides(made: Things, world: World, name: str, role: Role) -> None:
    verbs = of_members(deepcopy(made))
    assert set(verbs) == OF_BUYERS | OF_ADMINS
    Member.objects.filter(pk=world.hanako.pk).update(role=role)
    by = Member.objects.get(pk=world.hanako.pk)
    may = role == Role.ADMIN or (role == Role.BUYER and name in OF_BUYERS)
    with nullcontext() if may else pytest.raises(Refused) as refused:
        verbs[name](by)
    assert may or refused.value.code in {"role", "viewer"}  # type: ignore[union-attr]  # None is only for who may


def test_nothing_of_a_members_own_account_is_done_by_who_acts_for_the_member(world: World) -> None:
    own = {name for name in OF_ONESELF if name.startswith("accounts.")}
    in_person = {name for name, verb in ALL.items() if hasattr(verb, "in_person")}
    assert in_person >= OF_ADMINS | own | {"sales.withdrawals.withdraw", "licensing.keys.reveal"}, (
        "mark: rights.in_person"
    )
    acting: Any = world.hanako
    acting.acting = world.partner
    for name in in_person:
        with pytest.raises(Refused) as refused:
            ALL[name](by=acting)
        assert refused.value.code == "acting"


def test_a_role_of_the_other_side_is_kept_out_by_the_database(world: World) -> None:
    for user, role in ((world.operator, StaffRole.HEAD), (world.partner, StaffRole.ADMIN)):
        with pytest.raises(IntegrityError, match="user_role"), transaction.atomic():
            User.objects.filter(pk=user.pk).update(role=role)
