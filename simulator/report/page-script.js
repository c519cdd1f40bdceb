/** Draws the plots of the report page. Runs in the reader's browser; what it shows also stands in the tables. */
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const waitTicks = [100, 1e3, 1e4, 6e4, 6e5, 36e5, 144e5, 864e5, 864e6];
  const waitLabels = ["0.1 s", "1 s", "10 s", "1 min", "10 min", "1 h", "4 h", "1 d", "10 d"];

  /** Colours are read anew for each drawing: they differ between light, dark and print. */
  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function axes(yAxis) {
    const common = {
      stroke: colour("--soft"),
      grid: { stroke: colour("--rule"), width: 1 },
      ticks: { stroke: colour("--rule"), width: 1 },
      font: "13px system-ui, sans-serif",
    };
    const ticks = figures.ticks;
    return [
      {
        ...common,
        splits: () => ticks.map((tick) => tick.at),
        values: (_plot, splits) => splits.map((at) => (ticks.find((tick) => tick.at === at) || { label: "" }).label),
      },
      { ...common, size: 64, ...yAxis },
    ];
  }

  /** Shades each fault behind the data. */
  const faultBands = {
    hooks: {
      drawClear: (plot) => {
        const { ctx, bbox } = plot;
        ctx.save();
        ctx.fillStyle = colour("--fault");
        for (const fault of figures.faults) {
          const left = Math.max(bbox.left, plot.valToPos(fault.from, "x", true));
          const right = Math.min(bbox.left + bbox.width, plot.valToPos(fault.to, "x", true));
          ctx.fillRect(left, bbox.top, right - left, bbox.height);
        }
        ctx.restore();
      },
    },
  };

  function draw(id, data, series, scaleY, yAxis) {
    const place = document.getElementById(id);
    if (place === null || place.clientWidth === 0) return;
    place.replaceChildren();
    const options = {
      width: place.clientWidth,
      height: place.clientHeight,
      padding: [14, 18, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [0, figures.endMin] }, y: scaleY },
      axes: axes(yAxis),
      series: [{}, ...series],
      plugins: [faultBands],
    };
    new uPlot(options, data, place);
  }

  function marks(stroke, fill, size) {
    return { stroke, paths: () => null, points: { show: true, size, stroke, fill, width: 1.5 } };
  }

  function drawWaits() {
    const { at, two, one, never } = figures.waits;
    let longest = 1e3;
    for (const list of [two, one, never]) for (const wait of list) if (wait !== null && wait > longest) longest = wait;
    const series = [
      marks(colour("--two"), colour("--two"), 6),
      marks(colour("--one"), colour("--card"), 8),
      marks(colour("--never"), colour("--never"), 10),
    ];
    const least = 100;
    const scale = { distr: 3, range: () => [least, longest * 2] };
    const splits = waitTicks.filter((tick) => tick <= longest * 2);
    const values = (_plot, shown) => shown.map((tick) => waitLabels[waitTicks.indexOf(tick)]);
    draw("waits", [at, two, one, never], series, scale, { splits: () => splits, values, filter: (_plot, all) => all });
  }

  function drawPending() {
    const steps = uPlot.paths.stepped({ align: 1 });
    const ink = colour("--ink");
    const series = [{ stroke: ink, fill: colour("--rule"), width: 1.5, paths: steps, points: { show: false } }];
    draw(
      "pending",
      [figures.pending.at, figures.pending.count],
      series,
      { range: (_plot, _least, most) => [0, Math.max(4, most * 1.1)] },
      {},
    );
  }

  function drawIntakes() {
    figures.intakes.forEach((intake, index) => {
      const series = [
        { stroke: colour("--one"), width: 1.5, dash: [6, 4], points: { show: false } },
        { stroke: colour("--two"), width: 2, points: { show: false } },
      ];
      const scale = { range: (_plot, _least, most) => [0, Math.max(4, most * 1.1)] };
      draw(`intake-${index}`, [intake.at, intake.carried, intake.accepted], series, scale, {});
    });
  }

  function drawAll() {
    drawWaits();
    drawPending();
    drawIntakes();
  }

  let waiting = 0;
  const later = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(drawAll);
  };
  drawAll();
  addEventListener("resize", later);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
  matchMedia("print").addEventListener("change", drawAll);
})();
