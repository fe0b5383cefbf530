"""法人番号: thirteen digits of which the first checks the others."""

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _
from stdnum.jp import cn

from licenseonline.kit.errors import Refused
from licenseonline.kit.text import HYPHENS

_SEPARATORS: Final = re.compile(f"[{HYPHENS}\\s]+")
_DIGITS: Final = re.compile("[0-9]{13}")


def normalize(text: str) -> str:
    """The number as stored, thirteen digits, in whatever width and groups it was typed; an empty one stays empty.

    Refused (`corporate_number`): not thirteen digits, or a check digit that says a digit is mistyped. The T in front of a
    qualified invoice's number is left out.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().removeprefix("T")
    if not digits:
        return ""
    if not _DIGITS.fullmatch(digits):
        raise _refused(_("法人番号は13桁の数字で入力してください。"))
    if not cn.is_valid(digits):
        raise _refused(_("法人番号に誤りがあります。13桁の数字をもう一度お確かめください。"))
    return digits


def _refused(message: str) -> Refused:
    return Refused(message, code="corporate_number", field="corporate_number")
