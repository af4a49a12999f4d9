"""New words told from quoted ones: the short cases, one rule each. Whole mails are in test_corpus."""

from __future__ import annotations

import pytest

from helpdesk.desk.mailparse.html import to_lines
from helpdesk.desk.mailparse.lines import from_flowed, from_text, to_text
from helpdesk.desk.mailparse.reply import separate


def reply(text: str, **facts: bool) -> str:
    return separate(from_text(text), **facts).reply


@pytest.mark.parametrize(
    "attribution",
    [
        "El dl., 23 de nov. 2026 a les 10:02, Ona <o@x.test> va escriure:",
        "El 23/11/26 a les 10:02, Ona ha escrit:",
        "El 2026-11-23 10:02, Ona va escriure:",
        "El lun, 23 nov 2026 a las 10:02, Ona (<o@x.test>) escribió:",
        "On Mon, Nov 23, 2026 at 10:02\u202fAM Ona <o@x.test> wrote:",
        "On 23 Nov 2026, at 10:02, Ona <o@x.test>\nwrote:",
        "Le lun. 23 nov. 2026 à 10:02, Ona <o@x.test> a écrit\u00a0:",
        "Am Mo., 23. Nov. 2026 um 10:02 Uhr schrieb Ona <o@x.test>:",
        "Am 23.11.26 um 10:02 schrieb Ona:",
        "El dl., 23 de nov. 2026 a les 10:02, Una Persona amb un nom\n<una.persona@domini-llarg.test> va\nescriure:",
        "Citant Ona <o@x.test>:",
        "Zitat von Ona <o@x.test>:",
        "Ona <o@x.test> a écrit :",
    ],
)
def test_a_quote_goes_with_the_line_that_introduces_it(attribution):
    assert reply(f"Sí.\n\n{attribution}\n\n> No?\n> Ona\n") == "Sí."


@pytest.mark.parametrize(
    "above",
    [
        "De: Ona <o@x.test>\nEnviat: dilluns, 23 de novembre de 2026 10:02\nPer a: Pau\nAssumpte: Prova",
        "De: Ona <o@x.test>\nEnviado el: lunes, 23 de noviembre de 2026 10:02\nPara: Pau\nAsunto: Prueba",
        "From: Ona <o@x.test>\nSent: Monday, November 23, 2026 10:02 AM\nTo: Pau\nCc: Pol\nSubject: Test",
        "Von: Ona <o@x.test>\nGesendet: Montag, 23. November 2026 10:02\nAn: Pau\nBetreff: Test",
        "De : Ona <o@x.test>\nEnvoyé : lundi 23 novembre 2026 10:02\nÀ : Pau\nObjet : Essai",
        "*De:* Ona <o@x.test>\n*Enviat:* dilluns, 23 de novembre\n*Per a:* Pau\n*Assumpte:* Prova",
        "-----Missatge original-----\nDe: Ona",
        "-----Mensaje original-----\nDe: Ona",
        "-------- Original Message --------\nFrom: Ona",
        "-----Message d'origine-----\nDe : Ona",
        "-----Ursprüngliche Nachricht-----\nVon: Ona",
    ],
)
def test_everything_below_a_copied_header_is_quoted(above):
    separated = separate(from_text(f"Sí.\n\n________________________________\n{above}\n\nNo?"))

    assert separated.reply.rstrip("_\n") == "Sí."
    assert separated.quoted.endswith(("No?", "> No?"))


@pytest.mark.parametrize(
    "line",
    [
        "Enviat des del meu iPhone",
        "Enviado desde mi Samsung Galaxy",
        "Sent from my iPad",
        "Sent from Outlook for iOS<https://aka.test/o0ukef>",
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet von Outlook für Android",
        "Obteniu l'Outlook per a Android",
        "Obtén Outlook para iOS",
    ],
)
def test_the_line_that_a_phone_adds_is_no_part_of_the_reply(line):
    assert reply(f"Sí.\n\n{line}\n") == "Sí."
    assert reply(f"Sí.\n\n{line}\n\nEl 23/11/26 a les 10:02, Ona ha escrit:\n> No?") == "Sí."


@pytest.mark.parametrize(
    "text",
    [
        "Enviat amb retard, ho sentim: l'adjunt és el bo.",
        "Enviado desde mi despacho el documento firmado por la alcaldesa y la secretaria del pleno.",
        "El dia 3 a les 10:02 en Pau va escriure:\nla pàgina no carrega.",
        "De: Barcelona\nA: Lleida\nHora: 10",
        "Tasques:\n- una\n- dues\n-- tres",
        "Gràcies,\nOna",
        "a > b i b > c",
    ],
)
def test_words_of_a_person_that_only_look_like_a_quote_stay(text):
    assert reply(f"Hola.\n{text}") == f"Hola.\n{text}"


def test_a_signature_goes():
    assert reply("Sí.\n\n-- \nOna Pi\nAjuntament") == "Sí."


def test_a_signature_below_the_quote_goes_too():
    assert reply("El 23/11/26 a les 10:02, Ona ha escrit:\n> No?\n\nSí.\n\n-- \nPau") == "Sí."


def test_what_is_too_long_for_a_signature_stays():
    text = "Registre:\n\n--\n" + "\n".join(f"línia {number}" for number in range(40))

    assert reply(text) == text


def test_answers_between_quoted_lines_keep_the_quotes():
    text = "Hola,\n\nEl 23/11/26 a les 10:02, Ona ha escrit:\n> Quin?\n\nAquest.\n\n> Quan?\n\nDemà.\n\n> L'equip"

    assert reply(text) == text.removesuffix("\n\n> L'equip")


def test_an_answer_below_the_quote_is_the_reply():
    assert reply("On 23 Nov 2026 10:02, Ona wrote:\n> No?\n>\n> Ona\n\nSí.\nDemà.") == "Sí.\nDemà."


def test_a_forwarded_message_stays():
    header = "De: Ona <o@x.test>\nDate: 23/11/26\nTo: Pau\nSubject: x"
    text = f"Mireu.\n\n---------- Forwarded message ---------\n{header}\n\nNo va."

    assert reply(text) == text


def test_a_mail_with_a_forwarding_subject_stays_whole():
    text = "Mireu.\n\nDe: Ona <o@x.test>\nEnviat: 23/11/26\nPer a: Pau\nAssumpte: x\n\nNo va."

    assert reply(text, forwarded=True) == text


def test_a_mail_of_nothing_but_quotes_stays_whole():
    assert reply("> No?\n> Ona") == "> No?\n> Ona"


def test_somebody_who_writes_in_the_frame_of_the_signature_is_heard():
    html = '<div id="Signature"><p>Sí, ja funciona.</p></div><div id="appendonsend"></div><div>No?</div>'

    assert separate(to_lines(html)).reply == "Sí, ja funciona."


def test_an_indented_paragraph_in_html_is_no_quote():
    html = "<p>L'error diu:</p><blockquote>No trobat</blockquote><p>Què fem?</p>"

    assert separate(to_lines(html)).reply == "L'error diu:\n\nNo trobat\n\nQuè fem?"


def test_html_becomes_text_that_reads_well():
    html = (
        "<h1>Passos</h1><ol><li>Obriu</li><li>Deseu</li></ol><table><tr><td>a</td><td>b</td></tr></table>"
        "<pre>x = 1\n  y</pre><p>Vegeu <a href='https://ajuda.test/desar'>l'ajuda</a><br>Fi<script>x()</script></p>"
    )

    assert to_text(to_lines(html)) == (
        "Passos\n\n- Obriu\n- Deseu\n\na b\n\nx = 1\n  y\n\nVegeu l'ajuda <https://ajuda.test/desar>\nFi"
    )


def test_flowed_lines_are_joined_again():
    lines = from_flowed("Una línia \nllarga.\n> citada \n> també\n-- \nOna")

    assert to_text(lines) == "Una línia llarga.\n> citada també\n-- \nOna"


def test_flowed_lines_without_spaces_between_them_are_joined_without():
    assert to_text(from_flowed("ab \ncd", delete_space=True)) == "abcd"
