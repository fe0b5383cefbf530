"""Vendors and products: their texts and pictures. What is found of them is written with each change."""

import base64
import re
from functools import cached_property
from typing import Any, ClassVar, Final

from django import forms
from django.contrib.admin import RelatedFieldListFilter, display
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.backoffice.editable import EditableAdmin, SettingForm
from licenseonline.backoffice.read_only import Label, column, titled
from licenseonline.backoffice.requests import of_desk
from licenseonline.catalog import pictures, search
from licenseonline.catalog.models import Product, ProductPicture, Vendor
from licenseonline.kit.errors import Refused

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PICTURE: Final = ("new_picture", "without_picture")
_KANA: Final = gettext_lazy("全角カタカナで入力します。検索と並び順に使います。")
_ALIASES: Final = gettext_lazy("検索で見つけたい別の呼び方を、空白で区切って入力します。")


def _index(products: Any) -> None:
    """In the transaction of the change, so that it is found at once."""
    search.index(products.select_related("vendor").prefetch_related("skus"))


class CodedForm(SettingForm):
    """Codes stand in addresses."""

    def clean_code(self) -> str:
        """Small letters, digits and hyphens between them."""
        code: str = self.cleaned_data["code"]
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(_("半角の英小文字・数字・ハイフンで入力してください。"), code="invalid")
        return code


class VendorAdmin(EditableAdmin):
    """All makers."""

    names = (gettext_lazy("メーカー"), gettext_lazy("メーカー"))
    form = CodedForm
    labels: ClassVar[dict[str, Label]] = {
        "code": gettext_lazy("コード"),
        "name": gettext_lazy("名称"),
        "kana": gettext_lazy("フリガナ"),
        "aliases": gettext_lazy("別名"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "code": gettext_lazy("ページのアドレスに使います。登録後は変更できません。"),
        "kana": _KANA,
        "aliases": _ALIASES,
    }
    list_display = (
        column(gettext_lazy("名称"), "name"),
        column(gettext_lazy("フリガナ"), "kana"),
        column(gettext_lazy("コード"), "code"),
    )
    search_fields = ("name", "kana", "code", "aliases")
    search_help_text = gettext_lazy("名称、フリガナ、コード、別名で検索")

    def get_readonly_fields(self, request: HttpRequest, obj: Vendor | None = None) -> tuple[str, ...]:
        """Addresses stay."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Vendor, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's)
        """Its products are found by its names, too."""
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            _index(Product.objects.filter(vendor=obj))


class ProductForm(CodedForm):
    """A product's texts, and its picture, which is drawn anew from what is handed in."""

    new_picture = forms.FileField(
        label=gettext_lazy("画像を登録"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp", "class": "desk-file"}),
        help_text=gettext_lazy(
            "PNG、JPEG、WebP（10MBまで）。800ピクセル以内に縮小し、撮影情報などは取り除いて登録します。"
        ),
    )
    without_picture = forms.BooleanField(label=gettext_lazy("画像を削除"), required=False)

    def clean_new_picture(self) -> bytes | None:
        """The bytes, when they can be drawn."""
        file = self.cleaned_data["new_picture"]
        if file is None:
            return None
        content: bytes = file.read(pictures.MOST_BYTES + 1)
        try:
            pictures.check(content)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        return content

    def clean(self) -> dict[str, Any]:
        """A picture is put or removed, not both."""
        own = {name: self.cleaned_data.pop(name, None) for name in _PICTURE}
        data = super().clean()
        if all(own.values()):
            self.add_error("without_picture", _("登録と削除は同時にできません。"))
        data.update(own)
        return data

    @cached_property
    def changed_data(self) -> list[str]:
        """Of the product itself; the picture is a row of its own."""
        return [name for name in super().changed_data if name not in _PICTURE]


class ProductAdmin(EditableAdmin):
    """All products."""

    names = (gettext_lazy("製品"), gettext_lazy("製品"))
    form = ProductForm
    labels: ClassVar[dict[str, Label]] = {
        "code": gettext_lazy("コード"),
        "vendor": gettext_lazy("メーカー"),
        "name": gettext_lazy("製品名"),
        "kana": gettext_lazy("フリガナ"),
        "aliases": gettext_lazy("別名"),
        "category": gettext_lazy("分類"),
        "summary": gettext_lazy("概要"),
        "description": gettext_lazy("説明"),
        "papers_note": gettext_lazy("ご提出書類の説明"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "code": gettext_lazy("ページのアドレスに使います。登録後は変更できません。"),
        "kana": _KANA,
        "aliases": _ALIASES,
        "summary": gettext_lazy("一覧と製品ページのはじめに、そのまま表示します。"),
        "description": gettext_lazy("Markdown で書けます（見出し ##、箇条書き -、強調 **、リンク、表）。"),
        "papers_note": gettext_lazy("書類が必要な型番のある製品ページに表示します。"),
    }
    list_display = (
        column(gettext_lazy("製品名"), "name"),
        column(gettext_lazy("メーカー"), "vendor__name"),
        column(gettext_lazy("分類"), "category"),
        column(gettext_lazy("コード"), "code"),
    )
    list_select_related = ("vendor",)
    list_filter: ClassVar = [("vendor", titled(gettext_lazy("メーカー"), RelatedFieldListFilter))]
    search_fields = ("name", "kana", "aliases", "code")
    search_help_text = gettext_lazy("製品名、フリガナ、別名、コードで検索")
    ordering = ("vendor__kana", "name", "id")

    @display(description=gettext_lazy("現在の画像"), empty_value="－")
    def picture_now(self, obj: Product) -> str | None:
        """As shops show it."""
        kept = ProductPicture.objects.filter(product=obj).first() if obj.pk else None
        if kept is None:
            return None
        shown = base64.b64encode(bytes(kept.content)).decode()
        return format_html('<img class="desk-picture" src="data:image/webp;base64,{}" alt="">', shown)

    def get_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        """A new product has no picture to remove."""
        return (*self.labels, "picture_now", *_PICTURE) if obj else (*self.labels, "new_picture")

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        """Addresses stay, and price lists are the vendor's."""
        return ("code", "vendor", "picture_now") if obj else ()

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's)
        """With its picture and what it is found by."""
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("without_picture"):
            pictures.remove(obj, by=of_desk(request).user)
        if content := form.cleaned_data.get("new_picture"):
            pictures.put(obj, content, by=of_desk(request).user)
        _index(Product.objects.filter(pk=obj.pk))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> str:  # noqa: FBT001, FBT002
        """What became of the picture, too."""
        said = super().construct_change_message(request, form, formsets, add)
        picture = [_("画像: 登録")] if form.cleaned_data.get("new_picture") else []
        picture += [_("画像: 削除")] if form.cleaned_data.get("without_picture") else []
        return "\n".join(filter(None, [said, *picture]))


ADMINS = {Vendor: VendorAdmin, Product: ProductAdmin}
