"""The desk finds contracts of all stores by their number and by the vendor's."""

from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("licensing", "0004_renews")]

    operations = [
        migrations.AddIndex("contract", models.Index(fields=["number"], name="contracts_by_number")),
        migrations.AddIndex(
            "contract", models.Index(Upper("vendor_contract_number"), name="contracts_by_vendors_number")
        ),
    ]
