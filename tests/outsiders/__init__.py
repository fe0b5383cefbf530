"""The recipes for every address. A new route has its entry in the file of its area; two for one address fail."""

from tests.outsiders import (
    desk_catalogue,
    desk_lists,
    desk_people,
    desk_sales,
    recipes_account,
    recipes_orders,
    recipes_partner,
    recipes_quotes,
    recipes_visitor,
)
from tests.outsiders.recipes import Page, Recipe

PARTS = [recipes_visitor, recipes_account, recipes_quotes, recipes_orders, recipes_partner]
RECIPES: dict[str, Recipe] = {name: recipe for part in PARTS for name, recipe in part.RECIPES.items()}
DESK_PARTS = [desk_sales, desk_people, desk_catalogue, desk_lists]
# Of the desk's routes those that take arguments or do not answer 200.
PAGES: dict[str, Page] = {name: page for part in DESK_PARTS for name, page in part.PAGES.items()}
