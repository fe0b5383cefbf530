"""What the pages' templates have beyond kit/jinja.py."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.backends.utils import csrf_input_lazy
from django_htmx.jinja import htmx_script
from jinja2 import Environment

from licenseonline.kit import jinja
from licenseonline.web.context import site


def environment(**options: Any) -> Environment:
    """The customers' templates: kit's functions and filters, and htmx."""
    made = jinja.environment(**options)
    made.globals["htmx_script"] = cache(htmx_script)
    return made


def fragment(request: HttpRequest, page: str, part: str, context: Mapping[str, object]) -> HttpResponse:
    """The named block of a page alone, which htmx puts into the page that is open."""
    here = {"request": request, "csrf_input": csrf_input_lazy(request)}
    return HttpResponse(jinja.block(page, part, {**site(request), **here, **context}))
