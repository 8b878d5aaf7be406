"""Recipes: what they may say, and what is refused before it can do harm."""

import time
from typing import Any

import pytest

from sources.platforms import css, json
from sources.recipe import Field, read_pattern

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
        ({**PAGE, "url": {"from": "a@href", "eval": "x"}}, "url is words"),
        ({**PAGE, "list": "li["}, "no CSS selector"),
        ({**PAGE, "date_text": "^[ & .time"}, "date_text: “.*” is no CSS selector"),
        ({**PAGE, "next": ["a"]}, "next is a selector"),
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
    assert json.request(URL, {**ANSWER, "url": {"from": "links[0].href", "match": r"(https://\S+)"}}).url


@pytest.mark.parametrize("pattern", [r"(\d+)", r"at (.*)$", r"\d{1,2}:\d{2}", r"a\*b\+c", r"[^|]+\|(.*)"])
def test_plain_patterns_are_accepted(pattern: str) -> None:
    assert read_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|aa)*", r"(\w)\1", "(?P<a>x)(?P=a)", ".*.*.*x", "(", "a" * 600, 5])
def test_patterns_that_could_run_for_ever_or_are_none_are_refused(pattern: object) -> None:
    with pytest.raises(ValueError, match=r"pattern"):
        read_pattern(pattern)


def test_the_worst_pattern_that_is_accepted_is_still_quick() -> None:
    field = Field(words="x", match=read_pattern("a*a*b"))
    began = time.process_time()

    assert field.read(lambda _: "a" * 10_000) is None
    assert time.process_time() - began < 2


def test_a_pattern_cuts_out_its_first_group_or_its_match() -> None:
    told = "Doors: 7 pm"

    assert Field(words="x", match=read_pattern(r"Doors: (.*)")).read(lambda _: told) == "7 pm"
    assert Field(words="x", match=read_pattern(r"\d pm")).read(lambda _: told) == "7 pm"
    assert Field(words="x", match=read_pattern("never")).read(lambda _: told) is None
