/** The two plots of a load, from the seconds that stand in the page. */
(() => {
  const seconds = JSON.parse(document.getElementById("seconds").textContent);
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const times = seconds.map(({ second }) => second + 1);
  const line = (label, stroke, values, dash) => ({ series: { label, stroke, width: 2, dash }, values });
  const wait = (which, percentile) => seconds.map((each) => (each[which].count === 0 ? null : each[which][percentile]));
  const sum = (word) => seconds.map((each) => each[word]);
  const plots = {
    messages: [
      line("sent", colour("--soft"), sum("sent")),
      line("accepted", colour("--good"), sum("accepted")),
      line("again", colour("--one"), sum("again"), [6, 4]),
      line("lost", colour("--never"), sum("lost"), [2, 3]),
    ],
    waits: [
      line("200, median", colour("--two"), wait("carriedIn", "medianMs")),
      line("200, 99 %", colour("--two"), wait("carriedIn", "p99Ms"), [6, 4]),
      line("mrs, median", colour("--good"), wait("acceptedIn", "medianMs")),
      line("mrs, 99 %", colour("--good"), wait("acceptedIn", "p99Ms"), [6, 4]),
    ],
  };
  for (const [id, lines] of Object.entries(plots)) {
    const place = document.getElementById(id);
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--rule") } };
    const plot = new uPlot(
      {
        width: place.clientWidth,
        height: 260,
        scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most) * 1.05] } },
        axes: [axis, { ...axis, size: 70 }],
        series: [{ label: "second" }, ...lines.map(({ series }) => series)],
      },
      [times, ...lines.map(({ values }) => values)],
      place,
    );
    new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: 260 })).observe(place);
  }
})();
