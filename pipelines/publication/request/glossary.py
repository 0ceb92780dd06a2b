"""What the words of the package mean, in Swedish with English beside.

What decides every figure in full stands in the register of definitions; this is for readers.
"""

from pipelines.publication.request.words import Words

GLOSSARY: tuple[tuple[Words, Words], ...] = (
    (
        Words("Referensdatum", "Reference date"),
        Words(
            "Den dag som uppgifterna gäller: dagen för regionens senaste godkända listningar i "
            "månaden. Rikets är den senaste av regionernas.",
            "The day that the figures are true for: that of the region's newest accepted listings"
            " in the month. The nation's is the latest of its regions'.",
        ),
    ),
    (
        Words(
            "Patienter med hemsjukvård särskilt boende för äldre",
            "Patients with hemsjukvård särskilt boende för äldre",
        ),
        Words(
            "Personer med en SÄBO-markering som gäller på referensdagen, i Cosmic eller i "
            "kommunens lista, oavsett var de får sin huvudsakliga vård. Kända avlidna räknas "
            "inte.",
            "Persons with a SÄBO marking that holds on the reference date, in Cosmic or in the "
            "municipality's list, wherever their main care is. Known dead are left out.",
        ),
    ),
    (
        Words("Boende på SÄBO", "SÄBO residents"),
        Words(
            "De av dem som får sin huvudsakliga hälso- och sjukvård på boendet. Nämnare för SÄBO "
            "täckning; den som inte är listad någonstans räknas också.",
            "Those of them who have their main health care there. The denominator of coverage in "
            "SÄBO; who is listed nowhere counts too.",
        ),
    ),
    (
        Words("Invånare", "Inhabitants"),
        Words(
            "Folkbokförda i området, mot SCB:s folkmängd. Täljaren är de bosatta som har en fast "
            "läkarkontakt i någon region som rapporterar.",
            "Residents of the area, against the population register. The numerator is the "
            "residents with a named physician in any reporting region.",
        ),
    ),
    (
        Words("Listade", "Listed persons"),
        Words(
            "Personer med en aktiv listning (inte i kö) i området på referensdagen.",
            "Persons with an active listing (not in queue) in the area on the reference date.",
        ),
    ),
    (
        Words(
            "Fast läkarkontakt, som regionen rapporterar", "Named physician, as the region reports"
        ),
        Words(
            "Listan har en läkare och är inte fiktiv. Fiktiv är en lista utan läkare, eller vars "
            "namn börjar med enhetens namn.",
            "The list has a physician and is not fictitious. Fictitious is a list without a "
            "physician, or whose name begins with the unit's name.",
        ),
    ),
    (
        Words("Nationell definition", "National definition"),
        Words(
            "Därtill finns läkaren i registret på samma enhet, och är specialist i allmänmedicin,"
            " har likvärdig kompetens eller gör ST i allmänmedicin; geriatriker för patienter "
            "från 65 år eller med vårdmarkering, barn- och ungdomsläkare för patienter 0–18 år "
            "(prop. 2021/22:72).",
            "Besides, the physician is in the register at the same unit and is a specialist in "
            "allmänmedicin, has equivalent competence or is in training (ST) in allmänmedicin; "
            "geriatricians for patients from 65 or with a care marking, paediatricians for "
            "patients aged 0–18 (prop. 2021/22:72).",
        ),
    ),
    (
        Words("Regionens regelverk", "The region's rule set"),
        Words(
            "De villkor som regionen själv har beslutat, annars den nationella definitionen.",
            "The conditions that the region has decided, otherwise the national definition.",
        ),
    ),
    (
        Words("Kontinuitetsindex (COC)", "Continuity index (COC)"),
        Words(
            "Bice–Boxermans index för personer med minst tre besök på den egna enheten under de "
            "18 månaderna före referensdagen. Läkarbesök är mottagnings- och hembesök hos läkare;"
            " alla kontakter är alla yrken och kontakttyper. Medelvärdet väger varje person lika.",
            "Bice–Boxerman's index for persons with at least three visits at the unit of listing "
            "in the 18 months before the reference date. Visits to physicians are visits and home"
            " visits; all contacts are every profession and contact type. The mean weighs each "
            "person equally.",
        ),
    ),
    (
        Words("95 % KI", "95 % CI"),
        Words(
            "Konfidensintervall: för andelar Wilsons, för medelvärden medelvärdet ± 1,96 · "
            "standardavvikelsen / √personer.",
            "Confidence interval: of shares Wilson's, of means the mean ± 1.96 · standard "
            "deviation / √persons.",
        ),
    ),
    (
        Words("Kapacitet och belastning", "Capacity and load"),
        Words(
            "Kapacitet är riktvärdet gånger heltidstjänster för specialister och ST-läkare med "
            "tillsvidare- eller visstidsanställning. Belastning är listade delat med kapacitet; 1"
            " är en lista på riktvärdet. Riktvärdet är varken golv eller tak.",
            "Capacity is the guideline value times full-time equivalents of specialists and "
            "physicians in training employed tillsvidare or visstid. Load is listed persons by "
            "capacity; 1 is a list at the guideline value, which is neither floor nor ceiling.",
        ),
    ),
)
