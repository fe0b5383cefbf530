"""Prices, pictures and the search."""

from tests.rights.tables import CATALOGUE, Table

CATALOG = Table(
    staff={
        CATALOGUE: {
            "catalog.imports.price_imports.apply",
            "catalog.imports.price_imports.discard",
            "catalog.imports.price_imports.remap",
            "catalog.imports.price_imports.undo",
            "catalog.imports.price_imports.upload",
            "catalog.pictures.put",
            "catalog.pictures.remove",
            "catalog.synonyms.of_stores",
            "catalog.synonyms.put",
            "catalog.synonyms.remove",
            "catalog.zero_hits.forget",
            "catalog.zero_hits.most_frequent",
        },
    },
)
