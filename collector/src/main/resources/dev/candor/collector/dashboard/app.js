"use strict";
// Draws each panel's data with ECharts. Without this script the tables tell the same.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const most = 15;
  // Colours that stay apart without colour vision (after Okabe and Ito), for either ground.
  const colours = {
    light: ["#0072b2", "#d55e00", "#009e73", "#b5479b", "#8a6d00", "#3a8fc4", "#5c3d8f", "#6b6b6b"],
    dark: ["#56b4e9", "#f0893e", "#2fc296", "#e191c8", "#e6c34a", "#8fd0f5", "#b79ae6", "#b9b9b9"],
  };
  const number = new Intl.NumberFormat("en");
  const charts = [];

  const label = (text) => String(text).replaceAll("_", " ");

  function option(data, width) {
    const at = (name) => data.columns.indexOf(name);
    const x = at(data.x);
    const theme = dark.matches ? "dark" : "light";
    const ink = dark.matches ? "#c3cbd6" : "#48535f";
    const rule = dark.matches ? "#343c48" : "#d9dee6";
    const axis = {
      axisLabel: { color: ink, hideOverlap: true },
      axisLine: { lineStyle: { color: rule } },
      splitLine: { lineStyle: { color: rule } },
      nameTextStyle: { color: ink },
    };
    const base = {
      animation: !still,
      color: colours[theme],
      aria: { enabled: true, decal: { show: data.kind === "bars" || data.kind === "area" } },
      textStyle: { fontFamily: "system-ui, sans-serif" },
      tooltip: { renderMode: "richText", trigger: "axis", confine: true },
      grid: { left: 16, right: 16, top: 36, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: { type: "scroll", icon: data.kind === "lines" ? null : "roundRect", itemWidth: 18, itemHeight: data.kind === "lines" ? 14 : 10, textStyle: { color: ink }, top: 0, pageTextStyle: { color: ink }, pageIconColor: ink, pageIconInactiveColor: rule },
    };
    const distinct = (index) => [...new Set(data.rows.map((row) => row[index]))];
    if (data.kind === "heat") {
      return heat(data, at, base, axis, distinct);
    }
    const series = series_(data, at, distinct);
    if (data.kind === "bars") {
      return bars(data, x, series, base, axis, width);
    }
    const days = distinct(x);
    const time = isDay(days[0]);
    const drawn = series.map((one) => ({ ...one, points: points(data, one, x, days) }));
    return {
      ...base,
      tooltip: time ? { ...base.tooltip, formatter: (items) => told(data, items) } : base.tooltip,
      legend: { ...base.legend, show: series.length > 1 },
      xAxis: { type: time ? "time" : "value", name: time ? "" : label(data.x), nameLocation: "middle", nameGap: 24, ...axis },
      yAxis: { type: "value", ...axis, axisLabel: { color: ink, formatter: (n) => number.format(n) } },
      grid: { ...base.grid, top: top(data), bottom: time ? 8 : 28 },
      series: drawn.flatMap((one, index) => [
        {
          name: label(one.name),
          type: "line",
          symbol: "circle",
          showSymbol: days.length < 2,
          stack: data.kind === "area" ? "all" : undefined,
          areaStyle: data.kind === "area" ? { opacity: 0.7 } : undefined,
          // Past the last colour they begin again, so the lines are dotted then.
          lineStyle: { width: data.kind === "area" ? 0.5 : 2, type: index < colours[theme].length ? "solid" : "dotted" },
          data: data.kind === "area" ? one.points : without(data, one.points),
          markArea: index === 0 ? bands(data, days, false) : undefined,
        },
        ...(data.kind === "area" ? [] : dashed(data, one)),
      ]),
    };
  }

  // Room for what is said of the last day, between legend and chart.
  const top = (data) => (Object.keys(data.incomplete).length > 0 ? 50 : 36);

  const isDay = (value) => /^\d{4}-\d{2}-\d{2}/.test(String(value));

  // What there is to say of each day at the pointer, and of the day itself.
  function told(data, items) {
    const day = items[0].value[0] === undefined ? items[0].name : String(items[0].value[0]);
    const note = data.incomplete[day];
    const lines = new Map();
    for (const item of items) {
      const value = Array.isArray(item.value) ? item.value[1] : item.value;
      if (value !== null && value !== undefined && !lines.has(item.seriesName)) {
        lines.set(item.seriesName, `${item.marker}${item.seriesName}  ${number.format(value)}`);
      }
    }
    return [note ? `${day}: ${note}` : day, ...lines.values()].join("\n");
  }

  // A line is whole up to a day that is not, and dashed to it.
  function without(data, points) {
    return points.map(([day, value]) => [day, day in data.incomplete ? null : value]);
  }

  function dashed(data, one) {
    const part = (at) => one.points[at] && one.points[at][0] in data.incomplete;
    const near = one.points.map(([day, value], at) => [day, part(at - 1) || part(at) || part(at + 1) ? value : null]);
    return near.some((point) => point[1] !== null)
      ? [{
        name: label(one.name),
        type: "line",
        symbol: "emptyCircle",
        symbolSize: (value) => (value[0] in data.incomplete ? 6 : 0),
        lineStyle: { width: 2, type: "dashed" },
        data: near,
      }]
      : [];
  }

  // Days that are not whole are pale, and the last of them says how far it is.
  function bands(data, days, category) {
    const marked = days.filter((day) => day in data.incomplete);
    return {
      silent: true,
      z: 4,
      itemStyle: { color: dark.matches ? "rgba(29,34,41,.55)" : "rgba(255,255,255,.6)" },
      label: { position: ["100%", -3], align: "right", verticalAlign: "bottom", color: dark.matches ? "#e4e8ee" : "#1b2430", fontSize: 11 },
      data: marked.map((day, at) => [
        { xAxis: category ? day : days[Math.max(0, days.indexOf(day) - 1)], name: at === marked.length - 1 ? data.incomplete[day] : "" },
        { xAxis: day },
      ]),
    };
  }

  // Areas stand upon each other, so each needs a value for every day.
  function points(data, one, x, days) {
    if (data.kind !== "area") {
      return one.rows.map((row) => [row[x], row[one.y]]);
    }
    const by = new Map(one.rows.map((row) => [row[x], row[one.y]]));
    return days.map((day) => [day, by.get(day) || 0]);
  }

  // One line for each column of numbers, or for each value of the series column.
  function series_(data, at, distinct) {
    if (!data.series) {
      return data.y.map((name) => ({ name, y: at(name), rows: data.rows }));
    }
    const by = at(data.series);
    const y = at(data.y[0]);
    const sum = (rows) => rows.reduce((all, row) => all + (row[y] || 0), 0);
    const all = distinct(by).map((name) => ({
      name: name === null ? "unknown" : name,
      y,
      rows: data.rows.filter((row) => row[by] === name),
    }));
    const largest = [...all].sort((a, b) => sum(b.rows) - sum(a.rows)).slice(0, most);
    return all.filter((one) => largest.includes(one));
  }

  function bars(data, x, series, base, axis, width) {
    const total = new Map();
    for (const one of series) {
      for (const row of one.rows) {
        total.set(row[x], (total.get(row[x]) || 0) + (row[one.y] || 0));
      }
    }
    const time = isDay(data.rows[0][x]);
    let keys = [...total.keys()];
    if (!time && keys.length > most) {
      keys = keys.sort((a, b) => total.get(b) - total.get(a)).slice(0, most);
    }
    const legend = series.length > 1 || data.series !== "";
    // Long names leave room for the bars: in two lines where there is the height, else cut short.
    const named = time
      ? axis.axisLabel
      : { ...axis.axisLabel, width: Math.round(width * 0.45), overflow: keys.length > 7 ? "truncate" : "break" };
    const category = { type: "category", data: keys.map((key) => (key === null ? "unknown" : key)), ...axis, axisLabel: named, inverse: !time };
    const value = { type: "value", ...axis, axisLabel: { color: axis.axisLabel.color, hideOverlap: true, formatter: (n) => number.format(n) } };
    return {
      ...base,
      tooltip: time ? { ...base.tooltip, formatter: (items) => told(data, items) } : base.tooltip,
      legend: { ...base.legend, show: legend },
      xAxis: time ? category : value,
      yAxis: time ? value : category,
      grid: { ...base.grid, right: 28, top: legend ? top(data) : top(data) - 24 },
      series: series.map((one, index) => ({
        name: label(one.name),
        type: "bar",
        barMaxWidth: 48,
        markArea: time && index === 0 ? bands(data, keys, true) : undefined,
        stack: data.series ? "all" : undefined,
        data: keys.map((key) => {
          const row = one.rows.find((r) => r[x] === key);
          return row ? row[one.y] : null;
        }),
      })),
    };
  }

  function heat(data, at, base, axis, distinct) {
    const x = at(data.x);
    const y = at(data.y[0]);
    const value = at(data.value);
    const across = distinct(x).sort((a, b) => a - b);
    const down = distinct(y).sort();
    return {
      ...base,
      tooltip: {
        ...base.tooltip,
        trigger: "item",
        formatter: (cell) => `${label(data.y[0])} ${down[cell.value[1]]}\n${label(data.x)} ${across[cell.value[0]]}: ${cell.value[2]}`,
      },
      legend: { show: false },
      grid: { ...base.grid, bottom: 64, top: 8 },
      xAxis: { type: "category", data: across, name: label(data.x), nameLocation: "middle", nameGap: 24, ...axis },
      yAxis: { type: "category", data: down, inverse: true, ...axis },
      visualMap: {
        min: 0,
        max: Math.max(1, ...data.rows.map((row) => row[value] || 0)),
        orient: "horizontal",
        left: "center",
        bottom: 0,
        text: [label(data.value), ""],
        textStyle: { color: axis.axisLabel.color },
        inRange: { color: dark.matches ? ["#1d2f45", "#56b4e9", "#f4faff"] : ["#eef5fb", "#56b4e9", "#00395c"] },
      },
      series: [{
        type: "heatmap",
        data: data.rows.filter((row) => row[value] !== null).map((row) => [across.indexOf(row[x]), down.indexOf(row[y]), row[value]]),
      }],
    };
  }

  for (const script of document.querySelectorAll("script.data")) {
    const figure = script.closest("figure");
    const data = JSON.parse(script.textContent);
    figure.classList.add("drawn");
    const chart = echarts.init(figure.querySelector(".chart"), null, { renderer: "canvas" });
    const draw = () => chart.setOption(option(data, chart.getWidth()), true);
    draw();
    charts.push(draw);
    // Its room changes with the window, and with the size that text is read at.
    new ResizeObserver(() => {
      if (chart.getWidth() !== chart.getDom().clientWidth) {
        chart.resize();
        draw();
      }
    }).observe(chart.getDom());
  }
  dark.addEventListener("change", () => charts.forEach((draw) => draw()));
  // A page that the browser kept whole may be somebody's who has signed out since: it is asked for anew.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.documentElement.hidden = true;
      location.reload();
    }
  });
  document.documentElement.dataset.ready = "true";
})();
