"""Search finds a store's products, and the most popular of very many, by the index alone."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions
from django.db import migrations, models

# Fold leaves no # in a word, so that no word is one of these keys. A level is a quarter of a doubling of popularity, and a
# product has the keys of all levels up to its own: one key asks for all that are at least that popular.
LEVELS = " ".join(f"#p{level:02}" for level in range(1, 61))
CREATE = f"""
CREATE FUNCTION catalog_search_keys(search_vector tsvector, vendor_id bigint, popularity integer) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(search_vector, ''::tsvector) || ('#v' || vendor_id::text || ' ' || left('{LEVELS}',
  CASE WHEN popularity < 1 THEN 0 ELSE 5 * (1 + floor(4 * ln(popularity::float8) / ln(2::float8))::integer) END
))::tsvector
"""


class Migration(migrations.Migration):
    """Keys of vendor and popularity beside the words, and what a search asks of SKUs within one index."""

    dependencies = [("catalog", "0008_margin_price")]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION catalog_search_keys(tsvector, bigint, integer)"),
        migrations.RemoveIndex(model_name="product", name="product_search"),
        migrations.AddIndex(
            model_name="product",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func("search_vector", "vendor", "popularity", function="catalog_search_keys"),
                fastupdate=False,
                name="product_search_keys",
            ),
        ),
        migrations.AlterField(
            model_name="sku",
            name="product",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="skus",
                to="catalog.product",
            ),
        ),
        migrations.AddIndex(
            model_name="sku",
            index=models.Index(
                fields=["product"],
                include=("sale_from", "sale_to", "purchase_type", "program", "term_months"),
                name="sku_of_product",
            ),
        ),
        migrations.RemoveIndex(model_name="sku", name="sku_folded_model"),
        migrations.AddIndex(
            model_name="sku",
            index=models.Index(
                fields=["folded_model"], include=("product", "sale_from", "sale_to"), name="sku_folded_model"
            ),
        ),
    ]
