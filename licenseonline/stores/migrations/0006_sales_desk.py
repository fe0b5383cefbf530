"""Whether a store takes orders from the cart, and below which margin a head must say yes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two settings."""

    dependencies = [
        ("stores", "0005_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="store",
            name="least_margin_per_mille",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="store",
            name="orders_from_cart",
            field=models.BooleanField(default=False),
        ),
    ]
