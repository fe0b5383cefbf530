"""Which contract a new one renews or replaces."""

import django.db.models.deletion
from django.db import migrations

import licenseonline.kit.tenancy
from licenseonline.kit.tenancy import LockStoreKeys


class Migration(migrations.Migration):
    """One column, within its store."""

    dependencies = [("licensing", "0003_sales_desk")]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="renews",
            field=licenseonline.kit.tenancy.StoreForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewed_by",
                to="licensing.contract",
            ),
        ),
        LockStoreKeys("Contract.renews"),
    ]
