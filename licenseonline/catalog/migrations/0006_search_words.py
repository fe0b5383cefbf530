"""Synonyms of the trade (domain.md 7), and the products' search text once more: numbers now hold to what they count."""

from django.apps.registry import Apps
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from licenseonline.kit.text import fold, tsvector_literal

_AT_ONCE = 1000
WORDS = [
    "ウイルス、virus",
    "ウイルスバスター、virus buster、VB",
    "セキュリティ、security",
    "ビジネス、ビズ、business、biz",
    "バックアップ、backup、BU",
    "アドビ、Adobe",
    "マイクロソフト、Microsoft、MS",
    "オフィス、Office",
    "ウィンドウズ、Windows、Win",
    "サーバー、server、鯖",
    "クラウド、cloud",
    "オンプレミス、オンプレ、on-premises",
    "エンドポイント、endpoint",
    "ライセンス、ライセンシング、license、licence",
    "アップグレード、upgrade、UPG、バージョンアップ",
    "新規、new、初年度",
    "更新、継続、リニューアル、renewal",
    "追加、増設、additional",
    "乗換、乗り換え、乗換え、のりかえ、他社乗換",
    "切替、切り替え、切替え、きりかえ",
    "アカデミック、教育、文教、academic、AC、学校",
    "ガバメント、官公庁、自治体、government、GOV",
    "コーポレート、一般企業、法人、corporate",
    "1年、一年、12か月、1 year、1Y",
    "2年、二年、24か月",
    "3年、三年、36か月、3Y",
    "4年、四年、48か月",
    "5年、五年、60か月、5Y",
    "1か月、一か月、月額、毎月",
    "永続、買い切り、買切、perpetual",
    "トレンドマイクロ、Trend Micro",
    "イーセット、ESET",
    "シマンテック、Symantec、ノートン",
    "マカフィー、McAfee、Trellix、トレリックス",
    "カスペルスキー、Kaspersky、カスペ",
    "アクロニス、Acronis",
    "サイボウズ、Cybozu",
    "オートデスク、Autodesk",
    "フォトショップ、Photoshop、フォトショ",
    "イラストレーター、Illustrator、イラレ",
    "アクロバット、Acrobat、アクロ",
    "一太郎、ichitaro、いちたろう",
    "プロフェッショナル、Professional、プロ、Pro",
    "スタンダード、Standard、STD",
    "エンタープライズ、Enterprise",
    "アドバンスド、アドバンス、Advanced",
    "プレミアム、Premium",
    "ワークステーション、workstation",
    "グループウェア、groupware",
    "メール、mail、email、Eメール",
    "フィルター、フィルタリング、filter",
    "ソフトウェア、ソフト、software",
    "ユーザー、user",
    "デバイス、device、端末",
    "資産管理、IT資産管理",
    "仮想化、virtualization",
]


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Write them."""
    synonym, product = apps.get_model("catalog", "Synonym"), apps.get_model("catalog", "Product")
    synonym.objects.bulk_create(
        synonym(words=words, folded=list(dict.fromkeys(map(fold, words.split("、"))))) for words in WORDS
    )
    for row in product.objects.select_related("vendor").prefetch_related("skus").iterator(_AT_ONCE):
        vendor = row.vendor
        named = [row.name, row.kana, row.aliases, vendor.name, vendor.kana, vendor.aliases, row.category]
        texts = [*named, *(sku.name for sku in row.skus.all()), *(sku.model_number for sku in row.skus.all())]
        folded = list(dict.fromkeys(map(fold, texts)))
        vector = Cast(Value(tsvector_literal(*folded), output_field=TextField()), SearchVectorField())
        product.objects.filter(pk=row.pk).update(search_vector=vector, folded_text=" ".join(folded))


class Migration(migrations.Migration):
    """Data every installation starts with; the desk edits the synonyms afterwards."""

    dependencies = [("catalog", "0005_search")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
