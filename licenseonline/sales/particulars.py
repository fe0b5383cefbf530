"""What a quotation says besides its lines: to whom, for whom, until when, and in which form."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Addressee:
    """The addressee (宛名); without one it is the member, as registered."""

    company: str
    person: str = ""
    department: str = ""
    postal_code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class EndUser:
    """Who will use the licences, if it is not the buyer's company."""

    company: str
    kana: str = ""
    department: str = ""
    person: str = ""
    postal_code: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """All of it; `note` is for the store and stands on the quotation.

    Public bodies may want the paper without its date (`blank_date`) or with the name of the seller's representative.
    """

    subject: str = ""
    addressee: Addressee | None = None
    wished_on: date | None = None
    po_number: str = ""
    note: str = ""
    end_user: EndUser | None = None
    blank_date: bool = False
    names_representative: bool = False

    def as_data(self) -> dict[str, Any]:
        """Plain data, to compare what was sent twice."""
        return asdict(self)


PLAIN = Particulars()
