"""A course of packages beside the demo world, for the browser tests. `python -m tests.browser.packages` makes it.

It prints one JSON object: the address of the lesson of each package, by its name.
"""

from __future__ import annotations

import json

LEARNER = "alumna@ens2.test"

PROBE = """<!DOCTYPE html><html lang="ca"><head><meta charset="utf-8"><title>Prova</title>
<link rel="stylesheet" href="estil.css"><script type="module" src="modul.mjs"></script></head>
<body><h1>Dins del paquet</h1><p><a href="segona.html">Segona pàgina</a></p><pre id="vist"></pre>
<script>
function attempt(what) { try { return String(what()); } catch (problem) { return "throws " + problem.name; } }
var seen = {
  origin: String(window.origin),
  cookie: attempt(function () { return document.cookie; }),
  realCookie: attempt(function () {
    return Object.getOwnPropertyDescriptor(Document.prototype, "cookie").get.call(document);
  }),
  parent: attempt(function () { return window.parent.document.title; }),
  top: attempt(function () { return window.top.document.title; }),
  frame: attempt(function () { return window.frameElement; }),
  storage: attempt(function () { localStorage.setItem("a", "1"); return localStorage.getItem("a"); }),
  found: attempt(function () { return window.parent.API === window.API && window.parent.parent === window.parent; })
};
function ask(name, address) {
  function kept(text) { seen[name] = text.slice(0, 40); }
  function failed(problem) { seen[name] = "throws " + problem.name; }
  return fetch(address).then(function (answer) { return answer.text(); }).then(kept, failed);
}
var asked = [ask("own", "dades.json"), ask("site", "/perfil/"), ask("elsewhere", "http://127.0.0.1:9/")];
Promise.all(asked).then(function () { document.getElementById("vist").textContent = JSON.stringify(seen); });
</script></body></html>"""
SECOND = "<!DOCTYPE html><html lang='ca'><head><title>Segona</title></head><body><h1>Segona pàgina</h1></body></html>"
BY_ITSELF = SECOND.replace(
    "</body>",
    """<script>
API.LMSInitialize(""); API.LMSSetValue("cmi.comments", "he començat");
</script></body>""",
)
FRAMES = """<!DOCTYPE html><html lang="ca"><head><title>Marcs</title></head>
<body><h1>Fora</h1><iframe title="Dins" src="segona.html"></iframe></body></html>"""


def main() -> None:
    import django  # noqa: PLC0415  the settings come first

    django.setup()
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        print(json.dumps(_make()))


def _make() -> dict[str, str]:
    from platform_core.accounts.models import User  # noqa: PLC0415
    from tests.factories import packages as made  # noqa: PLC0415
    from tests.factories.training import enrolled, lesson, publish  # noqa: PLC0415
    from training.content import prepare  # noqa: PLC0415
    from training.models import CoursePage, ModulePage  # noqa: PLC0415

    more = {"segona.html": SECOND, "dades.json": '{"a": 1}', "estil.css": "h1 { color: rgb(1, 2, 3) }"}
    more |= {"modul.mjs": "document.body.dataset.module = 'yes';"}
    contents = {
        "scorm12": made.scorm12(PROBE, **more),
        "scorm2004": made.scorm2004(PROBE, **more),
        "html": made.zipped({"curs/index.html": PROBE, **{f"curs/{path}": text for path, text in more.items()}}),
        "marcs": made.scorm12(FRAMES, **more),
        "fora": made.scorm12(SECOND),
        "sol": made.scorm12(BY_ITSELF),
        "codis": made.scorm12(SECOND),
        "codis2004": made.scorm2004(SECOND),
    }
    admin = User.objects.get(email="admin@desk.test")
    course = publish(prepare(), CoursePage(title="Paquets de prova", slug="paquets-de-prova"))
    module = publish(course, ModulePage(title="Mòdul"))
    places = {}
    for name, content in contents.items():
        package = made.package(content, title=f"Paquet {name}", by=admin)
        body = [{"type": "text", "value": "<p>Abans del paquet.</p>"}, made.block_of(package)]
        page = lesson(module, f"Lliçó {name}", body=body)
        places[name] = f"/formacio/paquets-de-prova/modul/{page.slug}/"
    enrolled(User.objects.get(email=LEARNER), course)
    return places


if __name__ == "__main__":
    main()
