"""Numbers that people read: per store and month, without gaps."""

from django.db import connection

from licenseonline.kit import clock


def next_number(prefix: str, *, store_id: int) -> str:
    """The store's next number of this kind, like `Q2611-00001` (prefix, year and month in Japan, count).

    The series row stays locked until the transaction ends: a rolled-back sale gives its number back.
    """
    period = clock.today().strftime("%y%m")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO records_numberseries (store_id, kind, period, last) VALUES (%s, %s, %s, 1)
               ON CONFLICT (store_id, kind, period) DO UPDATE SET last = records_numberseries.last + 1
               RETURNING last""",
            [store_id, prefix, period],
        )
        (count,) = cursor.fetchone()
    return f"{prefix}{period}-{count:05d}"
