"""A question that somebody has for their coach's network: what has SPØRG before it, or names the coach.

In doubt it is none: then a person reads it as any other words. Whoever speaks to the robot, or of themselves, asks nobody.
"""

import re
from collections.abc import Sequence

from medvind.rules.vocabulary import COURTESY

_ASK = "(?:spoerg|sporg|ask)"
_WILL_YOU = "(?:(?:(?:kan|vil|gider) (?:du|i)|can|could|will|would) (?:spoerge?|sporge?|ask) )"
_I_WILL = "(?:(?:jeg vil(?: gerne)?|(?:maa|kan) jeg|i (?:want|would like) to|(?:can|may) i) (?:spoerge?|sporge?|ask) )"
_ROLE = "coach|vejleder|konsulent|sagsbehandler|mentor|adviser|advisor"
_COACH = f"(?:(?:min|my) (?:{_ROLE})|(?:the )?(?:{_ROLE})(?:en)?)"
_ABOUT = "(?:om|about|for|efter)"
_NOBODYS = (
    "mig|dig|ham|hende|dem|os|jer|sig|selv|den|det|me|you|him|her|them|us|it|myself|yourself|"
    "bare|loes|endelig|gerne|ikke|igen|naar|hvis|away|again|later|not|if|when"
)
"""What follows where the word is no question to the coach: `spørg bare`, `ask me later`."""
_NO_NAME = f"{_NOBODYS}|om|about|for|efter|en|et|a|an|the"
_TO_THE_COACH = re.compile(f"(?:{_ASK} |{_WILL_YOU}|{_I_WILL}){_COACH} (?:{_ABOUT} )?(?P<topic>.+)")
_BY_NAME = re.compile(rf"(?:{_ASK} |{_WILL_YOU})(?!(?:{_NO_NAME}) )[^\W\d_]+ (?:om|about) (?P<topic>.+)")
_KEYWORD = re.compile(rf"{_ASK} (?:{_ABOUT} )?(?P<topic>.+)")
_NOT_ASKED = re.compile(rf"{_ASK} (?:{_ABOUT} )?(?:{_NOBODYS})(?: |$)")


def topic_asked(tokens: Sequence[str]) -> str | None:
    """What the question is about, in compared form and without courtesy, so that the same is the same; None where it is none.

    What asks and says no topic is in the table of phrases.
    """
    words = " ".join(token for token in tokens if token not in COURTESY)
    found = _TO_THE_COACH.fullmatch(words) or _BY_NAME.fullmatch(words)
    if found is None and not _NOT_ASKED.match(words):
        found = _KEYWORD.fullmatch(words)
    return found["topic"] if found else None


def topic_answered(tokens: Sequence[str]) -> str | None:
    """The same where they were asked what they want to ask: all they say, unless that is courtesy alone."""
    return " ".join(token for token in tokens if token not in COURTESY) or None
