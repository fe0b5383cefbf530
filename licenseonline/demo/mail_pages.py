"""`/demo/mail/`: every mail that the demo wrote, as its reader would see it. Nothing leaves the machine.

Text and HTML come from the outbox once a mail was sent: the row in the database shows ■ for every secret.
"""

import re

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from licenseonline.demo import outbox
from licenseonline.demo.access import local_only
from licenseonline.records import files
from licenseonline.records.models import Message, MessageAttachment

_PAGE = 50
_MOST = 500  # in mail.json
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_LINK = re.compile(r"https?://[!#-;=?-~]+")  # what a URL may hold: no quotes, angle brackets or Japanese
# A mail brings its own styles and no scripts; its links open beside it, because no page of ours may be framed.
_MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": _SANDBOX.split(),
}


def _messages() -> QuerySet[Message]:
    return Message.objects.select_related("store").prefetch_related("attachments__file").order_by("-id")


def links(message: Message) -> list[str]:
    """The addresses in a mail, each once, in their order."""
    return list(dict.fromkeys(link.replace("&amp;", "&") for link in _LINK.findall(f"{message.text}\n{message.html}")))


@local_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    page = Paginator(_messages(), _PAGE).get_page(request.GET.get("page"))
    context = {
        "messages_page": page,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "demo/mail.html", context)


@local_only
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # its types know no parts of the address
def show(request: HttpRequest, message_id: int) -> HttpResponse:
    """One mail: its head, text, HTML (framed), attachments and links."""
    message = outbox.as_sent(get_object_or_404(_messages(), pk=message_id))
    return render(request, "demo/mail_show.html", {"mail": message, "links": links(message), "sandbox": _SANDBOX})


@local_only
@require_safe
@xframe_options_sameorigin
@csp(_MAIL_POLICY)  # type: ignore[arg-type]  # stubs know views without arguments only
def html(request: HttpRequest, message_id: int) -> HttpResponse:
    """The HTML part alone, for the frame."""
    message = outbox.as_sent(get_object_or_404(Message, pk=message_id))
    head = f'<meta charset="utf-8"><base target="_blank"><title>{escape(message.subject)}</title>'
    return HttpResponse(f'<!doctype html><html lang="ja"><head>{head}</head><body>{message.html}</body></html>')


@local_only
@require_safe
def attachment(request: HttpRequest, message_id: int, attachment_id: int) -> FileResponse:
    """A file that went with the mail."""
    found = get_object_or_404(MessageAttachment.objects.select_related("file"), pk=attachment_id, message=message_id)
    content = files.opened(found.file)
    return FileResponse(content, as_attachment=True, filename=found.file.name, content_type=found.file.content_type)


@local_only
@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The newest mails for scripts."""
    found = [_as_data(request, outbox.as_sent(message)) for message in _messages()[:_MOST]]
    return JsonResponse({"mails": found}, json_dumps_params={"ensure_ascii": False})


def _as_data(request: HttpRequest, message: Message) -> dict[str, object]:
    attachments = [
        {
            "name": attached.file.name,
            "content_type": attached.file.content_type,
            "size": attached.file.size,
            "url": request.build_absolute_uri(reverse("demo:mail_attachment", args=[message.pk, attached.pk])),
        }
        for attached in message.attachments.all()
    ]
    return {
        "id": message.pk,
        "store_id": message.store_id,
        "kind": message.kind,
        "state": message.state,
        "created_at": message.created_at.isoformat(),
        "to": message.recipient,
        "from": message.sender,
        "reply_to": message.reply_to,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "links": links(message),
        "attachments": attachments,
    }
