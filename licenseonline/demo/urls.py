"""Being written."""

app_name = "demo"

urlpatterns: list[object] = []
