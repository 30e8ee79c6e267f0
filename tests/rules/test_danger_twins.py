"""Scenes of danger, and everyday life that looks like them and is left alone."""

from medvind.model import Danger
from medvind.rules.danger import level_of, says_helped

NOW, TODAY, NONE = Danger.NOW, Danger.TODAY, Danger.NONE

TWINS = (
    "så er det gjort|jeg er ved at gå i gang|på torsdag er min sidste dag|jeg har ingen|jeg har ikke nogen|"
    "så er det slut for i dag|jeg ønsker mig en ny dør|vi går ud på altanen|han kaster bold med børnene|"
    "jeg er kørt ned til købmanden|kom ud af huset i dag|jeg står ved broen|momsen er en byrde|i can't do it|"
    "i'm done|i want this to stop|i won't be here on monday|the app is useless|my phone is going to die|"
    "i am done with it|ser du en sort taske|vi skærer ned på udgifterne|jeg kan ikke mere end to dage om ugen|"
    "kan ikke mere end 3 kunder|jeg er dødtræt|dødsygt møde|maskinen er slået i stykker|han slog op med mig|"
    "det slår mig at momsen mangler|jeg slår mig på malerarbejde|jeg kaster mig ud i det|vi springer ud i det|"
    "hopper på toget kl. 10|jeg skar mig i fingeren|moms tager livet af mig|slog tiden ihjel i venteværelset|"
    "vi døde af grin|telefonen døde|jeg hænger mig ikke i detaljer|kan ikke leve af det endnu|jeg er klar|"
    "stop det hele|nej jeg kan ikke|kan ikke komme|jeg giver ikke op|der er ingen panik|det går skidt|3|stop|"
    "printeren er brudt sammen|computeren er død|drikker for meget kaffe|skød mig selv i foden med den pris|"
    "farvel og tak for kurset|en håbløs hjemmeside|jeg vil ikke være med mere|jeg kan ikke være til mødet|"
    "bilagene kan ikke findes|kunderne finder mig på nettet|killing time before the meeting|we cut costs|"
    "this form is killing me|dying to hear more|hit me up tomorrow|my car broke down|it is 5 km away|"
    "i can't come on monday|we won't give up|done|help me|i live in Aarhus"
)

BUSY_TWINS = (
    "jeg står på taget og lægger tagpap, ring om en time|vi sidder på altanen og holder møde|jeg venter på det næste "
    "tog så jeg kommer ti minutter senere|venter på perronen, toget er aflyst|jeg har hentet pistolen til limen|skal "
    "jeg lægge kvitteringerne frem|jeg hopper nu, vi ses|jeg springer torsdag over|overvejer at springe ud som "
    "selvstændig|overvejer at hoppe af kurset|klar til at springe ud i det|har lyst til at hoppe med på messen|mit "
    "regnskab er i fare|jeg er i farezonen for bøde|vi er i fare for bøde|jeg er bange for momsen|jeg er lidt bange "
    "for at ringe til skat|jeg er bange, at jeg kommer for sent|hvad skal jeg se frem til på kurset|glæder mig, der "
    "er meget at se frem til|motoren i garageporten er gået i stykker|jeg reparerer motorer i min garage|skarpe knive"
    " til halsen på fisken|sælger knive på torvet|jeg skærer med kniven på hjørnet af pladen|ovnen brænder huden af "
    "fingrene|køber en kasse øl til åbningen hver fredag|jeg sælger flasker med saft hver dag|har været fuld af idéer"
    " i dagevis|kalenderen er fuld i tre uger|jeg er fuldt booket hele ugen|stiv i ryggen hele ugen|jeg er stiv i "
    "nakken i dag|bordet er stiv i dagevis|skifter låsen på butikken i morgen|har fået skiftet lås på "
    "varevognen|udlejer har sendt mig ud en kontrakt|vi har kun brød og boller tilbage|sælger mad til børn|laver mad "
    "til børnefamilier|har ikke lavet mad til børnefesten endnu|min datter har fået mad med|børnene er sultne efter "
    "skole så jeg går kl 14|der er ikke noget at give børnene til ferien|strømmen bliver afbrudt i morgen af "
    "elselskabet på grund af arbejde|vi har taget vandet med|det hele vokser, super|ordrerne går i sort|jeg printede "
    "i sort|ikke sovet meget, dagene går stærkt|har ikke sovet over mig i dag|hjertet sidder på rette sted|det er "
    "psykisk hårdt men vi klarer den|det var en god nat|hvad skal jeg stå op til i morgen, mødet kl 8?|jeg ringer "
    "efter en ambulance til kunden? nej|de sender en ambulance hvis man falder på kurset|send politiet en anmeldelse "
    "om indbruddet|i aften er det slut med kurset|den kunde er væk for altid|hvis jeg dør hvem arver så "
    "firmaet|forsikringen dækker hvis jeg bliver væk|skrevet brev til alle kunder|jeg har skrevet breve til "
    "kunderne|jeg har skrevet brev til alle|mine nøgler er væk|hun vil ikke lade mig ringe på lørdag|min søn har "
    "taget min telefon med i skole|min mand vil ikke at jeg kommer sent hjem|min kone vil ikke lade mig komme|min mor"
    " vil ikke have mig ud i kulden|min mand ramte mig med en god idé|min eks følger efter mig på instagram|svigermor"
    " holder hånden over mig|jeg arbejder med tatoveringer på arme og hals|jeg er knust, FCK tabte|alt jeg rører ved "
    "bliver til guld|nogensinde prøvet noget bedre|har du nogensinde set et bedre tilbud|det er det bedste "
    "nogensinde|jeg er et nul til regneark|vi har brug for en ny bil|kan ikke rumme flere kunder i butikken|butikken "
    "kan ikke rumme alle|kan ikke overskue hele momsreglerne|tager tabletterne med til messen|tager pillerne ud af "
    "blisterpakken|ingen skriver til mig om momsen|pillerne ligger klar på apoteket|jeg sælger vitaminpiller, de står"
    " klar på lager|tabletten står fremme på disken|medicinen er klar til afhentning|jeg har tre flasker vin om dagen"
    " at pakke|helt i sort tøj til mødet|jeg skal hoppe ned i kælderen|hjertebanken af kaffe|so scared of numbers "
    "haha|my shop is in danger of closing|im afraid so|im dead on my feet|i have a rope of lights for the "
    "stall|waiting for the train|standing on the platform|jump on a call|going to jump in at 10|ready to jump|pass "
    "out flyers|nothing to look forward to on the agenda yet|racing to get there|the heart of the shop|everything is "
    "falling into place|bottle a day of hand soap sold|changing the locks in the shop|without talking to anyone i "
    "filed the vat|i want to end it on a good note|call an ambulance company for a quote|when im gone on holiday who "
    "answers|i have my tablet ready for the course|drinking water since monday|been drinking coffee|get better "
    "prices|will it ever get better prices|i skip meals when busy|feed the kids at five|i was sitting on the edge of "
    "my seat"
)
"""Everyday life beside the scenes of danger: roofs, trains, pills, knives, nights and bottles."""

WORK_TWINS = (
    "farvel alle sammen og tak for i dag|farvel alle sammen, vi ses i morgen|jeg skar mig på en kniv da jeg lavede mad|har "
    "skåret mig på en knust tallerken|skar mig på en dåse|gider ikke mere kaffe|gider ikke flere skemaer lige nu|orker ikke "
    "flere skemaer|kan ikke mere i dag, ses i morgen|kan ikke mere i dag. vi ses i morgen|jeg kan ikke klare mere moms "
    "haha|jeg føler mig alene med regnskabet|føler mig lidt alene med momsen|i want to give up my business|giving up my "
    "shop because of the vat|jeg kan næsten ikke trække vejret af grin|jeg håber ikke jeg vågner for sent i morgen|strømmen "
    "bliver lukket i morgen på grund af arbejde|varmen er lukket for sommeren|min eks står udenfor og venter på mig|min "
    "mand står udenfor og slår græs|mine nøgler er låst inde i bilen|jeg er låst ude|nøglerne er låst inde hos min mor|min "
    "søn er ved at slå rekorden"
)
"""Beside what is raised below: the end of a course day, a kitchen, a pile of forms, a key in a car."""

WORK_SCENES = {
    NOW: (
        "farvel alle sammen|farvel alle sammen, tak for alt|farvel alle sammen tak for i dag, i morgen er jeg død|"
        "farvel alle sammen, i morgen er jeg væk|jeg skar mig med en "
        "kniv|jeg skar mig på armen|jeg skar mig på et sted med en kniv|min eks står udenfor og vil slå mig|min mand er "
        "udenfor og vil slå os|jeg er låst inde hos min eks|jeg håber ikke jeg vågner i morgen|håber ikke at jeg vågner|"
        "jeg vil ikke vågne, det er for sent|jeg kan ik trække vejret|kan ikke trække vejret"
    ),
    TODAY: (
        "gider ikke mere|gider ikke mere af det hele|"
        "kan ikke mere i dag ses i morgen hvis jeg lever|orker ikke mere regn i mit liv|"
        "kan ikke mere i dag|orker ikke flere breve|jeg kan ikke klare mere|jeg "
        "kan ikke klare mere moms og mere modgang|jeg føler mig alene|jeg føler mig alene med det hele|i want to give up|i "
        "want to give up my business and my life|jeg har ringet til livslinien|strømmen bliver lukket i morgen|strømmen "
        "bliver lukket på grund af gæld|gider ikke mere. kaffe hjælper ikke"
    ),
}
"""The same words where nothing tells them apart, or where more is said: they are raised as before."""

SCENES = {
    NOW: (
        "jeg er i fare|jeg sidder på altanen og tænker på at hoppe|står ved togskinnerne|jeg har lagt pillerne frem|"
        "jeg tager pillerne nu|i want to end it|der er ikke noget at leve for|jeg drømmer om at dø|hjælp mig jeg er bange"
    ),
    TODAY: (
        "kan ikke overskue livet|det er ikke til at holde ud|har ikke mad til børnene|har drukket i tre dage|"
        "gider ikke det her mere"
    ),
    NONE: (
        "moms slår mig ihjel|slå to fluer ihjel|dead line|det er til at dø af grin over|jeg tager mine piller hver morgen|"
        "jeg hopper på toget|nej jeg er ikke i fare|vi er i fare for at miste rabatten|næste gang er det mig der giver kaffe|"
        "ti er for sent for mig|ingen finder mig på nettet|printeren er ved at bryde helt sammen|jeg har grædt af grin|"
        "læg mærke til om jeg har sendt den|i almost die laughing"
    ),
}


def test_a_scene_of_danger_is_raised_without_its_word_and_its_harmless_twin_is_not() -> None:
    for level, said in [*SCENES.items(), *WORK_SCENES.items()]:
        assert [(text, level_of(text)) for text in said.split("|") if level_of(text) is not level] == []


def test_harmless_twins_are_left_alone() -> None:
    said = [*TWINS.split("|"), *BUSY_TWINS.split("|"), *WORK_TWINS.split("|")]
    print(f"{len(said)} twins looked at")
    assert [text for text in said if level_of(text) is not NONE] == []


def test_that_somebody_has_called_the_helpline_is_told_apart_only_where_nothing_else_is_said() -> None:
    for text in ("Jeg har ringet til Livslinien", "har lige ringet til livslinien.", "ok, jeg har snakket med livslinien nu"):
        assert says_helped(text), text
    for text in (
        "jeg har ringet til livslinien de svarer ikke",
        "ringet til livslinien. jeg vil stadig dø",
        "livslinien",
        "ikke ringet til livslinien",
    ):
        assert not says_helped(text), text
