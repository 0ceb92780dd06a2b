// A patient's visits as dots that can be changed, and the index beside.
"use strict";

(function () {
  const box = document.getElementById("prova-coc");
  const language = document.documentElement.lang;
  const physicians = "ABCDE";
  const fewest = 2;
  const most = 12;
  let visits = box.dataset.start.split("");

  const number = function (value) {
    return value.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  };

  function dot(physician, place) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "dot " + physician.toLowerCase();
    button.textContent = physician;
    button.setAttribute("aria-label", box.dataset.visit + " " + (place + 1) + ", " + box.dataset.physician + " " + physician);
    button.addEventListener("click", function () {
      visits[place] = physicians[(physicians.indexOf(physician) + 1) % physicians.length];
      show();
      document.getElementById("besok").children[place].focus();
    });
    return button;
  }

  function show() {
    document.getElementById("besok").replaceChildren(...visits.map(dot));
    const counts = Array.from(physicians, function (physician) {
      return visits.filter(function (visit) { return visit === physician; }).length;
    });
    const pairs = function (n) { return (n * (n - 1)) / 2; };
    const same = counts.map(pairs).reduce(function (sum, each) { return sum + each; });
    const all = pairs(visits.length);
    document.getElementById("coc-varde").textContent = "COC " + number(same / all);
    document.getElementById("coc-par").textContent = box.dataset.pairs.replace("{same}", same).replace("{all}", all);
    document.getElementById("upc-varde").textContent = box.dataset.upc.replace("{value}", number(Math.max(...counts) / visits.length));
    document.getElementById("fler").disabled = visits.length >= most;
    document.getElementById("farre").disabled = visits.length <= fewest;
  }

  document.getElementById("fler").addEventListener("click", function () {
    visits.push("A");
    show();
  });
  document.getElementById("farre").addEventListener("click", function () {
    visits.pop();
    show();
  });
  show();
})();
