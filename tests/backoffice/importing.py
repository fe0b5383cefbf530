"""Hand a price list in on the desk's pages, run its jobs, and read what they say."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licenseonline.catalog.models import PriceImport, Vendor
from licenseonline.kit import clock
from tests.jobs import run_jobs

PAGE = "/backoffice/imports/"
HEAD = "型番,製品コード,製品名,定価,仕切価格\n"
ROWS = (
    "VBBSS-1Y-005,vbbss,ウイルスバスター,5500,3850\n"  # 5,200 → 5,500
    "VBBSS-1Y-025,vbbss,ウイルスバスター,4800,3360\n"  # as it is
    "VBBSS-NEW-9,vbbss,ウイルスバスター,6000,4200\n"
    "VBBSS-BAD-1,vbbss,ウイルスバスター,お問い合わせ,100\n"
)


def form(text: str = HEAD + ROWS, *, encoding: str = "cp932", **changes: Any) -> dict[str, object]:
    return {
        "vendor": Vendor.objects.get(code="trend").pk,
        "format": "table",
        "from_day": clock.today().isoformat(),
        "file": SimpleUploadedFile("価格表.csv", text.encode(encoding), "text/csv"),
        "key": str(uuid4()),
        **changes,
    }


def uploaded(desk: Client, text: str = HEAD + ROWS, **changes: Any) -> str:
    """The page of an import whose jobs have run."""
    answer = desk.post(f"{PAGE}new", form(text, **changes))
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    return str(answer["Location"])


def said(desk: Client, path: str, **query: str) -> str:
    answer = desk.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def do(desk: Client, page: str, step: str, key: str = "") -> str:
    """Post a step, run its jobs, and read the page it leads to."""
    answer = desk.post(f"{page}{step}", {"key": key or str(uuid4())})
    assert (answer.status_code, answer["Location"]) == (302, page)
    before = desk.get(page).content.decode()
    run_jobs()
    return before


def applied(desk: Client, text: str = HEAD + ROWS, **changes: Any) -> str:
    page = uploaded(desk, text, **changes)
    do(desk, page, "apply")
    assert PriceImport.objects.latest("id").state == "applied"
    return page
