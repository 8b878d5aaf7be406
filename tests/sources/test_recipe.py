"""Recipes: what they may say, and what is refused before it can do harm."""

import time
from typing import Any

import pytest

from sources.platforms import css, json
from sources.recipe import Field, in_year, read_field, read_pattern

PAGE = {"list": "li", "name": "h3"}
ANSWER = {"events": "rows", "name": "title"}
URL = "https://elm.example/"


@pytest.mark.parametrize(
    ("recipe", "why"),
    [
        ({"name": "h3"}, "list"),
        ({"list": "li"}, "name are needed"),
        ({**PAGE, "titel": "h3"}, "“titel” is not known"),
        ({**PAGE, "name": 3}, "name is words"),
        ({**PAGE, "url": {"from": "a@href", "eval": "x"}}, "url: a table has from"),
        ({**PAGE, "list": "li["}, "no CSS selector"),
        ({**PAGE, "date_text": "^[ & .time"}, "date_text: “.*” is no CSS selector"),
        ({**PAGE, "next": ["a"]}, "next is a selector"),
        ({**PAGE, "lines": "yes"}, "lines is true"),
        ({**PAGE, "year": {"from": "^["}}, "year: “.*” is no CSS selector"),
        ({**PAGE, "date_text": []}, "date_text is words"),
        ({**PAGE, "date_text": ["i", {"from": "b", "take": "code"}]}, "date_text: take is date, clock, rest"),
        ({**PAGE, "date_text": {"from": "b", "take": "date", "match": "x"}}, "date_text: a table has from"),
        ({**PAGE, "detail": "h1"}, "a table of keys"),
        ({**PAGE, "detail": {"list": "li"}}, "“list” is not known"),
        ({**PAGE, "name": {"from": "h3", "match": "(a+)+b"}}, "could run for ever"),
    ],
)
def test_a_recipe_of_selectors_that_is_wrong_is_refused_with_its_key(recipe: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        css.request(URL, recipe)


@pytest.mark.parametrize(
    ("recipe", "why"),
    [
        ({"events": "rows"}, "name are needed"),
        ({**ANSWER, "events": "rows[x]"}, "no path"),
        ({**ANSWER, "url": "a..b"}, "url: “a..b” is no path"),
        ({**ANSWER, "embedded": {"eval": "x"}}, "embedded is a table"),
        ({**ANSWER, "only": "published"}, "only is a table"),
    ],
)
def test_a_recipe_of_paths_that_is_wrong_is_refused_with_its_key(recipe: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        json.request(URL, recipe)


def test_right_ones_are_accepted() -> None:
    assert css.request(
        URL, {**PAGE, "url": "a@href", "date_text": "^h2 & .day & '2026'", "detail": {"price": ".p"}}
    ).url
    assert css.request(
        URL, {**PAGE, "lines": True, "year": "^h1", "date_text": ["i", {"from": "@text", "take": "clock"}]}
    ).url
    assert json.request(URL, {**ANSWER, "url": {"from": "links[0].href", "match": r"(https://\S+)"}}).url


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\d+)",
        r"at (.*)$",
        r"\d{1,2}:\d{2}",
        r"a\*b\+c",
        r"[^|]+\|(.*)",
        r"(?:Where|Place)?: *(.*)",
        "|".join(["mixer"] * 40),
    ],
)
def test_plain_patterns_are_accepted(pattern: str) -> None:
    assert read_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a|aa)*", r"(\w)\1", "(?P<a>x)(?P=a)", ".*.*.*x", "(", "a" * 600, 5, "(a|a)" * 20, "a?" * 25 + "a" * 25],
)
def test_patterns_that_could_run_for_ever_or_are_none_are_refused(pattern: object) -> None:
    with pytest.raises(ValueError, match=r"pattern"):
        read_pattern(pattern)


def test_the_worst_pattern_that_is_accepted_is_still_quick() -> None:
    field = Field(words="x", match=read_pattern("a*a*b"))
    began = time.process_time()

    assert field.read(lambda _: "a" * 10_000) is None
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("line", "date", "clock", "rest"),
    [
        ("JANUARY 6, 2030 PUBLIC WORKSHOP", "JANUARY 6, 2030", None, "PUBLIC WORKSHOP"),
        ("Mixer on Thursday, Oct 8 @ 7-9pm at Elm Hall", "Thursday, Oct 8 @ 7-9pm", "7-9pm", "Mixer Elm Hall"),
        ("Date: 03-15-2030\nFair", "03-15-2030", None, "Fair"),
        ("Meeting 59 - January 15th, 2030 - Agenda (pdf)", "January 15th, 2030", None, "Meeting 59"),
        ("Saturday, 8 Oct 2030 19:00 | Walk", "Saturday, 8 Oct 2030 19:00", "19:00", "Walk"),
        ("Time: 8:00 am - 9:30 am", None, "8:00 am - 9:30 am", None),
        ("Monday, May 6.pdf", "Monday, May 6", None, None),
        ("We met 5 of 12 times, call 555-0100", None, None, "We met 5 of 12 times, call 555-0100"),
        ("Since May 5, 2030 we have met. " * 10, None, None, ("Since May 5, 2030 we have met. " * 10).strip()),
    ],
)
def test_date_clock_and_rest_are_taken_out_of_words(
    line: str, date: str | None, clock: str | None, rest: str | None
) -> None:
    assert [Field(words="x", take=what).read(lambda _: line) for what in ("date", "clock", "rest")] == [
        date,
        clock,
        rest,
    ]


@pytest.mark.parametrize(
    ("text", "words", "dated"),
    [
        ("Wed January 9 5:30pm", "2030 Meetings", "Wed January 9, 2030 5:30pm"),
        ("Oct 8-10", "In 2030", "Oct 8-10, 2030"),
        ("1/9", "2030", "1/9/2030"),
        ("1/9/29", "2030", "1/9/29"),
        ("January 9, 2029", "2030", "January 9, 2029"),
        ("January 9", "2029-2030", "January 9"),
        ("January 9", None, "January 9"),
        (None, "2030", None),
    ],
)
def test_a_date_without_a_year_gets_the_one_year_that_is_named(
    text: str | None, words: str | None, dated: str | None
) -> None:
    assert in_year(text, words) == dated


def test_a_list_of_words_is_joined() -> None:
    field = read_field("date_text", [".day", {"from": ".year", "match": r"(\d{4})"}, ".none"], lambda _: None)

    assert field.read({".day": "Jan 8", ".year": "in 2030"}.get) == "Jan 8 2030"


def test_a_pattern_cuts_out_its_first_group_or_its_match() -> None:
    told = "Doors: 7 pm"

    assert Field(words="x", match=read_pattern(r"Doors: (.*)")).read(lambda _: told) == "7 pm"
    assert Field(words="x", match=read_pattern(r"\d pm")).read(lambda _: told) == "7 pm"
    assert Field(words="x", match=read_pattern("never")).read(lambda _: told) is None
