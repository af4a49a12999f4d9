import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.accounts.models import User
from platform_core.activity.models import Activity
from platform_core.config.demo.people import PASSWORD, PEOPLE
from platform_core.organisations.models import Organisation
from platform_core.organisations.queries import memberships_of

pytestmark = pytest.mark.django_db


def test_the_demo_world_is_made_once(capsys):
    call_command("demo_world")
    printed = capsys.readouterr().out
    recorded = Activity.objects.count()
    with CaptureQueriesContext(connection) as made:
        call_command("demo_world")
    assert Activity.objects.count() == recorded
    assert len(made) < 150, "a second run asks what is there, and little more"
    for person in PEOPLE:
        user = User.objects.get(email=person.email)
        assert user.check_password(PASSWORD)
        assert EmailAddress.objects.get(user=user).verified
        assert user.has_accepted_code
        assert user.role_names == {role.value for role in person.roles}
        assert person.email in printed
    real = Organisation.objects.filter(is_fictional=False)
    assert (real.count(), real.filter(joined_on__isnull=False).count()) == (311, 128)
    assert memberships_of(User.objects.get(email="referent@ens1.test")).get().role == "referent"


def test_it_keeps_out_of_production_unless_it_is_told(settings):
    settings.DEMO_WORLD_ALLOWED = False
    with pytest.raises(CommandError, match="--yes-fictional-data"):
        call_command("demo_world")
    assert not User.objects.exists()


def test_the_demo_people_sign_in(client):
    call_command("demo_world")
    answer = client.post("/compte/login/", {"login": "referent@ens1.test", "password": PASSWORD}, follow=True)
    assert answer.context["user"].email == "referent@ens1.test"
