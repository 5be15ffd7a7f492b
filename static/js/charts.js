// Draws the pictures of a board with ECharts where there is room for them. The server has drawn each already, as links:
// on a phone, on paper, without this script and until the library has come, that picture stands. The values and the
// addresses are read from it, so that nothing stands twice in the page.
import { all, each, later, make } from "./dom.js";

const library = document.querySelector("script[data-unionops-echarts]")?.dataset.unionopsEcharts;
// A column of a month, in pixels: below it the figures above the columns run into each other.
const COLUMN = 36;
const NARROW = 640;
let loading;

function load() {
  loading ??= new Promise((resolve, reject) => {
    if (window.echarts) return resolve(window.echarts);
    const script = make("script", { src: library });
    script.addEventListener("load", () => resolve(window.echarts));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return loading;
}

function colours(element) {
  const style = getComputedStyle(element);
  const of = (name) => style.getPropertyValue(`--u-${name}`).trim();
  return {
    ink: of("ink"), soft: of("ink-2"), line: of("line"), edge: of("line-2"), bar: of("bar"), rest: of("bar-rest"), card: of("card"),
    ages: [of("age-0"), of("age-1"), of("age-2"), of("age-3"), of("over")], ageInk: of("age-ink"), font: style.fontFamily,
  };
}

function months(source) {
  const title = source.getAttribute("aria-label");
  const marks = all(source, ".vbar").map((link) => {
    const [done, rest, rate] = link.dataset.v.split(" ");
    return { url: link.href, label: link.dataset.l, tick: link.querySelector("small").innerText, done: +done, rest: +rest, rate: rate ? +rate : null, open: link.classList.contains("vbar--open") };
  });
  const [doneKey, restKey, rateKey] = all(source.closest(".chart, .wall__c"), ".key").map((key) => key.textContent);
  const names = { done: doneKey ?? "", rest: restKey ?? "", rate: rateKey ?? "%" };
  const said = marks.map((mark) => words(mark, names)).join("; ");
  return { marks, title, names, said: `${title}: ${said}`, wide: marks.length * COLUMN, option: (c) => monthsOption(marks, names, c) };
}

function words(mark, names) {
  if (mark.said) return mark.said;
  return `${mark.label} ${mark.done}/${mark.done + mark.rest} ${mark.rate === null ? "" : `${mark.rate.toFixed(2)} %`}`.trim() || names.done;
}

function monthsOption(marks, names, c) {
  const ticks = marks.map((mark) => mark.tick.trim());
  // A month of which only a part is counted is an outline: it is not to be compared with the whole ones.
  const columns = (of, colour) => marks.map((mark) => (mark.open
    ? { value: of(mark), itemStyle: { color: c.card, borderColor: colour, borderType: "dashed", borderWidth: 1.5, decal: { symbol: "none" } } } : of(mark)));
  const axis = { type: "category", data: ticks, axisTick: { show: false }, axisLine: { lineStyle: { color: c.edge } } };
  return {
    grid: [{ left: 16, right: 16, top: 26, height: 44 }, { left: 16, right: 16, top: 104, bottom: 44 }],
    xAxis: [
      { ...axis, gridIndex: 0, show: false },
      { ...axis, gridIndex: 1, axisLabel: { color: c.soft, fontSize: 12, interval: 0, lineHeight: 15 } },
    ],
    // A line and columns share the months, not an axis: two panels one below the other.
    yAxis: [
      { gridIndex: 0, show: false, min: (value) => Math.max(0, Math.min(value.min, 90) - 10), max: 100 },
      { gridIndex: 1, show: false },
    ],
    series: [
      {
        name: names.rate, type: "line", xAxisIndex: 0, yAxisIndex: 0, data: marks.map((mark) => mark.rate), symbolSize: 7,
        lineStyle: { color: c.ink, width: 2 }, itemStyle: { color: c.ink },
        label: { show: true, color: c.ink, fontSize: 12, fontWeight: 600, formatter: (point) => point.value.toFixed(1) },
      },
      {
        name: names.done, type: "bar", stack: "all", xAxisIndex: 1, yAxisIndex: 1, data: columns((mark) => mark.done, c.bar), barMaxWidth: 56,
        itemStyle: { color: c.bar }, emphasis: { itemStyle: { opacity: 0.85 } },
      },
      {
        name: names.rest, type: "bar", stack: "all", xAxisIndex: 1, yAxisIndex: 1, data: columns((mark) => mark.rest, c.edge), barMaxWidth: 56,
        itemStyle: { color: c.rest, decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: c.card } },
        label: {
          show: true, position: "top", color: c.ink, fontSize: 12,
          formatter: ({ dataIndex: n }) => `${marks[n].done}${marks[n].rest ? `+${marks[n].rest}` : ""}`,
        },
      },
    ],
  };
}

function stack(source) {
  const title = source.getAttribute("aria-label");
  const parts = all(source, ".chart__key .key").map((key) => key.textContent);
  const rows = all(source, "li").map((row) => ({
    label: row.querySelector(".hbar__l").textContent, total: +row.querySelector(".sbar__n").textContent, url: row.querySelector(".sbar__n").href,
    cells: Object.fromEntries(all(row, "svg a").map((link) => [
        link.getAttribute("class").slice(-1), { n: +link.getAttribute("aria-label").split(" ").at(-1), url: link.getAttribute("href") },
      ])),
  }));
  const marks = rows.flatMap((row) =>
    Object.entries(row.cells).map(([part, cell]) => ({ url: cell.url, said: `${row.label} ${parts[part]} ${cell.n}`, row, part })),
  );
  return { marks, title, said: `${title}: ${marks.map((mark) => mark.said).join("; ")}`, wide: 0, high: rows.length * 36 + 36, option: (c) => stackOption(rows, parts, marks, c) };
}

function stackOption(rows, parts, marks, c) {
  return {
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: c.soft, fontSize: 13 } },
    grid: { left: 96, right: 48, top: 32, bottom: 4 },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category", inverse: true, data: rows.map((row) => row.label), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: c.ink, fontSize: 13, width: 84, overflow: "break" },
    },
    series: [
      ...parts.map((name, part) => ({
        name, type: "bar", stack: "all", barWidth: 24, data: rows.map((row) => row.cells[part]?.n ?? 0),
        itemStyle: { color: c.ages[part], ...(part > 2 ? { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: part === 3 ? 0.8 : -0.8, color: c.card } } : {}) },
        label: { show: true, color: part === 4 ? "#fff" : c.ageInk, fontSize: 12, formatter: ({ value }) => value || "" },
      })),
      // An empty bar at the end carries the sum.
      {
        name: "", type: "bar", stack: "all", silent: true, data: rows.map(() => 0), itemStyle: { color: "none" },
        label: { show: true, position: "right", color: c.ink, fontWeight: 600, formatter: ({ dataIndex: n }) => rows[n].total },
      },
    ],
  };
}

const READERS = { months, stack };

// Which mark a place of the drawing is.
function markOf(told, { seriesIndex, dataIndex }) {
  if (told.names) return told.marks[dataIndex];
  return told.marks.find((mark) => mark.part === String(seriesIndex) && mark.row === told.rows?.[dataIndex]);
}

function start(source) {
  const read = READERS[source.dataset.unionopsChart];
  if (!read || !library) return;
  const told = read(source);
  if (!told.names) told.rows = [...new Set(told.marks.map((mark) => mark.row))];
  if (!told.marks.length) return;
  const box = make("div", { class: "ec", tabindex: "0", "data-unionops-drawn": true, hidden: true });
  const spoken = make("p", { class: "visually-hidden", "aria-live": "polite" });
  source.after(box, spoken);
  let chart;
  let at = -1;

  const paint = () => {
    const c = colours(box);
    chart.setOption(
      {
        animation: false, textStyle: { fontFamily: c.font, color: c.ink },
        aria: { enabled: true, label: { description: told.said }, decal: { show: false } }, ...told.option(c),
      },
      true,
    );
  };
  const fit = async () => {
    const room = source.parentElement.clientWidth;
    const fits = room >= Math.max(NARROW, told.wide) && !matchMedia("print").matches;
    const isStack = source.dataset.unionopsChart === "stack";
    const draws = isStack ? room >= 420 && innerWidth >= NARROW : fits;
    if (draws && !chart) {
      const echarts = await load().catch(() => null);
      if (!echarts) return;
      box.hidden = false;
      if (told.high) box.style.height = `${told.high}px`;
      chart = echarts.init(box, null, { renderer: "svg" });
      chart.on("click", (point) => open(markOf(told, point)));
      paint();
    }
    if (!chart) return;
    box.hidden = !draws;
    source.hidden = draws;
    if (draws) chart.resize();
  };
  const open = (mark) => {
    if (mark) location.href = mark.url;
  };
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      at = (at + step + told.marks.length) % told.marks.length;
      chart?.dispatchAction({ type: "downplay" });
      const mark = told.marks[at];
      const place = told.names ? { seriesIndex: [1, 2], dataIndex: at } : { seriesIndex: +mark.part, dataIndex: told.rows.indexOf(mark.row) };
      chart?.dispatchAction({ type: "highlight", ...place });
      spoken.textContent = words(mark, told.names ?? {});
    } else if (event.key === "Enter" && at >= 0) open(told.marks[at]);
  });
  new ResizeObserver(later(80, fit)).observe(source.parentElement);
  // Another theme: the same drawing in other colours.
  const repaint = () => chart && paint();
  new MutationObserver(repaint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  addEventListener("beforeprint", () => chart && ((box.hidden = true), (source.hidden = false)));
  addEventListener("afterprint", fit);
  fit();
}

// Where time runs to the right and does not fit, what is seen first is now.
each("[data-unionops-newest]", (box) => {
  box.scrollLeft = box.scrollWidth;
});
each("[data-unionops-chart]", start);
