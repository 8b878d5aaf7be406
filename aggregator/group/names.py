"""What of an event's name is the group's, without dates, numbers, announcements and the topic of the day."""

import re

from aggregator.reading.text import fold

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_NOISE = re.compile(
    rf"""\b(?:\d{{4}}-\d{{2}}-\d{{2}} | \d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{2,4}})?
      | {_MONTH}\.?\s+{_DAY}\b(?:,?\s+\d{{4}})? | {_DAY}\s+(?:of\s+)?{_MONTH}\b(?:,?\s+\d{{4}})?
      | {_MONTH}\.?,?\s+(?:19|20)\d{{2}} | (?:19|20)\d{{2}}
      | \d{{1,2}}(?::\d{{2}})?\s?[ap]\.?m\.?(?:\b|(?=\s|$)) | \d{{1,2}}:\d{{2}}
      | (?:session|week|part|meeting|edition|episode|vol(?:ume)?|no|nr|day)\.?\s+\#?\d+ | \d+(?:st|nd|rd|th)\b )
      | \#\s?\d+ | \b\d+\b
      | [\[(*]*\b(?:sold\s+out|cancell?ed|postponed|rescheduled|full|new\s+date|new|online|hybrid)\b[\])*:!]+
      | (?<=-\s)(?:sold\s+out|cancell?ed|postponed|rescheduled)\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_MONTH_ALONE = re.compile(
    rf"(?:^|(?<=[-–—|:(,]\s)|(?<=[(])){_MONTH}\.?(?=\s*(?:[-–—|:),]|$))|^{_MONTH}\.?(?=\s)", re.IGNORECASE
)
_TOPIC = re.compile(r"\s*(?::\s|\s[-–—|]\s|\s(?:with|featuring|feat\.|ft\.)\s)")
_EDGES = " \t,;:.-–—|/&()[]*!#"
_EMPTY = re.compile(r"[(\[]\s*[)\]]")


def plain_name(name: str) -> str:
    """The name as it is written, without what is of one date only; the whole of it where nothing else is left."""
    left = _EMPTY.sub(" ", _MONTH_ALONE.sub(" ", _NOISE.sub(" ", name)))
    return " ".join(left.split()).strip(_EDGES) or name.strip()


def stem_of(name: str) -> str:
    """The plain name up to its topic: “Toastmasters: Table Topics” is a meeting of “Toastmasters”."""
    plain = plain_name(name)
    return _TOPIC.split(plain, maxsplit=1)[0].strip(_EDGES) or plain


def key_of(name: str) -> str:
    """Names with the same key are written alike: only letters and digits count."""
    return " ".join(re.findall(r"\w+", fold(name))) or fold(name)
