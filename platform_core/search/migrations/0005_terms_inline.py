from django.db import migrations

# An entry of some thousand bytes stays in one piece, so that comparing it reads it once and unpacks nothing.
KEEP = "ALTER TABLE search_searchentry SET (toast_tuple_target = 8160)"
FORGET = "ALTER TABLE search_searchentry RESET (toast_tuple_target)"


def keep(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(KEEP)


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORGET)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_wordings")]

    operations = [migrations.RunPython(keep, forget)]
