"""ライセンス管理: the company's licences with their keys (masked until asked for) and certificates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from licenseonline.accounts import members
from licenseonline.kit import paging
from licenseonline.licensing import keys
from licenseonline.licensing.models import Entitlement, Key
from licenseonline.records import files
from licenseonline.web.access import member_required
from licenseonline.web.member import people
from licenseonline.web.requests import MemberRequest


@dataclass(frozen=True, slots=True)
class Item:
    """A key or certificate as the page shows it; `secret` only in the answer to a reveal."""

    key: Key
    revealed_at: datetime | None
    revealed_by: str
    secret: str = ""


@member_required
@require_safe
def index(request: MemberRequest, store_id: int) -> HttpResponse:
    """The licences with their proofs."""
    rows = Entitlement.objects.visible_to(request.member).select_related("contract").prefetch_related("keys__file")
    page = paging.page(rows, request.GET)
    items = _items([key for row in page.rows for key in row.keys.all()], request)
    licences = [(row, [items[key.pk] for key in row.keys.all()]) for row in page.rows]
    return render(request, "web/member/licences.html", {"page": page, "licences": licences})


@never_cache
@member_required
@require_POST
def reveal(request: MemberRequest, store_id: int, key_id: int) -> HttpResponse:
    """Show a key in clear, this once: into the list for htmx, as a page without. Each time is in the history."""
    rows = Key.objects.visible_to(request.member).select_related("entitlement__contract")
    key = get_object_or_404(rows, pk=key_id, kind=Key.Kind.KEY)
    secret = keys.reveal(key, by=request.member)
    seen = _items([key], request)[key.pk]
    item = Item(key, seen.revealed_at, seen.revealed_by, secret)
    page = "_licence_key" if getattr(request, "htmx", False) else "licence_key"
    return render(request, f"web/member/{page}.html", {"item": item, "entitlement": key.entitlement})


@member_required
@require_safe
def certificate(request: MemberRequest, store_id: int, key_id: int) -> HttpResponseBase:
    """The certificate as a download; should a browser open it all the same, it may do nothing there."""
    members.check_may_reveal(request.member)
    key = get_object_or_404(Key.objects.visible_to(request.member).select_related("file"), pk=key_id)
    if key.file is None:
        raise Http404
    return files.harmless(
        FileResponse(
            files.opened(key.file), as_attachment=True, filename=key.file.name, content_type=key.file.content_type
        )
    )


def _items(shown: Iterable[Key], request: MemberRequest) -> dict[int, Item]:
    shown = list(shown)
    last = keys.last_reveals(shown, store_id=request.store.pk)
    who = people.names(last.values(), member=request.member)
    return {
        key.pk: Item(key, last[key.pk].at, who[last[key.pk].pk]) if key.pk in last else Item(key, None, "")
        for key in shown
    }
