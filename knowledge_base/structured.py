"""Questions and answers as search engines read them: schema.org's FAQPage, as JSON-LD.

It stands in a <script type="application/ld+json">. That is a data block, which no browser runs (HTML, "prepare the
script element": any other type than a script's ends there, before the content security policy is asked), so the rule of
no inline scripts and the policy `script-src 'self'` hold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.utils.safestring import mark_safe

from .models import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from .models import QuestionPage

# What could end the element, or be read as another one; the same as Django's json_script.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def faq_page(questions: Iterable[QuestionPage], *, language: str) -> SafeString:
    """JSON of a FAQPage with those that everybody may read; "" when there is none."""
    entities = [
        {
            "@type": "Question",
            "name": question.title,
            "inLanguage": question.language,
            "acceptedAnswer": {"@type": "Answer", "text": question.plain_answer()},
        }
        for question in questions
        if question.audience == Audience.PUBLIC
    ]
    if not entities:
        return mark_safe("")
    page = {"@context": "https://schema.org", "@type": "FAQPage", "inLanguage": language, "mainEntity": entities}
    return mark_safe(json.dumps(page, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  just escaped
