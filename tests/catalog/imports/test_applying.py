"""What an import does to the catalogue, and that undoing gives it back."""

from tests.catalog.imports import files
from tests.catalog.imports.importing import apply, checked, list_yen, outcomes
from tests.world import World

CHANGED = ("VBBSS-1Y-005", "", "", "￥5,500", "3,800", "", "")
SAME = ("VBBSS-R1", "", "", "4000", "2800", "", "")
NEW = ("VBBSS-NEW-1", "ウイルスバスター ビジネスセキュリティサービス", "VBBSS 新しい型番", "6000円", "", "追加", "２年")
OTHER = ("XDR-1", "Vision One ①～", "", "12000", "9000", "新規", "永続")


def test_a_list_changes_prices_and_adds_skus(world: World) -> None:
    made = checked(world, files.table(CHANGED, SAME, NEW, OTHER))
    assert (made.state, made.problem) == ("checked", "")
    assert [outcome for _line, _model, outcome in outcomes(made)] == ["changed", "same", "new", "new"]
    made = apply(world, made)
    assert made.state == "applied"
    assert list_yen("VBBSS-1Y-005") == 5500
    assert list_yen("VBBSS-NEW-1") == 6000
    assert world.sku("VBBSS-NEW-1").product.code == "vbbss"
    assert world.sku("VBBSS-NEW-1").term_months == 24
    assert world.sku("XDR-1").product.name == "Vision One ①～"
