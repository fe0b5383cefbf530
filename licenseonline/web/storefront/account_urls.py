"""A store's addresses around passwords, sessions and the second factor."""

from django.urls import path

from licenseonline.web.member import second_factor, security
from licenseonline.web.storefront import acting, mailed_links, passwords, registration, sign_in

urlpatterns = [
    path("login/", sign_in.login, name="login"),
    path("login/code", sign_in.code, name="login_code"),
    path("logout/", sign_in.logout, name="logout"),
    path("password/reissue/", passwords.reissue, name="reissue"),
    path("password/reissue/sent", passwords.reissue_sent, name="reissue_sent"),
    path("password/change", passwords.change, name="password_change"),
    path("verify/<slug:secret>", mailed_links.verify, name="verify"),
    path("verify/<slug:secret>/again", mailed_links.verify_again, name="verify_again"),
    path("stop/<slug:secret>", mailed_links.stop, name="stop"),
    path("register/invited/<slug:secret>", registration.invited, name="register_invited"),
    path("acting/end", acting.end, name="acting_end"),
    path("acting/<slug:secret>", acting.begin, name="acting"),
    path("member/verify", security.send_verification, name="verify_send"),
    path("member/password/", security.password, name="password"),
    path("member/sessions/", security.devices, name="sessions"),
    path("member/sessions/end", security.end_others, name="sessions_end"),
    path("member/sessions/<slug:reference>/end", security.end_one, name="session_end"),
    path("member/second-factor/", second_factor.show, name="second_factor"),
    path("member/second-factor/on", second_factor.turn_on, name="second_factor_on"),
    path("member/second-factor/qr.svg", second_factor.picture, name="second_factor_picture"),
    path("member/second-factor/off", second_factor.turn_off, name="second_factor_off"),
    path("member/second-factor/codes", second_factor.codes, name="second_factor_codes"),
]
