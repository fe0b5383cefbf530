"""Lists of the console as files: what the list shows with its filters, not its page; who took it is in the history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from licenseonline.accounts.models import Company, Member
from licenseonline.kit import clock, csv_files, rights, workbooks
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.sales.models import Order, Quote
from licenseonline.web.access import partner_needs
from licenseonline.web.partner import assigning, console, customers, figures, lists
from licenseonline.web.requests import StaffRequest

MOST: Final = 10_000
Table = tuple[list[str], list[list[object]]]
_OF_STORE = (gettext_lazy("ストアID"), gettext_lazy("ストア"))
_NO_TABS: Final[lists.Tabs] = {"": ("", Q())}


R = TypeVar("R", bound=Model)


@dataclass(frozen=True, slots=True)
class Export(Generic[R]):
    """One list: which rows, and how they become a table."""

    title: Promise
    rows: Callable[[StaffRequest], QuerySet[R]]
    table: Callable[[StaffRequest, list[R]], Table]


@partner_needs(Right.EXPORT)
@require_safe
def download(request: StaffRequest, what: str, kind: str) -> HttpResponseBase:
    """The list as CSV or as a workbook. Refused: `too_many`."""
    if what not in EXPORTS or kind not in {"csv", "xlsx"}:
        raise Http404
    export = EXPORTS[what]
    found = list(export.rows(request).order_by("-pk")[: MOST + 1])
    if len(found) > MOST:
        hint = _(
            "%(most)s件を超えるため、一度に保存できません。ストアや状態で絞り込んでから、もう一度保存してください。"
        )
        raise Refused(hint % {"most": f"{MOST:,}"}, code="too_many")
    header, rows = export.table(request, found)
    _record(request, what, kind, len(rows))
    name = f'attachment; filename="{what}-{clock.today():%Y%m%d}.{kind}"'
    if kind == "xlsx":
        book = workbooks.workbook(workbooks.Sheet(str(export.title), header, rows), made_at=clock.now())
        return HttpResponse(book, content_type=workbooks.TYPE, headers={"Content-Disposition": name})
    lines = csv_files.lines(header, rows)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def _record(request: StaffRequest, what: str, kind: str, rows: int) -> None:
    store = request.GET.get("store", "")
    store = store if store.isdecimal() else ""
    history.record_platform(
        request.user, "staff.exported", by=request.user, list=what, file=kind, rows=rows, store=store
    )


def _companies(request: StaffRequest) -> QuerySet[Company]:
    person = assigning.chosen(request).person
    return lists.chosen(request, customers.company_list(request, person), _NO_TABS)


def _members(request: StaffRequest) -> QuerySet[Member]:
    people = Member.objects.visible_to(request.user).filter(
        is_active=True, company__in=_companies(request).values("pk")
    )
    return people.select_related("company", "store")


def _quotes(request: StaffRequest) -> QuerySet[Quote]:
    return lists.chosen(request, *console.quote_list(request))


def _orders(request: StaffRequest) -> QuerySet[Order]:
    return lists.chosen(request, *console.order_list(request))


def _company_table(request: StaffRequest, found: list[Company]) -> Table:
    header = _words(
        *_OF_STORE, _("会社"), _("フリガナ"), _("区分"), _("状態"), _("法人番号"), _("郵便番号"), _("住所"), _("電話番号"),
        _("会員数"), _("注文数"), _("注文額（税込）"), _("最後の注文"),
    )  # fmt: skip
    return header, [_company_row(one, sums) for one, sums in customers.with_sales(found, request)]


def _company_row(one: Company, sums: Mapping[str, Any]) -> list[object]:
    last = sums.get("last")
    return [
        str(one.store_id), one.store.name, one.name, one.kana, one.get_kind_display(), one.get_state_display(),
        one.corporate_number, one.postal_code, f"{one.prefecture}{one.city}{one.street}{one.building}", one.phone,
        sums["members"], sums.get("count", 0), sums.get("yen") or 0, clock.jst_date(last) if last else None,
    ]  # fmt: skip


def _member_table(request: StaffRequest, found: list[Member]) -> Table:
    header = _words(
        *_OF_STORE, _("会社"), _("氏名"), _("フリガナ"), _("部署"), _("役職"), _("メールアドレス"), _("電話番号"), _("権限"),
        _("メールマガジン"), _("登録日"),
    )  # fmt: skip
    return header, [
        [
            str(one.store_id), one.store.name, one.company.name, one.name, one.kana, one.department, one.title, one.email,
            one.phone, one.get_role_display(), _("希望する") if one.newsletter else _("希望しない"), clock.jst_date(one.created_at),
        ]
        for one in found
    ]  # fmt: skip


def _quote_table(request: StaffRequest, found: list[Quote]) -> Table:
    header = _words(
        *_OF_STORE, _("見積ID"), _("発行日"), _("有効期限"), _("会社"), _("ご担当者"), _("件名"), _("内容"), _("合計（税込）"),
        _("状態"),
    )  # fmt: skip
    today = clock.today()
    return header, [
        [
            str(one.store_id), one.store.name, one.number, clock.jst_date(one.issued_at), one.valid_until, one.customer,
            one.person, one.subject, one.title, one.total_yen,
            _("有効期限切れ") if one.state == Quote.State.ISSUED and one.valid_until < today else one.get_state_display(),
        ]
        for one in found
    ]  # fmt: skip


def _order_table(request: StaffRequest, found: list[Order]) -> Table:
    header = _words(
        *_OF_STORE, _("注文ID"), _("注文日"), _("会社"), _("ご担当者"), _("内容"), _("合計（税込）"), _("状態"),
    )  # fmt: skip
    rows: list[list[object]] = [
        [
            str(one.store_id), one.store.name, one.number, clock.jst_date(one.placed_at), one.company.name, one.member.name,
            one.title, one.total_yen, one.get_state_display(),
        ]
        for one in found
    ]  # fmt: skip
    if not rights.allowed(request.user, Right.VIEW_MARGINS):
        return header, rows
    margins = figures.margins(found, request.user)
    for row, order in zip(rows, found, strict=True):
        margin = margins.get(order.pk)
        row.extend([margin.margin_yen, margin.commission_yen] if margin else [None, None])
    return [*header, _("粗利（税別）"), _("手数料（税別）")], rows


def _words(*words: object) -> list[str]:
    return [str(word) for word in words]


EXPORTS: Final[dict[str, Export[Any]]] = {
    "companies": Export(gettext_lazy("会社"), _companies, _company_table),
    "members": Export(gettext_lazy("会員"), _members, _member_table),
    "quotes": Export(gettext_lazy("見積"), _quotes, _quote_table),
    "orders": Export(gettext_lazy("注文"), _orders, _order_table),
}
