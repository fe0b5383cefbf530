"""What search keeps beside the products: words that mean the same, words to correct typos by, searches that found nothing."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from licenseonline.kit.tenancy import StoreModel, StoreQuerySet


class Synonym(models.Model):
    """Words of which each finds the others, at every store."""

    words = models.CharField(max_length=500)  # as the desk wrote them, with 、 between
    folded = ArrayField(models.CharField(max_length=200))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words


class StoreSynonym(StoreModel):
    """As Synonym, at one store."""

    is_public = True

    words = models.CharField(max_length=500)
    folded = ArrayField(models.CharField(max_length=200))

    objects = StoreQuerySet["StoreSynonym"].as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words


class SearchWord(models.Model):
    """A word of the catalogue that a typo may mean: how it is spelled or sounds, and how to write it."""

    key = models.CharField(max_length=100, db_collation="C")
    text = models.CharField(max_length=100)
    grams = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "text"], name="search_word_once")]
        indexes = [GinIndex(fields=["grams"], name="search_word_grams", fastupdate=False)]

    def __str__(self) -> str:
        return self.text


class ZeroHit(StoreModel):
    """A search of a day that found nothing at the store, folded, without anything that names a person."""

    text = models.CharField(max_length=60)
    day = models.DateField()
    number = models.PositiveIntegerField(default=1)

    objects = StoreQuerySet["ZeroHit"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day", "text"], name="zero_hit_once_a_day")]

    def __str__(self) -> str:
        return self.text
