/// What a process has used of the machine, from /proc.
import { readdir, readFile } from 'node:fs/promises';

const ticksPerSecond = 100; // USER_HZ; the same on every architecture Linux runs on today

/// user + sys in seconds, of a /proc/…/stat.
function cpuOf(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/// Nanoseconds on a processor where the kernel counts them, else the ticks.
async function threadCpu(pid, thread) {
  const folder = `/proc/${pid}/task/${thread}`;
  const [schedstat] = (await readFile(`${folder}/schedstat`, 'utf8').catch(() => '0')).split(' ');
  return Number(schedstat) / 1e9 || cpuOf(await readFile(`${folder}/stat`, 'utf8'));
}

/// {process, threads: {name: seconds}} of CPU, user + sys. Threads of one name count together.
export async function cpu(pid) {
  const threads = {};
  let sum = 0;
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const name = (await readFile(`/proc/${pid}/task/${thread}/comm`, 'utf8')).trim();
    const seconds = await threadCpu(pid, thread);
    threads[name] = (threads[name] ?? 0) + seconds;
    sum += seconds;
  }
  return { process: sum, threads };
}

/// Bytes of resident memory in kB: {rss, anon}; `anon` is what the program itself allocated, without file pages.
export async function memory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (key) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)[1]);
  return { rss: of('VmRSS'), anon: of('RssAnon') };
}
