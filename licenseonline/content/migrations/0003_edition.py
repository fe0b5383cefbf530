"""Changes here reach visitors at once."""

from django.db import migrations

from licenseonline.kit.edition import RaisesEdition


class Migration(migrations.Migration):
    """Raise the edition."""

    dependencies = [("content", "0002_locks"), ("stores", "0003_edition")]

    operations = [RaisesEdition("content_news", "content_faq", "content_page")]
