"""Packages as other tools make them, tiny, and bad ones; and lessons with a package."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from platform_core.accounts.public import Role
from tests.factories.accounts import UserFactory
from training.content import prepare
from training.domain import packages as domain

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from training.models import Package

PAGE = "<!DOCTYPE html><html lang='ca'><head><title>Paquet</title></head><body><h1>Dins del paquet</h1></body></html>"

MANIFEST12 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
          xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>Curs petit</title>
    <item identifier="i" identifierref="r"{item}><title>Una part</title>{inside}</item></organization></organizations>
  <resources{base}><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="{href}"/></resources>
</manifest>"""
MANIFEST2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
          xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>Curs petit</title>
    <item identifier="i" identifierref="r"><title>Una part</title></item></organization></organizations>
  <resources><resource identifier="r" type="webcontent" adlcp:scormType="sco" href="{href}"/></resources>
</manifest>"""


def manifest12(href: str = "index.html", *, item: str = "", inside: str = "", base: str = "") -> str:
    return MANIFEST12.format(href=href, item=item, inside=inside, base=base)


def zipped(files: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files, in their order."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", method) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return found.getvalue()


def html(**more: str | bytes) -> bytes:
    return zipped({"index.html": PAGE, **more})


def scorm12(page: str = PAGE, **more: str | bytes) -> bytes:
    return zipped({"imsmanifest.xml": manifest12(), "index.html": page, **more})


def scorm2004(page: str = PAGE, **more: str | bytes) -> bytes:
    return zipped({"imsmanifest.xml": MANIFEST2004.format(href="index.html"), "index.html": page, **more})


def upload(content: bytes, name: str = "paquet.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/zip")


def editor() -> User:
    """Somebody who writes courses."""
    prepare()
    return UserFactory(roles=[Role.EDITOR])


def package(content: bytes | None = None, *, title: str = "Un paquet", by: User | None = None) -> Package:
    """An uploaded package; plain web pages unless said otherwise."""
    actor = by or editor()
    found = domain.read_package(actor=actor, file=upload(content or html()))
    return domain.add_package(actor=actor, title=title, name="paquet.zip", found=found)


def block_of(package: Package) -> dict[str, Any]:
    return {"type": "package", "id": "p1", "value": package.pk}
