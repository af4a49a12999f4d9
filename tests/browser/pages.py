"""Every page that the browser tests open: add yours here.

`role` is a demo account or a guest (tests.browser.guests), None a visitor; a {name} in `path` is one of the guests'
places; `lands` is the address when the page leads to another on purpose.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.browser.guests import INVITED, NEWCOMER, WITH_APP, WITH_KEY


class Where(NamedTuple):
    path: str
    role: str | None = None
    lands: str | None = None


REFERENT, ADMIN = "referent@ens1.test", "admin@desk.test"
AGENT = "suport@desk.test"

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
    Where("/ens/puigcerver-del-valles/relleu/?de={seat}", REFERENT),
    Where("/ens/puigcerver-del-valles/membres/{seat}/rol/", REFERENT),
    Where("/ens/puigcerver-del-valles/membres/{seat}/baixa/", REFERENT),
    Where("/ens/invitacio/{invitation}/"),
    Where("/ens/invitacio/{invitation}/", REFERENT),
    Where("/ens/invitacio/{invitation}/", INVITED),
    Where("/codi-etic/acceptar/", NEWCOMER),
    Where("/perfil/", NEWCOMER, lands="/codi-etic/acceptar/"),
    Where("/perfil/", WITH_KEY),
    Where("/compte/email/", WITH_APP),
    Where("/compte/password/change/", WITH_APP),
    Where("/compte/password/reset/done/"),
    Where("/compte/password/reset/key/{reset}/", lands="/compte/password/reset/key/{person}-set-password/"),
    Where("/compte/password/reset/key/1-caducada/"),
    Where("/compte/password/reset/key/done/"),
    Where("/compte/inactive/"),
    Where("/compte/reauthenticate/", REFERENT),
    Where("/compte/2fa/", WITH_APP),
    Where("/compte/2fa/", WITH_KEY),
    Where("/compte/2fa/reauthenticate/", WITH_APP),
    Where("/compte/2fa/totp/activate/", WITH_KEY),
    Where("/compte/2fa/totp/deactivate/", WITH_APP),
    Where("/compte/2fa/recovery-codes/", WITH_APP),
    Where("/compte/2fa/recovery-codes/generate/", WITH_APP),
    Where("/compte/2fa/webauthn/", WITH_KEY),
    Where("/compte/2fa/webauthn/", WITH_APP),
    Where("/compte/2fa/webauthn/add/", WITH_APP),
    Where("/compte/2fa/webauthn/keys/{key}/edit/", WITH_KEY),
    Where("/compte/2fa/webauthn/keys/{key}/remove/", WITH_KEY),
    Where("/compte/sessions/", REFERENT),
    Where("/compte/logout/", REFERENT),
    Where("/horari/"),
    Where("/codi-etic/"),
    Where("/accessibilitat/"),
    Where("/privacitat/"),
    Where("/gestio/estil/", ADMIN),
    Where("/gestio/estil/correu/", ADMIN),
    Where("/suport/taula/correu/", ADMIN),
    Where("/suport/taula/correu/?mostra=tots", ADMIN),
    Where("/suport/taula/", AGENT),
    Where("/suport/taula/?vista=pausa", AGENT),
    Where("/suport/taula/?q=zzzz", AGENT),
    Where("/suport/taula/nova/", AGENT),
    Where("/suport/taula/S-8/", AGENT),
    Where("/suport/taula/S-14/", ADMIN),
    Where("/suport/taula/S-8/costat/", AGENT),
    Where("/suport/", REFERENT),
    Where("/suport/?de=ens&estat=tots", REFERENT),
    Where("/suport/?q=zzzz", REFERENT),
    Where("/suport/", ADMIN),
    Where("/suport/nova/", REFERENT),
    Where("/suport/S-7/", REFERENT),
    Where("/suport/S-5/", REFERENT),
    Where("/suport/S-4/", REFERENT),
    Where("/suport/S-7/", AGENT),
    Where("/faq/"),
    Where("/faq/", REFERENT),
    Where("/es/faq/"),
    Where("/faq/?q=logotip", REFERENT),
    Where("/faq/?q=zzzz"),
    Where("/faq/logotip/", REFERENT),
    Where("/en/faq/logotip/", REFERENT),
    Where("/faq/menors-14-anys/hi-poden-participar-menors-de-14-anys/"),
    Where("/faq/processos-fases/les-fases-del-proces-canvien-soles-quan-arriba-la-data/", REFERENT),
    Where("/no-hi-es/"),
]
