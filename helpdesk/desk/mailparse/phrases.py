"""What mail clients write around a quote and under a message in Catalan, Spanish, English, French and German (a little
Italian and Portuguese too, as it costs nothing). Phrases are in lower case, compared with `plain` of what stands there.
"""

from __future__ import annotations

import re

# As in: El dl., 23 de nov. 2026 a les 10:02, Maria Puig <maria@ens.test> va escriure
ATTRIBUTION_STARTS = ("el ", "a ", "al ", "dia ", "en ", "on ", "le ", "am ", "il ", "em ", "op ", "a les ", "a las ")
ATTRIBUTION_ENDS = (
    *("va escriure", "ha escrit", "escrigué", "va escriure el següent", "escriu", "deia", "ha escrit el següent"),
    *("escribió", "escribio", "ha escrito", "escribe", "escribió lo siguiente"),
    *("wrote", "writes", "has written", "said", "wrote the following"),
    *("a écrit", "écrit", "a ecrit", "a écrit le message suivant"),
    *("schrieb", "schreibt", "hat geschrieben", "schrieb folgendes", "geschrieben"),
    *("ha scritto", "escreveu"),
)
# German has the name last: Am 23.11.2026 um 10:02 schrieb Maria Puig
ATTRIBUTION_MIDDLES = (" schrieb ",)
# Horde, without a date: Citant Maria Puig
CITING = (
    "citant a ",
    "citant ",
    "citando a ",
    "citando ",
    "quoting ",
    "zitat von ",
    "citation de ",
    "selon ",
    "en citant ",
    "missatge de ",
    "mensaje de ",
)

_LABELS = {
    "from": ("de", "from", "von", "remitent", "remitente", "expéditeur", "absender", "de la part de", "da"),
    "date": (
        *("enviat", "enviat el", "enviats", "data", "data d'enviament", "enviado", "enviado el", "enviados", "fecha"),
        *("sent", "date", "envoyé", "envoyé le", "gesendet", "datum", "inviato"),
    ),
    "to": ("per a", "per", "a", "para", "to", "à", "an", "destinatari", "destinatario", "pour", "empfänger"),
    "cc": ("cc", "a/c", "c/c", "kopie", "cópia", "còpia", "copia"),
    "subject": ("assumpte", "tema", "asunto", "subject", "objet", "betreff", "oggetto", "sujet"),
    "other": (
        "importància",
        "importancia",
        "importance",
        "prioritat",
        "prioridad",
        "priority",
        "wichtigkeit",
        "adjunts",
        "datos adjuntos",
        "attachments",
        "reply-to",
        "répondre à",
        "antwort an",
        "respon a",
    ),
}
LABELS = {label: role for role, labels in _LABELS.items() for label in labels}

_ORIGINAL = (
    *("missatge original", "missatge d'origen", "mensaje original", "original message", "message d'origine"),
    *("message original", "ursprüngliche nachricht", "originalnachricht", "ursprungsnachricht", "messaggio originale"),
    *("original appointment", "cita original", "correu original", "correo original", "mensagem original"),
)
_FORWARDED = (
    *("missatge reenviat", "missatge tramès", "mensaje reenviado", "forwarded message", "message transféré"),
    *("weitergeleitete nachricht", "forwarded mail", "correu reenviat", "correo reenviado"),
    *("comença el missatge reenviat", "inicio del mensaje reenviado", "begin forwarded message"),
    *("début du message transféré", "début du message réexpédié", "anfang der weitergeleiteten nachricht"),
    *("anfang der weitergeleiteten e-mail", "inici del missatge reenviat"),
)
# Subjects of forwarded mail, in the order Catalan, Spanish, English, French, German.
FORWARD_SUBJECTS = ("rv:", "reenv:", "reenviat:", "rm:", "fwd:", "fw:", "tr:", "wg:", "enc:")

_SENT_FROM = re.compile(
    r"(?:enviat (?:des|amb|mitjançant|a través)|enviado (?:desde|con|mediante|a través)|sent (?:from|with|via|using)|"
    r"envoyé (?:de|à partir|avec|via|par|depuis)|(?:diese nachricht wurde )?von meine[mr]? .{1,60} gesendet|"
    r"gesendet (?:von|mit|über|aus|mithilfe)|inviato da|get|obteniu|baixeu|obtén|obtener|descargar|obtenez|obtenir|"
    r"télécharge[rz]|holen sie sich|laden sie)\b"
)
_DEVICE = re.compile(
    r"iphone|ipad|android|samsung|galaxy|huawei|xiaomi|redmi|pixel|fairphone|nokia|blackberry|windows|"
    r"mòbil|móvil|mobil|smartphone|handy|tablet|tauleta|dispositi|appareil|gerät|tel[èé]fon|téléphone|phone|"
    r"outlook|gmail|yahoo|gmx|web\.de|thunderbird|k-9|proton|mail\b|correu|correo|\bapp\b"
)
_SORRY = re.compile(r"brevity|brevetat|brevedad|briè?veté|kürze")
_LONGEST_MOBILE = 120
_MOST_WORDS = 8  # a sentence of a person that begins so goes on for longer
_SHORTEST_RULE = 10
_TYPES_OF_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t ]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]")


def plain(text: str) -> str:
    """For comparing: lower case, one kind of space and of apostrophe, no invisible marks, no bold asterisks around."""
    text = _TYPES_OF_SPACE.sub(" ", _INVISIBLE.sub("", text)).replace("’", "'")
    return text.strip(" *").casefold().replace("ß", "ss")


def is_attribution_end(text: str) -> bool:
    """Whether `text`, made `plain`, ends as "On …, X wrote:" does."""
    if not text.endswith((":", "：")):
        return False
    text = text[:-1].rstrip(" *")
    return text.endswith(ATTRIBUTION_ENDS) or any(middle in text for middle in ATTRIBUTION_MIDDLES)


def role_of(text: str) -> str:
    """The part that a line plays in a header block: "from", "date", "to", "cc", "subject", "other"; "" for none."""
    label, colon, _rest = plain(text[:200]).partition(":")
    return LABELS.get(label.strip(" *"), "") if colon else ""


def is_original_rule(text: str) -> bool:
    """`-----Original Message-----`, `-------- Missatge original --------`."""
    return _dashed(text) in _ORIGINAL


def is_forward_rule(text: str) -> bool:
    """`---------- Forwarded message ---------`; Apple's, "Begin forwarded message:", has no dashes."""
    return _dashed(text) in _FORWARDED or plain(text[:100]).rstrip(" :") in _FORWARDED


def _dashed(text: str) -> str:
    """What stands between the dashes of a rule; "" if it is none."""
    short = plain(text[:200])
    return short.strip("-_ *").strip(" :") if short.startswith(("--", "__")) else ""


def is_rule(text: str) -> bool:
    """Outlook's line of underscores, or one of dashes."""
    short = text.strip()
    return len(short) >= _SHORTEST_RULE and (not short.strip("_") or not short.strip("-"))


def is_mobile_signature(text: str) -> bool:
    """ "Enviat des del meu iPhone", "Obtén Outlook para Android": the line that a program puts under a message."""
    if len(text) > _LONGEST_MOBILE:
        return False
    short = plain(text).strip("[(<")
    if not (_SENT_FROM.match(short) and _DEVICE.search(short)):
        return False
    return len(short.partition("<http")[0].split()) <= _MOST_WORDS or _SORRY.search(short) is not None
