"""Parts of URLs."""

from werkzeug.routing import BaseConverter

from ontmoet.kernel.tokens import PUBLIC_ID, code_in


class PublicIdConverter(BaseConverter):
    """Ten letters and digits. The built-in `int` fails on 2⁶³ and takes Arabic digits."""

    regex = PUBLIC_ID.pattern


class SlugConverter(BaseConverter):
    """A name in a URL: lower-case letters, digits and single hyphens."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class LetterCodeConverter(BaseConverter):
    """The code of a letter, however it is typed; empty when it can be none, so that the page can say so."""

    regex = "[^/]{1,100}"

    def to_python(self, value: str) -> str:
        return code_in(value)
