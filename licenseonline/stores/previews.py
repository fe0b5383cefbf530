"""Links by which the desk looks at a store before it, or a change of it, is public: signed, good for a day, worth nothing else."""

from datetime import timedelta
from typing import Final

from django.core import signing

from licenseonline.kit import clock
from licenseonline.stores.models import Store

LASTS: Final = timedelta(hours=24)
_SALT: Final = "stores.previews"


def token(store: Store, *, draft_id: int = 0) -> str:
    """What the link ends with; with the id of a StoreDraft it shows the store with those changes."""
    until = int((clock.now() + LASTS).timestamp())
    return signing.dumps([store.pk, until, draft_id], salt=_SALT)


def is_good(text: str, *, store_id: int) -> bool:
    """Whether it is a token of this store, from today."""
    return draft_of(text, store_id=store_id) is not None


def draft_of(text: str, *, store_id: int) -> int | None:
    """The id of the changes that the token shows, 0 for the store as it is; None for a token that is not good."""
    try:
        number, until, draft_id = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(draft_id) if number == store_id and until > clock.now().timestamp() else None
