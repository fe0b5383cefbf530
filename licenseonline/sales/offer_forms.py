"""The form in which staff write a quotation, at the desk and on the console: rows of lines, and what stands around them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, whole_numbers
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.text import fold_model, squash
from licenseonline.licensing.holdings import Held
from licenseonline.sales import followings, offers, particulars, prospects, quote_requests, revisions
from licenseonline.sales.followings import Following
from licenseonline.sales.models import Quote, QuotePricing, QuoteRequest
from licenseonline.sales.offers import Content, Wanted
from licenseonline.sales.particulars import Addressee, Particulars
from licenseonline.sales.prospects import Prospect
from licenseonline.stores.models import Store

MORE: Final = 5  # rows that a press of the button adds
FIRST: Final = 6
_ADDRESSED: Final = ("email", "company", "department", "person")  # of who has no account
_DROPPED: Final = str.maketrans("", "", ",円¥\\ ")  # house: what people type, no text of ours


class Line(forms.CharField):
    """One line of text, without invisible characters."""

    def to_python(self, value: object) -> str:
        """As typed, squashed."""
        return squash(super().to_python(value) or "")


class Number(forms.IntegerField):
    """Digits of any width; １，２００円 is 1200."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: object) -> int | None:
        """Fold widths and drop separators first."""
        text = unicodedata.normalize("NFKC", str(value if value is not None else "")).translate(_DROPPED)
        return super().to_python(text)


class LinesForm(forms.Form):
    """Rows of lines for somebody, and what stands around them.

    Rows that are left empty count for nothing; a row without an own price costs what the store asks today. A row that could
    follow several contracts of the company asks for which, as the member's cart does.
    """

    subject = Line(label=gettext_lazy("件名"), max_length=100, required=False)
    wished_on = forms.DateField(
        label=gettext_lazy("納品希望日"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    po_number = Line(label=gettext_lazy("お客様の注文番号・管理番号"), max_length=40, required=False)
    note = forms.CharField(
        label=gettext_lazy("備考"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("見積書に記載します（400文字まで）。"),
    )
    reason = Line(
        label=gettext_lazy("単価を変える理由"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("ストアの価格と異なる単価にするときは必ず入力してください。お客様には表示されません。"),
    )

    def __init__(
        self,
        to: Member | Prospect,
        data: Any = None,
        files: Any = None,
        *,
        begun: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Begins with `begun`."""
        self.to = to
        initial = dict(begun)
        typed = str(data.get("rows", "")) if data else ""
        if data and "more" in data:  # nothing of it is judged yet
            initial, data, files = initial | dict(data.items()), None, None
        super().__init__(data, files, auto_id="id_offer_%s", initial=initial)
        self.count = _count(typed, initial, more=MORE if typed and data is None else 0)
        for no in range(1, self.count + 1):
            self.fields |= _row(no)
        self.skus = self._sold()
        self.fields |= self._contracts()

    @property
    def rows(self) -> list[tuple[list[forms.BoundField], forms.BoundField | None]]:
        """The fields of each line, and the one for its contract if it asks for that."""
        return [
            ([self[name] for name in _row(no)], self[_follows(no)] if _follows(no) in self.fields else None)
            for no in range(1, self.count + 1)
        ]

    @property
    def beside(self) -> list[forms.BoundField]:
        """The fields that are no line's."""
        return [self[name] for name in self.fields if name in self.base_fields]

    def _model(self, no: int) -> str:
        return fold_model(str(self[f"model_{no}"].value() or ""))

    def _sold(self) -> dict[str, Sku]:
        """Which SKUs the rows mean, by folded model number; what the store does not sell is missing."""
        asked = {self._model(no) for no in range(1, self.count + 1)} - {""}
        found = Sku.objects.public(self.to.store_id).filter(folded_model__in=asked).select_related("product")
        return {sku.folded_model: sku for sku in found}

    def _contracts(self) -> dict[str, forms.Field]:
        followed = followings.of(self.skus.values(), company=self.to.company, day=clock.today())
        fields: dict[str, forms.Field] = {}
        for no in range(1, self.count + 1):
            sku = self.skus.get(self._model(no))
            following = followed.get(sku.pk) if sku else None
            if sku and following and following.needs_choice:
                fields[_follows(no)] = _choice(no, sku, following)
        return fields

    def clean_note(self) -> str:
        """Lines of text, without invisible characters."""
        return "\n".join(squash(line) for line in str(self.cleaned_data["note"]).splitlines()).strip()

    def clean(self) -> dict[str, Any]:
        """Whether the rows say what they have to."""
        given = super().clean() or self.cleaned_data
        for no in self._filled():
            model = given.get(f"model_{no}", "")
            if fold_model(model) not in self.skus:
                self.add_error(f"model_{no}", _("この型番は、このストアで取り扱いがありません。"))
            if given.get(f"quantity_{no}") is None and f"quantity_{no}" not in self.errors:
                self.add_error(f"quantity_{no}", _("数量を入力してください。"))
        if not self._filled():
            self.add_error(None, _("明細を1行以上入力してください。"))
        return given

    def _filled(self) -> list[int]:
        given = self.cleaned_data
        return [
            no
            for no in range(1, self.count + 1)
            if any(given.get(name) not in {None, ""} or name in self.errors for name in _row(no))
        ]

    def content(self) -> Content:
        """What is typed, as the verbs take it."""
        given = self.cleaned_data
        lines = [
            Wanted(
                self.skus[fold_model(given[f"model_{no}"])],
                given[f"quantity_{no}"],
                given[f"yen_{no}"],
                given.get(_follows(no)),
            )
            for no in self._filled()
        ]
        return Content(lines, self._particulars(), reason=given["reason"], days=given.get("days"))

    def _particulars(self) -> Particulars:
        """What is typed here of what a quotation says."""
        given = self.cleaned_data
        names = ("subject", "wished_on", "po_number", "note")
        return Particulars(**{name: given[name] for name in names})

    def facts(self) -> dict[str, object]:
        """What was sent, so that the same form sent twice is known."""
        return {name: str(value) for name, value in self.cleaned_data.items()}

    def refuse(self, refusal: Refused) -> None:
        """Say so at the field, or on top, and once; what was typed stays for the preview beside it, which Django would drop."""
        given = dict(self.cleaned_data)
        if refusal.message not in self.non_field_errors():
            show_refusal(self, refusal)
        self.cleaned_data = given


class OfferForm(LinesForm):
    """A quotation: a new one, a draft again, or the next revision.

    Who has no account is named here; the address is asked for only once, because mail may have gone to it.
    """

    email = Line(
        label=gettext_lazy("メールアドレス"),
        max_length=254,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "見積書とご確認用のURLをお送りします。このアドレスで会員登録されると、ご注文いただけます。"
        ),
    )
    company = Line(label=gettext_lazy("会社名・団体名"), max_length=120)
    department = Line(label=gettext_lazy("部署"), max_length=80, required=False)
    person = Line(label=gettext_lazy("お名前"), max_length=60)
    days = Number(
        label=gettext_lazy("有効日数"),
        min_value=1,
        max_value=offers.MOST_DAYS,
        help_text=gettext_lazy("お送りした日から数えます（1日から365日まで）。"),
    )
    field_order = (*_ADDRESSED, "subject", "days")

    def __init__(
        self, to: Member | Prospect, quote: Quote | None = None, data: Any = None, *, asked: QuoteRequest | None = None
    ) -> None:
        """Begins with what the quotation says, or with what a request asks for."""
        self.quote, self.asked = quote, asked
        self.known: Member | None = None  # whose address was typed as one that has no account
        begun = _of_quote(quote) if quote else _of_request(asked) if asked else {}
        super().__init__(to, data, begun={"days": to.store.quote_days} | begun)
        for name in _unasked(to, quote):
            del self.fields[name]

    @property
    def member(self) -> Member | None:
        """Whom it is for; None for who has no account."""
        return None if isinstance(self.to, Prospect) else self.to

    @property
    def addressed(self) -> list[forms.BoundField]:
        """The fields that say whom it is for, of who has no account."""
        return [self[name] for name in _ADDRESSED if name in self.fields]

    @property
    def beside(self) -> list[forms.BoundField]:
        """The other fields that are no line's."""
        return [field for field in super().beside if field.name not in _ADDRESSED]

    def _particulars(self) -> Particulars:
        """What is typed here, and of the quotation what is not asked for again: addressee, end user, form of the paper."""
        typed, to = super()._particulars(), self._addressed_to()
        if self.quote is not None:
            said = particulars.of(self.quote.snapshot)
            kept = ("addressee", "end_user", "blank_date", "names_representative")
            typed = replace(typed, **{name: getattr(said, name) for name in kept})
        return replace(typed, addressee=to.addressee) if isinstance(to, Prospect) else typed

    def _addressed_to(self) -> Member | Prospect:
        """Whom it is for, as typed."""
        if not isinstance(self.to, Prospect):
            return self.to
        given = self.cleaned_data
        said = {name: given[name] for name in ("company", "department", "person")}
        return replace(self.to, email=given.get("email", self.to.email), addressee=replace(self.to.addressee, **said))

    def preview(self) -> offers.Prepared | None:
        """What it would promise; None when that is refused, which the form then says."""
        revision, to = self.quote, self._addressed_to()
        try:
            if revision is None and isinstance(to, Prospect):
                to = prospects.checked(to)
            return offers.promise(
                to,
                self.content(),
                number=revision.number if revision else "",
                chosen=revisions.followed(revision) if revision else None,
            )
        except Refused as refusal:
            self.refuse(refusal)
            return None

    def write(self, *, by: User) -> Quote:
        """A new draft; of a draft its new content, of what was issued the next revision. Refused as these are."""
        if self.quote is None:
            made = offers.prepare(self._addressed_to(), self.content(), by=by)
            if self.asked:
                quote_requests.attach(self.asked, made, by=by)
            return made
        verb = revisions.rewrite if self.quote.state == Quote.State.DRAFT else revisions.revise
        return verb(self.quote, self.content(), by=by)

    def refuse(self, refusal: Refused) -> None:
        """As elsewhere; of an address that has an account at the store also whose it is."""
        if refusal.code == "known":
            self.known = prospects.known(self.to.store, self.cleaned_data["email"])
        super().refuse(refusal)


def to_address(store: Store) -> Prospect:
    """Somebody at this store of whom nothing is known yet, for an empty form."""
    return Prospect(store, "", Addressee(""))


def to_customer(quote: Quote) -> Member | Prospect:
    """Whom an existing quotation is for."""
    return prospects.of(quote, particulars.of(quote.snapshot))


def _unasked(to: Member | Prospect, quote: Quote | None) -> tuple[str, ...]:
    if not isinstance(to, Prospect):
        return _ADDRESSED
    return ("email",) if quote else ()


def _of_quote(quote: Quote) -> dict[str, Any]:
    """As it stands; a price is an own one where it differs from what the rules said."""
    pricing = QuotePricing.objects.filter(store_id=quote.store_id, quote=quote).first()
    today_yen = pricing.today_yen if pricing else {}
    said = particulars.of(quote.snapshot)
    begun = date.fromisoformat(quote.snapshot["issued_on"])
    initial: dict[str, Any] = {
        **{name: quote.snapshot["buyer"][name] for name in ("company", "department", "person")},
        "subject": said.subject,
        "days": (quote.valid_until - begun).days,
        "wished_on": said.wished_on,
        "po_number": said.po_number,
        "note": said.note,
        "reason": pricing.reason if pricing else "",
    }
    for line in quote.snapshot["lines"]:
        no, yen = line["no"], line["unit_price"]
        is_own = today_yen.get(str(no), yen) != yen
        initial |= {f"model_{no}": line["model_number"], f"quantity_{no}": line["quantity"]}
        initial[_follows(no)] = line.get("follows_id")
        initial |= {f"yen_{no}": yen} if is_own else {}
    return initial


def _of_request(asked: QuoteRequest) -> dict[str, Any]:
    """What a new one begins with when it answers a request."""
    initial: dict[str, Any] = {"subject": asked.subject}
    for no, line in enumerate(asked.lines.select_related("sku").order_by("id"), start=1):
        initial |= {f"model_{no}": line.sku.model_number, f"quantity_{no}": line.quantity}
    return initial


def _count(typed: str, initial: dict[str, Any], *, more: int) -> int:
    """How many rows to show: those that were shown, else those that are filled and two; never fewer than FIRST."""
    shown = whole_numbers.read(typed, most=offers.MOST_LINES) or 0
    filled = sum(name.startswith("model_") for name in initial)
    return min(max(shown or filled + 2, FIRST) + more, offers.MOST_LINES)


def _row(no: int) -> dict[str, forms.Field]:
    def named(text: str) -> dict[str, str]:
        return {"aria-label": _("%(no)s 行目の%(what)s") % {"no": no, "what": text}}

    model = Line(label=_("型番"), max_length=80, required=False)
    quantity = Number(label=_("数量"), min_value=1, max_value=1_000_000, required=False)
    yen = Number(label=_("単価（税別）"), min_value=0, max_value=offers.MOST_YEN, required=False)
    for field, text in ((model, _("型番")), (quantity, _("数量")), (yen, _("単価（税別）"))):
        field.widget.attrs |= named(text) | {"autocomplete": "off"}
    return {f"model_{no}": model, f"quantity_{no}": quantity, f"yen_{no}": yen}


def _follows(no: int) -> str:
    return f"follows_{no}"


def _choice(no: int, sku: Sku, following: Following) -> forms.Field:
    """Of the contracts that this row can follow."""
    asks = _("%(no)s 行目の対象となるご契約をお選びください。") % {"no": no}
    field = forms.TypedChoiceField(
        label=_("対象のご契約"),
        choices=[("", _("対象のご契約を選択")), *((one.contract_id, _named(one, sku)) for one in following.choices)],
        coerce=int,
        error_messages={"required": asks, "invalid_choice": asks},
    )
    field.widget.attrs["aria-label"] = _("%(no)s 行目の%(what)s") % {"no": no, "what": field.label}
    return field


def _named(held: Held, sku: Sku) -> str:
    facts = {"number": held.number, "name": held.name, "units": f"{held.units:,}", "unit": sku.unit_label}
    text = _("%(number)s %(name)s（%(units)s%(unit)s）") % facts
    if held.ends_on is None:
        return text
    return text + _(" %(day)sまで") % {"day": date_format(held.ends_on)}
