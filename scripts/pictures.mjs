#!/usr/bin/env node
/// Takes pictures of every page of the real program: light and dark × English and Chinese × desk and phone. Each is
/// checked with axe, for what is wider than the window, for errors on the console and requests to other machines.
///
///   npm run screenshots (in web/)      as PNG below build/pictures
///   … -- --docs                        as WebP in docs/pictures, and docs/gallery.md and gallery.zh-CN.md, which show them
///   … -- --only tags,space             some pages
///
/// Needs the release build, and what scripts/setup.sh test installs. Exit code 1 when a check failed.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { setUp } from '../tests/system/lib/access.mjs';
import { accessible } from '../tests/system/lib/accessible.mjs';
import { Browser } from '../tests/system/lib/browser.mjs';
import { makeCertificate } from '../tests/system/lib/certificates.mjs';
import { get, request } from '../tests/system/lib/http.mjs';
import { OpcUaPeer } from '../tests/system/lib/opcua-peer.mjs';
import { root } from '../tests/system/lib/paths.mjs';
import { Tagwire } from '../tests/system/lib/tagwire.mjs';
import { eventually, sleep } from '../tests/system/lib/wait.mjs';
import { galleryText } from './gallery.mjs';

const { values: given } = parseArgs({ options: { docs: { type: 'boolean', default: false }, only: { type: 'string' } } });

const line = [
  { name: 'Flow', type: 'Double', value: 42.5, unit: 'm³/h', range: [0, 100], limits: { LowLimit: 20, HighLimit: 80 } },
  { name: 'Pressure', type: 'Double', value: 6.25, unit: 'bar', range: [0, 10], limits: { HighLimit: 9 } },
  { name: 'Count', type: 'UInt32', value: 1207 },
  { name: 'Running', type: 'Boolean', value: true, labels: ['Stopped', 'Running'] },
  { name: 'Mode', type: 'UInt32', value: 1, enums: ['Manual', 'Automatic'] },
  { name: 'Batch', type: 'String', value: 'B-17' },
];
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const sizes = [desk, phone];
const themes = ['light', 'dark'];
const fileOf = (name, lang, theme, { width }) => `${name}-${lang}-${theme}-${width}`;

/// What is typed, in either language.
const labels = {
  en: { address: 'Address', look: 'Look', create: 'Create a demo dashboard', code: 'Copy as code', columns: 'Columns', edit: 'Edit' },
  zh: { address: '地址', look: '查询', create: '创建演示仪表板', code: '复制为代码', columns: '列', edit: '编辑' },
};

/// Seconds until something worth a picture has happened, and what to do on the page before.
function scenes({ peer, source }) {
  const node = encodeURIComponent(peer.node('Flow'));
  const pick = encodeURIComponent(peer.node('Line1'));
  const look = async (page, { address, look: button }) => {
    await page.getByLabel(address).fill(`127.0.0.1:${peer.port}`);
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByTestId('new-source').waitFor();
  };
  const expand = async (page) => {
    await page.locator(`[data-source="${source}"] th button`).click();
    await page.getByTestId('strip').waitFor();
  };
  const tree = async (page) => {
    await page.getByTestId('use-tags').waitFor({ timeout: 20_000 });
    await page.getByRole('treeitem', { name: 'Line1' }).press('ArrowRight');
    await page.getByRole('treeitem', { name: 'Flow' }).waitFor();
  };
  return [
    { name: 'overview', query: 'page=overview', wait: 4 },
    { name: 'screens', query: 'page=screens', wait: 2 },
    { name: 'screen-overview', query: 'page=screens&screen=demo-overview', wait: 4 },
    { name: 'screen-distillation', query: 'page=screens&screen=demo-distillation', wait: 4 },
    { name: 'screen-reaction', query: 'page=screens&screen=demo-reaction&element=R-201', wait: 4 },
    { name: 'dashboards', query: 'page=dashboards', wait: 1 },
    { name: 'dashboard', query: 'page=dashboards&dashboard=demo', wait: 8 },
    { name: 'dashboard-edit', query: 'page=dashboards&dashboard=demo', wait: 2, act: (page, words) => page.getByRole('button', { name: words.edit, exact: true }).click() },
    { name: 'tags', query: 'page=tags', wait: 8 },
    { name: 'tags-columns', query: 'page=tags', wait: 1, act: (page, words) => page.getByRole('button', { name: words.columns, exact: true }).click(), sizes: [desk] },
    { name: 'trends', query: 'page=trends&span=600000&pens=Plant.Unit100.TI-101&pens=Plant.Unit100.PI-102', wait: 3 },
    { name: 'space', query: `page=space&source=${source}&node=${node}&pick=${pick}`, wait: 2, act: tree },
    { name: 'space-limits', query: `page=space&source=${source}&pick=${encodeURIComponent(peer.node('Level'))}&pick=${pick}`, wait: 1, act: (page) => page.getByTestId('limit-proposals').scrollIntoViewIfNeeded() },
    { name: 'sources', query: 'page=sources', wait: 2, act: expand },
    { name: 'add', query: 'page=sources&section=add', wait: 0.5 },
    { name: 'add-ways', query: 'page=sources&section=add', wait: 0.5, act: look },
    { name: 'certificates', query: 'page=sources&section=certificates', wait: 1 },
    { name: 'designer', query: 'page=designer&screen=demo-reaction', wait: 2 },
    { name: 'diagnostics', query: 'page=diagnostics', wait: 5 },
    { name: 'search', query: 'page=overview', wait: 1, act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('temp');
    } },
    // From here on there is a user, so that whoever is not logged in may only look.
    { name: 'login', query: 'page=tags', wait: 0.5, afterSetUp: true, act: (page) => page.getByTestId('log-in').click() },
    { name: 'users', query: 'page=users', wait: 0.5, loggedIn: true },
    { name: 'users-add', query: 'page=users', wait: 0.5, loggedIn: true, act: (page) => page.locator('main button.primary').click() },
    { name: 'users-sessions', query: 'page=users&part=sessions', wait: 0.5, loggedIn: true },
    { name: 'users-tokens', query: 'page=users&part=tokens', wait: 0.5, loggedIn: true },
    { name: 'tags-operator', query: 'page=tags', wait: 8, loggedIn: true },
    { name: 'overview-operator', query: 'page=overview', wait: 8, loggedIn: true },
    { name: 'audit', query: 'page=audit', wait: 0.5, loggedIn: true },
    { name: 'account', query: 'page=account', wait: 0.5, loggedIn: true },
  ];
}

/// An own server as a newcomer adds it, and the demo dashboard.
async function furnish(tagwire, browser, peer) {
  const post = async (route, body) => {
    const answer = await request(tagwire, route, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (answer.status >= 300) throw new Error(`${route}: ${answer.body}`);
  };
  const source = 'line1';
  await post('/api/v1/opcua/sources', { name: source, endpoint: peer.endpoint, prefix: source, policy: 'none', subtrees: [{ name: 'Line1', node: peer.node('Line1') }] });
  await eventually('the source is live', async () => (await get(tagwire, `/api/v1/sources/${source}`)).json().state === 'live', { timeout: 30_000 });
  const { page, close } = await browser.page();
  await page.goto(`${tagwire.url}/?lang=en&page=dashboards`);
  await page.getByRole('button', { name: labels.en.create }).click();
  await page.locator('[data-quality=good]').first().waitFor();
  await close();
  return source;
}

async function picture(page, file, format) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', format === 'webp' ? { format, quality: 78 } : { format });
  await writeFile(`${file}.${format}`, Buffer.from(data, 'base64'));
}

async function writeGallery(all) {
  const listed = all.map(({ name, sizes: fitting = sizes }) => ({ name, widths: fitting.map(({ width }) => width) }));
  for (const [lang, file] of [['en', 'gallery.md'], ['zh', 'gallery.zh-CN.md']]) {
    const pictureOf = (name, theme, width) => `pictures/${fileOf(name, lang, theme, { width })}.webp`;
    await writeFile(path.join(root, 'docs', file), galleryText(lang, listed, themes, pictureOf));
  }
}

const folder = path.join(root, given.docs ? 'docs/pictures' : 'build/pictures');
await mkdir(folder, { recursive: true });
const certificates = await mkdtemp(path.join(tmpdir(), 'tagwire-pictures-'));
let failures = 0;
const fail = (text) => {
  ++failures;
  console.error(`FAILED ${text}`);
};

const { uri, pem, key } = await makeCertificate(certificates, 'line-server');
const peer = await OpcUaPeer.startSecure({
  applicationUri: uri,
  certificateFile: pem,
  privateKeyFile: key,
  policies: ['None', 'Basic256Sha256', 'Aes256_Sha256_RsaPss'],
  modes: ['None', 'Sign', 'SignAndEncrypt'],
  trustAll: true,
  anonymous: true,
  passwords: {},
  line,
  level: { unit: 'm', range: [0, 5], limits: { LowLowLimit: 0.4, LowLimit: 0.8, HighLimit: 4.2 } },
});
let tagwire, browser;
try {
  tagwire = await Tagwire.start();
  browser = await Browser.start();
  const source = await furnish(tagwire, browser, peer);
  if (given.docs) await sleep(60_000); // trends that have something to show
  const wanted = given.only?.split(',');
  const all = scenes({ peer, source });
  const chosen = all.filter(({ name }) => !wanted || wanted.includes(name));
  if (given.docs) await writeGallery(all);
  let administrator;
  for (const { name, query, wait, act, loggedIn, afterSetUp = loggedIn, sizes: fitting = sizes } of chosen) {
    if (afterSetUp) administrator ??= await setUp(tagwire);
    for (const viewport of fitting) {
      for (const lang of ['en', 'zh']) {
        for (const theme of themes) {
          const file = fileOf(name, lang, theme, viewport);
          try {
            const { page, close } = await browser.page({ viewport, bypassCSP: true });
            if (loggedIn) {
              const [cookie, value] = administrator.cookie.split('=');
              await page.context().addCookies([{ name: cookie, value, url: tagwire.url }]);
            }
            await page.goto(`${tagwire.url}/?${query}&lang=${lang}&theme=${theme}`);
            await page.locator('[data-link=live]').first().waitFor({ state: 'attached' });
            await act?.(page, labels[lang]);
            await sleep(wait * 1000);
            await picture(page, path.join(folder, file), given.docs ? 'webp' : 'png');
            await accessible(page);
            await close();
          } catch (error) {
            fail(`${file}: ${error.message.slice(0, 1000)}`);
          }
        }
      }
    }
    console.log(name);
  }
} finally {
  await browser?.stop();
  await tagwire?.stop();
  await peer.stop();
  await rm(certificates, { recursive: true, force: true });
}
console.log(failures === 0 ? 'all clean' : `${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
