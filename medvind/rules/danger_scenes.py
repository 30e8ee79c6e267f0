"""Danger that is told by what somebody does, where they are and what lies before them: the list goes on, in both languages.

Written as `danger_words` says. Each phrase is a pattern, not a sentence that somebody once wrote: method at hand, a place to
jump from, means laid out, a wish to be dead, no food for children, days of drinking.
"""

KINDS = {
    "STÅR": "står/stod/stået/sidder/sad/siddet/ligger/lå/ligget/venter/ventet/standing/stand/stood/sitting/sit/sat/lying",
    "HØJT": "højhus*/parkeringshus*/hustag*/bygning*/boligblok*/tårn*/broen/*broen/altan*/altankanten/klippe*",
    "SKINNER": "skinnerne/togskinnerne/jernbaneskinnerne/jernbanen/togbanen/togsporet/togoverskæringen",
    "HOPPER": "hoppe/hopper/springe/springer/jump/jumping",
    "PILLERNE": """
        piller/pillerne/*piller/*pillerne/panodilerne/tabletter/tabletterne/*tabletter/*tabletterne/kapslerne/
        medicinen/insulinen/pilleglasset/pilleæsken""",
    "FREMME": "frem/fremme/foran/klar",
    "VÅBEN": "pistol/pistolen/gevær/geværet/*gevær/*geværet/haglbøsse*/riffel/riflen/*riffel/*riflen",
    "SKARP": "kniv/kniven/*kniv/*kniven/barberblad*/saks/saksen/skalpel*/glasskår*",
    "KROP": "arm/armen/armene/håndled*/hals/halsen/strube*/lår/låret/lårene/ben/benet/benene/hud/huden/mave/maven",
    "ER_VÆK": "væk/borte/død/døde/dør/forsvandt/forsvinder",
    "BØRN": """
        børn/børnene/*børn/unger/ungerne/drengene/pigerne/drenge/piger/sønnerne/døtrene/datter/søn/barn/
        barnet/familien/tvillingerne""",
    "MÅLTID": "mad/maden/aftensmad/morgenmad/madpakke/madpakker/middag",
    "TØRVARE": "ris/pasta/havregryn/rugbrød/brød/nudler/knækbrød/mel",
    "DAGE": "dag/dage/døgn/dagevis/uge/uger/ugevis/nætter/måneder/måned",
    "DRUKKET": "drukket/drikker/druk/beruset/pisfuld/stangstiv",
    "OVERSKUE": "overskue/rumme/magte/udholde",
    "NOK": """
        moms/momsen/*momsen/regnskab/regnskabet/skema/skemaer/skemaet/skemaerne/papirarbejde/papirarbejdet/papirer/bilag/
        bilagene/kvitteringer/formularer/blanketter/bogføring/bogføringen/kaffe/te/kage/sne/regn""",
    "DÅSE": "kniv/kniven/*kniv/*kniven/dåse/dåsen/*dåse/glas/glasset/tallerken/kop/papir*/kant/kanten",
    "NOK_MERE": "./tak/haha/hahaha/hihi/lol/lige/nu",
    "LAID": "lined/laid/counted/poured/emptied/got/have/has/are",
    "TABLETS": "pills/*pills/tablets/paracetamol*/painkillers/insulin/meds/medication",
}

NOW = {
    "a place to jump or to be run over": """
        STÅR .. ved/på .. SKINNER, STÅR .. på/by/on .. railway/tracks, taget .. HØJT, STÅR .. ude på .. kanten/kant, STÅR ..
        på/ved .. HØJT .. HOPPER, tænker/tænke/tænkt/overvejer/lyst/klar/parat .. HOPPER ., lyst til at HOPPER ud/ned, jeg
        HOPPER nu/ned ., nu HOPPER jeg ., HOPPER .. ned .. fra, ned/nede ved banen, STÅR .. on/at ..
        roof/ledge/edge/bridge/railing, going/want/thinking/about/urge .. jump ., walk/walking/walked .. into ..
        sea/ocean/river/traffic/water, GÅ/går .. i vandet .. nat/aften, GÅ .. ud i havet/søen/fjorden, går .. ud .. foran ..
        bil/lastbil/bus""",
    "means that lie ready": """
        PILLERNE .. FREMME, FREMME .. PILLERNE, lagt/lægger/lagde/stillet/talt/hældt/hælder/linet/samlet .. PILLERNE ..
        op/ud/sammen, TAGE .. PILLERNE nu/allesammen, nu TAGE jeg .. PILLERNE, PILLERNE .. på natbordet,
        pakkerne/pakken/æskerne .. på natbordet, tømt/tømmer/tømte .. medicinskab*/pilleæske*, LAID .. TABLETS ..
        up/out/ready, TABLETS .. in front of me, my TABLETS .. ready, taking/take .. TABLETS now/tonight,
        fundet/hentet/finder/henter/ladt/lader/har .. VÅBEN .. frem/ladt/klar, fundet/hentet/finder/henter/ladt ..
        gevær/geværet/*gevær/*geværet/haglbøsse*/riffel/riflen, VÅBEN .. ladt/klar, SKARP .. mod/på/til/ved .. KROP, garage*
        .. motoren kører/tændt, motoren kører/tændt .. garage*, udstødning* .. ind/bilen/slange*, slange* .. udstødning*,
        kulilte*, noose, rope .. ready/neck/tied/beam, have/got .. rope ./and/ready, loaded .. gun, gun .. loaded/head/mouth""",
    "a wish to be dead": """
        drømmer/drømt/drømme/drøm/længes/beder/fantaserer/fantasi* .. dø/død/døden, længes efter døden, døden ..
        lettelse/befrielse/løsning, beder/håber/ønsker .. hjertet .. stå/stopper/standser, ønske/håber/gid/hvis/ville ..
        kørte/kørt/kører/køre .. mig ned/over, håber/ønsker/gid .. kørt over/ned/ihjel, rather .. dead,
        dreaming/dream/longing/long/praying/pray .. die/dead/death/dying, ikke/intet/ingenting/noget/hvad .. at leve for,
        intet/ikke/uden/mistet .. leve for, nothing/something/anything/reason .. live for, ønske/ønsker/gid/bare .. ikke
        fandtes/eksisterede, ikke .. mere liv i mig, trække vejret mere/længere, grund .. til at trække vejret, ikke/aldrig
        vågner fra, opgivet/give/giver/givet .. livet, ikke tænkt mig .. være her, want/need/going/ready .. to end it
        ./now/all/so/please, just end it, jeg dør i nat/aften, my own funeral, my funeral, wish .. hit by ..
        car/bus/train/truck, wish .. run me over, wish i .. not exist/existed, meningen .. livet, fortsætte livet, bedst/bedre
        død, aldrig .. kommet til verden, decided/planning/plan to die,
        håber/håbe/ønsker/ønske/gid ikke .. jeg .. VÅGNE""",
    "an end that is planned": """
        slut med mig ., aften/nat/morgen er det .. slut/forbi med mig, slippe/komme/vil .. væk .. for altid/evigt,
        skrevet/skriver .. brev/breve til .. BØRN, my last night/evening, verden .. bedre sted uden, pengene .. forsikring* ..
        jeg .. ER_VÆK, forsikring* .. hvis/når jeg .. død/døde/dør/borte, life insurance .. dead/gone/died,
        bedre/bedst/lettere/nemmere/gladere .. hvis/når jeg .. ER_VÆK, if i .. wasnt/werent around/there/alive, verden ..
        better place without, over it .. if i .. wasnt/werent/died, when im gone ., ikke tænke på mig mere/længere, sidste dag
        på jorden, sidste dag i live, liv .. slutter/ender/stopper i, kys til mine/min .. BØRN, ingen finder mig ./før,
        nobody/noone will find me ./until, lægge mærke til .. hvis/om jeg .. her/væk/død/borte/forsvandt""",
    "harm, that has begun": """
        stikker/stak/stukket/prikker/brænder/bider/kradser mig selv, jeg .. bløder, bløder .. meget/voldsomt/kraftigt, skåret
        .. dybt, burning/burn/burned my .. arm/arms/leg/legs/thigh/thighs/skin/wrists, swallowed/took .. every ..
        pill/TABLETS, SPISE .. plade/plader/håndfulde/hele .. PILLERNE, SPISE .. for meget .. medicin/*medicin, SPISE .. meget
        .. *medicin, SPISE .. mange .. sovetabletter, taget/tog .. al .. medicin*, cut deeper, aspirin* .. bottle/glas, bottle
        of aspirin*""",
    "danger, said as such": """
        jeg er i .. fare, vi er i fare ., jeg/vi er i livsfare, er jeg i .. fare, børnene/barnet/ungerne .. er i fare, mit liv
        .. i fare, i livsfare ., hjælp .. jeg er .. bange ., hjælp jeg er bange, help .. im .. scared/afraid ., im/am in
        danger, we are in danger, kids/children .. in danger, help .. in danger, brug for .. ambulance, ring .. ambulance*,
        send .. ambulance, send politiet ./nu, call .. ambulance ./please/now, send .. police ./please/now""",
    "violence, without its word": """
        HJEMME .. brænder/brænde/sætter .. huset/hjemmet/lejligheden/os/mig, holder/holdt/trykker .. pude/puden/hånden/hånd ..
        ansigt*/mund*/hals*, hånden/hænder/hænderne .. om/rundt/på .. hals*/strube*, hands/hand .. round/around/over/on ..
        throat/neck/mouth, HJEMME .. lader/vil .. mig ikke .. gå/ud/komme/forlade/ringe, HJEMME .. taget .. telefon .. nøgler,
        må ikke forlade huset/hjemmet/lejligheden, SLÅR mig .. gulvet/ansigtet, HJEMME .. stak/stukket .. mig/os/børnene,
        HJEMME .. ramte/ramt/rammer mig .. flaske/hånden/knytnæve*/stol/bælte*/ansigtet/hovedet, HJEMME .. slået mig, HJEMME
        .. amok, HJEMME .. ude af sig selv, HJEMME .. følger efter mig/os, HJEMME .. overvåger/opsøger/forfølger .. mig/os,
        badeværelset/toilettet/soveværelset .. døren låst, gemmer/gemt/låst .. på badeværelset/toilettet, truet .. på livet,
        dødstrussel, dødstrusler, hiding .. from .. him/her/husband/boyfriend/partner/ex, hiding in ..
        bathroom/bedroom/closet/toilet, took my phone and .. keys, HJEMME .. kaster/kaste/kastede .. efter mig/os/børnene,
        næste gang er det mig/børnene/os ., SHE .. outside .. bat/axe/hammer/stick, HJEMME .. udenfor/foran/ved .. SLÅR
        mig/os/børnene/barnet, jeg/vi er
        låst/spærret inde .. af/hos .. HJEMME, jeg/vi er låst/spærret inde .. af/hos .. ham/hende""",
    "no breath": """
        kan/ka/kunne ikke .. trække vejret""",
}

TODAY = {
    "cannot go on, said otherwise": """
        vokser mig over hovedet, hele vokser .. over hovedet, kørt .. i sænk, jeg .. gået/går/gik .. i sort ./når/hver, helt i
        sort ., ligger/sidder bare .. stirrer/ryster/glor, kan/ka/kunne ikke rejse mig, kan/ka ikke komme op .. af/fra ..
        sengen/gulvet/sofaen, kan/ka ikke samle mig, kan/ka/kunne ikke OVERSKUE .. livet/hverdagen/dagen/alting, kan/ka/kunne
        ikke OVERSKUE noget, kan/ka ikke OVERSKUE det hele, kan/ka ikke OVERSKUE mere, kan/ka ikke OVERSKUE det ., ikke til at
        holde ud, ikke til at bære/udholde/klare ., ikke til at leve med, uudholdelig*, gider ikke det/dette .. mere, ikke var
        for .. BØRN/hunden/katten, havde jeg gjort det for længst, jeg er helt/fuldstændig/fuldkommen knust, dårligt/skidt ..
        psykisk, psykisk .. dårligt/skidt/nede, ved at miste forstanden, end of my tether, wits end, falling to pieces, fallen
        to pieces, everything .. falling apart/crumbling/collapsing, bryde/bryder .. helt sammen, ked af det hele tiden/dagen,
        CANT get up .. morning/mornings, im completely/totally broken""",
    "nothing ahead": """
        nogensinde .. blive/bliver .. bedre/godt, ever getting/get/be better ., ikke/intet/ingenting/noget .. at se frem til,
        nothing .. look forward to ., hvad/ingenting/intet/ikke .. stå op for, ingenting/intet/ikke .. noget at stå op til,
        jeg er en fejl ., jeg er en fejltagelse/skuffelse/nul, rører ved .. galt/stykker/itu, fejlet som, mistet modet på
        livet""",
    "afraid, without sleep": """
        jeg er .. bange ., er så bange, jeg er bange og, så bange at, hjælp .. bange, im .. scared ., im scared and, so scared
        ./i, hjertet .. løber løbsk, hjertet .. løbsk, hjertet .. sidder .. halsen, heart .. races/racing/pounding, troede ..
        skulle dø, going to pass out, ikke sovet .. nætter/døgn/dage, hverken sove, ikke sove .. ikke spise, hverken spise,
        cant sleep .. cant eat, havent slept""",
    "days of drinking, and money that is gambled": """
        DRUKKET .. i .. DAGE, DRUKKET .. hele .. weekenden/ugen/natten/dagen/måneden, DRUKKET .. siden, været fuld ..
        DAGE/hele, fuld hele .. weekenden/ugen/dagen, fuld siden, tømmermænd .. dag/igen, flaske/flasker/kasse/kasser/liter ..
        øl/vin/vodka/sprut .. hver dag/aften/morgen, øl/vin/vodka/sprut om dagen ./nu/igen, drikker om morgenen, drikker når
        jeg vågner, tilbage på STOFFER, spillet .. lånet/pengene/lønnen/opsparingen, drinking/drunk .. since/for ..
        days/weeks/sunday/monday/tuesday/wednesday/thursday/friday/saturday, been drunk, drunk for/since, hit the bottle, back
        on the bottle/booze, bottle a day/night ., gamblet .. pengene/lånet, drak/drukket mig .. sans/sanseløs,
        spillet/spiller på casino/odds, gamblet""",
    "a home that goes": """
        skifter/skiftet/skifte .. låsen .. min dør/LEJLIGHED, udlejer* .. have mig/os ud, have mig/os ud ..
        LEJLIGHED/inden/senest, sover/sov/sove .. gulv/gulvet/bænk/bænken/brugsvogn*, changing/changed my locks, landlord ..
        locks, landlord .. me/us out, sofasurf*, sofa surf*, banken .. tager huset/hjemmet/lejligheden, på .. luftmadras""",
    "no food": """
        ingen/ikke/mangler/intet .. mad til .. BØRN, ingen/ikke/intet .. give .. BØRN .. mad/spise, ikke/intet/ingenting ..
        give .. BØRN at spise, ikke mad til .. BØRN/mig/os, BØRN .. sulten/sultne/sulter ., sulten/sultne BØRN, uden
        aftensmad/morgenmad, i seng .. sulten/sultne, kun/bare .. TØRVARE tilbage, springer .. måltider over, springer ..
        måltid over, BØRN .. ikke .. fået .. MÅLTID, ikke .. hente .. *medicin/*medicinen, ikke .. råd til ..
        *medicin/*medicinen/bleer, ikke .. penge til .. *medicin, ingen penge til .. bleer/*medicin, taget strømmen,
        afbrudt/afbryder/afbrød .. strømmen/varmen, sidder i mørke, kids/children .. toast/rice/cereal/noodles .. dinner, CANT
        pay .. electric/electricity/heating/gas, nothing .. feed .. kids/children/baby, feed .. kids/children/baby ., skipping
        meals, kr .. til/tilbage .. resten af måneden, spiser kun hver, ikke er aftensmad, strømmen/elektriciteten/varmen ..
        bliver/blir/blev/er/blevet .. lukket""",
    "tears, and alone": """
        gråd, *gråd, tårer/tårerne .. løber/triller/stopper, alt/alting/hele/verden .. ramler/braser/kollapser, sobbed,
        sobbing, in tears, burst into tears, weeping, forladt af alle/dem, ikke en eneste .. skrevet/ringet/kommet, ingen
        ringer/skriver til mig ./mere/længere, ingen ved jeg .. til/findes/eksisterer, without .. speaking/talking ..
        anyone/anybody/soul ./all/for, føler mig .. forladt, ikke/ingen .. at holde jul/nytår/fødselsdag med""",
}

HARMLESS = {
    "what is only said so": """
        i fare for at, ikke i fare, not in danger, in danger of losing/missing, fare for bøde/tab, SLÅ ..
        fluer/flue/myg/hvepse/ukrudt* .. ihjel, MOMS SLÅ .. ihjel, MOMS er ved at slå .. ihjel, brevene/rykkerne/regningerne
        SLÅ mig ihjel, TING .. give/giver/givet op, slut kl, slut klokken, fuld af, edge of my seat, ikke rumme
        flere/alle/mange, følger efter mig på instagram/facebook/linkedin/tiktok, sælger .. vitaminpiller*, PILLERNE .. på
        lager, PILLERNE .. klar .. afhentning/apoteket, opvasketabs, HOPPER .. over .. frokost*/mødet, no food at/on/in,
        drinking/drank/drunk .. coffee/tea/water, jump on .. call/train/bus, grædt/græder/tuder .. af grin/glæde, die
        laughing, TING .. bryde/bryder .. helt sammen""",
    "what ends at work, and what happens in a kitchen": """
        farvel alle sammen .. tak for i dag ., farvel alle .. tak for i dag ., farvel alle sammen .. ses i morgen .,
        skar/skåret mig på en/et/den/det DÅSE, skar/skåret mig på en/et/den/det skarp/skarpt/knust/våd DÅSE, gider/orker/magter
        ikke mere/flere NOK NOK_MERE, kan/ka ikke klare/overskue/holde/magte/rumme mere/flere NOK NOK_MERE, kan/ka ikke mere i
        dag .. ses/fortsætter i morgen ., kan/ka ikke mere i dag . .. ses i morgen ., føler mig .. alene med/om MOMS,
        give/giving up my/the business/shop/company ./because/now, trække/få vejret .. af grin/latter, VÅGNE for sent/tidligt,
        VÅGNE med hovedpine/feber, strømmen/elektriciteten/varmen .. lukket .. grund af ..
        arbejde/vedligehold*/reparation*, lukket .. for sommeren""",
}
