"""Lists as one of the staff wants to see them again (条件). Everybody has their own; nobody reads another's."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import SavedFilter, User
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused

MOST: Final = 30  # of one person on one page
LONGEST: Final = 2000  # characters of a query


def of(user: User, page: str) -> list[SavedFilter]:
    """The person's own of this page, by name; at most MOST."""
    return list(SavedFilter.objects.filter(user=user, page=page).order_by("name", "id")[:MOST])


@transaction.atomic
def keep(user: User, *, page: str, name: str, query: str) -> SavedFilter:
    """The page's query gets a name; sent twice it is kept once. The caller lets only the page's own parameters through.

    Refused, field `name`: `duplicate` (it stands for other conditions already), `limit` (there are MOST); without a field:
    `empty` (nothing is narrowed), `too_long` (more than LONGEST characters).
    """
    if not query:
        raise Refused(_("絞り込みの条件がありません。一覧で絞り込んでから保存してください。"), code="empty")
    if len(query) > LONGEST:
        raise Refused(_("条件が長すぎるため保存できません。検索語を短くしてください。"), code="too_long")
    User.objects.select_for_update().get(pk=user.pk)  # two at once are counted one after the other
    own = SavedFilter.objects.filter(user=user, page=page)
    used = own.filter(name=name).first()
    if used is not None and used.query != query:
        raise Refused(_("同じ名前の条件があります。別の名前を入力してください。"), code="duplicate", field="name")
    if used is not None:
        return used
    if own.count() >= MOST:
        message = _("保存できる条件は%(most)s件までです。不要な条件を削除してください。") % {"most": MOST}
        raise Refused(message, code="limit", field="name")
    return SavedFilter.objects.create(user=user, page=page, name=name, query=query, created_at=clock.now())


def drop(user: User, *, page: str, filter_id: int) -> None:
    """The person's own is gone; one that is gone already or somebody else's changes nothing."""
    SavedFilter.objects.filter(user=user, page=page, pk=filter_id).delete()
