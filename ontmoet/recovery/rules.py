"""Who gets back in, how often one may try, which password is good, and for whom one may make a slip."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import BOARD, HELPS_PEOPLE, VOLUNTEERS
from ontmoet.kernel.text import folded
from ontmoet.people.rules import A_DAY, Limit, limits_on_network

if TYPE_CHECKING:
    from collections.abc import Collection

    from ontmoet.kernel.actor import Actor

LINK_LIFE = timedelta(minutes=10)
SLIP_LIFE = timedelta(hours=24)
TOLD_FOR = timedelta(days=30)
"""So long it is of use to hear that a slip was made."""

MOST_TRIES = 5
"""For the code in one mail."""

WINDOW = timedelta(hours=1)
SHORTEST_PASSWORD = 12
LONGEST_UNIT = 4
FEWEST_SIGNS = 5

# Without the digits and signs that people put around them.
COMMON = frozenset(
    {
        *("password", "passwordpassword", "wachtwoord", "wachtwoordwachtwoord", "geheim", "geheimgeheim"),
        *("welkom", "welkomwelkom", "hallo", "hallohallo", "ontmoet", "ontmoetontmoet", "inloggen"),
        *("qwerty", "qwertyuiop", "qwertyqwerty", "asdfghjkl", "azerty", "azertyuiop", "abcdefghijkl"),
        *("letmein", "iloveyou", "ikhouvanjou", "monkey", "dragon", "princess", "prinses", "schatje"),
        *("nederland", "holland", "amsterdam", "rotterdam", "feyenoord", "eindhoven", "utrecht"),
        *("administrator", "beheerder", "superman", "batman", "football", "voetbal", "sunshine"),
        *("januari", "februari", "september", "november", "december", "zomer", "winter", "lente", "herfst"),
        *("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjkl", "zonneschijn", "mijnwachtwoord"),
    }
)
ROWS_OF_KEYS = ("01234567890123456789", "09876543210987654321", "qwertyuiopasdfghjklzxcvbnm")


class Reason(StrEnum):
    """Why somebody does not get back in, or not this way."""

    TOO_MANY_TRIES = "too_many_tries"
    NOT_VALID = "not_valid"
    TOO_SHORT = "too_short"
    TOO_COMMON = "too_common"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason, no password
    WRONG_PIN = "wrong_pin"
    SIGNED_OUT = "signed_out"
    TOO_HEAVY = "too_heavy"
    ONESELF = "oneself"
    HAS_MAIL = "has_mail"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the mail for one request holds. Made from its id with the key of the installation, so that the
    database alone, or a copy of it, signs nobody in.
    """

    public_id: str
    key: str

    @property
    def token(self) -> str:
        """For the link."""
        return f"{self.public_id}{self._made_for('link')}"

    @property
    def code(self) -> str:
        """Six digits, to type on the device that asked."""
        return f"{int(self._made_for('code'), 16) % 1_000_000:06d}"

    def is_token(self, token: str) -> bool:
        return hmac.compare_digest(self.token.encode(), token.encode())

    def is_code(self, code: str) -> bool:
        return hmac.compare_digest(self.code.encode(), code.encode())

    def _made_for(self, use: str) -> str:
        return keyed_digest(self.key, f"sign-in-{use}/{self.public_id}")


def keyed_digest(key: str, text: str) -> str:
    """HMAC-SHA-256 in hex: for what is too short to be stored as a plain digest."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def limits_on_asking(address: str, network: str, device: str, *, is_known: bool) -> tuple[Limit, ...]:
    """How often a link may be asked for in an hour. A device has a share of its own of an address, and one
    on which its owner signed in before has no other limit: a stranger who keeps asking keeps nobody out.
    """
    own = Limit(f"forgotten/device/{device}/{address}", 5)
    if is_known:
        return (own,)
    return (
        own,
        Limit(f"forgotten/address/{address}", 15),
        *limits_on_network("forgotten", network, 20),
    )


def limit_on_codes(person_id: int, known_device: str | None) -> Limit:
    """How many codes may be tried for somebody in a day, from wherever: a stranger can ask for code after
    code. A device on which they signed in before has a counter of its own.
    """
    whose = f"person/{person_id}" if known_device is None else f"device/{known_device}/{person_id}"
    return Limit(f"code/{whose}", 20, A_DAY)


def limits_on_slips(network: str) -> tuple[Limit, ...]:
    """How many slips may be tried in an hour from a network. A code has 60 bits: no number of networks is
    enough to guess one, so there is no limit that one could use up for everybody.
    """
    return limits_on_network("slip", network, 20)


def fault_of_password(password: str, *, besides: Collection[str] = ()) -> Reason | None:
    """Why this password is no good: too short, or among the first that anybody would try. `besides` are
    words that belong to this person, such as the address. Nothing is asked of its letters and signs.
    """
    if len(password) < SHORTEST_PASSWORD:
        return Reason.TOO_SHORT
    plain = _without_spaces(password)
    word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    own = {_without_spaces(text) for text in besides}
    own.update(part for text in besides for part in re.findall(r"[^\W_]+", folded(text)))
    if word in COMMON or word in own or plain in own or _is_pattern(plain):
        return Reason.TOO_COMMON
    return None


def objection_to_slip(maker: Actor, subject: Actor, *, room_id: int, has_mail: bool) -> Reason | None:
    """Why `maker` makes no slip for `subject`, who is of the room: not for oneself, not for who weighs more
    than one does in some room, since whoever signs in as them may what they may there; and for who can be
    mailed only when staff sees no other way.
    """
    if maker.person_id == subject.person_id:
        return Reason.ONESELF
    if does_more(subject, maker):
        return Reason.TOO_HEAVY
    if has_mail and Function.STAFF not in maker.functions_in(room_id):
        return Reason.HAS_MAIL
    return None


def does_more(subject: Actor, maker: Actor) -> bool:
    """Whether somebody does more than another in some room, or for the corporation."""
    return any(weight(theirs) > _weight_in(place, maker) for place, theirs in subject.functions.items())


def _weight_in(room_id: int | None, maker: Actor) -> int:
    """Of those who help people there. Who administers may give whatever is done in a room."""
    if room_id is None:
        return 0
    own = maker.functions_in(room_id) & HELPS_PEOPLE
    return weight(own | {Function.STAFF} if maker.has(Function.ADMINISTRATOR) else own)


def weight(functions: Collection[Function]) -> int:
    """How much somebody can do to others by the heaviest of their functions."""
    return max((_WEIGHTS[function] for function in functions), default=0)


_WEIGHTS = {
    **dict.fromkeys(VOLUNTEERS, 1),
    Function.PARTNER: 1,
    **dict.fromkeys(BOARD, 2),
    Function.STAFF: 3,
    Function.ADMINISTRATOR: 4,
}


def _without_spaces(text: str) -> str:
    return re.sub(r"\s", "", folded(text))


def _is_pattern(plain: str) -> bool:
    """A short piece again and again, very few different signs, or a row of keys."""
    repeated = any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, LONGEST_UNIT + 1))
    return repeated or len(set(plain)) < FEWEST_SIGNS or any(plain in row for row in ROWS_OF_KEYS)
