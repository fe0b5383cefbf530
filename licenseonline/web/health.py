"""For load balancers: alive (the process answers) and ready (the database answers and is migrated)."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process serves."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database can be read, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM stores_store LIMIT 1")
    except DatabaseError:
        return JsonResponse({"status": "database"}, status=503)
    return JsonResponse({"status": "ok"})
