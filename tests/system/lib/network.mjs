/// A network of its own for one process: a pair of virtual Ethernet devices and a network namespace. Needs root.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ip = (...args) => run('ip', args.map(String));

export class Network {
  static #count = 0;
  #outside;
  #inside;

  /// Undefined and the reason on the console where the machine does not let us.
  static async create() {
    const network = new Network();
    const id = `${process.pid % 10_000}${Network.#count++}`;
    network.name = `tagwire-${id}`;
    network.device = `twh${id}`;
    const inside = `twp${id}`;
    network.#inside = inside;
    const net = `10.213.${process.pid % 250}`;
    network.address = `${net}.2`;
    network.#outside = `${net}.1`;
    try {
      await ip('netns', 'add', network.name);
      await ip('link', 'add', network.device, 'type', 'veth', 'peer', 'name', inside, 'netns', network.name);
      await ip('address', 'add', `${net}.1/30`, 'dev', network.device);
      await ip('link', 'set', network.device, 'up');
      await ip('-n', network.name, 'address', 'add', `${network.address}/30`, 'dev', inside);
      await ip('-n', network.name, 'link', 'set', inside, 'up');
      await ip('-n', network.name, 'link', 'set', 'lo', 'up');
      return network;
    } catch (error) {
      console.error(`NOT TESTED: no network namespaces here: ${error.message.trim()}`);
      await network.remove();
      return undefined;
    }
  }

  /// Words before a command line that run it inside.
  get prefix() {
    return ['ip', 'netns', 'exec', this.name];
  }

  /// One more address of its device.
  async addAddress(address) {
    await ip('-n', this.name, 'address', 'add', `${address}/32`, 'dev', this.#inside);
  }

  /// One more address inside, which is that machine's own.
  async addLoopback(address) {
    await ip('-n', this.name, 'address', 'add', `${address}/32`, 'dev', 'lo');
  }

  /// What comes from outside is not answered, and nothing goes out: outside, packets are lost without a word.
  async partition() {
    await ip('-n', this.name, 'route', 'add', 'blackhole', this.#outside);
  }

  async heal() {
    await ip('-n', this.name, 'route', 'delete', 'blackhole', this.#outside);
  }

  async remove() {
    await ip('link', 'delete', this.device).catch(() => {});
    await ip('netns', 'delete', this.name).catch(() => {});
  }
}
