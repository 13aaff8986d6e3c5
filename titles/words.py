"""A little English: which words stand where. Enough to tell "Ride the Mirror" from "Room the Had".

Each open word is listed under what it mostly is; many stand under two.
"""

from __future__ import annotations

CLOSED = {
    "D": """a an the my your our their his her every each another whose no any some this that these those all both half
        yer thy""",
    "F": "of",
    "P": """in on at for from with without into onto by under over through after before behind between beyond
        against among around across along above below beneath beside like near within inside outside during until
        till toward towards upon than as past via""",
    "T": "to",
    "C": "and or but nor & if because while though since",
    "I": "i we they he she thou",
    "O": "me us them him thee",
    "Y": """you it her this that all one none nothing something everything anything nobody somebody everybody anyone
        someone everyone myself yourself mine yours himself herself itself""",
    "X": """is are was were be been am will would can could shall should may might must do does did has have had
        don't doesn't didn't can't cannot couldn't won't wouldn't isn't aren't ain't wasn't shouldn't haven't gonna
        wanna gotta""",
    "J": """i'm i'll i've i'd you're you'll you've you'd we're we'll we've they're they'll it's it'll he's he'll she's
        she'll that's there's what's who's here's where's let's""",
    "Q": "what when where how why who whom which whatever whenever wherever",
    "R": """not never now here there too so always again forever tomorrow today tonight yesterday just only still once
        more most yet almost ever sometimes maybe soon very away home together alone else instead well even later""",
    "U": "out up down off on in over back away through by around",
    "H": "hey oh yeah yes hello goodbye la ah uh ooh wow baby mama sha na please",
    "M": "one two three four five six seven eight nine ten twelve hundred thousand million ii iii iv vi vii viii ix",
}
"""Words that hold a title together, by class. D: what asks for a noun. F: of. P: prepositions. T: to. C: what joins.
I and O: pronouns as subject and as object. Y: as either. X: what helps a verb. J: a pronoun with its verb.
Q: question words. R: adverbs. U: what may end a verb. H: calls. M: numbers."""

NOUNS = """
    abyss acid age air album alien ancestor angel anger animal apple arm arms army arrow art ash ashes atom autumn
    axe baby back bag ball band bank bar battle bay beach bear beast beat beauty bed bee bell belly bible bird birth
    birthday bite blade blanket blaze blessing block blood blues boat body bomb bone bones book border boss bottle
    bottom box boy boys brain brass bread breath brick bride bridge brother bruise bug bullet burden butterfly cage
    cake call candle candy captain car card carpet case cash castle cat cathedral cause cave cell center centre
    century chain chains chair chance change changes chapter charm chase child children choice church circle city
    class claw clay clock cloud clouds clown club coal coast coat code coffee coffin coin cold color colour comet
    company concrete confusion control corner cosmos country courage cowboy cradle creature creek cross crow crowd
    crown crystal cult cup cure curse curtain cycle damage dance dancer danger dark darkness date daughter dawn day
    days dead death debt deep demon desert desire destroyer devil diamond dinner dirt disease ditch doctor dog doll
    dollar door doors doubt dragon dream dreamer dreams dress drink driver drop drum dust eagle ear earth east echo
    edge egg elephant ember emperor empire end enemy engine error escape eternity eve evening evil evolution exit
    eye eyes face factory faith fall fame family fantasy farm fashion fate father fault fear feather feeling feet
    fence fever field fight finger fire fish fist flag flame flames flash flesh flight flood floor flower fly fog
    food fool foot force forest fork form fortune forum fox frame freak freedom friend friends frost fruit fuel
    funeral fury future galaxy gallows game garden gas gate gates general ghost giant gift girl glass glory glove
    god gods gold goodbye grace grain grass grave gravity green grief ground guitar gum gun guns habit hair half
    hall halo hammer hand hands happiness harbour harm harvest hat hatchet hate head heart hearts heat heaven heel
    hell helmet help hero hill history hole holiday home honey honor honour hook hope horn horse horseman hospital
    hotel hound hour hours house human hunger hunter hurricane husband hymn ice idea idol illusion image infinity
    ink inside iron island jack jail jesus job joke journey joy judge juice jungle justice key keys kid killer kind
    king kingdom kings kiss kitchen knee knife knight knot lady lake lamb lamp land lane language law lawn leader
    leaf leather leg letter liar liberty lie lies life light lightning lights lily limb line lion lip lips list
    little lizard loneliness lord loser loss love lover lovers luck lullaby lust machine machines madness magic
    magnet maid man map march mark market mask master matter maze meat medicine melody memories memory men mercy
    message messiah metal midnight mile militia milk mind mine mirror misery miss mist mistake moment money monk
    monkey monster month mood moon morning moth mother mountain mouse mouth movie mud murder muscle music mystery
    myth nail name nation nature neck needle neighbour nerve nest news night nightmare nights noise noon north nose
    note number nurse oasis ocean office oil onion opera orchard order orphan others pain paint pair palace paper
    parade paradise parent park part party passenger path pattern peace peak pearl pen penny people pepper person
    phantom phone photograph picture pie piece pig pill pillow pilot pipe pirate place plague plan plane planet
    plant plastic plate play player pleasure pocket poem poet point poison police pool poor postman power prayer
    preacher presence price pride priest prince princess prison prisoner problem promise prophet puppet puppets
    purple push queen question race radio rage rail rain rainbow raven ray razor reach reality reason rebel red
    regret religion remedy remorse rescue rest return revenge revolution revolver rhythm rider ring river road robot
    rock roll romance roof room root rope rose row rug ruin rule runner rust sacrifice sailor saint salt salvation
    sand sanity satan satellite savior scale scar school science scream sea season seasons seat second secret seed
    self sense serpent servant shade shadow shadows shake shame shape sheep shelter shepherd shield ship shirt shock
    shoe shop shore shot shoulder show sickness side sign signal silence silver sin sinner sister skeleton skin
    skull sky slave sleep smile smoke snail snake snow soap soldier son song songs sorrow soul sound soup south
    space spark spell spider spine spirit spring square stage stain stair star stars state station steel step stone
    stop storm story stranger stream street string struggle stuff submarine sugar suit summer sun sunday sunrise
    sunset sunshine surface surprise surrender swamp swan sweat sword system table tale taste tax tea teacher tear
    tears teeth temple terror test thief thing things thorn thought thoughts thread throat throne thunder ticket
    tide tiger time times tin toad tomb tongue tool tooth top torch touch tour tower town toy track trade train trap
    trash travel traveller tree trees trick trouble truck trumpet trust truth tune tunnel turn turtle twin twist
    union universe unknown valley vampire vein velvet venom vessel victim victory view village vine violence virus
    vision voice void volcano vomit wagon wall walls walrus war warning warrior wasp waste water wave waves wax way
    ways weapon weather web week weekend weight well west whale wheel whip whiskey whisper whistle white widow wife
    wild wilderness wind window wine wing wings winner winter wire wish witch wizard wolf woman women wonder wood
    word words work world worm wound wreck wrist year years zero zone
"""

VERBS = """
    add ask awake bang bathe be beat became become beg began begin believe bend bit bite bled bleed bless blew blow
    boil bought bounce break breathe bring broke brought build built burn bury buy call came care carry cast catch
    caught change chase choose climb close come comes control cook count cover crawl creep crept cross cry curse cut
    dance dare decide deny destroy die dig dive do drank dream dress drew drift drink drive drop drove drown eat enter
    end escape fade fail fall feed feel fell felt fight fill find fix flew float flow fly follow forget forgive forgot
    fought found freeze froze gave get give go goes got grab grew grow guess hang harvest hate heal hear held help
    hide hit hold hope hunt hurt jump keep kept kick kill kiss knew knock know knows laid laugh lay lead learn leave
    led left lick lie lift light listen live load look lose lost love made make march mean meet melt met miss mourn
    move murder need open paid paint pass pay play please pray pull push put rain raise ran rang reach read remember
    rescue rest ride ring rip rise roam rock rode roll rose rot rule run said sail sang sank sat save saw say scream
    search see seek sell send set shake shatter shed shine shook shoot shot shout show shut sing sink sit slay sleep
    slept slid slide slip smash smell smile smoke sold spat speak spell spend spin spit spoke spun stand stare start
    stay steal step stick stole stood stop strike struck struggle stuck suffer surrender swallow swam sweep swim
    swing swore take talk tame taste taught teach tear tell think thought threw throw tie told took tore touch
    trample travel treat trust try turn twist wait wake walk wander want warn wash waste watch wear weep went whip
    whisper whistle win wish woke won wonder wore work worry write wrote yell
"""

ADJECTIVES = """
    alive alone ancient angry bad bare barefoot beautiful better big bigger bitter black blank bleeding blessed
    blind blue bold brief bright broken brown burning calm cheap clean clear cold cool crazy crimson cruel crying
    cut damaged dark dead deaf dear deep dirty distant divine double dry dull dying early easy electric empty
    endless eternal evil faded fair fallen false fast fat fearless few final fine first flat foolish forgotten
    frantic free fresh frozen full funny gentle giant glad golden gone good gray great green grey half happy hard
    haunted heavy hidden high hollow holy honest hot huge human hungry idle infinite inner innocent invisible iron
    jealous kind last late lazy leaden lesser light little lone lonely long lost loud lovely low lucky mad magic
    magical magnetic merciless mighty modern muddy naked narrow new nice nuclear numb odd old open other outer pale
    perfect pink plain pleasant poor pretty private proud pure purple quick quiet rare raw ready real red rich right
    ripe rotten rough round royal rusty sacred sad safe same savage secret shallow sharp short shy sick silent
    silver simple sixth slow small smooth soft solar solid sore sour spare special steep still straight strange
    strong struck sudden sunny supreme sure sweet tall tame tender thick thin third tiny tired torn tough true
    twisted ugly unbroken unforgiven unholy unknown unnamed untold useless vast velvet violent wasted weak weary
    weird wet white whole wicked wide wild wise wooden worn worthless wretched wrong yellow young
"""

UNWANTED = """
    anal chink chinks coon coons fag faggot faggots fags gook gooks kike kikes nazi nazis nigga niggas nigger niggers
    paedo paedos pedo pedos rape raped rapes raping rapist rapists retard retards spastic spic spics tranny wog wogs
"""
"""Words that letters fall into by accident and nobody wants on a sleeve. A catalogue that has one of them keeps it."""
