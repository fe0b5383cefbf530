"""A step of the desk that is sent twice happens once."""

from collections.abc import Callable, Mapping

from licenseonline.backoffice.requests import DeskRequest
from licenseonline.records import idempotency
from licenseonline.stores.models import Store


def once(
    request: DeskRequest, do: Callable[[], str], *, facts: Mapping[str, object], store_id: int | None = None
) -> str:
    """As idempotency.once, for what was posted to this address with its `key`; `facts` are the form as it was sent.

    What is of no store, or of many, is kept with the first one; on a platform without any it is simply done.
    """
    kept = store_id or Store.objects.order_by("id").values_list("pk", flat=True).first()
    if kept is None:
        return do()
    body = {"path": request.path, **facts}
    return idempotency.once(request.POST.get("key", ""), body, do, by=request.user, store_id=kept)
