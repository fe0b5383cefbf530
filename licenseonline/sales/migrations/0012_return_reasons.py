"""Stock sentences for returning a paper become data that the desk edits; it begins with those that the shop came with."""

from typing import Any

from django.db import migrations, models

from licenseonline.kit.privileges import PlatformOnly

_SENTENCES = {
    "": [
        "文字や印影が不鮮明で読み取れません。明るい場所で撮影し直すか、スキャンしたものをご提出ください。",
        "一部のページしか確認できません。すべてのページをご提出ください。",
        "ファイルを開けませんでした。PDF または画像で、もう一度ご提出ください。",
        "会社名がご注文の会社名と一致していません。ご注文の会社のものをご提出ください。",
    ],
    "holding_proof": [
        "お持ちの数量が確認できません。数量の記載がある証書や画面の写しをご提出ください。",
        "契約の終了日が確認できません。期間の記載があるものをご提出ください。",
        "別の製品の証明です。ご注文の製品に対応するものをご提出ください。",
    ],
    "academic_proof": [
        "教育機関であることを確認できません。学校案内や設置認可書など、機関の種別がわかるものをご提出ください。",
    ],
    "government_proof": [
        "官公庁・自治体であることを確認できません。機関の名称と種別がわかるものをご提出ください。",
    ],
    "competitor_proof": [
        "乗り換えの対象となる製品をお持ちであることを確認できません。製品名と数量がわかるものをご提出ください。",
    ],
    "application_form": [
        "記入されていない欄があります。必須の欄をすべてご記入のうえ、もう一度ご提出ください。",
        "ご署名またはご捺印がありません。ご記入のうえ、もう一度ご提出ください。",
        "古い様式です。最新の用紙をダウンロードしてご記入ください。",
    ],
}


def fill(apps: Any, _editor: object) -> None:  # Any: the models as they were
    """The sentences, in tens, so that others fit between."""
    apps.get_model("sales", "ReturnReason").objects.bulk_create(
        apps.get_model("sales", "ReturnReason")(paper=paper, sentence=sentence, position=at * 10)
        for paper, sentences in _SENTENCES.items()
        for at, sentence in enumerate(sentences, start=1)
    )


class Migration(migrations.Migration):
    """The table and its first rows."""

    dependencies = [
        ("sales", "0011_partly_delivered_batches"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "paper",
                    models.CharField(
                        blank=True,
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
                ("sentence", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("paper", "sentence"),
                        name="one_return_reason",
                        violation_error_message="同じ書類に、同じ定型文が登録されています。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paper", ""),
                            (
                                "paper__in",
                                [
                                    "holding_proof",
                                    "academic_proof",
                                    "government_proof",
                                    "competitor_proof",
                                    "application_form",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="return_reason_paper",
                    ),
                ],
            },
        ),
        PlatformOnly("sales_returnreason"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
