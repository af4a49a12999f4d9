"""A crowd over ASGI waits for its turn: nobody is lost, and never more than so many are answered at once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from platform_core.config.at_once import AtOnce


def run(crowd):
    """In a thread of its own: a browser test in this process may have left a loop in ours."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(crowd())).result()


class Counting:
    def __init__(self):
        self.now = self.most = self.answered = 0

    async def __call__(self, scope, receive, send):
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        if scope == "broken":
            raise ValueError
        self.answered += 1


@pytest.mark.parametrize("_loop", ["one", "another"])
def test_everybody_is_answered_and_never_more_at_once(_loop):
    pages = Counting()

    async def crowd():
        at_once = AtOnce(pages, most=3)
        await asyncio.gather(*(at_once("page", None, None) for _person in range(50)))

    run(crowd)
    assert pages.answered == 50
    assert pages.most == 3


def test_one_that_breaks_gives_its_turn_back():
    pages = Counting()
    at_once = AtOnce(pages, most=1)

    async def crowd():
        await asyncio.gather(*(at_once("broken", None, None) for _person in range(5)), return_exceptions=True)
        await at_once("page", None, None)

    run(crowd)
    assert pages.answered == 1
