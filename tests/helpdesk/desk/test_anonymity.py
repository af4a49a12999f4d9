import pytest

from helpdesk.desk.anonymity import Known, strip

KNOWN = Known(
    people=frozenset({"Núria Puig i Serra", "Oriol Bastida"}),
    organisations=frozenset({"l'Ametlla del Vallès", "Ametlla del Vallès, l'", "Vic", "Barcelona"}),
    hosts=frozenset({"participa.ametlla.cat"}),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Pregunta la Nuria Puig si", "Pregunta la [nom] [nom] si"),
        ("Pregunta Núria Puig i Serra.", "Pregunta [nom]."),
        ("Escriviu a nuria.puig@ametlla.test avui", "Escriviu a [adreça electrònica] avui"),
        ("Truqueu al 612 34 56 78 o al +34 931234567", "Truqueu al [telèfon] o al [telèfon]"),
        ("Soc 12345678Z i •••••678Z", "Soc [document d'identitat] i [document d'identitat]"),
        ("A l’Ajuntament de Vic fa fred", "A [ens] fa fred"),
        ("A l'Ametlla del Valles no surt", "A [ens] no surt"),
        ("Obriu https://participa.ametlla.cat/processes/a?b=1 i mireu", "Obriu [adreça de la plataforma] i mireu"),
        ("Obriu decidim-vic.diba.cat.", "Obriu [adreça de la plataforma]."),
        ("Vegeu S-42", "Vegeu [tiquet]"),
        ("ES91 2100 0418 4502 0005 1332", "[número de compte]"),
    ],
)
def test_personal_data_leaves_a_word_in_its_place(before, after):
    assert strip(before, KNOWN).text == after


@pytest.mark.parametrize(
    "text",
    [
        "Escriviu a suportdecidim@diba.cat o truqueu al 934 020 704.",
        "La Diputació de Barcelona ho ofereix.",
        "La serra i el puig no són persones; un vic tampoc.",
        "Vegeu https://docs.decidim.org/ca/ i la Llei 39/2015 del 2016-10-02, art. 12.",
        "El procés té 1.000 propostes i 12345678 suports.",
    ],
)
def test_what_is_nobodys_stays(text):
    found = strip(text, KNOWN)
    assert (found.text, found.taken) == (text, [])


def test_greeting_and_signature_go():
    text = "Hola, Núria,\n\nAneu a Configuració.\nDeseu.\n\nSalutacions,\nOriol Bastida\nEquip de suport"
    found = strip(text, KNOWN)
    assert found.text == "Aneu a Configuració.\nDeseu."
    assert "".join(piece.text for piece in found.pieces) == text


@pytest.mark.parametrize(
    "text",
    [
        "Hola, on es canvia el logotip",
        "Gràcies.\nAneu a Configuració.\nDeseu.",
        "Ho mirem.\n\nGràcies,\nMentrestant, aneu a Configuració.\nDeseu.",
    ],
)
def test_what_only_begins_as_a_greeting_or_a_farewell_stays(text):
    assert strip(text, KNOWN).text == text


def test_thanks_in_the_middle_of_a_text_do_not_end_it():
    text = "Gràcies per escriure. " + "Aneu a Configuració.\n" * 15
    assert strip(text, KNOWN).text == text.strip()


@pytest.mark.parametrize("text", ["", "\0", "-" * 20000, "a@" * 20000, "9 " * 20000, "hola\n" * 20000, "[" * 9000])
def test_any_text_is_read_in_a_moment(text):
    strip(text, KNOWN)
