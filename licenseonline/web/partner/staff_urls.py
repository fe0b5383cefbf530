"""Addresses around the staff of a partner: mailed links, and 担当者の管理."""

from django.urls import path

from licenseonline.web.partner import doors, staff

urlpatterns = [
    path("start/<slug:secret>", doors.start, name="start"),
    path("password/reissue/", doors.reissue, name="reissue"),
    path("password/reissue/sent", doors.reissue_sent, name="reissue_sent"),
    path("password/<slug:secret>", doors.password_new, name="password_new"),
    path("staff/", staff.index, name="staff"),
    path("staff/<int:user_id>", staff.show, name="colleague"),
    path("staff/<int:user_id>/<slug:step>", staff.act, name="colleague_step"),
]
