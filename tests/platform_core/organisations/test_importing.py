from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from platform_core import organisations
from platform_core.activity.models import Activity
from platform_core.organisations.importing import BadFileError, import_municipalities
from platform_core.organisations.models import Organisation

pytestmark = pytest.mark.django_db

SHIPPED = Path(organisations.__file__).parent / "data" / "municipis.csv"
HEADER = "codi_ine5,codi_ine6,nom,nom_index,codi_comarca,comarca"
BARCELONA = "08019,080193,Barcelona,Barcelona,13,Barcelonès"
AMETLLA = "08005,080057,l'Ametlla del Vallès,\"Ametlla del Vallès, l'\",41,Vallès Oriental"


@pytest.fixture
def write(tmp_path):
    def to_file(*lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
        path = tmp_path / "file.csv"
        path.write_bytes(end.join([*lines, ""]).encode(encoding))
        return path

    return to_file


def problems(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(BadFileError) as bad:
        import_municipalities(path)
    assert not Organisation.objects.exists()
    return [(problem.line, problem.reason) for problem in bad.value.problems]


def test_the_shipped_municipalities_come_in_once():
    first = import_municipalities(SHIPPED)
    assert (first.created, first.updated, first.unchanged) == (311, 0, 0)
    recorded = Activity.objects.count()
    second = import_municipalities(SHIPPED)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 311)
    assert Activity.objects.count() == recorded
    ametlla = Organisation.objects.get(ine_code="080057")
    assert (ametlla.slug, ametlla.ine5, ametlla.comarca) == ("ametlla-del-valles", "08005", "Vallès Oriental")


def test_the_cost_of_a_second_time_does_not_grow_with_the_rows(write, django_assert_max_num_queries):
    import_municipalities(SHIPPED)
    with django_assert_max_num_queries(5):
        import_municipalities(SHIPPED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_line_ends_do_not_matter(write, encoding, end):
    assert import_municipalities(write(HEADER, AMETLLA, BARCELONA, encoding=encoding, end=end)).created == 2
    assert Organisation.objects.get(ine_code="080057").name == "l'Ametlla del Vallès"


def test_a_new_name_is_recorded_and_the_address_stays(write):
    import_municipalities(write(HEADER, BARCELONA))
    Organisation.objects.update(platform_host="decidim.example")
    renamed = BARCELONA.replace("Barcelona,Barcelona", "Bàrcino,Bàrcino")
    outcome = import_municipalities(write(HEADER, renamed))
    assert outcome.updated == 1
    barcino = Organisation.objects.get()
    assert (barcino.name, barcino.slug, barcino.platform_host) == ("Bàrcino", "barcelona", "decidim.example")
    event = Activity.objects.get(type="organisations.renamed").event
    assert (event.before, event.after) == ("Barcelona", "Bàrcino")


def test_every_bad_row_is_named_and_nothing_comes_in(write):
    found = problems(
        write(
            HEADER,
            BARCELONA,
            BARCELONA.replace("080193", "080194"),
            "08005,080057,,l'Ametlla,41,Vallès Oriental",
            "tres,quatre",
            BARCELONA,
            "08006,080057," + AMETLLA.split(",", 2)[2],
            "0800x,0800x7,A,A,41,B",
            BARCELONA + ",i més",
            f"08001,080018,{'A' * 121},A,11,Baix Llobregat",
        )
    )
    assert [line for line, _reason in found] == [3, 4, 5, 6, 7, 7, 8, 9, 9, 10]
    assert "3" in found[0][1]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [HEADER],
        [HEADER.replace("nom_index,", ""), BARCELONA],
        [HEADER + ",habitants", BARCELONA + ",1"],
        [HEADER + ",nom", BARCELONA + ",1"],
        [HEADER, '08019,080193,"Barcelona,13'],
        ["\x00"],
        [HEADER, BARCELONA.replace("Barcelona,Barcelona", "Barce\x00lona,Barcelona")],
    ],
)
def test_a_file_that_is_not_the_one_we_know_says_why(write, lines):
    assert problems(write(*lines))


def test_another_encoding_is_named_with_its_line(write):
    assert [line for line, _reason in problems(write(HEADER, BARCELONA, AMETLLA, encoding="latin-1"))] == [2]


def test_a_rehearsal_writes_nothing(write, capsys):
    call_command("import_organisations", write(HEADER, BARCELONA), dry_run=True)
    assert not Organisation.objects.exists()
    assert "1" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["no-hi-es.csv", "."])
def test_a_file_that_cannot_be_read_is_a_message(tmp_path, name):
    with pytest.raises(CommandError, match=r"no-hi-es|\."):
        call_command("import_organisations", tmp_path / name)
