"""The back office: our own pages first, then the lists and settings."""

from django.urls import include, path

from licenseonline.backoffice import (
    accounts,
    bulk_pages,
    campaign_settings,
    catalog,
    change_pages,
    company_pages,
    dashboard_pages,
    doors,
    everywhere_pages,
    filter_pages,
    find_pages,
    hand_over_pages,
    home,
    import_pages,
    licensing,
    member_file_pages,
    member_pages,
    merge_pages,
    order_pages,
    paper_pages,
    partner_pages,
    partner_step_pages,
    price_lists,
    price_pages,
    price_settings,
    product_settings,
    quote_pages,
    records,
    rule_settings,
    sales,
    search_pages,
    setting_log,
    sign_in,
    staff_pages,
    store_draft_pages,
    store_pages,
    stores,
    subject_pages,
)
from licenseonline.backoffice.site import site

_settings = (price_settings, product_settings, campaign_settings, rule_settings, setting_log)
for _lists in (sales, licensing, accounts, catalog, price_lists, stores, records, *_settings):
    for _model, _admin in _lists.ADMINS.items():
        site.register(_model, _admin)

_about = "about/<slug:kind>/<store:store_id>/<int:subject_id>/"
_order = "orders/<store:store_id>/<slug:number>/"
_company = "companies/<store:store_id>/<int:company_id>/"
_import = "imports/<int:import_id>/"
_paper = "papers/<store:store_id>/<int:request_id>/"
_change = "company-changes/<store:store_id>/<int:change_id>/"

pages = [
    path("", site.admin_view(home.show), name="home"),
    path("dashboard/", site.admin_view(dashboard_pages.show), name="dashboard"),
    path("next/", site.admin_view(home.following), name="next"),
    path("lists/<slug:page>/conditions/new", site.admin_view(filter_pages.new), name="filter_new"),
    path(
        "lists/<slug:page>/conditions/<int:filter_id>/remove",
        site.admin_view(filter_pages.remove),
        name="filter_remove",
    ),
    path("bulk/", site.admin_view(bulk_pages.preview), name="bulk"),
    path("bulk/result", site.admin_view(bulk_pages.result), name="bulk_result"),
    path("bulk/<slug:code>", site.admin_view(bulk_pages.act), name="bulk_act"),
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("start/<slug:secret>", doors.start, name="start"),
    path("password/reissue/", doors.reissue, name="reissue"),
    path("password/<slug:secret>", doors.password_new, name="password_new"),
    path("staff/", site.admin_view(staff_pages.index), name="staff"),
    path("staff/<int:user_id>", site.admin_view(staff_pages.show), name="staff_member"),
    path("staff/<int:user_id>/<slug:step>", site.admin_view(staff_pages.act), name="staff_step"),
    path("stores-admin/", site.admin_view(store_pages.index), name="stores_admin"),
    path("stores-admin/new", site.admin_view(store_pages.new), name="store_new"),
    path("stores-admin/<store:store_id>", site.admin_view(store_pages.show), name="store_admin"),
    path("stores-admin/<store:store_id>/edit", site.admin_view(store_pages.edit), name="store_edit"),
    path("stores-admin/<store:store_id>/draft", site.admin_view(store_draft_pages.show), name="store_draft"),
    path(
        "stores-admin/<store:store_id>/draft/publish",
        site.admin_view(store_draft_pages.publish),
        name="store_draft_publish",
    ),
    path(
        "stores-admin/<store:store_id>/draft/discard",
        site.admin_view(store_draft_pages.discard),
        name="store_draft_discard",
    ),
    path("stores-admin/<store:store_id>/<slug:step>", site.admin_view(store_pages.act), name="store_step"),
    path("partners/", site.admin_view(partner_pages.index), name="partners"),
    path("partners/<int:partner_id>", site.admin_view(partner_pages.show), name="partner"),
    path("partners/<int:partner_id>/rename", site.admin_view(partner_pages.rename), name="partner_rename"),
    path("partners/<int:partner_id>/staff", site.admin_view(partner_pages.invite), name="partner_invite"),
    path("partners/<int:partner_id>/steps/<slug:step>", site.admin_view(partner_step_pages.step), name="partner_step"),
    path(_order, site.admin_view(order_pages.show), name="order"),
    path(f"{_order}transfer", site.admin_view(order_pages.transfer), name="order_transfer"),
    path(
        f"{_order}vendor-orders/<slug:vendor_code>",
        site.admin_view(order_pages.vendor_order),
        name="order_vendor_order",
    ),
    path(
        "members/<store:store_id>/<int:member_id>/second-factor",
        site.admin_view(member_pages.second_factor),
        name="member_second_factor",
    ),
    path(
        "members/<store:store_id>/<int:member_id>/acting",
        site.admin_view(member_pages.act),
        name="member_acting",
    ),
    path("members/<store:store_id>/<int:member_id>/", site.admin_view(member_file_pages.show), name="member"),
    path("quotes/<store:store_id>/<slug:number>/", site.admin_view(quote_pages.show), name="quote"),
    path("find/", site.admin_view(find_pages.find), name="find"),
    path(_about, site.admin_view(subject_pages.show), name="subject"),
    path(f"{_about}notes", site.admin_view(subject_pages.add_note), name="subject_note"),
    path(f"{_about}files", site.admin_view(subject_pages.add_file), name="subject_keep"),
    path(f"{_about}assign", site.admin_view(subject_pages.assign), name="subject_assign"),
    path(f"{_about}mails/<int:message_id>/resend", site.admin_view(subject_pages.resend), name="subject_resend"),
    path("files/<store:store_id>/<int:file_id>", site.admin_view(subject_pages.file), name="subject_file"),
    path("company-merges/", site.admin_view(merge_pages.index), name="merges"),
    path("company-merges/preview", site.admin_view(merge_pages.preview), name="merge_preview"),
    path("company-merges/<store:store_id>/<int:merge_id>/undo", site.admin_view(merge_pages.undo), name="merge_undo"),
    path(
        "companies/<store:store_id>/<int:company_id>/hand-over",
        site.admin_view(hand_over_pages.hand_over),
        name="hand_over",
    ),
    path(f"{_order}delivery", site.admin_view(order_pages.delivery), name="order_delivery"),
    path("search/", site.admin_view(search_pages.index), name="search"),
    path("prices/", site.admin_view(price_pages.show), name="prices"),
    path("search/<store:store_id>/forget", site.admin_view(search_pages.forget), name="search_forget"),
    path("search/synonyms/<int:synonym_id>/remove", site.admin_view(search_pages.remove), name="synonym_remove"),
    path(
        "search/synonyms/<store:store_id>/<int:synonym_id>/remove",
        site.admin_view(search_pages.remove_of_store),
        name="store_synonym_remove",
    ),
    path("imports/", site.admin_view(import_pages.index), name="imports"),
    path("imports/new", site.admin_view(import_pages.new), name="import_new"),
    path(_import, site.admin_view(import_pages.show), name="import"),
    path(f"{_import}columns", site.admin_view(import_pages.columns), name="import_columns"),
    path(f"{_import}apply", site.admin_view(import_pages.apply), name="import_apply"),
    path(f"{_import}undo", site.admin_view(import_pages.undo), name="import_undo"),
    path(f"{_import}discard", site.admin_view(import_pages.discard), name="import_discard"),
    path(f"{_import}refused.csv", site.admin_view(import_pages.refused), name="import_refused"),
    path(_company, site.admin_view(company_pages.show), name="company"),
    path(f"{_company}everywhere", site.admin_view(everywhere_pages.show), name="company_everywhere"),
    path(f"{_company}approve", site.admin_view(company_pages.approve), name="company_approve"),
    path(f"{_company}refuse", site.admin_view(company_pages.refuse), name="company_refuse"),
    path(_paper, site.admin_view(paper_pages.show), name="paper"),
    path(f"{_paper}accept", site.admin_view(paper_pages.accept), name="paper_accept"),
    path(f"{_paper}return", site.admin_view(paper_pages.send_back), name="paper_return"),
    path(f"{_paper}waive", site.admin_view(paper_pages.waive), name="paper_waive"),
    path(f"{_paper}sent", site.admin_view(paper_pages.sent), name="paper_sent"),
    path(f"{_paper}file", site.admin_view(paper_pages.file), name="paper_file"),
    path(
        "papers/<store:store_id>/files/<int:submission_id>",
        site.admin_view(paper_pages.original),
        name="paper_original",
    ),
    path("papers/<store:store_id>/pages/<int:page_id>", site.admin_view(paper_pages.picture), name="paper_picture"),
    path(_change, site.admin_view(change_pages.show), name="company_change"),
    path(f"{_change}paper", site.admin_view(change_pages.paper), name="company_change_paper"),
    path(f"{_change}accept", site.admin_view(change_pages.accept), name="company_change_accept"),
    path(f"{_change}return", site.admin_view(change_pages.send_back), name="company_change_return"),
]

urlpatterns = [
    # Unfold's templates reverse `admin:…`, so its site cannot stand inside our own namespace.
    path("", include((pages, "backoffice"))),
    path("", site.urls),
]
