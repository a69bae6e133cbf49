/// OPC UA security against an independent server: every policy, mode and kind of user brings data; what is refused is
/// refused with words that say what to do; trust and a new certificate take effect without a restart.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { fingerprints, makeCertificate, makeExpiredCertificate } from './lib/certificates.mjs';
import { noSimulator, opcUa } from './lib/config.mjs';
import { OpcUaPeer } from './lib/opcua-peer.mjs';
import { binary } from './lib/paths.mjs';
import { SocketClient } from './lib/socket-client.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually } from './lib/wait.mjs';

const policies = {
  basic256sha256: 'Basic256Sha256',
  aes128_sha256_rsaoaep: 'Aes128_Sha256_RsaOaep',
  aes256_sha256_rsapss: 'Aes256_Sha256_RsaPss',
};
const modes = ['sign', 'sign_and_encrypt'];
const isGood = ({ q }) => q === 0;
const live = ({ state }) => state === 'live';
const back = 10_000;

let folder, server, user;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tagwire-security-'));
  server = await makeCertificate(folder, 'server');
  user = await makeCertificate(folder, 'operator');
});
after(() => rm(folder, { recursive: true, force: true }));

const settings = (certificate, more = {}) => ({
  applicationUri: certificate.uri,
  certificateFile: certificate.pem,
  privateKeyFile: certificate.key,
  policies: Object.values(policies),
  modes: ['Sign', 'SignAndEncrypt'],
  trustAll: true,
  anonymous: true,
  passwords: { operator: 'secret' },
  ...more,
});

const quick = { reconnect_min_ms: 100, reconnect_max_ms: 5000, request_timeout_ms: 10_000 };
const source = (name, peer, security, more = {}) =>
  opcUa(name, peer.endpoint, { [`${name}.Level`]: peer.node('Level') }, { ...quick, ...more, security });

const pki = (tagwire, ...names) => path.join(tagwire.folder, 'pki', ...names);
async function trust(tagwire, certificate) {
  await mkdir(pki(tagwire, 'trusted', 'certs'), { recursive: true });
  await copyFile(certificate.file, pki(tagwire, 'trusted', 'certs', path.basename(certificate.file)));
}
const ownFile = (tagwire) => pki(tagwire, 'own', 'certs', 'tagwire.der');

/// Starts the program with its trust already given, unless `trusted` is empty.
async function start(config, trusted = [server]) {
  const tagwire = await Tagwire.create({ config: noSimulator + config });
  for (const certificate of trusted) await trust(tagwire, certificate);
  await tagwire.launch();
  const client = await SocketClient.open(tagwire);
  return { tagwire, client, stop: async () => { await client.close(); await tagwire.stop(); } };
}

describe('every policy, mode and user', () => {
  const kinds = {
    anonymous: {},
    password: { user: 'operator', password: 'secret' },
    certificate: { user_certificate: 'operator.der', user_key: 'operator.key' },
  };
  const combinations = Object.keys(policies).flatMap((policy) =>
    modes.flatMap((mode) => Object.keys(kinds).map((kind) => ({ name: `${policy}-${mode}-${kind}`, policy, mode, kind }))),
  );
  let peer, program, subscription;
  before(async () => {
    peer = await OpcUaPeer.startSecure(settings(server));
    await peer.trustUser(user.file);
    // All of them at once are much to compute for one server: where an attempt broke, its session stays there until it times out.
    const patience = { request_timeout_ms: 30_000, session_timeout_ms: 10_000 };
    const config = combinations.map(({ name, policy, mode, kind }) => source(name, peer, { policy, mode, ...kinds[kind] }, patience)).join('\n');
    const tagwire = await Tagwire.create({ config: noSimulator + config });
    for (const name of ['operator.der', 'operator.key']) await copyFile(path.join(folder, name), path.join(tagwire.folder, name));
    await trust(tagwire, server);
    await tagwire.launch();
    const client = await SocketClient.open(tagwire);
    program = { tagwire, client };
    subscription = await client.sub('**', { min: 0 });
  });
  after(async () => {
    await program?.client.close();
    await program?.tagwire.stop();
    await peer?.stop();
  });

  for (const { name } of combinations) {
    it(`${name} is live`, async () => {
      await program.client.source(name, live, 20_000);
      await subscription.until(`${name}.Level`, isGood, back);
    });
  }

  it('all get a change', async () => {
    await peer.write('Level', { value: 42.5 });
    for (const { name } of combinations) await subscription.until(`${name}.Level`, ({ v }) => v === 42.5, back);
  });

  it('each has one session, and none is left after the end', async () => {
    await eventually('one session each', async () => (await peer.sessions()) === combinations.length, { timeout: 20_000 });
    await program.client.close();
    await program.tagwire.stop();
    program = undefined;
    await eventually('no session is left', async () => (await peer.sessions()) === 0);
  });
});

describe('trust', () => {
  let peer, program;
  before(async () => {
    peer = await OpcUaPeer.startSecure(settings(server));
    program = await start(source('plc', peer, {}), []);
  });
  after(async () => {
    await program?.stop();
    await peer?.stop();
  });

  it('an unknown server is refused, with its fingerprint and what to do', async () => {
    const { msg, why } = await program.client.source('plc', ({ state, msg }) => state === 'backoff' && msg.includes('trust'), back);
    assert.equal(why, 'BadCertificateUntrusted');
    assert.match(msg, /^opc\.tcp:\/\/127\.0\.0\.1:\d+: the certificate of `server`/);
    assert(msg.includes(server.sha256), msg);
    assert(msg.includes(`tagwire opcua trust ${server.sha256}`), msg);
    assert(msg.includes('Sources page'), msg);
    assert.equal(await peer.sessions(), 0);
  });

  it('its certificate is kept among the rejected ones', async () => {
    const files = await readdir(pki(program.tagwire, 'rejected', 'certs'));
    assert.deepEqual(files, [`server [${server.sha1.toUpperCase()}].der`]);
    assert.deepEqual(await fingerprints(pki(program.tagwire, 'rejected', 'certs', files[0])), { sha1: server.sha1, sha256: server.sha256 });
  });

  const move = async (from, to) => {
    const [file] = await readdir(pki(program.tagwire, from, 'certs'));
    await rename(pki(program.tagwire, from, 'certs', file), pki(program.tagwire, to, 'certs', file));
  };

  it('trusted by moving the file, it is live within three seconds', async () => {
    await move('rejected', 'trusted');
    await program.client.source('plc', live, 3000);
    assert.equal(await peer.sessions(), 1);
  });

  it('tagwire opcua connects with the same certificates, encrypted', async () => {
    const { stdout } = await promisify(execFile)(binary(), ['opcua', 'info', peer.endpoint, '--pki', pki(program.tagwire), '--json']);
    assert.equal(JSON.parse(stdout).state, 'Running');
    await eventually('its session is gone', async () => (await peer.sessions()) === 1);
  });

  it('trust withdrawn ends the live connection', async () => {
    await move('trusted', 'rejected');
    const { why } = await program.client.source('plc', ({ state, msg }) => state === 'backoff' && msg.includes('is not trusted yet'), 5000);
    assert.equal(why, 'BadCertificateUntrusted');
    await eventually('no session is left', async () => (await peer.sessions()) === 0);
    await move('rejected', 'trusted');
    await program.client.source('plc', live, 3000);
  });

  it('a new certificate of ours is used without a restart, on a connection made anew', async () => {
    const before = await fingerprints(ownFile(program.tagwire));
    const own = await makeCertificate(folder, 'rotated', { uri: 'urn:plant:tagwire' });
    await copyFile(own.key, pki(program.tagwire, 'own', 'private', 'rotated.key'));
    await copyFile(own.file, `${ownFile(program.tagwire)}.tmp`);
    await rename(`${ownFile(program.tagwire)}.tmp`, ownFile(program.tagwire));
    const { msg } = await program.client.source('plc', ({ state }) => state === 'closing' || state === 'backoff', 5000);
    assert.match(msg, /our own certificate was replaced/);
    await program.client.source('plc', live, 5000);
    assert.notEqual((await fingerprints(ownFile(program.tagwire))).sha1, before.sha1);
    await eventually('one session is left', async () => (await peer.sessions()) === 1);
  });
});

describe('what is refused says what to do', () => {
  /// The source's state once it has been refused.
  async function refusal(peer, security, { trusted = [server], prepare } = {}) {
    const tagwire = await Tagwire.create({ config: noSimulator + source('plc', peer, security) });
    try {
      for (const certificate of trusted) await trust(tagwire, certificate);
      await prepare?.(tagwire);
      await tagwire.launch();
      const client = await SocketClient.open(tagwire);
      const state = await client.source('plc', ({ state }) => state === 'backoff', back);
      await client.close();
      return { ...state, tagwire };
    } finally {
      await tagwire.stop();
    }
  }

  let peer;
  before(async () => {
    peer = await OpcUaPeer.startSecure(settings(server, { trustAll: true, anonymous: false }));
  });
  after(async () => peer?.stop());

  it('a wrong password', async () => {
    const { msg, why } = await refusal(peer, { user: 'operator', password: 'wrong' });
    assert.match(why, /^Bad(UserAccessDenied|IdentityTokenRejected|IdentityTokenInvalid)$/);
    assert.match(msg, /does not let the user `operator` in .*check user and password in \[opcua\.security\]/);
    assert(!msg.includes('wrong'), 'the password is not shown');
  });

  it('an unknown user', async () => {
    const { msg } = await refusal(peer, { user: 'nobody', password: 'secret' });
    assert.match(msg, /does not let the user `nobody` in/);
  });

  it('an anonymous user where there are none', async () => {
    const { msg, why } = await refusal(peer, {});
    assert.equal(why, 'BadIdentityTokenRejected');
    assert.match(msg, /does not take anonymous users .*set user and password/);
  });

  it('a user certificate that the server does not trust', async () => {
    const stranger = await makeCertificate(folder, 'stranger');
    const { msg } = await refusal(peer, { user_certificate: stranger.file, user_key: stranger.key });
    assert.match(msg, /does not take the user certificate `.*stranger\.der` .*trust it among the user certificates at the server/);
  });

  it('a password file that is missing', async () => {
    const { msg } = await refusal(peer, { user: 'operator', password_file: 'none.txt' });
    assert.match(msg, /password_file: `.*none\.txt` cannot be read: No such file/);
  });

  it('policy none where the server wants security', async () => {
    const { msg, why } = await refusal(peer, { policy: 'none' });
    assert.equal(why, 'BadSecurityModeRejected');
    assert.match(msg, /does not allow connections without security; it offers: .*Remove policy = "none"/);
  });

  it('a garbled certificate of our own, by the name of its file', async () => {
    const { msg, tagwire } = await refusal(peer, {}, {
      prepare: async (tagwire) => {
        await mkdir(pki(tagwire, 'own', 'certs'), { recursive: true });
        await writeFile(ownFile(tagwire), 'rubbish');
      },
    });
    assert(msg.includes(`\`${ownFile(tagwire)}\` is no X.509 certificate`), msg);
    assert.match(msg, /Put a good copy there, or remove the files/);
  });

  it('an expired certificate of the server', async () => {
    const expired = await makeExpiredCertificate(folder, 'expired', server.uri);
    peer.change(settings(expired));
    await peer.kill();
    await peer.launch();
    const { msg, why } = await refusal(peer, {}, { trusted: [expired] });
    assert.equal(why, 'BadCertificateTimeInvalid');
    assert.match(msg, /the certificate of the server, `expired`.* expired on \d{4}-\d\d-\d\d: renew it there/);
  });

  it('a certificate for another host', async () => {
    const other = await makeCertificate(folder, 'other-host', { uri: server.uri, hosts: ['DNS:boiler.example'] });
    peer.change(settings(other));
    await peer.kill();
    await peer.launch();
    const { msg, why } = await refusal(peer, {}, { trusted: [other] });
    assert.equal(why, 'BadCertificateHostNameInvalid');
    assert.match(msg, /is for boiler\.example, not for `127\.0\.0\.1`: use one of its names in `endpoint`/);

    const program = await start(source('plc', peer, { verify_host: false }), [other]);
    await program.client.source('plc', live, back);
    await program.stop();
  });

  it('our certificate, until the server trusts it', async () => {
    peer.change(settings(server, { trustAll: false }));
    await peer.kill();
    await peer.launch();
    const program = await start(source('plc', peer, {}));
    const { msg } = await program.client.source('plc', ({ state, msg }) => state === 'backoff' && msg.includes('certificate'), back);
    assert.match(msg, /trust our certificate there, `Tagwire@.*` \(SHA-1 [0-9a-f]{40}\): its file is/);
    assert(msg.includes(ownFile(program.tagwire)), msg);
    // Again and again: the server's own index of files may take a refusal that is under way for the later news.
    await eventually('the source is live', async () => {
      await peer.trustClient(ownFile(program.tagwire));
      return live(program.client.sources.get('plc'));
    }, { timeout: 40_000, every: 1000 });
    await program.stop();
    await eventually('no session is left', async () => (await peer.sessions()) === 0);
  });

  it('without security a password is encrypted all the same, and only for a server that is trusted', async () => {
    peer.change(settings(server, { policies: ['None', 'Basic256Sha256'], modes: ['None', 'SignAndEncrypt'], anonymous: false }));
    await peer.kill();
    await peer.launch();
    const security = { policy: 'none', user: 'operator', password: 'secret' };
    const { why } = await refusal(peer, security, { trusted: [] });
    assert.equal(why, 'BadCertificateUntrusted');
    const program = await start(source('plc', peer, security));
    await program.client.source('plc', live, back);
    await program.stop();
  });

  it('a server that has no security, unless it is allowed in so many words', async () => {
    const open = await OpcUaPeer.start([{ name: 'Level', type: 'Double', value: 1 }]);
    try {
      const { msg, why } = await refusal(open, {}, { trusted: [] });
      assert.equal(why, 'BadSecurityPolicyRejected');
      assert.match(msg, /offers no secure connection that can be used here \(it offers: without security\)/);
      assert.match(msg, /allow it with policy = "none" in \[opcua\.security\]/);
      const program = await start(source('plc', open, { policy: 'none' }), []);
      await program.client.source('plc', live, back);
      await program.stop();
    } finally {
      await open.stop();
    }
  });
});
