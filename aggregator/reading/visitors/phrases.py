"""The phrases by which pages tell strangers whether they may come, in small letters."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Ways to say one thing. Without one of the `signs` a sentence is none of them: to look for those is far faster."""

    signs: tuple[str, ...]
    ways: tuple[re.Pattern[str], ...]

    def find(self, sentence: str) -> re.Match[str] | None:
        """Where a sentence in small letters says it."""
        for sign in self.signs:  # a loop, since `any` with a generator takes three times as long
            if sign in sentence:
                return next((found for way in self.ways if (found := way.search(sentence))), None)
        return None


def _any(signs: str, *patterns: str) -> Phrases:
    """The signs stand between bars."""
    way = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    return Phrases(signs=tuple(signs.split("|")), ways=(way,))


_STRANGERS = (
    r"(?:visitors?|guests?|newcomers?|non-?\s?(?:chamber |club )?members?|first[ -]tim(?:ers?|e visitors?|e guests?)"
    r"|prospective members?|future members?|potential members?|drop-?ins?|walk-?ins?"
    r"|(?:the )?(?:general )?public"
    r"|community members|(?:the )?(?:whole |entire )?community|friends and family"
    r"|new (?:faces|people|folks|visitors|guests|attendees|participants))"
)
_ALL = r"(?:everyone|everybody|anyone|anybody|all(?! \w+ members))"
_WELCOME = r"(?:always |also |most |very |warmly |cordially |more than |both )*(?:welcomed?|invited|encouraged)\b"
_NEED = r"(?:required|needed|necessary|mandatory)"
_BOOKING = (
    r"(?:rsvps?|(?:advance |pre-?)?registration|registering|reservations?|sign(?:ing)?-? ?ups?|appointments?"
    r"|(?:advance )?tickets?)"
)
_BOOK = r"(?:rsvp|(?:pre-?)?register|sign up|book|reserve)\b"
_WITH_STRANGERS = rf"(?:,|/|\band\b|&|\bor\b)\s*(?:to )?(?:all )?(?:their )?(?:{_STRANGERS}|{_ALL}|non)"


NO_NEED = _any(
    "need|requir|necess|mandatory|without|n't be a|not be a|not have|n't have|no rsvp|no regis|no reserv|n’t",
    rf"\bno (?:{_BOOKING}|membership)(?: (?:or|and|nor) (?:{_BOOKING}|membership))? (?:is |are )?{_NEED}",
    rf"\b(?:{_BOOKING}|membership)(?: is| are)?(?: \w+)?(?: but)? not {_NEED}",
    rf"\b(?:{_BOOKING}|membership) (?:isn['’]t|aren['’]t) {_NEED}",
    r"\b(?:do not|don['’]t|need not|needn['’]t)(?: have| need)?(?: to)? be a member\b",
    rf"\b(?:no need to|(?:do not|don['’]t) (?:have|need) to|need not|needn['’]t) {_BOOK}|\bwithout (?:{_BOOKING})\b",
    r"^no (?:rsvp|registration|reservations?)[\s!.]*$",
)
"""Nobody has to register, or to belong."""

OPEN = _any(
    "welcom|open to|invited|encourag|guest|visit|public|drop|show up|turn up|stop by|walk in|come|free|member"
    "|newcomer|first",
    r"\bopen to (?:all|everyone|everybody|anyone|anybody)\b(?! (?:\w+ ){0,2}members)(?! (?:\w+ )?ages only)",
    rf"\bopen to (?:{_STRANGERS})(?! of (?:a |our )?members?)",
    rf"\bopen to (?:[\w'’]+ ){{0,3}}members?\s*{_WITH_STRANGERS}",
    rf"(?<!from )(?<!from the )\b(?:{_STRANGERS}|{_ALL})(?:['’]s)? (?:(?:are|is|and [\w-]+ are) )?{_WELCOME}"
    r"(?! to (?:donate|sponsor))",
    rf"\b{_ALL} (?:who|interested|curious|looking|wanting|wishing) [^.]{{1,60}}? (?:is|are) {_WELCOME}",
    rf"\b{_STRANGERS} (?:can|may) (?:attend|visit|come|join)\b",
    r"\bwelcom(?:e|es|ing) (?:to )?(?:all |any |new )*(?:visitors|guests|newcomers|everyone|the public|non-?members)\b",
    r"\b(?:come|attend|visit|join us|drop in|be)\b[^.]{0,30}? (?:as )?(?:a|our) (?:guest|visitor)\b",
    r"\b(?:just|simply) (?:show up|turn up|drop in|drop by|stop by|walk in|come(?: along| by)?)\b",
    r"\bdrop[ -]in (?:event|session|hours?|meeting|any ?time|welcome|anytime|class|group)\b",
    rf"\b(?:encourage|invite|welcome|love) (?:all |any )*{_STRANGERS} to (?:attend|come|join|visit)\b",
    r"\byou(?:['’]re| are) (?:always |most |very |also )?welcome to "
    r"(?:drop|join|attend|come|visit|stop|sit|take part)\b",
    r"\bvolunteers (?:of (?:all|any) \w+ )?(?:are )?(?:always )?welcome\b",
    r"\bcome one,? come all\b|\bpublic (?:is )?(?:welcome|invited)\b|\bpublic event\b",
    r"\ball (?:are|is) welcome\b|\ball welcome\b",
    r"\b(?:whether|if) you(?:['’]re| are) a member or (?:not|just visiting)\b",
    rf"\b{_STRANGERS}\b(?: price| fee| rate| admission| cost)?[\s:=–—-]{{0,4}}(?:\(?)[$£€] ?\d",
    rf"[$£€] ?\d[\d.]*(?: (?:for|per)(?: each)?)? {_STRANGERS}(?! of)\b",
    rf"\bfree (?:for|to) (?:all\b|everyone|{_STRANGERS}|members (?:and|&) {_STRANGERS})",
)
"""Strangers may come."""

RSVP = _any(
    "rsvp|regist|reserv|sign|ticket|book|walk|drop|appoint|save your|let us know",
    rf"\b{_BOOKING} (?:is |are )?(?:\w+ )?(?:{_NEED}|requested|a must|encouraged|appreciated|preferred|recommended)",
    r"\bplease (?:rsvp|register|pre-?register|reserve|sign up|book|let us know (?:(?:if|that|when) )?you)",
    rf"\b{_BOOKING} (?:is|are) (?:free|complimentary|quick|easy),? (?:but|and) {_NEED}",
    r"\bto (?:reserve|book|save) (?:a|your) (?:spot|seat|place|table)\b",
    r"\b(?:rsvp|register|pre-?register|sign up|reserve (?:your|a) (?:spot|seat|place|table)|book (?:your|a) "
    r"(?:spot|seat|place)|save your (?:spot|seat)) (?:by|to|at|on|online|here|in advance|now|today|early|before|via"
    r"|with|using|below|no later than)\b",
    rf"\b(?:must|need to|have to|(?:required|asked|requested) to) (?:{_BOOK}|be (?:pre-?)?registered\b)",
    rf"\bmust have (?:a|an) {_BOOKING}\b",
    rf"\b{_BOOKING} must be (?:purchased|bought|made|reserved|completed)\b",
    rf"\b(?:call|phone|text|e-?mail|contact)(?: [\w@.-]+){{0,3}} to {_BOOK}",
    r"\bno (?:walk-?ins|drop-?ins)\b|\bwalk-?ins (?:are |will |can ?)?not (?:be )?"
    r"(?:accepted|permitted|allowed|admitted|accommodated)",
    rf"\b{_BOOKING} (?:link|deadline|closes?|ends?|opens?|by|at|on sale|available)\b",
    r"\brsvp\s*[:@]|\bby (?:advance )?(?:registration|reservation|appointment) only\b|\bticketed event\b",
)
"""Tell them before."""

GUEST_OF_MEMBER = _any(
    "member",
    r"\bmembers? (?:and|&|plus|or) (?:their |invited |one )+guests?\b|\bmembers? (?:and|&) guests? only\b",
    r"\bguests? of (?:a |an |our |current |chamber |club )*members?\b|\bmembers['’] guests?\b",
    r"\b(?:must|need to|should|have to) be (?:invited|accompanied|sponsored|introduced|brought) by (?:a|an|one of our)"
    r" (?:\w+ ){0,2}members?\b|\bmust be (?:a|the) guests? of (?:a|an) (?:\w+ ){0,2}member\b",
    r"\b(?:if|when|only) (?:invited|accompanied|brought|hosted) by (?:a|an) (?:\w+ ){0,2}member\b",
    r"\bmembers? (?:may|can|(?:is|are) (?:allowed|welcome|invited|encouraged) to) (?:bring|invite)"
    r" (?:a|one|their|any|up to \w+) (?:\w+ )?guests?\b",
    r"\bby (?:the )?invitation of a (?:\w+ )?member\b|\bguests? must (?:come|attend) with a member\b",
)
"""A member has to bring them."""

MEMBERS_ONLY = _any(
    "member|private|invit|closed|no visit|no guest|no non|not |n't |n’t ",
    r"\bmembers?[ -]only\b(?!\s*(?:pric|rate|discount|benefit|perk|section|area|portal|website|page|log|content|saving"
    r"|offer|business meeting follows))",
    r"\b(?:limited|exclusive(?:ly)?|restricted|reserved|strictly|only|open only|available only|exclusively open)"
    r" (?:to|for) (?:[\w'’-]+ ){0,4}members\b",
    r"\bopen to (?:all |our |current |active |paid |dues-paying )*(?:(?!non)[\w'’-]+ ){0,2}?members\b"
    rf"(?!\s*(?:(?:,|/|\band\b|&|\bor\b)\s*(?:to )?(?:all )?(?:their )?(?:{_STRANGERS}|{_ALL}|non|invited|friends)))",
    r"\b(?:is|are) (?:just )?for (?:our |current |active |chamber |club |existing )+members\b"
    rf"(?!\s*{_WITH_STRANGERS})",
    r"\bfor (?:our |current |active |chamber |club |registered )*members only\b",
    r"\bonly (?:\w+ )?members (?:may|can|are)\b",
    r"\bfor members of (?:\w+ ){1,4}only\b",
    r"\b(?:must|(?:need|have|has) to) be (?:a|an) (?:[\w'’-]+ ){0,3}member\b",
    r"\bmembership (?:is )?required\b|\brequires? (?:\w+ )?membership\b",
    rf"\bnot open to (?:{_STRANGERS})|\bclosed to (?:{_STRANGERS})|\bclosed (?:meeting|event)\b",
    r"\bprivate (?:\w+ )?(?:event|meeting|party|function)\b",
    r"\binvitation[- ]only\b|\binvite[- ]only\b|\bby invitation(?! of)\b",
    rf"\b{_STRANGERS} (?:may |can ?|are ?|will )?(?:not|n['’]t) (?:be )?(?:attend|allowed|permitted|admitted|join)",
    r"\bno (?:visitors|guests|non-?members)(?: please| allowed| permitted)?\b|\bmembers?[- ]exclusive\b",
    r"\bexclusive(?: \w+){0,2} (?:for|to) (?:\w+ ){0,2}members\b",
)
"""Strangers may not come."""

ONE_SEAT = _any(
    "profession|industr|categor|classif|trade|field|compet|exclusiv|business type|special|seat",
    r"\b(?:only )?(?:one|1|a single) (?:person|member|business|company|representative|professional|individual|seat)"
    r"s?,? (?:is allowed |allowed |permitted )?(?:per|from each|in each|for each|a) (?:\w+ ){0,2}?"
    r"(?:profession(?:al)?|industry|category|classification|speciality|specialty|trade|field|business type)",
    r"\b(?:each|every) (?:profession(?:al)?|industry|category|speciality|specialty|trade|field) (?:is |may be |has )"
    r"(?:[\w-]+ ){0,3}only one\b",
    r"\bone of each (?:profession|industry|category|speciality|specialty|trade)\b",
    r"\b(?:category|industry|profession)[- ]exclusiv(?:e|ity)\b|\bexclusive (?:category|seat|industry)\b",
    r"\bnon-?compet(?:ing|itive) (?:businesses|members|professionals|group)",
    r"\b(?:your|each) (?:profession|category|industry|seat) (?:is |will be )?(?:locked|reserved|protected)\b",
    r"\blocks? out (?:your |the )?competit(?:ion|ors)\b",
)
MANY_SEATS = _any(
    "profession|industr|categor|exclusiv|seat",
    r"\bno (?:category|industry|profession(?:al)?|seat)[- ](?:restrictions?|exclusivity|limits?|lock)",
    r"\b(?:more than one|multiple|several|any number of) (?:\w+ ){0,2}(?:per|from|in) (?:(?:the same|a|each|any) )?"
    r"(?:\w+ )?(?:profession|industry|category)",
    r"\b(?:not|non)[- ](?:category|industry)?[- ]?exclusive\b",
)

NEWCOMERS = _any(
    "first|new|beginner|novice|experience|never|orientation",
    r"\bfirst[ -]tim(?:ers?|e (?:visitors?|guests?|attendees?))\b(?! home ?buyers?)|\bnewcomers?\b",
    r"\bnew(?:bies?| faces)\b",
    r"\bnew to (?:the area|town|our (?:town|city|community)|networking"
    r"|the (?:club|group|chamber)|hiking|volunteering)\b",
    r"\bnew[- ](?:member|volunteer|resident)s? (?:orientation|coffee|reception|breakfast|welcome|meet)",
    r"\b(?:beginners?|novices?)(?:-friendly| friendly| (?:are |is )?(?:always )?welcome)\b|\bno experience (?:is )?"
    r"(?:necessary|needed|required)\b|\bnever (?:been|done|tried) (?:it|this|one )?\w* ?before\b",
    r"\b(?:your )?first (?:time|visit|meeting)\b(?=[^.]{0,30}(?:\?|free|welcome|on us))|\bvolunteer orientation\b",
)

NUMBERS = {"one": 1, "once": 1, "two": 2, "twice": 2, "three": 3, "thrice": 3, "four": 4, "five": 5, "six": 6}
_NUMBER = r"(?P<number>one|two|three|four|five|six|[1-9])"
_TIMES = r"(?:meetings?|visits?|times?|events?|gatherings?|weeks?|sessions?|breakfasts?|lunches|luncheons?)"
_SEVERAL = (
    rf"\b(?:visit(?:ors?|s|ing)?|guests?|attend|come|prospective)\b[^.\n]{{0,60}}?\b(?:up to|maximum of|max\.? of"
    rf"|no more than|limited to|at most)\s+(?:a total of )?{_NUMBER}\s+(?:free |guest )?{_TIMES}"
)
_LIMIT = (
    rf"\b(?:up to|maximum of|limited to|at most|no more than)\s+{_NUMBER}\s+(?:free |guest |complimentary )*"
    rf"(?:visits?|{_TIMES} as (?:a|our) (?:guest|visitor)|{_TIMES} before)"
)
_TWICE = (
    r"\b(?:visitors?|guests?|you)\b(?! must| need)[^.\n]{0,40}?\b(?:may|can|welcome to|allowed to|invited to)\s+"
    r"(?:visit|attend|come)(?: us)?(?: a (?:chapter|meeting))? (?P<number>once|twice|(?:two|three|one) times?)\b"
)
_BEFORE_JOINING = (
    rf"(?<!must )(?<!required to )\b(?:attend|visit|enjoy|try)(?: us)?\s+(?:any )?{_NUMBER}\s+(?:free )?{_TIMES}"
    r"[^.\n]{0,30}?\b(?:as (?:a|our) (?:guest|visitor)|before (?:joining|applying|you (?:join|apply|decide)"
    r"|becoming|deciding))"
)
_VISITS = rf"\b{_NUMBER}[ -](?:free )?(?:guest |visitor )?visits? (?:limit|maximum|max|allowed|permitted|before)"
VISITS = Phrases(
    signs=("visit", "twice", "once", "times", "before", "guest", "meetings", "up to", "limited to"),
    ways=tuple(map(re.compile, (_SEVERAL, _LIMIT, _TWICE, _BEFORE_JOINING, _VISITS))),
)
"""How often one may come before joining."""
