"""What each slice brings to the house: its pages, its messages, and what lower slices ask of higher ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ontmoet.arranging import (
    complex_views,
    emergency_views,
    hours_views,
    merging_messages,
    merging_views,
    right_views,
    use_rules_views,
    zone_views,
)
from ontmoet.arranging import views as arranging
from ontmoet.attendance import sheet_views
from ontmoet.attendance import views as attendance
from ontmoet.bookings import behalf_views as on_behalf
from ontmoet.bookings import closure_messages, closure_views, one_tap_views, request_messages, works_views
from ontmoet.bookings import messages as booking_messages
from ontmoet.bookings import request_views as requests
from ontmoet.bookings import use_views as use
from ontmoet.bookings import views as bookings
from ontmoet.calendars import views as calendars
from ontmoet.exports import views as exports
from ontmoet.first_hour import views as first_hour
from ontmoet.hearing import behalf_views as hearing_on_behalf
from ontmoet.hearing import call_pages
from ontmoet.hearing import messages as hearing_messages
from ontmoet.hearing import views as hearing
from ontmoet.house_rules import paper_views, publish_views
from ontmoet.house_rules import views as house_rules
from ontmoet.importing import views as importing
from ontmoet.jobs import JOBS
from ontmoet.joining import letter_views
from ontmoet.joining import messages as joining_messages
from ontmoet.joining import views as joining
from ontmoet.keys import (
    box_messages,
    box_views,
    due_views,
    duty_messages,
    duty_views,
    locker_views,
    organisation_views,
    tag_views,
)
from ontmoet.keys import messages as key_messages
from ontmoet.keys import views as keys
from ontmoet.keys.way_in import bookings_with_key, way_in
from ontmoet.lifecycle import messages as lifecycle_messages
from ontmoet.lifecycle import views as lifecycle
from ontmoet.membership import colleague_views, guest_views, partner_views
from ontmoet.membership import messages as membership_messages
from ontmoet.membership import views as membership
from ontmoet.my_data import confirm_views, removing_views
from ontmoet.my_data import views as my_data
from ontmoet.other_calendars import views as other_calendars
from ontmoet.people import address_letters, guardian_messages
from ontmoet.people import views as people
from ontmoet.portal import (
    management,
    metrics,
    offline,
    own_views,
    recorded,
    scanning,
    signage_views,
    style_guide,
    upkeep,
)
from ontmoet.portal import views as portal
from ontmoet.proving import access_views, passkey_views, reset_views, second_views, work_views
from ontmoet.proving import messages as proving_messages
from ontmoet.proving.fresh import asked_again
from ontmoet.recovery import messages as recovery_messages
from ontmoet.recovery import password_pages, slip_pages
from ontmoet.recovery import views as recovery
from ontmoet.recovery.ending import end_ways_in
from ontmoet.series import date_views as series_dates
from ontmoet.series import keeper_views as series_keeping
from ontmoet.series import messages as series_messages
from ontmoet.series import views as series
from ontmoet.series.asked import series_asked
from ontmoet.series.handing_down import part_of_series
from ontmoet.series.offering import dates_in_turn
from ontmoet.series.refused_queries import dates_before
from ontmoet.trail.rules import Chore
from ontmoet.web import health

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask

T = TypeVar("T")

PAGES = (
    health,
    metrics,
    people,
    hearing,
    call_pages,
    hearing_on_behalf,
    recovery,
    password_pages,
    slip_pages,
    access_views,
    passkey_views,
    second_views,
    work_views,
    reset_views,
    house_rules,
    paper_views,
    publish_views,
    membership,
    guest_views,
    partner_views,
    colleague_views,
    joining,
    letter_views,
    bookings,
    one_tap_views,
    on_behalf,
    requests,
    closure_views,
    works_views,
    use,
    series,
    series_dates,
    series_keeping,
    calendars,
    attendance,
    sheet_views,
    keys,
    tag_views,
    box_views,
    locker_views,
    due_views,
    organisation_views,
    duty_views,
    hours_views,
    use_rules_views,
    arranging,
    zone_views,
    right_views,
    merging_views,
    complex_views,
    emergency_views,
    first_hour,
    importing,
    other_calendars,
    my_data,
    confirm_views,
    removing_views,
    lifecycle,
    exports,
    portal,
    own_views,
    management,
    scanning,
    offline,
    signage_views,
    style_guide,
    upkeep,
)
BY_MAIL = (address_letters, proving_messages)
"""Messages that only go by mail."""
MESSAGES = (
    hearing_messages,
    guardian_messages,
    recovery_messages,
    booking_messages,
    request_messages,
    closure_messages,
    series_messages,
    key_messages,
    box_messages,
    duty_messages,
    joining_messages,
    membership_messages,
    lifecycle_messages,
    merging_messages,
)
"""Messages that go by mail, and are told to who has none."""


def init_app(app: Flask) -> None:
    """Answer at the address of each page, and hand down what no lower slice may look for itself."""
    for views in PAGES:
        app.register_blueprint(views.bp)
    # The outbox knows no slice: each brings the words for its own kinds of message.
    app.extensions["ontmoet_letters"] = _by_kind(module.LETTERS for module in (*BY_MAIL, *MESSAGES))
    app.extensions["ontmoet_titles"] = _by_kind(module.TITLES for module in (*BY_MAIL, *MESSAGES))
    app.extensions["ontmoet_told"] = _by_kind(module.TOLD for module in MESSAGES)
    app.extensions["ontmoet_optional"] = {**booking_messages.OPTIONAL}
    # Nor does the trail.
    app.extensions["ontmoet_actions"] = recorded.ACTIONS
    # Recovery stands above people, where one signs out everywhere.
    app.extensions["ontmoet_end_ways_in"] = end_ways_in
    # Proving stands above recovery.
    app.extensions["ontmoet_asked_again"] = asked_again
    # Keys and series stand above bookings.
    app.extensions["ontmoet_way_in"] = way_in
    app.extensions["ontmoet_keys_out"] = bookings_with_key
    app.extensions["ontmoet_dates_in_turn"] = dates_in_turn
    app.extensions["ontmoet_dates_before"] = dates_before
    app.extensions["ontmoet_part_of_series"] = part_of_series
    app.extensions["ontmoet_series_asked"] = series_asked
    # Jobs stand above all slices; whoever tells how they went gets their names and titles.
    app.extensions["ontmoet_jobs"] = {job.name: Chore(job.title, nightly=job.nightly) for job in JOBS}


def _by_kind(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    return {kind: each for part in parts for kind, each in part.items()}
