"""The page of the desk's search. Its form is sent by POST: a licence key that is typed stands in no address and no log."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from licenseonline.backoffice import access, finding
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.rights import Right
from licenseonline.kit.text import MAX_QUERY


@sensitive_post_parameters("q")
@never_cache
@access.needs(Right.VIEW_STORES)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: DeskRequest) -> HttpResponse:
    """What fits. Only what was posted is looked up among the keys, too: `?q=` is for links to a number or a name."""
    is_posted = request.method == "POST"
    asked = (request.POST if is_posted else request.GET).get("q", "").strip()
    context = {
        **site.each_context(request),
        "title": _("検索"),
        "asked": asked.replace("\0", "")[:MAX_QUERY],
        "groups": finding.find(asked, by=request.user, with_keys=is_posted),
    }
    return render(request, "backoffice/find.html", context)
