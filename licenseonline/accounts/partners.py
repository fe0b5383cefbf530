"""Sales partners: appointed with an SPID and a first 責任者, who gets both by mail."""

from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from licenseonline.accounts import staff
from licenseonline.accounts.models import User
from licenseonline.kit import rights, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right, StaffRole
from licenseonline.kit.text import squash
from licenseonline.records import history
from licenseonline.stores.models import Partner

_LOCK: Final = 7351003
_FIRST: Final = 10001


@rights.needs(Right.MANAGE_STORES)
def appoint(name: str, *, person: str, email: str, by: User) -> Partner:
    """Give a company the next SPID, and mail セールスパートナーID（SPID）のご案内 with the start link to its first 責任者.

    The mail is sent again by `staff.send_again`. Refused, field `name`: `exists` (a partner of that name).
    """
    with scope.platform():
        cleaned = squash(name)
        spid = _next_spid()
        _check_free(cleaned)
        partner = Partner.objects.create(spid=spid, name=cleaned)
        history.record_platform(partner, "partner.appointed", by=by, spid=spid)
        staff.make(email, name=person, role=StaffRole.HEAD, partner=partner, by=by)
        return partner


@rights.needs(Right.MANAGE_STORES)
def rename(partner: Partner, name: str, *, by: User) -> None:
    """Give a partner another name. Refused, field `name`: `exists`."""
    with scope.platform():
        before, after = states.lock(partner).name, squash(name)
        if before == after:
            return
        _check_free(after)
        partner.name = after
        partner.save(update_fields=["name"])
        history.record_platform(partner, "partner.renamed", by=by, name=[before, after])


def _next_spid() -> str:
    """SP and five digits, one after the highest. The lock lasts until the transaction ends, and no partner is ever removed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT max(substr(spid, 3)::bigint) FROM stores_partner WHERE spid ~ '^SP[0-9]{5}$'")
        (highest,) = cursor.fetchone()
    return f"SP{max(highest or 0, _FIRST - 1) + 1:05d}"


def _check_free(name: str) -> None:
    if Partner.objects.filter(name=name).exists():
        hint = _("同じ名称のセールスパートナーが登録されています。区別できる名称にしてください。")
        raise Refused(hint, code="exists", field="name")
