"""Requests whose days are filled in when they are asked."""

from datetime import UTC, datetime

from aggregator.source import Request, dated

NOW = datetime(2026, 11, 27, 22, 5, tzinfo=UTC)


def test_the_days_of_a_run_are_filled_into_address_and_body() -> None:
    asked = Request(
        url="https://elm.example/list?from={today:%m/%d/%Y}&to={horizon:%Y-%m-%d}&since={today:unix}",
        method="POST",
        body=b'{"until":"{horizon:%d.%m.%y}"}',
    )

    told = dated(asked, NOW)

    assert told.url == "https://elm.example/list?from=11/27/2026&to=2027-05-26&since=1795817100"
    assert told.body == b'{"until":"26.05.27"}'
    assert told.method == "POST"


def test_other_braces_stay_as_they_are() -> None:
    asked = Request(url="https://elm.example/{tomorrow}?q={today}", body=b"\xff")

    assert dated(asked, NOW).url == asked.url
    assert dated(asked, NOW).body == b"\xff"
