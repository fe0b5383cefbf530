"""What a verb refuses with. The message is Japanese, for the person who asked, and says what to do."""

from django.core.exceptions import ObjectDoesNotExist
from django.utils.functional import Promise


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """The rule says no. `code` is for machines, the message for people, `field` names the input at fault."""

    def __init__(self, message: str | Promise, *, code: str, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.code = code
        self.field = field


class NotVisible(ObjectDoesNotExist):
    """It does not exist for this person: the answer is 404, never 403, so that nothing is learned from it."""
