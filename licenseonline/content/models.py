"""What a store tells its visitors."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.kit.tenancy import StoreModel, StoreQuerySet


class News(StoreModel):
    """An announcement (お知らせ), Markdown."""

    is_public = True

    title = models.CharField(max_length=120)
    body = models.TextField()
    published_on = models.DateField()

    objects = StoreQuerySet["News"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "-published_on", "-id"], name="news_of_store")]

    def __str__(self) -> str:
        return self.title


class Faq(StoreModel):
    """A question and its answer under one of the six headings of the real service."""

    is_public = True

    class Heading(models.TextChoices):
        SITE = "site", _("当サイトについて")
        REGISTRATION = "registration", _("ご登録情報について")
        ORDERS = "orders", _("見積・注文について")
        RENEWAL = "renewal", _("ライセンス製品更新について")
        PAYMENT = "payment", _("お支払方法について")
        DELIVERY = "delivery", _("出荷・請求書について")

    heading = models.CharField(max_length=12, choices=Heading.choices)
    position = models.PositiveSmallIntegerField(default=0)
    question = models.CharField(max_length=200)
    answer = models.TextField()

    objects = StoreQuerySet["Faq"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "heading", "position"], name="faq_of_store")]

    def __str__(self) -> str:
        return self.question


class Page(StoreModel):
    """A page of the store at `/<store>/contents/static/<path>.html`, Markdown."""

    is_public = True

    path = models.CharField(max_length=120)
    title = models.CharField(max_length=120)
    body = models.TextField()

    objects = StoreQuerySet["Page"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "path"], name="one_page_per_path")]

    def __str__(self) -> str:
        return self.title
