"""セールスパートナー管理コンソール."""

from django.urls import include, path, re_path

from licenseonline.web.partner import (
    assigning,
    assortment,
    console,
    customers,
    exports,
    inviting,
    members,
    noting,
    orders,
    quoting,
    requesting,
    sign_in,
    statements,
)

app_name = "partner"

urlpatterns = [
    path("", console.home, name="home"),
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("quotes/", console.quotes, name="quotes"),
    path("quotes/<store:store_id>/<slug:number>", console.quote, name="quote"),
    path("quotes/<store:store_id>/<slug:number>/edit", quoting.edit, name="quote_edit"),
    path("quotes/<store:store_id>/<slug:number>/steps/<slug:code>", quoting.step, name="quote_step"),
    path("quotes/<store:store_id>/<slug:number>/revisions/<int:revision>.pdf", quoting.pdf, name="quote_pdf"),
    path("members/<store:store_id>/<int:member_id>/quotes/new", quoting.new, name="quote_new"),
    path("requests/", requesting.index, name="requests"),
    path("requests/<store:store_id>/<slug:number>", requesting.show, name="request"),
    path("requests/<store:store_id>/<slug:number>/answer", requesting.answer, name="request_answer"),
    path("requests/<store:store_id>/<slug:number>/close", requesting.close, name="request_close"),
    path("requests/<store:store_id>/<slug:number>/files/<int:file_id>", requesting.file, name="request_file"),
    path("orders/", console.orders, name="orders"),
    path("orders/<store:store_id>/<slug:number>", orders.show, name="order"),
    path("orders/<store:store_id>/<slug:number>/papers/<int:request_id>", orders.hand_in, name="order_paper"),
    path("companies/", customers.index, name="companies"),
    path("companies/<store:store_id>/<int:company_id>", customers.show, name="company"),
    path("companies/<store:store_id>/<int:company_id>/assign", assigning.assign, name="company_assign"),
    path("companies/<store:store_id>/<int:company_id>/invite", inviting.join, name="company_invite"),
    path("invitations/", inviting.index, name="invitations"),
    re_path(r"^invitations/(?P<link_id>[0-9]{1,18})/(?P<step>again|withdraw)$", inviting.act, name="invitation_step"),
    path("members/<store:store_id>/<int:member_id>", members.show, name="member"),
    path("members/<store:store_id>/<int:member_id>/acting", members.begin_acting, name="member_acting"),
    path("about/<slug:kind>/<store:store_id>/<int:subject_id>/notes", noting.show, name="notes"),
    path("about/<slug:kind>/<store:store_id>/<int:subject_id>/notes/add", noting.add, name="note_add"),
    path("statements/", statements.index, name="statements"),
    path("statements/<month:month>", statements.show, name="statement"),
    path("statements/<month:month>/csv", statements.csv, name="statement_csv"),
    path("statements/<month:month>/xlsx", statements.excel, name="statement_excel"),
    path("statements/<month:month>/<store:store_id>.pdf", statements.pdf, name="statement_pdf"),
    path("assortment/", assortment.index, name="assortment"),
    path("exports/<slug:what>.<slug:kind>", exports.download, name="export"),
    path("", include("licenseonline.web.partner.staff_urls")),
]
