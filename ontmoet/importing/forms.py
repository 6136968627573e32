"""The shape of sending a list, and of taking one along."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField, ValidationError

from ontmoet.exports.forms import ExportForm
from ontmoet.exports.wording import KINDS
from ontmoet.kernel.objections import Objection
from ontmoet.web.forms import Form, LineField
from ontmoet.web.i18n import lazy_gettext as _l
from ontmoet.web.widgets import HiddenInput

from .lists import TAKEN
from .reading import LARGEST_FILE
from .rules import Reason
from .wording import say


class FileForm(Form):
    """A file, and what was said of it before: without `seal` it is only looked at. Of one that is too large
    `raw` is one byte too many.
    """

    file = FileField(_l("Bestand"))
    seal = LineField("", longest=64, widget=HiddenInput())

    raw: bytes = b""

    forgot_file: bool = False

    def seal_of(self, looked: str) -> str:
        """With which the next press stores: `looked` is of what was looked at just now, and what was before
        stands when only the file misses.
        """
        if self.forgot_file and not self.seal.errors:
            return str(self.seal.data)
        return "" if self.is_refused else looked

    def validate_file(self, file: FileField) -> None:
        """A browser sends an empty file when none is chosen."""
        sent = file.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            self.forgot_file = bool(self.seal.data)
            reason = Reason.NO_FILE_AGAIN if self.forgot_file else Reason.NO_FILE
            raise ValidationError(say(Objection(reason)))
        self.raw = sent.read(LARGEST_FILE + 1)
        # Also what lies on disk of a large file, which has no name there, is gone from here on.
        sent.close()


class TakeForm(ExportForm):
    """What kind of file somebody wants: one of those that can be read in again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, str(KINDS[kind][0])) for kind in TAKEN]
