"""The demo's members, partner staff and operator's staff."""

from collections.abc import Mapping
from dataclasses import dataclass

from licenseonline.accounts import passwords, staff
from licenseonline.accounts.models import Company, Member, Role, User
from licenseonline.demo import logins
from licenseonline.demo.logins import Login
from licenseonline.demo.stores import ELSAT, MINATO
from licenseonline.kit import clock
from licenseonline.stores.models import Partner, Store


@dataclass(frozen=True, slots=True)
class People:
    """Those whom the history needs."""

    hanako: Member
    kenji: Member
    taro: Member
    minori: Member
    hanako_minato: Member
    operator: User


def make(stores: Mapping[int, Store]) -> People:
    """Companies with their members at both stores, and the staff. The same address at two stores is two strangers."""
    aozora = _aozora(stores[ELSAT])
    midori = Company.objects.create(
        store=stores[ELSAT],
        name="学校法人みどり学園",
        kana="ガッコウホウジンミドリガクエン",
        kind=Company.Kind.ACADEMIC,
        postal_code="181-0013",
        prefecture="東京都",
        city="三鷹市",
        street="下連雀0丁目0番8号",
        phone="0422-00-0008",
    )
    shiranami = Company.objects.create(
        store=stores[ELSAT],
        name="白波商事株式会社",
        kana="シラナミショウジカブシキガイシャ",
        kind=Company.Kind.CORPORATE,
        postal_code="105-0022",
        prefecture="東京都",
        city="港区",
        street="海岸0丁目0番9号",
        phone="03-0000-0009",
    )
    for login in logins.PARTNERS:
        _appoint(login, Partner.objects.get(spid=login.spid))
    operators = [_appoint(login, None) for login in logins.OPERATORS]
    return People(
        hanako=_member(logins.HANAKO, aozora, "アオゾラ ハナコ", "総務部 情報システム課"),
        kenji=_member(logins.KENJI, aozora, "ヤマダ ケンジ", "設計部", Role.BUYER),
        taro=_member(logins.TARO, midori, "ミドリカワ タロウ", "情報センター"),
        minori=_member(logins.MINORI, shiranami, "シライシ ミノリ", "総務課", is_verified=False),
        hanako_minato=_member(logins.HANAKO_MINATO, _aozora(stores[MINATO]), "アオゾラ ハナコ", "横浜事業所 管理課"),
        operator=operators[0],
    )


def _aozora(store: Store) -> Company:
    return Company.objects.create(
        store=store,
        name="株式会社青空製作所",
        kana="カブシキガイシャアオゾラセイサクショ",
        kind=Company.Kind.CORPORATE,
        postal_code="144-0035",
        prefecture="東京都",
        city="大田区",
        street="南蒲田0丁目0番7号",
        phone="03-0000-0007",
    )


def _member(  # noqa: PLR0913  (a member has that many parts)
    login: Login, company: Company, kana: str, department: str, role: Role = Role.ADMIN, *, is_verified: bool = True
) -> Member:
    now = clock.now()
    return Member.objects.create(
        store=company.store,
        company=company,
        email=login.email,
        password=passwords.hashed(login.password),
        name=login.name,
        kana=kana,
        department=department,
        phone=company.phone,
        role=role,
        created_at=now,
        email_verified_at=now if is_verified else None,
        password_changed_at=now,
    )


def _appoint(login: Login, partner: Partner | None) -> User:
    return staff.appoint(
        login.email, name=login.name, password=login.password, partner=partner, totp_secret=login.totp_secret
    )
