"""The tickets of the demo world: a fortnight of a small desk, so that every state of the promise can be seen.

Everything is written with the verbs that people use, at moments counted back in the desk's open time: whenever the
world is made, something has just come in, something is about to expire, and something is late. All of it is fictional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from helpdesk.desk import domain
from helpdesk.desk.domain.policies import TARGETS
from helpdesk.desk.models import Case, Channel, Kind, Level, Priority, Rating, State
from platform_core.accounts.models import User
from platform_core.officehours.public import schedule
from platform_core.organisations.public import Organisation

from .people import ORGANISATIONS, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable

LAIA, NURIA, DIDAC, MARINA = "referent@ens1.test", "tecnica@ens1.test", "referent@ens2.test", "alumna@ens2.test"
ORIOL, ELVIRA, PAU = "suport@desk.test", "seccio@desk.test", "sistemes@desk.test"
SEATS = {person.email: person.seat[0] for person in PEOPLE if person.seat}


@dataclass(frozen=True)
class Step:
    """Something that `who` does, so many open hours ago."""

    who: str
    ago: float
    text: str = ""
    then: State | None = None
    note: bool = False
    level: Level | None = None
    minutes: int = 0


@dataclass(frozen=True)
class Story:
    """A ticket of `who`, filed so many open hours ago, and what became of it."""

    who: str
    ago: float
    kind: Kind
    subject: str
    text: str
    topic: str = ""
    priority: Priority = Priority.NORMAL
    channel: Channel = Channel.WEB
    steps: tuple[Step, ...] = ()
    rating: Rating | None = None


def take(who: str, ago: float) -> Step:
    return Step(who, ago)


OPEN, WAITING, RESOLVED = State.OPEN, State.WAITING, State.RESOLVED
STORIES = (
    Story(
        LAIA, 6, Kind.INCIDENT, "Les persones que voten no reben el correu de confirmació",
        "Bon dia. Tenim oberta la votació dels pressupostos participatius i des d'aquest matí les persones que voten "
        "no reben el correu de confirmació. Ho hem provat amb dos comptes nostres i tampoc arriba.\n\nEl vot sí que "
        "consta al recompte. Ja ens han trucat quatre veïnes.",
        topic="pressupostos", priority=Priority.HIGH,
        steps=(
            Step(ORIOL, 5.5, "Hola, Laia. Gràcies per provar-ho abans d'escriure'ns: ens estalvia mitja feina. Ho hem "
                 "pogut reproduir.\n\nEns podeu dir l'hora exacta d'un dels vots de prova i el nom del procés? No cal "
                 "cap dada de les persones.", WAITING, minutes=15),
            Step(LAIA, 4.2, "El vot de prova és de les 10.52 h, al procés «Decidim el pressupost 2027»."),
            Step(ORIOL, 2, "La cua s'ha encallat pel límit del servidor de sortida. El Pau l'ha apujat: baixa uns 35 "
                 "missatges per minut. **No cal reenviar res.**", note=True, minutes=20),
            Step(ORIOL, 1.5, "Ja sabem què passa: el correu surt amb uns quaranta minuts de retard. Els vots compten "
                 "igual i els missatges arribaran tots: no s'ha perdut res i no cal que ningú torni a votar.\n\nSi us "
                 "serveix, podeu posar aquest avís a la portada:\n\n> El correu de confirmació pot trigar una hora. El "
                 "vostre vot ja compta des que heu vist la pantalla «Vot confirmat».\n\nUs ho direm aquí tan bon punt "
                 "la cua sigui buida.", OPEN, minutes=10),
        ),
    ),
    Story(
        NURIA, 1, Kind.QUESTION, "Com fusionem tres propostes que diuen el mateix?",
        "Al procés de mobilitat hi ha tres propostes gairebé iguals sobre el carril bici. Les podem ajuntar sense que "
        "es perdin els suports?", topic="propostes-suports",
    ),
    Story(
        DIDAC, 1.75, Kind.QUESTION, "Una veïna no es pot verificar amb el padró",
        "Fa dos dies que ho prova. Li surt «Les dades no coincideixen», i al padró hi consta bé.",
        topic="verificacio-padro", steps=(take(ORIOL, 1.2),),
    ),
    Story(
        MARINA, 5, Kind.QUESTION, "No podem exportar les aportacions del procés del POUM",
        "Cliquem a *Exporta* i ens diu que rebrem un correu, però no arriba res. Ens cal per al ple de dijous.",
        topic="dades-exportacio",
        steps=(Step(MARINA, 2, "Sabeu alguna cosa? Ens corre pressa."),),
    ),
    Story(
        LAIA, 20, Kind.INCIDENT, "La pàgina de pressupostos triga més de vint segons",
        "Des que hi ha més de cent projectes, la llista triga molt i alguns mòbils no la carreguen.",
        topic="pressupostos",
        steps=(
            Step(ORIOL, 19, "Ho hem vist. Ho mira l'equip de sistemes i us direm alguna cosa avui mateix.", OPEN),
            Step(ORIOL, 18.5, "La consulta dels projectes no fa servir l'índex: cal que ho miri sistemes.",
                 level=Level.SYSTEMS),
            take(PAU, 18),
        ),
    ),
    Story(
        DIDAC, 2.6, Kind.OUTAGE, "La plataforma no respon: error 502",
        "Tota la plataforma dona error 502 des de fa uns minuts. Hi ha una votació oberta.",
        topic="suport-incidencies", priority=Priority.URGENT, channel=Channel.PHONE,
        steps=(
            Step(ORIOL, 2.5, "Hi som. Us truquem d'aquí a mitja hora amb el que sapiguem.", OPEN, minutes=5),
            Step(ORIOL, 2.4, "El node no contesta al control.", level=Level.SYSTEMS),
            take(PAU, 2.3),
            Step(PAU, 1.2, "La plataforma torna a anar, més lenta. Encara hi treballem.", OPEN, minutes=60),
        ),
    ),
    Story(
        NURIA, 6, Kind.CONFIGURATION, "Donar d'alta una segona persona administradora",
        "La companya nova, la Berta, ha de poder moderar i publicar. Què hem de fer?",
        topic="administracio-plataforma",
        steps=(Step(ELVIRA, 5, "Ho podeu fer des de *Administració › Persones*. Us hi acompanyem si voleu: quin dia us "
                    "va bé?", OPEN, minutes=10),),
    ),
    Story(
        DIDAC, 9, Kind.CONFIGURATION, "Volem demanar l'edat a l'autorització del padró",
        "Per a la consulta jove només hi han de poder votar les persones de 14 a 25 anys.", topic="menors-14-anys",
        steps=(Step(ORIOL, 8, "Es pot fer. Ens heu d'enviar l'acord de l'òrgan que ho aprova, i ho activem el mateix "
                    "dia.", WAITING, minutes=10),),
    ),
    Story(
        LAIA, 30, Kind.QUESTION, "Revisió dels textos legals abans de publicar",
        "Us adjuntarem els termes d'ús. Ens podeu dir si falta res?", topic="codi-etic-contracte-social",
        steps=(Step(ELVIRA, 29, "I tant. Quan ens els feu arribar, els mirem amb la secció.", WAITING, minutes=5),),
    ),
    Story(
        MARINA, 0.3, Kind.CONFIGURATION, "Podem fer trobades només per a les persones del consell?",
        "El consell de cultura es vol reunir i que la trobada no es vegi des de fora.", topic="organs-espais-privats",
    ),
    Story(
        MARINA, 26, Kind.IMPROVEMENT, "Que el butlletí es pugui programar per a una hora",
        "Ara l'hem d'enviar a mà. Ens aniria bé triar dia i hora.", topic="comunicacio",
        steps=(Step(ELVIRA, 20, "Bona idea. La portem a la comunitat perquè els altres ens hi diguin la seva.", OPEN),),
    ),
    Story(
        DIDAC, 14, Kind.INCIDENT, "Comptes brossa: n'hem comptat seixanta-quatre en un cap de setmana",
        "Es registren amb noms que no volen dir res i fan comentaris amb enllaços.", topic="registre-obligatori",
        steps=(
            Step(ORIOL, 13, "Els hem blocat tots i hem activat la comprovació del registre. Si en torna a sortir cap, "
                 "responeu aquí.", RESOLVED, minutes=40),
            Step(DIDAC, 0.8, "Aquest matí n'han tornat a sortir cinc."),
        ),
    ),
    Story(
        LAIA, 40, Kind.QUESTION, "Canviar el logotip de la capçalera", "Tenim logotip nou. Quina mida ha de tenir?",
        topic="logotip", rating=Rating.GOOD,
        steps=(Step(ORIOL, 39.2, "Millor un SVG, o un PNG de 400 píxels d'ample. El podeu canviar a *Aparença*.",
                    RESOLVED, minutes=5),),
    ),
    Story(
        NURIA, 55, Kind.INCIDENT, "El mapa de les trobades surt buit", "A totes les trobades presencials.",
        topic="trobades", rating=Rating.GOOD,
        steps=(
            Step(ORIOL, 54, "Ho mirem.", OPEN),
            Step(PAU, 50, "La clau del servei de mapes havia caducat: renovada.", note=True, minutes=25),
            Step(ORIOL, 49, "Ja es veu. Havia caducat una clau nostra; l'hem renovada.", RESOLVED, minutes=10),
        ),
    ),
    Story(
        DIDAC, 48, Kind.QUESTION, "Quantes persones poden ser referents?", "N'hi pot haver més d'una?",
        topic="administracio-plataforma", channel=Channel.PHONE,
        steps=(Step(ORIOL, 47.8, "Tantes com vulgueu, i us recomanem que en siguin almenys dues.", RESOLVED,
                    minutes=4),),
    ),
    Story(
        MARINA, 60, Kind.QUESTION, "Error en importar resultats amb un CSV",
        "Ens diu «fila 12: data no vàlida», i la data és 31/02/2026.", topic="processos-fases", rating=Rating.FAIR,
        steps=(Step(ELVIRA, 54, "El 31 de febrer no existeix: si corregiu aquesta fila, entrarà tot. Perdoneu el "
                    "retard de la resposta.", RESOLVED, minutes=10),),
    ),
)  # fmt: skip

STRANGER = Story(
    "associacio@entitat.example", 1.2, Kind.QUESTION, "Com fem una proposta com a entitat?",
    "Som una associació de veïns i volem fer una proposta en nom de tots. No sabem si cal un compte per a cadascú.",
    channel=Channel.MAIL,
)  # fmt: skip


def build_tickets(people: dict[str, User]) -> None:
    """File them all, unless the fictional organisations have tickets already."""
    organisations = Organisation.objects.in_bulk(list(ORGANISATIONS), field_name="slug")
    if Case.objects.filter(organisation__in=organisations.values()).exists():
        return
    now = timezone.now()
    for story in sorted((*STORIES, STRANGER), key=lambda story: _moment(story, now)(story.ago)):
        _tell(story, people, organisations.get(SEATS.get(story.who, "")), _moment(story, now))
    domain.raise_alarms(now=now)


def _moment(story: Story, now: datetime) -> Callable[[float], datetime]:
    """When it was, so many open hours ago, by the calendar that the promise of the story counts with."""
    working = schedule(TARGETS[story.kind][0])
    return lambda ago: working.add(now, -timedelta(hours=ago))


def _tell(
    story: Story, people: dict[str, User], organisation: Organisation | None, moment: Callable[[float], datetime]
) -> None:
    requester = people.get(story.who)
    case = domain.open_ticket(
        actor=requester,
        requester=requester,
        requester_email=story.who,
        requester_name="" if requester else "Associació de Veïns (fictícia)",
        organisation=organisation,
        kind=story.kind,
        priority=story.priority,
        subject=story.subject,
        text=story.text,
        topic=story.topic,
        instance=organisation.platform_host if organisation else "",
        channel=story.channel,
        submission=uuid5(NAMESPACE_URL, f"demo/{story.subject}"),
        at=moment(story.ago),
    )
    for step in story.steps:
        _take_step(case, step, people[step.who], at=moment(step.ago))
    if story.rating and requester:
        case.refresh_from_db()
        domain.rate(actor=requester, case=case, rating=story.rating, comment="")


def _take_step(case: Case, step: Step, who: User, *, at: datetime) -> None:
    spent = timedelta(minutes=step.minutes) or None
    if step.level:
        domain.escalate(actor=who, case=case, level=step.level, reason=step.text, at=at)
    elif step.note:
        domain.add_note(actor=who, case=case, text=step.text, time_spent=spent, at=at)
    elif step.text:
        domain.reply(actor=who, case=case, text=step.text, then=step.then, time_spent=spent, at=at)
    else:
        domain.assign(actor=who, case=case, assignee=who, at=at)
