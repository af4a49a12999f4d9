"""What people do in topics. The only place that changes them."""

from .moving import merge, move, split
from .own import NewerDraft, bookmark, follow, forget_draft, mark_read, mute, save_draft
from .posts import delete_post, edit_post, post, render_again, restore_post
from .topics import (
    accept_answer,
    change_topic,
    close,
    open_topic,
    pin,
    reopen,
    unaccept_answer,
    unpin,
    words_of,
)
from .voices import react, say_me_too, vote_answer, vote_in_poll
from .writing import IMAGES, LONGEST_TEXT, LONGEST_TITLE, Changed, render

__all__ = [
    "IMAGES",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "Changed",
    "NewerDraft",
    "accept_answer",
    "bookmark",
    "change_topic",
    "close",
    "delete_post",
    "edit_post",
    "follow",
    "forget_draft",
    "mark_read",
    "merge",
    "move",
    "mute",
    "open_topic",
    "pin",
    "post",
    "react",
    "render",
    "render_again",
    "reopen",
    "restore_post",
    "save_draft",
    "say_me_too",
    "split",
    "unaccept_answer",
    "unpin",
    "vote_answer",
    "vote_in_poll",
    "words_of",
]
