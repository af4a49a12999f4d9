"""People. They have accepted the code of ethics and proved their e-mail, unless the test says otherwise."""

from __future__ import annotations

import factory
from allauth.account.models import EmailAddress

from platform_core.accounts.domain import grant_role
from platform_core.accounts.models import User
from platform_core.accounts.roles import Role

PASSWORD = "tres paraules soltes"


class UserFactory(factory.django.DjangoModelFactory):
    """`UserFactory(roles=[Role.AGENT_1])` gives roles through the domain, as the product does."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"persona{n}@ens.test")
    name = factory.Sequence(lambda n: f"Persona Fictícia {n}")
    language = "ca"
    has_accepted_code = True

    @classmethod
    def _create(cls, model_class: type[User], *_args: object, **fields: object) -> User:
        password = fields.pop("password", None)
        return model_class.objects.create_user(password=password, **fields)

    @factory.post_generation
    def verified(self, create: bool, extracted: bool | None, **_kwargs: object) -> None:
        if create:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=True if extracted is None else extracted
            )

    @factory.post_generation
    def roles(self, create: bool, extracted: list[Role] | None, **_kwargs: object) -> None:
        for role in extracted or []:
            grant_role(user=self, role=role)
