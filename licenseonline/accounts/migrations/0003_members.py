"""Members as they manage themselves: roles, links, consents, second factors, and what a company consists of.

The one line of an address becomes the street: nobody can tell prefecture and city apart by machine with certainty.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import licenseonline.kit.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_locks"),
        ("records", "0002_locks"),
        ("stores", "0003_edition"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="member",
            name="one_member_per_address_and_store",
        ),
        migrations.RenameField(
            model_name="company",
            old_name="address",
            new_name="street",
        ),
        migrations.AddField(
            model_name="company",
            name="building",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="company",
            name="city",
            field=models.CharField(default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="company",
            name="corporate_number",
            field=models.CharField(blank=True, max_length=13),
        ),
        migrations.AddField(
            model_name="company",
            name="fax",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="company",
            name="prefecture",
            field=models.CharField(default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="company",
            name="state",
            field=models.CharField(
                choices=[("active", "有効"), ("awaiting_approval", "承認待ち"), ("refused", "お取引不可")],
                default="active",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="email_verified_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="member",
            name="newsletter",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="member",
            name="password_changed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="member",
            name="role",
            field=models.CharField(
                choices=[("admin", "管理者"), ("buyer", "購買担当"), ("viewer", "閲覧")], default="buyer", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="title",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="member",
            name="totp_secret",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="member",
            name="totp_step",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="member",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="created_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="device",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="session",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accounts.member",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="network",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="session",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="user_id",
            field=models.BigIntegerField(db_index=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "awaiting_approval", "refused"])), name="company_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corporate_number", ""), ("corporate_number__regex", "^[0-9]{13}$"), _connector="OR"
                ),
                name="company_corporate_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("store", "email"),
                name="one_member_per_address_and_store",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["admin", "buyer", "viewer"])), name="member_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at", None), ("is_active", False), _connector="OR"),
                name="withdrawn_member_is_not_active",
            ),
        ),
        migrations.CreateModel(
            name="BillingContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("postal_code", models.CharField(max_length=8)),
                ("prefecture", models.CharField(max_length=10)),
                ("city", models.CharField(max_length=60)),
                ("street", models.CharField(max_length=200)),
                ("building", models.CharField(blank=True, max_length=100)),
                ("name", models.CharField(max_length=120)),
                ("department", models.CharField(blank=True, max_length=80)),
                ("person", models.CharField(max_length=60)),
                ("phone", models.CharField(max_length=20)),
                ("email", models.EmailField(max_length=254)),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billing_contact",
                        to="accounts.company",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CompanyChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("kana", models.CharField(max_length=120)),
                ("corporate_number", models.CharField(blank=True, max_length=13)),
                (
                    "state",
                    models.CharField(
                        choices=[("requested", "確認中"), ("accepted", "反映済み"), ("returned", "差し戻し")],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="accounts.company",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "paper",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
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
                "indexes": [models.Index(fields=["state", "-id"], name="accounts_co_state_b04946_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["requested", "accepted", "returned"])),
                        name="company_change_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "requested")),
                        fields=("company",),
                        name="one_open_change_per_company",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "kept",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "merged",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("merged")), _negated=True),
                        name="a_company_merges_with_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("merged",), name="a_company_is_merged_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("terms", "ご利用条件への同意"),
                            ("antisocial", "反社会的勢力ではないことの表明"),
                            ("newsletter", "メールマガジンの配信"),
                        ],
                        max_length=12,
                    ),
                ),
                ("given", models.BooleanField()),
                ("version", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                ("source", models.CharField(max_length=60)),
                ("network", models.CharField(blank=True, max_length=64)),
                (
                    "member",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="accounts.member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["store", "member", "kind", "-id"], name="accounts_co_store_i_253afa_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["terms", "antisocial", "newsletter"])), name="consent_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("verify", "メールアドレスの認証"),
                            ("email_change", "メールアドレスの変更"),
                            ("invite", "会員の招待"),
                            ("stop", "変更の取りやめ"),
                        ],
                        max_length=12,
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("address", models.TextField(blank=True)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[("admin", "管理者"), ("buyer", "購買担当"), ("viewer", "閲覧")],
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mail_links",
                        to="accounts.company",
                    ),
                ),
                (
                    "created_by",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "member",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mail_links",
                        to="accounts.member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["verify", "email_change", "invite", "stop"])),
                        name="mail_link_purpose",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "member",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery_codes",
                        to="accounts.member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("member", "fingerprint"), name="one_recovery_code")],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email_hash", models.CharField(max_length=64)),
                ("data", models.TextField(blank=True)),
                ("password", models.CharField(blank=True, max_length=128)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "invitation",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.maillink",
                    ),
                ),
                (
                    "member",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["store", "email_hash"], name="accounts_re_store_i_79013a_idx")],
            },
        ),
        migrations.CreateModel(
            name="TemporaryPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "member",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="temporary_passwords",
                        to="accounts.member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "fingerprint"), name="one_temporary_password")
                ],
            },
        ),
    ]
