"""Files: kept under random names with their hash, reached only through their row."""

import hashlib
import uuid
from typing import IO, Protocol, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from licenseonline.kit import clock
from licenseonline.records.models import StoredFile
from licenseonline.records.uploads import Received


class _Headers(Protocol):
    def __setitem__(self, name: str, value: str, /) -> None: ...


R = TypeVar("R", bound=_Headers)


def keep(content: bytes, *, name: str, content_type: str, store_id: int, company_id: int | None) -> StoredFile:
    """Store the bytes for good. `name` is only what a reader sees; the path is random."""
    path = default_storage.save(f"{store_id}/{uuid.uuid4().hex}", ContentFile(content))
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
    received.file.seek(0)
    path = default_storage.save(f"{store_id}/{uuid.uuid4().hex}", received.file)
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
    path = file.path
    transaction.on_commit(lambda: default_storage.delete(path))


def opened(file: StoredFile) -> IO[bytes]:
    """The stored bytes for reading."""
    return default_storage.open(file.path, "rb")


def harmless(response: R) -> R:
    """The response that carries a file of somebody's: should a browser open it, it may do nothing there."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
