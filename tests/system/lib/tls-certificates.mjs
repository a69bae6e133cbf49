/// Certificates for a web server, made by openssl: a root that clients know, an authority below it, a server below that.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
export const openssl = (...parameters) => execute('openssl', parameters, { env: { ...process.env, OPENSSL_CONF: undefined } });

async function issue(folder, name, { subject = `/O=Plant/CN=${name}`, extensions, signer, days = 30, algorithm = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] }) {
  const file = (ending) => path.join(folder, `${name}.${ending}`);
  await openssl(
    'req', '-x509', '-sha256', '-nodes', '-days', String(days), '-subj', subject,
    '-newkey', ...algorithm,
    ...extensions.flatMap((extension) => ['-addext', extension]),
    ...(signer ? ['-CA', signer.pem, '-CAkey', signer.key] : []),
    '-keyout', file('key'), '-out', file('pem'),
  );
  return { pem: file('pem'), key: file('key') };
}

/// Of openssl 3.0 `req -CA` alone signs; the basic constraints of `-x509` are those of an authority unless said otherwise.
const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

/// {certificate, key: names of files; ca: the root in PEM}. The certificate's file holds the chain up to the root.
export async function makeServerCertificate(folder, name, { days, algorithm } = {}) {
  const root = await issue(folder, `${name}-root`, { extensions: authority });
  const middle = await issue(folder, `${name}-authority`, { extensions: authority, signer: root });
  const own = await issue(folder, `${name}-server`, {
    extensions: ['basicConstraints=critical,CA:FALSE', 'subjectAltName=IP:127.0.0.1,DNS:localhost', 'extendedKeyUsage=serverAuth'],
    signer: middle,
    days,
    algorithm,
  });
  const certificate = path.join(folder, `${name}.pem`);
  await writeFile(certificate, `${await readFile(own.pem, 'utf8')}${await readFile(middle.pem, 'utf8')}`);
  return { certificate, key: own.key, ca: await readFile(root.pem, 'utf8'), own: own.pem };
}
