"""Words of danger in Danish: a plain list for a coach to read, to correct and to add to. `danger_words_en` has the English.

How a phrase is written: words with a blank between, phrases with a comma between. `slå/slår`: either. `selvmord*`: whatever
ending; `*piller`: whatever beginning. `..`: up to three words may stand between. `#`: a number of two figures or more.
`~selvmord`: one wrong letter is forgiven. `.`: the sentence ends here. WORDS IN CAPITALS stand for the words in KINDS.

Capitals, `ae oe aa` or `a o a` for the Danish letters, doubled and drawn-out letters, apostrophes and hidden signs make no
difference, so no entry is needed for those. "Not" is not read, on purpose: "jeg vil ikke dø" is raised. What is HARMLESS is
taken out of a message before it is looked through. A municipality adds phrases and takes some out by `medvind settings`.
"""

KINDS = {
    "TAGE": "ta/tage/tager/taget/tog/tar",
    "GØRE": "gøre/gør/gjort/gjorde",
    "SLÅ": "slå/slår/slog/slået",
    "SLÅR": """
        slå/slår/slog/slået/sparke/sparker/sparkede/sparket/banke/banker/bankede/banket/tæve/tæver/
        tævede/tævet/tæsker/tæskede/tæsket/gennemtæver/kvæle/kvæler/kvalte/true/truer/truede/truet/
        tvinger/tvang/overfalder/overfaldt/mishandler/mishandlede""",
    "HÅRD": """
        skubbe/skubber/skubbede/skubbet/nikker/nikkede/kaster/kastede/smider/smed/kyler/kylede/river/rev/
        stalker/forfølger/låser/låste/spærrer/chikanerer/spytter/spyttede/kradser/bider/bed""",
    "MIG": "mig/os/børnene/barnet/ungerne/børn/datter/søn/drengen/pigen/dreng/pige",
    "PARTNER": """
        mand/manden/kone/konen/kæreste/kæresten/eks/eksen/eksmand/ekskone/ekskæreste/samlever/samleveren/
        partner/far/faren/stedfar/stedfaren/mor/moren/stedmor/søn/bror/ægtefælle/sambo/svigerfar/
        svigersøn""",
    "HJEMME": """
        han/hun/mand/manden/kone/konen/kæreste/kæresten/eks/eksen/eksmand/ekskone/ekskæreste/samlever/
        samleveren/partner/far/faren/stedfar/stedfaren/mor/moren/stedmor/søn/bror/ægtefælle/sambo/
        svigerfar/svigersøn""",
    "BLIVER": "bliver/blev/blevet/blir",
    "VIL": "vil/ville/ønsker/gider/orker/magter/kan/kunne/skal/evner/tør/formår",
    "VÅGNE": "vågne/vågner/vågnede/vågnet",
    "SKÆRE": "skære/skærer/skar/skåret/snitte/snitter/snittet/ridse/ridser/ridset",
    "SPISE": """
        tage/tager/taget/tog/spise/spiser/spist/spiste/sluge/sluger/slugt/slugte/ædt/indtage/indtaget/
        drikke/drikker/drak/drukket/hælder/hældt/hældte/nedsvælget/proppet/kylet/bællet/skyllet/tømt/
        tømte""",
    "MANGE": """
        alle/alt/allesammen/hele/mange/flere/masse/bunke/håndfuld/glas/glasset/æske/æsken/pakke/pakken/
        pakker/bøtte/resten/ti/tyve/tredive/fyrre/halvtreds/#/nogle/nogen/meget""",
    "PILLER": """
        pille/piller/*piller/pillerne/*pillerne/*tabletter/*medicin/panodil*/pamol*/pinex*/paracetamol*/ipren*/ibuprofen*/
        sovemedicin*/tablet*/morfin*/tramadol*/oxycodon*/kodein*/stesolid*/diazepam*/oxazepam*/valium*/
        rivotril*/kodimagnyl*/magnyl*/insulin/medicin/medicinen/metadon*/fentanyl*/zopiclon*/imovane*/
        seroquel*/lyrica/ritalin/antidepressiv*/💊""",
    "GIFT": """
        rottegift/klorin/afløbsrens/frostvæske/terpentin/sprinklervæske/kølervæske/rengøringsmiddel/
        opvaskemiddel/blegemiddel/salmiak*/benzin/lampeolie/ukrudtsmiddel/roundup/ætsende/husholdningssprit""",
    "HOPPE": "hoppe/hopper/springe/springer/kaste/kaster",
    "GÅ": "gå/går/stille/stiller/lægge/lægger/køre/kører/smide/smider/hoppe/hopper",
    "BRO": """
        bro/broen/*broen/vindue/vinduet/altan/altanen/skinner/skinnerne/*skinnerne/klippen/klinten/højhus/
        taget/parkeringshus""",
    "TOG": "tog/toget/*toget/bil/bilen/bus/bussen/lastbil/lastbilen",
    "LIVET": "livet/liv/*livet",
    "LEJLIGHED": "lejlighed/lejligheden/*lejlighed/bolig/boligen/hjem/hjemmet/hus/huset/værelse/værelset/lejemål/lejemålet",
    "MAD": """
        mad/maden/husleje/huslejen/medicin/medicinen/strøm/strømmen/varme/varmen/el/elregningen/bleer/
        mælk/mælkeerstatning/insulin/regningerne/spise""",
    "DRIKKE": "drikke/drikker/drak/drukket/druk/drukken",
    "SPRUT": "flaske/flasker/flasken/vodka/sprut/sprit/whisky/snaps/rom/bajere/alkohol/spiritus",
    "STOFFER": "stoffer/stofferne/hash/coke/kokain/heroin/amfetamin/speed/piller/alkohol/sprut/sprit/pot",
    "TING": """
        printer*/*printer/computer*/maskine*/*maskine/*maskinen/bil/bilen/system/systemet/hjemmeside*/
        server*/telefon*/mobil*/net/nettet/netværk*/wifi/app/appen/skærm*/cykel/cyklen/trailer*/program/
        programmet/motor*/lampe*/pære/pæren/forbindelse*/link*/formular*/skema/skemaet/regneark*/
        kasseapparat*/køleskab*/ovn/ovnen/batteri*/kø/køen/telefonkø*/parkering*/vejr/vejret/butikken/
        firmaet/virksomheden/forretningen/projektet/planten/planterne/server/kalender*/nemid/mitid""",
    "MOMS": """
        moms/momsen/*momsen/regnskab/regnskabet/papirerne/papirarbejdet/papirbunken/bilagene/bøvlet/varmen/
        kulden/ventetiden/ryggen/skatten/arbejdet/larmen/trafikken/bureaukratiet/bilag/skat/deadline*/
        opgaven/skemaet/kurset/møderne/mødet""",
}

NOW = {
    "suicide, named or hinted at": """
        selvmord*, *selvmord, ~selvmord, ~selvmordet, ~selvmordstanker, livstræt*, livstrætte*, TAGE .. LIVET .. af mig,
        TAGE mit .. liv, TAGE jeg mit .. liv, TAGE .. eget liv,
        ende/afslutte/slutte/stoppe/ender/afslutter/slutter .. mit liv, afslutte/afslutter/slutte .. livet,
        afslutte/afslutter/slutte/slutter det hele, GØRE .. ende på det/livet/mit/mig/alt/alting, GØRE det af med mig,
        sætte/sætter/sat .. punktum/stop/stopper for .. liv/livet/mig/alt/alting/hele, dræbe/dræber mig, SLÅ .. ihjel,
        hænge/hænger mig, hænger jeg mig, klynge/klynger mig op, skyde/skyder mig, skyder jeg mig, drukne/drukner mig,
        forgifte/forgifter/forgiftet mig, HOPPE .. foran .. TOG, GÅ .. foran .. tog/toget/lastbil/lastbilen,
        ind/ud foran .. TOG, HOPPE .. ud .. BRO, HOPPE .. fra .. BRO, GÅ .. på .. skinnerne/togskinnerne,
        kaste/kaster mig ud, køre/kører/dreje/drejer/styre/styrer/rattet .. ind i .. træ/mur/lastbil/bropille/autoværn,
        rattet ind i, galt med vilje, står/sidder/stod/stået/sad/siddet .. på .. broen/*broen/skinnerne/kanten, afgrunden,
        pulsåre*, SKÆRE .. håndled*, reb/rebet/løkke/løkken .. hals/halsen/klar,
        købt/fundet/hentet/bundet/har .. reb/rebet/løkke, afskedsbrev*, farvelbrev*, min .. begravelse,
        pistol/kniv .. mod .. hovedet/halsen/mig, tænker/tænke/tænkt/tanker .. på/om døden, tænker/tænkt/tanker .. dø,
        mørke/sorte/dystre tanker, gøre/gør .. noget dumt, GØRE noget drastisk, GØRE noget ved mig, kms""",
    "not wanting to live": """
        VIL .. ikke .. leve, vil jeg ikke .. leve, lyst/lysten/viljen/grund/kræfter/modet til .. leve/livet,
        ikke .. leve mere/længere/videre, ikke .. være i live, ikke .. i live mere/længere, holde mig i live, mere værd død,
        livsforsikring* .. død, mistet/ingen/ikke/tabt/uden .. livslyst*/livsvilje*, livslyst* .. væk/forsvundet/borte,
        vil/ville/ønsker/gerne/bare/helst/lyst/kunne/skal .. dø, jeg dør snart, så dør jeg,
        håber/ønsker/ønske/gid .. jeg dør, ønske/ønsker/gid/hvis/bare .. var død, var jeg .. død, når/hvis jeg er død/borte,
        aldrig .. født, ikke var/blevet født, aldrig .. VÅGNE, ikke .. VÅGNE op/igen/mere, ikke VÅGNE .. morgen/igen/mere,
        håber/ønsker/ønske/gid/bare/vil .. ikke VÅGNE, slippe .. for .. VÅGNE, sove for evigt/altid, sove og aldrig,
        bare sove ind, ikke .. være/er her mere/længere, er jeg .. her ikke, er jeg ikke her .. mere/længere,
        er jeg her ikke, ikke her mere/længere, vil/ønsker/gider/orker ikke .. være her, ikke være til mere/længere,
        ikke være til ., ikke .. til længere ., vil/ønsker/gider/orker ikke .. findes/eksistere, jeg vil/ville .. forsvinde,
        vil/bare/gerne/helst/lyst .. forsvinde ., lyst til .. forsvinde, forsvinde for altid,
        forsvinde fra .. verden/jorden/overflade*, ikke værd at leve, livet .. værd at leve,
        livet .. mening/meningsløst/ligegyldigt, mening .. livet, liv er slut/forbi/ovre/meningsløst/ligegyldigt,
        livet er slut/forbi/ovre, træt/ked af .. leve/livet, led ved livet, nok af livet, færdig med .. livet/leve,
        holde/holder .. livet ud, orker/magter/gider/udholder .. ikke .. livet, forlade/forlader .. verden/livet,
        væk fra .. livet/verden, slippe for at leve, slippe for livet""",
    "making an end of it, a farewell": """
        bare/gerne/skal/vil .. det hele .. slutte/slutter/slut/forbi/stoppe/stopper/ophøre/ovre,
        er det hele .. slut/forbi/ovre, så er det forbi, få/have/får/har .. evig fred, fred for altid, endelig .. fred,
        farvel for altid/evigt, farvel .. verden/livet, farvel til jer/alle/alt, farvel alle, så er det farvel,
        farvel fra mig, mit farvel, sidste gang .. hører/ser .. mig, hører .. ikke .. fra mig igen/mere,
        ser mig .. ikke igen/mere, ser mig aldrig, aldrig se mig, aldrig .. høre fra mig,
        bliver/er .. min sidste besked/sms, min sidste nat, min sidste aften, ses .. himlen, ses .. anden side, næste liv,
        når i/du/de/nogen finder mig ., finder mig død, når i/du læser det/dette/den, ser ingen anden udvej,
        ikke .. se/ser .. anden/andre udvej/udveje/muligheder/vej, eneste udvej, eneste .. vej ud, kun en udvej,
        pas .. på mine/min .. børn/unger/søn/datter/hund/kat/mor, fortæl/sig .. elsker dem/hende/ham, tag jer af min/mine,
        givet/foræret/forærer/giver .. ting væk, undskyld for alt ., undskyld det hele ., tilgiv mig .""",
    "the others better off without me": """
        bedre/bedst/gladere/lettere/nemmere/godt .. uden mig, verden .. uden mig,
        bedre .. hvis/når jeg .. væk/borte/død/her, byrde for, bare/kun/jeg .. byrde, til byrde, bare/kun til besvær/last,
        ligger .. til last, ingen .. savne/savner/savnet mig, ikke .. savne/savner mig,
        ingen .. opdage/opdager/mærke .. væk/død/borte, bedst/bedre .. jeg .. ikke var/er her,
        bedst/bedre .. jeg .. væk/borte/død/forsvandt, slippe/slipper for mig, fri for mig""",
    "harming myself": """
        SKÆRE mig, SKÆRE jeg mig, SKÆRE .. mig selv, SKÆRE .. i mig, SKÆRE .. i .. arm*/lår*/ben/benet/hud/huden,
        cutte/cutter/cuttet/cuttede/cutting, selvskad*, selv skad*, skade/skader/skadet .. mig selv, skade på mig selv,
        GØRE .. mig selv .. ondt/skade/fortræd/noget, GØRE .. skade på mig, slå/slår mig selv,
        brænde/brænder/brændte mig selv, brænde/brænder mig .. cigaret*/lighter*, straffe/straffer mig selv,
        barberblad* .. arm*/mig/lår*/håndled*, hovedet .. ind i væggen/muren, hovedet .. mod væggen/muren,
        kradser/river/klør mig til blods""",
    "poison or pills taken": """
        overdosis*, overdosering, ~overdosis, SPISE .. MANGE .. PILLER, for mange .. PILLER, # PILLER, # stk PILLER,
        PILLER .. SPISE .. alle/mange/allesammen, alle/mange PILLER .. SPISE,
        samle/samlet/sparet/gemt/samler/sparer/gemmer .. PILLER, SPISE .. hele glasset/æsken/bøtten, pilleglas*, SPISE gift,
        SPISE .. GIFT, 💊💊, taget/tog noget .. ikke skulle, taget/tog .. for mange .""",
    "violence or threats at home": """
        HJEMME .. SLÅR .. MIG, HJEMME .. HÅRD mig/os, HJEMME .. slå .. ihjel, HJEMME .. GØRE MIG .. noget/ondt/fortræd,
        HJEMME .. smadre/smadrer/smadrede/smadret, HJEMME .. kniv/økse/pistol/bat/gevær, om halsen på mig,
        holdt/holder .. mig nede, BLIVER .. slået/tævet/banket/tæsket/mishandlet/gennembanket/kvalt .. af min/ham/hende,
        BLIVER slået/tævet/tæsket/mishandlet/gennembanket/kvalt,
        BLIVER .. slået/truet/tævet .. hjemme/derhjemme/hjemmet/børnene,
        får/fik/fået .. tæv/klø/tæsk/bank/lussing/lussinger/øretæver, tør ikke .. hjem/hjemme, tør ikke være .. HJEMME,
        bange for .. gå hjem, bange for .. være hjemme, bange for .. komme hjem, bange for min PARTNER, bange for ham/hende,
        bange for .. HJEMME .. gør/gøre/kommer/slår/finder/dukker, bange i mit eget, utryg* .. hjemme/derhjemme, vold,
        *vold, volden, voldelig*, voldtag*, voldtog, voldtægt*, kvælertag*, krisecent*,
        låser/låst/spærrer/spærret .. mig inde, holder mig fanget/indespærret/inde, truer/truede/truet .. kniv,
        flygtet fra min PARTNER, gemmer/gemt mig .. ham/manden/kæresten/eksen, blå mærker, blåt øje, gul og blå,
        HJEMME .. uden/udenfor/foran .. døren/dør .. truer/råber/banker, kommer efter mig""",
}

TODAY = {
    "cannot go on": """
        kan/ka/kunne .. ikke mere, kan/ka ikke det/dette .. mere,
        kan/ka ikke klare/holde/overskue/gøre/magte/bære .. mere/længere, kan/ka ikke længere .,
        kan/ka ikke klare .. det/presset/hverdagen/dagen/livet/noget, klarer .. det ikke, klarer den ikke,
        klarer ikke .. mere/længere, klarer .. ikke det, kan/ka ikke .. holde .. ud, kan/ka ikke holde til,
        holder .. ikke ud, holder ikke .. mere/længere, holder det ikke ., holder ikke til det, kan/ka ikke rumme,
        kan/ka ikke magte, kan/ka ikke fortsætte, kan/ka ikke blive ved, kan/ka ikke holde sammen,
        ikke .. komme/kommer/klare .. igennem, ikke .. hvordan jeg .. klare/overleve, gider .. ikke mere,
        orker/magter/overskuer .. ikke, orker/magter/overskuer .. ingenting/intet, jeg giver op, giver jeg op, givet op,
        give op, giver .. helt op, opgivet alt/det/håbet/mig, jeg opgiver, ingen/ikke/intet .. kræfter/overskud tilbage,
        ingen kræfter, intet overskud, ikke .. flere kræfter, løbet tør for kræfter, ikke .. ud af sengen,
        ligger .. i sengen/mørket/mørke, udbrændt, brændt ud, helt nede, på bunden, ramt bunden, ud i tovene, ved at drukne,
        sort hul, dybt hul, dybt nede, kørt .. ned ., kørt helt ned, går ned ., ned med flaget,
        går/gået/gå .. ned med stress, går/gået helt ned ., ved at gå ned ., ved at gå under, ved at gå til grunde,
        ved at gå i stykker/opløsning, op i limningen, jeg går under ., jeg går .. i stykker, jeg går .. til grunde,
        fra forstanden, BLIVER/blive .. sindssyg/skør/vanvittig/tosset ., jeg kan intet/ingenting, grænsen er nået,
        nået .. min grænse, det hele .. for meget, alt for meget for mig, livet .. for hårdt/svært/tungt,
        væk fra det hele/alt""",
    "hopelessness": """
        håbløs*, ~håbløst, intet/ingen/uden håb, ikke .. noget håb,
        mistet/mister/opgivet/tabt .. håb/håbet/livsmod*/livsgnist*/livsglæde*, ingen/ikke .. udvej, ingen vej ud,
        ikke .. vej ud, ser .. sort ud, ser .. sort på, ingen/ikke/uden .. nogen fremtid, ingen fremtid,
        ser ikke .. lys/lyset/fremtid/mening/meningen, ikke .. se .. lys/lyset/fremtid/fremtiden/mening/meningen,
        alt/alting/hele .. meningsløst/nytteløst/ligegyldigt/sort/forgæves/umuligt/tabt/slut/ødelagt/mørkt,
        alt/alting/hele .. lige meget, ingenting/intet .. mening/nytter/lykkes/hjælper, ingen mening med,
        ikke .. mening .. noget/længere, ikke .. nogen mening ., aldrig .. bedre ., BLIVER aldrig .. bedre/godt,
        ude med mig, ødelagt mit liv, liv er ødelagt, værdiløs*, intet/ingenting værd, ikke .. noget værd, jeg .. ubrugelig,
        overflødig, fiasko, taber ., fortabt, hader mig selv, hader mit/livet, LIVET .. lort/helvede/mareridt,
        ligegyldig for, duer ikke til noget, duer ikke ., kan ikke finde ud af livet,
        føler mig .. tom/værdiløs/usynlig/magtesløs, tom indeni, følelsesløs""",
    "anxiety or panic": """
        angst*, *angst, ~angsten, panik*, panisk, paranoid*, rædselsslagen, bange hele, bange for alt/alting,
        bange for at gå, hører stemmer, tør ikke .. ud, tør ikke .. åbne/svare/forlade/tage, deprimeret, ~deprimeret,
        psykotisk, livslinien, kan ikke .. trække/få vejret/luft, ryster .. over/hele, jeg ryster, gjort noget dumt,
        hjertet .. hamrer/banker/galoperer, hyperventilerer""",
    "drinking again, a relapse": """
        DRIKKE .. igen, begyndt .. drikke/DRIKKE, drikker/drukket/drak .. for meget,
        drikker/drukket/drak .. hver/hele/dagligt, drikker/drukket/drak .. SPRUT, drikker/drukket .. siden,
        er/var fuld .. igen/hver/hele, drak mig .. fuld, tilbagefald*, faldet/faldt/falder i .. igen/efter/ædru/flasken,
        ryger/røg/røget i igen, faldet i med, faldet/faldt i vandet igen, på druk, drukket mig fuld, kan ikke .. ædru,
        ikke ædru, efter .. ædru, ædru .. efter/indtil/men, begyndt .. på STOFFER, STOFFER igen, på stoffer,
        taget/tager/tog stoffer, ryger/røget .. hash, afhængig igen, tilbage .. flasken/stofferne/hashen/druk*, misbrug*,
        *misbrug, ludoman*, spillet .. væk, alkoholiker*, antabus, drikkeri*""",
    "losing the home": """
        smidt/smides/sættes .. ud af, BLIVER .. sat/smidt ud, bliver jeg .. sat/smidt ud, sat/smidt på gaden, smider mig ud,
        miste/mister/mistet/mistede .. LEJLIGHED, hjemløs*, ~hjemløs, boligløs*, intet sted .. bo/sove,
        ingen/nogen/ikke .. steder/sted .. bo/sove/hen, intet sted at være, mangler .. sted .. bo/sove, uden bolig/hjem,
        tag over hovedet, skal .. ud/ude af .. LEJLIGHED,
        sover/bor/sov .. gaden/bil/bilen/sofa/sofaen/sofaer/opgang/park/parken/telt/kælder/trappe/herberg,
        ender/lander på gaden, herberg*, forsorgshjem*, fogeden, fogedret*, udsættelse .. LEJLIGHED, opsagt .. LEJLIGHED,
        LEJLIGHED .. opsagt, opsigelse .. LEJLIGHED, tvangsauktion*, ikke .. betale .. husleje/huslejen,
        husleje/huslejen .. ikke .. betale/betalt/råd, bagud med .. huslejen/husleje, huslejerestance*""",
    "no money for food, rent or medicine": """
        ingen/ikke/mangler .. penge til .. MAD, ikke .. råd til .. MAD, MAD .. ikke .. råd, MAD .. ingen penge,
        råd til hverken MAD, ikke .. købe .. mad/medicin*/mælk/bleer, ikke .. hente .. medicin*, ikke .. betale .. MAD,
        intet/ikke .. at spise ., intet/ikke noget .. spise, ingen penge .. MAD, kr til mad, sulter, sulte, sultne i seng,
        sulten i seng, ikke spist, ikke .. spist .. dag/dage/døgn/går, ikke fået mad, køleskab/køleskabet .. tomt,
        tomt køleskab, lukket/lukker/slukket .. for .. strømmen/strøm/varmen/vandet/el/elektriciteten, ingen mad,
        ingen penge overhovedet, lever/levet af havregryn/ris/pasta/knækbrød/vand/nudler,
        havregrød/havregryn/pasta/ris i .. dage/uge/uger, ikke mere på kontoen, ingen penge på kontoen,
        ingenting/intet .. på kontoen, kontoen .. tom, tom konto""",
    "breaking down": """
        bryder .. sammen, bryde sammen, brød .. sammen, brudt .. sammen, sammenbrud*, *sammenbrud, ~sammenbrud,
        knækker sammen, jeg er .. knækket, jeg knækker, ved at knække, falder fra hinanden, falder sammen, græder, grædt,
        græde, græd hele, tuder, tude, tudede, tudet, stortud*, hulke*,
        har det .. forfærdeligt/elendigt/rædselsfuldt/helvede/lort/skrækkeligt, ad helvede til""",
    "great loneliness": """
        ensom*, ~ensom, ~ensomhed, helt/så/fuldstændig/altid/mutters alene, alene i verden, føler mig .. alene,
        alene med det hele, ingen .. tale/snakke/ringe med/til, ingen .. at tale/snakke,
        ikke/aldrig .. nogen .. tale/snakke, ikke .. talt/snakket .. nogen/menneske/mennesker/sjæl/andre,
        ikke .. set .. menneske/mennesker/sjæl, ingen venner, ikke .. nogen venner, ingen .. holder af mig,
        ingen .. kan lide mig, ingen .. elsker mig, ingen .. gider/vil .. mig, ingen .. spørger til,
        ikke .. eneste der/som .. spørger/ringer/skriver/savner, ikke .. spørger til mig, har ingen tilbage,
        har ikke nogen tilbage, vendt mig ryggen, forladt mig, eneste .. taler/snakker med, taler/snakker kun med,
        mistet alle""",
    "signs": """
        💊, 🔪, 🔫, ⚰, ☠""",
}

HARMLESS = {
    "everyday": """
        skære/skærer/skar/skåret .. ned på, skære/skærer/skar/skåret .. finger*/fingre*/tommelfinger*,
        økonomisk/kommercielt/forretningsmæssigt/socialt selvmord*, kan/kunne ikke .. mere end,
        kan ikke .. mere information, kan ikke .. mere tid, ikke længere end, kan ikke holde til mødet,
        slå/slår/slog/slået tiden ihjel, slå/slår/slog tid ihjel, det slår/slog mig, jeg .. SLÅ mig ned, SLÅ mig på,
        SLÅ mig løs, SLÅ mig sammen, SLÅ op med, slået op, banke/banker/banket/bankede på, slår/slog/slå græs*,
        truet/truer/truede .. med .. bøde/sagsanlæg/retten/anmeldelse, BLIVER slået af konkurrent*, hænge/hænger mig ikke,
        hænge/hænger mig .. i detalje*/småting/ord/ordene/det/den, hænge mig på, skyde/skyder/skudt mig selv i foden,
        skyd mig en, hoppe/hopper/springe/springer ud i det, hoppe/hopper/springe/springer på .. toget/tog/bussen/bus/bilen,
        kaste/kaster mig ud i,
        dø/dør/død/døde .. af grin/latter/kedsomhed/varme/kulde/nysgerrighed/skam/sult/træthed/spænding,
        TING .. dø/dør/død/døde, MOMS .. TAGE livet af mig, MOMS dræber mig, leve af, leve op til, gå/går ikke i panik,
        ingen panik, panik over, drikke/drikker/drukket/drak .. kaffe/te/vand/cola/sodavand, give/giver/givet ikke op,
        ikke give op, aldrig give op, giver aldrig op, helt alene om, helt alene i butikken,
        TING .. brudt/brød/bryder sammen, håbløs* TING, TING .. håbløs*, TING .. brændt ud, sort hul i, på bunden af,
        drukne/drukner i, helt nede ved/på/i, overdosis af, vold og magt, fri for mig .. torsdag, # mg, farvel og tak,
        farvel til .. kunde*, administrativ/økonomisk byrde""",
}

SPELLINGS = {
    "ikke": "ik, ikek, ikker, ikje, ike",
    "jeg": "jge, jeq, jej, jag, jeh",
    "mig": "mej, miq",
    "ihjel": "ihel, ihjæl, ijhel, ihjle, i hjel",
    "mere": "mer, merer, mre",
    "ville": "vilde, vill",
    "livet": "livt, livte",
    "leve": "lvee",
    "orker": "orger, åker",
    "længere": "længer, lengere, lengre",
    "selvmord": "selv mord, selmord, sevlmord",
    "ensom": "ensåm",
    "angst": "anxt, angts, anst",
    "ked af": "kedaf",
    "udenfor": "uden for",
    "derhjemme": "der hjemme",
    "kræfter": "krefter",
    "håb": "hob",
    "nogen": "noen, nogn",
    "alene": "allene, alena",
}
