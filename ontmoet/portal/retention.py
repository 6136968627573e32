"""The one table of what is kept how long: jobs carry it out, the page about privacy shows it."""

from ontmoet.bookings.retention import RETENTIONS as OF_BOOKINGS
from ontmoet.outbox.retention import RETENTIONS as OF_MESSAGES
from ontmoet.people.retention import RETENTIONS as OF_PEOPLE
from ontmoet.recovery.retention import RETENTIONS as OF_RECOVERY
from ontmoet.trail.retention import RETENTIONS as OF_TRAIL

RETENTIONS = (*OF_BOOKINGS, *OF_TRAIL, *OF_PEOPLE, *OF_RECOVERY, *OF_MESSAGES)
