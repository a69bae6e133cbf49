/// What a process takes of the machine.
import { readdir, readFile } from 'node:fs/promises';

/// {now, peak} of the resident memory in MB.
export async function memory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (key) => Math.round(Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024);
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/// Open files, sockets among them.
export async function openFiles(pid) {
  return (await readdir(`/proc/${pid}/fd`)).length;
}
