"""A community with somebody who moderates it and a post to object to."""

from __future__ import annotations

import pytest

from platform_core.participation.models import Visibility
from tests.factories.agora import answer, forum, member, moderator, open_topic


@pytest.fixture
def space():
    return forum(visibility=Visibility.MEMBERS)


@pytest.fixture
def chief(space):
    return moderator(space, name="Moderadora Fictícia")


@pytest.fixture
def post(space):
    topic = open_topic(member(space), space=space)
    return answer(topic, member(space, name="Autor Fictici"), text="Compreu les meves rodes de bicicleta.")
