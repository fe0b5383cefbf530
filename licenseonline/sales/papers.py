"""Which papers (ご提出書類) a purchase needs and why, and the requests that an order begins with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts.models import Company, User
from licenseonline.catalog.models import Paper, PaperRule, Sku
from licenseonline.kit import calendar, clock, rights, sql, states
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import StoreQuerySet
from licenseonline.records import history
from licenseonline.sales import followings, paper_mail, progress
from licenseonline.sales.models import CompanyProof, DocumentRequest, Order, OrderLine, PaperState
from licenseonline.stores import stores
from licenseonline.stores.models import Store

BUSINESS_DAYS: Final = 5  # after the order, where no rule says another number
# Why a SKU asks for a paper, where no vendor's rule says it better.
WHY: Final[Mapping[str, Promise]] = {
    Paper.HOLDING_PROOF: gettext_lazy("お持ちのライセンスをメーカーが確認するために必要です。"),
    Paper.ACADEMIC_PROOF: gettext_lazy("教育機関向けの価格をご利用いただけることを確認するために必要です。"),
    Paper.GOVERNMENT_PROOF: gettext_lazy("官公庁・自治体向けの価格をご利用いただけることを確認するために必要です。"),
    Paper.COMPETITOR_PROOF: gettext_lazy("乗り換えの対象となる製品をお持ちであることを確認するために必要です。"),
    Paper.APPLICATION_FORM: gettext_lazy("メーカーへの申し込みに必要です。"),
}
# What proves something about the company for every vendor, and what about its holdings with one. Others are for one order.
OF_COMPANY: Final = frozenset({Paper.ACADEMIC_PROOF, Paper.GOVERNMENT_PROOF})
REMEMBERED: Final = OF_COMPANY | {Paper.HOLDING_PROOF, Paper.COMPETITOR_PROOF}
OPEN: Final = frozenset({PaperState.NEEDED, PaperState.HANDED_IN, PaperState.RETURNED})
UNDER_WAY: Final = frozenset(set(Order.MOVES) - {Order.State.DELIVERED})
MISSING: Final = frozenset({PaperState.NEEDED, PaperState.RETURNED})


@dataclass(frozen=True, slots=True)
class Needed:
    """One paper for one SKU: why, until how many business days after the order, and whether there is a blank form."""

    paper: str
    why: str
    business_days: int = BUSINESS_DAYS
    rule_id: int | None = None
    form_name: str = ""

    @property
    def label(self) -> str:
        """The paper in words."""
        return states.label(Paper, self.paper)


def needed(skus: Iterable[Sku], *, store: Store) -> dict[int, list[Needed]]:
    """For each SKU (with its product) the papers it needs, in the papers' order. SKUs without any are missing.

    A request's store knows the rules as of its edition; for another one they are read.
    """
    edition = getattr(store, "edition", None)
    rules = _rules() if edition is None else rules_of_edition(edition)
    asking = (sku for sku in skus if sku.papers or sku.product.vendor_id in rules)
    found = {sku.pk: _of(sku, rules.get(sku.product.vendor_id, [])) for sku in asking}
    return {pk: papers for pk, papers in found.items() if papers}


@lru_cache(maxsize=2)
def rules_of_edition(edition: int) -> Mapping[int, list[PaperRule]]:  # noqa: ARG001  (as stores.store_of_edition)
    """The rules by vendor as they were when read in that edition."""
    return _rules()


def _rules() -> Mapping[int, list[PaperRule]]:
    found: dict[int, list[PaperRule]] = {}
    for rule in PaperRule.objects.defer("form_pdf").order_by("id"):
        found.setdefault(rule.vendor_id, []).append(rule)
    return found


def codes(skus: Iterable[Sku], *, store: Store) -> dict[int, list[str]]:
    """As `needed`, for a snapshot: the papers' codes alone."""
    return {pk: [one.paper for one in papers] for pk, papers in needed(skus, store=store).items()}


def in_words(skus: Iterable[Sku], *, store: Store) -> list[Needed]:
    """What a page says about all of these SKUs together: each paper once, with the first reason."""
    first: dict[str, Needed] = {}
    for papers in needed(skus, store=store).values():
        for one in papers:
            first.setdefault(one.paper, one)
    return [first[paper] for paper in Paper.values if paper in first]


def promised(by_sku: Mapping[int, list[str]], *, store: Store) -> list[Needed]:
    """What was promised for these SKUs, each paper once, with why; no query where nothing was."""
    if not by_sku:
        return []
    said = {
        one.paper: one for one in in_words(Sku.objects.select_related("product").filter(pk__in=by_sku), store=store)
    }
    wanted = {paper for papers in by_sku.values() for paper in papers}
    return [said.get(paper) or Needed(paper, str(WHY[Paper(paper)])) for paper in Paper.values if paper in wanted]


def of(order: Order, *, by: Actor) -> StoreQuerySet[DocumentRequest]:
    """The order's papers that this person may see, by line."""
    rows = DocumentRequest.objects.visible_to(by).filter(order=order).select_related("line")
    return rows.order_by("line__position", "id")


def form_of(request: DocumentRequest) -> PaperRule | None:
    """The rule with a blank form that fits the request's line best; its PDF is not read yet."""
    sku = request.line.sku
    rules = PaperRule.objects.filter(vendor=sku.product.vendor_id, paper=request.paper).exclude(form_pdf=b"")
    fitting = [rule for rule in rules.defer("form_pdf").order_by("id") if _fits(rule, sku)]
    return max(fitting, key=_particular, default=None)


def _of(sku: Sku, rules: Iterable[PaperRule]) -> list[Needed]:
    """The SKU's own papers and the rules' that fit; of several reasons the most particular rule's counts, of days the fewest."""
    found = {paper: Needed(paper=paper, why=str(WHY[Paper(paper)])) for paper in sku.papers}
    days: dict[str, int] = {}
    for rule in sorted((rule for rule in rules if _fits(rule, sku)), key=_particular):
        days[rule.paper] = min(rule.business_days, days.get(rule.paper, rule.business_days))
        found[rule.paper] = Needed(rule.paper, rule.why, days[rule.paper], rule.pk, rule.form_name)
    return [found[paper] for paper in Paper.values if paper in found]


def _fits(rule: PaperRule, sku: Sku) -> bool:
    asks = ((rule.product_id, sku.product_id), (rule.purchase_type, sku.purchase_type), (rule.program, sku.program))
    return rule.vendor_id == sku.product.vendor_id and all(not wanted or wanted == has for wanted, has in asks)


def _particular(rule: PaperRule) -> int:
    return sum(map(bool, (rule.product_id, rule.purchase_type, rule.program)))


Planned = list[tuple[int, DocumentRequest]]  # by the position of the line; neither it nor the order are written yet


def plan(wanted: Mapping[int, tuple[int, list[str]]], *, company: Company) -> Planned:
    """The requests that an order begins with; `wanted` are, by line position, its SKU and the papers that were promised.

    The quotation said which; the rules say why and until when. What the company has proved is accepted at once. Without
    papers nothing is asked of the database.
    """
    asked = {position: line for position, line in wanted.items() if line[1]}
    if not asked:
        return []
    skus = Sku.objects.select_related("product").in_bulk({sku_id for sku_id, _codes in asked.values()})
    rules, proofs = needed(skus.values(), store=company.store), proofs_of(company)
    made = []
    for position, (sku_id, promised) in asked.items():
        said, vendor = {one.paper: one for one in rules.get(sku_id, [])}, skus[sku_id].product.vendor_id
        for paper in promised:
            one = said.get(paper) or Needed(paper, str(WHY[Paper(paper)]))
            proof = proofs.get((paper, vendor)) or proofs.get((paper, None))
            made.append((position, _request(company.store, one, proof)))
    return made


def first_state(planned: Planned, otherwise: str) -> str:
    """The state of an order that begins with these requests."""
    missing = any(request.state in MISSING for _position, request in planned)
    return Order.State.AWAITING_PAPERS if missing else otherwise


def open_for(order: Order, lines: Iterable[OrderLine], planned: Planned) -> None:
    """Write what was planned, in one statement, for the lines of the order that were just written."""
    if not planned:
        return
    by_position = {line.position: line for line in lines}
    for position, request in planned:
        request.order, request.line = order, by_position[position]
    DocumentRequest.objects.bulk_create(request for _position, request in planned)


def proofs_of(company: Company) -> dict[tuple[str, int | None], CompanyProof]:
    """What the company has proved and what still holds today, by paper and vendor (None: every vendor).

    None of it can be taken back before this transaction ends.
    """
    valid = CompanyProof.objects.filter(store_id=company.store_id, company=company, withdrawn_at=None)
    valid = valid.filter(Q(valid_until=None) | Q(valid_until__gte=clock.today())).order_by("id")
    found = {(proof.paper, proof.vendor_id): proof for proof in valid}
    if not found:
        return {}
    ids = [proof.pk for proof in found.values()]
    kept = {pk for (pk,) in sql.rows(_KEPT, store=company.store_id, proofs=ids)}
    return {key: proof for key, proof in found.items() if proof.pk in kept}


_KEPT: Final = """
SELECT id FROM sales_companyproof
WHERE store_id = %(store)s AND id = ANY(%(proofs)s) AND withdrawn_at IS NULL ORDER BY id FOR SHARE
"""


def _request(store: Store, one: Needed, proof: CompanyProof | None = None) -> DocumentRequest:
    return DocumentRequest(
        store_id=store.pk,
        paper=one.paper,
        why=one.why,
        due_on=due_on(store, one.business_days),
        state=PaperState.ACCEPTED if proof else PaperState.NEEDED,
        proof=proof,
    )


def due_on(store: Store, business_days: int) -> date:
    """The last day: that many of the store's business days after today."""
    return calendar.add_business_days(clock.today(), business_days, stores.holidays(store))


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def ask(order: Order, line: OrderLine, *, paper: str, why: str, by: User) -> DocumentRequest:
    """The desk asks for one more paper of an order under way; the buyer reads `why`, and it is due as papers are.

    Refused: `state` (delivered or cancelled), `asked` (this line has it already).
    """
    followings.lock(order.company)  # whose papers nobody accepts or sends back meanwhile: proofs.lock_orders
    states.lock(order)
    if order.state not in UNDER_WAY:
        raise Refused(_("納品済みまたはキャンセル済みのご注文には、書類を依頼できません。"), code="state")
    if DocumentRequest.objects.filter(line=line, store=order.store_id, paper=paper).exists():
        raise Refused(_("この明細には、同じ書類を依頼済みです。"), code="asked", field="paper")
    request = _request(order.store, Needed(paper, why))
    request.order, request.line = order, line
    request.save()
    history.record(order, "order.paper_asked", by=by, request_id=request.pk, paper=paper)
    progress.settle(order)
    paper_mail.asked(request)
    return request


def move_on(order: Order) -> None:
    """The order moves on after a paper did; when nothing is left to hand in or to look at, its buyer is told."""
    progress.settle(order)
    left = set(DocumentRequest.objects.filter(order=order, store=order.store_id).values_list("state", flat=True))
    if not left & OPEN and left & {PaperState.ACCEPTED, PaperState.SENT}:
        paper_mail.all_accepted(order)
