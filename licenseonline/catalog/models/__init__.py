"""What is sold: vendors, products, SKUs and their prices belong to the platform; what a store sells of it is its rules."""

from licenseonline.catalog import search_models  # noqa: F401  (Django finds models here)
from licenseonline.catalog.models.choices import (
    EVER_SINCE,
    FOR_EVER,
    Billing,
    Delivery,
    Paper,
    Program,
    PurchaseType,
    Unit,
)
from licenseonline.catalog.models.eligibility import Eligibility
from licenseonline.catalog.models.imports import (
    ImportFormat,
    ImportMapping,
    ImportOutcome,
    ImportRow,
    ImportState,
    PriceImport,
)
from licenseonline.catalog.models.papers import PaperRule
from licenseonline.catalog.models.prices import (
    Campaign,
    CampaignItem,
    CompanyPrice,
    Cost,
    Price,
    PriceList,
    SellingRule,
    TaxRate,
)
from licenseonline.catalog.models.products import Product, ProductPicture, ProductQuerySet, Vendor
from licenseonline.catalog.models.skus import Sku, SkuQuerySet, SkuRelation, StoreListing
from licenseonline.catalog.models.vendor_rules import VendorRule
from licenseonline.stores.models import PaymentMethod

__all__ = [
    "EVER_SINCE",
    "FOR_EVER",
    "Billing",
    "Campaign",
    "CampaignItem",
    "CompanyPrice",
    "Cost",
    "Delivery",
    "Eligibility",
    "ImportFormat",
    "ImportMapping",
    "ImportOutcome",
    "ImportRow",
    "ImportState",
    "Paper",
    "PaperRule",
    "PaymentMethod",
    "Price",
    "PriceImport",
    "PriceList",
    "Product",
    "ProductPicture",
    "ProductQuerySet",
    "Program",
    "PurchaseType",
    "SellingRule",
    "Sku",
    "SkuQuerySet",
    "SkuRelation",
    "StoreListing",
    "TaxRate",
    "Unit",
    "Vendor",
    "VendorRule",
]
