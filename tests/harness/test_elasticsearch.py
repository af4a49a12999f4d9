"""The node that `make elasticsearch` fetches is a real one: it keeps what it was told when it is killed."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import pytest

from tests.harness.elasticsearch import is_installed, node


def ask(url: str, method: str = "GET", **body: object) -> dict:
    sent = Request(url, method=method, headers={"Content-Type": "application/json"})  # noqa: S310  our own node
    with urlopen(sent, json.dumps(body).encode() if body else None, timeout=60) as answer:  # noqa: S310
        return json.load(answer)


@pytest.mark.elasticsearch
@pytest.mark.skipif(not is_installed(), reason="get it by `make elasticsearch`")
def test_a_node_that_is_killed_and_started_again_knows_what_it_knew():
    with node() as found:
        said = ask(f"{found.url}/notes/_doc/1?refresh=true", "PUT", title="Els pressupostos")
        assert said["result"] == "created"
        found.kill()
        found.start()
        assert ask(f"{found.url}/_cluster/health?wait_for_status=yellow&timeout=60s")["status"] in ("yellow", "green")
        assert ask(f"{found.url}/notes/_doc/1")["_source"] == {"title": "Els pressupostos"}
