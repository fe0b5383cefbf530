"""セールスパートナー管理コンソール."""

from django.urls import path

from licenseonline.web.partner import console, sign_in

app_name = "partner"

urlpatterns = [
    path("", console.home, name="home"),
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("quotes/", console.quotes, name="quotes"),
    path("orders/", console.orders, name="orders"),
    path("orders/<store:store_id>/<slug:number>", console.order, name="order"),
]
