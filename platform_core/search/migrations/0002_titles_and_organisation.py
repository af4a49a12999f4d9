import django.db.models.deletion
from django.db import migrations, models

#: Titles and keywords alone, for words that are everywhere; and what FTS5 knows of the words of its table.
CREATE = {
    "sqlite": ["CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_terms, 'col')"],
    "postgresql": [
        "ALTER TABLE search_searchentry ADD COLUMN title_terms tsvector"
        " GENERATED ALWAYS AS (ts_filter(terms, '{a,b}')) STORED",
        "CREATE INDEX search_title_terms ON search_searchentry USING gin (title_terms)",
    ],
}
DROP = {
    "sqlite": ["DROP TABLE search_vocabulary"],
    "postgresql": ["ALTER TABLE search_searchentry DROP COLUMN title_terms"],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("organisations", "0001_initial")]

    operations = [
        migrations.AddField(
            "searchentry",
            "organisation",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                to="organisations.organisation", verbose_name="organisation",
            ),
        ),
        migrations.RunPython(create, drop),
    ]
