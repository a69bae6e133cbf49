/// The load of the servers to compare with: the same rows at the same rate as the reference server's.
import { parseArgs } from 'node:util';

export const loadValues = 10_001;
const spreadScanMs = 10;

/// key=value arguments with numbers where they are numbers.
export function argumentsOf(defaults) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const given = positionals.map((argument) => argument.split('='));
  return { ...defaults, ...Object.fromEntries(given.map(([key, value]) => [key, Number.isNaN(Number(value)) ? value : Number(value)])) };
}

/// `Load.T000017`, `Load.*` and `Load.T*7` as tag numbers from 1.
export function tagsOf(names, tags) {
  const all = Array.from({ length: tags }, (_, i) => i + 1);
  return names.flatMap((name) => {
    if (!name.includes('*')) return [Number(name.slice('Load.T'.length))];
    const digit = name.slice(name.indexOf('*') + 1);
    return digit === '' ? all : all.filter((tag) => tag % 10 === Number(digit));
  });
}

export class Load {
  #options;
  #counts;
  #changes = 0;

  /// `onChange(tag)` is called for each change; tags count from 1.
  constructor(options, onChange) {
    this.#options = options;
    this.onChange = onChange;
    this.#counts = new Int32Array(options.tags + 1);
  }

  /// The present value, with two decimals as Tagwire's simulator has them.
  value(tag) {
    return (this.#counts[tag] % loadValues) / 100;
  }

  start() {
    const { tags, rate, arrival } = this.#options;
    const every = arrival === 'burst' ? 1000 / rate : spreadScanMs;
    const begun = performance.now();
    let at = begun;
    const scan = () => {
      const perTag = (rate * (at - begun)) / 1000;
      const due = arrival === 'burst' ? Math.round(perTag) * tags : Math.floor(perTag * tags);
      for (; this.#changes < due; ++this.#changes) {
        const tag = (this.#changes % tags) + 1;
        ++this.#counts[tag];
        this.onChange(tag);
      }
      at += every;
      setTimeout(scan, Math.max(0, at - performance.now()));
    };
    scan();
  }
}

/// As the runner expects it of every server: says when it listens, ends with its input.
export function sayReady() {
  console.log('ready');
  process.stdin.on('end', () => process.exit(0)).resume();
}
