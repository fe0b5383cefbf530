"""What staff write down beside customers' things, leave to act for a member, and lists as somebody wants them again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import licenseonline.kit.tenancy
from licenseonline.kit.tenancy import LockStoreTables


class Migration(migrations.Migration):
    """All but saved filters are store tables."""

    dependencies = [
        ("accounts", "0007_staff_links"),
        ("records", "0005_platform_history"),
        ("stores", "0005_states"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActingTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "member",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["store", "member", "-id"], name="acting_for_member")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("desk", "運営"), ("partner", "セールスパートナー")], max_length=8)),
                (
                    "subject_type",
                    models.CharField(
                        choices=[("company", "会社"), ("member", "会員"), ("quote", "見積"), ("order", "注文")],
                        max_length=10,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "subject_type"], name="assignments_of_user")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["desk", "partner"])), name="assignment_side"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject_type__in", ["company", "member", "quote", "order"])),
                        name="assignment_subject",
                    ),
                    models.UniqueConstraint(
                        fields=("store", "side", "subject_type", "subject_id"),
                        name="one_assignment_per_side_and_subject",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("desk", "運営"), ("partner", "セールスパートナー")], max_length=8)),
                (
                    "subject_type",
                    models.CharField(
                        choices=[("company", "会社"), ("member", "会員"), ("quote", "見積"), ("order", "注文")],
                        max_length=10,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("note", "メモ"), ("call_in", "電話（着信）"), ("call_out", "電話（発信）")],
                        default="note",
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(max_length=4000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["store", "subject_type", "subject_id", "-id"], name="notes_of_subject")
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("side__in", ["desk", "partner"])), name="note_side"),
                    models.CheckConstraint(
                        condition=models.Q(("subject_type__in", ["company", "member", "quote", "order"])),
                        name="note_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["note", "call_in", "call_out"])), name="note_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=2000)),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "page", "name"), name="one_filter_per_name")],
            },
        ),
        migrations.CreateModel(
            name="SubjectFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("desk", "運営"), ("partner", "セールスパートナー")], max_length=8)),
                (
                    "subject_type",
                    models.CharField(
                        choices=[("company", "会社"), ("member", "会員"), ("quote", "見積"), ("order", "注文")],
                        max_length=10,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "file",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.storedfile",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["store", "subject_type", "subject_id", "-id"], name="files_of_subject")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["desk", "partner"])), name="subject_file_side"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject_type__in", ["company", "member", "quote", "order"])),
                        name="subject_file_subject",
                    ),
                ],
            },
        ),
        LockStoreTables("Note", "SubjectFile", "Assignment", "ActingTicket"),
    ]
