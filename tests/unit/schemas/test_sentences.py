"""The sentences of remarks and reasons: every one has its Swedish, and is found again in a text."""

import re
from itertools import permutations

import pytest

from schemas.sentences import _texts, in_swedish, sentence

KEYS = [key for key in _texts() if key != "words"]
VALUES = {
    "delivery": "care_markings",
    "refused": "2025-11-30.csv, 2025-11-30_1980.csv",
    "withdrawn": "2025-11-29.csv",
    "used": "2025-10-31.csv",
    "files": "units/2025-11-30.csv",
    "months": "2025-09, 2025-10",
    "month": "2025-06",
    "regions": "03, 19",
    "reporting": "20",
    "percent": "98.7",
    "points": "2.5",
    "why": "not reported",
    "number": "5",
    "variance": "2.5",
}


def put_in(key):
    names = set(re.findall(r"\{(\w+)\}", _texts()[key]["en"]))
    return sentence(key, **{name: VALUES[name] for name in names})


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_say_the_same_things(key):
    english, swedish = (sorted(re.findall(r"\{(\w+)\}", _texts()[key][each])) for each in _BOTH)
    assert english == swedish
    assert in_swedish(put_in(key))


_BOTH = ("en", "sv")


def test_every_sentence_is_found_also_between_others():
    sentences = [key for key in KEYS if put_in(key).endswith(".")]
    for first, second in permutations(sentences, 2):
        text = f"{put_in(first)} {put_in(second)}"
        assert in_swedish(text) == f"{in_swedish(put_in(first))} {in_swedish(put_in(second))}"


def test_values_are_in_swedish_too():
    assert (
        in_swedish("care_markings: nothing delivered.") == "SÄBO-markeringar: inget har levererats."
    )
    assert in_swedish("No value in 2025-06 (not reported).") == (
        "Inget värde i 2025-06 (ej rapporterat)."
    )
    assert in_swedish("20 of 21 regions report; they hold 98.7 per cent of the population.") == (
        "20 av 21 regioner rapporterar; de har 98,7 procent av befolkningen."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Something else.",
        "This is the baseline month. Something else.",
        # A name that looks like the end of a sentence: rather English than wrong.
        "units: 2025-11-30_a. b.csv refused.",
    ],
)
def test_what_is_not_known_is_not_guessed(text):
    assert in_swedish(text) is None
