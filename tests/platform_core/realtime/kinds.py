"""Kinds of stream that only tests have. `test:<name>`: for people whose name does not say "fora".

`slow:<name>` is the same, but who asks waits between the answer and its use until `gate` is open. `room:<name>` tells
who is there too; who has "calla" in their name may not write in it.
"""

import threading

from platform_core.realtime.public import register

gate = threading.Event()
asked = threading.Event()


def may_subscribe(user, key):
    return user is not None and "fora" not in user.name


def may_subscribe_slowly(user, key):
    answer = may_subscribe(user, key)
    asked.set()
    gate.wait(20)
    return answer


def present(activity):
    number = activity.data.get("number")
    return None if number == 404 else {"number": number}


register("test", may_subscribe=may_subscribe, present=present)
register(
    "room",
    may_subscribe=may_subscribe,
    present=present,
    typist=lambda user, _key: None if "calla" in user.name else user.name,
)
register("slow", may_subscribe=may_subscribe_slowly, present=present)
