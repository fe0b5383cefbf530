"""Links by which the desk looks at a store before it is open: signed, good for a day, worth nothing else."""

from datetime import timedelta
from typing import Final

from django.core import signing

from licenseonline.kit import clock
from licenseonline.stores.models import Store

LASTS: Final = timedelta(hours=24)
_SALT: Final = "stores.previews"


def token(store: Store) -> str:
    """What the link ends with."""
    until = int((clock.now() + LASTS).timestamp())
    return signing.dumps([store.pk, until], salt=_SALT)


def is_good(text: str, *, store_id: int) -> bool:
    """Whether it is a token of this store, from today."""
    try:
        number, until = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return bool(number == store_id and until > clock.now().timestamp())
