"""The demo's own pages; `licenseonline/urls.py` has them only with LICENSEONLINE_DEMO=1."""

from django.urls import path

from licenseonline.demo import login_page, mail_pages

app_name = "demo"

urlpatterns = [
    path("logins", login_page.show, name="logins"),
    path("mail/", mail_pages.index, name="mail"),
    path("mail.json", mail_pages.as_json, name="mail_json"),
    path("mail/<int:message_id>", mail_pages.show, name="mail_show"),
    path("mail/<int:message_id>/html", mail_pages.html, name="mail_html"),
    path("mail/<int:message_id>/attachments/<int:attachment_id>", mail_pages.attachment, name="mail_attachment"),
]
