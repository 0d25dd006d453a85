from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OWN_WORDS = ("academy", "academi", "cwtsh", "cymru", "gwelliant", "improvement", "wales")


class OwnWordsValidator:
    """Refuses a password that is our own words and little else."""

    def validate(self, password: str, user: object = None) -> None:
        rest = password.lower()
        for word in OWN_WORDS:
            rest = rest.replace(word, "")
        if len(rest) < 6:  # what is left must still be worth guessing
            raise ValidationError(self.get_help_text(), code="password_of_our_own_words")

    def get_help_text(self) -> str:
        return _("Do not build your password from the name of this site.")


class MaximumLengthValidator:
    """A password is hashed whole; a novel sent as one would only keep a worker busy."""

    longest = 128

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > self.longest:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("Use at most %(longest)s characters.") % {"longest": self.longest}
