"""Mails to staff: the platform's own, in no store's log."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts.models import StaffLink, User
from licenseonline.kit import clock, scope
from licenseonline.kit.actors import ActorKind
from licenseonline.kit.rights import StaffRole
from licenseonline.records import messages
from licenseonline.records.models import Message

_ROUTES: Final = {StaffLink.Purpose.START: "start", StaffLink.Purpose.REISSUE: "password_new"}


class Notice(StrEnum):
    """What happened to an account. A new one needs its title and sentence in `_WORDS`."""

    STARTED = "started"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a kind of mail)
    ROLE_CHANGED = "role_changed"
    STOPPED = "stopped"


_WORDS: Final[dict[Notice, tuple[Promise, Promise]]] = {
    Notice.STARTED: (
        gettext_lazy("アカウントのご利用が始まりました"),
        gettext_lazy("パスワードと二段階認証が設定され、アカウントがご利用いただけるようになりました。"),
    ),
    Notice.PASSWORD_CHANGED: (
        gettext_lazy("パスワードを変更しました"),
        gettext_lazy("パスワードが再発行のお手続きにより変更され、すべての端末からログアウトしました。"),
    ),
    Notice.ROLE_CHANGED: (gettext_lazy("役割が変更されました"), gettext_lazy("アカウントの役割が変更されました。")),
    Notice.STOPPED: (
        gettext_lazy("アカウントが停止されました"),
        gettext_lazy("アカウントが停止されました。今後はログインできません。"),
    ),
}


def area(user: User) -> str:
    """The URL namespace where this person signs in."""
    return "partner" if user.partner_id else "backoffice"


def link(made: StaffLink, secret: str) -> Message:
    """The mail that brings the link. The first one of a partner is its セールスパートナーID（SPID）のご案内."""
    user = made.user
    is_start = made.purpose == StaffLink.Purpose.START
    page = _url(f"{area(user)}:{_ROUTES[StaffLink.Purpose(made.purpose)]}", secret)
    first = user.partner is not None and not User.objects.filter(partner=user.partner, is_active=True).exists()
    kind = ("staff_appointed" if first else "staff_start") if is_start else "staff_reissue"
    context = {"role": StaffRole(user.role).label, "expires_at": made.expires_at}
    renew = ("accounts.staff_links.renew", {"link_id": made.pk})
    return _queue(kind, user, context, secrets={"link": page}, renew=renew)


def notice(user: User, kind: Notice, *, by: User, facts: Sequence[Sequence[str]] = ()) -> Message:
    """Tell the person what happened to the account and who did it."""
    title, sentence = _WORDS[kind]
    foreign = by.actor_kind == ActorKind.OPERATOR and user.partner_id is not None
    actor = _("運営窓口") if foreign else _("ご本人") if by.pk == user.pk else by.name
    context = {"title": str(title), "sentence": str(sentence), "at": clock.now(), "actor": actor, "facts": facts}
    return _queue("staff_notice", user, context)


def _url(route: str, *args: str) -> str:
    return f"{settings.SITE_URL}{reverse(route, args=args)}"


def _queue(
    kind: str,
    user: User,
    context: Mapping[str, object],
    *,
    secrets: Mapping[str, str] | None = None,
    renew: tuple[str, Mapping[str, int]] | None = None,
) -> Message:
    with scope.platform():
        return messages.queue(
            f"accounts/{kind}",
            to=user.email,
            sender_name=settings.PLATFORM_NAME,
            reply_to=settings.PLATFORM_EMAIL,
            context={
                **context,
                "person": user,
                "partner": user.partner,
                "console": _url(f"{area(user)}:home"),
                "platform": settings.PLATFORM_NAME,
                "platform_email": settings.PLATFORM_EMAIL,
            },
            store_id=None,
            secrets=secrets,
            renew=renew,
        )
