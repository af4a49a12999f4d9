"""A kind of stream that only tests have: `test:<name>`, for active people whose name does not say "fora"."""

from platform_core.realtime.public import register


def may_subscribe(user, key):
    return user is not None and "fora" not in user.name


def present(activity):
    number = activity.data.get("number")
    return None if number == 404 else {"number": number}


register("test", may_subscribe=may_subscribe, present=present)
