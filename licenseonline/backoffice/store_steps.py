"""The steps on a store's page, each with its form and its verb, and the words of its history."""

from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import User
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.store_forms import CloseForm, CommissionForm, HolidaysForm, NewStoreForm, NoteForm
from licenseonline.kit import clock
from licenseonline.stores import openings, store_settings
from licenseonline.stores.models import Store, StoreHoliday, StoreState


class Button(StepForm):
    """Nothing to fill in."""

    step = "publish"


@dataclass(frozen=True, slots=True)
class Words:
    """A step in words, the states in which it is offered, and its form."""

    title: Promise
    hint: Promise
    done: Promise
    states: frozenset[StoreState]
    form: type[StepForm]


_ALL: Final = frozenset(StoreState)
STEPS: Final[dict[str, Words]] = {
    "publish": Words(
        _("公開する"),
        _(
            "だれでもストアを見られるようになり、会員登録・見積・ご注文を受け付けます。先にプレビューで確認してください。"
        ),
        _("公開しました。"),
        frozenset({StoreState.DRAFT, StoreState.PAUSED, StoreState.CLOSED}),
        Button,
    ),
    "holidays": Words(
        _("休業日の設定"),
        _("納期とお支払い期限の営業日の計算に使います。"),
        _("休業日を変更しました。"),
        _ALL,
        HolidaysForm,
    ),
    "commission": Words(
        _("手数料率の設定"),
        _("適用開始日からの注文に使います。すでにある注文の手数料は変わりません。"),
        _("手数料率を設定しました。"),
        _ALL,
        CommissionForm,
    ),
    "pause": Words(
        _("休止する"),
        _("新しい会員登録・見積・ご注文を止めます。会員の方は、ログインして履歴を閲覧できます。"),
        _("休止しました。"),
        frozenset({StoreState.OPEN}),
        NoteForm,
    ),
    "close": Words(
        _("閉店する"),
        _("新しい会員登録・見積・ご注文を止め、指定した日まで履歴を閲覧できるようにします。"),
        _("閉店しました。"),
        frozenset({StoreState.OPEN, StoreState.PAUSED}),
        CloseForm,
    ),
}

EVENTS: Final[dict[str, Promise]] = {
    "store.prepared": _("開設の準備"),
    "store.copied": _("ほかのストアからの複製"),
    "store.published": _("公開"),
    "store.reopened": _("再開"),
    "store.changed": _("設定の変更"),
    "store.paused": _("休止"),
    "store.closed": _("閉店"),
    "store.holidays": _("休業日の変更"),
    "store.commission": _("手数料率の設定"),
}
LABELS: Final[dict[str, Any]] = {
    **{name: field.label for name, field in NewStoreForm.base_fields.items() if field.label},
    "logo_svg": _("ロゴ（照合用の値）"),
    "seal_png": _("印影（照合用の値）"),
    "paused_note": _("お客様へのお知らせ"),
    "readable_until": _("履歴を閲覧できる最終日"),
    "holidays": _("休業日"),
    "per_mille": _("手数料率"),
    "from_day": _("適用開始日"),
    "source": _("複製元のストアID"),
    "listings": _("取扱製品の規則"),
    "selling_rules": _("販売価格の規則"),
    "pages": _("ページ"),
    "faqs": _("FAQ"),
}


def form_of(store: Store, step: str, data: Any = None) -> StepForm:
    """The step's form, filled with what holds now when nothing was sent."""
    initial: dict[str, Any] = {}
    if step == "holidays":
        coming = StoreHoliday.objects.filter(store=store, day__gte=clock.today()).order_by("day")
        initial = {"holidays": "\n".join(f"{one.day.isoformat()} {one.name}" for one in coming)}
    elif step == "commission":
        initial = {"from_day": clock.today()}
    return STEPS[step].form(data, initial=initial)


def do(store: Store, step: str, form: StepForm, *, by: User) -> None:
    """What the valid form asks for."""
    given = form.cleaned_data
    if step == "publish":
        openings.publish(store, by=by)
    elif step == "holidays":
        store_settings.set_holidays(store, given["holidays"], by=by)
    elif step == "commission":
        rate = int(given["rate"] * 10)
        store_settings.agree_commission(store, per_mille=rate, from_day=given["from_day"], by=by)
    elif step == "pause":
        openings.pause(store, note=given["note"], by=by)
    else:
        openings.close(store, readable_until=given["readable_until"], note=given["note"], by=by)


def of(store: Store, step: str, failed: StepForm | None) -> list[Step]:
    """Those that fit the store's state, the one that was sent as it was filled."""
    return [
        Step(
            str(words.title),
            str(words.hint),
            str(words.title),
            reverse("backoffice:store_step", args=[store.pk, name]),
            failed if failed is not None and name == step else form_of(store, name),
        )
        for name, words in STEPS.items()
        if store.state in words.states
    ]
