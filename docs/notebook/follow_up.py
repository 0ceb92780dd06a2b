"""Coverage and continuity by region from the published file, in a marimo notebook.

`marimo run docs/notebook/follow_up.py -- --file statistics.duckdb` shows it, `marimo edit` lets you
go on from it. The file is opened read-only, read and closed at once, so the notebook stands in
nobody's way and everything in it is of one release. Texts are Swedish with English beside.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Fast läkarkontakt")

with app.setup:
    import os
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo
    import polars as pl

    POPULATIONS = {
        "Invånare · inhabitants": "inhabitants",
        "Listade · listed persons": "listed",
        "Boende på SÄBO · residents of SÄBO": "sabo",
    }
    DEFINITIONS = {
        "Som regionen rapporterar · as reported": "reported",
        "Nationell, prop. 2021/22:72 · national": "national",
        "Regionens regelverk · the region's rule set": "regional",
    }
    SERIES = {
        "Läkare · physicians": "physician",
        "Alla yrken · all professions": "all_professions",
    }
    SCOPES = {
        "Egen vårdcentral · own unit": "own_unit",
        "Alla vårdcentraler · any unit": "any_unit",
    }
    STATUSES = {
        "ok": ("Värdena står i raden; 0 är 0.", "The values stand in the row; 0 means 0."),
        "suppressed": (
            "Skyddas: bygger på få personer eller en enda läkare, eller kunde räknas fram.",
            "Hidden: rests on few persons or one physician, or could be computed from others.",
        ),
        "not_reported": (
            "Regionen har inte lämnat det som behövs.",
            "The region has not delivered what it needs.",
        ),
        "undefined": ("Det finns ingen att räkna.", "There is nobody to count."),
    }
    OF_REGIONS = "level in ('nation', 'region') and sex = 'all' and age_group = 'all'"
    TABLES = {
        "coverage": f"from coverage where {OF_REGIONS}",
        "continuity": f"from continuity where {OF_REGIONS}",
        "reporting": "from reporting left join regions using (region_code)",
        "definitions": "from definitions",
        "targets": "from targets",
        "release_info": "from release_info",
    }


@app.function
def read(path: Path) -> dict[str, pl.DataFrame]:
    """The tables that the notebook shows, by name, all of one release; the file is closed again."""
    with duckdb.connect(path, read_only=True) as connection:
        return {name: connection.sql(query).pl() for name, query in TABLES.items()}


@app.function
def release_of(tables: dict[str, pl.DataFrame]) -> str:
    """The id of the release that the tables were read from."""
    return tables["release_info"].filter(pl.col("name") == "release_id")["value"].item()


@app.function
def newest_release(path: Path) -> str:
    """The id of the release that the file holds now."""
    with duckdb.connect(path, read_only=True) as connection:
        query = "select value from release_info where name = 'release_id'"
        [[release]] = connection.execute(query).fetchall()
    return release


@app.function
def chosen(table: pl.DataFrame, choice: dict[str, object]) -> pl.DataFrame:
    """The rows of a table where every column of the choice holds the chosen value."""
    return table.filter(*(pl.col(column) == value for column, value in choice.items()))


@app.function
def definition_of(
    definitions: pl.DataFrame, table: str, column: str, choice: dict[str, object]
) -> dict[str, object]:
    """The row of `definitions` for a choice: what the figure is and what it does not say."""
    parameters = {name: value for name, value in choice.items() if name != "month"}
    rows = chosen(definitions, {"table_name": table, "value_column": column, **parameters})
    month = choice["month"]
    in_force = (pl.col("from_month") <= month) & (pl.col("to_month") >= month)
    return rows.filter(in_force).row(0, named=True)


@app.function
def chart(
    rows: pl.DataFrame, value: str, title: str, number_format: str, goal: float | None = None
) -> alt.LayerChart:
    """The regions' values with their intervals, the nation's as a line, a goal dashed."""
    shown = rows.filter(pl.col("status") == "ok").sort(value, "area_code", descending=[True, False])
    regions = alt.Chart(shown.filter(pl.col("level") == "region"))
    nation = alt.Chart(shown.filter(pl.col("level") == "nation"))
    place = alt.Y("area_name:N", sort=None, title=None)
    scale = alt.X(f"{value}:Q", axis=alt.Axis(format=number_format), title=title)
    points = regions.mark_point(filled=True, size=60, color="#136")
    layers = [
        regions.mark_rule(color="#8aa").encode(y=place, x="ci_low:Q", x2="ci_high:Q"),
        points.encode(y=place, x=scale, tooltip=shown.columns),
        nation.mark_rule(color="#136").encode(x=scale),
    ]
    if goal is not None:
        line = alt.Chart(pl.DataFrame({value: [goal]}))
        layers.append(line.mark_rule(color="#a40", strokeDash=[5, 4]).encode(x=scale))
    return alt.layer(*layers).properties(width=560)


@app.function
def not_shown(rows: pl.DataFrame) -> str:
    """Which regions have no value, and why, as Markdown; empty where all have one."""
    lines = [
        f"- `{status}`: {', '.join(names)}"
        for status, names in rows.filter(pl.col("status") != "ok")
        .group_by("status", maintain_order=True)
        .agg("area_name")
        .iter_rows()
    ]
    return "\n".join(["**Visas inte · Not shown**", "", *lines]) if lines else ""


@app.function
def in_words(definition: dict[str, object]) -> str:
    """What a figure is, as Markdown: name, numerator, denominator, how to read it, its limits."""
    return (
        f"**{definition['name_sv']}**\n\n"
        f"{definition['numerator_sv'] or ''} / {definition['denominator_sv'] or ''} "
        f"{definition['interpretation_sv']} {definition['limitations_sv']}\n\n"
        f"*{definition['name_en']}. {definition['numerator'] or ''} / "
        f"{definition['denominator'] or ''} {definition['interpretation']} "
        f"{definition['limitations']}*\n\n"
        f"`{definition['indicator']}` `{definition['definition_hash']}`"
    )


@app.cell
def title():
    mo.md("""
    # Fast läkarkontakt

    Täckning och kontinuitet per region, ur den publicerade filen. Hur siffrorna ska läsas står
    i `docs/analyst.md`. I diagrammen är den hela linjen riket, den streckade målet, och strecken
    95-procentiga konfidensintervall. · *Coverage and continuity by region, from the published
    file. How to read the figures stands in `docs/analyst.md`. In the charts the full line is the
    nation, the dashed one the goal, and the bars are 95 per cent intervals.*
    """)


@app.cell
def where():
    file = Path(
        str(mo.cli_args().get("file") or "")
        or Path(os.environ.get("FLK_OUT", "out"), "published", "statistics.duckdb")
    )
    return (file,)


@app.cell
def read_again():
    again = mo.ui.run_button(label="Läs filen igen · Read the file again")
    look = mo.ui.refresh(options=["1m", "10m", "1h"], default_interval="10m")
    return again, look


@app.cell
def tables_of_the_file(again, file):
    again.value  # pressing it reads the file again
    mo.stop(not file.exists(), mo.md(f"Filen finns inte · There is no file: `{file}`"))
    tables = read(file)
    release = release_of(tables)
    return release, tables


@app.cell
def which_release(again, file, look, release):
    look.value  # ticks
    is_newest = newest_release(file) == release
    mo.hstack(
        [
            mo.md(f"Utgåva · Release `{release}`")
            if is_newest
            else mo.callout(
                "En ny utgåva har publicerats: läs filen igen. · "
                "A new release has been published: read the file again.",
                kind="warn",
            ),
            mo.hstack([again, look]),
        ]
    )
    return (is_newest,)


@app.cell
def controls(tables):
    months = sorted(tables["coverage"]["month"].unique(), reverse=True)
    variants = {
        f"{window} månader, minst {least} besök · {window} months, at least {least} visits": (
            window,
            least,
        )
        for window, least in tables["continuity"]
        .select("window_months", "min_visits")
        .unique()
        .sort("window_months", "min_visits", descending=True)
        .iter_rows()
    }
    month = mo.ui.dropdown(months, value=months[0], label="Månad · Month")
    population = mo.ui.dropdown(POPULATIONS, value=next(iter(POPULATIONS)), label="Population")
    definition = mo.ui.dropdown(DEFINITIONS, value=next(iter(DEFINITIONS)), label="Definition")
    index = mo.ui.dropdown(
        sorted(tables["continuity"]["index"].unique()), value="COC", label="Index"
    )
    series = mo.ui.dropdown(SERIES, value=next(iter(SERIES)), label="Besök · Visits")
    unit_scope = mo.ui.dropdown(SCOPES, value=next(iter(SCOPES)), label="Var · Where")
    variant = mo.ui.dropdown(variants, value=next(iter(variants)), label="Fönster · Window")
    return definition, index, month, population, series, unit_scope, variant


@app.cell
def choices(definition, index, month, population, series, unit_scope, variant):
    of_coverage = {
        "month": month.value,
        "population": population.value,
        "definition": definition.value,
    }
    of_continuity = {
        "month": month.value,
        # Continuity follows those who are listed: inhabitants have none of their own.
        "population": "sabo" if population.value == "sabo" else "listed",
        "series": series.value,
        "unit_scope": unit_scope.value,
        "window_months": variant.value[0],
        "min_visits": variant.value[1],
        "index": index.value,
    }
    return of_continuity, of_coverage


@app.cell
def coverage_by_region(definition, month, of_coverage, population, tables):
    coverage = chosen(tables["coverage"], of_coverage).sort("area_code")
    coverage_definition = definition_of(tables["definitions"], "coverage", "share", of_coverage)
    goals = tables["targets"].filter(pl.col("indicator") == coverage_definition["indicator"])
    mo.vstack(
        [
            mo.md("## Täckning · Coverage"),
            mo.hstack([month, population, definition], justify="start", wrap=True),
            chart(
                coverage,
                "share",
                "Andel med fast läkarkontakt · Share with a named physician",
                ".0%",
                goals["target"].first(),
            ),
            mo.md(not_shown(coverage)),
            mo.md(in_words(coverage_definition)),
            mo.accordion({"Tabell · Table": mo.ui.table(coverage, selection=None)}),
        ]
    )
    return (coverage,)


@app.cell
def continuity_by_region(index, of_continuity, series, tables, unit_scope, variant):
    continuity = chosen(tables["continuity"], of_continuity).sort("area_code")
    continuity_definition = definition_of(
        tables["definitions"], "continuity", "mean", of_continuity
    )
    mo.vstack(
        [
            mo.md("## Kontinuitet · Continuity"),
            mo.hstack([series, unit_scope, variant, index], justify="start", wrap=True),
            chart(
                continuity,
                "mean",
                f"{of_continuity['index']}, medelvärde · mean",
                ".2f",
            ),
            mo.md(not_shown(continuity)),
            mo.md(in_words(continuity_definition)),
            mo.accordion({"Tabell · Table": mo.ui.table(continuity, selection=None)}),
        ]
    )
    return (continuity,)


@app.cell
def what_is_missing(of_coverage, tables):
    remarks = (
        chosen(tables["reporting"], {"month": of_coverage["month"]})
        .filter(pl.col("remarks").is_not_null())
        .sort("region_code")
        .select("region_code", "region_name", "reported", "remarks")
    )
    rules = tables["release_info"].filter(pl.col("name") == "disclosure_rules")["value"].item()
    statuses = [
        {"status": status, "betyder": swedish, "means": english}
        for status, (swedish, english) in STATUSES.items()
    ]
    mo.vstack(
        [
            mo.md("""
    ## Vad som saknas · What is missing

    I allt utom `ok` saknas alla värden, också antalen: de är aldrig 0. Räkna inte fram dolda
    värden ur summor. · *In all but `ok` every value is missing, counts too: it is never 0. Do
    not compute hidden values from totals.*
    """),
            mo.ui.table(statuses, selection=None),
            mo.md(f"Regler · Rules: {rules}."),
            mo.md("Anmärkningar till månaden · Remarks on the month"),
            mo.ui.table(remarks, selection=None),
        ]
    )
    return (remarks,)


if __name__ == "__main__":
    app.run()
