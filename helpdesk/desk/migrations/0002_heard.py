from django.db import migrations, models
from django.db.models import Case as Choose
from django.db.models import F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce


def hear(apps, _editor):
    """What each ticket was last heard of: its last public line."""
    entries = apps.get_model("desk", "Entry").objects.filter(case=OuterRef("pk"), is_public=True)
    last = entries.order_by("-followup__date", "-followup")
    told = last.annotate(told=Choose(When(change="", then=F("side")), default=F("change"))).values("told")[:1]
    apps.get_model("desk", "Case").objects.update(
        heard=Coalesce(Subquery(told), Value("requester")),
        heard_at=Coalesce(Subquery(last.values("followup__date")[:1]), F("opened_at")),
    )


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        migrations.AddField(
            "case", "heard", models.CharField(default="requester", max_length=14, verbose_name="last public line"),
            preserve_default=False,
        ),
        migrations.AddField("case", "heard_at", models.DateTimeField(null=True, verbose_name="when")),
        migrations.RunPython(hear, migrations.RunPython.noop),
        migrations.AlterField("case", "heard_at", models.DateTimeField(verbose_name="when")),
        migrations.RemoveIndex("case", "desk_of_ens"),
        migrations.RemoveIndex("case", "desk_of_requester"),
        migrations.AddIndex(
            "case", models.Index(fields=["organisation", "-heard_at", "-ticket"], name="desk_of_ens")
        ),
        migrations.AddIndex(
            "case", models.Index(fields=["requester", "-heard_at", "-ticket"], name="desk_of_requester")
        ),
    ]
