"""新規会員登録: provisional until the mailed address is opened within a day; only then are company and member made.

The request looks nothing up, so that it takes the same for every mail address: the job does, and only the mail tells.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import (
    consents,
    failures,
    links,
    partner_invitations,
    passwords,
    registration_mail,
    verifications,
)
from licenseonline.accounts.models import Company, CompanyState, Consent, MailLink, Member, Registration, Role
from licenseonline.kit import clock, crypto, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import normalize_email
from licenseonline.records import history
from licenseonline.stores import stores
from licenseonline.stores.models import Store

MOST_PER_HOUR: Final = 5  # mails to one address at one store
MOST_PER_NETWORK: Final = 100
MOST_TRIES: Final = 10  # of the password, an hour
# So long after its day an address that was opened too late can still be sent anew; then all personal data goes.
RENEWABLE: Final = timedelta(days=7)
ROW_KEPT: Final = timedelta(days=90)
_BYTES: Final = 20
_UNSENT: Final = "unsent:"  # in place of the secret's hash, until the job has made one


@dataclass(frozen=True, slots=True)
class Application:
    """What the form says, as the tables take it, and where it was sent from.

    `terms_version` is the store's, as shown when it was agreed to; `source` is the page's route, for the proof of consent.
    """

    company_name: str
    company_kana: str
    kind: str
    corporate_number: str
    postal_code: str
    prefecture: str
    city: str
    street: str
    building: str
    phone: str
    fax: str
    name: str
    kana: str
    department: str
    title: str
    email: str
    newsletter: bool
    terms_version: str
    source: str = ""
    network: str = ""


@transaction.atomic
def begin(application: Application, *, password: str, store: Store) -> Registration:
    """Keep what was filled in for a day and mail its address; whether the mail address is known, only the mail says.

    Refused: what `passwords.check` refuses, `terms` (not the
    version in force), `throttled`, `store_closed`.
    """
    stores.check_sells(store)
    email = normalize_email(application.email)
    _check(application, password, email=email, store=store)
    _throttle(email, store, application.network)
    return _keep(
        replace(application, email=email), password=passwords.hashed(password), store=store, begun_at=clock.now()
    )


@transaction.atomic
def accept(secret: str, application: Application, *, password: str, store: Store) -> Member:
    """本登録 at once of somebody whom a partner's staff invited: the mailed link has proven the address, which is the link's.

    Refused: what `begin` refuses but `throttled`, as partner_invitations.opened, and `registered` as `confirm`.
    """
    stores.check_sells(store)
    link = partner_invitations.opened(secret, store=store)
    email = links.address_of(link)
    _check(application, password, email=email, store=store)
    failures.one_at_a_time(_hash_of(email))
    link = links.use(secret, purpose=MailLink.Purpose.INVITE, store=store)
    now = clock.now()
    registration = Registration.objects.create(
        store=store,
        email_hash=_hash_of(email),
        password=passwords.hashed(password),
        secret_hash=f"{_UNSENT}{token_hex(_BYTES)}",
        invitation=link,
        created_at=now,
        expires_at=now,
    )
    return _finish(registration, replace(application, email=email), store)


def open(secret: str, *, store: Store) -> Registration:  # noqa: A001  (registrations.open is what it is)
    """The registration with this secret, for the page that asks before anything happens; nothing changes.

    Refused: `unknown` (mistyped, of another store), `used`, `registered` (by another mail of the same form),
    `expired` (`send_again` mails a new address), `over` (too old for that, or mailed anew already).
    """
    return _checked(Registration.objects.filter(store=store, secret_hash=crypto.fingerprint(secret)).first())


def application_of(registration: Registration) -> Application:
    """What was filled in; only of one that `open` gave."""
    return Application(**json.loads(crypto.decrypt(registration.data)))


def confirm(secret: str, *, password: str, store: Store) -> Member:
    """本登録: make the company and its first member, who looks after it. Never joins a company that is there already.

    The password is asked again: whoever only reads the mail must not complete what a stranger began in their name,
    with a password that the stranger knows. At a store that approves companies the company waits for the desk.
    Refused: as `open` (`registered` also when the mail address has become a member's in another way; of two at once
    one wins), `password`, `throttled`. The caller's transaction must commit after a refusal, so that the try counts.
    """
    stores.check_sells(store)
    registration = open(secret, store=store)
    tries = {failures.subject(f"registration-confirm:{registration.pk}"): MOST_TRIES}
    if failures.are_too_many(tries, within=timedelta(hours=1)):
        raise Refused(
            _("お手続きが続いています。1時間ほど経ってからもう一度お試しください。"), code="throttled", field="password"
        )
    if not passwords.is_right(password, registration.password):
        failures.count(tries)
        hint = _("パスワードが違います。会員登録の画面でお決めになったパスワードを入力してください。")
        raise Refused(hint, code="password", field="password")
    return _complete(secret, store=store)


@transaction.atomic
def _complete(secret: str, *, store: Store) -> Member:
    registration = open(secret, store=store)
    # Two of one mail address would wait for each other's rows.
    failures.one_at_a_time(registration.email_hash)
    registration = _checked(states.lock(registration))
    return _finish(registration, application_of(registration), store)


def _finish(registration: Registration, application: Application, store: Store) -> Member:
    try:
        with transaction.atomic():
            member = _make(application, registration, store)
    except IntegrityError as error:
        if "one_member_per_address_and_store" not in str(error):
            raise
        raise _registered() from None
    _record_consents(member, application, said_at=registration.created_at)
    registration.confirmed_at, registration.member = member.created_at, member
    registration.save(update_fields=["confirmed_at", "member"])
    _forget(Registration.objects.filter(store=store, email_hash=registration.email_hash))
    history.record(member.company, "company.registered", by=member, state=member.company.state)
    history.record(member, "member.registered", by=member, registration_id=registration.pk)
    verifications.proven(member)
    registration_mail.welcome(member)
    return member


@transaction.atomic
def send_again(secret: str, *, store: Store, network: str) -> None:
    """Mail a new address for one that was opened too late; the old one stays closed. Refused: `throttled`, as `open` else."""
    found = Registration.objects.filter(store=store, secret_hash=crypto.fingerprint(secret)).first()
    try:
        _checked(found)
    except Refused as refusal:
        if refusal.code != "expired" or found is None:
            raise
        _throttle(application_of(states.lock(found)).email, store, network)
        _renew(found)


@app.task(name="accounts.registrations.send_mail", retry=3)
def send_mail(registration_id: int, store_id: int) -> None:
    """Mail the address that completes the registration; who is a member already is told so, and how to sign in."""
    with scope.stores([store_id]):
        registration = states.lock(Registration.objects.select_related("store").get(pk=registration_id))
        if not registration.data or not registration.secret_hash.startswith(_UNSENT):
            return
        application = application_of(registration)
        members = Member.objects.select_related("company", "store").filter(store_id=store_id, withdrawn_at=None)
        known = members.filter(email=application.email).first()
        if known is not None:
            _forget(Registration.objects.filter(pk=registration.pk))
            registration_mail.already_registered(known)
            return
        secret = token_hex(_BYTES)
        registration.secret_hash = crypto.fingerprint(secret)
        registration.save(update_fields=["secret_hash"])
        registration_mail.confirmation(registration, application, secret)


@app.task(name="accounts.registrations.renew", retry=3)
def renew(registration_id: int, store_id: int) -> None:
    """Mail the registration again under a new address, because its mail is sent again; not one that is over."""
    with scope.stores([store_id]):
        registration = states.lock(Registration.objects.select_related("store").get(pk=registration_id))
        if registration.data:
            _renew(registration)


@app.periodic(cron="27 * * * *")
@app.task(name="accounts.registrations.clear", queueing_lock="accounts.registrations.clear", pass_context=False)
def clear(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every hour: forget what people filled in and never confirmed, and later that they did."""
    with scope.platform():
        _forget(Registration.objects.exclude(data="").filter(expires_at__lt=clock.now() - RENEWABLE))
        Registration.objects.filter(confirmed_at=None, expires_at__lt=clock.now() - ROW_KEPT).delete()


def _check(application: Application, password: str, *, email: str, store: Store) -> None:
    if application.terms_version != store.terms_version:
        hint = _("ご利用条件が改定されました。新しい内容をご確認のうえ、もう一度チェックを入れてください。")
        raise Refused(hint, code="terms", field="terms")
    names = [application.company_name, application.company_kana, application.name, application.kana, store.name]
    passwords.check(password, email=email, names=names)


def _hash_of(email: str) -> str:
    return crypto.fingerprint(f"registration:{email}")


def _throttle(email: str, store: Store, network: str) -> None:
    asked = failures.subject(f"registration:{store.pk}:{email}")
    subjects = {asked: MOST_PER_HOUR, failures.subject(f"registration-network:{network}"): MOST_PER_NETWORK}
    failures.one_at_a_time(asked)
    if failures.are_too_many(subjects, within=timedelta(hours=1)):
        raise Refused(_("お手続きが続いています。1時間ほど経ってからもう一度お試しください。"), code="throttled")
    failures.count(subjects)


def _keep(application: Application, *, password: str, store: Store, begun_at: datetime) -> Registration:
    """A row, still without a secret, and the job that mails it. `begun_at` is when it was said, for the consents."""
    registration = Registration.objects.create(
        store=store,
        email_hash=_hash_of(application.email),
        data=crypto.encrypt(json.dumps(asdict(application), ensure_ascii=False)),
        password=password,
        secret_hash=f"{_UNSENT}{token_hex(_BYTES)}",
        created_at=begun_at,
        expires_at=clock.now() + links.LASTS,
    )
    send_mail.defer(registration_id=registration.pk, store_id=store.pk)
    return registration


def _renew(old: Registration) -> None:
    _keep(application_of(old), password=old.password, store=old.store, begun_at=old.created_at)
    _forget(Registration.objects.filter(pk=old.pk))


def _checked(registration: Registration | None) -> Registration:
    if registration is None:
        hint = _("このURLは正しくありません。途中で切れていないか、メールに記載のURLと同じかをご確認ください。")
        raise Refused(hint, code="unknown")
    if registration.confirmed_at:
        raise Refused(_("このURLでの会員登録は、すでに完了しています。ログインしてご利用ください。"), code="used")
    if not registration.data:
        same = Registration.objects.filter(store_id=registration.store_id, email_hash=registration.email_hash)
        if same.exclude(confirmed_at=None).exists():
            raise _registered()
        hint = _("このURLは無効になりました。新しいメールが届いている場合は、そちらのURLをご利用ください。")
        raise Refused(hint, code="over")
    if registration.expires_at <= clock.now():
        hint = _("このURLは有効期限（24時間）が過ぎたため、会員登録を完了できません。")
        raise Refused(hint, code="expired")
    return registration


def _registered() -> Refused:
    hint = _("このメールアドレスは、すでにこのストアに登録されています。ログインしてご利用ください。")
    return Refused(hint, code="registered")


def _make(application: Application, registration: Registration, store: Store) -> Member:
    company = Company.objects.create(
        store=store,
        state=CompanyState.AWAITING_APPROVAL if store.approves_companies else CompanyState.ACTIVE,
        name=application.company_name,
        kana=application.company_kana,
        kind=application.kind,
        corporate_number=application.corporate_number,
        postal_code=application.postal_code,
        prefecture=application.prefecture,
        city=application.city,
        street=application.street,
        building=application.building,
        phone=application.phone,
        fax=application.fax,
    )
    now = clock.now()
    return Member.objects.create(
        store=store,
        company=company,
        role=Role.ADMIN,
        email=application.email,
        name=application.name,
        kana=application.kana,
        department=application.department,
        title=application.title,
        password=registration.password,
        newsletter=application.newsletter,
        created_at=now,
        email_verified_at=now,
        password_changed_at=now,
    )


def _record_consents(member: Member, application: Application, *, said_at: datetime) -> None:
    kinds = [
        (Consent.Kind.TERMS, application.terms_version),
        (Consent.Kind.TERMS, f"platform {consents.PLATFORM_TERMS}"),
        (Consent.Kind.ANTISOCIAL, application.terms_version),
        *([(Consent.Kind.NEWSLETTER, "")] if application.newsletter else []),
    ]
    for kind, version in kinds:
        consents.record(
            member,
            kind,
            given=True,
            version=version,
            at=said_at,
            source=application.source,
            network=application.network,
        )


def _forget(registrations: models.QuerySet[Registration]) -> None:
    registrations.update(data="", password="")
