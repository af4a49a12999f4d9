"""The statistics office publishes the municipalities anew: one has another name, and a file came with mistakes."""

import pytest
from django.core.management import CommandError, call_command

from platform_core.accounts.roles import Role
from platform_core.organisations.models import Organisation
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

HEADER = "codi_ine5,codi_ine6,nom,nom_index,codi_comarca,comarca\n"


def test_a_municipality_is_imported_corrected_and_found(client, tmp_path, capsys):
    file = tmp_path / "municipis.csv"
    file.write_text(HEADER + "08023,080235,Bigues i Riells,Bigues i Riells,41,Vallès Oriental\n", encoding="utf-8")
    call_command("import_organisations", file)

    bad = tmp_path / "bad.csv"
    bad.write_text(
        HEADER
        + "08023,080235,Bigues i Riells del Fai,Bigues i Riells del Fai,41,Vallès Oriental\n"
        + "08001,080019,Abrera,Abrera,11,Baix Llobregat\n",
        encoding="utf-8",
    )
    with pytest.raises(CommandError):
        call_command("import_organisations", bad)
    assert f"{bad}:3:" in capsys.readouterr().err
    assert Organisation.objects.get().name == "Bigues i Riells", "nothing is half-imported"

    bad.write_text(bad.read_text(encoding="utf-8").replace("080019", "080018"), encoding="utf-8")
    call_command("import_organisations", bad)

    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    found = client.get("/ens/", {"q": "RIELLS DEL FAI"})
    assert [row.organisation.name for row in found.context["page"].rows] == ["Bigues i Riells del Fai"]
    assert "Bigues i Riells" in client.get("/").text
