"""What lists show of a quotation and of an order, so that they need not read the snapshots."""

from django.db import migrations, models

_FILL = """
UPDATE {table} SET title = left(snapshot->'lines'->0->>'name', 200) || CASE
  WHEN jsonb_array_length(snapshot->'lines') > 1 THEN ' ほか（全' || jsonb_array_length(snapshot->'lines') || '明細）'
  ELSE '' END
"""


class Migration(migrations.Migration):
    """Adds the column and fills it from what was frozen."""

    dependencies = [
        ("sales", "0002_locks"),
    ]

    operations = [
        operation
        for model in ("quote", "order")
        for operation in (
            migrations.AddField(model, "title", models.CharField(max_length=260, default=""), preserve_default=False),
            migrations.RunSQL(_FILL.format(table=f"sales_{model}"), migrations.RunSQL.noop),
        )
    ]
