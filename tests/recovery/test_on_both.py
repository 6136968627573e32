"""Everything that is written about hearing and getting in again, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from ontmoet.db import execute, unit_of_work
from ontmoet.hearing import actions as hearing
from ontmoet.hearing.queries import call_list, is_refused, reader_of
from ontmoet.hearing.rules import QuietHours
from ontmoet.outbox.actions import forget_told_messages, post
from ontmoet.outbox.models import Outcome
from ontmoet.outbox.queries import count_told_messages
from ontmoet.people.rules import Channel, Language
from ontmoet.recovery import actions, queries, slips
from ontmoet.recovery.rules import Proof
from tests.fixtures import TUESDAY
from tests.watching import row_counts, rows

if TYPE_CHECKING:
    from tests.cast import Neighbourhood

KEY = "a key that only this test uses"
TODAY = TUESDAY.date()
LATER = TUESDAY + timedelta(days=100)


def test_wishes_of_a_reader_are_kept_and_ended(hood_on_both: Neighbourhood) -> None:
    noor = hood_on_both.people["noor"]
    with hood_on_both.app.app_context():
        for wants in ({"booking_reminder"}, {"booking_reminder"}):
            with unit_of_work():
                quiet = QuietHours(0, 60)
                hearing.choose(
                    noor,
                    channel=Channel.CALL,
                    language=Language.ENGLISH,
                    quiet=quiet,
                    wants=wants,
                    now=TUESDAY,
                )
        with unit_of_work():
            hearing.note_refused(noor, "noor@proef.example", now=TUESDAY)
        reader = reader_of(noor)
        assert reader is not None
        assert (reader.channel, reader.quiet, reader.wants) == (Channel.CALL, quiet, wants)
        assert is_refused(noor)
        with unit_of_work():
            hearing.want_no_more(noor, "booking_reminder", now=TUESDAY)
            hearing.want_no_more(noor, "booking_reminder", now=TUESDAY)
    assert row_counts(hood_on_both.app, "opt_in", "hearing") == {"opt_in": 0, "hearing": 1}


def test_told_message_leaves_the_list_with_all_that_was_written_about_it(hood_on_both: Neighbourhood) -> None:
    noor, bram = hood_on_both.people["noor"], hood_on_both.people["bram"]
    with hood_on_both.app.app_context():
        with unit_of_work():
            post(
                "hello",
                person_id=noor,
                object_id=1,
                dedupe_key="1",
                due_at=TUESDAY,
                now=TUESDAY,
                room_id=hood_on_both.linde,
                useful_until=LATER,
            )
            execute(text("update message set status = 'by_hand'"))
        (line,) = call_list(hood_on_both.linde, TODAY)
        assert (line.name, line.is_told, line.tried) == ("Noor de Proef", False, ())
        facts = {"room_id": hood_on_both.linde, "actor_id": bram, "now": TUESDAY}
        with unit_of_work():
            assert hearing.note_told(line.message.number, Outcome.NOT_REACHED, **facts)
            assert hearing.note_told(line.message.number, Outcome.TOLD, **facts)
            assert not hearing.note_told(line.message.number, Outcome.TOLD, **facts)
            assert hearing.undo_told(line.message.number, **facts)
            assert hearing.note_told(line.message.number, Outcome.TOLD, **facts)
        (line,) = call_list(hood_on_both.linde, TODAY)
        assert [each.outcome for each in line.tried] == [Outcome.NOT_REACHED, Outcome.TOLD]
        assert call_list(hood_on_both.plein, TODAY) == ()
        with unit_of_work():
            assert [count_told_messages(TUESDAY), forget_told_messages(TUESDAY)] == [0, 0]
            assert [count_told_messages(LATER), forget_told_messages(LATER)] == [1, 1]
    assert row_counts(hood_on_both.app, "message", "telling") == {"message": 0, "telling": 0}


def test_link_code_and_slip_get_in_once_and_are_forgotten(hood_on_both: Neighbourhood) -> None:
    hood = hood_on_both
    noor, bram = hood.people["noor"], hood.people["bram"]

    def asked() -> list[Proof]:
        found = rows(hood.app, "select public_id from sign_in_link order by id")
        return [Proof(row.public_id, KEY) for row in found]

    with hood.app.app_context():
        with unit_of_work():
            assert actions.may_ask("noor@proef.example", network="n", device="d", now=TUESDAY)
            actions.ask_for_link("NOOR@proef.example", device="d", now=TUESDAY)
            actions.ask_for_link("niemand@proef.example", device="e", now=TUESDAY)
        first, nobody = asked()
        with unit_of_work():
            assert actions.try_code("e", nobody.code, key=KEY, now=TUESDAY) is None
            assert actions.use_link(nobody.token, key=KEY, now=TUESDAY) is None
            assert actions.use_link(first.token, key=KEY, now=TUESDAY) == noor
            assert actions.use_link(first.token, key=KEY, now=TUESDAY) is None
            actions.ask_for_link("noor@proef.example", device="d", now=TUESDAY)
        last = asked()[-1]
        with unit_of_work():
            assert actions.try_code("d", last.code, key=KEY, now=TUESDAY) == noor
            code = slips.make_slip(noor, room_id=hood.linde, made_by_id=bram, key=KEY, now=TUESDAY)
            assert slips.use_slip(code, key=KEY, now=TUESDAY) == noor
            assert slips.use_slip(code, key=KEY, now=TUESDAY) is None
        (slip,) = queries.slips_of(noor)
        assert (slip.by_name, slip.used_at) == ("Bram de Proef", TUESDAY)
        with unit_of_work():
            assert [queries.count_old_links(LATER), actions.forget_old_links(LATER)] == [3, 3]
            assert [queries.count_old_slips(LATER), slips.forget_old_slips(LATER)] == [1, 1]
