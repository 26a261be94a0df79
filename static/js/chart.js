// Draws the figure of each element with data-chart; the same figures stand in a table below it, so that nothing is
// lost without this file. plotly.js finds its rules in css/charts.css: it may not add a style sheet itself.
"use strict";

for (const place of document.querySelectorAll("[data-chart]")) {
  fetch(place.dataset.chart, { credentials: "same-origin" })
    .then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    })
    .then((figure) =>
      Plotly.newPlot(place, figure.data, figure.layout, { displayModeBar: false, responsive: true, staticPlot: false })
    )
    .catch(() => {
      place.textContent = "De grafiek kon niet worden getekend. De cijfers staan in de tabel hieronder.";
    });
}
