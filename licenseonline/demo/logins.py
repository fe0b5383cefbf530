"""Who can sign in to the demo: one list for the loader, the console and `/demo/logins`. Needs no Django."""

from dataclasses import dataclass
from enum import StrEnum


class Desk(StrEnum):
    """Where somebody signs in."""

    STORE = "store"
    PARTNER = "partner"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Login:
    """One person of the demo. Staff have a fixed second factor (base32), so that its code can be shown. `note` is for the list."""

    desk: Desk
    name: str
    email: str
    password: str
    store_id: int | None = None
    spid: str = ""
    totp_secret: str = ""
    note: str = ""

    @property
    def path(self) -> str:
        """Where the sign-in form of this person is."""
        return f"/{self.store_id}/login/" if self.desk is Desk.STORE else f"/{_AREAS[self.desk]}/"


_AREAS = {Desk.PARTNER: "partner", Desk.OPERATOR: "backoffice"}

HANAKO = Login(Desk.STORE, "青空 花子", "hanako@example.co.jp", "demo-elsat-2026", store_id=87465)
KENJI = Login(Desk.STORE, "山田 健二", "kenji@example.co.jp", "demo-elsat-2027", store_id=87465)
TARO = Login(Desk.STORE, "緑川 太郎", "taro@midori.example.ac.jp", "demo-midori-2026", store_id=87465)
MINORI = Login(
    Desk.STORE,
    "白石 みのり",
    "minori@shiranami.example.co.jp",
    "demo-shiranami-2026",
    store_id=87465,
    note="旧システムから移行した会員です。メールアドレスの認証が済んでいないため、まだご注文いただけません。",
)
HANAKO_MINATO = Login(Desk.STORE, "青空 花子", "hanako@example.co.jp", "demo-minato-2026", store_id=193808)

PARTNERS = (
    Login(
        Desk.PARTNER,
        "江崎 紗都",
        "desk@elsat.example.jp",
        "demo-partner-10001",
        spid="SP10001",
        totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    ),
    Login(
        Desk.PARTNER,
        "湊 航平",
        "desk@minato.example.jp",
        "demo-partner-10002",
        spid="SP10002",
        totp_secret="KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU",
    ),
)
OPERATORS = (
    Login(
        Desk.OPERATOR,
        "運営 一郎",
        "ichiro@licenseonline.example",
        "demo-operator-2026",
        totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    ),
    Login(
        Desk.OPERATOR,
        "運営 二葉",
        "futaba@licenseonline.example",
        "demo-operator-2027",
        totp_secret="MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK",
    ),
)
ALL = (HANAKO, KENJI, TARO, MINORI, HANAKO_MINATO, *PARTNERS, *OPERATORS)
