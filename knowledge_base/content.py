"""The tree of pages and the answers that come with the product. Everything asks first whether it is already there."""

from __future__ import annotations

import json
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from platform_core.accounts.public import Role, ensure_roles

from .models import (
    INDEX_SLUG,
    NEWS_SLUG,
    Audience,
    Component,
    Confidence,
    FaqIndexPage,
    NewsIndexPage,
    QuestionPage,
    TopicPage,
    next_review,
)

Ours = TypeVar("Ours", bound=Page)

ANSWERS = Path(__file__).parent / "data" / "faq_ca.json"
WORDINGS = Path(__file__).parent / "data" / "wordings.json"
"""Other ways to ask for these answers: by their `id`, lists by language."""

#: Whom the collection was written for, and who may read it. What citizens ask is public; the rest speaks of how a
#: municipality runs its platform, and is for who works in one.
AUDIENCES = {
    "tothom": Audience.PUBLIC,
    "ciutadania": Audience.PUBLIC,
    "referents": Audience.SIGNED_IN,
    "administradores": Audience.SIGNED_IN,
}

ICONS = {
    "canvi-url": TopicPage.Icon.LINK,
    "logotip": TopicPage.Icon.PALETTE,
    "versions-moduls": TopicPage.Icon.SERVER,
    "renovar-sollicitud": TopicPage.Icon.REFRESH,
    "administracio-plataforma": TopicPage.Icon.TOOLS,
    "menors-14-anys": TopicPage.Icon.SHIELD,
    "registre-obligatori": TopicPage.Icon.KEY,
    "codi-etic-contracte-social": TopicPage.Icon.BOOK,
    "formacio": TopicPage.Icon.SCHOOL,
    "suport-incidencies": TopicPage.Icon.LIFEBUOY,
    "processos-fases": TopicPage.Icon.HISTORY,
    "propostes-suports": TopicPage.Icon.BULB,
    "pressupostos": TopicPage.Icon.CHART,
    "verificacio-padro": TopicPage.Icon.USER,
    "trobades": TopicPage.Icon.CALENDAR,
    "enquestes": TopicPage.Icon.CHECKLIST,
    "comunicacio": TopicPage.Icon.MAIL,
    "moderacio": TopicPage.Icon.FLAG,
    "organs-espais-privats": TopicPage.Icon.LOCK,
    "dades-exportacio": TopicPage.Icon.DOWNLOAD,
    "contingut-aparenca": TopicPage.Icon.PHOTO,
}

WORKFLOW = "Revisió de preguntes"
COMPONENTS = Path(__file__).parent / "data" / "components.json"
COORDINATOR_PERMISSIONS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")


def prepare() -> FaqIndexPage:
    """The front pages of the questions and the news, in each language, and who may write and review them.

    Returns that of the questions, in Catalan. Idempotent; run it after each `migrate`.
    """
    with transaction.atomic():
        root = _root()
        ensure_roles()
        index, news = _index_under(root), _news_under(root)
        _let_translate()
        fronts = _in_each_language([index, news])
        _let_coordinators_in(fronts)
        _review(fronts)
        _name_components()
    return index


def news_index() -> NewsIndexPage:
    """The front page of the news, in Catalan; made with the rest where it is missing."""
    source = NewsIndexPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    return source.first() or (prepare() and source.get())


def ground() -> Page:
    """Where the trees of pages stand, in Catalan; made where it is missing."""
    return _root()


def plant(front: Ours) -> Ours:
    """For an app with a tree of its own: have its front page (saved, in Catalan) in each language, coordinators let
    in, and what is submitted under it reviewed. Idempotent."""
    ensure_roles()
    fronts = _in_each_language([front])
    _let_coordinators_in(fronts)
    _review(fronts)
    return front


def load_answers(path: Path = ANSWERS) -> int:
    """Publish the answers of the collection that are not there yet, by their `id`; returns how many were added.

    What the editors changed since stays as they left it, and what they moved stays where it is.
    """
    collection = json.loads(path.read_text())
    wordings = json.loads(WORDINGS.read_text()) if path == ANSWERS else {}
    index = prepare()
    with transaction.atomic():
        topics = {topic.slug: topic for topic in TopicPage.objects.child_of(index)}
        known = set(QuestionPage.objects.exclude(key="").values_list("key", flat=True))
        new = [item for item in collection["questions"] if item["id"] not in known]
        for item in new:
            if item["topic"] not in topics:
                topics[item["topic"]] = _add_topic(index, item)
            said = [line for lines in wordings.get(item["id"], {}).values() for line in lines]
            _add_question(topics[item["topic"]], item, date.fromisoformat(collection["checked_on"]), wordings=said)
    return len(new)


def _root() -> Page:
    """Where the site begins. Wagtail's own migration makes it; it is made again in a database that lost it."""
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site:
        return site.root_page
    locale, _created = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    top = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    home = Page(title=settings.WAGTAIL_SITE_NAME, slug="home", locale=locale)
    root = top.get_first_child() or top.add_child(instance=home)
    Site.objects.create(hostname="localhost", root_page=root, is_default_site=True)
    return root


def _index_under(root: Page) -> FaqIndexPage:
    if index := FaqIndexPage.objects.child_of(root).first():
        return index
    index = FaqIndexPage(title="Preguntes freqüents", slug=INDEX_SLUG, locale=root.locale)
    return _publish(root, index)


def _news_under(root: Page) -> NewsIndexPage:
    if index := NewsIndexPage.objects.child_of(root).first():
        return index
    return _publish(root, NewsIndexPage(title="Novetats", slug=NEWS_SLUG, locale=root.locale))


def _in_each_language(fronts: list[Page]) -> list[Page]:
    """They, and where their translations hang: a tree for each language, whose front pages stand for the Catalan ones
    until somebody translates them."""
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    for code, _name in settings.LANGUAGES:
        if code not in locales:
            locales[code] = Locale.objects.create(language_code=code)
    keys = [front.translation_key for front in fronts]
    there = {(page.translation_key, page.locale_id): page for page in Page.objects.filter(translation_key__in=keys)}
    return [
        there.get((front.translation_key, locales[code].pk))
        or front.copy_for_translation(locales[code], copy_parents=True, alias=True)
        for front in fronts
        for code, _name in settings.LANGUAGES
    ]


def _name_components() -> None:
    """The components that platforms come with; what the editors added, changed or took away stays so."""
    if Component.objects.exists():
        return
    Component.objects.bulk_create(Component(**facts) for facts in json.loads(COMPONENTS.read_text()))


def _let_translate() -> None:
    """Editors and coordinators start translations and name components."""
    permissions = Permission.objects.filter(
        content_type__app_label="simple_translation", codename="submit_translation"
    ) | Permission.objects.filter(
        content_type__app_label="knowledge_base", codename__in=("add_component", "change_component")
    )
    for group in Group.objects.filter(name__in=(Role.EDITOR, Role.COORDINATOR)):
        group.permissions.add(*permissions)


def _add_topic(index: FaqIndexPage, item: dict[str, Any]) -> TopicPage:
    icon = ICONS.get(item["topic"], TopicPage.Icon.QUESTION)
    return _publish(index, TopicPage(title=item["topic_label"], slug=item["topic"], icon=icon, locale=index.locale))


def _add_question(topic: TopicPage, item: dict[str, Any], checked_on: date, *, wordings: list[str]) -> QuestionPage:
    confirmed = item["confidence"] == "confirmat"
    question = QuestionPage(
        title=item["question"],
        key=item["id"],
        answer=json.dumps([{"type": "text", "value": _paragraph(item["answer"])}]),
        audience=AUDIENCES[item["audience"]],
        confidence=Confidence.CONFIRMED if confirmed else Confidence.TO_CONFIRM,
        last_checked=checked_on,
        review_by=next_review(checked_on),
        keywords=", ".join(item["keywords"]),
        wordings="\n".join(wordings),
        sources="\n".join(item["sources"]),
        locale=topic.locale,
    )
    return _publish(topic, question)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text, quote=False)}</p>"


def _publish(parent: Page, page: Ours) -> Ours:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _let_coordinators_in(fronts: list[Page]) -> None:
    """Editors may work anywhere in the tree (`ensure_roles`); coordinators in the questions and the news."""
    group = Group.objects.get(name=Role.COORDINATOR)
    group.permissions.add(*Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"))
    pages = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=COORDINATOR_PERMISSIONS)
    there = set(GroupPagePermission.objects.filter(group=group).values_list("page_id", "permission_id"))
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page_id=front.pk, permission=permission)
        for permission in pages
        for front in fronts
        if (front.pk, permission.pk) not in there
    )


def _review(fronts: list[Page]) -> None:
    """What an editor submits is approved by a coordinator. Only where there is no workflow yet, so that one that was
    changed in Wagtail stays as it is."""
    reviewed = set(WorkflowPage.objects.filter(page__in=fronts).values_list("page_id", flat=True))
    if not (missing := [front for front in fronts if front.pk not in reviewed]):
        return
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW)
    task, _created = GroupApprovalTask.objects.get_or_create(name=WORKFLOW)
    task.groups.set(Group.objects.filter(name=Role.COORDINATOR))
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    for front in missing:
        WorkflowPage.objects.create(workflow=workflow, page_id=front.pk)
