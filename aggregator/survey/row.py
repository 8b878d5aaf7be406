"""The `[[source]]` row that a survey proposes, as TOML; pure."""

import json
from collections.abc import Mapping

from aggregator.survey.guess import Guess
from aggregator.survey.result import Survey, Trial

_PARTS = {"locality": "address_locality", "region": "address_region", "country": "address_country"}


def write_row(survey: Survey, found: Guess | None = None) -> str:
    """The table with its heading, or the stub of a recipe when nothing could be read; `found` as a person mended it."""
    found = found or survey.guess
    trial = survey.best or _stub_of(survey)
    told: dict[str, object] = {
        "name": found.name,
        "kind": found.kind.value,
        "platform": trial.platform,
        "url": trial.url,
        "organizer": found.organizer,
        "time_zone": found.time_zone,
        "location": {key: value for key, name in _PARTS.items() if (value := getattr(found.location, name))},
        "recipe": trial.recipe,
        "expect_min": _expected(len(trial.coming(survey.at))),
    }
    lines = [f"{key} = {write_value(value)}" for key, value in told.items() if value not in (None, {}, 0)]
    return "[[source]]\n" + "\n".join(lines) + "\n"


def _stub_of(survey: Survey) -> Trial:
    return Trial(platform="css", url=survey.url, evidence=survey.stub_why, recipe=survey.stub)


def _expected(coming: int) -> int:
    """Half of what there is now, so that a quiet month is no alarm."""
    return coming // 2


def write_value(value: object) -> str:
    """A value as TOML has it; a table on one line (TOML 1.0)."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {write_value(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(write_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
