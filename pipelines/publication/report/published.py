"""Reading the published file: one month's rows, as they stand there.

Rows are dictionaries by column. Everything is read once, and only what some page shows.
"""

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import WrongUseError
from schemas.codes import NATION
from schemas.targets import targets
from schemas.variants import variants

Row = dict[str, Any]

_EVERYBODY = "sex = 'all' and age_group = 'all'"


class Published:
    """The published file seen for one month (default: the newest that it holds)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, month: str | None = None) -> None:
        self.connection = connection
        self.months = [row["month"] for row in self._rows("select distinct month from reporting")]
        self.month = month or self.months[-1]
        if self.month not in self.months:
            raise WrongUseError(f"{month} is not published; {self.months[-1]} is the newest month.")

    def _rows(self, query: str, *parameters: object) -> list[Row]:
        """The rows of a query, sorted by all their columns where it does not sort itself."""
        ordered = query if " order by " in query else f"{query} order by all"
        result = self.connection.execute(ordered, parameters)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    @cached_property
    def release(self) -> dict[str, str]:
        """The facts of `release_info` by name."""
        return {row["name"]: row["value"] for row in self._rows("select * from release_info")}

    @cached_property
    def region_names(self) -> dict[str, str]:
        """Region code to the county's name, in the order of the codes."""
        return {row["region_code"]: row["region_name"] for row in self._rows("from regions")}

    @cached_property
    def reporting(self) -> dict[str, Row]:
        """The month's row of `reporting` by region; 00 is the nation."""
        rows = self._rows("from reporting where month = ?", self.month)
        return {row["region_code"]: row for row in rows}

    @cached_property
    def reporting_regions(self) -> list[str]:
        """The codes of the regions that report the month."""
        return [code for code in self.region_names if self.reporting[code]["reported"]]

    @cached_property
    def reference_date(self) -> Any:
        """The nation's reference date; missing where no region reports."""
        return next(
            (row["reference_date"] for row in self._coverage if row["area_code"] == NATION), None
        )

    @cached_property
    def _coverage(self) -> list[Row]:
        return self._rows(
            f"from coverage where month = ? and {_EVERYBODY} and level in ('nation', 'region')",
            self.month,
        )

    def coverage(self, population: str, definition: str = "reported") -> dict[str, Row]:
        """Coverage of everybody in the month by area: the nation and the regions."""
        return {
            row["area_code"]: row
            for row in self._coverage
            if (row["population"], row["definition"]) == (population, definition)
        }

    @cached_property
    def _continuity(self) -> list[Row]:
        variant = variants()[0]
        return self._rows(
            f"from continuity where {_EVERYBODY} and level in ('nation', 'region') and "
            "index = 'COC' and unit_scope = 'own_unit' and window_months = ? and min_visits = ?",
            variant.window_months,
            variant.min_visits,
        )

    def continuity(self, series: str, population: str = "listed") -> dict[str, Row]:
        """COC (the default variant) of everybody in the month by area."""
        return {
            row["area_code"]: row
            for row in self._continuity
            if (row["month"], row["series"], row["population"]) == (self.month, series, population)
        }

    def continuity_by_month(self) -> dict[str, list[Row]]:
        """COC to physicians of all months by area."""
        by_area = defaultdict(list)
        for row in self._continuity:
            if (row["series"], row["population"]) == ("physician", "listed"):
                by_area[row["area_code"]].append(row)
        return by_area

    @cached_property
    def coverage_by_month(self) -> dict[str, list[Row]]:
        """Coverage of inhabitants, as reported, of all months by area."""
        by_area = defaultdict(list)
        for row in self._rows(
            f"from coverage where {_EVERYBODY} and level in ('nation', 'region') and "
            "population = 'inhabitants' and definition = 'reported' order by month, area_code"
        ):
            by_area[row["area_code"]].append(row)
        return by_area

    @cached_property
    def own_physician(self) -> dict[str, Row]:
        """SLICC of everybody in the month by area: the nation and the regions."""
        return self._by_area(
            f"from own_physician where month = ? and {_EVERYBODY} and level in ('nation', 'region')"
        )

    @cached_property
    def list_load(self) -> dict[str, Row]:
        """The month's list load by area, units too."""
        return self._by_area("from list_load where month = ?")

    @cached_property
    def list_kinds(self) -> dict[tuple[str, str], Row]:
        """The month's kinds of lists by area and kind: the nation and the regions."""
        rows = self._rows(
            "from list_kinds where month = ? and level in ('nation', 'region')", self.month
        )
        return {(row["area_code"], row["kind"]): row for row in rows}

    @cached_property
    def unit_coverage(self) -> dict[str, Row]:
        """Coverage of listed persons, as reported, in the month by unit."""
        return self._by_area(
            f"from coverage where month = ? and {_EVERYBODY} and level = 'unit' and "
            "population = 'listed' and definition = 'reported'"
        )

    @cached_property
    def unit_continuity(self) -> dict[str, Row]:
        """COC to physicians (the default variant) in the month by unit."""
        variant = variants()[0]
        return self._by_area(
            f"from continuity where month = ? and {_EVERYBODY} and level = 'unit' and "
            "index = 'COC' and unit_scope = 'own_unit' and population = 'listed' and "
            f"series = 'physician' and window_months = {variant.window_months} and "
            f"min_visits = {variant.min_visits}"
        )

    @cached_property
    def units(self) -> dict[str, list[str]]:
        """The ids of the units with listed persons in the month, by region.

        The register says in which region a unit lies; one that is not in it has the region of
        the organisation number where no other unit has the same, and is else left to the file.
        """
        of_unit = {
            row["unit_id"]: row["region_code"]
            for row in self._rows("select unit_id, region_code from units")
        }
        of_owner: dict[str, set[str]] = defaultdict(set)
        for unit, region in of_unit.items():
            of_owner[unit.split("-")[0]].add(region)
        by_region = defaultdict(list)
        for unit in self.unit_coverage:
            owners = of_owner[unit.split("-")[0]]
            region = of_unit.get(unit) or (next(iter(owners)) if len(owners) == 1 else None)
            if region is not None:
                by_region[region].append(unit)
        return by_region

    @cached_property
    def municipality_names(self) -> dict[str, dict[str, str]]:
        """Region code to its municipalities, code to name."""
        by_region: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self._rows("select municipality, municipality_name from municipalities"):
            by_region[row["municipality"][:2]][row["municipality"]] = row["municipality_name"]
        return by_region

    @cached_property
    def municipality_coverage(self) -> dict[tuple[str, str], Row]:
        """Coverage as reported in the month by municipality and population."""
        rows = self._rows(
            f"from coverage where month = ? and {_EVERYBODY} and level = 'municipality' and "
            "definition = 'reported'",
            self.month,
        )
        return {(row["area_code"], row["population"]): row for row in rows}

    @cached_property
    def sabo_markings(self) -> dict[tuple[str, str], Row]:
        """The month's persons marked sabo, by area and source."""
        rows = self._rows("from care_markings where month = ? and setting = 'sabo'", self.month)
        return {(row["area_code"], row["source"]): row for row in rows}

    @cached_property
    def comparison(self) -> dict[tuple[str, str], Row]:
        """The month's coverage of listed persons by region and rule set."""
        rows = self._rows("from definition_comparison where month = ?", self.month)
        return {(row["area_code"], row["rule_set"]): row for row in rows}

    @cached_property
    def targets(self) -> list[Row]:
        """The targets in force in the month, in the order of the agreement; others after them."""
        rows = self._rows(
            "from targets where strftime(valid_from, '%Y-%m') <= ? and "
            "(valid_to is null or strftime(valid_to, '%Y-%m') >= ?)",
            self.month,
            self.month,
        )
        order = [target.target_id for target in targets()]
        return sorted(
            rows,
            key=lambda row: (
                order.index(row["target_id"]) if row["target_id"] in order else len(order)
            ),
        )

    @cached_property
    def target_status(self) -> dict[tuple[str, str], Row]:
        """The month's target status by area (the nation and the regions) and target."""
        rows = self._rows(
            "from target_status where month = ? and level in ('nation', 'region')", self.month
        )
        return {(row["area_code"], row["target_id"]): row for row in rows}

    @cached_property
    def guidelines(self) -> list[Row]:
        """All guideline values."""
        return self._rows("from guidelines")

    @cached_property
    def data_quality(self) -> dict[str, list[Row]]:
        """The month's measures of data quality by region; 00 is the nation."""
        by_region = defaultdict(list)
        for row in self._rows("from data_quality where month = ?", self.month):
            by_region[row["region_code"]].append(row)
        return by_region

    @cached_property
    def deliveries(self) -> dict[str, list[Row]]:
        """The deliveries by region."""
        by_region = defaultdict(list)
        for row in self._rows("from deliveries"):
            by_region[row["region_code"]].append(row)
        return by_region

    @cached_property
    def definitions(self) -> list[Row]:
        """The indicators as the month's figures were made."""
        return self._rows(
            "from definitions where from_month <= ? and to_month >= ? order by indicator",
            self.month,
            self.month,
        )

    @cached_property
    def dictionary(self) -> list[Row]:
        """Every column of every table."""
        return self._rows("from dictionary order by table_name, position")

    @cached_property
    def table_descriptions(self) -> dict[str, str]:
        """Table or view to its comment."""
        rows = self._rows(
            "select table_name as name, comment from duckdb_tables() union all "
            "select view_name, comment from duckdb_views() where not internal"
        )
        return {row["name"]: row["comment"] for row in rows}

    def _by_area(self, query: str) -> dict[str, Row]:
        return {row["area_code"]: row for row in self._rows(query, self.month)}


def open_published(statistics_file: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published file."""
    return duckdb.connect(str(statistics_file), read_only=True)
