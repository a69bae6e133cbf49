/// The certificates of OPC UA servers at the console: how a server can be reached, met, compared and trusted.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { makeCertificate } from './lib/certificates.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { runTool } from './lib/tool.mjs';

describe('certificates at the console', () => {
  let peer, folder;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tagwire-pki-'));
    const { uri, pem, key } = await makeCertificate(folder, 'server');
    peer = await OpcUaPeer.startSecure({
      applicationUri: uri,
      certificateFile: pem,
      privateKeyFile: key,
      policies: ['Basic256Sha256', 'Aes256_Sha256_RsaPss'],
      modes: ['Sign', 'SignAndEncrypt'],
      trustAll: true,
      anonymous: true,
      passwords: {},
    });
  });
  after(async () => {
    await peer?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (...words) => runTool(...words, '--pki', path.join(folder, 'pki'));
  const rows = ({ out }) => out.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));

  it('a server tells how it can be connected to, the strongest way first', async () => {
    const answer = await runTool('endpoints', peer.endpoint, '--json');
    assert.equal(answer.code, 0, answer.error);
    const [strongest] = rows(answer);
    assert.match(strongest.security, /^encrypted and signed, Aes256_Sha256_RsaPss/);
    assert.match(strongest.certificate, /^[0-9a-f]{64}$/);
  });

  it('is met, refused, listed, trusted, and refused again once it is trusted no longer', async () => {
    const first = await run('info', peer.endpoint);
    assert.equal(first.code, 1);
    const [, fingerprint] = /tagwire opcua trust ([0-9a-f]{64})/.exec(first.error) ?? assert.fail(first.error);
    const list = async () => rows(await run('certificates', '--json')).map(({ state, fingerprint: print }) => [state, print]);
    assert((await list()).some(([state, print]) => state === 'rejected' && print === fingerprint));

    const trusted = await run('trust', fingerprint);
    assert.equal(trusted.code, 0, trusted.error);
    assert((await list()).some(([state, print]) => state === 'trusted' && print === fingerprint));
    const second = await run('info', peer.endpoint);
    assert.equal(second.code, 0, second.error);

    assert.equal((await run('reject', fingerprint)).code, 0);
    assert.match((await run('info', peer.endpoint)).error, /not trusted/);
  });

  for (const [what, words, code, message] of [
    ['a fingerprint that nobody has', ['trust', 'ab'.repeat(32)], 1, /no certificate with the fingerprint/],
    ['no fingerprint', ['trust'], 2, /needs FINGERPRINT/],
    ['two fingerprints', ['reject', 'a', 'b'], 2, /'b' is more than reject takes/],
    ['an option of connections', ['certificates', '--policy', 'none'], 2, /--policy/],
  ]) {
    it(`refuses ${what}`, async () => {
      const answer = await run(...words);
      assert.equal(answer.code, code, answer.error);
      assert.match(answer.error, message);
    });
  }
});
