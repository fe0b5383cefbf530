"""Which right a page of the desk asks for; the verbs behind it ask once more."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import rights
from licenseonline.kit.rights import Right

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
_View = Callable[Concatenate[DeskRequest, P], R]


def needs(right: Right) -> Callable[[_View[P, R]], _View[P, R | HttpResponse]]:
    """Marks a page: staff without the right get a page (403) that names it and says whom to ask."""

    def mark(view: _View[P, R]) -> _View[P, R | HttpResponse]:
        @wraps(view)
        def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
            if rights.allowed(request.user, right):
                return view(request, *args, **kwargs)
            context = {**site.each_context(request), "title": _("この画面を開く権限がありません"), "right": right.label}
            return render(request, "backoffice/not_allowed.html", context, status=HTTPStatus.FORBIDDEN)

        guarded.right = right  # type: ignore[attr-defined]  # read by the test that every page has one
        return guarded

    return mark
