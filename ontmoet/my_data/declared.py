"""The one table of what is known about people: shown to them, handed out, and forgotten when they leave.

In the order in which it is shown. It is forgotten in the reverse order, from the top slice down: what points
goes before what it points at.
"""

from ontmoet.attendance.personal import PERSONAL as OF_ATTENDANCE
from ontmoet.bookings.personal import PERSONAL as OF_BOOKINGS
from ontmoet.hearing.personal import PERSONAL as OF_HEARING
from ontmoet.house_rules.personal import PERSONAL as OF_HOUSE_RULES
from ontmoet.joining.personal import PERSONAL as OF_LETTERS
from ontmoet.keys.personal import PERSONAL as OF_KEYS
from ontmoet.membership.personal import PERSONAL as OF_MEMBERSHIP
from ontmoet.outbox.personal import PERSONAL as OF_MESSAGES
from ontmoet.people.personal import PERSONAL as OF_PEOPLE
from ontmoet.proving.personal import PERSONAL as OF_PROVING
from ontmoet.recovery.personal import PERSONAL as OF_RECOVERY
from ontmoet.trail.personal import PERSONAL as OF_TRAIL

PERSONAL = (
    *OF_PEOPLE,
    *OF_HEARING,
    *OF_RECOVERY,
    *OF_PROVING,
    *OF_MEMBERSHIP,
    *OF_LETTERS,
    *OF_HOUSE_RULES,
    *OF_BOOKINGS,
    *OF_ATTENDANCE,
    *OF_KEYS,
    *OF_MESSAGES,
    *OF_TRAIL,
)

TABLES = frozenset(column.split(".")[0] for subject in PERSONAL for column in subject.columns)
"""Every table in which something about a person stands."""
