from django.urls import path, re_path
from wagtail.views import serve

from .models import INDEX_SLUG
from .views import certificates, feedback, groups, invitations, packages, quizzes, reading, sessions, taking, team

app_name = "training"
urlpatterns = [
    path("", serve, {"path": f"{INDEX_SLUG}/"}, name="catalogue"),
    path("progres/", taking.progress, name="progress"),
    path("curs/<uuid:key>/inscripcio/", taking.enrol, name="enrol"),
    path("curs/<uuid:key>/baixa/", taking.leave, name="leave"),
    path("curs/<uuid:key>/versio/", taking.take_newest, name="take_newest"),
    path("curs/<uuid:key>/renovacio/", taking.renew, name="renew"),
    path("curs/<uuid:key>/fet/", taking.done, name="done"),
    path("curs/<uuid:key>/pregunta/", reading.ask, name="ask"),
    path("curs/<uuid:key>/clara/", feedback.say_clear, name="say_clear"),
    path("curs/<uuid:key>/prova/", quizzes.start, name="start"),
    re_path(r"^prova/(?P<pk>[1-9][0-9]{0,17})/$", quizzes.attempt, name="attempt"),
    re_path(r"^paquets/(?P<pk>[1-9][0-9]{0,17})/dades/$", packages.data, name="package_data"),
    path("certificat/", certificates.look_up, name="look_up"),
    re_path(r"^certificat/(?P<code>[A-Za-z0-9-]{1,40})/$", certificates.page, name="certificate"),
    re_path(r"^certificat/(?P<code>[A-Za-z0-9-]{1,40})/pdf/$", certificates.pdf, name="certificate_pdf"),
    re_path(r"^certificat/(?P<code>[A-Za-z0-9-]{1,40})/insignia.json$", certificates.badge, name="certificate_badge"),
    path("sessions/", sessions.index, name="sessions"),
    path("sessions/<uuid:uid>/", sessions.page, name="session"),
    path("sessions/<uuid:uid>/sessio.ics", sessions.calendar, name="session_ics"),
    path("sessions/<uuid:uid>/placa/", sessions.take, name="session_take"),
    path("sessions/<uuid:uid>/baixa/", sessions.give_up, name="session_give_up"),
    path("sessions/<uuid:uid>/assistencia/", sessions.attend, name="session_attend"),
    path("sessions/<uuid:uid>/llista/", sessions.mark, name="session_mark"),
    path("sessions/<uuid:uid>/anul-la/", sessions.cancel, name="session_cancel"),
    path("sessions/<uuid:uid>/edita/", sessions.write, name="session_edit"),
    path("curs/<uuid:key>/sessio/", sessions.write, name="session_new"),
    path("equip/", team.board, name="board"),
    path("equip/csv/", team.export, name="board_csv"),
    path("equip/xlsx/", team.export_xlsx, name="board_xlsx"),
    path("equip/inscriu/", team.enrol, name="enrol_others"),
    re_path(r"^equip/grup/(?P<pk>[1-9][0-9]{0,17})/$", groups.group, name="group"),
    re_path(r"^equip/invitacio/(?P<pk>[1-9][0-9]{0,17})/torna-hi/$", team.send_again, name="invitation_again"),
    re_path(r"^equip/invitacio/(?P<pk>[1-9][0-9]{0,17})/retira/$", team.withdraw, name="invitation_withdraw"),
    path("invitacio/<str:token>/", invitations.page, name="invitation"),
    re_path(r"^equip/(?P<pk>[1-9][0-9]{0,17})/$", team.person, name="enrolment"),
    path("gestio/<uuid:key>/resultats/", quizzes.results, name="results"),
    path("gestio/<uuid:key>/opinions/", feedback.index, name="opinions"),
    # Last: what is not ours is a course, and what is in it.
    re_path(r"^(?P<slug>[\w-]+)/(?P<inside>(?:[\w-]+/){0,2})$", reading.inside, name="course"),
]
