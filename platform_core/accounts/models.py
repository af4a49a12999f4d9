"""People, known by their e-mail."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person. `email` is stored in lower case; raises ValueError when it is empty."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the system says")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail is the name to sign in with; `name` is what others see.

    `is_staff` follows from the roles (`accounts.roles`): it is set by `grant_role`, not by hand.
    """

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name and surname"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("ca", "Català"), ("es", "Español"), ("en", "English")], default="ca"
    )
    theme = models.CharField(_("theme"), max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    # Whether the person has accepted the code of ethics in force. It is kept on the person, who is loaded with every
    # request anyway, so that asking costs no query; `publish_code` sets it to False for everyone at once.
    has_accepted_code = models.BooleanField(_("has accepted the code of ethics"), default=False, editable=False)
    # Up to which cursor of their own stream they have looked at their notices.
    news_seen = models.PositiveBigIntegerField(default=0, editable=False)
    is_staff = models.BooleanField(_("works for the service"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_ci")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email.split("@")[0]

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The names of the groups of this person: one query for as long as this object lives."""
        return frozenset(self.groups.values_list("name", flat=True))


class CodeOfEthics(models.Model):
    """One published version of the code of ethics, in every language. A published version never changes.

    The text is plain: a blank line ends a paragraph, and a line that starts with `# ` is a heading.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    text_ca = models.TextField(_("text in Catalan"))
    text_es = models.TextField(_("text in Spanish"))
    text_en = models.TextField(_("text in English"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    class Meta:
        verbose_name = _("code of ethics")
        verbose_name_plural = _("codes of ethics")
        ordering = ["-version"]
        get_latest_by = "version"

    def __str__(self) -> str:
        return _("Code of ethics, version %(version)s") % {"version": self.version}

    def sections(self, language: str) -> list[tuple[str, list[str]]]:
        """(heading, paragraphs) in `language` ("ca", "es", "en"); another language reads the Catalan text."""
        text = {"es": self.text_es, "en": self.text_en}.get(language[:2], self.text_ca)
        found: list[tuple[str, list[str]]] = [("", [])]
        for block in (part.strip() for part in text.replace("\r\n", "\n").split("\n\n")):
            if block.startswith("# "):
                heading, _newline, rest = block.partition("\n")
                found.append((heading[2:].strip(), [rest.strip()] if rest.strip() else []))
            elif block:
                found[-1][1].append(block)
        return [section for section in found if section[0] or section[1]]


class Acceptance(models.Model):
    """That a person accepted a version of the code of ethics, and when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="acceptances")
    code = models.ForeignKey(CodeOfEthics, models.PROTECT, related_name="acceptances")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [models.UniqueConstraint(fields=["user", "code"], name="accounts_one_acceptance_a_version")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.code_id}"
