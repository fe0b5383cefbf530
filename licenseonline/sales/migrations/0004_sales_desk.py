"""Quotations with revisions, approval and requests; orders with papers; vendor orders."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import licenseonline.kit.tenancy
from licenseonline.kit.privileges import AppendOnly, PlatformOnly
from licenseonline.kit.tenancy import LockStoreKeys, LockStoreTables

_ARRANGING = "UPDATE sales_order SET state = 'arranging' WHERE state = 'paid'"
_DELIVERED = """
UPDATE sales_orderline line SET delivered_at = entry.at
FROM records_historyentry entry
WHERE entry.store_id = line.store_id AND entry.subject_type = 'order' AND entry.subject_id = line.order_id
  AND entry.event = 'order.delivered'
"""


class Migration(migrations.Migration):
    """Paid orders are メーカー手配中 now; what was delivered keeps its time."""

    dependencies = [
        ("accounts", "0008_desk_notes"),
        ("billing", "0002_locks"),
        ("catalog", "0011_sales_desk"),
        ("licensing", "0003_sales_desk"),
        ("records", "0005_platform_history"),
        ("sales", "0003_title"),
        ("stores", "0006_sales_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="order",
            name="order_state",
        ),
        migrations.RemoveConstraint(
            model_name="quote",
            name="quote_state",
        ),
        migrations.RemoveConstraint(
            model_name="vendororder",
            name="one_vendor_order_per_reference",
        ),
        migrations.RunSQL(_ARRANGING, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="cartline",
            name="follows",
            field=licenseonline.kit.tenancy.StoreForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licensing.contract",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="delivered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="filed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="payment_method",
            field=models.CharField(
                choices=[("transfer", "銀行振込"), ("card", "クレジットカード"), ("deferred", "後払い")],
                default="transfer",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="po_number",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="order",
            name="quote_revision",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="order",
            name="source",
            field=models.CharField(
                choices=[("web", "Web"), ("fax", "FAX"), ("mail", "メール"), ("post", "郵送"), ("phone", "電話")],
                default="web",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="delivered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="orderline",
            name="follows",
            field=licenseonline.kit.tenancy.StoreForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="following_lines",
                to="licensing.contract",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="again_of",
            field=licenseonline.kit.tenancy.StoreForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="made_again",
                to="sales.quote",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="offered_to",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="quote",
            name="po_number",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="quote",
            name="prepared_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="quote",
            name="revision",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="quote",
            name="set_number",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="vendororder",
            name="cut_off_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="vendororder",
            name="expected_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="vendororder",
            name="number",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="vendororder",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="vendororder",
            name="state",
            field=models.CharField(
                choices=[
                    ("collecting", "集約中"),
                    ("sent", "発注済み"),
                    ("partly_confirmed", "一部確認済み"),
                    ("confirmed", "確認済み"),
                    ("cancelled", "取り消し"),
                ],
                default="sent",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "受付"),
                    ("awaiting_papers", "書類待ち"),
                    ("in_review", "審査中"),
                    ("awaiting_payment", "入金待ち"),
                    ("arranging", "メーカー手配中"),
                    ("delivered", "納品済"),
                    ("completed", "完了"),
                    ("cancelled", "キャンセル"),
                ],
                default="received",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="quote",
            name="company",
            field=licenseonline.kit.tenancy.StoreForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotes",
                to="accounts.company",
            ),
        ),
        migrations.AlterField(
            model_name="quote",
            name="member",
            field=licenseonline.kit.tenancy.StoreForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.member",
            ),
        ),
        migrations.AlterField(
            model_name="quote",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "作成中"),
                    ("awaiting_head", "責任者の承認待ち"),
                    ("issued", "発行済み"),
                    ("ordered", "注文済み"),
                    ("expired", "有効期限切れ"),
                    ("withdrawn", "取り下げ"),
                ],
                default="issued",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="vendororder",
            name="ordered_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="vendororder",
            name="reference",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                condition=models.Q(("state", "issued")), fields=["valid_until"], name="quotes_by_last_day"
            ),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                condition=models.Q(("offered_to", ""), _negated=True),
                fields=["store", "offered_to"],
                name="quotes_offered",
            ),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                condition=models.Q(("set_number", ""), _negated=True),
                fields=["store", "set_number"],
                name="quotes_of_set",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "received",
                            "awaiting_papers",
                            "in_review",
                            "awaiting_payment",
                            "arranging",
                            "delivered",
                            "completed",
                            "cancelled",
                        ],
                    )
                ),
                name="order_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["web", "fax", "mail", "post", "phone"])), name="order_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("payment_method__in", ["transfer", "card", "deferred"])),
                name="order_payment_method",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", "web"), ("filed_by__isnull", False), _connector="OR"),
                name="order_filed_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "awaiting_head", "issued", "ordered", "expired", "withdrawn"])
                ),
                name="quote_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("company__isnull", False), ("member__isnull", False)),
                    models.Q(
                        ("company", None),
                        ("member", None),
                        models.Q(("offered_to", ""), _negated=True),
                        models.Q(("state", "ordered"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="quote_has_addressee",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(condition=models.Q(("revision__gte", 1)), name="quote_revision"),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("vendor", "reference"),
                name="one_vendor_order_per_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("number",),
                name="one_vendor_order_per_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "collecting")), fields=("vendor",), name="one_collecting_per_vendor"
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["collecting", "cancelled"]), ("ordered_on__isnull", False), _connector="OR"
                ),
                name="vendor_order_sent_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["collecting", "sent", "partly_confirmed", "confirmed", "cancelled"])),
                name="vendor_order_state",
            ),
        ),
        migrations.RunSQL(_DELIVERED, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="ApprovalPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(default=False)),
                ("buyer_limit_yen", models.BigIntegerField(default=0, null=True)),
                ("admin_limit_yen", models.BigIntegerField(default=None, null=True)),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_policy",
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
                        condition=models.Q(
                            models.Q(("buyer_limit_yen", None), ("buyer_limit_yen__gte", 0), _connector="OR"),
                            models.Q(("admin_limit_yen", None), ("admin_limit_yen__gte", 0), _connector="OR"),
                        ),
                        name="approval_limits",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Approver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("email", models.EmailField(max_length=254)),
                ("limit_yen", models.BigIntegerField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvers",
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
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("store", "company", "email"),
                        name="one_approver_per_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "paper",
                    models.CharField(
                        choices=[
                            ("holding_proof", "保有ライセンスの証明（証書の写しなど）"),
                            ("academic_proof", "教育機関であることの証明"),
                            ("government_proof", "官公庁・自治体であることの証明"),
                            ("competitor_proof", "乗換元製品の保有証明"),
                            ("application_form", "メーカー指定の申請書"),
                        ],
                        max_length=20,
                    ),
                ),
                ("accepted_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs",
                        to="accounts.company",
                    ),
                ),
                (
                    "file",
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
                (
                    "vendor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["store", "company", "paper"], name="proofs_of_company")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "paper__in",
                                [
                                    "holding_proof",
                                    "academic_proof",
                                    "government_proof",
                                    "competitor_proof",
                                    "application_form",
                                ],
                            )
                        ),
                        name="company_proof_paper",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("previewed", "確認待ち"), ("delivered", "納品済み"), ("discarded", "取り消し")],
                        default="previewed",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("path", models.CharField(blank=True, max_length=200)),
                ("rows", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["previewed", "delivered", "discarded"])),
                        name="delivery_batch_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "paper",
                    models.CharField(
                        choices=[
                            ("holding_proof", "保有ライセンスの証明（証書の写しなど）"),
                            ("academic_proof", "教育機関であることの証明"),
                            ("government_proof", "官公庁・自治体であることの証明"),
                            ("competitor_proof", "乗換元製品の保有証明"),
                            ("application_form", "メーカー指定の申請書"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("needed", "ご提出待ち"),
                            ("handed_in", "確認中"),
                            ("returned", "再提出のお願い"),
                            ("accepted", "受理済み"),
                            ("sent", "メーカー提出済み"),
                            ("not_needed", "不要"),
                        ],
                        default="needed",
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField()),
                ("returned_reason", models.CharField(blank=True, max_length=400)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("handed_in_at", models.DateTimeField(null=True)),
                (
                    "line",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_requests",
                        to="sales.orderline",
                    ),
                ),
                (
                    "order",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_requests",
                        to="sales.order",
                    ),
                ),
                (
                    "proof",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_requests",
                        to="sales.companyproof",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["store", "order"], name="papers_of_order"),
                    models.Index(
                        condition=models.Q(("state", "handed_in")), fields=["handed_in_at"], name="papers_to_review"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["needed", "returned"])),
                        fields=["due_on"],
                        name="papers_missing",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "line", "paper"), name="one_request_per_line_and_paper"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["needed", "handed_in", "returned", "accepted", "sent", "not_needed"])
                        ),
                        name="document_request_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "paper__in",
                                [
                                    "holding_proof",
                                    "academic_proof",
                                    "government_proof",
                                    "competitor_proof",
                                    "application_form",
                                ],
                            )
                        ),
                        name="document_request_paper",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("acknowledgement", "注文請書"),
                            ("purchase_order", "注文書"),
                            ("inspection", "検収書"),
                            ("receipt", "受領書"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("web", "Web"),
                            ("fax", "FAX"),
                            ("mail", "メール"),
                            ("post", "郵送"),
                            ("phone", "電話"),
                        ],
                        default="web",
                        max_length=6,
                    ),
                ),
                ("at", models.DateTimeField()),
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
                    "order",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="sales.order",
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
                        condition=models.Q(
                            ("kind__in", ["acknowledgement", "purchase_order", "inspection", "receipt"])
                        ),
                        name="order_file_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["web", "fax", "mail", "post", "phone"])),
                        name="order_file_source",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "acknowledgement")),
                        fields=("store", "order"),
                        name="one_acknowledgement",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cancel", "キャンセルのご依頼"),
                            ("change", "変更のご依頼"),
                            ("inspection", "検収書のご依頼"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "確認中"), ("granted", "承りました"), ("refused", "お受けできません")],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
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
                    "order",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wishes",
                        to="sales.order",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["asked_at"], name="wishes_to_answer")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "granted", "refused"])), name="wish_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["cancel", "change", "inspection"])), name="wish_kind"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("store", "order", "kind"),
                        name="one_open_wish_of_a_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(blank=True, max_length=60)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "approver",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="sales.approver",
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
                    "quote",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="sales.quote",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["store", "quote"], name="links_of_quote")],
            },
        ),
        migrations.CreateModel(
            name="QuoteDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveSmallIntegerField()),
                ("decision", models.CharField(choices=[("approved", "承認"), ("returned", "差戻し")], max_length=10)),
                ("comment", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "approver",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.approver",
                    ),
                ),
                (
                    "quote",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="sales.quote",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
                (
                    "link",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="sales.quotelink",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["store", "quote", "-id"], name="decisions_of_quote")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["approved", "returned"])), name="quote_decision"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotePricing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=400)),
                ("today_yen", models.JSONField(default=dict)),
                ("is_below_margin", models.BooleanField(default=False)),
                ("allowed_at", models.DateTimeField(null=True)),
                (
                    "allowed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "quote",
                    licenseonline.kit.tenancy.StoreOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pricing",
                        to="sales.quote",
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
            name="QuoteRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "回答待ち"),
                            ("answered", "ご確認待ち"),
                            ("quoted", "見積済み"),
                            ("closed", "終了"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("subject", models.CharField(max_length=100)),
                ("asked_at", models.DateTimeField()),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote_requests",
                        to="accounts.company",
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
                    "quote",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="sales.quote",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["store", "company", "-id"], name="requests_of_company"),
                    models.Index(
                        condition=models.Q(("state", "asked")), fields=["asked_at"], name="requests_to_answer"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "number"), name="one_request_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "answered", "quoted", "closed"])),
                        name="quote_request_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "quoted"), _negated=True), ("quote__isnull", False), _connector="OR"
                        ),
                        name="quoted_request_has_quote",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveSmallIntegerField()),
                ("issued_at", models.DateTimeField()),
                ("valid_until", models.DateField()),
                ("total_yen", models.BigIntegerField()),
                ("snapshot", models.JSONField()),
                (
                    "pdf",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.storedfile",
                    ),
                ),
                (
                    "quote",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="sales.quote",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("store", "quote", "revision"), name="one_row_per_revision")
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                (
                    "request",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="sales.quoterequest",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.sku"),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("store", "request", "sku"), name="one_request_line_per_sku"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="request_quantity"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
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
                    "request",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="sales.quoterequest",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        condition=models.Q(
                            models.Q(("member__isnull", False), ("staff", None)),
                            models.Q(("member", None), ("staff__isnull", False)),
                            _connector="OR",
                        ),
                        name="post_has_one_author",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "post",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="sales.requestpost",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("web", "Web"),
                            ("fax", "FAX"),
                            ("mail", "メール"),
                            ("post", "郵送"),
                            ("phone", "電話"),
                        ],
                        default="web",
                        max_length=6,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                ("scan", models.CharField(default="none", max_length=10)),
                ("pages", models.PositiveSmallIntegerField(null=True)),
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
                    "filed_by",
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
                    "request",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="sales.documentrequest",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["store", "request", "-id"], name="submissions_of_request")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["web", "fax", "mail", "post", "phone"])),
                        name="submission_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", "web"), ("filed_by__isnull", False), _connector="OR"),
                        name="submission_filed_by",
                    ),
                    models.CheckConstraint(condition=models.Q(("scan__in", ["none", "clean"])), name="submission_scan"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
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
                (
                    "submission",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="previews",
                        to="sales.submission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("store", "submission", "number"), name="one_picture_per_page")
                ],
            },
        ),
        migrations.CreateModel(
            name="VendorForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("version", models.PositiveSmallIntegerField()),
                ("from_day", models.DateField()),
                ("purchase_type", models.CharField(blank=True, max_length=12)),
                ("fields", models.JSONField()),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "name", "version"), name="one_form_per_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="EndUserSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answers", models.JSONField(default=dict)),
                ("filled_at", models.DateTimeField(null=True)),
                (
                    "order",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end_user_sheets",
                        to="sales.order",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sales.vendorform"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("store", "order", "form"), name="one_sheet_per_form")],
            },
        ),
        migrations.CreateModel(
            name="VendorFormat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("order", "発注書"), ("invoice", "請求明細"), ("keys", "キーの納品")], max_length=10
                    ),
                ),
                ("kind", models.CharField(choices=[("pdf", "PDF"), ("csv", "CSV"), ("excel", "Excel")], max_length=6)),
                ("encoding", models.CharField(default="utf-8-sig", max_length=12)),
                ("columns", models.JSONField(default=list)),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="formats", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "purpose"), name="one_format_per_purpose"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["order", "invoice", "keys"])), name="vendor_format_purpose"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "csv", "excel"])), name="vendor_format_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VendorInvoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("read_at", models.DateTimeField()),
                (
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("vendor", "sha256"), name="one_reading_per_invoice")],
            },
        ),
        migrations.CreateModel(
            name="VendorOrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_cost_yen", models.BigIntegerField(null=True)),
                ("confirmed_quantity", models.PositiveIntegerField(null=True)),
                ("confirmed_unit_yen", models.BigIntegerField(null=True)),
                ("expected_on", models.DateField(null=True)),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sales.orderline"
                    ),
                ),
                (
                    "vendor_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="order_lines", to="sales.vendororder"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("unit_cost_yen", None), ("unit_cost_yen__gte", 0), _connector="OR"),
                            models.Q(("confirmed_unit_yen", None), ("confirmed_unit_yen__gte", 0), _connector="OR"),
                        ),
                        name="vendor_order_line_yen",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VendorInvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.PositiveIntegerField()),
                ("reference", models.CharField(max_length=80)),
                ("model_number", models.CharField(max_length=80)),
                ("quantity", models.IntegerField()),
                ("unit_yen", models.BigIntegerField()),
                ("settled_note", models.CharField(blank=True, max_length=400)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="sales.vendorinvoice"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoiced",
                        to="sales.vendororderline",
                    ),
                ),
            ],
        ),
        LockStoreTables(
            "ApprovalPolicy",
            "Approver",
            "QuoteLink",
            "QuoteDecision",
            "QuoteRevision",
            "QuotePricing",
            "QuoteRequest",
            "RequestLine",
            "RequestPost",
            "RequestFile",
            "OrderFile",
            "OrderWish",
            "EndUserSheet",
            "CompanyProof",
            "DocumentRequest",
            "Submission",
            "SubmissionPage",
        ),
        LockStoreKeys("CartLine.follows", "OrderLine.follows", "Quote.again_of"),
        AppendOnly("sales_quotedecision"),
        PlatformOnly(
            "sales_vendororderline",
            "sales_vendorformat",
            "sales_vendorinvoice",
            "sales_vendorinvoiceline",
            "sales_deliverybatch",
        ),
    ]
