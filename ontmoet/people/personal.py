"""What the people's own slice knows about somebody: who it is, where they live, what they do, sign-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, literal, null, or_, select, union_all, update
from sqlalchemy import cast as sql_cast

from ontmoet.db import Instant, LocalDate, execute
from ontmoet.kernel.actor import Function
from ontmoet.kernel.personal import PersonalData
from ontmoet.kernel.tokens import digest_of
from ontmoet.kernel.walltime import day_of
from ontmoet.rooms.models import Home, Room
from ontmoet.trail.actions import forget_tries_ending_in
from ontmoet.web import dates
from ontmoet.web.i18n import gettext as _
from ontmoet.web.i18n import lazy_gettext as _l

from .feeds import end_feed
from .guardians import end_agreements
from .models import CalendarFeed, Credential, EmailChange, Person, Residency, Role, Session
from .retention import RETENTIONS
from .rules import Channel, language_of
from .wording import LANGUAGE_NAMES, function_word

if TYPE_CHECKING:
    from datetime import datetime

    from ontmoet.kernel.personal import Facts
    from ontmoet.kernel.retention import Retention

_person = Person.__table__
_credential = Credential.__table__
_email_change = EmailChange.__table__
_residency = Residency.__table__
_role = Role.__table__
_session = Session.__table__
_feed = CalendarFeed.__table__
_home = Home.__table__
_room = Room.__table__
_WHOSE: Any = bindparam("whose")

_SELF = (
    select(
        _person.c.name,
        _person.c.email,
        _person.c.phone,
        _person.c.language,
        _person.c.channel,
        _person.c.password_hash.is_not(None).label("has_password"),
        _person.c.guardian_id.is_not(None).label("has_guardian"),
        _credential.c.nickname,
        _email_change.c.address.label("new_email"),
    )
    .join_from(_person, _credential, _credential.c.person_id == _person.c.id, isouter=True)
    .join(_email_change, _email_change.c.person_id == _person.c.id, isouter=True)
    .where(_person.c.id == _WHOSE)
)
_PLACES = union_all(
    select(
        literal("home").label("kind"),
        _home.c.address.label("place"),
        _residency.c.since.label("since"),
        _residency.c.until.label("until"),
    )
    .join_from(_residency, _home, _home.c.id == _residency.c.home_id)
    .where(_residency.c.person_id == _WHOSE),
    select(_role.c.function, _room.c.name, _role.c.since, _role.c.until)
    .join_from(_role, _room, _room.c.id == _role.c.room_id, isouter=True)
    .where(_role.c.person_id == _WHOSE),
    select(
        literal("child"), _person.c.name, sql_cast(null(), LocalDate()), sql_cast(null(), LocalDate())
    ).where(_person.c.guardian_id == _WHOSE),
)
_FEED = select(_feed.c.made_at).where(_feed.c.person_id == _WHOSE)
_SIGN_INS = (
    select(
        _session.c.started_at,
        _session.c.expires_at,
        _session.c.revoked_at,
        _session.c.own_phone,
        _session.c.device_name,
        _session.c.used_at,
    )
    .where(_session.c.person_id == _WHOSE)
    .order_by(_session.c.id)
)

_EMAIL = select(_person.c.email).where(_person.c.id == _WHOSE)
_EMPTY = (
    update(_person)
    .where(_person.c.id == _WHOSE)
    .values(
        name="",
        email=None,
        phone=None,
        password_hash=None,
        language="nl",
        channel=Channel.PRINT,
        guardian_id=None,
        guardian_agreed_at=None,
        guardian_asked_at=None,
        erased_at=bindparam("now", type_=Instant()),
        traces_gone_at=None,
    )
)
_FORGET_CREDENTIAL = delete(_credential).where(_credential.c.person_id == _WHOSE)
_FORGET_EMAIL_CHANGE = delete(_email_change).where(_email_change.c.person_id == _WHOSE)
_FORGET_RESIDENCIES = delete(_residency).where(_residency.c.person_id == _WHOSE)
_FORGET_SESSIONS = delete(_session).where(_session.c.person_id == _WHOSE)
_END_ROLES = (
    update(_role)
    .where(
        _role.c.person_id == _WHOSE,
        or_(_role.c.until.is_(None), _role.c.until > bindparam("today", type_=LocalDate())),
    )
    .values(until=bindparam("today", type_=LocalDate()), is_contact=False)
)

_administers = select(func.count()).where(
    _role.c.function == Function.ADMINISTRATOR,
    or_(_role.c.until.is_(None), _role.c.until > bindparam("today", type_=LocalDate())),
)
_OBSTACLES = select(
    select(func.count())
    .where(_person.c.guardian_id == _WHOSE, _person.c.merged_into_id.is_(None))
    .scalar_subquery()
    .label("children"),
    _administers.where(_role.c.person_id == _WHOSE).scalar_subquery().label("administers"),
    _administers.where(_role.c.person_id != _WHOSE).scalar_subquery().label("other_administrators"),
)


def _export_self(person_id: int) -> list[Facts]:
    channels = {Channel.MAIL: _("mail"), Channel.CALL: _("bellen"), Channel.PRINT: _("een briefje")}
    row = execute(_SELF, whose=person_id).one()
    facts = {
        _("Naam"): row.name,
        _("E-mailadres"): row.email,
        _("Nieuw e-mailadres, nog niet bevestigd"): row.new_email,
        _("Telefoon"): row.phone,
        _("Bijnaam om in te loggen"): row.nickname,
        _("Taal"): LANGUAGE_NAMES[language_of(row.language)],
        _("Hoe we je bereiken"): channels[Channel(row.channel)],
        _("Wachtwoord"): _("onleesbaar bewaard") if row.has_password else None,
        _("Pincode"): _("onleesbaar bewaard") if row.nickname else None,
        _("Leeftijd"): _("je bent nog een kind: een ouder regelt je gegevens mee")
        if row.has_guardian
        else None,
    }
    return [{term: fact for term, fact in facts.items() if fact is not None}]


def _forget_self(person_id: int, now: datetime) -> None:
    email = execute(_EMAIL, whose=person_id).scalar()
    if email is not None:
        forget_tries_ending_in(f"/{digest_of(email)}")
    end_agreements(person_id, now=now)
    execute(_FORGET_CREDENTIAL, whose=person_id)
    execute(_FORGET_EMAIL_CHANGE, whose=person_id)
    execute(_EMPTY, whose=person_id, now=now)


def _export_places(person_id: int) -> list[Facts]:
    found: list[Facts] = []
    for row in execute(_PLACES, whose=person_id):
        facts: dict[str, object]
        if row.kind == "home":
            facts = {_("Je woont op"): row.place}
        elif row.kind == "child":
            facts = {_("Je regelt mee voor"): row.place}
        else:
            facts = {
                dates.capitalised(function_word(Function(row.kind))): row.place or _("de hele corporatie")
            }
        if row.since is not None:
            facts[_("Sinds")] = row.since
        if row.until is not None:
            facts[_("Tot")] = row.until
        found.append(facts)
    return found


def _forget_places(person_id: int, now: datetime) -> None:
    # That a room had a host then, stays; who it was goes with the name.
    execute(_END_ROLES, whose=person_id, today=day_of(now))
    execute(_FORGET_RESIDENCIES, whose=person_id)


def _obstacles(person_id: int, now: datetime) -> list[str]:
    """A child needs somebody, and a house without its administrator cannot be mended."""
    row = execute(_OBSTACLES, whose=person_id, today=day_of(now)).one()
    found = []
    if row.children:
        found.append(
            _("Een kind hoort hier nog bij. Wis eerst de gegevens van het kind, of vraag de corporatie.")
        )
    if row.administers and not row.other_administrators:
        found.append(_("Er moet een beheerder blijven. Maak eerst iemand anders beheerder."))
    return found


def _export_sign_ins(person_id: int) -> list[Facts]:
    return [
        {
            _("Ingelogd op"): row.started_at,
            _("Tot"): min(row.expires_at, row.revoked_at or row.expires_at),
            _("Eigen telefoon"): _("ja") if row.own_phone else _("nee"),
            _("Apparaat"): row.device_name or _("onbekend"),
            _("Laatste dag"): day_of(row.used_at or row.started_at),
        }
        for row in execute(_SIGN_INS, whose=person_id)
    ]


def _forget_sign_ins(person_id: int, _now: datetime) -> None:
    execute(_FORGET_SESSIONS, whose=person_id)


def _export_feed(person_id: int) -> list[Facts]:
    return [{_("Adres van je agenda gemaakt op"): row.made_at} for row in execute(_FEED, whose=person_id)]


def _forget_feed(person_id: int, _now: datetime) -> None:
    end_feed(person_id)


def _terms(*names: str) -> tuple[Retention, ...]:
    return tuple(row for row in RETENTIONS if row.name in names)


PERSONAL = (
    PersonalData(
        "self",
        _l("Wie je bent"),
        what=_l("Je naam, hoe we je bereiken en hoe je inlogt. Je wachtwoord of pincode kan niemand lezen."),
        why=_l("Om in te loggen en je iets te laten weten."),
        seen_by=_l(
            "Je naam: de vrijwilligers en medewerkers van je ruimte. Je telefoonnummer: wie jou belt als je"
            " geen mail krijgt. De rest: niemand."
        ),
        columns=frozenset(
            {
                "person.guardian_id",
                "person.merged_into_id",
                "credential.person_id",
                "email_change.person_id",
            }
        ),
        export=_export_self,
        forget=_forget_self,
        until=_l("Tot je weggaat, of een jaar nadat je hier niet meer woont of werkt."),
        terms=_terms("forget_addresses"),
    ),
    PersonalData(
        "places",
        _l("Waar je woont en wat je doet"),
        what=_l("Je woning, je functies als vrijwilliger of medewerker, en voor welk kind je zorgt."),
        why=_l("Dat bepaalt welke ruimtes je kunt gebruiken."),
        seen_by=_l(
            "Medewerkers, en wie in jouw ruimte mensen helpt."
            " Ben je aanspreekpunt van een ruimte? Dan ziet iedereen je naam."
        ),
        columns=frozenset({"residency.person_id", "role.person_id", "role.granted_by_id"}),
        export=_export_places,
        forget=_forget_places,
        obstacles=_obstacles,
        until=_l("Tot je weggaat, of een jaar nadat je hier niet meer woont of werkt."),
    ),
    PersonalData(
        "sign_ins",
        _l("Wanneer je inlogde"),
        what=_l("Wanneer en op wat voor apparaat je inlogde, en op welke dag je het daar laatst gebruikte."),
        why=_l("Dan blijf je ingelogd, zie je waar dat is, en kun je daar uitloggen."),
        seen_by=_l("Niemand."),
        columns=frozenset({"session.person_id"}),
        export=_export_sign_ins,
        forget=_forget_sign_ins,
        terms=_terms("forget_sessions"),
    ),
    PersonalData(
        "calendar_feed",
        _l("Je agenda op je telefoon"),
        what=_l("Het adres waarmee je telefoon jouw reserveringen leest, als je dat maakte."),
        why=_l("Dan staan jouw reserveringen in je eigen agenda."),
        seen_by=_l("Jij, en wie jij het adres geeft."),
        columns=frozenset({"calendar_feed.person_id"}),
        export=_export_feed,
        forget=_forget_feed,
        until=_l("Tot je het stopt, overal uitlogt of weggaat."),
    ),
)
