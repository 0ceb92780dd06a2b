"""Which physicians a rule set accepts, and for which patients."""

from datetime import date

import narwhals as nw

from pipelines.indicators.frame import Frame
from pipelines.indicators.months import holds_on
from schemas import codes
from schemas.rule_sets import RuleSet, RuleSets


def has_specialty(specialty: str) -> nw.Expr:
    """Whether a code stands in `specialties` (codes joined by |)."""
    bounded = nw.concat_str(nw.lit("|"), nw.col("specialties").fill_null(""), nw.lit("|"))
    return bounded.str.contains(f"|{specialty}|", literal=True)


def has_any_specialty(specialties: tuple[str, ...]) -> nw.Expr:
    """Whether any of the codes stands in `specialties`; with no codes: nobody has."""
    if not specialties:
        return nw.lit(False)
    return nw.any_horizontal(*(has_specialty(code) for code in specialties), ignore_nulls=True)


def is_specialist() -> nw.Expr:
    """Not in training (ST, BT or AT)."""
    return nw.col("training").is_null()


def is_st() -> nw.Expr:
    """In specialist training (ST)."""
    return nw.col("training").fill_null("") == "ST"


def has_employment(rule_set: RuleSet) -> nw.Expr:
    """Whether the employment is one that the rule set accepts for the physician's training."""
    accepted = {True: rule_set.employment_st, False: rule_set.employment}
    tests = {
        st: nw.col("employment").is_in(list(forms or codes.EMPLOYMENT))
        for st, forms in accepted.items()
    }
    return (is_st() & tests[True]) | (~is_st() & tests[False])


def accepts_any_patient(rule_set: RuleSet) -> nw.Expr:
    """Competent for every patient.

    Specialist in one of the rule set's specialties, other equivalent competence, or ST in one of
    its ST specialties. Source: prop. 2021/22:72; contract, section 3, Named physician.
    """
    specialist = is_specialist() & has_any_specialty(rule_set.specialists_any_patient)
    st = is_st() & has_any_specialty(rule_set.st_specialties)
    equivalent = nw.col("equivalent_competence") & nw.lit(rule_set.equivalent_competence)
    return specialist | st | equivalent


def accepts_old_patients(rule_set: RuleSet) -> nw.Expr:
    """Specialist in geriatrics, where the rule set counts them for some patients."""
    counts = rule_set.geriatrics_from_age is not None or rule_set.geriatrics_marked
    return nw.lit(counts) & is_specialist() & has_specialty("geriatrik")


def accepts_children(rule_set: RuleSet) -> nw.Expr:
    """Specialist in paediatrics, where the rule set counts them."""
    counts = rule_set.paediatrics_to_age is not None
    return nw.lit(counts) & is_specialist() & has_specialty("barn_och_ungdomsmedicin")


def is_locum() -> nw.Expr:
    """Employment hyr, stafett or konsult. Source: contract, section 3, Fictitious and locum."""
    return nw.col("employment").is_in(list(codes.LOCUM_EMPLOYMENT))


def posts(physicians: Frame, *, reference_date: date, rule_sets: RuleSets) -> Frame:
    """One row per physician and unit with a row that holds, and for whom the post counts.

    Of several rows at the unit any will do, but one row must fulfil the whole of a rule set:
    competence and employment together. Columns `locum` and, per rule set that demands competence,
    `any_<rule set>`, `old_<rule set>`, `children_<rule set>`.
    """
    demanding = [rule_set for rule_set in rule_sets.by_name.values() if rule_set.demands_competence]
    flags: dict[str, nw.Expr] = {"locum": is_locum()}
    for rule_set in demanding:
        employed = has_employment(rule_set)
        flags[f"any_{rule_set.name}"] = employed & accepts_any_patient(rule_set)
        flags[f"old_{rule_set.name}"] = employed & accepts_old_patients(rule_set)
        flags[f"children_{rule_set.name}"] = employed & accepts_children(rule_set)
    return (
        physicians.filter(holds_on(reference_date))
        .with_columns(**flags)
        .group_by("physician_id", "unit_id")
        .agg(*(nw.col(name).any() for name in flags))
    )


def is_named(rule_set: RuleSet) -> nw.Expr:
    """Whether a listed person has a named physician under a rule set.

    Needs the listing's `physician_id`, `fictitious` and `age`, `marked` (any care marking in any
    reporting region), and the flags of `posts` joined on physician and unit. Who has no known age
    is neither old nor a child. Source: contract, section 3, Named physician.
    """
    has_physician = ~nw.col("physician_id").is_null()
    named = (
        has_physician & ~nw.col("fictitious") if rule_set.fictitious_name_rule else has_physician
    )
    if not rule_set.demands_competence:
        return named
    age = nw.col("age")
    accepted = nw.col(f"any_{rule_set.name}").fill_null(False)
    old = nw.lit(False)
    if rule_set.geriatrics_from_age is not None:
        old = old | (age.fill_null(-1) >= rule_set.geriatrics_from_age)
    if rule_set.geriatrics_marked:
        old = old | nw.col("marked")
    accepted = accepted | (nw.col(f"old_{rule_set.name}").fill_null(False) & old)
    if rule_set.paediatrics_to_age is not None:
        child = age.fill_null(rule_set.paediatrics_to_age + 1) <= rule_set.paediatrics_to_age
        accepted = accepted | (nw.col(f"children_{rule_set.name}").fill_null(False) & child)
    return named & accepted
