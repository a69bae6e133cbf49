/// Free ports on loopback for test files that run at the same time. They lie below the range the kernel takes for
/// outgoing connections, so no connection can take one away between asking and listening.
import net from 'node:net';

const first = 20_000;
const blockSize = 20;
const blocks = 600;

let block;

function listen(port) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}

async function isFree(port) {
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

/// The first of `count` neighbouring free ports; at most blockSize - 1.
export async function freePorts(count) {
  for (;;) {
    block = takeBlock(); // the old block's lock stays held
    const mine = await block;
    mine.used = count;
    const ports = Array.from({ length: count }, (_, i) => mine.base + 1 + i);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return mine.base + 1;
  }
}

/// A block of ports belongs to this process while it holds the block's first port; the kernel frees it at exit.
async function takeBlock() {
  for (let attempt = 0; attempt < blocks; ++attempt) {
    const base = first + ((process.pid + attempt) % blocks) * blockSize;
    try {
      const lock = await listen(base);
      lock.unref();
      return { base, used: 0 };
    } catch {
      // another process's
    }
  }
  throw new Error(`no free ports from ${first} to ${first + blocks * blockSize}`);
}

export async function freePort() {
  block ??= takeBlock();
  const mine = await block;
  while (++mine.used < blockSize) {
    const port = mine.base + mine.used;
    if (await isFree(port)) return port;
  }
  block = undefined; // the old block's lock stays held
  return freePort();
}
