"""Vendors and products: they belong to the platform, and stores sell of them what their rules say."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from licenseonline.catalog.models.skus import Sku


class Vendor(models.Model):
    """The maker (メーカー)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kana = models.CharField(max_length=120, blank=True)
    aliases = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kana", "name"]

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    """Reads that start from the store."""

    def public(self, store_id: int) -> Self:
        """Products of which the store sells at least one SKU today, by its listing rules (the most particular rule wins)."""
        return self.filter(models.Exists(Sku.objects.public(store_id).filter(product=models.OuterRef("pk"))))


class Product(models.Model):
    """What is sold (製品), with the text that search compares."""

    code = models.CharField(max_length=60, unique=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="products", db_index=False)
    name = models.CharField(max_length=200)
    kana = models.CharField(max_length=200, blank=True)
    aliases = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=40, blank=True)
    summary = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    papers_note = models.CharField(max_length=300, blank=True)
    popularity = models.IntegerField(default=0)

    # Written by search.index only; see kit/text.py for the folding.
    folded_name = models.CharField(max_length=400, db_collation="C", blank=True)
    folded_text = models.TextField(blank=True)
    search_vector = SearchVectorField(null=True)
    name_vector = SearchVectorField(null=True)  # of the name alone, without one when it is too long for an index

    objects = ProductQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(
                models.Func("search_vector", "vendor", "popularity", function="catalog_search_keys"),
                name="product_search_keys",
                fastupdate=False,
            ),
            models.Index(fields=["folded_name"], name="product_folded_name"),
            # Search reads names from these alone.
            models.Index(
                fields=["-popularity", "id"],
                include=("vendor", "folded_name", "name_vector"),
                name="product_popular_names",
            ),
            models.Index(
                fields=["vendor"],
                include=("id", "popularity", "folded_name", "name_vector"),
                name="product_vendor_names",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductPicture(models.Model):
    """A product's picture, made anew from what was uploaded; `digest` names these bytes in its address."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, primary_key=True, related_name="picture")
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=16)

    def __str__(self) -> str:
        return self.digest
