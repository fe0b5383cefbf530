"""What the demo's stores tell their visitors, from `data/content/`: Markdown with $names of the store's own figures."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from string import Template

from licenseonline.content.models import Faq, News, Page
from licenseonline.demo.stores import DATA
from licenseonline.kit import clock
from licenseonline.stores.models import Store

_CONTENT = DATA / "content"
_NEWS_DAYS_AGO = {87465: (3, 17, 40), 193808: (5, 24)}


def make(stores: Mapping[int, Store]) -> None:
    """Announcements, questions with answers, and the guide, for each store in its own words and figures."""
    for store in stores.values():
        facts = _facts(store)
        News.objects.bulk_create(_news(store, facts))
        Faq.objects.bulk_create(_faq(store, facts))
        Page.objects.bulk_create(_pages(store, facts))


def _facts(store: Store) -> dict[str, object]:
    return {
        "store": store.name,
        "number": store.pk,
        "seller": store.seller_name,
        "address": f"〒{store.seller_postal_code} {store.seller_address}",
        "registration": store.registration_number,
        "bank": store.bank_account,
        "desk": store.desk_name,
        "hours": store.desk_hours,
        "phone": store.desk_phone,
        "email": store.desk_email,
        "quote_days": store.quote_days,
        "payment_days": store.payment_days,
    }


def _parts(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """Heading and body of each section that begins with `mark`."""
    for section in f"\n{text}".split(f"\n{mark} ")[1:]:
        heading, _, body = section.partition("\n")
        yield heading.strip(), body.strip()


def _read(name: str, facts: Mapping[str, object]) -> str:
    return Template((_CONTENT / name).read_text(encoding="utf-8")).substitute(facts)


def _news(store: Store, facts: Mapping[str, object]) -> Iterator[News]:
    today = clock.today()
    sections = _parts(_read(f"news-{store.pk}.md", facts), "#")
    for (title, body), days in zip(sections, _NEWS_DAYS_AGO[store.pk], strict=True):
        yield News(store=store, title=title, body=body, published_on=today - timedelta(days=days))


def _faq(store: Store, facts: Mapping[str, object]) -> Iterator[Faq]:
    for heading, questions in _parts(_read("faq.md", facts), "#"):
        for position, (question, answer) in enumerate(_parts(questions, "##"), start=1):
            yield Faq(store=store, heading=Faq.Heading(heading), position=position, question=question, answer=answer)


def _pages(store: Store, facts: Mapping[str, object]) -> Iterator[Page]:
    for file in sorted((_CONTENT / "guide").glob("*.md")):
        for title, body in _parts(_read(f"guide/{file.name}", facts), "#"):
            yield Page(store=store, path=f"guide/{file.stem}", title=title, body=body)
