"""The phrases by which pages tell strangers whether they may come."""

import re

_FLAGS = re.IGNORECASE
_STRANGERS = (
    r"(?:visitors?|guests?|newcomers?|non-?\s?members?|first[ -]tim(?:ers?|e visitors?|e guests?)|prospective members?"
    r"|future members?|potential members?|drop-?ins?|walk-?ins?|(?:the )?(?:general )?public|community members"
    r"|(?:the )?(?:whole |entire )?community|new faces|friends and family)"
)
_ALL = r"(?:everyone|everybody|anyone|anybody|all(?! \w+ members))"
_WELCOME = r"(?:always |also |most |very |warmly |cordially |more than |both )*(?:welcomed?|invited|encouraged)\b"
_NEED = r"(?:required|needed|necessary|mandatory)"
_BOOKING = (
    r"(?:rsvps?|(?:advance |pre-?)?registration|registering|reservations?|sign(?:ing)?-? ?ups?|appointments?"
    r"|(?:advance )?tickets?)"
)
_WITH_STRANGERS = rf"(?:,|/|\band\b|&|\bor\b)\s*(?:to )?(?:all )?(?:their )?(?:{_STRANGERS}|{_ALL}|non)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), _FLAGS)


NO_NEED = _any(
    rf"\bno (?:{_BOOKING}|membership)(?: (?:or|and|nor) (?:{_BOOKING}|membership))? (?:is |are )?{_NEED}",
    rf"\b(?:{_BOOKING}|membership)(?: is| are)?(?: \w+)?(?: but)? not {_NEED}",
    rf"\b(?:{_BOOKING}|membership) (?:isn['’]t|aren['’]t) {_NEED}",
    r"\b(?:do not|don['’]t|need not|needn['’]t)(?: have| need)?(?: to)? be a member\b",
    rf"\bno need to (?:rsvp|register|sign up|book|reserve)\b|\bwithout (?:{_BOOKING})\b",
    r"^no (?:rsvp|registration|reservations?)[\s!.]*$",
)
"""Nobody has to register, or to belong."""

OPEN = _any(
    r"\bopen to (?:all|everyone|everybody|anyone|anybody)\b(?! (?:\w+ ){0,2}members)(?! (?:\w+ )?ages only)",
    rf"\bopen to (?:{_STRANGERS})(?! of (?:a |our )?members?)",
    rf"\bopen to (?:[\w'’]+ ){{0,3}}members?\s*{_WITH_STRANGERS}",
    rf"\b(?:{_STRANGERS}|{_ALL}) (?:(?:are|is|and [\w-]+ are) )?{_WELCOME}(?! to (?:donate|sponsor))",
    rf"\b{_STRANGERS} (?:can|may) (?:attend|visit|come|join)\b",
    r"\bwelcom(?:e|es|ing) (?:to )?(?:all |any |new )*(?:visitors|guests|newcomers|everyone|the public|non-?members)\b",
    r"\b(?:come|attend|visit|join us|drop in|be)\b[^.]{0,30}? (?:as )?(?:a|our) (?:guest|visitor)\b",
    r"\b(?:just|simply) (?:show up|turn up|drop in|drop by|stop by|walk in|come(?: along| by)?)\b",
    r"\bdrop[ -]in (?:event|session|hours?|meeting|any ?time|welcome|anytime|class|group)\b",
    r"\bcome one,? come all\b|\bpublic (?:is )?(?:welcome|invited)\b|\bpublic event\b",
    r"\ball (?:are|is) welcome\b|\ball welcome\b",
    r"\b(?:whether|if) you(?:['’]re| are) a member or (?:not|just visiting)\b",
    rf"\b{_STRANGERS}\b(?: price| fee| rate| admission| cost)?[\s:=–—-]{{0,4}}(?:\(?)[$£€] ?\d",
    rf"[$£€] ?\d[\d.]*(?: (?:for|per)(?: each)?)? {_STRANGERS}(?! of)\b",
    rf"\bfree (?:for|to) (?:all\b|everyone|{_STRANGERS}|members (?:and|&) {_STRANGERS})",
)
"""Strangers may come."""

RSVP = _any(
    rf"\b{_BOOKING} (?:is |are )?(?:\w+ )?(?:{_NEED}|requested|a must|encouraged|appreciated|preferred|recommended)",
    r"\bplease (?:rsvp|register|pre-?register|reserve|sign up|book|let us know (?:if|that) you)",
    r"\b(?:rsvp|register|pre-?register|sign up|reserve (?:your|a) (?:spot|seat|place|table)|book (?:your|a) "
    r"(?:spot|seat|place)|save your (?:spot|seat)) (?:by|to|at|on|online|here|in advance|now|today|early|before|via"
    r"|with|using|below)\b",
    r"\bmust (?:rsvp|register|pre-?register|sign up|book|reserve|be (?:pre-?)?registered)\b",
    r"\bno (?:walk-?ins|drop-?ins)\b|\bwalk-?ins (?:are |will )?not (?:be )?(?:accepted|permitted|allowed|admitted)",
    rf"\b{_BOOKING} (?:link|deadline|closes?|ends?|opens?|by|at|on sale|available)\b",
    r"\brsvp\s*[:@]|\bby (?:advance )?(?:registration|reservation|appointment) only\b|\bticketed event\b",
)
"""Tell them before."""

GUEST_OF_MEMBER = _any(
    r"\bmembers? (?:and|&|plus|or) (?:their |invited |one )+guests?\b",
    r"\bguests? of (?:a |an |our |current |chamber |club )*members?\b|\bmembers['’] guests?\b",
    r"\b(?:must|need to|should|have to) be (?:invited|accompanied|sponsored|introduced|brought) by (?:a|an|one of our)"
    r" (?:\w+ )?members?\b",
    r"\b(?:if|when|only) (?:invited|accompanied|brought|hosted) by (?:a|an) (?:\w+ )?member\b",
    r"\bmembers? (?:may|can|are (?:welcome|invited|encouraged) to) bring (?:a|one|their|any|up to \w+)"
    r" (?:\w+ )?guests?\b",
    r"\bby (?:the )?invitation of a (?:\w+ )?member\b|\bguests? must (?:come|attend) with a member\b",
)
"""A member has to bring them."""

MEMBERS_ONLY = _any(
    r"\bmembers?[ -]only\b(?!\s*(?:pric|rate|discount|benefit|perk|section|area|portal|website|page|log|content|saving"
    r"|offer|business meeting follows))",
    r"\b(?:limited|exclusive(?:ly)?|restricted|reserved|only|open only|available only|exclusively open) (?:to|for)"
    r" (?:[\w'’-]+ ){0,4}members\b",
    r"\bopen to (?:all |our |current |active |paid |dues-paying )*(?:(?!non)[\w'’-]+ ){0,2}?members\b"
    rf"(?!\s*(?:(?:,|/|\band\b|&|\bor\b)\s*(?:to )?(?:all )?(?:their )?(?:{_STRANGERS}|{_ALL}|non|invited|friends)))",
    r"\bfor (?:our |current |active |chamber |club |registered )*members only\b",
    r"\bonly (?:\w+ )?members (?:may|can|are)\b",
    r"\bmust be (?:a|an) (?:[\w'’-]+ ){0,3}member\b|\bmembership (?:is )?required\b|\brequires? (?:\w+ )?membership\b",
    rf"\bnot open to (?:{_STRANGERS})|\bclosed to (?:{_STRANGERS})|\bclosed (?:meeting|event)\b",
    r"\bprivate (?:event|meeting|party|function)\b|\binvitation[- ]only\b|\binvite[- ]only\b|\bby invitation(?! of)\b",
    rf"\b{_STRANGERS} (?:may|can|are|will) ?(?:not|n['’]t) (?:be )?(?:attend|allowed|permitted|admitted|join)",
    r"\bno (?:visitors|guests|non-?members)(?: please| allowed| permitted)?\b|\bmembers?[- ]exclusive\b",
    r"\bexclusive(?: \w+){0,2} (?:for|to) (?:\w+ ){0,2}members\b",
)
"""Strangers may not come."""

ONE_SEAT = _any(
    r"\b(?:only )?(?:one|1|a single) (?:person|member|business|company|representative|professional|individual|seat)"
    r"s?,? (?:is allowed |allowed |permitted )?(?:per|from each|in each|for each|a) (?:\w+ ){0,2}?"
    r"(?:profession(?:al)?|industry|category|classification|speciality|specialty|trade|field|business type)",
    r"\b(?:category|industry|profession)[- ]exclusiv(?:e|ity)\b|\bexclusive (?:category|seat|industry)\b",
    r"\bnon-?compet(?:ing|itive) (?:businesses|members|professionals|group)",
    r"\b(?:your|each) (?:profession|category|industry|seat) (?:is |will be )?(?:locked|reserved|protected)\b",
    r"\blocks? out (?:your |the )?competit(?:ion|ors)\b",
)
MANY_SEATS = _any(
    r"\bno (?:category|industry|profession(?:al)?|seat)[- ](?:restrictions?|exclusivity|limits?|lock)",
    r"\b(?:more than one|multiple|several|any number of) (?:\w+ ){0,2}(?:per|from|in) (?:(?:the same|a|each|any) )?"
    r"(?:\w+ )?(?:profession|industry|category)",
    r"\b(?:not|non)[- ](?:category|industry)?[- ]?exclusive\b",
)

NEWCOMERS = _any(
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
VISITS = tuple(re.compile(way, _FLAGS) for way in (_SEVERAL, _LIMIT, _TWICE, _BEFORE_JOINING, _VISITS))
"""How often one may come before joining."""
