"""Markdown of the desk's texts as HTML that can do no harm."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

_TAGS = {"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "code", "pre", "blockquote", "hr"}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}


def _demote(state: StateCore) -> None:
    """A page has one h1, its title: a heading of the text is an h2 at most."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"} and token.tag == "h1":
            token.tag = "h2"


_parser = MarkdownIt("commonmark", {"html": False}).enable("table")
_parser.core.ruler.push("demote", _demote)


def markdown(text: str) -> Markup:
    """Markdown as HTML; markup in the text is shown as text, and only harmless tags and addresses remain."""
    return Markup(_rendered(text))  # noqa: S704  (nh3 has just cleaned it)


@lru_cache(maxsize=512)
def _rendered(text: str) -> str:
    return nh3.clean(
        _parser.render(text), tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"}
    )
