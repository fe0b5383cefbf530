"""What the pages' templates have beyond kit/jinja.py."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django_htmx.jinja import htmx_script
from jinja2 import Environment
from markupsafe import Markup

from licenseonline.accounts import acting
from licenseonline.kit import jinja
from licenseonline.stores.models import Store
from licenseonline.web.context import site
from licenseonline.web.visitor_pages import once


def environment(**options: Any) -> Environment:
    """The customers' templates: kit's functions and filters, and htmx."""
    made = jinja.environment(**options)
    made.globals |= {"htmx_script": cache(htmx_script), "footer": _footer, "nav": _nav}
    made.globals |= {"acting_who": acting.who, "acting_until": acting.until}
    return made


def _footer(store: Store | None) -> str:
    return once(_footer_of, store) if store else part("_footer", store=None)


def _footer_of(store: Store) -> str:
    return part("_footer", store=store)


def _nav(store: Store, here: str) -> str:
    return once(_nav_of, store, here)


def _nav_of(store: Store, here: str) -> str:
    return part("_nav", store=store, nav_here=here)


def part(name: str, **values: object) -> str:
    """A part of pages by itself, ready to be put into one."""
    page: Any = get_template(f"web/{name}.html")
    return Markup(page.template.render(demo_mode=settings.DEMO, **values))  # noqa: S704  (rendered with autoescape)


def fragment(request: HttpRequest, page: str, part: str, context: Mapping[str, object]) -> HttpResponse:
    """The named block of a page alone, which htmx puts into the page that is open."""
    return HttpResponse(jinja.block(page, part, {**site(request), "request": request, **context}))
