"""What people do in topics. The only place that changes them."""

from .appeals import answer_appeal, appeal, can_answer, is_concerned, is_impartial, may_appeal
from .bridges import (
    agree_to_answer,
    answer_question,
    ask_community,
    bring_answer,
    file_ticket,
    make_answer,
    may_agree,
    tell_desk_of_answer,
)
from .moderation import answer_flags, flag, hide, show
from .moving import merge, move, split
from .own import NewerDraft, bookmark, follow, forget_draft, mark_read, mute, save_draft
from .pictures import forget_pictures
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
    "agree_to_answer",
    "answer_appeal",
    "answer_flags",
    "answer_question",
    "appeal",
    "ask_community",
    "bookmark",
    "bring_answer",
    "can_answer",
    "change_topic",
    "close",
    "delete_post",
    "edit_post",
    "file_ticket",
    "flag",
    "follow",
    "forget_draft",
    "forget_pictures",
    "hide",
    "is_concerned",
    "is_impartial",
    "make_answer",
    "mark_read",
    "may_agree",
    "may_appeal",
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
    "show",
    "split",
    "tell_desk_of_answer",
    "unaccept_answer",
    "unpin",
    "vote_answer",
    "vote_in_poll",
    "words_of",
]
