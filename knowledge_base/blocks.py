"""What an answer is made of. Nothing here fetches from elsewhere: a video is a link, not a player."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

if TYPE_CHECKING:
    from collections.abc import Mapping

INLINE = ["bold", "italic", "link", "document-link", "code"]
WITH_LISTS = [*INLINE, "ol", "ul"]


class StepsBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.RichTextBlock(features=INLINE, label=_("Step")), **kwargs)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "knowledge_base/blocks/steps.html"


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("What it shows"), max_length=250, help_text=_("For those who do not see it: say what matters in it.")
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "knowledge_base/blocks/image.html"


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=150)
    url = blocks.URLBlock(label=_("Address"), help_text=_("Readers open it on its own site, if they want to."))
    length = blocks.CharBlock(label=_("Length"), max_length=20, required=False, help_text=_("Such as 3 min."))

    class Meta:
        icon = "media"
        label = _("Video")
        template = "knowledge_base/blocks/video.html"

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        if urlsplit(cleaned["url"]).scheme != "https":
            raise blocks.StructBlockValidationError(
                block_errors={"url": ValidationError(_("Write an address that begins with https://."))}
            )
        return cleaned

    def get_context(self, value: Mapping[str, Any], parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["host"] = (urlsplit(value["url"]).hostname or "").removeprefix("www.")
        return context


class NoticeBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        label=_("Tone"), choices=[("info", _("Good to know")), ("risk", _("Take care"))], default="info"
    )
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE)

    class Meta:
        icon = "warning"
        label = _("Notice")
        template = "knowledge_base/blocks/notice.html"


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(
        label=_("Text of the link"), max_length=150, required=False, help_text=_("Empty: the file's own title.")
    )

    class Meta:
        icon = "doc-full"
        label = _("File")
        template = "knowledge_base/blocks/file.html"


class AnswerBlock(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        label=_("Text"), features=WITH_LISTS, icon="pilcrow", template="knowledge_base/blocks/text.html"
    )
    steps = StepsBlock()
    image = ImageBlock()
    video = VideoBlock()
    notice = NoticeBlock()
    file = FileBlock()

    class Meta:
        label = _("Answer")
