"""How much is generated, and what follows from it."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Size:
    """Numbers of rows; every store sells about nine tenths of the SKUs, every second member is another company's."""

    stores: int = 20
    skus: int = 20_000
    members: int = 2_000
    orders: int = 20_000

    PER_PRODUCT = 10  # SKUs
    CORE_VENDORS = 10  # sold by every store, so that any store may quote their SKUs

    def as_dict(self) -> dict[str, int]:
        """By the names of the command line."""
        return asdict(self)

    @property
    def products(self) -> int:
        """Ten SKUs each."""
        return max(1, self.skus // self.PER_PRODUCT)

    @property
    def vendors(self) -> int:
        """40 to 400 makers."""
        return max(40, min(400, self.skus // 2500))

    @property
    def companies(self) -> int:
        """Two members each."""
        return max(1, self.members // 2)

    def store_id(self, number: int) -> int:
        """The number of the n-th store, from 0."""
        return 100_000 + number * 37
