"""Every action that is recorded, in words: for whoever asks what is known about them."""

from ontmoet.arranging.hours_wording import ACTIONS as IN_HOURS
from ontmoet.arranging.merging_wording import ACTIONS as IN_MERGING
from ontmoet.arranging.use_rules_wording import ACTIONS as IN_USE_RULES
from ontmoet.arranging.wording import ACTIONS as IN_ARRANGING
from ontmoet.attendance.wording import ACTIONS as IN_ATTENDANCE
from ontmoet.bookings.wording import ACTIONS as IN_BOOKINGS
from ontmoet.exports.wording import ACTIONS as IN_EXPORTS
from ontmoet.first_hour.wording import ACTIONS as IN_FIRST_HOUR
from ontmoet.hearing.wording import ACTIONS as IN_HEARING
from ontmoet.house_rules.wording import ACTIONS as IN_HOUSE_RULES
from ontmoet.importing.wording import ACTIONS as IN_IMPORTING
from ontmoet.joining.wording import ACTIONS as IN_JOINING
from ontmoet.keys.wording import ACTIONS as IN_KEYS
from ontmoet.lifecycle.wording import ACTIONS as IN_LIFECYCLE
from ontmoet.membership.wording import ACTIONS as IN_MEMBERSHIP
from ontmoet.my_data.wording import ACTIONS as IN_MY_DATA
from ontmoet.other_calendars.wording import ACTIONS as IN_OTHER_CALENDARS
from ontmoet.people.wording import ACTIONS as IN_PEOPLE
from ontmoet.proving.wording import ACTIONS as IN_PROVING
from ontmoet.recovery.wording import ACTIONS as IN_RECOVERY
from ontmoet.series.wording import ACTIONS as IN_SERIES

ACTIONS = {
    **IN_PEOPLE,
    **IN_HEARING,
    **IN_RECOVERY,
    **IN_PROVING,
    **IN_HOUSE_RULES,
    **IN_MEMBERSHIP,
    **IN_JOINING,
    **IN_BOOKINGS,
    **IN_SERIES,
    **IN_ATTENDANCE,
    **IN_KEYS,
    **IN_HOURS,
    **IN_USE_RULES,
    **IN_ARRANGING,
    **IN_MERGING,
    **IN_FIRST_HOUR,
    **IN_IMPORTING,
    **IN_OTHER_CALENDARS,
    **IN_LIFECYCLE,
    **IN_MY_DATA,
    **IN_EXPORTS,
}
