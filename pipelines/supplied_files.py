"""Which deliveries the paths mean that somebody wants to have checked.

A path in a landing folder says by its place what it is; of a file anywhere else the region needs to
be told, and its delivery where its headings do not say it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import WrongUseError
from pipelines.intake.landing import (
    CORRECTIONS_FOLDER,
    EXTENSIONS,
    PROFILES_FOLDER,
    REFERENCE_FOLDER,
    LandingFile,
    landing_file,
    landing_files,
    not_deliveries,
)
from pipelines.intake.recognition import recognised
from pipelines.intake.shown_names import shown_name
from schemas import codes
from schemas.deliveries import DELIVERIES, POPULATION
from schemas.profile_toml import ProfileError, read_profile, read_profiles
from schemas.profiles import Profiles
from schemas.regions import region_names

DELIVERY_NAMES = tuple(contract.name for contract in DELIVERIES)


@dataclass(frozen=True)
class SuppliedFile:
    """A file, and all files of the landing folder that it lies in; None where it lies in none.

    `profiles` are those of the landing folder, or the one that was named for the file.
    """

    file: LandingFile
    landing: tuple[LandingFile, ...] | None
    profiles: Profiles


def supplied_files(
    paths: Sequence[Path],
    region_code: str | None = None,
    delivery_name: str | None = None,
    profile: Path | None = None,
) -> tuple[list[SuppliedFile], list[Path]]:
    """The deliveries that paths of files and folders mean, and what lies there and is none.

    `region_code` and `delivery_name` say what a file is; where they are None its folders do, and
    its headings what delivery it is.
    `profile` is a region's profile that goes before those of the landing folder.
    Raises WrongUseError for a profile that cannot be used, and for a path that is not there or
    means no delivery.
    """
    found: list[SuppliedFile] = []
    passed_over: list[Path] = []
    landings: dict[Path, tuple[LandingFile, ...]] = {}
    named = _named_profile(profile)
    for path in paths:
        # Not resolved: a link is to be refused, not followed.
        place = Path(os.path.abspath(path))  # noqa: PTH100
        if not os.path.lexists(place):
            raise WrongUseError(f"There is no file or folder {path}.")
        landing = _landing_of(place) if region_code is None and delivery_name is None else None
        if landing is not None:
            everything = landings.setdefault(landing, tuple(landing_files(landing)))
            profiles = named or _profiles_of(landing)
            of_path = [
                SuppliedFile(each, everything, profiles)
                for each in everything
                if each.path.is_relative_to(place)
            ]
            others = [each for each in not_deliveries(landing) if each.is_relative_to(place)]
        else:
            files, others = _anywhere(place, region_code, delivery_name, path)
            of_path = [SuppliedFile(each, None, named or Profiles()) for each in files]
        if not of_path:
            raise WrongUseError(
                f"{path} is not taken for a delivery. A delivery is a file whose name ends with "
                f"{', '.join(EXTENSIONS)}, in <landing>/<region>/<delivery>/."
            )
        found += of_path
        passed_over += [
            each
            for each in others
            if each.stem.upper() != "README"
            and each.name not in (CORRECTIONS_FOLDER, PROFILES_FOLDER)
        ]
    return found, [Path(*map(shown_name, each.parts)) for each in passed_over]


def _landing_of(place: Path) -> Path | None:
    """The landing folder that a path lies in or is; None where its folders do not say so."""
    if _is_folder(place):
        if any(_is_region(each.name) and _is_folder(each) for each in place.iterdir()):
            return place
        if _is_region(place.name):
            return place.parent
    folder = place if _is_folder(place) and place.name in DELIVERY_NAMES else place.parent
    if folder.name in DELIVERY_NAMES and _is_region(folder.parent.name):
        return folder.parent.parent
    return None


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _is_region(name: str) -> bool:
    return name in region_names() or name == REFERENCE_FOLDER


def _anywhere(
    place: Path, region_code: str | None, delivery_name: str | None, said: Path
) -> tuple[list[LandingFile], list[Path]]:
    """A file, or the files of a folder, as a delivery that is told or that the folders name."""
    folder = place if _is_folder(place) else place.parent
    if delivery_name is None and folder.name in DELIVERY_NAMES:
        delivery_name = folder.name
    if region_code is None and folder.parent.name in region_names():
        region_code = folder.parent.name
    files = sorted(place.iterdir()) if _is_folder(place) else [place]
    found = [each for each in files if _is_delivered(each)]
    told = [
        _told(each, region_code, delivery_name, said if each == place else said / each.name)
        for each in found
    ]
    return told, [each for each in files if each not in found]


def _told(
    path: Path, region_code: str | None, delivery_name: str | None, said: Path
) -> LandingFile:
    """The delivery that a file is, by what is told and by its headings."""
    delivery_name = delivery_name or recognised(path)
    if delivery_name == POPULATION.name:
        region_code = codes.NATION
    if delivery_name is None or region_code is None:
        shown = Path(*map(shown_name, said.parts))
        raise WrongUseError(
            f"It is not said what {shown} is. Give --region and --delivery, such as --region 19 "
            "--delivery listings, or put it in <landing>/<region>/<delivery>/."
        )
    return landing_file(path, region_code, delivery_name)


def _named_profile(path: Path | None) -> Profiles | None:
    if path is None:
        return None
    try:
        return Profiles({path.stem: read_profile(path)})
    except ProfileError as error:
        raise WrongUseError(f"The profile cannot be used. {error}") from None


def _profiles_of(landing: Path) -> Profiles:
    try:
        return read_profiles(landing / PROFILES_FOLDER)
    except ProfileError as error:
        raise WrongUseError(f"A region's profile cannot be used. {error}") from None


def _is_delivered(path: Path) -> bool:
    if path.name.startswith((".", "~")):
        return False
    return path.is_symlink() or (path.name.endswith(EXTENSIONS) and path.is_file())
