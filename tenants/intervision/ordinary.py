"""Words that a detector of names must know: those that are no name, and names that are ordinary words too. Pure."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Parts of a family name that are nobody's alone.
PARTICLES = _words(
    "van de der den ter ten het 't d la le les du des el al ben bin ibn abu ou i y e da di do dos von zu op in"
)
# Parts of a landlord's or a court's name that say what it is, not who.
LEGAL_FORMS = _words("bv bvba nv sa srl sprl vzw asbl cv cvba vof")
GENERIC = LEGAL_FORMS | _words(
    "immo immobilien immobilier vastgoed kantoor agentschap bureau comm v "
    "woonmaatschappij huisvestingsmaatschappij maatschappij sociale sociaal huisvesting wonen woon woningen woonpunt "
    "verhuur verhuurder verhuurkantoor svk shm huis thuis gemeente stad ocmw caw cpas beheer groep groupe invest "
    "vredegerecht kanton meester advocaat gerechtsdeurwaarder notaris en et de van het voor"
)
# Names of people and places that are words of every day: in small letters they only resemble.
ORDINARY = _words(
    "an wil wit roos bo jo jan mei juni juli lam bos berg beek dijk kerk molen smet smit bakker visser kok kuiper "
    "boer boon haas vos wolf leeuw de groot klein lang kort jong oud goed goede mooi zwart bruin blauw geel rood "
    "groen hart hand steen zand water zee wind zomer winter lente herfst zondag maandag dag nacht vriend vrede "
    "koning keizer prins graaf ridder heer man vrouw kind baas meester paul hope faith grace rose joy marc mark "
    "dirk door tom bart bert kim sam ali kat pen rik wim els mol boom lier peer menen halle ham geel essen halen "
    "diest doel balen bever herne hove as genk leest lint niel puurs ranst rumst schelle schilde borne kapellen "
    "rust vande brand put hof huys huis veld velde meer meers poel bock cool crop de wel noot post winkel stop "
    "petit grand legrand blanc rouge noir roux fort bon bonne belle ange dieu marche ville mars avril juin aime "
    "an la li do so me te ze wij zij hij ik je jou deze die dat wat wie waar was is zal kan mag moet wou zou "
    "waregem lo nieuw nieuwe noord zuid oost west midden hoge lage lange korte brede grote kleine oude nieuwpoort "
    "rein clement constant modest august augustus felix victor viktor vera linde iris jasmijn lelie heide fleur "
    "komen mere lille cadeau marchand berger boucher meunier tailleur maire page lotte lot bel ring ronde stal "
) - {"dirk", "waregem", "nieuwpoort", "augustus"}  # fmt: skip
# Written with a capital anywhere in a sentence, and yet nobody's name.
NO_NAMES = _words(
    "nederlands nederlandse frans franse engels engelse duits duitse vlaams vlaamse waals waalse belgisch belgische "
    "vlaanderen belgie europa europees europese nederland frankrijk arabisch arabische turks turkse pools poolse "
    "roemeens roemeense bulgaars bulgaarse spaans spaanse portugees portugese italiaans italiaanse russisch "
    "oekraiens oekraiense marokkaans marokkaanse afrikaans afrikaanse fonds kerstmis kerst pasen ramadan ocmw caw "
    "fbu bcsd svk lac vdab rva ik u uw woningwet wooncode huurdecreet woninghuurdecreet vredegerecht vrederechter "
    "eerste onthaal rechtenverkenning nieuwjaar covid corona whatsapp facebook messenger google flandre belgique "
    "europe francais francaise neerlandais neerlandaise anglais arabe cpas"
)
# Places outside the packaged list that people here name all the same.
OTHER_PLACES = _words(
    "brugge oostende bredene gent antwerpen leuven hasselt mechelen aalst roeselare ieper torhout tielt izegem veurne "
    "diksmuide poperinge blankenberge gistel koksijde middelkerke nieuwpoort oostkamp moorslede ledegem komen doornik "
    "moeskroen rijsel brussel luik charleroi bruxelles mouscron tournai lille courtrai bruges ostende ypres"
) | {"de panne", "knokke heist", "sint niklaas"}
