"""Whether a wheelchair gets in, as pages say it."""

import pytest

from aggregator.reading.access import read_access

YES = (
    "Wheelchair accessible.",
    "The hall is wheelchair-accessible and has free parking.",
    "The venue is fully accessible.",
    "Our building is accessible to wheelchairs.",
    "The room is accessible by wheelchair from Oak Street.",
    "Step-free access from the car park.",
    "Wheelchair access is at the side door.",
    "This is an ADA-accessible facility.",
    "Handicap accessible",
    "The library is ADA compliant.",
    "There is level access throughout.",
    "A fully accessible space on the ground floor.",
    "A wheelchair ramp is at the back.",
    "Wheelchair-friendly trail, two miles.",
    "Disabled access via the main entrance.",
)
NO = (
    "Not wheelchair accessible.",
    "The trail is not wheelchair accessible.",
    "Please note that this venue is not accessible.",
    "The upstairs room isn't wheelchair accessible.",
    "Unfortunately, the building is not currently wheelchair accessible.",
    "There is no step-free access.",
    "No wheelchair access.",
    "No disabled access, sorry.",
    "Stairs only.",
    "There is no elevator: the room is up two flights of stairs.",
    "The loft is only accessible by stairs.",
    "Unsuitable for wheelchairs",
    "This historic house is not ADA accessible.",
)
UNKNOWN = (
    "",
    "Join us for coffee at the library.",
    "Is the venue wheelchair accessible?",
    "If you need wheelchair access, tell the front desk.",
    "Partially wheelchair accessible.",
    "Please contact us with any accessibility requests.",
    "The park is accessible by bus 5.",
    "The site is accessible from Highway 99.",
    "Wheelchair accessible parking is behind the hall.",
    "Wheelchair-accessible restrooms.",
    "We collect wheelchairs for the clinic.",
    "Affordable and accessible prices for all.",
    "Let us know if anybody in your party uses a wheelchair.",
    "The trail may not be wheelchair accessible after rain.",
    "Take the stairs to the second floor.",
    "Our website is accessible.",
    "The upper floor is not fully accessible.",
    "A wheelchair accessible shuttle leaves at nine.",
)


@pytest.mark.parametrize("said", YES)
def test_a_place_that_a_wheelchair_gets_into_is_told_with_the_sentence(said: str) -> None:
    assert read_access(said) == (True, (said,))


@pytest.mark.parametrize("said", NO)
def test_a_place_that_a_wheelchair_does_not_get_into_is_told_with_the_sentence(said: str) -> None:
    is_accessible, quotes = read_access(said)

    assert is_accessible is False
    assert said.startswith(quotes[0])


@pytest.mark.parametrize("said", UNKNOWN)
def test_what_says_neither_is_unknown(said: str) -> None:
    assert read_access(said) == (None, ())


def test_a_page_that_says_both_is_unknown_and_both_sentences_are_kept() -> None:
    told = "The hall is wheelchair accessible. The balcony room is not accessible."

    assert read_access(told) == (None, ("The hall is wheelchair accessible.", "The balcony room is not accessible."))
