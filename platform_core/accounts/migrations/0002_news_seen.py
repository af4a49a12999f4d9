from django.db import migrations, models


def begin_now(apps, schema_editor):
    """What happened before there was a bell is no news."""
    people = apps.get_model("accounts", "User").objects.all()
    heads = dict(apps.get_model("activity", "Stream").objects.filter(name__startswith="user:").values_list("name", "head"))
    for person in people.only("pk").iterator():
        if head := heads.get(f"user:{person.pk}"):
            people.filter(pk=person.pk).update(news_seen=head)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("activity", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="news_seen",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(begin_now, migrations.RunPython.noop),
    ]
