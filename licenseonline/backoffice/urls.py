"""Being written."""

app_name = "backoffice"

urlpatterns: list[object] = []
