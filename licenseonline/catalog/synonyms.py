"""Words that mean the same, as the desk keeps them: for all stores, or for one. A change holds for the next search."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from licenseonline.catalog.search_models import StoreSynonym, Synonym
from licenseonline.kit import rights
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.text import fold, squash
from licenseonline.stores.models import Store

_BETWEEN = re.compile(r"[、,，\n]+")
_JOINED = "、"
MOST_WORDS = 20
_LONGEST = 500
_SHORTEST = 2


@rights.needs(Right.EDIT_CATALOGUE)
def put(words: str, *, store: Store | None, by: Actor) -> Synonym | StoreSynonym:  # noqa: ARG001  (`needs` asks who)
    """Let each of these words (with 、 or commas between) find the others, at the store or, without one, at all stores.

    Refused with `too_few` for fewer than two different words, `too_many`
    and `too_short` (a single letter would be in everything); width, kana and hyphens make no difference. The same words
    once more change nothing.
    """
    written = [word for part in _BETWEEN.split(words) if (word := squash(part)) and fold(word)]
    by_folded = {fold(word): word for word in reversed(written)}
    folded = list(dict.fromkeys(map(fold, written)))
    if len(folded) < 2:  # noqa: PLR2004  (a word and another one)
        raise Refused(_("異なる言葉を2つ以上、「、」で区切って入力してください。"), code="too_few", field="words")
    if any(len(word) < _SHORTEST for word in folded):
        raise Refused(_("1文字だけの言葉は登録できません。"), code="too_short", field="words")
    shown = _JOINED.join(by_folded[word] for word in folded)
    if len(folded) > MOST_WORDS or len(shown) > _LONGEST:
        raise Refused(_("言葉が多すぎます。20個、500文字までにしてください。"), code="too_many", field="words")
    if store is None:
        return Synonym.objects.get_or_create(folded=folded, defaults={"words": shown})[0]
    return StoreSynonym.objects.get_or_create(store=store, folded=folded, defaults={"words": shown})[0]


@rights.needs(Right.EDIT_CATALOGUE)
def remove(synonym: Synonym | StoreSynonym, *, by: Actor) -> None:  # noqa: ARG001  (`needs` asks who)
    """They no longer find each other."""
    synonym.delete()


def everywhere() -> Iterable[Synonym]:
    """Those of all stores."""
    return Synonym.objects.order_by("id")


@rights.needs(Right.EDIT_CATALOGUE)
def of_stores(*, by: Actor) -> Iterable[StoreSynonym]:
    """Those of single stores that this person may see."""
    return StoreSynonym.objects.visible_to(by).select_related("store").order_by("store_id", "id")
