"""Every page that the browser tests open: add yours here. `role` is a demo account, None a visitor."""

from __future__ import annotations

from typing import NamedTuple


class Where(NamedTuple):
    path: str
    role: str | None = None


REFERENT, ADMIN = "referent@ens1.test", "admin@desk.test"

PAGES = [
    Where("/"),
    Where("/", REFERENT),
    Where("/", ADMIN),
    Where("/es/"),
    Where("/en/", REFERENT),
    Where("/compte/login/"),
    Where("/compte/signup/"),
    Where("/compte/password/reset/"),
    Where("/perfil/", REFERENT),
    Where("/compte/2fa/", REFERENT),
    Where("/ens/", REFERENT),
    Where("/ens/", ADMIN),
    Where("/ens/?q=zzzz", ADMIN),
    Where("/ens/puigcerver-del-valles/", REFERENT),
    Where("/ens/puigcerver-del-valles/membres/afegeix/", REFERENT),
    Where("/ens/puigcerver-del-valles/relleu/", REFERENT),
    Where("/compte/sessions/", REFERENT),
    Where("/compte/logout/", REFERENT),
    Where("/horari/"),
    Where("/codi-etic/"),
    Where("/accessibilitat/"),
    Where("/privacitat/"),
    Where("/gestio/estil/", ADMIN),
    Where("/no-hi-es/"),
]
