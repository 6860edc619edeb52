// Lines over time, drawn by uPlot, which is fetched only where there is something to draw. Colours come from the style sheet.

import uPlot from "uplot";
import { figure } from "../format.js";

/** Lines with a value, or none, at each time in milliseconds. */
export interface Lines {
  /** What a time is the time of. */
  readonly axis: string;
  /** A time in words. */
  readonly says: (at: number) => string;
  /** Whether a line goes on over times without a value. */
  readonly isJoined?: boolean;
  readonly times: readonly number[];
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

const HEIGHT = 240;
const TICK = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const DAY_SECONDS = 86_400;
const DASHES = [[], [8, 4], [3, 3], [10, 3, 2, 3]];

/** Draws as wide as the frame is, and again when that or the colour scheme changes. Returns what ends it. */
export function plot(frame: HTMLElement, lines: Lines): () => void {
  let drawn: uPlot | undefined;
  let width = -1;
  const draw = () => {
    drawn?.destroy();
    drawn = new uPlot(optionsOf(frame, lines), dataOf(lines), frame);
  };
  const observer = new ResizeObserver(() => {
    if (frame.clientWidth === width || frame.clientWidth === 0) return;
    width = frame.clientWidth;
    draw();
  });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  observer.observe(frame);
  scheme.addEventListener("change", draw);
  return () => {
    observer.disconnect();
    scheme.removeEventListener("change", draw);
    drawn?.destroy();
  };
}

const dataOf = ({ times, lines }: Lines): uPlot.AlignedData => [times.map((at) => at / 1000), ...lines.map(({ values }) => [...values])];

function optionsOf(frame: HTMLElement, { times, lines, axis: first, says, isJoined = false }: Lines): uPlot.Options {
  const atLast = (chart: uPlot) => chart.setLegend({ idx: times.length - 1 }, false);
  const style = getComputedStyle(frame);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 }, font: "13px sans-serif" };
  const series = lines.map(({ name }, place) => ({
    label: name,
    stroke: colour(`--hue-${place + 1}`),
    width: 2,
    dash: DASHES[place],
    spanGaps: isJoined,
    points: { show: true, size: 7, fill: colour(`--hue-${place + 1}`) },
    value: (_: uPlot, value: number | null) => (value === null ? "–" : figure(value)),
  }));
  return {
    width: frame.clientWidth,
    height: HEIGHT,
    series: [{ label: first, value: (_: uPlot, seconds: number | null) => (seconds === null ? "–" : says(seconds * 1000)) }, ...series],
    axes: [{ ...axis, space: 80, incrs: [1, 2, 7, 14, 28, 91, 182, 365].map((days) => days * DAY_SECONDS), values: (_: uPlot, ticks: number[]) => ticks.map((tick) => TICK.format(tick * 1000)) }, { ...axis, size: 56, values: (_: uPlot, ticks: number[]) => ticks.map((tick) => figure(tick, 2)) }],
    cursor: { drag: { x: false, y: false } },
    // Without a pointer the legend has the last figures, not dashes.
    hooks: { ready: [(chart) => atLast(chart)], setCursor: [(chart) => chart.cursor.idx ?? atLast(chart)] },
  };
}
