"""What was made of a short text is remembered."""

from aggregator.reading.keep import LONGEST, keep_answers


def test_a_short_text_is_looked_at_once_and_a_long_one_each_time() -> None:
    asked: list[str] = []

    @keep_answers
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    short, long = "a" * LONGEST, "b" * (LONGEST + 1)

    answers = [shout(text) for text in (short, short, long, long)]

    assert answers == [short.upper(), short.upper(), long.upper(), long.upper()]
    assert asked == [short, long, long]
