"""What stands beside a quotation for staff who prepare it: costs, reasons, earlier revisions, and what may be done with it."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import User
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.sales import offers
from licenseonline.sales.models import Quote, QuotePricing, QuoteRevision


@dataclass(frozen=True, slots=True)
class Step:
    """A button: its name in addresses, in words, and what it does."""

    code: str
    label: Promise
    hint: Promise
    done: Promise
    right: Right = Right.PREPARE_QUOTES
    is_main: bool = True


SEND: Final = Step(
    "send",
    _("お客様へ送る"),
    _("本日付けで発行し、見積書（PDF）をメールでお送りします。"),
    _("見積の送付を受け付けました。"),
)
ALLOW: Final = Step(
    "allow",
    _("承認して送る"),
    _("粗利がストアの基準を下回っています。承認すると、お客様へ送られます。"),
    _("承認し、お客様へお送りしました。"),
    Right.ALLOW_MARGINS,
)
GIVE_BACK: Final = Step(
    "give-back",
    _("作成者に差し戻す"),
    _("作成中に戻ります。"),
    _("作成中に戻しました。"),
    Right.ALLOW_MARGINS,
    is_main=False,
)
WITHDRAW: Final = Step(
    "withdraw",
    _("見積を取り下げる"),
    _("ご注文いただけなくなります。元には戻せません。"),
    _("見積を取り下げました。"),
    is_main=False,
)
VERBS: Final = {
    "send": offers.send,
    "allow": offers.allow,
    "give-back": offers.give_back,
    "withdraw": offers.withdraw,
}
STEPS: Final = {step.code: step for step in (SEND, ALLOW, GIVE_BACK, WITHDRAW)}
_OF_STATE: Final = {
    Quote.State.DRAFT: (SEND, WITHDRAW),
    Quote.State.AWAITING_HEAD: (ALLOW, GIVE_BACK, WITHDRAW),
    Quote.State.ISSUED: (WITHDRAW,),
}
_REWRITTEN: Final = {
    Quote.State.DRAFT: _("内容を書き直す"),
    Quote.State.ISSUED: _("改訂版を作る"),
    Quote.State.EXPIRED: _("改訂版を作る"),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """All of it, as far as this person may see it. `rewrite` is what another content would be called; none if it may not have one."""

    steps: list[Step]
    rewrite: Promise | None
    sees_prices: bool
    sees_margins: bool
    lines: list[offers.Reckoned]
    margin: offers.Margin | None
    pricing: QuotePricing | None
    revisions: list[QuoteRevision]

    @property
    def own(self) -> list[offers.Reckoned]:
        """Lines at another price than the store's."""
        return [line for line in self.lines if line.is_own_price]


def of(quote: Quote, *, by: User) -> Panel:
    """Beside this quotation for this person; a fixed number of queries."""
    prepares, sees = rights.allowed(by, Right.PREPARE_QUOTES), rights.allowed(by, Right.VIEW_MARGINS)
    pricing = None
    if prepares or sees:
        found = QuotePricing.objects.visible_to(by).filter(store_id=quote.store_id, quote=quote)
        pricing = found.select_related("allowed_by").first()
    earlier = QuoteRevision.objects.visible_to(by).filter(store_id=quote.store_id, quote=quote)
    state = Quote.State(quote.state)
    return Panel(
        steps=[step for step in _OF_STATE.get(state, ()) if rights.allowed(by, step.right)],
        rewrite=_REWRITTEN.get(state) if prepares else None,
        sees_prices=prepares or sees,
        sees_margins=sees,
        lines=offers.reckoned(quote.snapshot, pricing.today_yen if pricing else {}) if sees or pricing else [],
        margin=offers.margin_of(quote.snapshot) if sees else None,
        pricing=pricing,
        revisions=list(earlier.defer("snapshot").select_related("pdf").order_by("-revision")),
    )


def do(quote: Quote, code: str, *, by: User) -> str:
    """The step, and what is said afterwards. Refused as the verb behind it."""
    VERBS[code](quote, by=by)
    if code == SEND.code and quote.state == Quote.State.AWAITING_HEAD:
        return str(_("粗利がストアの基準を下回るため、責任者の承認をお待ちください。"))
    return str(STEPS[code].done)
