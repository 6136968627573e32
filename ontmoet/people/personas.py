"""The people of the demo who sign in with one tap. Made by the demo seed, shown by its sign-in page."""

from typing import NamedTuple

from ontmoet.trail.models import InstallationKind
from ontmoet.trail.queries import installation_kind

PASSWORD = "ontmoet-demo"  # noqa: S105 - printed on the demo's own sign-in page


class Persona(NamedTuple):
    """Somebody of the demo world."""

    given_name: str
    name: str
    who: str

    @property
    def email(self) -> str:
        return f"{self.given_name.lower()}@demo.example"


PERSONAS = (
    Persona("Noor", "Noor El Amrani", "bewoner van De Linde"),
    Persona("Bram", "Bram Visser", "gastheer en sleutelbeheerder van De Linde"),
    Persona("Fatma", "Fatma Demir", "voorzitter van Het Plein"),
    Persona("Joost", "Joost Bakker", "penningmeester van De Wilgen"),
    Persona("Sanne", "Sanne de Wit", "wijkconsulent, alle ruimtes"),
    Persona("Mo", "Mo Jansen", "beheerder van de corporatie"),
    Persona("Riet", "Riet van Dam", "welzijnswerker in De Brug"),
)


class PinPersona(NamedTuple):
    """Somebody of the demo world without e-mail: signs in with address name, nickname and PIN."""

    given_name: str
    name: str
    who: str
    address_name: str
    nickname: str
    pin: str


PIN_PERSONAS = (
    PinPersona("Henk", "Henk Mulder", "78 jaar, zonder e-mail, De Linde", "linde-3", "henk", "483917"),
)


def sign_in_choices() -> tuple[Persona, ...]:
    """The personas, on a demo only."""
    return PERSONAS if installation_kind() == InstallationKind.DEMO else ()


def sign_in_choices_by_address() -> tuple[PinPersona, ...]:
    """Those without e-mail, on a demo only."""
    return PIN_PERSONAS if installation_kind() == InstallationKind.DEMO else ()
