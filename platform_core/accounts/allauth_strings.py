"""Sentences of allauth that people see and that we say in another way: our catalogue wins over the library's.

Listing them here is what keeps them in our catalogues; nothing imports this module. The rest of allauth's sentences
come from its own catalogues, which are complete in Catalan and Spanish.
"""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("Email"),
    _("Email address"),
    _("Code"),
    _("Authenticator code"),
    _("Remember Me"),
    _("Forgot your password?"),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("Master key"),
    _("Backup key"),
    _("Key nr. {number}"),
    _("Incorrect code."),
    _("Be patient, you are sending too many requests."),
    _("Too many failed login attempts. Try again later."),
    _("A user is already registered with this email address."),
    _("The email address and/or password you specified are not correct."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("You cannot disconnect your last remaining third-party account."),
    _("Your account has no password set up."),
    _("Your account has no verified email address."),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional "
        "requirements such as biometrics or PIN protection."
    ),
)
