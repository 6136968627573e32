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
    assert "Een eigen reservering veranderen" in joined["Organisator en verbinder"]


def test_every_permission_and_every_person_has_words_of_its_own(client: FlaskClient) -> None:
    with client.application.test_request_context():
        people = [wording.person(who) for who in (*matrix.Home, *Function)]
        deeds = [wording.deed(permission) for permission in Permission]
        own = [wording.own_deed(permission) for permission in Permission]
    for words in (people, deeds, own):
        assert len(set(words)) == len(words)
