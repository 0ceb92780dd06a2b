// The planning tool: the same computation as is described in planning_page.py.
"use strict";

(function () {
  const language = document.documentElement.lang;
  const regions = JSON.parse(document.getElementById("planning-data").textContent);
  const field = function (name) { return document.getElementById(name); };
  const table = field("behovstabell");
  const number = function (value, decimals) {
    return value.toLocaleString(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  };

  function need(area, choice) {
    const guideline = choice.own ? area.guideline_specialist : choice.guideline;
    const st = choice.own ? area.guideline_st : choice.guideline / 2;
    const needed = Math.max(0, (choice.coverage * area.listed - st * area.fte_st) / guideline);
    const missing = Math.max(0, needed - area.fte_specialist);
    return { listed: area.listed, needed: needed, have: area.fte_specialist, missing: missing, employ: missing / choice.fulltime };
  }

  function cells(row, name, values) {
    const heading = document.createElement("th");
    heading.scope = "row";
    heading.textContent = name;
    row.append(heading);
    values.forEach(function (text) {
      const cell = document.createElement("td");
      cell.className = "number";
      cell.textContent = text;
      row.append(cell);
    });
  }

  function written(result) {
    return [number(result.listed, 0), number(result.needed, 1), number(result.have, 1), number(result.missing, 1), number(result.employ, 1)];
  }

  function show() {
    const choice = {
      own: field("eget").checked,
      guideline: Number(field("riktvarde").value),
      fulltime: Number(field("heltid").value) / 100,
      coverage: Number(field("tackning").value) / 100,
    };
    field("riktvarde-visat").textContent = choice.own ? "–" : number(choice.guideline, 0);
    field("heltid-visat").textContent = number(100 * choice.fulltime, 0) + " %";
    field("tackning-visat").textContent = number(100 * choice.coverage, 0) + " %";
    const region = regions.find(function (each) { return each.code === field("omrade").value; });
    // A region's total is of the region as a whole, as published; the country's sums its regions.
    const areas = region ? region.units : regions;
    const summed = (region ? [region] : regions).filter(function (each) { return each.status === "ok"; });
    const total = { listed: 0, needed: 0, have: 0, missing: 0, employ: 0 };
    summed.forEach(function (each) {
      const result = need(each, choice);
      Object.keys(total).forEach(function (name) { total[name] += result[name]; });
    });
    const rows = [[region ? region.name : table.dataset.total, written(total)]].concat(
      areas.map(function (area) {
        return [area.name, area.status === "ok" ? written(need(area, choice)) : ["–", "–", "–", table.dataset[area.status], "–"]];
      }),
    );
    table.tBodies[0].replaceChildren(
      ...rows.map(function (each, place) {
        const row = document.createElement("tr");
        if (place === 0) row.className = "total";
        cells(row, each[0], each[1]);
        return row;
      }),
    );
    field("svar").textContent = field("svar")
      .dataset.text.replace("{needed}", number(total.needed, 1))
      .replace("{have}", number(total.have, 1))
      .replace("{missing}", number(total.missing, 1))
      .replace("{employ}", number(total.employ, 1));
  }

  field("planning").addEventListener("input", function (event) {
    if (event.target.id === "riktvarde") field("eget").checked = false;
    show();
  });
  show();
})();
