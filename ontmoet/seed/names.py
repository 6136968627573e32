"""Invented names for generated people: a Dutch neighbourhood of today. Nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

# Given names and family names that go together, by where a family once came from.
_FAMILIES = (
    (
        "Aafke Anneke Arie Bert Carla Coby Daan Dirk Ellen Femke Gerrit Gijs Hannie Harm Ineke Jaap "
        "Jan Janneke Jeroen Joke Klaas Leny Lotte Maarten Marijke Mieke Nel Piet Rianne Rob Roos "
        "Sietske Sjaan Theo Tineke Toos Willem Wim Yvonne",
        "Aalbers, van den Berg, Blom, de Boer, Bosman, van Dijk, Dijkstra, van Doorn, Evers, "
        "Faber, Geerts, de Haan, Hoekstra, van der Horst, Huisman, Jonker, Kramer, van Leeuwen, "
        "Maas, Meijer, Mulders, Nijhuis, Oosterhof, Peters, Postma, de Ruiter, Schipper, van Vliet, "
        "Veenstra, Verbeek, Vermeer, van der Wal, Willems, Wolters, Zijlstra, Zwart",
    ),
    (
        "Ahmet Ayşe Cem Elif Emine Hatice Hüseyin Kemal Leyla Mehmet Nuray Orhan Selma Zeynep",
        "Aksoy, Arslan, Aydemir, Çelik, Demir, Doğan, Kaya, Korkmaz, Koç, Öztürk, Şahin, Yavuz",
    ),
    (
        "Abdel Aïcha Amina Driss Fouad Hafida Hassan Ikram Karima Khalid Latifa Malika Nadia Said "
        "Rachida Youssef",
        "Aït Ali, Amrani, Azzouzi, Benali, Bennani, Bouazza, El Idrissi, El Khattabi, Haddou, "
        "Lahlou, Mansouri, Ouahabi, Tahiri, Zerouali",
    ),
    (
        "Anil Asha Clyde Ewald Humphrey Indra Iwan Marlène Merlien Prem Roy Sharda Sheila Soenil "
        "Urmila Winston",
        "Baldewsingh, Biharie, Blokland, Doelwijt, Emanuels, Gangadin, Jharap, Kromowidjojo, "
        "Lachman, Pinas, Ramdin, Soekhoe, Vreden, Wijdenbosch",
    ),
    (
        "Agnieszka Andrzej Beata Ewa Grzegorz Halina Joanna Katarzyna Marcin Paweł Piotr Zofia",
        "Dąbrowski, Kamiński, Krawczyk, Mazur, Nowak, Pawlak, Sikora, Wójcik, Wrona, Zając",
    ),
    (
        "Ana Dawit Farah Hiwot Huy Lan Mei Miriam Mohsen Nadeem Reza Samir Selam Yusra",
        "Abdi, Chen, Fernandes, Gebre, Ghasemi, Haile, Hussein, Lopes, Nguyen, Omar, Rahimi, Tran",
    ),
)


def draw_names(how_many: int, *, besides: Collection[str], dice: Random) -> list[str]:
    """Names that all differ and are not among `besides`. There are about 2,300 of them."""
    everybody = [
        f"{given} {family}"
        for givens, families in _FAMILIES
        for given in givens.split()
        for family in families.split(", ")
    ]
    return dice.sample([name for name in everybody if name not in besides], how_many)
