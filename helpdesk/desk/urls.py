"""The addresses under /suport/. A ticket is named by its reference: S-4193."""

from django.urls import path, register_converter

from .views import answer, bench, board, files, intake, mail, portal, reports


class ReferenceConverter:
    """S-4193, in capitals or not; what cannot be one is not found."""

    regex = "[Ss]-[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "ref")

app_name = "desk"
urlpatterns = [
    path("", portal.mine, name="mine"),
    path("exporta/", portal.export, name="export"),
    path("nova/", portal.new, name="new"),
    path("nova/promesa/", portal.promise, name="promise"),
    path("fitxer/<int:pk>/<str:name>", files.file, name="file"),
    path("taula/", board.index, name="board"),
    path("taula/files/", board.rows, name="board_rows"),
    path("taula/agafa/", board.take, name="take"),
    path("taula/tria/", board.bulk, name="bulk"),
    path("taula/exporta/", board.export, name="board_export"),
    path("taula/nova/", intake.intake, name="intake"),
    path("taula/nova/qui/", intake.who, name="intake_who"),
    path("taula/nova/promesa/", intake.promise, name="intake_promise"),
    path("taula/correu/", mail.index, name="quarantine"),
    path("taula/correu/<int:pk>/torna-hi/", mail.again, name="arrival_again"),
    path("taula/correu/<int:pk>/original/", mail.original, name="arrival_original"),
    path("taula/correu/carta/<int:pk>/torna-hi/", mail.send_again, name="send_again"),
    path("informes/formacio/", reports.training, name="training_return"),
    path("informes/formacio/csv/", reports.training_csv, name="training_return_csv"),
    path("copia/atura/<str:token>/", mail.stop, name="stop"),
    path("taula/<ref:reference>/", bench.bench, name="bench"),
    path("taula/<ref:reference>/novetats/", bench.news, name="bench_news"),
    path("taula/<ref:reference>/costat/", bench.beside, name="bench_beside"),
    path("taula/<ref:reference>/resposta/", answer.make_answer, name="make_answer"),
    path("taula/<ref:reference>/formacio/", answer.prescribe, name="prescribe"),
    path("taula/<ref:reference>/lliga/", answer.link, name="link"),
    path("taula/<ref:reference>/nota/", bench.note, name="note"),
    path("taula/<ref:reference>/propietats/", bench.properties, name="properties"),
    path("taula/<ref:reference>/nivell/", bench.escalate, name="escalate"),
    path("taula/<ref:reference>/qui/", bench.assign, name="assign"),
    path("taula/<ref:reference>/copia/", bench.copy, name="bench_copy"),
    path("taula/<ref:reference>/estat/", bench.state, name="bench_state"),
    path("<ref:reference>/", portal.ticket, name="ticket"),
    path("<ref:reference>/novetats/", portal.news, name="news"),
    path("<ref:reference>/copia/", portal.copy, name="copy"),
    path("<ref:reference>/estat/", portal.state, name="state"),
    path("<ref:reference>/valora/", portal.rate, name="rate"),
]
