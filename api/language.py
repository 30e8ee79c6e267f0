"""The language of an answer: Danish, unless somebody asks for one that Medvind speaks."""

from typing import Annotated

from fastapi import Depends, Header

from medvind.model import Language


def language_of(accept: str | None) -> Language:
    """The first language of an Accept-Language header that there are texts in."""
    spoken = {language.value: language for language in Language}
    for wish in (accept or "").split(","):
        language = spoken.get(wish.partition(";")[0].partition("-")[0].strip().lower())
        if language is not None:
            return language
    return Language.DA


def _asked_for(accept_language: Annotated[str | None, Header(description="`da` or `en`", examples=["en"])] = None) -> Language:
    return language_of(accept_language)


Spoken = Annotated[Language, Depends(_asked_for)]
"""The language in which this call wants its sentences."""
