"""Changes here reach visitors at once."""

from django.db import migrations

from licenseonline.kit.edition import RaisesEdition


class Migration(migrations.Migration):
    """Raise the edition."""

    dependencies = [("catalog", "0003_tax_rates"), ("stores", "0003_edition")]

    operations = [
        RaisesEdition(
            "catalog_vendor",
            "catalog_product",
            "catalog_sku",
            "catalog_pricelist",
            "catalog_price",
            "catalog_taxrate",
            "catalog_storelisting",
            "catalog_sellingrule",
        )
    ]
