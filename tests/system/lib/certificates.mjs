/// Certificates made by openssl, for servers and users that are not ours.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/// A self-signed certificate `name`.der with the key `name`.key in `folder`, as OPC UA applications have them.
export async function makeCertificate(folder, name, { uri = `urn:tagwire:test:${name}`, hosts = ['IP:127.0.0.1', 'DNS:localhost'] } = {}) {
  const file = path.join(folder, `${name}.der`);
  const pem = path.join(folder, `${name}.pem`);
  const key = path.join(folder, `${name}.key`);
  await run('openssl', [
    'req', '-x509', '-newkey', 'rsa:2048', '-sha256', '-nodes', '-subj', `/O=Plant/CN=${name}`, '-days', '30',
    '-addext', `subjectAltName=URI:${uri},${hosts.join(',')}`,
    '-addext', 'keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyCertSign',
    '-addext', 'extendedKeyUsage=serverAuth,clientAuth',
    '-keyout', key, '-out', pem,
  ]);
  await run('openssl', ['x509', '-in', pem, '-outform', 'DER', '-out', file]);
  return { file, pem, key, uri, ...(await fingerprints(file)) };
}

/// The same, but valid until yesterday: openssl 3.0 makes none such by itself.
export async function makeExpiredCertificate(folder, name, uri) {
  const { OPCUACertificateManager } = await import('node-opcua');
  const manager = new OPCUACertificateManager({ rootFolder: path.join(folder, `${name}-manager`) });
  await manager.initialize();
  const pem = path.join(folder, `${name}.pem`);
  const file = path.join(folder, `${name}.der`);
  const day = 24 * 3600 * 1000;
  await manager.createSelfSignedCertificate({
    applicationUri: uri, dns: ['localhost'], ip: ['127.0.0.1'], subject: `/O=Plant/CN=${name}`,
    startDate: new Date(Date.now() - 31 * day), validity: 30, outputFile: pem,
  });
  await run('openssl', ['x509', '-in', pem, '-outform', 'DER', '-out', file]);
  return { file, pem, key: manager.privateKey, uri, ...(await fingerprints(file)) };
}

/// {sha1, sha256} of a file, in lower-case hexadecimal digits.
export async function fingerprints(file) {
  const bytes = await readFile(file);
  const hash = (algorithm) => createHash(algorithm).update(bytes).digest('hex');
  return { sha1: hash('sha1'), sha256: hash('sha256') };
}
