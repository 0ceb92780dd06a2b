"""Posts at a health centre: who works there, in which employment, and who is named for patients."""

from dataclasses import dataclass

from pipelines.simulation.levels import RegionLevels
from pipelines.simulation.randomness import Draws

LISTED_PER_SPECIALIST = 2190
NAMED_SLOTS = 64
ANY_PATIENT, OLD_PATIENTS, YOUNG_PATIENTS = 0, 1, 2
"""For whom a physician may be named, in the column `patients`."""

LOCUM_FORMS = ("hyr", "stafett", "konsult")


@dataclass(frozen=True)
class Post:
    """A kind of post at a unit."""

    position_code: str
    specialties: str
    training: str
    equivalent: bool
    employment: str
    fte: float
    patients: int = ANY_PATIENT
    registered: bool = True
    """False for the one physician of each unit whom the register does not know."""

    @property
    def is_locum(self) -> bool:
        """Hired for a time, from a company or as a consultant."""
        return self.employment in LOCUM_FORMS


def posts_of_unit(draws: Draws, unit: int, listed: float) -> list[Post]:
    """The posts of one unit: permanent ones first, then those who come and go."""
    specialists = max(2, min(12, round(listed / LISTED_PER_SPECIALIST)))
    fte_each = min(1.0, listed / LISTED_PER_SPECIALIST / specialists)

    def fte(part: float) -> float:
        return max(0.01, round(fte_each * part * (0.85 + 0.3 * draws.number()), 2))

    posts = []
    for number in range(specialists):
        # A fifth of the specialists are employed for a time: some regions do not count them.
        lasting = "visstid" if number > 0 and (unit + number) % 5 in (1, 3) else "tillsvidare"
        posts.append(Post("201011", "allmanmedicin", "", False, lasting, fte(1.0)))
    for _ in range(max(1, specialists // 2)):
        lasting = "tillsvidare" if draws.number() < 0.7 else "visstid"
        posts.append(Post("203010", "allmanmedicin", "ST", False, lasting, fte(0.9)))
    posts.append(
        (
            Post("202010", "geriatrik", "", False, "tillsvidare", fte(0.6), OLD_PATIENTS),
            Post(
                "202010", "barn_och_ungdomsmedicin", "", False, "tillsvidare", fte(0.5),
                YOUNG_PATIENTS,
            ),
            Post("202010", "other", "", True, "tillsvidare", fte(0.8)),
            Post("201011", "allmanmedicin|geriatrik", "", False, "tillsvidare", fte(0.8)),
        )[unit % 4]
    )  # fmt: skip
    posts.append(
        (
            Post("204010", "", "AT", False, "visstid", fte(0.5)),
            Post("203020", "", "BT", False, "visstid", fte(0.6)),
            Post("202010", "other", "", False, "tillsvidare", fte(0.7)),
        )[unit % 3]
    )
    for _ in range(draws.whole(4, 8)):
        form = draws.one_of(("hyr", "hyr", "stafett", "konsult"))
        code = draws.one_of(("201011", "201011", ""))
        posts.append(Post(code, "allmanmedicin", "", False, form, fte(0.3)))
    posts.append(Post("201011", "allmanmedicin", "", False, "hyr", 0.2, registered=False))
    return posts


def named_slots(levels: RegionLevels, posts: list[Post], first: int, elsewhere: int) -> list[int]:
    """64 positions of physicians to name at a unit, each as often as it is named."""
    weights: list[float] = []
    for post in posts:
        if post.is_locum:
            weights.append(0.0)
        elif post.training == "ST":
            weights.append(0.5 if post.employment == "tillsvidare" else 0.3)
        elif post.position_code == "201011":
            weights.append(1.0)
        elif post.training or (post.specialties == "other" and not post.equivalent):
            weights.append(0.06)
        else:
            weights.append(0.4)
    locums = [
        first + number for number, post in enumerate(posts) if post.is_locum and post.registered
    ]
    slots = [
        locums[number % len(locums)] for number in range(round(levels.locum_lists * NAMED_SLOTS))
    ]
    # One slot each for a physician who is not in the register, or only at another unit.
    slots.extend([first + len(posts) - 1, elsewhere])
    left = NAMED_SLOTS - len(slots)
    total = sum(weights)
    cumulated, given = 0.0, 0
    for number, weight in enumerate(weights):
        cumulated += weight
        slots.extend([first + number] * (round(cumulated / total * left) - given))
        given = round(cumulated / total * left)
    return slots
