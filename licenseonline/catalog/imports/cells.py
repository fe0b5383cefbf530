"""What stands in a cell of a price list, as a value: yen, numbers, days, terms and the trade's words, however typed.

Each function takes text and answers a value, or raises `Bad` with the reason in Japanese; never anything else.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, NoReturn

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.catalog.imports.words import WORDS, by_fold
from licenseonline.catalog.models import Billing, Delivery, Paper, Program, PurchaseType, Unit
from licenseonline.kit import states
from licenseonline.kit.text import HYPHENS, fold, fold_model, squash

MOST_YEN: Final = 10**9  # for one unit; beyond it a column was taken for another
MOST_NUMBER: Final = 2**31 - 1
MOST_MONTHS: Final = 240
MOST_MODEL, MOST_CODE, MOST_TEXT = 80, 60, 200
_MOST_SHOWN = 30

_GROUPED = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.([0-9]{0,9}))?")
_AROUND = re.compile(r"[\s¥\\円]|jpy|\(?税[抜別]\)?|[.,]?-$")  # house: what vendors write
_MINUS = re.compile(r"^[▲△−‐–]")
_IN_PARENTHESES = re.compile(r"\(([0-9,]+)\)")
_YEARS = re.compile(r"p?([0-9]{1,2})(?:年間?|カ年|y|yr|years?)")  # house: what vendors write
_MONTHS = re.compile(r"p?([0-9]{1,3})(?:カ?月間?|箇月|m|mo|months?)?")  # house: what vendors write
_DAYS_OF: Final = {
    30: 1, 31: 1, 90: 3, 180: 6, 365: 12, 366: 12, 730: 24, 731: 24, 1095: 36, 1096: 36, 1825: 60, 1826: 60,
}  # fmt: skip
_DAYS = re.compile(r"([0-9]{1,4})(?:日間?|days?)")  # house: what vendors write
_DATE = re.compile(r"(\d{4})[-/.年](\d\d?)[-/.月](\d\d?)日?(?:[T ].*)?|(\d{4})(\d\d)(\d\d)", re.ASCII)  # house: days
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:[T ].*)?")
_BAND = re.compile(r"([0-9,]{1,13})(?:(以上|\+)|[-~〜](?:([0-9,]{1,13}))?)?")  # house: what vendors write
_UNITS = re.compile(r"本|台|名|個|ユーザー|ユーザ|ライセンス|\s")  # house: what vendors write
_COUNTED = re.compile(r"(?:本|台|名|個|ユーザー|ユーザ|ライセンス|営業日|日)$")  # house: what vendors write
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:\-]*")
_KANJI: Final = str.maketrans("一二三四五六七八九", "123456789")  # house: what vendors write
_SEVERAL = re.compile(r"[、,，/／;；|\n]+")
_FOR_EVER: Final = {fold(word) for word in WORDS["term"]["for_ever"]}
_ON_REQUEST: Final = {fold(word) for word in WORDS["price"]["on_request"]}
_NO_PRICE = re.compile(f"[{HYPHENS}]+")

_WITH_TAX = "税込"  # house: what vendors write
_LIST, _COST, _NAME = gettext_lazy("定価"), gettext_lazy("仕切価格"), gettext_lazy("名称")


class Bad(Exception):  # noqa: N818  (an answer, not a fault)
    """The cell cannot be taken; its text is the reason."""


class Term(NamedTuple):
    """Months, or a last day, or without both for ever."""

    months: int | None = None
    until: date | None = None


class Band(NamedTuple):
    """From how many units on, and up to how many; None is without end."""

    first: int
    last: int | None


def list_price(text: str) -> int:
    """Whole yen above 0."""
    yen = _yen(text, _LIST, rounds_up=False)
    if yen == 0:
        raise Bad(_("定価が0円です。"))
    return yen


def cost(text: str) -> int | None:
    """Yen from 0 on, rounded up to a whole one so that a cost is never understated; None when the cell is empty."""
    return _yen(text, _COST, rounds_up=True) if text.strip() else None


def _yen(text: str, what: Promise, *, rounds_up: bool) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004  (below MOST_YEN)
        return int(text)
    plain = _MINUS.sub("-", squash(unicodedata.normalize("NFKC", text)).lower())
    if _WITH_TAX in plain:
        raise Bad(_("%(what)sが税込です。税抜の価格だけを取り込めます。") % {"what": what})
    amount = _AROUND.sub("", plain)
    found = _GROUPED.fullmatch(amount)
    if found is None:
        _refuse_price(plain, amount, what)
    sign, whole, fraction = found.groups()
    if sign:
        raise Bad(_("%(what)sがマイナスです：%(text)s") % {"what": what, "text": _shown(text)})
    yen = int(whole.replace(",", ""))
    if fraction and fraction.strip("0"):
        if not rounds_up:
            raise Bad(_("%(what)sに1円未満の端数があります：%(text)s") % {"what": what, "text": _shown(text)})
        yen += 1
    if yen > MOST_YEN:
        raise Bad(_("%(what)sが大きすぎます：%(text)s") % {"what": what, "text": _shown(text)})
    return yen


def _refuse_price(plain: str, amount: str, what: Promise) -> NoReturn:
    """Why it is no price."""
    if not plain:
        raise Bad(_("%(what)sがありません。") % {"what": what})
    if fold(plain) in _ON_REQUEST or _NO_PRICE.fullmatch(plain):
        raise Bad(
            _("%(what)sが決まっていません（%(text)s）。見積依頼で販売してください。")
            % {"what": what, "text": _shown(plain)}
        )
    if _IN_PARENTHESES.fullmatch(amount):
        raise Bad(_("%(what)sがマイナスです：%(text)s") % {"what": what, "text": _shown(plain)})
    raise Bad(_("%(what)sが数字ではありません：%(text)s") % {"what": what, "text": _shown(plain)})


def model_number(text: str) -> str:
    """A model number in half width, as it is registered."""
    if text.isascii() and text.isprintable() and text.strip() == text:
        model = text
    else:
        model = squash(unicodedata.normalize("NFKC", text))
    if not model or not _has_letters(model):
        raise Bad(_("型番がありません。"))
    if len(model) > MOST_MODEL:
        raise Bad(_("型番が長すぎます（%(most)s文字まで）。") % {"most": MOST_MODEL})
    return model


def _has_letters(model: str) -> bool:
    return model.isalnum() or bool(fold_model(model))


def text_of(what: Promise, text: str) -> str | None:
    """Text on one line; None when the cell is empty."""
    found = squash(text)
    if len(found) > MOST_TEXT:
        raise Bad(_("%(what)sが長すぎます（%(most)s文字まで）。") % {"what": what, "most": MOST_TEXT})
    return found or None


def name(text: str) -> str | None:
    """What the SKU is called."""
    return text_of(_NAME, text)


@lru_cache(maxsize=1024)
def product_name(text: str) -> str | None:
    """What the product is called."""
    return text_of(gettext_lazy("製品名"), text)


@lru_cache(maxsize=1024)
def product_code(text: str) -> str | None:
    """A product's code, which stands in its page's address."""
    code = squash(unicodedata.normalize("NFKC", text))
    if code and (len(code) > MOST_CODE or not _CODE.fullmatch(code)):
        raise Bad(_("製品コードは半角英数字と . _ : - で%(most)s文字までにしてください。") % {"most": MOST_CODE})
    return code or None


@lru_cache(maxsize=1024)
def number(text: str) -> int | None:
    """A whole number above 0 (5, 1,000, 10本, 3営業日); None when the cell is empty."""
    found = _number(text)
    if found == 0:
        raise Bad(_("1以上の数にしてください：%(text)s") % {"text": _shown(text)})
    return found


@lru_cache(maxsize=1024)
def days(text: str) -> int | None:
    """A number of business days from 0 (即日) to 365; None when the cell is empty."""
    found = _number(text)
    if found is not None and found > 365:  # noqa: PLR2004  (nobody waits longer)
        raise Bad(_("納期が長すぎます：%(text)s") % {"text": _shown(text)})
    return found


def _number(text: str) -> int | None:
    plain = _COUNTED.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if not plain:
        return None
    found = _GROUPED.fullmatch(plain)
    if found is None or found[1] or (found[3] or "").strip("0"):
        raise Bad(_("数字ではありません：%(text)s") % {"text": _shown(text)})
    value = int(found[2].replace(",", ""))
    if value > MOST_NUMBER:
        raise Bad(_("数が大きすぎます：%(text)s") % {"text": _shown(text)})
    return value


@lru_cache(maxsize=1024)
def band(text: str) -> Band | None:
    """A number of units, or a range of them: 5, 5～24, 250以上; None when the cell is empty."""
    plain = _UNITS.sub("", unicodedata.normalize("NFKC", text))
    if not plain:
        return None
    found = _BAND.fullmatch(plain.replace("から", "~"))  # house: what vendors write
    if found is None:
        raise Bad(_("数量帯として読めません：%(text)s") % {"text": _shown(text)})
    first = number(found[1])
    last = number(found[3]) if found[3] else None
    if first is None or (last is not None and last < first):
        raise Bad(_("数量帯として読めません：%(text)s") % {"text": _shown(text)})
    return Band(first, last)


@lru_cache(maxsize=1024)
def day(text: str) -> date | None:
    """A calendar day (2027-03-31, 2027/3/31, 2027年3月31日, 20270331, 3/31/2027); None when the cell is empty."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    try:
        if found := _DATE.fullmatch(plain):
            year, month, of_month = (int(part) for part in found.groups() if part)
        elif found := _AMERICAN.fullmatch(plain):
            month, of_month, year = map(int, found.groups())
        else:
            raise Bad(_("日付として読めません：%(text)s") % {"text": _shown(text)})
        return date(year, month, of_month)
    except ValueError:
        raise Bad(_("日付として読めません：%(text)s") % {"text": _shown(text)}) from None


@lru_cache(maxsize=1024)
def term(text: str) -> Term | None:
    """How long it runs: 1年, 一年, 12か月, 12, P1Y, 365日, 永続, 2027/3/31まで; None when the cell is empty."""
    typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).lower())
    if not typed:
        return None
    if fold(typed) in _FOR_EVER:
        return Term()
    until = re.fullmatch(r"(.*[0-9日])まで", typed)  # house: what vendors write
    if until:
        return Term(until=day(until[1]))
    plain = re.sub(r"[かヶヵケ箇](?=月)", "カ", typed).translate(_KANJI)  # house: what vendors write
    months = 0
    if found := _YEARS.fullmatch(plain):
        months = 12 * int(found[1])
    elif found := _MONTHS.fullmatch(plain):
        months = int(found[1])
    elif found := _DAYS.fullmatch(plain):
        months = _DAYS_OF.get(int(found[1]), 0)
    if not 1 <= months <= MOST_MONTHS:
        raise Bad(_("期間として読めません：%(text)s") % {"text": _shown(text)})
    return Term(months=months)


def _word(kind: str, what: Callable[[], str], choices: type[TextChoices] | None = None) -> Callable[[str], str | None]:
    """A function that reads one of the words of a kind."""
    known = by_fold(kind)
    if choices is not None:
        known |= {fold(states.label(choices, code)): code for code in choices.values}

    @lru_cache(maxsize=1024)
    def read(text: str) -> str | None:
        folded = fold(text[:MOST_TEXT])
        if not text.strip():
            return None
        found = known.get(folded) or known.get(text.strip())
        if found is None:
            raise Bad(_("%(what)sとして読めません：%(text)s") % {"what": what(), "text": _shown(text)})
        return found

    return read


purchase_type = _word("purchase_type", lambda: _("購入形態"), PurchaseType)
program = _word("program", lambda: _("対象"), Program)
unit = _word("unit", lambda: _("単位"), Unit)
billing = _word("billing", lambda: _("請求"), Billing)
delivery = _word("delivery", lambda: _("納品方法"), Delivery)
_paper = _word("papers", lambda: _("ご提出書類"), Paper)
_is_cloud = _word("is_cloud", lambda: _("クラウド"))


def is_cloud(text: str) -> bool | None:
    """○, はい, クラウド or their opposites; None when the cell is empty."""
    found = _is_cloud(text)
    return None if found is None else found == "true"


def papers(text: str) -> list[str] | None:
    """Papers with commas or the like between; None when the cell is empty or says that none is needed."""
    if fold(text) in {fold(_("なし")), fold(_("不要"))} or not text.strip():
        return None
    found = [_paper(part) for part in _SEVERAL.split(text) if part.strip()]
    return list(dict.fromkeys(paper for paper in found if paper)) or None


def _shown(text: str) -> str:
    return squash(text)[:_MOST_SHOWN]
