"""What a SKU can be: the words of the trade (domain.md 2), each with the Japanese that readers see."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

EVER_SINCE = date.min  # a first day that means: it always was
FOR_EVER = date.max  # a last day that means: until further notice


class PurchaseType(models.TextChoices):
    """What the buyer does with it (購入形態)."""

    NEW = "new", _("新規")
    ADDITIONAL = "additional", _("追加")
    RENEWAL = "renewal", _("更新")
    COMPETITIVE = "competitive", _("乗換")
    UPGRADE = "upgrade", _("アップグレード")
    CROSSGRADE = "crossgrade", _("切替")


class Program(models.TextChoices):
    """For whom the price is."""

    CORPORATE = "corporate", _("コーポレート")
    ACADEMIC = "academic", _("アカデミック")
    GOVERNMENT = "government", _("ガバメント")


class Billing(models.TextChoices):
    """How often it is charged; lines that differ cannot share a cart."""

    ONCE = "once", _("一括払い")
    YEARLY = "yearly", _("年額")
    MONTHLY = "monthly", _("月額")


class Unit(models.TextChoices):
    """What is counted."""

    LICENCE = "licence", _("ライセンス")
    USER = "user", _("ユーザー")
    PC = "pc", _("台")
    DEVICE = "device", _("デバイス")
    SERVER = "server", _("サーバー")
    CORE = "core", _("コア")
    PROCESSOR = "processor", _("プロセッサー")
    MAILBOX = "mailbox", _("メールボックス")
    SCHOOL = "school", _("校")
    GIGABYTE = "gigabyte", _("GB")
    PACK = "pack", _("パック")


class Delivery(models.TextChoices):
    """How the licence reaches the customer."""

    KEY = "key", _("ライセンスキー（メール・会員メニュー）")
    CERTIFICATE = "certificate", _("ライセンス証書（PDF）")
    PORTAL = "portal", _("メーカーの管理画面")
    MEDIA = "media", _("メディアの配送")


class Paper(models.TextChoices):
    """Papers an order line may need (ご提出書類)."""

    HOLDING_PROOF = "holding_proof", _("保有ライセンスの証明（証書の写しなど）")
    ACADEMIC_PROOF = "academic_proof", _("教育機関であることの証明")
    GOVERNMENT_PROOF = "government_proof", _("官公庁・自治体であることの証明")
    COMPETITOR_PROOF = "competitor_proof", _("乗換元製品の保有証明")
    APPLICATION_FORM = "application_form", _("メーカー指定の申請書")
