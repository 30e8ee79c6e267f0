"""Words of danger in English, written as `danger_words` says."""

KINDS = {
    "SHE": """
        he/she/hes/shes/husband/wife/boyfriend/girlfriend/ex/partner/dad/father/mother/mum/mom/son/
        brother/stepfather/stepdad/flatmate/roommate""",
    "HITS": """
        hit/hits/hitting/beat/beats/beating/kick/kicks/kicked/kicking/choke/chokes/choked/choking/punch/
        punches/punched/slap/slaps/slapped/strangle/strangled/threaten/threatens/threatened/threatening/
        attack/attacks/attacked/abuse/abuses/abused/grab/grabs/grabbed/push/pushes/pushed/shoves/shoved/
        threw/throws/hurts/hurt/hurting/rapes/raped/stalks/stalking""",
    "ME": "me/us/kids/children",
    "PILLS": """
        pill/pills/*pills/tablet/tablets/paracetamol*/ibuprofen*/panodil*/tylenol*/advil*/xanax*/
        medication/meds/painkillers/insulin/morphine/oxy*/tramadol/💊""",
    "TOOK": "take/took/taken/taking/swallow/swallowed/swallowing/ate/eaten/had/downed/popped",
    "LOTS": "all/many/lot/lots/bunch/handful/bottle/box/whole/rest/packet/pack/ten/twenty/thirty/forty/some/#",
    "FOOD": "food/rent/medicine/meds/heating/electricity/diapers/nappies/groceries/insulin/eat",
    "HOME": "home/house/flat/apartment/place/room",
    "CANT": "cant/cannot/couldnt",
    "GONE": "gone/dead/disappeared",
    "THING": "printer/laptop/computer/car/phone/machine/website/site/server/system/wifi/app/bike/van",
}

NOW = {
    "suicide": """
        suicid*, ~suicide, ~suicidal, kill/killing/killed myself, kill me ., unalive*, end/ending/ended my .. life,
        end/ending it all/tonight/today/now/soon, take/taking/took my .. life, hang/hanging myself, shoot/shooting myself,
        drown/drowning myself, jump/jumping .. off/front, jump/jumping from, in front of .. train/bus/truck/car, slit my,
        my wrist/wrists, goodbye forever, goodbye .. world, goodbye everyone, goodbye letter/letters/note/notes,
        worth more dead, my goodbye, this is .. last message, last time .. hear from me, never see me again,
        by the time you .. read, do something stupid, thinking/think/thoughts .. death/dying, dark thoughts,
        want it .. end/over, want everything .. end/over/stop, see/sees no other way, tell .. i love them/her/him,
        sorry for everything ., take care of my kids/children/dog/cat""",
    "not wanting to live": """
        want/like/wish/ready/rather/going/let .. die, want to be dead, wish .. dead, better off dead,
        wish .. never .. born/wake, never been born, dont/not want .. live/alive/exist/living, dont want .. be here,
        not want .. be here, dont feel like living, no longer want .. live/alive/here, never wake, not wake up,
        dont/not want .. wake, wont wake, hope .. dont wake, reason/point/will/strength .. to live, reason/point .. living,
        worth living, tired/sick of .. living/life/alive, done with .. life/living, CANT .. live like this,
        CANT live anymore, disappear forever, want to disappear/vanish, wont be here/around .. longer/anymore/much/soon,
        wont be .. alive, not be here/around .. longer/anymore/much, leave this world/life, GONE by tomorrow/monday""",
    "the others better off without me": """
        better .. without me, better .. if/when/once i .. GONE, if i .. was/were GONE, if i .. wasnt/werent here,
        better .. if i .. here, nobody/noone .. would/will/ll .. miss me, nobody/noone .. notice .. GONE, burden to/on/for,
        just/only .. burden""",
    "harm, poison, pills": """
        hurt/hurting/harm/harming/cut/cutting/burn/burning/burned myself,
        cut/cutting my .. arm/arms/leg/legs/thigh/thighs/wrist/wrists, cutting again, started cutting, self harm*,
        selfharm*, overdos*, ~overdose, TOOK .. LOTS .. PILLS, too many .. PILLS, # PILLS,
        saving/saved/collected/stockpil* .. PILLS, drank/drunk/swallowed/drink .. bleach/poison/antifreeze/cleaner,
        took poison""",
    "violence or threats at home": """
        SHE .. HITS .. ME, SHE .. kill me/us, SHE .. knife/gun,
        afraid/scared/terrified of .. husband/boyfriend/wife/partner/ex/him/her/dad/father,
        afraid/scared/terrified .. he/she .. will/hurt/kill/hit/come/comes/find/finds, afraid/scared to go home,
        scared at home, not/isnt safe at home, domestic violence/abuse, abusive, violent, raped, rape,
        locks/locked .. me in, beaten at home, being/getting/got/been beaten/hit/abused, wont/doesnt let me leave/out/go,
        black eye, bruises, stalking me""",
}

TODAY = {
    "cannot go on": """
        CANT go on, CANT keep going, CANT .. anymore, CANT .. any more, CANT .. much longer, CANT cope, CANT take it/this,
        CANT do this ., want it .. stop, make it stop, worth it anymore, done with everything, done with it all,
        CANT handle, CANT get out of bed, dont/not know how .. cope/go/survive/through/manage, give/giving/given up,
        gave up, no strength, no energy left, nothing left, breaking point, end of my rope, at my limit, too much for me,
        its all too much, everything .. too much, burned/burnt out, im done with everything/life/trying, rock bottom,
        drowning ., losing my mind, going crazy/insane""",
    "hopelessness": """
        hopeless*, ~hopeless, no hope, without hope, lost/losing .. hope, no way out, no future, no point, pointless,
        meaningless, worthless, im .. useless, feel .. useless, whats the point, never .. get better, nothing matters,
        nothing helps, hate myself, hate my life, my life is .. over/ruined/mess, a failure, feel .. empty/numb/worthless,
        CANT see .. future/way""",
    "anxiety or panic": """
        anxiety, ~anxiety, anxious, panic*, terrified, depressed, ~depressed, paranoid, hearing voices, CANT breathe,
        scared all, afraid/scared of everything, afraid/scared to leave/go out, shaking""",
    "drinking again, a relapse": """
        relaps*, ~relapsed, drinking/drunk/drink/drank .. again, drinking/drank .. much, drinking/drunk every,
        started .. drinking, drinking all, using again, back on drugs/it, on drugs, not/stay/staying sober,
        months/weeks/years/days sober, fell off the wagon, gambl*""",
    "losing the home": """
        lose/losing/lost .. HOME, evict*, ~evicted, kicked/thrown .. out, homeless*, ~homeless,
        nowhere to live/sleep/stay/go, on the street/streets, sleeping .. car/couch/sofa/floor/park, behind on .. rent,
        CANT/not .. pay .. rent""",
    "no money for food, rent or medicine": """
        no/any/enough money .. FOOD, CANT/not .. afford .. FOOD, nothing to eat, no food, CANT buy .. FOOD, starving,
        starve, not/havent/hasnt eaten, havent .. eaten, im .. hungry, kids/children .. hungry, go/going hungry,
        empty fridge, fridge is empty, cut off .. electricity/power/heating""",
    "breaking down": """
        breaking down, broke down, broken down, break down ., breakdown, fall/falling/fell apart, CANT stop crying,
        crying all/every, keep crying, im crying, i cry, cried all, cried""",
    "great loneliness": """
        so/all/completely/totally/always alone, feel/feeling .. alone, lonely, ~lonely, loneliness, nobody/noone .. talk to,
        anyone to talk to, anybody to talk to, havent spoken/talked .. anyone/anybody/soul/person, no friends, no family,
        nobody/noone cares, nobody/noone .. loves/likes/wants me, i have nobody/noone""",
}

HARMLESS = {
    "everyday": """
        kill/killing/killed time, kill two birds, is/are killing me, killing it, dying to, to die for, dead tired,
        dead line, # kms, kms from/away, hit/hits me up, hit me that, it hit me, beats me, cut/cutting costs,
        takes/take my time, financial/career/social/commercial suicide, CANT .. any more than, CANT .. anymore than,
        CANT come anymore, CANT make it anymore, CANT make it any more,
        not/never/wont/dont give up, never giving up, hungry for, no point in calling, dont panic,
        no panic, THING .. broke/breaks/broken/breaking down, THING .. die/dies/died/dead/dying,
        battery .. die/dies/died/dead/dying, hopeless THING, live in/on/with, worth living off, cut myself .. slack,
        drowning in, jump/jumping in, done with it ., had a lot, burden of""",
}

SPELLINGS = {
    "cant": "can not",
    "dont": "do not, dnt",
    "want to": "wanna",
    "going to": "gonna",
    "im": "i am",
    "he is": "hes",
    "she is": "shes",
    "myself": "my self, myslef",
    "anymore": "any longer",
    "noone": "no one",
    "wont": "will not",
    "havent": "have not",
    "didnt": "did not",
    "isnt": "is not",
    "suicide": "suacide, sucide",
}
