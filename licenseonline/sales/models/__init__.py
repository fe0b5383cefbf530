"""From the cart to the delivered order, with the papers that go with it and what is ordered from vendors."""

from licenseonline.sales.models.approvals import ApprovalPolicy, Approver, Decision, QuoteDecision, QuoteLink
from licenseonline.sales.models.carts import CartLine
from licenseonline.sales.models.orders import (
    EndUserSheet,
    HoldingUse,
    LineMargin,
    Order,
    OrderFile,
    OrderFileKind,
    OrderLine,
    OrderState,
    OrderWish,
    Source,
    WishState,
)
from licenseonline.sales.models.papers import (
    CompanyProof,
    DocumentRequest,
    PaperState,
    ReturnReason,
    Submission,
    SubmissionPage,
)
from licenseonline.sales.models.quotes import Quote, QuotePricing, QuoteRevision, QuoteState
from licenseonline.sales.models.requests import QuoteRequest, RequestFile, RequestLine, RequestPost, RequestState
from licenseonline.sales.models.sums import OrderSum, QuoteSum, VendorSum
from licenseonline.sales.models.vendor_orders import (
    BatchState,
    DeliveryBatch,
    FormatKind,
    FormatPurpose,
    VendorForm,
    VendorFormat,
    VendorInvoice,
    VendorInvoiceLine,
    VendorOrder,
    VendorOrderLine,
    VendorOrderState,
)

__all__ = [
    "ApprovalPolicy", "Approver", "BatchState", "CartLine", "CompanyProof", "Decision", "DeliveryBatch",
    "DocumentRequest", "EndUserSheet", "FormatKind", "FormatPurpose", "HoldingUse", "LineMargin", "Order",
    "OrderFile", "OrderFileKind", "OrderLine", "OrderState", "OrderSum", "OrderWish", "PaperState", "Quote",
    "QuoteDecision", "QuoteLink", "QuotePricing", "QuoteRequest", "QuoteRevision", "QuoteState", "QuoteSum",
    "RequestFile", "RequestLine", "RequestPost", "RequestState", "ReturnReason", "Source", "Submission", "SubmissionPage",
    "VendorForm", "VendorFormat", "VendorInvoice", "VendorInvoiceLine", "VendorOrder", "VendorOrderLine",
    "VendorOrderState", "VendorSum", "WishState",
]  # fmt: skip
