"""How editors write questions. How they are asked and judged is in `questions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .questions import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

FEWEST = 2
"""Options, things to order, or pairs."""


class _QuestionBlock(blocks.StructBlock):
    prompt = blocks.TextBlock(label=_("Question"), rows=2)
    explanation = blocks.TextBlock(
        label=_("Explanation"), rows=2, required=False, help_text=_("Shown once the answer has been judged.")
    )


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Answer"), max_length=300)
    is_right = blocks.BooleanBlock(label=_("It is right"), required=False)
    why = blocks.CharBlock(
        label=_("Why"), max_length=300, required=False, help_text=_("Shown to who chose it, once it has been judged.")
    )


class SingleBlock(_QuestionBlock):
    options = blocks.ListBlock(OptionBlock(), label=_("Answers"), min_num=FEWEST)

    class Meta:
        icon = "radio-full"
        label = _("One right answer")

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        if sum(bool(option["is_right"]) for option in cleaned["options"]) != 1:
            _refuse("options", _("Mark exactly one answer as right."))
        return cleaned


class MultipleBlock(_QuestionBlock):
    options = blocks.ListBlock(OptionBlock(), label=_("Answers"), min_num=FEWEST)

    class Meta:
        icon = "tick-inverse"
        label = _("Several right answers")

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        if not any(option["is_right"] for option in cleaned["options"]):
            _refuse("options", _("Mark at least one answer as right."))
        return cleaned


class TrueFalseBlock(_QuestionBlock):
    is_true = blocks.BooleanBlock(label=_("It is true"), required=False)

    class Meta:
        icon = "check"
        label = _("True or false")


class OrderingBlock(_QuestionBlock):
    items = blocks.ListBlock(
        blocks.CharBlock(label=_("Thing"), max_length=300),
        label=_("In their right order"),
        min_num=FEWEST,
        help_text=_("They are shown in another order."),
    )

    class Meta:
        icon = "order"
        label = _("Put in order")

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        if len({fold(text) for text in cleaned["items"]}) < len(cleaned["items"]):
            _refuse("items", _("Two of them are the same."))
        return cleaned


class PairBlock(blocks.StructBlock):
    left = blocks.CharBlock(label=_("This"), max_length=300)
    right = blocks.CharBlock(label=_("goes with this"), max_length=300)


class MatchingBlock(_QuestionBlock):
    pairs = blocks.ListBlock(PairBlock(), label=_("Pairs"), min_num=FEWEST)

    class Meta:
        icon = "link"
        label = _("Match")

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        for side in ("left", "right"):
            if len({fold(pair[side]) for pair in cleaned["pairs"]}) < len(cleaned["pairs"]):
                _refuse("pairs", _("Two of them are the same."))
        return cleaned


class ShortBlock(_QuestionBlock):
    accepted = blocks.TextBlock(
        label=_("Answers that are right"),
        rows=3,
        help_text=_("One a line. Accents, capitals and spaces that are too many do not matter."),
    )

    class Meta:
        icon = "pilcrow"
        label = _("Short answer")

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        if not any(fold(line) for line in cleaned["accepted"].splitlines()):
            _refuse("accepted", _("Write at least one answer with a letter or a figure in it."))
        return cleaned


class QuestionsBlock(blocks.StreamBlock):
    """The names of the kinds are those of `questions.Kind`."""

    single = SingleBlock()
    multiple = MultipleBlock()
    true_false = TrueFalseBlock()
    ordering = OrderingBlock()
    matching = MatchingBlock()
    short = ShortBlock()

    class Meta:
        label = _("Questions")


def _refuse(field: str, message: Any) -> None:
    raise blocks.StructBlockValidationError(block_errors={field: ValidationError(message)})
