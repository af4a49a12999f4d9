"""Packages in a real browser: what they cannot reach, what they keep, and what whoever takes the lesson sees of it."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import OpenPage, Product
from tests.browser.packages import LEARNER

OPEN_12 = "API.LMSInitialize('')"
SAID = "[data-package-said]"


@pytest.fixture(scope="session")
def lessons(product: Product) -> dict[str, str]:
    made: dict[str, str] = json.loads(product.ask("-m", "tests.browser.packages"))
    return made


def frame_of(here: Page) -> Frame:
    found = here.locator("iframe.package__frame").element_handle().content_frame()
    assert found
    found.wait_for_function("() => window.API && document.readyState === 'complete'")
    return found


def go(here: Page, address: str) -> Frame:
    here.goto(address)
    return frame_of(here)


def commit(here: Page, inside: Frame, script: str) -> None:
    with here.expect_response("**/dades/") as answer:
        inside.evaluate(script)
    assert answer.value.status == 200


@pytest.mark.parametrize("kind", ["scorm12", "scorm2004", "html"])
def test_what_runs_in_a_package_reaches_nothing_of_ours(page: OpenPage, lessons: dict[str, str], kind: str):
    here = page(LEARNER)
    inside = go(here, lessons[kind])
    inside.wait_for_function("() => document.getElementById('vist').textContent")
    seen = json.loads(inside.locator("#vist").inner_text())
    assert seen["origin"] == "null"
    assert seen["cookie"] == ""
    assert seen["realCookie"] == "throws SecurityError"
    assert seen["parent"] == "throws SecurityError"
    assert seen["top"] == "throws SecurityError"
    assert seen["frame"] == "null"
    assert seen["site"] == "throws TypeError"
    assert seen["elsewhere"] == "throws TypeError"
    assert seen["own"] == '{"a": 1}'
    assert seen["storage"] == "1"
    assert seen["found"] == "true"
    assert inside.evaluate("document.body.dataset.module") == "yes"
    assert inside.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(1, 2, 3)"


def test_nor_when_it_is_opened_by_itself(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    here.goto(lessons["scorm12"])
    here.goto(here.locator("[data-whole]").get_attribute("href") or "")
    expect(here.get_by_role("heading", name="Dins del paquet")).to_be_visible()
    here.wait_for_function("() => document.getElementById('vist').textContent")
    seen = json.loads(here.locator("#vist").inner_text())
    assert (seen["origin"], seen["realCookie"]) == ("null", "throws SecurityError")
    assert here.evaluate("API.LMSInitialize('')") == "true"


def test_it_cannot_lead_its_frame_elsewhere(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    inside = go(here, lessons["fora"])
    here.evaluate("""() => { window.refused = new Promise((found) => {
      addEventListener("securitypolicyviolation", (event) => found([event.effectiveDirective, event.blockedURI]));
    }); }""")
    inside.evaluate("setTimeout(() => { location.href = '/perfil/'; }, 0)")
    directive, _blocked = here.evaluate("window.refused")
    assert directive == "frame-src"
    assert here.url.endswith(lessons["fora"])


def test_nor_the_page_around_it(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    inside = go(here, lessons["fora"])
    script = "try { window.top.location.href = 'about:blank'; } catch (problem) { window.refused = problem.name; }"
    inside.evaluate(f"() => {{ {script} }}")
    assert inside.evaluate("window.refused") == "SecurityError"
    assert here.url.endswith(lessons["fora"])


def test_what_a_scorm_12_package_keeps_is_there_after_a_reload_and_the_lesson_is_done(
    page: OpenPage, lessons: dict[str, str]
):
    here = page(LEARNER)
    inside = go(here, lessons["scorm12"])
    assert inside.evaluate("API.LMSInitialize(''), API.LMSGetValue('cmi.core.entry')") == "ab-initio"
    assert "Marina Bosch" in inside.evaluate("API.LMSGetValue('cmi.core.student_name')")
    values = {"cmi.suspend_data": "lloc=3", "cmi.core.lesson_status": "incomplete", "cmi.core.session_time": "00:01:00"}
    for name, value in values.items():
        assert inside.evaluate("([name, value]) => API.LMSSetValue(name, value)", [name, value]) == "true"
    commit(here, inside, "API.LMSCommit('')")
    expect(here.locator(SAID)).to_be_hidden()
    inside = go(here, lessons["scorm12"])
    assert inside.evaluate(OPEN_12) == "true"
    told = (
        "['cmi.suspend_data', 'cmi.core.lesson_status', 'cmi.core.entry', 'cmi.core.total_time'].map(API.LMSGetValue)"
    )
    assert inside.evaluate(told) == ["lloc=3", "incomplete", "resume", "0000:01:00.00"]
    inside.evaluate("API.LMSSetValue('cmi.core.lesson_status', 'passed')")
    commit(here, inside, "API.LMSFinish('')")
    expect(here.locator(SAID)).to_have_text("Fet: aquesta lliçó ja consta com a feta.")
    here.reload()
    expect(here.locator(".lesson__end .badge--ok")).to_have_text("Feta")


def test_what_a_scorm_2004_package_keeps_is_there_after_a_reload_and_the_lesson_is_done(
    page: OpenPage, lessons: dict[str, str]
):
    here = page(LEARNER)
    inside = go(here, lessons["scorm2004"])
    script = """[["cmi.location", "7"], ["cmi.score.scaled", "0.8"], ["cmi.interactions.0.id", "q1"],
      ["cmi.interactions.0.type", "choice"], ["cmi.session_time", "PT2M"], ["cmi.exit", "suspend"]]
      .map(([name, value]) => API_1484_11.SetValue(name, value))"""
    assert inside.evaluate("API_1484_11.Initialize('')") == "true"
    assert inside.evaluate(script) == ["true"] * 6
    commit(here, inside, "API_1484_11.Terminate('')")
    inside = go(here, lessons["scorm2004"])
    assert inside.evaluate("API_1484_11.Initialize('')") == "true"
    told = """["cmi.location", "cmi.score.scaled", "cmi.interactions._count", "cmi.interactions.0.type", "cmi.entry",
      "cmi.total_time"].map((name) => API_1484_11.GetValue(name))"""
    assert inside.evaluate(told) == ["7", "0.8", "1", "choice", "resume", "PT0H2M0.00S"]
    inside.evaluate("API_1484_11.SetValue('cmi.completion_status', 'completed')")
    commit(here, inside, "API_1484_11.Commit('')")
    expect(here.locator(SAID)).to_have_text("Fet: aquesta lliçó ja consta com a feta.")


def test_a_package_of_several_pages_goes_on_from_one_to_the_next(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    inside = go(here, lessons["html"])
    inside.evaluate("API.LMSInitialize(''), API.LMSSetValue('cmi.core.lesson_location', 'primera')")
    inside.get_by_role("link", name="Segona pàgina").click()
    expect(here.frame_locator("iframe.package__frame").get_by_role("heading", name="Segona pàgina")).to_be_visible()
    inside = frame_of(here)
    assert inside.evaluate("API.LMSGetValue('cmi.core.lesson_location')") == "primera"
    assert inside.evaluate("API.LMSGetLastError()") == "0"
    commit(here, inside, "API.LMSSetValue('cmi.core.lesson_location', 'segona'), API.LMSCommit('')")


def test_a_frame_inside_of_a_package_is_heard_too(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    outer = go(here, lessons["marcs"])
    inner = outer.locator("iframe").element_handle().content_frame()
    assert inner
    inner.wait_for_function("() => window.API")
    inner.evaluate("API.LMSInitialize(''), API.LMSSetValue('cmi.core.lesson_status', 'completed')")
    commit(here, inner, "API.LMSCommit('')")
    expect(here.locator(SAID)).to_have_text("Fet: aquesta lliçó ja consta com a feta.")


def test_what_is_done_without_a_connection_goes_when_it_is_back(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    inside = go(here, lessons["fora"])
    inside.evaluate(OPEN_12)
    here.context.set_offline(True)
    inside.evaluate("API.LMSSetValue('cmi.suspend_data', 'sense xarxa'), API.LMSCommit('')")
    expect(here.locator(SAID)).to_contain_text("No hi ha connexió")
    with here.expect_response("**/dades/") as answer:
        here.context.set_offline(False)
    assert answer.value.json()["changed"] is True
    inside = go(here, lessons["fora"])
    assert inside.evaluate("API.LMSInitialize(''), API.LMSGetValue('cmi.suspend_data')") == "sense xarxa"


def test_what_was_kept_without_a_connection_goes_first_the_next_time(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    inside = go(here, lessons["sol"])
    here.context.set_offline(True)
    inside.evaluate("API.LMSSetValue('cmi.suspend_data', 'desat aquí'), API.LMSCommit('')")
    expect(here.locator(SAID)).to_contain_text("No hi ha connexió")
    here.goto("about:blank")
    here.context.set_offline(False)
    with here.expect_response("**/dades/"):
        here.goto(lessons["sol"])
    here.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('training.package'))")
    # The package began by itself, with what the server knew then, and begins again with what was kept.
    inside = frame_of(here)
    assert inside.evaluate("API.LMSGetValue('cmi.suspend_data')") == "desat aquí"


def test_another_window_that_was_opened_later_counts(page: OpenPage, lessons: dict[str, str]):
    first, second = page(LEARNER), page(LEARNER)
    in_first, in_second = go(first, lessons["fora"]), go(second, lessons["fora"])
    for inside in (in_first, in_second):
        inside.evaluate(OPEN_12)
    commit(second, in_second, "API.LMSSetValue('cmi.suspend_data', 'segona'), API.LMSCommit('')")
    commit(first, in_first, "API.LMSSetValue('cmi.suspend_data', 'primera'), API.LMSCommit('')")
    expect(first.locator(SAID)).to_contain_text("en una altra finestra")
    inside = go(second, lessons["fora"])
    assert inside.evaluate("API.LMSInitialize(''), API.LMSGetValue('cmi.suspend_data')") == "segona"


STEPS_12 = [
    ("API.LMSGetValue('cmi.core.entry')", "", "301"),
    ("API.LMSSetValue('cmi.core.exit', '')", "false", "301"),
    ("API.LMSCommit('')", "false", "301"),
    ("API.LMSFinish('')", "false", "301"),
    ("API.LMSInitialize('x')", "false", "201"),
    ("API.LMSInitialize('')", "true", "0"),
    ("API.LMSInitialize('')", "false", "101"),
    ("API.LMSGetValue('cmi.core._children')", None, "0"),
    ("API.LMSGetValue('cmi.core.lesson_status')", "not attempted", "0"),
    ("API.LMSGetValue('cmi.core.session_time')", "", "404"),
    ("API.LMSGetValue('cmi.no')", "", "201"),
    ("API.LMSGetValue('cmi.student_data.mastery_score')", "", "401"),
    ("API.LMSGetValue('cmi.objectives._count')", "0", "0"),
    ("API.LMSGetValue('cmi.objectives.0.id')", "", "201"),
    ("API.LMSGetValue('cmi.core.student_name._children')", "", "202"),
    ("API.LMSGetValue('cmi.core.student_name._count')", "", "203"),
    ("API.LMSSetValue('cmi.core.student_name', 'x')", "false", "403"),
    ("API.LMSSetValue('cmi.core._children', 'x')", "false", "402"),
    ("API.LMSSetValue('cmi.core.lesson_status', 'fet')", "false", "405"),
    ("API.LMSSetValue('cmi.core.score.raw', '101')", "false", "405"),
    ("API.LMSSetValue('cmi.objectives.1.id', 'x')", "false", "201"),
    ("API.LMSSetValue('cmi.objectives.0.id', 'x')", "true", "0"),
    ("API.LMSGetValue('cmi.objectives._count')", "1", "0"),
    ("API.LMSSetValue('cmi.objectives.n.id', 'x')", "false", "201"),
    ("API.LMSSetValue('cmi.core.score.raw', 87)", "true", "0"),
    ("API.LMSGetValue('cmi.core.score.raw')", "87", "0"),
    ("API.LMSGetErrorString('403')", "Element is read only", "0"),
    ("API.LMSGetDiagnostic('')", "No error", "0"),
    ("API.LMSFinish('')", "true", "0"),
    ("API.LMSGetValue('cmi.core.entry')", "", "301"),
    ("API.LMSInitialize('')", "false", "101"),
]
STEPS_2004 = [
    ("API_1484_11.GetValue('cmi.entry')", "", "122"),
    ("API_1484_11.SetValue('cmi.exit', '')", "false", "132"),
    ("API_1484_11.Commit('')", "false", "142"),
    ("API_1484_11.Terminate('')", "false", "112"),
    ("API_1484_11.Initialize(null)", "false", "201"),
    ("API_1484_11.Initialize('')", "true", "0"),
    ("API_1484_11.Initialize('')", "false", "103"),
    ("API_1484_11.GetValue('cmi._version')", "1.0", "0"),
    ("API_1484_11.GetValue('cmi.location')", "", "403"),
    ("API_1484_11.GetValue('cmi.no')", "", "401"),
    ("API_1484_11.GetValue('cmi.comments_from_lms.0.comment')", "", "402"),
    ("API_1484_11.GetValue('')", "", "301"),
    ("API_1484_11.GetValue('cmi.exit')", "", "405"),
    ("API_1484_11.GetValue('cmi.interactions.0.id')", "", "301"),
    ("API_1484_11.GetValue('cmi.score._children')", "scaled,raw,min,max", "0"),
    ("API_1484_11.SetValue('cmi.learner_name', 'x')", "false", "404"),
    ("API_1484_11.SetValue('cmi.score.scaled', 'x')", "false", "406"),
    ("API_1484_11.SetValue('cmi.score.scaled', '1.5')", "false", "407"),
    ("API_1484_11.SetValue('cmi.interactions.0.type', 'choice')", "false", "408"),
    ("API_1484_11.SetValue('cmi.interactions.1.id', 'x')", "false", "351"),
    ("API_1484_11.SetValue('cmi.interactions.0.id', 'x')", "true", "0"),
    ("API_1484_11.SetValue('cmi.interactions.0.type', 'choice')", "true", "0"),
    ("API_1484_11.SetValue('cmi.no', 'x')", "false", "401"),
    ("API_1484_11.SetValue('adl.nav.request', 'continue')", "true", "0"),
    ("API_1484_11.SetValue('cmi.suspend_data', 'x'.repeat(32001))", "false", "406"),
    ("API_1484_11.GetErrorString('408')", "Data Model Dependency Not Established", "0"),
    ("API_1484_11.Terminate('')", "true", "0"),
    ("API_1484_11.GetValue('cmi.entry')", "", "123"),
    ("API_1484_11.SetValue('cmi.exit', '')", "false", "133"),
    ("API_1484_11.Commit('')", "false", "143"),
    ("API_1484_11.Terminate('')", "false", "113"),
    ("API_1484_11.Initialize('')", "false", "104"),
]


@pytest.mark.parametrize(
    ("kind", "steps", "last"),
    [("codis", STEPS_12, "API.LMSGetLastError()"), ("codis2004", STEPS_2004, "API_1484_11.GetLastError()")],
)
def test_the_errors_are_those_of_the_standard(page: OpenPage, lessons: dict[str, str], kind: str, steps, last: str):
    inside = go(page(LEARNER), lessons[kind])
    for script, answer, code in steps:
        found = inside.evaluate(script)
        assert found == answer or (answer is None and found), script
        if "Error" not in script and "Diagnostic" not in script:
            assert inside.evaluate(last) == code, script


def test_a_message_of_somebody_else_is_not_heard(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    go(here, lessons["fora"])
    sent: list[str] = []
    here.on("request", lambda request: sent.append(request.url) if "/dades/" in request.url else None)
    here.evaluate("""() => {
      const facts = { mark: "agora-package", ticket: 1, seq: 1, version: "1.2", values: {}, finished: false };
      window.postMessage({ ...facts, package: Number(document.querySelector("[data-package]").dataset.package) }, "*");
    }""")
    inside = frame_of(here)
    for wrong in ("1", "null", "{}", "{mark: 'agora-package', values: 1}"):
        inside.evaluate(f"window.top.postMessage({wrong}, '*')")
    # Messages are delivered in order: after the one that counts, none of the others is still on its way.
    commit(here, inside, "API.LMSInitialize(''), API.LMSSetValue('cmi.comments', 'hola'), API.LMSCommit('')")
    assert len(sent) == 1


def test_the_page_with_a_package_is_for_everybody(page: OpenPage, lessons: dict[str, str]):
    for width, scheme in ((360, "light"), (1280, "dark")):
        here = page(LEARNER, width=width, scheme=scheme)
        go(here, lessons["scorm12"])
        assert here.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(here, options={"iframes": False})
        assert not found.response["violations"], found.generate_report()


def test_with_the_keyboard_one_passes_over_it(page: OpenPage, lessons: dict[str, str]):
    here = page(LEARNER)
    go(here, lessons["scorm12"])
    skip = here.get_by_role("link", name="Salteu el paquet")
    skip.focus()
    expect(skip).to_be_in_viewport()
    here.keyboard.press("Enter")
    here.keyboard.press("Tab")
    assert here.evaluate("Boolean(document.activeElement.closest('.lesson__end'))")


def test_without_scripts_a_link_opens_it(chromium, product_url: str, signed_in_states, lessons: dict[str, str]):
    context = chromium.new_context(
        base_url=product_url, java_script_enabled=False, storage_state=signed_in_states(LEARNER)
    )
    here = context.new_page()
    here.goto(lessons["html"])
    link = here.get_by_role("link", name="Obriu-lo a part")
    here.goto(link.get_attribute("href") or "")
    expect(here.get_by_role("heading", name="Dins del paquet")).to_be_visible()
    context.close()
