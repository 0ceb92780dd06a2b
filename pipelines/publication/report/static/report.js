// Draws the figures of a page with Vega-Lite, those in sight first, from the data in the page.
// Without this script the tables say the same.
"use strict";

(function () {
  const language = document.documentElement.lang;
  const locale =
    language === "sv"
      ? { decimal: ",", thousands: "\u00a0", grouping: [3], currency: ["", "\u00a0kr"], percent: "\u00a0%", minus: "\u2212" }
      : { decimal: ".", thousands: ",", grouping: [3], currency: ["", ""], minus: "\u2212" };

  const tooltip = document.createElement("div");
  tooltip.className = "tooltip";
  tooltip.hidden = true;
  document.body.append(tooltip);

  // Values at the pointer, as text: never as HTML.
  function showTooltip(handler, event, item, value) {
    tooltip.hidden = value === null || value === undefined || value === "";
    if (tooltip.hidden) return;
    const lines = Object.entries(value).map(function ([name, text], number) {
      const line = document.createElement(number === 0 ? "b" : "div");
      line.textContent = number === 0 ? text : name + ": " + text;
      return line;
    });
    tooltip.replaceChildren(...lines);
    const right = Math.min(event.pageX + 14, window.scrollX + document.documentElement.clientWidth - tooltip.offsetWidth - 8);
    tooltip.style.left = Math.max(8, right) + "px";
    tooltip.style.top = event.pageY + 14 + "px";
  }

  // A chart of rows is as high as its rows need.
  function height(specification, datasets) {
    const rows = specification.usermeta && specification.usermeta.rows;
    if (!rows) return specification.height;
    return rows.height * new Set(datasets.values.map(function (each) { return each[rows.field]; })).size;
  }

  function draw(element) {
    if (element.dataset.drawn) return element.drawing;
    element.dataset.drawn = "begun";
    const content = JSON.parse(document.getElementById("data-" + element.dataset.chart).textContent);
    const template = window.reportCharts[content.chart];
    const specification = Object.assign({}, template, {
      datasets: content.datasets,
      height: height(template, content.datasets),
    });
    element.drawing = window
      .reportEmbed(element, specification, {
        ast: true,
        actions: false,
        defaultStyle: false,
        renderer: "svg",
        mode: "vega-lite",
        tooltip: showTooltip,
        formatLocale: locale,
        loader: { target: "_self" },
      })
      .then(function () {
        element.dataset.drawn = "done";
      });
    return element.drawing;
  }

  const charts = Array.from(document.querySelectorAll("[data-chart]"));
  const sight = new IntersectionObserver(
    function (entries) {
      for (const entry of entries) {
        if (entry.isIntersecting) {
          sight.unobserve(entry.target);
          draw(entry.target);
        }
      }
    },
    { rootMargin: "300px" },
  );
  charts.forEach(function (element) {
    sight.observe(element);
  });

  // The rest when there is time, so that a printout has all.
  const later = window.requestIdleCallback || function (run) { return window.setTimeout(run, 200); };
  (function next() {
    const waiting = charts.find(function (element) { return !element.dataset.drawn; });
    if (waiting) later(function () { draw(waiting).then(next); });
  })();
})();
