"""Files: kept under random names with their hash, reached only through their row."""

import hashlib
import uuid
from typing import IO, Final, Protocol, TypeVar

import structlog
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.records.models import StoredFile
from licenseonline.records.uploads import Received


class _Headers(Protocol):
    def __setitem__(self, name: str, value: str, /) -> None: ...


R = TypeVar("R", bound=_Headers)
UNREACHABLE: Final = "storage"
_log = structlog.stdlib.get_logger(__name__)


def keep(content: bytes, *, name: str, content_type: str, store_id: int, company_id: int | None) -> StoredFile:
    """Store the bytes for good. `name` is only what a reader sees; the path is random.

    Refused: as `put`.
    """
    path = put(str(store_id), ContentFile(content))
    return StoredFile.objects.create(
        store_id=store_id,
        company_id=company_id,
        name=name[:200],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
        created_at=clock.now(),
    )


def keep_received(received: Received, *, store_id: int, company_id: int | None) -> StoredFile:
    """Store a large upload for good, piece by piece, as `keep` does."""
    path = put(str(store_id), received.file)
    return StoredFile.objects.create(
        store_id=store_id,
        company_id=company_id,
        name=received.name,
        content_type=received.content_type,
        size=received.size,
        sha256=received.sha256,
        path=path,
        created_at=clock.now(),
    )


def forget(file: StoredFile) -> None:
    """Remove the bytes once the transaction holds; the row stays, with their hash and size."""
    remove(file.path)


def opened(file: StoredFile) -> IO[bytes]:
    """The stored bytes for reading. Refused: `storage`, when the place where files are kept does not give them."""
    try:
        content = default_storage.open(file.path, "rb")
        content.seek(0)  # a bucket is asked here, and not when half of an answer has gone out
    except Exception as fault:
        _log.exception("files.unreadable", path=file.path)
        message = _("ただいまファイルを表示できません。しばらくしてから、もう一度お試しください。")
        raise Refused(message, code=UNREACHABLE) from fault
    return content


def put(folder: str, content: "File[bytes]") -> str:
    """Store the bytes under a random name in the folder; the answer is their path.

    Refused: `storage`, when the place where files are kept does not take them; each has faults of its own.
    """
    content.seek(0)
    try:
        return default_storage.save(f"{folder}/{uuid.uuid4().hex}", content)
    except Exception as fault:
        _log.exception("files.not_kept", folder=folder)
        message = _(
            "ただいまファイルを保存できないため、お手続きは完了していません。しばらくしてから、もう一度お試しください。"
        )
        raise Refused(message, code=UNREACHABLE) from fault


def remove(path: str) -> None:
    """Remove the bytes once the transaction holds; what cannot be removed then is logged, and undoes nothing."""
    transaction.on_commit(lambda: default_storage.delete(path), robust=True)


def harmless(response: R) -> R:
    """The response that carries a file of somebody's: should a browser open it, it may do nothing there."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
