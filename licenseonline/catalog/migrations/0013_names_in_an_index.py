"""Names in indexes that hold all that search asks of them."""

import django.contrib.postgres.search
import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from licenseonline.kit.text import tsvector_literal

_AT_ONCE = 1000
_LONGEST = 600
FILL = """
UPDATE catalog_product product SET name_vector = made.vector::tsvector
FROM unnest(%s::bigint[], %s::text[]) made (id, vector) WHERE product.id = made.id
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As search.index writes it from now on."""
    products = apps.get_model("catalog", "Product").objects.exclude(folded_name="").order_by("id")
    last = 0
    while rows := list(products.filter(pk__gt=last).values_list("pk", "folded_name")[:_AT_ONCE]):
        last = rows[-1][0]
        made = {pk: vector for pk, name in rows if len((vector := tsvector_literal(name)).encode()) <= _LONGEST}
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(FILL, [list(made), list(made.values())])


class Migration(migrations.Migration):
    """The words of a name beside it, and the indexes of popularity and vendor with both."""

    dependencies = [("catalog", "0012_cut_off_time")]

    operations = [
        migrations.RemoveIndex(model_name="product", name="product_popularity"),
        migrations.AddField(
            model_name="product",
            name="name_vector",
            field=django.contrib.postgres.search.SearchVectorField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="product",
            name="vendor",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="catalog.vendor",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["-popularity", "id"],
                include=("vendor", "folded_name", "name_vector"),
                name="product_popular_names",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["vendor"],
                include=("id", "popularity", "folded_name", "name_vector"),
                name="product_vendor_names",
            ),
        ),
    ]
