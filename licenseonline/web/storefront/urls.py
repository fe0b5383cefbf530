"""A store's addresses: what visitors see, and the member's own pages."""

from django.urls import include, path

from licenseonline.web.member import cart, colleagues, contracts, licences, orders, quotes
from licenseonline.web.storefront import (
    brand,
    campaigns,
    invitation,
    pages,
    pictures,
    preview,
    products,
    registration,
    search,
)

app_name = "store"

urlpatterns = [
    # Django tries them from above, so what is asked most stands first.
    path("member/quotes/", quotes.index, name="quotes"),
    path("member/quotes/<slug:number>", quotes.show, name="quote"),
    path("member/quotes/<slug:number>/pdf", quotes.pdf, name="quote_pdf"),
    path("member/quotes/<slug:number>/order", quotes.order, name="quote_order"),
    path("member/orders/", orders.index, name="orders"),
    path("member/orders/<slug:number>", orders.show, name="order"),
    path("", pages.top, name="top"),
    path("preview/<str:token>", preview.preview, name="preview"),
    path("about", pages.about, name="about"),
    path("campaigns/", campaigns.index, name="campaigns"),
    path("campaigns/<slug:code>", campaigns.show, name="campaign"),
    path("faq/view", pages.faq, name="faq"),
    path("inquiry/", pages.inquiry, name="inquiry"),
    path("news/", pages.news, name="news"),
    path("contents/static/<path:path>.html", pages.page, name="page"),
    path("search", search.results, name="search"),
    path("suggest", search.suggest, name="suggest"),
    path("products/<str:code>", products.show, name="product"),
    path("products/<str:code>/picture-<slug:digest>.webp", pictures.show, name="picture"),
    path("brand-<slug:digest>.css", brand.css, name="brand"),
    path("logo-<slug:digest>.svg", brand.logo, name="logo"),
    path("register/", registration.register, name="register"),
    path("register/sent", registration.sent, name="register_sent"),
    path("register/confirm/<slug:secret>", registration.confirm, name="register_confirm"),
    path("register/confirm/<slug:secret>/again", registration.send_again, name="register_again"),
    path("postal-codes/<str:code>", registration.postal_code, name="postal_code"),
    path("", include("licenseonline.web.storefront.account_urls")),
    path("cart/", cart.show, name="cart"),
    path("cart/lines", cart.put, name="cart_put"),
    path("cart/lines/<int:sku_id>/remove", cart.remove, name="cart_remove"),
    path("quotes/new", quotes.new, name="quote_new"),
    path("member/contracts/", contracts.index, name="contracts"),
    path("member/contracts/<slug:number>", contracts.show, name="contract"),
    path("member/licences/", licences.index, name="licences"),
    path("member/licences/keys/<int:key_id>/reveal", licences.reveal, name="key_reveal"),
    path("member/licences/keys/<int:key_id>/certificate", licences.certificate, name="key_certificate"),
    path("member/colleagues/", colleagues.index, name="colleagues"),
    path("member/colleagues/<int:member_id>/role", colleagues.role, name="colleague_role"),
    path("member/colleagues/<int:member_id>/remove", colleagues.remove, name="colleague_remove"),
    path("member/colleagues/invitations/<int:link_id>/again", colleagues.send_again, name="invitation_again"),
    path("member/colleagues/invitations/<int:link_id>/withdraw", colleagues.withdraw, name="invitation_withdraw"),
    path("invitation/<slug:secret>", invitation.show, name="invitation"),
    path("", include("licenseonline.web.member.profile_urls")),
]
