"""What a lesson is made of. Nothing here fetches from elsewhere: a video is a link beside its transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from knowledge_base.public import INLINE, WITH_LISTS, FileBlock, ImageBlock, NoticeBlock, VideoBlock

from .package_chooser import package_chooser
from .question_blocks import QuestionsBlock

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADINGS = ["h2", "h3"]


class StepBlock(blocks.StructBlock):
    """What to do, and what the screen shows then."""

    text = blocks.RichTextBlock(label=_("Step"), features=INLINE)
    picture = ImageChooserBlock(label=_("Picture"), required=False)
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=250,
        required=False,
        help_text=_("For those who do not see it: say what matters in it."),
    )

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        if cleaned["picture"] and not cleaned["alt"].strip():
            raise blocks.StructBlockValidationError(
                block_errors={"alt": ValidationError(_("Say what the picture shows."))}
            )
        return cleaned


class StepsBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(StepBlock(), **kwargs)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "training/blocks/steps.html"


class LessonVideoBlock(VideoBlock):
    """A video that nobody has to see: what is said in it stands beside it."""

    transcript = blocks.RichTextBlock(
        label=_("What is said in it"),
        features=WITH_LISTS,
        help_text=_("The transcript: for those who do not hear it, or may not open that site."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        template = "training/blocks/video.html"


class PointsBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.CharBlock(label=_("Point"), max_length=250), **kwargs)

    class Meta:
        icon = "list-ul"
        label = _("Key points")
        template = "training/blocks/points.html"


class TaskBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(label=_("What to try"), features=WITH_LISTS)
    hint = blocks.RichTextBlock(label=_("Hint"), features=INLINE, required=False)

    class Meta:
        icon = "edit"
        label = _("Try it")
        template = "training/blocks/task.html"


class FaqBlock(blocks.PageChooserBlock):
    """A frequent question. Shown to who may read it: the page that shows the lesson looks all of them up at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(page_type="knowledge_base.QuestionPage", **kwargs)

    class Meta:
        icon = "help"
        label = _("Frequent question")
        template = "training/blocks/faq.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["question"] = (parent_context or {}).get("faqs", {}).get(value.pk) if value else None
        return context


class InlineQuestionBlock(QuestionsBlock):
    """One question, answered where it stands. The page that shows the lesson knows how it is asked (`inline.py`)."""

    class Meta:
        icon = "help"
        label = _("Question")
        template = "training/blocks/question.html"
        min_num = max_num = 1

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        shown = (parent_context or {}).get("questions", {})
        context["shown"] = next((shown[one.id] for one in value if one.id in shown), None)
        return context

    def get_searchable_content(self, value: Any) -> list[str]:
        """What is asked, and nothing of what is right."""
        return [str(one.value["prompt"]) for one in value]


class PackageBlock(package_chooser.get_block_class()):  # type: ignore[misc]  # made by Wagtail
    """A package of another tool. The page that shows the lesson knows how its reader may open it (`packages.shown`)."""

    class Meta:
        icon = "code"
        label = _("Package (SCORM or web pages)")
        template = "training/blocks/package.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        shown = (parent_context or {}).get("package")
        context["shown"] = shown if shown and value and shown.package.pk == value.pk else None
        return context

    def get_searchable_content(self, value: Any) -> list[str]:
        return [value.title] if value else []


class LessonBlock(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        label=_("Text"), features=[*HEADINGS, *WITH_LISTS], icon="pilcrow", template="knowledge_base/blocks/text.html"
    )
    points = PointsBlock()
    steps = StepsBlock()
    image = ImageBlock()
    video = LessonVideoBlock()
    notice = NoticeBlock()
    task = TaskBlock()
    file = FileBlock()
    faq = FaqBlock()
    question = InlineQuestionBlock()
    package = PackageBlock()

    class Meta:
        label = _("Lesson")
        block_counts = {"package": {"max_num": 1}}
