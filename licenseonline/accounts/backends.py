"""How a session's row leads back to its person. Signing in itself is in `sign_in.py`."""

from django.contrib.auth.backends import BaseBackend

from licenseonline.accounts.models import Member, User
from licenseonline.kit.prepared import Given, Prepared


class MemberBackend(BaseBackend):
    """Members, inside the scope of their store only: elsewhere the row is not there."""

    def get_user(self, user_id: int) -> Member | None:  # type: ignore[override]  # stubs know one user model only
        """The active member with its company, or nobody. The request has the store already."""
        return _member.first(pk=user_id)


_member = Prepared(lambda: Member.objects.select_related("company").filter(pk=Given("pk"), is_active=True))


class StaffBackend(BaseBackend):
    """Staff of the operator and of partners."""

    def get_user(self, user_id: int) -> User | None:
        """The active user, or nobody."""
        return User.objects.select_related("partner").filter(pk=user_id, is_active=True).first()
