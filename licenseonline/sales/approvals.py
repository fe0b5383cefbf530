"""Approval inside the customer's company (稟議): who needs a yes above which amount, and whose yes is enough.

Amounts are yen with tax. A yes is for one revision of a quotation; of several answers the last one counts.
"""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from licenseonline.accounts import company_profiles
from licenseonline.accounts.models import Company, Member
from licenseonline.kit import clock, rights, sql, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.money import format_yen
from licenseonline.kit.prepared import Given, Prepared
from licenseonline.records import history
from licenseonline.sales import mail, quote_links, quotes
from licenseonline.sales.models import ApprovalPolicy, Approver, Decision, Quote, QuoteDecision, QuoteLink

MOST_APPROVERS: Final = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to which yen (tax included) each role orders alone; None is any amount."""

    buyer_yen: int | None
    admin_yen: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a quotation stands for one member: whether a yes is needed, and the last answer to this revision."""

    is_needed: bool = False
    last: QuoteDecision | None = None

    @property
    def is_missing(self) -> bool:
        """It cannot be ordered yet for want of a yes."""
        return self.is_needed and (self.last is None or self.last.decision != Decision.APPROVED)


def policy_of(company: Company) -> ApprovalPolicy:
    """The company's policy; one that asks nothing where none was set."""
    found = _policy.first(store_id=company.store_id, company_id=company.pk)
    return found or ApprovalPolicy(store_id=company.store_id, company=company, is_on=False)


_policy = Prepared(lambda: ApprovalPolicy.objects.filter(store_id=Given("store_id"), company_id=Given("company_id")))


def approvers_of(company: Company) -> list[Approver]:
    """Who may say yes, in the order they were named."""
    return list(Approver.objects.filter(store_id=company.store_id, company=company, is_active=True).order_by("id"))


@rights.in_person
@transaction.atomic
def set_policy(company: Company, *, is_on: bool, limits: Limits, by: Member) -> ApprovalPolicy:
    """An administrator switches approval on or off and sets what each role orders alone; the same again changes nothing.

    Refused: as company_profiles.check_may_change, `approvers` (on, but nobody is named who could say yes).
    """
    company_profiles.check_may_change(company, by=by)
    states.lock(company)  # two at once would both make the policy
    if is_on and not approvers_of(company):
        hint = _("先に承認者を1名以上登録してください。承認者がいないと、どなたもご注文いただけなくなります。")
        raise Refused(hint, code="approvers", field="is_on")
    policy = policy_of(company)
    wanted = {"is_on": is_on, "buyer_limit_yen": limits.buyer_yen, "admin_limit_yen": limits.admin_yen}
    if policy.pk is None or any(getattr(policy, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(policy, name, value)
        policy.save()
        history.record(company, "company.approval_set", by=by, **wanted)
    return policy


@rights.in_person
@transaction.atomic
def name_approver(company: Company, *, name: str, email: str, limit_yen: int | None, by: Member) -> Approver:
    """An administrator names somebody who may say yes up to `limit_yen` (None: any amount). They need no account.

    Naming the same address again changes name and limit. Refused: as company_profiles.check_may_change, `most`.
    """
    company_profiles.check_may_change(company, by=by)
    states.lock(company)
    known = Approver.objects.filter(store_id=company.store_id, company=company, is_active=True)
    approver = known.filter(email=email).first()
    if approver is None and known.count() >= MOST_APPROVERS:
        message = _("承認者は %(most)s 名まで登録できます。") % {"most": MOST_APPROVERS}
        raise Refused(message, code="most")
    approver = approver or Approver(store_id=company.store_id, company=company, email=email)
    approver.name, approver.limit_yen = name, limit_yen
    approver.save()
    history.record(company, "company.approver_named", by=by, approver_id=approver.pk, limit_yen=limit_yen)
    return approver


@rights.in_person
@transaction.atomic
def remove_approver(approver: Approver, *, by: Member) -> None:
    """An administrator takes somebody off the list; their links end, their answers stay. A second time changes nothing.

    Refused: as company_profiles.check_may_change, `approvers` (the last one while approval is on).
    """
    company = approver.company
    company_profiles.check_may_change(company, by=by)
    states.lock(company)
    if not states.lock(approver).is_active:
        return
    if policy_of(company).is_on and len(approvers_of(company)) == 1:
        hint = _(
            "社内承認が有効な間は、最後の承認者を外せません。先に別の方を登録するか、社内承認を無効にしてください。"
        )
        raise Refused(hint, code="approvers")
    approver.is_active = False
    approver.save(update_fields=["is_active"])
    history.record(company, "company.approver_removed", by=by, approver_id=approver.pk)


_WHAT_THERE_IS: Final = """
SELECT coalesce((SELECT is_on FROM sales_approvalpolicy WHERE store_id = %(store)s AND company_id = %(company)s), false),
  EXISTS (SELECT FROM sales_approver WHERE store_id = %(store)s AND company_id = %(company)s AND is_active),
  EXISTS (SELECT FROM sales_quotelink WHERE store_id = %(store)s AND quote_id = %(quote)s)
"""


def what_there_is(quote: Quote) -> tuple[bool, bool, bool]:
    """Whether the company's policy is on, whether it has approvers, and whether the quotation has (or had) links.

    One statement, for most companies have nothing of it and their pages shall not ask further.
    """
    [(is_on, has_approvers, has_links)] = sql.rows(
        _WHAT_THERE_IS, store=quote.store_id, company=quote.company_id, quote=quote.pk
    )
    return is_on, has_approvers, has_links


def is_needed(quote: Quote, *, by: Member) -> bool:
    """Whether this member may not order it alone."""
    policy = policy_of(by.company)
    limit = policy.limit_yen(by.role)
    return policy.is_on and limit is not None and quote.total_yen > limit


def standing(quote: Quote, *, by: Member) -> Standing:
    """Where the quotation stands for this member; two queries."""
    last = _answers(quote).select_related("approver").order_by("-id").first()
    return Standing(is_needed=is_needed(quote, by=by), last=last)


def answers(quote: Quote) -> list[QuoteDecision]:
    """All answers to this revision, the last one first; one query."""
    return list(_answers(quote).select_related("approver").order_by("-id"))


def check_approved(quote: Quote, *, by: Member) -> None:
    """Refuse (`approval`) to order what needs a yes of the company's approvers and has none for this revision."""
    if is_needed(quote, by=by) and standing(quote, by=by).is_missing:
        hint = _("このご注文には、御社の承認者の方の承認が必要です。見積の画面から承認を依頼してください。")
        raise Refused(hint, code="approval")


@transaction.atomic
def decide(link: QuoteLink, *, decision: Decision, comment: str, revision: int) -> QuoteDecision:
    """The approver of the link says yes (承認) or gives it back (差戻し) for the revision that they read.

    The same answer again is the same answer. Refused: `approver` (the link is only to read), `ended`, `revised` (there is a
    newer revision), `limit` (above what they may approve), `comment` (missing when giving back). The member who asked is mailed.
    """
    approver = link.approver
    if approver is None:
        raise NotVisible
    quote = states.lock(link.quote)
    if ended := quote_links.why_ended(quote):
        raise Refused(ended, code="ended")
    quotes.check_revision(quote, revision)
    _check_answer(quote, approver, decision, comment)
    last = _answers(quote).order_by("-id").first()
    if last and (last.approver_id, last.decision, last.comment) == (approver.pk, decision, comment):
        return last
    made = QuoteDecision.objects.create(
        store_id=quote.store_id,
        quote=quote,
        revision=revision,
        approver=approver,
        link=link,
        decision=decision,
        comment=comment,
        at=clock.now(),
    )
    history.record(quote, f"quote.{decision}", by=None, approver_id=approver.pk, decision_id=made.pk)
    mail.approval_decided(made, to=link.created_by or quote.member)
    return made


def _check_answer(quote: Quote, approver: Approver, decision: Decision, comment: str) -> None:
    above = approver.limit_yen is not None and quote.total_yen > approver.limit_yen
    if decision == Decision.APPROVED and above:
        message = _("承認いただける金額（%(limit)s まで）を超えています。上位の承認者の方へご依頼ください。")
        raise Refused(message % {"limit": format_yen(approver.limit_yen or 0)}, code="limit")
    if decision == Decision.RETURNED and not comment:
        raise Refused(_("差戻しの理由を入力してください。"), code="comment", field="comment")


def _answers(quote: Quote) -> QuerySet[QuoteDecision]:
    return QuoteDecision.objects.filter(store_id=quote.store_id, quote=quote, revision=quote.revision)
