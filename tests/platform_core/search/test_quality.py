"""How well the engine of each database finds, on a few texts in Catalan and questions as people write them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from platform_core.search.public import find

TEXTS = {
    "renewal": (
        "Cada quants anys es renova el conveni?",
        "Els convenis amb els ens locals duren quatre anys. Tres mesos abans que s'acabin us escrivim per renovar-los.",
    ),
    "logo": (
        "Com canviem el logotip de la capçalera?",
        "Des del tauler d'administració, a Aparença, pugeu el fitxer de la imatge nova. Ha de fer 180 píxels d'alçada.",
    ),
    "census": (
        "Quin format ha de tenir el cens?",
        "Un fitxer CSV amb el document d'identitat i la data de naixement de cada persona, separats per punts i comes.",
    ),
    "age": (
        "Quina és l'edat mínima per participar?",
        "Qui té setze anys o més pot registrar-se i votar. Les persones més joves participen amb permís de la família.",
    ),
    "password": (
        "He oblidat la contrasenya",
        "Premeu «Heu oblidat la contrasenya?» i us enviarem un correu electrònic per posar-ne una de nova.",
    ),
    "minutes": (
        "On publiquem l'acta d'una trobada?",
        "A la pàgina de la trobada, un cop feta, hi ha l'opció de tancar-la i d'afegir-hi l'acta i les fotografies.",
    ),
    "collaboration": (
        "Sol·licitud de col·laboració amb entitats",
        "Les associacions del municipi poden demanar un espai propi. Ompliu el formulari i us respondrem en deu dies.",
    ),
    "spam": (
        "Rebem comptes falsos i missatges brossa",
        "Bloquegeu els comptes des de Participants. Els comentaris ofensius s'amaguen, i queda escrit qui ho ha fet.",
    ),
    "accessibility": (
        "Declaració d'accessibilitat",
        "Totes les plataformes en porten una. Cal que les imatges tinguin text alternatiu i els vídeos, subtítols.",
    ),
    "budget": (
        "Fases d'uns pressupostos participatius",
        "Recollida de propostes, valoració tècnica, votació i execució. Cada fase s'obre i es tanca amb la seva data.",
    ),
}

QUESTIONS = {
    "renovacio de convenis": "renewal",
    "el nostre conveni caduca, com el renovem": "renewal",
    "el logotips de la web": "logo",
    "canvi d’imatge capcalera": "logo",
    "fitxers csv dels censos": "census",
    "amb quines edats es pot votar": "age",
    "joves de setze any": "age",
    "contrasenyes oblidades": "password",
    "penjar les actes": "minutes",
    "fotografia trobades": "minutes",
    "sollicituds de collaboracio": "collaboration",
    "col.laborar amb l'associació": "collaboration",
    "comentari ofensiu": "spam",
    "declaracions accessibilitats videos": "accessibility",
    "PRESSUPOST PARTICIPATIU fase": "budget",
}
FLOOR = 0.95
"""Of the mean reciprocal rank: 1 is every right text first."""


@pytest.mark.django_db
def test_people_find_the_right_text_though_they_write_other_forms_and_no_accents(notes):
    for key, (title, body) in TEXTS.items():
        notes.write(key, title, body)
    ranks = {}
    for asked, key in QUESTIONS.items():
        found = [hit.object_id for hit in find(asked, viewer=AnonymousUser())]
        ranks[asked] = found.index(key) + 1 if key in found else None
    mean = sum(1 / rank for rank in ranks.values() if rank) / len(ranks)
    assert mean >= FLOOR, {asked: rank for asked, rank in ranks.items() if rank != 1}
