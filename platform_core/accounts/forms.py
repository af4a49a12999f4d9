"""The forms of accounts. The texts of allauth's own are in the catalogue (see `allauth_strings`)."""

from __future__ import annotations

import re
from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.socialaccount import forms as social_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import CodeOfEthics, Theme, User

PASSWORD_ADVICE = _("12 characters or more. Three or four loose words are a good password.")
PHONE = re.compile(r"^\+?[0-9][0-9 .\-()/]{5,25}(ext\.? ?[0-9]{1,6})?$")


class _LabelsOnly:
    """allauth repeats each label inside the box as a placeholder; the label above is enough, and stays."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_LabelsOnly, account_forms.LoginForm):
    pass


class ChangeEmailForm(_LabelsOnly, account_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail")
        self.fields["email"].help_text = _("We will send a code there to check that it is yours.")


class _NewPassword(_LabelsOnly):
    """One line of advice where Django lists its rules; a rule that is broken is told beside the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_ADVICE


class ChangePasswordForm(_NewPassword, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(_NewPassword, account_forms.SetPasswordForm):
    pass


class ResetPasswordForm(_LabelsOnly, account_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(_NewPassword, account_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(_LabelsOnly, account_forms.ReauthenticateForm):
    pass


class VerificationCodeForm(_LabelsOnly, account_forms.ConfirmEmailVerificationCodeForm):
    pass


class SecondFactorForm(_LabelsOnly, mfa_forms.AuthenticateForm):
    pass


class SecondFactorAgainForm(_LabelsOnly, mfa_forms.ReauthenticateForm):
    pass


class SetUpAppForm(_LabelsOnly, totp_forms.ActivateTOTPForm):
    pass


def name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name and surname"),
        max_length=150,
        help_text=_("This is how the others will see you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class SignupForm(_LabelsOnly, account_forms.SignupForm):
    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field()
        self.fields["email"].label = _("E-mail")
        self.fields["email"].help_text = _("The one from work. We will send you a code to check it.")
        self.fields["password1"].help_text = PASSWORD_ADVICE
        self.order_fields(self.field_order)


class DecidimSignupForm(_LabelsOnly, social_forms.SignupForm):
    """What is still missing when Decidim does not tell the e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field()
        self.fields["name"].initial = self.sociallogin.user.name
        self.fields["email"].label = _("E-mail")
        self.order_fields(["name", "email"])


class AddKeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].help_text = _("So that you can tell it from the others: «work laptop», «blue key»…")
        self.fields["passwordless"].label = _("Sign in with this key alone, without password")


class RenameKeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, help_text=_("Also of the mails."))
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=30,
        help_text=_("Only the support team sees it, to call you about a ticket."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    class Meta:
        model = User
        fields = ["name", "phone", "language", "theme"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field()
        self.order_fields(["name", "phone", "language", "theme"])

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and not PHONE.match(phone):
            raise forms.ValidationError(_("This does not look like a phone number. Example: 934 020 704."))
        return phone


class AcceptForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    accept = forms.BooleanField(
        label=_("I have read it and I accept it"),
        error_messages={"required": _("Tick the box to go on. If you do not agree, you can sign out.")},
    )


CODE_TEXTS = ["text_ca", "text_es", "text_en"]


class CodeForm(forms.ModelForm):
    """The next version, written in the administration."""

    class Meta:
        model = CodeOfEthics
        fields = CODE_TEXTS
