"""Lead time, unit and days of sale of SKUs; bands, selling rules, company prices, campaigns; vendors' rules; imports."""

import datetime as dt

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import licenseonline.kit.tenancy
from licenseonline.kit.edition import RaisesEdition
from licenseonline.kit.privileges import PlatformOnly
from licenseonline.kit.tenancy import LockStoreTables

# What was said of a product as a whole is now said of each of its SKUs.
MOVED_TO_SKUS = """
UPDATE catalog_sku sku SET
  lead_days = product.lead_days,
  is_cloud = product.is_cloud,
  sale_to = CASE WHEN sku.is_on_sale THEN sku.sale_to ELSE '0001-01-01' END,
  unit = CASE product.unit
    WHEN 'ユーザー' THEN 'user' WHEN '台' THEN 'pc' WHEN 'デバイス' THEN 'device' WHEN 'サーバー' THEN 'server'
    WHEN 'コア' THEN 'core' WHEN 'メールボックス' THEN 'mailbox' WHEN '校' THEN 'school' ELSE 'licence' END
FROM catalog_product product WHERE product.id = sku.product_id
"""


class Migration(migrations.Migration):
    """Tables with their locks; what was said of products moves to their SKUs."""

    dependencies = [
        ("accounts", "0005_merges"),
        ("catalog", "0006_search_words"),
        ("stores", "0004_approval"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="price",
            name="one_price_per_list",
        ),
        migrations.RemoveConstraint(
            model_name="pricelist",
            name="one_list_per_day",
        ),
        migrations.RemoveConstraint(
            model_name="sellingrule",
            name="one_rule_per_vendor",
        ),
        migrations.RemoveConstraint(
            model_name="sellingrule",
            name="selling_rule_positive",
        ),
        migrations.AddField(
            model_name="price",
            name="band_from",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="pricelist",
            name="to_day",
            field=models.DateField(default=dt.date(9999, 12, 31)),
        ),
        migrations.AddField(
            model_name="pricelist",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sellingrule",
            name="fixed_yen",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sellingrule",
            name="kind",
            field=models.CharField(
                choices=[("list", "定価に対する掛率"), ("margin", "原価に対する粗利率"), ("fixed", "固定価格")],
                default="list",
                max_length=8,
            ),
        ),
        migrations.RenameField("sellingrule", "per_mille_of_list", "per_mille"),
        migrations.AlterField("sellingrule", "per_mille", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField(
            model_name="sellingrule",
            name="product",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.product"
            ),
        ),
        migrations.AddField(
            model_name="sellingrule",
            name="rounding",
            field=models.CharField(
                choices=[("down", "切り捨て"), ("up", "切り上げ"), ("nearest", "四捨五入")],
                default="down",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="sellingrule",
            name="sku",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.sku"
            ),
        ),
        migrations.AddField(
            model_name="sku",
            name="delivery",
            field=models.CharField(
                choices=[
                    ("key", "ライセンスキー（メール・会員メニュー）"),
                    ("certificate", "ライセンス証書（PDF）"),
                    ("portal", "メーカーの管理画面"),
                    ("media", "メディアの配送"),
                ],
                default="key",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="sku",
            name="is_cloud",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="sku",
            name="lead_days",
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AddField(
            model_name="sku",
            name="payment_methods",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("transfer", "銀行振込"), ("card", "クレジットカード"), ("deferred", "後払い")],
                    max_length=10,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="sku",
            name="sale_from",
            field=models.DateField(default=dt.date(1, 1, 1)),
        ),
        migrations.AddField(
            model_name="sku",
            name="sale_to",
            field=models.DateField(default=dt.date(9999, 12, 31)),
        ),
        migrations.AddField(
            model_name="sku",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="predecessors",
                to="catalog.sku",
            ),
        ),
        migrations.AddField(
            model_name="sku",
            name="term_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sku",
            name="unit",
            field=models.CharField(
                choices=[
                    ("licence", "ライセンス"),
                    ("user", "ユーザー"),
                    ("pc", "台"),
                    ("device", "デバイス"),
                    ("server", "サーバー"),
                    ("core", "コア"),
                    ("processor", "プロセッサー"),
                    ("mailbox", "メールボックス"),
                    ("school", "校"),
                    ("gigabyte", "GB"),
                    ("pack", "パック"),
                ],
                default="licence",
                max_length=10,
            ),
        ),
        migrations.RunSQL(MOVED_TO_SKUS, migrations.RunSQL.noop),
        migrations.RemoveField("product", "is_cloud"),
        migrations.RemoveField("product", "lead_days"),
        migrations.RemoveField("product", "unit"),
        migrations.RemoveField("sku", "is_on_sale"),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(fields=("sku", "price_list", "band_from"), name="one_price_per_band"),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(condition=models.Q(("band_from__gte", 1)), name="price_band_positive"),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_day__lte", models.F("to_day"))), name="list_days_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="sellingrule",
            constraint=models.UniqueConstraint(
                fields=("store", "vendor", "product", "sku"), name="one_rule_for_each", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="sellingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("product__isnull", True), ("sku__isnull", True), ("vendor__isnull", True)),
                    models.Q(("product__isnull", True), ("sku__isnull", True), ("vendor__isnull", False)),
                    models.Q(("product__isnull", False), ("sku__isnull", True), ("vendor__isnull", True)),
                    models.Q(("product__isnull", True), ("sku__isnull", False), ("vendor__isnull", True)),
                    _connector="OR",
                ),
                name="selling_rule_names_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="sellingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("fixed_yen", None), ("kind", "list"), ("per_mille__gte", 1), ("per_mille__isnull", False)
                    ),
                    models.Q(
                        ("fixed_yen", None), ("kind", "margin"), ("per_mille__isnull", False), ("per_mille__lt", 1000)
                    ),
                    models.Q(
                        ("fixed_yen__gte", 0),
                        ("fixed_yen__isnull", False),
                        ("kind", "fixed"),
                        ("per_mille", None),
                        ("sku__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="selling_rule_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="sellingrule",
            constraint=models.CheckConstraint(condition=models.Q(("round_to_yen__gte", 1)), name="selling_rule_step"),
        ),
        migrations.AddConstraint(
            model_name="sellingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("rounding__in", ["down", "up", "nearest"])), name="selling_rule_rounding"
            ),
        ),
        migrations.AddConstraint(
            model_name="sku",
            constraint=models.CheckConstraint(
                condition=models.Q(("term_months", None), ("term_until", None), _connector="OR"), name="sku_one_term"
            ),
        ),
        migrations.AddConstraint(
            model_name="sku",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor", models.F("id")), _negated=True), name="sku_follows_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="sku",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "unit__in",
                        [
                            "licence",
                            "user",
                            "pc",
                            "device",
                            "server",
                            "core",
                            "processor",
                            "mailbox",
                            "school",
                            "gigabyte",
                            "pack",
                        ],
                    )
                ),
                name="sku_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="sku",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery__in", ["key", "certificate", "portal", "media"])), name="sku_delivery"
            ),
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=120)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("body", models.TextField(blank=True)),
                ("from_day", models.DateField()),
                ("to_day", models.DateField()),
                ("is_published", models.BooleanField(default=False)),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store", "code"),
                        name="one_campaign_of_a_code",
                        violation_error_message="このストアには同じコードのキャンペーンがすでにあります。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_day__lte", models.F("to_day"))),
                        name="campaign_days_in_order",
                        violation_error_message="終了日は開始日以降の日付にしてください。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("per_mille_off", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("fixed_yen", models.BigIntegerField(blank=True, null=True)),
                (
                    "campaign",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="catalog.campaign",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.product"
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.sku"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("product__isnull", True), ("sku__isnull", True), ("vendor__isnull", False)),
                            models.Q(("product__isnull", False), ("sku__isnull", True), ("vendor__isnull", True)),
                            models.Q(("product__isnull", True), ("sku__isnull", False), ("vendor__isnull", True)),
                            _connector="OR",
                        ),
                        name="campaign_item_names_one",
                        violation_error_message="メーカー、製品、型番のいずれか1つを指定してください。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fixed_yen", None), ("per_mille_off__lte", 1000)),
                            models.Q(("fixed_yen", None), ("per_mille_off", None)),
                            models.Q(("fixed_yen__gte", 0), ("per_mille_off", None), ("sku__isnull", False)),
                            _connector="OR",
                        ),
                        name="campaign_item_figures",
                        violation_error_message="割引率（100まで）か固定価格のどちらか1つを入力してください。固定価格は型番を指定したときだけ使えます。",
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "vendor", "product", "sku"),
                        name="one_campaign_item",
                        nulls_distinct=False,
                        violation_error_message="同じ対象がすでに登録されています。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("per_mille_off", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("fixed_yen", models.BigIntegerField(blank=True, null=True)),
                ("from_day", models.DateField(default=dt.date(1, 1, 1))),
                ("to_day", models.DateField(default=dt.date(9999, 12, 31))),
                ("reason", models.CharField(max_length=200)),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="accounts.company",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.product"
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.sku"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("product__isnull", True), ("sku__isnull", True), ("vendor__isnull", False)),
                            models.Q(("product__isnull", False), ("sku__isnull", True), ("vendor__isnull", True)),
                            models.Q(("product__isnull", True), ("sku__isnull", False), ("vendor__isnull", True)),
                            _connector="OR",
                        ),
                        name="company_price_names_one",
                    ),
                    models.UniqueConstraint(
                        fields=("store", "company", "vendor", "product", "sku", "from_day"),
                        name="one_company_price_a_day",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("fixed_yen", None), ("per_mille_off__isnull", False), ("per_mille_off__lte", 1000)
                            ),
                            models.Q(
                                ("fixed_yen__gte", 0),
                                ("fixed_yen__isnull", False),
                                ("per_mille_off", None),
                                ("sku__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="company_price_figures",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_day__lte", models.F("to_day"))), name="company_price_days_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("columns", models.JSONField(default=dict)),
                (
                    "vendor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="import_mapping", to="catalog.vendor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PriceImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "format",
                    models.CharField(
                        choices=[("table", "価格表（CSV・Excel）"), ("microsoft", "Microsoft ライセンス価格シート")],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "読み込み待ち"),
                            ("reading", "読み込み・確認中"),
                            ("checked", "確認済み（未反映）"),
                            ("broken", "読み込めませんでした"),
                            ("applying", "反映中"),
                            ("applied", "反映済み"),
                            ("undoing", "取り消し中"),
                            ("undone", "取り消し済み"),
                            ("discarded", "破棄"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("file_path", models.CharField(max_length=200, unique=True)),
                ("file_size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("headers", models.JSONField(default=list)),
                ("columns", models.JSONField(default=dict)),
                ("is_complete", models.BooleanField(default=False)),
                ("from_day", models.DateField()),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("done_rows", models.PositiveIntegerField(default=0)),
                ("all_rows", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "price_list",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by",
                        to="catalog.pricelist",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-created_at"], name="import_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "uploaded",
                                    "reading",
                                    "checked",
                                    "broken",
                                    "applying",
                                    "applied",
                                    "undoing",
                                    "undone",
                                    "discarded",
                                ],
                            )
                        ),
                        name="import_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["table", "microsoft"])), name="import_format"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "新規"),
                            ("changed", "価格変更"),
                            ("same", "変更なし"),
                            ("reopened", "販売再開"),
                            ("ended", "販売終了"),
                            ("refused", "取り込めません"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("model_number", models.CharField(db_collation="C", max_length=80)),
                ("band_from", models.PositiveIntegerField(default=1)),
                ("list_yen", models.BigIntegerField(null=True)),
                ("cost_yen", models.BigIntegerField(null=True)),
                ("old_list_yen", models.BigIntegerField(null=True)),
                ("old_cost_yen", models.BigIntegerField(null=True)),
                ("fields", models.JSONField(default=dict)),
                (
                    "sku",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.sku",
                    ),
                ),
                (
                    "price_import",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="catalog.priceimport",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["price_import", "outcome", "line"], name="import_rows_by_outcome")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["new", "changed", "same", "reopened", "ended", "refused"])),
                        name="import_row_outcome",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductPicture",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="picture",
                        serialize=False,
                        to="catalog.product",
                    ),
                ),
                ("content", models.BinaryField()),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="SkuRelation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("additional", "追加"),
                            ("renewal", "更新"),
                            ("upgrade", "アップグレード"),
                            ("crossgrade", "切替"),
                            ("competitive", "乗換"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "following",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="catalog.sku"
                    ),
                ),
                (
                    "held",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="followed_by", to="catalog.sku"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("held", "following", "kind"),
                        name="one_relation",
                        violation_error_message="この関係はすでに登録されています。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["additional", "renewal", "upgrade", "crossgrade", "competitive"])
                        ),
                        name="relation_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VendorRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purchase_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "新規"),
                            ("additional", "追加"),
                            ("renewal", "更新"),
                            ("competitive", "乗換"),
                            ("upgrade", "アップグレード"),
                            ("crossgrade", "切替"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "program",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("corporate", "コーポレート"),
                            ("academic", "アカデミック"),
                            ("government", "ガバメント"),
                        ],
                        max_length=12,
                    ),
                ),
                ("from_day", models.DateField()),
                ("opens_before", models.CharField(blank=True, max_length=4)),
                ("recommended_before", models.CharField(blank=True, max_length=4)),
                ("closes_after", models.CharField(blank=True, max_length=4)),
                ("stop_before", models.CharField(blank=True, max_length=4)),
                ("cap_per_mille", models.PositiveIntegerField(blank=True, null=True)),
                ("package_cap_per_mille", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "starts",
                    models.CharField(
                        choices=[("delivery", "納品日"), ("next_month", "納品日の翌月1日"), ("wished", "ご希望の日")],
                        default="delivery",
                        max_length=12,
                    ),
                ),
                (
                    "co_term",
                    models.CharField(
                        choices=[
                            ("none", "注文ごとに期間を数える"),
                            ("contract_end", "ご契約の終了日に合わせる"),
                            ("anniversary", "契約応当日に合わせる"),
                            ("wished", "ご希望の終了日（期間の範囲内）に合わせる"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                (
                    "proration",
                    models.CharField(
                        choices=[("none", "日割り・月割りをしない"), ("months", "月割り"), ("days", "日割り")],
                        default="none",
                        max_length=8,
                    ),
                ),
                (
                    "band_by",
                    models.CharField(
                        choices=[("quantity", "ご注文の数量"), ("held_plus_added", "保有数と追加数の合計")],
                        default="quantity",
                        max_length=16,
                    ),
                ),
                ("most_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("most_free_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("most_free_months_cloud", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("renewal_with_addition_from", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("cut_off_business_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("cancel_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "notice_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "never_starts_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("source", models.CharField(max_length=300)),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="catalog.product",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts__in", ["delivery", "next_month", "wished"])),
                        name="vendor_rule_starts",
                    ),
                    models.UniqueConstraint(
                        fields=("vendor", "product", "purchase_type", "program", "from_day"),
                        name="one_vendor_rule_a_day",
                        nulls_distinct=False,
                        violation_error_message="同じ対象の規定が、同じ適用開始日で登録されています。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_after__regex", "^([0-9]{1,3}[dm])?$"),
                            ("opens_before__regex", "^([0-9]{1,3}[dm])?$"),
                            ("recommended_before__regex", "^([0-9]{1,3}[dm])?$"),
                            ("stop_before__regex", "^([0-9]{1,3}[dm])?$"),
                        ),
                        name="vendor_rule_spans",
                        violation_error_message="期間は「30d」（日数）または「4m」（月数）の形で入力してください。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("co_term__in", ["none", "contract_end", "anniversary", "wished"])),
                        name="vendor_rule_co_term",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proration__in", ["none", "months", "days"])), name="vendor_rule_proration"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("band_by__in", ["quantity", "held_plus_added"])), name="vendor_rule_band_by"
                    ),
                ],
            },
        ),
        LockStoreTables("CompanyPrice", "Campaign", "CampaignItem"),
        PlatformOnly("catalog_priceimport", "catalog_importrow", "catalog_importmapping"),
        RaisesEdition("catalog_productpicture", "catalog_skurelation", "catalog_campaign", "catalog_campaignitem"),
    ]
