/// Wine without a display, in a folder of its own, with the simulator registered.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bin = path.join(root, 'build/opcda-x64/bin');

/// Why the tests cannot run here, or undefined.
export function missing() {
  if (spawnSync('wine', ['--version']).error) return 'Wine is not installed: run scripts/setup.sh opcda';
  return undefined;
}

export class Wine {
  #prefix = mkdtempSync(path.join(tmpdir(), 'tagwire-wine-'));
  #env = { ...process.env, WINEPREFIX: this.#prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=', LC_ALL: 'C.UTF-8' };

  constructor() {
    delete this.#env.DISPLAY;
    this.#run('wineboot', ['-i']);
    // What is activated in the session that wineboot leaves behind hangs: it has to end first.
    this.#run('wineserver', ['-w']);
    this.#run('wine', ['regsvr32', '/s', 'tagwire-da-proxy.dll']);
    this.#run('wine', ['tagwire-da-simserver.exe', '-regserver']);
    // With its last program Wine ends its services too, and what is activated while they end waits half a minute.
    spawn('wine', ['cmd'], { cwd: bin, env: this.#env, stdio: ['pipe', 'ignore', 'ignore'] });
  }

  #run(command, words) {
    // Output goes nowhere: a server that outlives its starter keeps inherited pipes open.
    const done = spawnSync(command, words, { cwd: bin, env: this.#env, stdio: 'ignore', timeout: 120_000 });
    if (done.error || done.status !== 0) throw new Error(`${command} ${words.join(' ')}: ${done.error ?? done.status}`);
  }

  /// Runs tagwire-da-agent to its end: {code, out, error}.
  async agent(...words) {
    return this.start({ limit: 60_000 }, ...words).ended;
  }

  /// A running tagwire-da-agent, for `limit` ms at most: `out` and `error` grow, `ended` resolves when it has ended.
  start({ limit }, ...words) {
    const child = spawn('wine', ['tagwire-da-agent.exe', ...words], { cwd: bin, env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    const running = { out: '', error: '', child };
    running.kill = () => {
      child.kill('SIGKILL');
      return running.ended;
    };
    child.stdout.setEncoding('utf8').on('data', (text) => (running.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (running.error += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    // 'exit', not 'close': the simulator that the agent started has its pipes.
    running.ended = new Promise((resolve) => {
      child.on('exit', (code) => {
        clearTimeout(timer);
        setTimeout(() => resolve({ code, out: running.out, error: running.error }), 200);
      });
    });
    return running;
  }

  /// Ends the simulator of this prefix without a word to its clients. False when none runs. Wine's rpcss does not notice
  /// that a server has died, as Windows does, and would hand out the dead one for ever: it is made to start anew.
  killSimulator() {
    const killed = this.#kill('tagwire-da-simserver.exe');
    this.#kill('rpcss.exe');
    return killed;
  }

  #kill(program) {
    let any = false;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const env = readFileSync(`/proc/${pid}/environ`, 'utf8');
        if (!command.includes(program) || !env.includes(`WINEPREFIX=${this.#prefix}\0`)) continue;
        process.kill(Number(pid), 'SIGKILL');
        any = true;
      } catch {
        // it has ended meanwhile
      }
    }
    return any;
  }

  stop() {
    spawnSync('wineserver', ['-k'], { env: this.#env, stdio: 'ignore', timeout: 40_000 });
    rmSync(this.#prefix, { recursive: true, force: true, maxRetries: 5 });
  }
}

/// The lines of `out` as objects; what is not complete yet is left out.
export const objects = (out) => out.split('\n').slice(0, -1).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));

export async function until(what, condition, limit = 40_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
