"""The templates that customers read are Jinja2: compiled to Python, a page of ours costs a fifth of Django's own.

The desk's stay in Django's language, because unfold is written in it. What is missing is an error, not nothing, and so is a
method that is printed without being called.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cache, lru_cache
from types import MethodType
from typing import Any
from urllib.parse import quote

from django.template import engines
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import linebreaks
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from markupsafe import Markup, escape

from licenseonline.kit import clock
from licenseonline.kit.markdown import markdown
from licenseonline.kit.money import format_yen

_ = cache(gettext)  # one language, so a text is looked up once


class Folded(Extension):
    """What is known when a template is compiled is put in then: texts, parts, addresses of files, a store's addresses but its number.

    There is one language, files of a release do not change, and a table has hundreds of each.
    """

    _PART = re.compile(r'{% include "([\w./]+)" %}')
    _SENTENCE = re.compile(r"{% trans( [^%]+)? %}([^%]*?){% endtrans %}")
    _FILE = re.compile(r"{{ static\('([^'{}]*)'\) }}")
    _TEXT = re.compile(r"""{{ _\((["'])([^"'{}]*)\1\) }}""")
    _ADDRESS = re.compile(r"{{ url\('(store:\w+)', store_id=store\.id(?:, (\w+)=([\w.]+))?\) }}")

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  (Jinja's)
        """The source with all that put in."""
        source = self._PART.sub(self._part, source)
        source = self._SENTENCE.sub(self._sentence, source)
        source = self._FILE.sub(lambda found: static(found[1]), source)
        source = self._ADDRESS.sub(self._address, source)
        return self._TEXT.sub(lambda found: escape(gettext(found[2])), source)

    def _part(self, found: re.Match[str]) -> str:
        """The part itself; what it sets stays in it."""
        loader: Any = self.environment.loader
        source, *_origin = loader.get_source(self.environment, found[1])
        return f"{{% with %}}{self._PART.sub(self._part, source)}{{% endwith %}}"

    @staticmethod
    def _sentence(found: re.Match[str]) -> str:
        """The text with its values printed in their places."""
        text = gettext(re.sub(r"{{ (\w+) }}", r"%(\1)s", found[2]))
        shown = re.sub(r"%\((\w+)\)s", r"{{ \1 }}", text)
        return f"{{% with{found[1] or ''} %}}{shown}{{% endwith %}}"

    @staticmethod
    def _address(found: re.Match[str]) -> str:
        route, name, value = found.groups()
        if name and not _is_slug(route, name):
            return found[0]  # may need quoting
        pattern = reverse(route, kwargs={"store_id": 1, **({name: "-"} if name else {})})
        return pattern.replace("/1/", "/{{ store.id }}/", 1).replace("/-", f"/{{{{ {value} }}}}", 1)


def _is_slug(route: str, name: str) -> bool:
    """Whether the address takes plain words there, which stand in it as they are."""
    taken = []
    for value in ("-", "a b"):
        with suppress(NoReverseMatch):
            taken.append(reverse(route, kwargs={"store_id": 1, name: value}))
    return len(taken) == 1


class _Generator(CodeGenerator):
    """`{{ x }}` is one call: Jinja makes two and a Markup, of each of a list's hundreds of values, that is only joined to the page."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed((")  # two, as many as finalize's end closes


class _Environment(Environment):
    code_generator_class = _Generator
    _needs_escape = re.compile("[&<>\"']").search

    def printed(self, value: object) -> str:
        """As a page shows it."""
        if type(value) is str and not self._needs_escape(value):
            return value
        return escape(_called(value))


def environment(**options: Any) -> Environment:
    """What Django's backend asks for: our filters and functions, autoescaped, strict."""
    strict = {"undefined": StrictUndefined, "finalize": _called}
    options |= {**strict, "keep_trailing_newline": True, "extensions": ["jinja2.ext.i18n", Folded]}
    made = _Environment(**options)
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    made.globals.update(
        {
            "_": _,
            "url": _url,
            "static": static,
        }
    )
    made.filters.update(
        {
            "yen": yen,
            "grouped": grouped,
            "day": day,
            "minute": minute,
            "iso": iso,
            "markdown": markdown,
            "paragraphs": paragraphs,
            "filesizeformat": filesizeformat,
            "urlencode": urlencode,
        }
    )
    return made


def block(name: str, part: str, context: Mapping[str, object]) -> str:
    """One block of a template by itself: a part of a mail, or a page's fragment."""
    engine: Any = engines["jinja2"]
    template = engine.env.get_template(name)
    return "".join(template.blocks[part](template.new_context(dict(context))))


def yen(amount: int | None) -> str:
    """12345 → 12,345円; nothing for what has no price."""
    return "" if amount is None else format_yen(amount)


def grouped(number: int) -> str:
    """12345 → 12,345."""
    return f"{number:,}"


def day(value: date | None) -> str:
    """2026年4月1日, of a moment in Japan's time; nothing for none."""
    if value is None:
        return ""
    local = value.astimezone(clock.JST) if isinstance(value, datetime) else value
    return _("{0.year}年{0.month}月{0.day}日").format(local)


def minute(at: datetime | None) -> str:
    """2026年4月1日 09:05 in Japan's time; nothing for none."""
    return "" if at is None else f"{day(at)} {at.astimezone(clock.JST):%H:%M}"


def iso(value: date) -> str:
    """For machines: the day, or the moment in Japan's time."""
    return value.astimezone(clock.JST).isoformat() if isinstance(value, datetime) else value.isoformat()


def paragraphs(text: str) -> Markup:
    """Plain text with its line breaks, as HTML."""
    return Markup(linebreaks(text, autoescape=True))  # noqa: S704  (just escaped)


def urlencode(text: object) -> str:
    """As a part of a query string."""
    return quote(str(text), safe="")


@lru_cache(maxsize=4096)
def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _called(value: object) -> object:
    if isinstance(value, MethodType):
        message = f"a template prints {value!r} without calling it"
        raise TypeError(message)
    return value
