"""One step for many rows: which there are, what each would do, and doing it. A new one is one more line in ACTIONS.

A preview runs the very verbs and takes them back, mails and jobs included: what it says is what would have happened.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts import assignments, companies, mailings, registration_mail
from licenseonline.accounts.models import Company, Member, User
from licenseonline.backoffice.bulk_forms import AssignForm, EmptyForm, RefuseForm
from licenseonline.kit import rights, whole_numbers
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.records.models import Message
from licenseonline.sales.models import Order, Quote

MOST: Final = 200  # rows at once: a person can still read what would happen to each
Values = Mapping[str, Any]
Marked = Company | Member | Quote | Order | Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens, would happen or was refused (then `says` is why) to one row."""

    label: str
    store: str
    is_done: bool
    says: str


@dataclass(frozen=True, slots=True)
class Action:
    """A step for many rows: `act` is the verb with what it says about a row, `form` what is asked once for all."""

    code: str
    label: Promise
    hint: Promise
    right: Right
    models: tuple[type[Marked], ...]
    act: Callable[[Any, Values, User], str]
    form: type[EmptyForm] = EmptyForm
    in_work_list: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A marked row by its model's name and its id, as pages send it: `company:12`."""

    model: str
    pk: int

    def __str__(self) -> str:
        return f"{self.model}:{self.pk}"


def _approve(company: Company, _values: Values, by: User) -> str:
    companies.approve(company, by=by)
    return _told(gettext("承認し、ご注文いただけるようにします。"), company)


def _refuse(company: Company, values: Values, by: User) -> str:
    companies.refuse(company, reason=values.get("reason", ""), by=by)
    return _told(gettext("お取引不可にします。"), company)


def _told(what: str, company: Company) -> str:
    count = len(list(registration_mail.recipients(company)))
    return what + (
        gettext("メール：%(count)s通") % {"count": count} if count else gettext("メールの宛先はありません。")
    )


def _resend(message: Message, _values: Values, by: User) -> str:
    mailings.resend(message, by=by)
    return gettext("%(to)s へもう一度送信します。") % {"to": message.recipient}


def _assign(subject: Any, values: Values, by: User) -> str:
    chosen = values.get("user")
    assignments.assign(subject, user=chosen, by=by)
    return gettext("担当：%(name)s") % {"name": chosen.name} if chosen else gettext("担当を外します。")


_ALL_ACTIONS = (
    Action(
        "company-approve",
        _("会社を承認する"),
        _("承認すると、すぐにご注文いただけるようになり、会員の方にメールが届きます。"),
        Right.REVIEW_COMPANIES,
        (Company,),
        _approve,
        in_work_list=True,
    ),
    Action(
        "company-refuse",
        _("会社をお取引不可にする"),
        _("見積の作成もご注文もできなくなり、会員の方に理由がメールで届きます。"),
        Right.REVIEW_COMPANIES,
        (Company,),
        _refuse,
        form=RefuseForm,
        in_work_list=True,
    ),
    Action(
        "assign",
        _("運営の担当者を決める"),
        _("お客様には表示されません。すでに決まっている担当者は置き換わります。"),
        Right.HELP_MEMBERS,
        (Company, Member, Quote, Order),
        _assign,
        form=AssignForm,
        in_work_list=True,
    ),
    Action(
        "message-resend",
        _("送信できなかったメールを再送する"),
        _("送信に失敗したメールだけを、もう一度送信します。"),
        Right.VIEW_RECORDS,
        (Message,),
        _resend,
    ),
)
ACTIONS: Final = {action.code: action for action in _ALL_ACTIONS}


def offered(by: User, model: type[models.Model] | None = None) -> list[Action]:
    """What this person may do with rows of the model; without one, with tasks of the work list."""
    fits = [one for one in ACTIONS.values() if (one.in_work_list if model is None else model in one.models)]
    return [one for one in fits if rights.allowed(by, one.right)]


def parsed(sent: Iterable[str]) -> list[Row]:
    """The rows that a page sent, each once, by model and id, so that two people's runs lock in one order; others are dropped."""
    rows = set()
    for text in sent:
        model, _colon, pk = text.partition(":")
        number = whole_numbers.read(pk)
        if number is not None:
            rows.add(Row(model, number))
    return sorted(rows, key=lambda row: (row.model, row.pk))


def preview(action: Action, rows: Sequence[Row], values: Values, *, by: User) -> list[Outcome]:
    """What `run` would give now; nothing of it stays."""
    with transaction.atomic():
        outcomes = run(action, rows, values, by=by)
        transaction.set_rollback(True)
    return outcomes


def run(action: Action, rows: Sequence[Row], values: Values, *, by: User) -> list[Outcome]:
    """Do it with each row by itself: what is refused for one is no hindrance for the next.

    Refused: `role` without the action's right; `limit` for more than MOST rows.
    """
    rights.check(by, action.right)
    if len(rows) > MOST:
        message = gettext("一度に処理できるのは%(most)s件までです。選択を減らしてください。")
        raise Refused(message % {"most": MOST}, code="limit")
    known = {str(model._meta.model_name): model for model in action.models}
    found = {name: _found(model, [row.pk for row in rows if row.model == name], by) for name, model in known.items()}
    return [_one(action, row, found.get(row.model), values, by) for row in rows]


def _found(model: type[Marked], ids: list[int], by: User) -> dict[int, Any]:
    return model.objects.visible_to(by).select_related("store").in_bulk(ids) if ids else {}


def _one(action: Action, row: Row, found: dict[int, Any] | None, values: Values, by: User) -> Outcome:
    if found is None:
        return Outcome(str(row.pk), "", is_done=False, says=gettext("この操作の対象ではありません。"))
    if row.pk not in found:
        return Outcome(str(row.pk), "", is_done=False, says=gettext("見つかりません。"))
    subject = found[row.pk]
    label, store = str(subject), str(subject.store or "")
    try:
        with transaction.atomic():
            return Outcome(label, store, is_done=True, says=action.act(subject, values, by))
    except Refused as refusal:
        return Outcome(label, store, is_done=False, says=refusal.message)
    except NotVisible:
        return Outcome(label, store, is_done=False, says=gettext("見つかりません。"))
