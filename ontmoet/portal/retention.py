"""The one table of what is kept how long: jobs carry it out, the page about privacy shows it."""

from ontmoet.attendance.retention import RETENTIONS as OF_ATTENDANCE
from ontmoet.bookings.retention import RETENTIONS as OF_BOOKINGS
from ontmoet.house_rules.retention import RETENTIONS as OF_HOUSE_RULES
from ontmoet.joining.retention import RETENTIONS as OF_LETTERS
from ontmoet.keys.retention import RETENTIONS as OF_KEYS
from ontmoet.membership.retention import RETENTIONS as OF_MEMBERSHIP
from ontmoet.my_data.retention import RETENTIONS as OF_WHOEVER_LEFT
from ontmoet.outbox.retention import RETENTIONS as OF_MESSAGES
from ontmoet.people.retention import RETENTIONS as OF_PEOPLE
from ontmoet.proving.retention import RETENTIONS as OF_PROVING
from ontmoet.recovery.retention import RETENTIONS as OF_RECOVERY
from ontmoet.trail.retention import RETENTIONS as OF_TRAIL

RETENTIONS = (
    *OF_BOOKINGS,
    *OF_ATTENDANCE,
    *OF_KEYS,
    *OF_TRAIL,
    *OF_PEOPLE,
    *OF_RECOVERY,
    *OF_PROVING,
    *OF_MEMBERSHIP,
    *OF_LETTERS,
    *OF_MESSAGES,
    *OF_HOUSE_RULES,
    *OF_WHOEVER_LEFT,
)
