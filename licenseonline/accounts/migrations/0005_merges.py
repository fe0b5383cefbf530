"""Companies that the desk merged, and what it takes to undo it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Additive: a state and two columns."""

    dependencies = [
        ("accounts", "0004_member_locks"),
        ("stores", "0004_approval"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="company",
            name="company_state",
        ),
        migrations.AddField(
            model_name="companymerge",
            name="merged_state",
            field=models.CharField(
                choices=[
                    ("active", "有効"),
                    ("awaiting_approval", "承認待ち"),
                    ("refused", "お取引不可"),
                    ("merged", "統合済み"),
                ],
                default="active",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="companymerge",
            name="newest",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="company",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "有効"),
                    ("awaiting_approval", "承認待ち"),
                    ("refused", "お取引不可"),
                    ("merged", "統合済み"),
                ],
                default="active",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "awaiting_approval", "refused", "merged"])),
                name="company_state",
            ),
        ),
    ]
