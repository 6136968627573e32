"""What is different between two texts of house rules."""

from __future__ import annotations

import pytest

from ontmoet.house_rules.changes import Kind, MarkedGroup, Piece, changes_between

SIGNS = {Kind.SAME: "{}", Kind.ADDED: "+{}+", Kind.REMOVED: "-{}-"}


def told(groups: tuple[MarkedGroup, ...]) -> list[tuple[str, list[str]]]:
    """Each group with its rules, what came between plusses and what went between minusses."""
    return [(group.heading, [" ".join(map(sign, rule)) for rule in group.rules]) for group in groups]


def sign(piece: Piece) -> str:
    return SIGNS[piece.kind].format(piece.text)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Geluid:\nNa 22:00 uur is het stil.\nMuziek mag.",
            "Geluid:\nNa 21:30 uur is het stil.\nMuziek mag.",
            [("Geluid", ["Na -22:00- +21:30+ uur is het stil.", "Muziek mag."])],
        ),
        ("Was af.", "Was af.\nVeeg de vloer.", [("", ["Was af.", "+Veeg de vloer.+"])]),
        ("Was af.\nVeeg de vloer.", "Veeg de vloer.", [("", ["-Was af.-", "Veeg de vloer."])]),
        ("Was alles af.", "Roken doe je buiten.", [("", ["-Was alles af.-", "+Roken doe je buiten.+"])]),
        ("Keuken:\nWas af.", "Afwas:\nWas af.", [("Afwas", ["+Was af.+"]), ("Keuken", ["-Was af.-"])]),
        ("", "Was af.", [("", ["+Was af.+"])]),
        ("Was af.", "", [("", ["-Was af.-"])]),
        ("Was af.", "Was   af.\n\n", [("", ["Was af."])]),
    ],
)
def test_rules_and_words_that_came_and_went_are_marked(
    old: str, new: str, expected: list[tuple[str, list[str]]]
) -> None:
    assert told(changes_between(old, new)) == expected


def test_group_knows_whether_it_changed() -> None:
    groups = changes_between("A:\nEen regel.\nB:\nTwee.", "A:\nEen regel.\nB:\nDrie.")
    assert [(group.heading, group.is_changed) for group in groups] == [("A", False), ("B", True)]


def test_new_text_can_always_be_read_back() -> None:
    old, new = "Een twee drie vier.\nVijf zes.", "Een drie vier acht.\nNegen.\nVijf zes zeven."
    (group,) = changes_between(old, new)
    kept = [" ".join(p.text for p in rule if p.kind is not Kind.REMOVED) for rule in group.rules]
    assert [line for line in kept if line] == new.splitlines()
