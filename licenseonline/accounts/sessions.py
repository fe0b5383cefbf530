"""The browsers in which somebody is signed in: to look at, and to end from elsewhere."""

from django.db.models import QuerySet

from licenseonline.accounts.models import Member, Session, User
from licenseonline.kit import clock, rights
from licenseonline.records import history


def of(person: Member | User) -> QuerySet[Session]:
    """This person's sessions that have not ended, the last one seen first."""
    mine = {"member_id": person.pk} if isinstance(person, Member) else {"user_id": person.pk}
    return Session.objects.filter(**mine, expire_date__gt=clock.now()).order_by("-seen_at", "session_key")


@rights.in_person
def end(member: Member, reference: str, *, by: Member) -> int:
    """Sign the member out of one session, named by its `reference`; answers how many ended (an unknown one is gone already)."""
    keys = [session.session_key for session in of(member) if session.reference == reference]
    return _end(member, of(member).filter(session_key__in=keys), by=by)


@rights.in_person
def end_others(member: Member, *, keep: str | None, by: Member) -> int:
    """Sign the member out everywhere but in the session with the key `keep`; answers how many ended."""
    return _end(member, of(member).exclude(session_key=keep or ""), by=by)


def end_all(member: Member, *, by: Member | User | None) -> int:
    """Sign the member out everywhere, as after a withdrawal or a stopped change; answers how many ended."""
    return _end(member, of(member), by=by)


def _end(member: Member, sessions: QuerySet[Session], *, by: Member | User | None) -> int:
    count, _each = sessions.delete()
    if count:
        history.record(member, "member.signed_out", by=by, sessions=count)
    return count
