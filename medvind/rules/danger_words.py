"""Words of danger: a plain list in Danish and English, for a coach to read, to correct and to add to.

How a phrase is written: words with a blank between, phrases with a comma between. `slå/slår`: either. `selvmord*`: whatever
ending. `..`: up to three words may stand between. `#`: a number of two figures or more. `~selvmord`: one wrong letter is
forgiven. `.`: the sentence ends here. WORDS IN CAPITALS stand for the words behind them in KINDS.

Case, `ae oe aa` or `a o a` for `æ ø å`, doubled and drawn-out letters, apostrophes and hidden signs make no difference, so no
entry is needed for those. "Not" is not read, on purpose: "jeg vil ikke dø" is raised. What is HARMLESS is taken out of a
message before it is looked through. A municipality adds and takes out phrases by `medvind settings`, without touching this file.
"""

KINDS = {
    "TAGE": "ta/tage/tager/taget/tog/tar",
    "GØRE": "gøre/gør/gjort/gjorde",
    "SLÅ": "slå/slår/slog/slået",
    "SLÅR": "slå/slår/slog/slået/sparke/sparker/sparkede/sparket/banke/banker/bankede/banket/tæve/tæver/tævede/tævet/kvæle/kvæler/"
    "kvalte/true/truer/truede/truet/skubber/skubbede/skubbet/nikker/nikkede/tvinger/tvang/overfalder/overfaldt/mishandler",
    "MIG": "mig/os/børnene/barnet/ungerne/børn/datter/søn",
    "PARTNER": "mand/manden/kone/konen/kæreste/kæresten/eks/eksen/eksmand/ekskone/ekskæreste/samlever/samleveren/partner/"
    "far/stedfar/mor/stedmor/søn/bror/ægtefælle/ham/hende",
    "HJEMME": "han/hun/mand/manden/kone/konen/kæreste/kæresten/eks/eksen/eksmand/ekskone/ekskæreste/samlever/samleveren/"
    "partner/far/stedfar/mor/stedmor/søn/bror/ægtefælle",
    "VIL": "vil/ville/ønsker/gider/orker/magter/kan/kunne/skal/evner/tør",
    "SKÆRE": "skære/skærer/skar/skåret/snitte/snitter/snittet/ridse/ridser/ridset",
    "SPISE": "tage/tager/taget/tog/spise/spiser/spist/spiste/sluge/sluger/slugt/slugte/ædt/indtage/indtaget/drukket/"
    "hælder/hældt/nedsvælget",
    "MANGE": "alle/alt/allesammen/hele/mange/flere/masse/bunke/håndfuld/glas/glasset/æske/æsken/pakke/pakken/pakker/bøtte/resten/"
    "ti/tyve/tredive/fyrre/halvtreds/#/nogle/nogen",
    "PILLER": "pille/piller/pillerne/panodil*/pamol*/pinex*/paracetamol*/ipren*/ibuprofen*/sovepille*/sovemedicin*/tablet*/"
    "morfin*/tramadol*/oxycodon*/kodein*/stesolid*/diazepam*/valium*/rivotril*/kodimagnyl*/insulin/medicin/medicinen/💊",
    "HOPPE": "hoppe/hopper/springe/springer/kaste/kaster/smide/smider/gå/går/stille/stiller/lægge/lægger",
    "BRO": "bro/broen/vindue/vinduet/altan/altanen/skinner/skinnerne/togskinner/togskinnerne/klippen/klinten/højhus",
    "TOG": "tog/toget/bil/bilen/bus/bussen/lastbil/lastbilen",
    "LEJLIGHED": "lejlighed/lejligheden/bolig/boligen/hjem/hus/huset/værelse/værelset",
    "MAD": "mad/maden/husleje/huslejen/medicin/medicinen/strøm/varme/el/bleer/mælk/ungerne/børnene/regninger/regningerne",
    "DRIKKE": "drikke/drikker/drak/drukket/druk/drukken/fuld",
    "STOFFER": "stoffer/hash/coke/kokain/heroin/amfetamin/speed/piller/alkohol/sprut/sprit",
    "SHE": "he/she/husband/wife/boyfriend/girlfriend/ex/partner/dad/father/mother/mum/son/brother/stepfather",
    "HITS": "hit/hits/hitting/beat/beats/beating/kick/kicks/kicked/kicking/choke/chokes/choked/choking/punch/punches/punched/"
    "slap/slaps/slapped/strangle/strangled/threaten/threatens/threatened/threatening/attack/attacks/attacked/abuse/abuses/abused",
    "ME": "me/us/kids/children",
    "PILLS": "pill/pills/tablet/tablets/paracetamol*/ibuprofen*/panodil*/tylenol*/advil*/xanax*/medication/meds/painkillers/💊",
    "TOOK": "take/took/taken/taking/swallow/swallowed/ate/eaten",
    "LOTS": "all/many/lot/lots/bunch/handful/bottle/box/whole/rest/ten/twenty/thirty/some/#",
    "FOOD": "food/rent/medicine/heating/electricity/diapers/nappies/groceries",
    "HOME": "home/house/flat/apartment/place/room",
}

NOW = {
    "suicide, named or hinted at": """
        selvmord*, ~selvmord, ~selvmordet, ~selvmordstanker, suicid*, livstræt*, TAGE .. livet .. af mig,
        TAGE .. livet af os, TAGE mit .. liv, TAGE .. eget liv, ende/afslutte/slutte/stoppe/ender/afslutter .. mit liv,
        afslutte/afslutter/slutte .. livet, afslutte/afslutter/slutte det hele,
        GØRE .. ende på det/livet/mit/mig/alt/alting, GØRE det af med mig, dræbe/dræber mig, SLÅ .. ihjel,
        hænge/hænger mig, hænger jeg mig, klynge/klynger mig op, skyde/skyder mig, skyder jeg mig, drukne/drukner mig,
        forgifte/forgifter/forgiftet mig, HOPPE .. foran .. TOG, HOPPE .. ud .. BRO, HOPPE .. fra .. BRO,
        HOPPE .. på .. skinnerne, kaste mig ud, køre .. ind i .. træ/mur/lastbil/bropille, køre galt med vilje, pulsåre*,
        SKÆRE .. håndled*, reb/rebet/løkke/løkken .. hals/halsen, reb klar, afskedsbrev*, min .. begravelse,
        pistol/kniv .. mod .. hovedet/halsen/mig, tænker/tænke/tanker .. på døden, tænker/tænke/tanker .. om døden,
        tænker .. at dø, tanker om .. dø, GØRE .. noget dumt, GØRE noget drastisk, GØRE noget ved mig, kms""",
    "not wanting to live": """
        VIL ikke .. leve, lyst/lysten/viljen/grund/kræfter til .. leve, lyst/lysten til livet,
        ikke .. leve mere/længere/videre, vil/ville/ønsker/gerne/bare/helst/lyst/kunne/skal .. dø, jeg dør snart,
        håber .. jeg .. dør, ønske/ønsker/gid/hvis/når/bare .. var død, gid/ønske/bare .. var jeg .. død, var jeg .. død,
        når/hvis jeg er død/borte, aldrig .. født, aldrig .. vågne*, ikke var/blevet født, ikke .. vågne op/igen/mere,
        sove for evigt/altid, bare sove ind, ikke .. være her mere/længere, vil/ønsker/gider/orker ikke .. være her,
        ikke .. er her mere/længere, ikke være til mere/længere, ikke være til .,
        vil/ønsker/gider/orker ikke .. findes/eksistere, vil/gerne/bare/lyst/helst .. forsvinde, ikke værd at leve,
        livet .. værd at leve, livet .. mening/meningsløst/ligegyldigt, mening .. livet,
        liv er slut/forbi/ovre/meningsløst/ligegyldigt, træt af .. leve/livet, led ved livet, nok af livet,
        færdig med .. livet/leve, holde/holder .. livet ud, orker/magter/gider/udholder ikke .. livet""",
    "making an end of it, a farewell": """
        bare/gerne/skal/vil .. det hele .. slutte/slutter/slut/forbi/stoppe/stopper/ophøre/ovre, få/have .. evig fred,
        fred for altid, farvel for altid/evigt, farvel .. verden/livet, farvel til jer/alle, farvel alle,
        sidste gang .. hører .. mig, bliver/er .. min sidste besked/sms, ses .. himlen, ses .. anden side, næste liv,
        når i/du/de/nogen finder mig ., finder mig død, ser ingen anden udvej, kun en udvej""",
    "the others better off without me": """
        bedre/bedst/gladere/lettere/nemmere/godt .. uden mig, byrde for, bare/kun .. byrde, til byrde,
        bare/kun til besvær/last, ingen .. savne/savner/savnet mig, ingen .. opdage/opdager/mærke .. væk/død/borte,
        bedst/bedre .. jeg .. ikke var/er her, bedst/bedre .. jeg .. væk/borte/død/forsvandt""",
    "harming myself": """
        SKÆRE mig, SKÆRE jeg mig, SKÆRE .. i .. arm*/lår*, cutte/cutter/cuttet/cutting, selvskad*, selv skad*,
        skade/skader/skadet .. mig selv, skade på mig selv, GØRE .. mig selv .. ondt/skade/fortræd/noget,
        slå/slår mig selv, brænde/brænder mig selv, straffe/straffer mig selv""",
    "poison or pills taken": """
        overdosis*, overdosering, SPISE .. MANGE .. PILLER, for mange .. PILLER, PILLER .. SPISE .. alle/mange/allesammen,
        samlet/sparet/gemt/samler/gemmer .. piller/pillerne/panodil*,
        SPISE gift/rottegift/klorin/afløbsrens/frostvæske/terpentin/sprinklervæske,
        SPISE .. rottegift/klorin/afløbsrens/frostvæske/terpentin/sprinklervæske""",
    "violence or threats at home": """
        HJEMME .. SLÅR .. MIG, HJEMME .. slå .. ihjel,
        bliver/blev/blevet slået/tævet/banket/mishandlet/gennembanket/kvalt,
        bliver/blev/blevet .. slået/truet .. hjemme/derhjemme/hjemmet, tør ikke .. hjem/hjemme, bange for .. gå hjem,
        bange for .. være hjemme, bange for .. min PARTNER, bange for ham/hende, vold, volden, voldelig*, voldtaget,
        voldtog, voldtægt*, kvælertag*, krisecent*, låser/låst/spærrer/spærret .. mig inde, holder mig fanget/indespærret,
        truer/truede/truet .. kniv, flygtet fra min PARTNER""",
    "in English: suicide": """
        suicid*, ~suicide, ~suicidal, kill/killing myself, unalive*, end/ending my .. life, end/ending it all,
        end it tonight/now, take/taking/took my .. life, hang/hanging myself, shoot/shooting myself,
        drown/drowning myself, jump/jumping .. off/from/front, slit/cut my wrist/wrists, goodbye forever,
        goodbye .. world, suicide note, this is .. last message, last time .. hear from me, do something stupid,
        thinking/think/thoughts .. death/dying, want it .. end/over/stop, make it stop""",
    "in English: not wanting to live": """
        want/like/wish/ready/rather .. die, want to be dead, wish .. dead, better off dead, wish .. never .. born/wake,
        dont want .. live/alive/exist, dont want .. be here, not want .. live/alive/exist, not want .. be here,
        never wake, not wake up, dont wake up, reason/point/will/strength .. to live, reason/point .. living,
        worth living, tired/sick of .. living/life/alive, done with .. life/living, disappear forever,
        want to disappear/vanish, not/wont be around/here .. longer/anymore, not/wont be around much,
        better .. without me, nobody/noone .. would/will .. miss me, burden to/on/for""",
    "in English: harm, pills, violence": """
        hurt/hurting/harm/harming/cut/cutting/burn/burning myself, self harm*, selfharm*, overdos*, TOOK .. LOTS .. PILLS,
        too many .. PILLS, saving/saved/collected .. pills, drank/drunk/swallowed .. bleach/poison/antifreeze,
        took poison, SHE .. HITS .. ME, SHE .. kill me/us, afraid/scared of .. husband/boyfriend/wife/partner/ex/him,
        afraid/scared to go home, domestic violence/abuse, violent, raped, rape, locks/locked me in, beaten at home""",
}

TODAY = {
    "cannot go on": """
        kan/ka/kunne .. ikke mere, kan/ka ikke det/dette .. mere,
        kan/ka ikke klare/holde/overskue/gøre/magte .. mere/længere, kan/ka ikke længere .,
        kan/ka ikke klare .. det/presset/hverdagen/dagen, kan/ka ikke .. holde .. ud, kan/ka ikke holde til,
        holder .. ikke ud, kan/ka ikke rumme, kan/ka ikke magte, orker/magter/gider ikke mere, orker/magter ikke,
        orker/magter/overskuer .. ingenting, orker intet, jeg giver op, givet op, give op, giver .. helt op,
        opgivet alt/det/håbet/mig, ingen kræfter, ikke .. flere kræfter, kræfter .. tilbage, løbet tør for kræfter,
        ikke .. ud af sengen, ligger .. i sengen/mørket/mørke, udbrændt, brændt ud, helt nede, på bunden, ramt bunden,
        helt ud i tovene, ved at drukne, sort hul, dybt hul, længere nede""",
    "hopelessness": """
        håbløs*, ~håbløst, intet/ingen/ikke/uden håb, ikke .. noget håb,
        mistet/mister/opgivet .. håb/håbet/livsmod*/livsgnist*, ingen udvej, ikke .. udvej, ingen vej ud, ikke .. vej ud,
        ser .. sort, ingen fremtid, alt/alting/hele .. meningsløst/nytteløst/ligegyldigt/sort, ingenting .. mening,
        intet .. mening, ingen mening med, værdiløs*, intet værd, ikke .. noget værd, ingenting værd, jeg er .. ubrugelig,
        fiasko, hader mig selv, hader mit/livet, livet .. lort/helvede, liv .. lort/helvede, ligegyldig for alle,
        duer ikke til noget, kan ikke finde ud af livet""",
    "anxiety, panic, depression": """
        angst*, panik*, panisk, paranoid*, rædselsslagen, bange hele, bange for alt/alting, hører stemmer, tør ikke .. ud,
        tør ikke åbne, depression*, deprimeret, depressiv*, psykose*, psykotisk, livslinien, kan ikke .. trække vejret""",
    "drinking again, a relapse": """
        DRIKKE igen, DRIKKE .. igen, begyndt .. drikke/DRIKKE, drikker/drukket/drak .. for meget,
        drikker/drukket/fuld .. hver/hele, tilbagefald*, faldet i igen, faldet i med, på druk, drukket .. hele,
        drukket mig fuld, kan ikke .. ædru, ikke ædru, begyndt .. på STOFFER, STOFFER igen, på stoffer, taget stoffer,
        ryger hash, afhængig igen, misbrug*, ludoman*, gambler/gamblet/spillet .. igen/væk""",
    "losing the home": """
        smidt/smides/sættes ud af, bliver/blevet/blev .. sat/smidt ud, sat/smidt på gaden,
        miste/mister/mistet/mistede .. LEJLIGHED, hjemløs*, intet sted .. bo/sove, ingen/nogen steder .. bo/sove,
        intet sted at være, sover/bor på gaden, sover/bor i .. bil/bilen, ender/lander på gaden, fogeden, fogedret*,
        udsættelse .. LEJLIGHED, opsagt .. LEJLIGHED, tvangsauktion*, kan ikke betale .. husleje/huslejen,
        bagud med .. huslejen/husleje""",
    "no money for food, rent or medicine": """
        ingen/ikke/mangler .. penge til .. MAD, ikke .. råd til .. MAD, MAD .. ikke .. råd, MAD .. ingen penge,
        købe mad/medicin, ikke købe .. mad/medicin, sulter, sulte, ikke spist, ikke .. spist .. dag/dage/døgn,
        køleskab/køleskabet .. tomt, tomt køleskab, lukket .. strømmen/strøm/varmen/vandet, ingen mad""",
    "breaking down": """
        bryder sammen, bryde sammen, brød sammen, brudt sammen, sammenbrud*, knækker sammen, jeg er .. knækket,
        jeg knækker, ved at knække, falder fra hinanden, græder, græd hele, græde, tuder,
        har det .. forfærdeligt/elendigt/rædselsfuldt/helvede/lort, ad helvede til, nervesammenbrud*""",
    "great loneliness": """
        ensom*, ~ensomhed, helt/så/fuldstændig/altid/mutters alene, alene i verden, føler mig .. alene,
        ingen at tale/snakke/ringe, ingen .. tale/snakke med, ikke .. nogen at tale/snakke,
        ikke .. talt/snakket med nogen, ingen venner, ingen .. holder af mig, ingen .. kan lide mig,
        ingen .. gider .. mig, har ingen .""",
    "in English": """
        cant/cannot go on, cant/cannot .. anymore, cant/cannot .. any more, cant/cannot cope, cant/cannot take it,
        cant/cannot take this, cant/cannot do this ., cant/cannot handle, give/giving/given up, gave up, no strength,
        hopeless*, ~hopeless, no hope, without hope, lost .. hope, no way out, no future, no point, pointless, worthless,
        hate myself, hate my life, anxiety, ~anxiety, anxious, panic*, terrified, depress*, paranoid, hearing voices,
        relaps*, drinking/drunk/drink again, drinking .. much, drinking every, started .. drinking, using again,
        back on drugs, on drugs, not/stay sober, lose/losing/lost .. HOME, evict*, kicked/thrown out, homeless*,
        nowhere to live/sleep/stay/go, on the street, sleeping in .. car, no/any/enough money .. FOOD,
        cant/cannot/not .. afford .. FOOD, cant/cannot/not .. pay .. rent, starving, starve, not eaten, havent eaten,
        hungry, break/breaking/broke/broken down, breakdown, fall/falling apart, cant/cannot stop crying, crying,
        so/all/completely/totally/always alone, lonely, loneliness, nobody/noone .. talk to, no friends,
        nobody/noone cares, burned/burnt out""",
    "signs": """
        💊, 🔪, 🔫, ⚰, ☠""",
}

HARMLESS = {
    "everyday Danish": """
        skære/skærer/skar/skåret ned på,
        skære/skærer/skar/skåret .. finger/fingeren/fingre/fingrene/tommelfingeren/tommelfinger,
        kan/kunne ikke .. mere end, kan ikke .. mere i dag, kan ikke .. mere information, kan ikke .. mere tid,
        ikke længere end, kan ikke længere komme/deltage/mødes/finde, kan ikke holde til mødet, slå tiden ihjel,
        slå/slår/slog ihjel tid, det slår/slog mig at, jeg .. slå/slår/slog/slået mig ned, SLÅ mig på, SLÅ mig løs,
        SLÅ mig sammen, slå/slår/slog/slået op med, slået op, banke/banker/banket på, slår græs*, slog græs*, slå græs*,
        truet/truer/truede .. med .. bøde/sagsanlæg/retten/anmeldelse, bliver/blev slået af konkurrent*,
        hænge/hænger mig .. i detaljer/detaljen/småting/ord/ordene, hænge mig på, skyde/skyder/skudt mig selv i foden,
        skyd mig en sms/mail, hoppe/hopper/springe/springer ud i det,
        hoppe/hopper/springe/springer på .. toget/tog/bussen/bus/bilen, kaste/kaster mig ud i,
        dø/dør/død/døde af grin/latter/kedsomhed/varme/kulde/nysgerrighed/skam/sult/træthed/spænding,
        virksomheden/virksomhed/firmaet/butikken/forretningen/projektet/telefonen/mobilen/batteriet/computeren/planten/planterne .. dø/dør/død/døde,
        moms/momsen/regnskabet/regnskab/papirerne/papirarbejdet/bøvlet/varmen/ventetiden tager livet af mig,
        moms/momsen/regnskabet/regnskab/papirerne/papirarbejdet/bøvlet/varmen/ventetiden er ved .. tage livet af mig,
        leve af, leve op til, bange for at hun, bange for at han, gå/går ikke i panik, ingen panik,
        drikke/drikker/drukket .. kaffe/te/vand/cola, give/giver/givet ikke op, vil ikke give op, ikke give op,
        helt alene om, helt alene i butikken, ud af sengen kl, godt .. uden mig til mødet, ingen .. har svaret mig,
        ingen .. ringet til mig, ingen .. skrevet til mig, ingen .. har kontaktet mig, ingen .. hjælper mig med,
        farvel og tak""",
    "everyday English": """
        kill/killing/killed time, kill two birds, is killing me, killing it, dying to, to die for, dead tired, dead line,
        # kms, kms from/away, hit/hits me up, hit me that, it hit me, beats me, cut/cutting costs, take my time,
        takes my time, break/breaking/broke/broken down the/my/car, jump/jumping in, cant .. any more than,
        cant .. anymore than, cant come anymore, not give up, never give up, wont give up, dont give up, never giving up,
        hang myself up, hungry for, no point in calling, dont panic, no panic, car .. broke/breaks down, live in/on/with""",
}

SPELLINGS = {
    "ikke": "ik, ikek, ikker, ikje",
    "jeg": "jge, jeq, jej, jag",
    "mig": "mej, miq",
    "ihjel": "ihel, ihjæl, ijhel, ihjle, i hjel",
    "mere": "mer, merer, mre",
    "ville": "vilde, vill",
    "livet": "livt",
    "leve": "lvee",
    "orker": "orger",
    "længere": "længer, lengere",
    "selvmord": "selv mord, selmord, sevlmord",
    "ensom": "ensåm",
    "angst": "anxt, angts, anst",
    "cant": "can not",
    "dont": "do not, dnt",
    "want to": "wanna",
    "going to": "gonna",
    "im": "i am",
    "myself": "my self, myslef",
    "anymore": "any longer, no more",
    "noone": "no one",
}
