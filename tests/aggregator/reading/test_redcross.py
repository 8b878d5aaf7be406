"""Red Cross events in anybody's calendar, by their words."""

import pytest

from aggregator.reading.redcross import refuse, tags


@pytest.mark.parametrize(
    ("name", "description", "expected"),
    [
        ("Red Cross Blood Drive", "", ("Red Cross", "blood drive")),
        ("American Red Cross Bloodmobile at Elm Hall", "", ("Red Cross", "blood drive")),
        ("Community Blood Drive", "Hosted with the American Red Cross.", ("Red Cross", "blood drive")),
        ("Give blood!", "With a blood bank of the valley", ("blood drive",)),
        ("CPR & First Aid", "Taught by the Red Cross", ("Red Cross", "class")),
        ("Lifeguarding course", "American Red Cross certification", ("Red Cross", "class")),
        ("Red Cross Volunteer Orientation", "", ("Red Cross", "volunteer")),
        ("Sound the Alarm", "Install smoke alarms with the Red Cross", ("Red Cross", "volunteer")),
        ("Red Cross chapter meeting", "", ("Red Cross", "meeting")),
        ("Red Cross Volunteer Training Class", "", ("Red Cross", "class", "volunteer")),
        ("Get ready with the Red Cross", "A workshop for families", ("Red Cross", "class")),
        ("Red Cross Heroes Gala", "Volunteers are honoured", ("Red Cross",)),
    ],
)
def test_events_of_the_red_cross_and_blood_drives_are_tagged(
    name: str, description: str, expected: tuple[str, ...]
) -> None:
    assert tags(name, description) == expected


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("Business After Hours", "Sponsored by the Red Cross; volunteers welcome"),
        ("Council meeting", "A proclamation for Red Cross Month"),
        ("CPR class", "Taught by the fire department"),
        ("Parade on Red Cross Road", ""),
        ("Market at Red Cross, North Carolina", ""),
        ("Volunteer Day", "At 5 Red Cross St"),
        ("Birds of Elm Valley", "From the red crossbill to the jay"),
        ("Blood Moon Hike", ""),
        ("", ""),
    ],
)
def test_what_only_names_them_is_not(name: str, description: str) -> None:
    assert tags(name, description) == ()


@pytest.mark.parametrize("url", ["https://www.redcrossblood.org/x", "redcrossblood.org/?u=//x", "http://rcblood.org"])
def test_the_site_of_the_blood_drives_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"is not fetched.*find-drive"):
        refuse(url)


@pytest.mark.parametrize("url", ["https://www.redcross.org/local", "https://elm.example/?u=redcrossblood.org", ""])
def test_other_addresses_are_not(url: str) -> None:
    refuse(url)
