"use strict";
// Draws each panel's data with ECharts. Without this script the tables tell the same.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // So many can be told apart: what is more is one band of them.
  const most = 15;
  const newest = 5;
  const OTHER = "other";
  const WITHHELD = "withheld";
  // Colours that stay apart without colour vision (after Okabe and Ito), for either ground.
  const colours = {
    light: ["#0072b2", "#d55e00", "#009e73", "#b5479b", "#8a6d00", "#3a8fc4", "#5c3d8f", "#6b6b6b"],
    dark: ["#56b4e9", "#f0893e", "#2fc296", "#e191c8", "#e6c34a", "#8fd0f5", "#b79ae6", "#b9b9b9"],
  };
  const number = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });
  const charts = [];

  const label = (text) => (text === null ? "unknown" : String(text).replaceAll("_", " "));
  const amount = (value) => (typeof value === "number" ? value : 0);
  const shown = (value) => (typeof value === "number" ? value : null);
  const isVersion = (name) => /^\d+(\.\d+)+$/.test(String(name));
  const other = () => (dark.matches ? "#8a929d" : "#7d8590");

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
      tooltip: {
        // As text, so that no name can be markup; it holds every series, which a drawn one cannot.
        renderMode: "html",
        className: "tip",
        trigger: "axis",
        confine: true,
        transitionDuration: 0,
        backgroundColor: dark.matches ? "#1d2229" : "#ffffff",
        borderColor: rule,
        textStyle: { color: dark.matches ? "#e4e8ee" : "#1b2430" },
      },
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
    return lines(data, x, series, base, axis, distinct(x));
  }

  function lines(data, x, series, base, axis, days) {
    const time = isDay(days[0]);
    const area = data.kind === "area";
    const drawn = series.map((one) => ({ ...one, points: points(data, one, x, days) }));
    const own = drawn.filter((one) => one.name !== OTHER);
    const rest = drawn.find((one) => one.name === OTHER);
    const hidden = days.filter((day) => data.rows.every((row) => row[x] !== day || series.every((one) => row[one.y] === WITHHELD)));
    const named = data.y.length > 1 && series.length > 1 && series.every((one) => one.y === series[0].y) ? label(data.y[0]) : "";
    return {
      ...base,
      tooltip: { ...base.tooltip, formatter: (items) => told(data, items[0].value[0], drawn.map((one, index) => line(one, colour(base, one, index), x, items[0].value[0]))) },
      legend: { ...base.legend, show: series.length > 1, data: drawn.map((one) => entry(one)) },
      xAxis: { type: time ? "time" : "value", name: time ? "" : label(data.x), nameLocation: "middle", nameGap: 24, ...axis },
      yAxis: { type: "value", name: named, ...axis, axisLabel: { color: axis.axisLabel.color, formatter: (n) => number.format(n) } },
      grid: { ...base.grid, top: top(data, hidden.length > 0) + (named ? 14 : 0), bottom: time ? 8 : 28 },
      series: [
        ...own.flatMap((one, index) => [
          {
            name: entry(one),
            type: "line",
            symbol: "circle",
            showSymbol: lonely(one.points),
            stack: area ? "all" : undefined,
            areaStyle: area ? { opacity: 0.7 } : undefined,
            // Past the last colour they begin again, so the lines are dotted then.
            lineStyle: { width: area ? 0.5 : 2, type: index < base.color.length ? "solid" : "dotted" },
            itemStyle: { color: colour(base, one, index) },
            data: area ? one.points : without(data, one.points),
            markArea: index === 0 ? marks(data, days, hidden, false) : undefined,
          },
          ...(area ? [] : dashed(data, one, colour(base, one, index))),
        ]),
        ...(rest ? band(rest, area) : []),
      ],
    };
  }

  // Those that are not drawn by themselves: upon the others where they add up, else from the least to the most.
  function band(rest, area) {
    const look = { type: "line", symbol: "none", itemStyle: { color: other() } };
    if (area) {
      return [{ ...look, name: entry(rest), stack: "all", lineStyle: { width: 0.5 }, areaStyle: { opacity: 0.7 }, data: rest.points }];
    }
    if (!rest.range?.size) {
      return [{ ...look, name: entry(rest), lineStyle: { width: 2 }, data: rest.points }];
    }
    const range = [...rest.range].sort(([a], [b]) => (a < b ? -1 : 1));
    return [{
      ...look,
      type: "custom",
      name: entry(rest),
      silent: true,
      z: 1,
      encode: { x: 0, y: [1, 2] },
      renderItem: between(range.length),
      data: range.map(([at, part]) => [at, part.least, part.most]),
    }];
  }

  // From each place to the next, between the least and the most.
  function between(count) {
    return (params, api) => {
      const at = params.dataIndex;
      const next = at + 1 < count ? at + 1 : at;
      const corner = (index, of) => api.coord([api.value(0, index), api.value(of, index)]);
      return {
        type: "polygon",
        shape: { points: [corner(at, 1), corner(next, 1), corner(next, 2), corner(at, 2)] },
        style: { fill: other(), opacity: 0.4 },
      };
    };
  }

  const colour = (base, one, index) => (one.name === OTHER ? other() : base.color[index % base.color.length]);

  // What the legend calls it: also that some of its values are kept from whoever looks.
  const entry = (one) => (one.withheld ? `${label(one.name)} (gaps: ${WITHHELD})` : label(one.name));

  // A value between two that lack would not be seen without a symbol.
  const lonely = (points) => points.every((point, at) => point[1] === null || ((points[at - 1]?.[1] ?? null) === null && (points[at + 1]?.[1] ?? null) === null));

  // Room for what is said of days, between legend and chart.
  const top = (data, hidden) => (hidden || Object.keys(data.incomplete).length > 0 ? 50 : 36);

  const isDay = (value) => /^\d{4}-\d{2}-\d{2}/.test(String(value));

  // A series' value there, for whoever points at it.
  function line(one, mark, x, place) {
    const row = one.rows.find((r) => r[x] === place);
    const part = one.range?.get(place);
    const value = one.sums ? one.sums.get(place) : row?.[one.y];
    return { name: label(one.name), mark, value, part, few: one.few, last: one.name === OTHER };
  }

  // All there is at the pointer, the largest first, and what there is to say of the day.
  function told(data, place, values) {
    const tip = document.createElement("div");
    const title = tip.appendChild(document.createElement("strong"));
    const note = data.incomplete[place];
    title.textContent = isDay(place) ? (note ? `${place}: ${note}` : place) : data.kind === "bars" ? label(place) : `${label(data.x)}: ${place}`;
    const there = values.filter((one) => one.part || (one.value !== null && one.value !== undefined));
    there.sort((a, b) => a.last - b.last || amount(b.value) - amount(a.value));
    for (const one of there) {
      const row = tip.appendChild(document.createElement("div"));
      const mark = row.appendChild(document.createElement("i"));
      mark.style.backgroundColor = one.mark;
      row.appendChild(document.createElement("span")).textContent = one.few ? `${one.name} (${one.few})` : one.name;
      row.appendChild(document.createElement("b")).textContent = one.part
        ? `${number.format(one.part.least)} to ${number.format(one.part.most)}`
        : one.value === WITHHELD ? WITHHELD : number.format(one.value);
    }
    return tip;
  }

  // A line is whole up to a day that is not, and dashed to it.
  function without(data, points) {
    return points.map(([day, value]) => [day, day in data.incomplete ? null : value]);
  }

  function dashed(data, one, mark) {
    const part = (at) => one.points[at] && one.points[at][0] in data.incomplete;
    const near = one.points.map(([day, value], at) => [day, part(at - 1) || part(at) || part(at + 1) ? value : null]);
    return near.some((point) => point[1] !== null)
      ? [{
        name: entry(one),
        type: "line",
        symbol: "emptyCircle",
        symbolSize: (value) => (value[0] in data.incomplete ? 6 : 0),
        lineStyle: { width: 2, type: "dashed" },
        itemStyle: { color: mark },
        data: near,
      }]
      : [];
  }

  // Days that are not whole are pale, and the last of them says how far it is; those that are withheld are hatched.
  function marks(data, days, hidden, category) {
    const text = { position: ["100%", -3], align: "right", verticalAlign: "bottom", color: dark.matches ? "#e4e8ee" : "#1b2430", fontSize: 11 };
    const place = (day, name, itemStyle) => [
      { xAxis: category ? day : days[Math.max(0, days.indexOf(day) - 1)], name, itemStyle },
      { xAxis: day },
    ];
    const marked = days.filter((day) => day in data.incomplete);
    const pale = { color: dark.matches ? "rgba(29,34,41,.55)" : "rgba(255,255,255,.6)" };
    return {
      silent: true,
      z: 4,
      label: text,
      data: [
        ...marked.map((day, at) => place(day, at === marked.length - 1 ? data.incomplete[day] : "", pale)),
        // From the point before to the one after: so long is the gap.
        ...hidden.map((day, at) => [
          { xAxis: days[Math.max(0, days.indexOf(day) - 1)], name: at === 0 ? WITHHELD : "", itemStyle: { color: hatch() } },
          { xAxis: days[Math.min(days.length - 1, days.indexOf(day) + 1)] },
        ]),
      ],
    };
  }

  // Stripes: there is something, but it is not for whoever looks.
  function hatch() {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.strokeStyle = other();
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
    }
    pen.stroke();
    return { image: tile, repeat: "repeat" };
  }

  // Areas stand upon each other, so each needs a value for every day; what is withheld is a gap.
  function points(data, one, x, days) {
    if (one.sums) {
      return days.map((day) => [day, shown(one.sums.get(day) ?? 0)]);
    }
    if (data.kind !== "area") {
      return one.rows.map((row) => [row[x], shown(row[one.y])]);
    }
    const by = new Map(one.rows.map((row) => [row[x], row[one.y]]));
    return days.map((day) => [day, by.has(day) ? shown(by.get(day)) : 0]);
  }

  // Which are drawn by themselves if not all can be: the newest in any case, then the largest.
  function chosen(names, weight, ordered) {
    if (names.length <= most) {
      return names;
    }
    const own = names.filter((name) => name !== OTHER);
    const kept = new Set();
    if (ordered) {
      own.slice(-newest).forEach((name) => kept.add(name));
    }
    own.filter(isVersion)
      .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
      .slice(0, newest)
      .forEach((name) => kept.add(name));
    for (const name of [...own].sort((a, b) => weight(b) - weight(a))) {
      if (kept.size < most - 1) {
        kept.add(name);
      }
    }
    return own.filter((name) => kept.has(name));
  }

  // One line for each column of numbers, or for each value of the series column; the last may be of all others.
  function series_(data, at, distinct) {
    const withheld = (rows, y) => data.kind !== "bars" && rows.some((row) => row[y] === WITHHELD);
    const y = at(data.y[0]);
    const names = data.series ? distinct(at(data.series)) : [];
    if (!data.series || (names.length === 1 && data.y.length > 1)) {
      return data.y.map((name) => ({ name, y: at(name), rows: data.rows, withheld: withheld(data.rows, at(name)) }));
    }
    const x = at(data.x);
    const rows = new Map(names.map((name) => [name, []]));
    data.rows.forEach((row) => rows.get(row[at(data.series)]).push(row));
    const sum = (name) => rows.get(name).reduce((all, row) => all + amount(row[y]), 0);
    const kept = chosen(names, sum, data.kind !== "bars" || isDay(data.rows[0][x]));
    const drawn = kept.map((name) => ({ name, y, rows: rows.get(name), withheld: withheld(rows.get(name), y) }));
    const rest = names.filter((name) => !kept.includes(name));
    return rest.length === 0 ? drawn : [...drawn, together(rest.flatMap((name) => rows.get(name)), rest.length, x, y, data.kind !== "lines")];
  }

  // What is not drawn by itself, by place: its sum where it adds up, else from its least to its most.
  function together(rows, few, x, y, adds) {
    const sums = new Map();
    const range = new Map();
    for (const row of rows) {
      const value = row[y];
      const before = sums.get(row[x]);
      sums.set(row[x], value === WITHHELD || before === WITHHELD ? WITHHELD : amount(before) + amount(value));
      if (!adds && typeof value === "number") {
        const part = range.get(row[x]) || { least: value, most: value };
        range.set(row[x], { least: Math.min(part.least, value), most: Math.max(part.most, value) });
      }
    }
    return { name: OTHER, y, rows: [], few, range, sums, withheld: rows.some((row) => row[y] === WITHHELD) };
  }

  function bars(data, x, series, base, axis, width) {
    const cell = (one, key) => {
      const row = one.sums ? undefined : one.rows.find((r) => r[x] === key);
      return one.sums ? one.sums.get(key) : row ? row[one.y] : null;
    };
    const keys = [...new Set(data.rows.map((row) => row[x]))];
    const total = new Map(keys.map((key) => [key, series.reduce((all, one) => all + amount(cell(one, key)), 0)]));
    const time = isDay(data.rows[0][x]);
    const kept = time ? keys : chosen(data.series ? [...keys].sort((a, b) => total.get(b) - total.get(a)) : keys, (key) => total.get(key), false);
    const cut = keys.filter((key) => !kept.includes(key));
    const places = cut.length > 0 ? [...kept, OTHER] : kept;
    const stacked = data.series !== "";
    const adds = data.sums.includes(data.y[0]);
    const value = (one, key) => {
      if (key !== OTHER || cut.length === 0) {
        return cell(one, key);
      }
      const all = cut.map((each) => cell(one, each));
      return !adds ? null : all.includes(WITHHELD) ? WITHHELD : all.reduce((sum, n) => sum + amount(n), 0);
    };
    const range = cut.length > 0 && !adds ? { least: Math.min(...cut.map((key) => total.get(key))), most: Math.max(...cut.map((key) => total.get(key))) } : null;
    const hidden = places.filter((key) => series.some((one) => value(one, key) === WITHHELD));
    const legend = series.length > 1 || stacked;
    // Long names leave room for the bars: in two lines where there is the height, else cut short.
    const named = time
      ? axis.axisLabel
      : { ...axis.axisLabel, width: Math.round(width * 0.45), overflow: places.length > 7 ? "truncate" : "break" };
    const category = { type: "category", data: places.map((key) => (key === null ? "unknown" : key)), ...axis, axisLabel: named, inverse: !time };
    const values = { type: "value", ...axis, axisLabel: { color: axis.axisLabel.color, hideOverlap: true, formatter: (n) => number.format(n) } };
    const at = (key) => places.indexOf(key);
    const stack = stacked ? "all" : undefined;
    const tip = (items) => {
      const key = places[items[0].dataIndex];
      const own = series
        .map((one, index) => ({ name: label(one.name), mark: colour(base, one, index), value: value(one, key), few: one.few, last: one.name === OTHER }))
        .filter((one) => !stacked || one.value !== 0);
      return told(data, key === OTHER && cut.length > 0 ? `${OTHER} (${cut.length})` : key,
        key === OTHER && range ? [{ name: label(data.y[0]), mark: other(), part: range, value: 0, last: false }] : own);
    };
    return {
      ...base,
      tooltip: { ...base.tooltip, formatter: tip },
      legend: { ...base.legend, show: legend || hidden.length > 0, data: [...(legend ? series.map((one) => label(one.name)) : []), ...(hidden.length > 0 ? [WITHHELD] : [])] },
      xAxis: time ? category : values,
      yAxis: time ? values : category,
      grid: { ...base.grid, right: 28, top: legend || hidden.length > 0 ? top(data, false) : top(data, false) - 24 },
      series: [
        ...series.map((one, index) => ({
          name: label(one.name),
          type: "bar",
          barMaxWidth: 48,
          markArea: time && index === 0 ? marks(data, places, [], true) : undefined,
          stack: stack ?? (range && series.length === 1 ? "all" : undefined),
          itemStyle: { color: colour(base, one, index) },
          data: places.map((key) => shown(value(one, key))),
        })),
        ...(range && (stacked || series.length === 1)
          ? [
            { id: "least of other", type: "bar", stack: "all", silent: true, barMaxWidth: 48, itemStyle: { color: other(), opacity: 0.3, decal: { symbol: "none" } }, data: places.map((key) => (key === OTHER ? range.least : null)) },
            { name: OTHER, type: "bar", barMaxWidth: 48, stack: "all", itemStyle: { color: other() }, data: places.map((key) => (key === OTHER ? range.most - range.least : null)) },
          ]
          : []),
        ...(hidden.length > 0
          ? [{
            name: WITHHELD,
            type: "custom",
            itemStyle: { color: other() },
            tooltip: { show: false },
            renderItem: stub(time, axis.axisLabel.color),
            // Where it stands says nothing of how many they are.
            data: hidden.map((key) => (time ? [at(key), 0] : [0, at(key)])),
          }]
          : []),
      ],
    };
  }

  function heat(data, at, base, axis, distinct) {
    const x = at(data.x);
    const y = at(data.y[0]);
    const value = at(data.value);
    const across = distinct(x).sort((a, b) => a - b);
    const down = distinct(y).sort();
    const hidden = data.rows.filter((row) => row[value] === WITHHELD);
    const cells = (rows) => rows.map((row) => ({
      value: [across.indexOf(row[x]), down.indexOf(row[y]), shown(row[value])],
      note: data.partial[data.rows.indexOf(row)],
      itemStyle: data.rows.indexOf(row) in data.partial ? { borderColor: axis.axisLabel.color, borderType: "dashed", borderWidth: 1 } : undefined,
    }));
    return {
      ...base,
      tooltip: {
        ...base.tooltip,
        trigger: "item",
        formatter: (cell) => told(
          { ...data, incomplete: {} },
          `${label(data.y[0])} ${down[cell.value[1]]}, ${label(data.x)} ${across[cell.value[0]]}${cell.data.note ? ": " + cell.data.note : ""}`,
          [{ name: label(data.value), mark: cell.seriesName === WITHHELD ? other() : cell.color, value: cell.seriesName === WITHHELD ? WITHHELD : cell.value[2], last: false }]),
      },
      legend: { ...base.legend, show: hidden.length > 0, data: [WITHHELD] },
      grid: { ...base.grid, bottom: 64, top: hidden.length > 0 ? 32 : 8 },
      xAxis: { type: "category", data: across, name: label(data.x), nameLocation: "middle", nameGap: 24, ...axis },
      yAxis: { type: "category", data: down, inverse: true, ...axis },
      visualMap: {
        seriesIndex: 0,
        min: 0,
        max: Math.max(1, ...data.rows.map((row) => amount(row[value]))),
        orient: "horizontal",
        left: "center",
        bottom: 0,
        text: [label(data.value), ""],
        textStyle: { color: axis.axisLabel.color },
        inRange: { color: dark.matches ? ["#1d2f45", "#56b4e9", "#f4faff"] : ["#eef5fb", "#56b4e9", "#00395c"] },
      },
      series: [
        { type: "heatmap", data: cells(data.rows.filter((row) => shown(row[value]) !== null)) },
        ...(hidden.length > 0 ? [{ name: WITHHELD, type: "custom", itemStyle: { color: other() }, renderItem: stripes, data: cells(hidden) }] : []),
      ],
    };
  }

  // In the place of a bar that is not for whoever looks.
  function stub(upright, ink) {
    return (_, api) => {
      const [x, y] = api.coord([api.value(0), api.value(1)]);
      const [width, height] = upright ? [16, 32] : [32, 16];
      return {
        type: "group",
        children: [
          { type: "rect", shape: { x: upright ? x - width / 2 : x, y: upright ? y - height : y - height / 2, width, height }, style: { fill: hatch() } },
          ...(upright ? [] : [{ type: "text", style: { text: WITHHELD, x: x + width + 6, y, fill: ink, verticalAlign: "middle" } }]),
        ],
      };
    };
  }

  // A cell of which the number is not shown.
  function stripes(_, api) {
    const [x, y] = api.coord([api.value(0), api.value(1)]);
    const [width, height] = api.size([1, 1]);
    return { type: "rect", shape: { x: x - width / 2, y: y - height / 2, width, height }, style: { fill: hatch() } };
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
