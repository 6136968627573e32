"""The permission table in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontmoet.kernel import matrix
from ontmoet.kernel.actor import Function
from ontmoet.kernel.permissions import Permission
from ontmoet.portal import wording
from tests.watching import visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.cast import Neighbourhood


def test_page_has_a_part_for_each_group_with_what_it_may(client: FlaskClient, hood: Neighbourhood) -> None:
    answer = client.get("/wie-mag-wat")
    assert answer.status_code == 200
    parts = re.findall(r"<section class=\"om-card.*?</section>", answer.get_data(as_text=True), re.DOTALL)
    said = [[" ".join(line.split()) for line in visible(part).splitlines() if line.strip()] for part in parts]
    assert len(said) == len(matrix.groups())
    assert said[0] == ["Bezoeker zonder account", "Kijkt alleen. Inloggen is daarvoor niet nodig."]
    joined = {part[0]: " ".join(part[1:]) for part in said}
    for decides in ("Agendabeheerder", "Voorzitter en secretaris", "Medewerker"):
        assert "Een reservering niet door laten gaan, met een reden" in joined[decides]
    assert "Brieven maken waarmee buren meedoen" in joined["Voorzitter en secretaris"]
    assert "Brieven maken" not in joined["Agendabeheerder"]
    for who in ("Gastheer of gastvrouw", "Sleutelbeheerder"):
        assert "Iets regelen namens een bewoner of partner" in joined[who]
        assert "Een reservering veranderen" in joined[who]
    assert "De lijst van sleutels bijhouden" in joined["Sleutelbeheerder"]
    assert "De lijst van sleutels bijhouden" not in joined["Gastheer of gastvrouw"]
    # What all of them share with a resident is told once.
    for who, told in joined.items():
        assert ("Je eigen reservering veranderen" in told) == who.startswith("Bewoner")
        assert ("Alles wat een bewoner mag, en ook:" in told) == (
            who.split()[0] not in ("Bezoeker", "Bewoner")
        )


def test_page_opens_only_what_a_resident_may_and_prints_the_rest_too(
    client: FlaskClient, hood: Neighbourhood
) -> None:
    page = client.get("/wie-mag-wat").get_data(as_text=True)
    titles = re.findall(r"<details class=\"om-stack-s\"( open)?><summary><h2[^>]*>([^<]*)", page)
    assert [title.startswith("Bewoner") for is_open, title in titles if is_open] == [True]
    assert len(titles) == len(matrix.groups()) - 1  # a visitor may look, which needs no list
    marks = visible(page[: page.index("Bezoeker zonder account")])
    assert "mag altijd" in marks
    assert "mag alleen met wat van jou is" in marks


def test_what_comes_on_top_is_told_only_of_who_may_all_the_rest() -> None:
    groups = {who: group for group in matrix.groups() for who in group.people}
    residents = groups[matrix.Home.RESIDENT]
    assert groups[matrix.Home.NONE].beyond(residents) is None
    assert residents.beyond(groups[Function.HOST]) is None
    for function in Function:
        more = groups[function].beyond(residents)
        assert more is not None
        for answer in (matrix.Answer.YES, matrix.Answer.OWN):
            kept = set(residents.may(answer)) - set(groups[function].may(matrix.Answer.YES))
            assert set(groups[function].may(answer)) - set(residents.may(answer)) == set(more.may(answer))
            assert kept <= set(groups[function].may(answer))


def test_every_permission_and_every_person_has_words_of_its_own(client: FlaskClient) -> None:
    with client.application.test_request_context():
        people = [wording.person(who) for who in (*matrix.Home, *Function)]
        deeds = [wording.deed(permission) for permission in Permission]
        own = [wording.own_deed(permission) for permission in Permission]
    for words in (people, deeds, own):
        assert len(set(words)) == len(words)
