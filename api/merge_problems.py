"""Why two records can't be joined, or not be taken apart again, in Danish and in English: a title and what to do."""

from collections.abc import Mapping

Says = tuple[str, str]

IN_THE_WAY: Mapping[str, tuple[Says, Says]] = {
    "merged": (
        ("Lagt sammen med et andet kort", "Brug det kort, der står under errors, eller skil dem ad først."),
        ("Joined with another record", "Go on with the record that stands under errors, or take them apart first."),
    ),
    "same-record": (
        ("Det er det samme kort", "Skriv det andet af personens to kort i other_id."),
        ("That is the same record", "Name the other one of the person's two records in other_id."),
    ),
    "on-its-way": (
        ("En besked er på vej lige nu", "Prøv igen om nogle minutter. Intet er ændret."),
        ("A message is on its way this moment", "Try again in a few minutes. Nothing was changed."),
    ),
    "undone": (
        ("Kortene er skilt ad allerede", "Her er intet at fortryde."),
        ("The records were taken apart already", "There is nothing to undo."),
    ),
    "joined-since": (
        ("Et andet kort er lagt til siden", "Fortryd det sidste først."),
        ("Another record was joined afterwards", "Take back the last one first."),
    ),
    "too-long-ago": (
        ("Det er mere end 30 dage siden", "Hvad der er sendt siden, kan ikke deles igen. Opret den anden person på ny."),
        ("That was more than 30 days ago", "What was sent since can't be told apart any more. Bring the other person in anew."),
    ),
    "address-changed": (
        ("En adresse er ændret siden", "Den kan ikke gives tilbage. Opret den anden person på ny."),
        ("An address has changed since", "It can't be given back. Bring the other person in anew."),
    ),
    "yes-since": (
        ("Der er sagt ja siden", "Ingen kan se, hvem af de to det gælder. Opret den anden person på ny."),
        ("Somebody has said yes since", "Nobody can tell for which of the two. Bring the other person in anew."),
    ),
    "rows-gone": (
        ("Noget er slettet siden", "Kortene kan ikke blive præcis, som de var. Opret den anden person på ny."),
        ("Something was deleted since", "The records can't be exactly what they were. Bring the other person in anew."),
    ),
}
