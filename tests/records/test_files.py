"""Stored files on the disk."""

from pathlib import Path

from django.core.files.storage import default_storage

from licenseonline.records import files
from tests.world import World


def test_only_the_products_own_user_may_read_them(world: World) -> None:
    kept = files.keep(b"%PDF-", name="a.pdf", content_type="application/pdf", store_id=world.elsat.pk, company_id=None)
    path = Path(default_storage.path(kept.path))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
