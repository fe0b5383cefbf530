"""What of a store is shown while it is not open: to the desk's preview, to members who read what is theirs, to visitors."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from licenseonline.kit import clock
from licenseonline.stores import previews, store_drafts
from licenseonline.stores.models import Store, StoreState

COOKIE: Final = "preview"
# Routes of a paused store, and of a closed one as long as it is readable: nothing new begins here.
_READING: Final = frozenset({
    "login", "login_code", "logout", "reissue", "reissue_sent", "password_change", "verify", "verify_again", "verify_send",
    "stop", "quotes", "quote", "quote_pdf", "orders", "order", "contracts", "contract", "licences", "key_reveal",
    "key_certificate", "profile", "profile_person", "profile_company", "profile_company_name", "profile_billing",
    "profile_email", "profile_email_confirm", "profile_newsletter", "profile_withdraw", "withdrawn", "password", "sessions",
    "acting", "acting_end", "profile_acting",
    "sessions_end", "session_end", "second_factor", "second_factor_on", "second_factor_picture", "second_factor_off",
    "second_factor_codes", "colleagues", "colleague_role", "colleague_remove", "invitation_withdraw", "about", "page",
})  # fmt: skip
_FACE: Final = frozenset({"brand", "logo", "preview", "preview_end", "postal_code"})
_SAFE: Final = {"GET", "HEAD"}


def is_previewed(request: HttpRequest, store: Store) -> bool:
    """Whether the desk's link was opened in this browser within a day, or is being opened."""
    text = request.path_info.removeprefix(f"/{store.pk}/preview/")
    token = text if text != request.path_info else request.COOKIES.get(COOKIE, "")
    return bool(token) and previews.is_good(token, store_id=store.pk)


def with_changes(request: HttpRequest, store: Store) -> Store:
    """The store with the changes that the desk looks at in this browser, if it does."""
    token = request.COOKIES.get(COOKIE, "")
    draft_id = previews.draft_of(token, store_id=store.pk) if token else 0
    return store_drafts.shown(store, draft_id) if draft_id else store


def answer(request: HttpRequest, store: Store) -> HttpResponse | None:
    """The page in place of the one that was asked for; None where that may be served."""
    if store.state == StoreState.OPEN and not store.is_draft:
        return None
    route = request.resolver_match.url_name if request.resolver_match else ""
    if route in _FACE:
        return None
    if is_previewed(request, store):
        if request.method in _SAFE:
            return None
        return render(request, "web/preview_only.html", status=HTTPStatus.CONFLICT)
    readable = store.is_readable(clock.today())
    if readable and route in _READING:
        return None
    status = HTTPStatus.SERVICE_UNAVAILABLE if store.state == StoreState.PAUSED else HTTPStatus.GONE
    response = render(request, "web/store_away.html", {"readable": readable}, status=status)
    response["Cache-Control"] = "no-store"
    return response
