"""What each of the staff is there for; until now everybody could do all."""

from django.db import migrations, models

_OPERATOR = ["admin", "orders", "accounting", "catalogue", "editor"]
_PARTNER = ["head", "sales", "books", "viewer"]
_LABELS = ["管理者", "受注", "経理", "商品", "編集", "責任者", "営業", "経理", "閲覧"]
_CHOICES = list(zip([*_OPERATOR, *_PARTNER], _LABELS, strict=True))


class Migration(migrations.Migration):
    """A role for everybody, and the check that operator and partner have their own."""

    dependencies = [("accounts", "0005_merges")]

    operations = [
        migrations.AddField("user", "role", models.CharField(choices=_CHOICES, default="admin", max_length=12)),
        migrations.RunSQL(
            "UPDATE accounts_user SET role = 'head' WHERE partner_id IS NOT NULL", migrations.RunSQL.noop
        ),
        migrations.AlterField("user", "role", models.CharField(choices=_CHOICES, max_length=12)),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("partner", None), ("role__in", _OPERATOR))
                | models.Q(("partner__isnull", False), ("role__in", _PARTNER)),
                name="user_role",
            ),
        ),
    ]
