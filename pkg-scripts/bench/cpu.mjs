// CPU time of a process, from /proc: what a request costs, whatever else the machine is doing.
import { readFileSync, readdirSync } from "node:fs";

/** The kernel counts in ticks of a hundredth of a second. */
const MICROSECONDS_PER_TICK = 10_000;

/** Returns the CPU time that a process has used, all threads together. */
export function cpuMicroseconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
}

/** Returns the processes of the Workers runtime that this process started. */
export function runtimes() {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).filter(isOurs).map(Number);
}

function isOurs(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.includes("(workerd)") && Number(stat.split(") ")[1].split(" ")[1]) === process.pid;
  } catch {
    return false;
  }
}
