// Prints results for people.

/** @param {{name: string, value: number, unit: string, target: string, peer: string}[]} results */
export function table(results) {
  const rows = results.map(({ name, value, unit, target, peer }) => [name, String(Number(value.toPrecision(4))), unit, target, peer]);
  const head = ["name", "value", "unit", "target", "peer"];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => (column === 1 ? cell.padStart(widths[1]) : cell.padEnd(widths[column]))).join("  ").trimEnd();
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}
