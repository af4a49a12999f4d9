"""Somebody who takes a course with a package in its first lesson."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.factories import packages as made
from tests.factories.accounts import UserFactory
from tests.factories.training import course, enrolled, lesson
from training.models import CoursePage, Enrolment, LessonPage, ModulePage, Package

ADDRESS = "/formacio/formacio-inicial/modul-1/amb-paquet/"


@dataclass
class World:
    person: Any
    course: CoursePage
    lesson: LessonPage
    package: Package
    enrolment: Enrolment

    def frame(self, client: Any) -> str:
        """The address of the frame in the lesson, as the page has it for who is signed in."""
        found = re.search(r'<iframe[^>]* src="([^"]+)"', client.get(ADDRESS).text)
        assert found
        return found[1].removeprefix("http://testserver")


@pytest.fixture
def world() -> World:
    page = course(lessons=1)
    package = made.package(
        made.scorm12(**{"a/b.css": "a{}", "foto.png": b"\x89PNG\r\n\x1a\nxx", "dins/p.html": "<p>Dins"})
    )
    body = [{"type": "text", "value": "<p>Text.</p>"}, made.block_of(package)]
    inside = lesson(ModulePage.objects.descendant_of(page).get(), "Amb paquet", body=body)
    person = UserFactory(name="Marina <Bosch>")
    return World(person, page, inside, package, enrolled(person, page))
