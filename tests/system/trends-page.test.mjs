/// The page of trends: what it draws is what was recorded, extremes and gaps included; pens, zoom, ruler, table and
/// picture, by mouse and by keyboard; all of it in the address.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { Browser } from './lib/browser.mjs';
import { get } from './lib/http.mjs';
import { Tagwire } from './lib/tagwire.mjs';
import { eventually, sleep } from './lib/wait.mjs';

const tag = 'Random.Int4';
const other = 'Random.Int2';
const number = (text) => Number(text.replaceAll(',', '').replace('−', '-'));

/// Runs in the page: for each column of the plot, whether the pen has painted there.
function paintedColumns() {
  const over = document.querySelector('.u-over').getBoundingClientRect();
  const canvas = document.querySelector('.plot canvas');
  const frame = canvas.getBoundingClientRect();
  const scale = canvas.width / frame.width;
  const [width, height] = [Math.floor(over.width * scale), Math.floor(over.height * scale)];
  const { data } = canvas.getContext('2d').getImageData((over.left - frame.left) * scale, (over.top - frame.top) * scale, width, height);
  const hex = getComputedStyle(document.documentElement).getPropertyValue('--pen-1').trim();
  const pen = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return Array.from({ length: width }, (_, x) => {
    for (let y = 0; y < height; ++y) {
      const at = (y * width + x) * 4;
      if (data[at + 3] > 200 && pen.every((value, i) => Math.abs(value - data[at + i]) < 24)) return true;
    }
    return false;
  });
}

describe('the page of trends', () => {
  let tagwire, browser, begin, gap, end;
  before(async () => {
    tagwire = await Tagwire.start();
    begin = Date.now();
    await sleep(3500);
    gap = { from: Date.now() };
    await tagwire.program.kill();
    await sleep(2500);
    await tagwire.launch();
    gap.to = Date.now();
    await sleep(3500);
    end = Date.now() - 500;
    browser = await Browser.start();
  });
  after(async () => {
    await browser?.stop();
    await tagwire?.stop();
  });

  const address = (more = '', from = begin, to = end) => `${tagwire.url}/?page=trends&lang=en&pens=${tag}&from=${from}&to=${to}${more}`;
  async function open(url, options) {
    const opened = await browser.page(options);
    await opened.page.goto(url);
    const cell = (name, pen = tag) => opened.page.locator(`[data-pen="${pen}"] [data-cell=${name}]`);
    const shows = (name, value) => eventually(`${name} is ${value}`, async () => number(await cell(name).innerText()) === value);
    const bounds = () => {
      const parameters = new URL(opened.page.url()).searchParams;
      return { from: Number(parameters.get('from')), to: Number(parameters.get('to')) };
    };
    return { ...opened, cell, shows, bounds };
  }
  async function raw(from, to) {
    const answer = await get(tagwire, `/api/v1/history?tags=${tag}&from=${from}&to=${to}&limit=50000`);
    const [series] = answer.json().tags;
    return series.v.map(([dt, value]) => ({ time: series.b + dt, value }));
  }
  const extremes = (samples) => {
    const known = samples.filter(({ value }) => value !== null);
    const sorted = known.toSorted((a, b) => a.value - b.value);
    return { min: sorted[0], max: sorted.at(-1), count: known.length };
  };

  it('shows the extremes that were recorded, also after zooming', async () => {
    const { close, page, shows, bounds } = await open(address());
    const whole = extremes(await raw(begin, end));
    await shows('min', whole.min.value);
    await shows('max', whole.max.value);
    const box = await page.locator('.u-over').boundingBox();
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2);
    for (let i = 0; i < 4; ++i) await page.mouse.wheel(0, -100);
    await eventually('the address says so', () => bounds().to - bounds().from < (end - begin) / 1.9);
    const { from, to } = bounds();
    const zoomed = extremes(await raw(from, to));
    assert(zoomed.count > 0);
    await shows('min', zoomed.min.value);
    await shows('max', zoomed.max.value);
    await close();
  });

  it('draws every extreme: the ruler finds them', async () => {
    const { min, max } = extremes(await raw(begin, end));
    for (const { time, value } of [min, max]) {
      const { close, shows } = await open(address(`&ruler=${time}`));
      await shows('ruler', value);
      await close();
    }
  });

  it('draws a gap where nothing was recorded', async () => {
    const { close, page, cell, shows } = await open(address(`&ruler=${gap.from + 1500}`));
    await shows('max', extremes(await raw(begin, end)).max.value);
    assert.equal(await cell('ruler').innerText(), '—', 'no value within the gap');
    const columns = await page.evaluate(paintedColumns);
    const at = (time) => Math.round(((time - begin) / (end - begin)) * columns.length);
    const painted = (from, to) => columns.slice(at(from), at(to)).filter(Boolean).length / (at(to) - at(from));
    // The last second before the kill may not have been on disk yet.
    assert(painted(begin + 300, gap.from - 1200) > 0.9, `before: ${painted(begin + 300, gap.from - 1200)}`);
    assert.equal(painted(gap.from + 300, gap.to - 1500), 0, 'a line across the gap');
    assert(painted(gap.to + 200, end - 100) > 0.9, `after: ${painted(gap.to + 200, end - 100)}`);
    await close();
  });

  it('zooms into what is marked, and goes back to live', async () => {
    const { close, page, shows, bounds } = await open(address());
    await shows('max', extremes(await raw(begin, end)).max.value); // nothing moves under the mouse any more
    const box = await page.locator('.u-over').boundingBox();
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.25, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
    await page.mouse.up();
    const span = end - begin;
    await eventually('a quarter is shown', () => Math.abs(bounds().to - bounds().from - span / 4) < span * 0.02);
    assert(Math.abs(bounds().from - begin - span / 4) < span * 0.02);
    await page.getByRole('button', { name: 'Back to live' }).click();
    await eventually('live', () => bounds().from === 0);
    await eventually('it moves', async () => (await page.evaluate(paintedColumns)).some(Boolean));
    await close();
  });

  it('zooms by two fingers', async () => {
    const { close, page, bounds } = await open(address(), { hasTouch: true, viewport: { width: 390, height: 844 } });
    const over = page.locator('.u-over');
    await page.locator('[data-pen]').waitFor();
    // The axis takes its width when the data are there.
    let box;
    await eventually('the chart stands still', async () => {
      const before = await over.boundingBox();
      await sleep(300);
      box = await over.boundingBox();
      return before?.width === box?.width && before?.x === box?.x;
    });
    const touch = await page.context().newCDPSession(page);
    const fingers = (type, ...parts) => {
      const touchPoints = parts.map((part, id) => ({ x: box.x + part * box.width, y: box.y + box.height / 2, id }));
      return touch.send('Input.dispatchTouchEvent', { type, touchPoints });
    };
    await fingers('touchStart', 0.4, 0.6);
    for (const step of [0.05, 0.1, 0.15, 0.2]) await fingers('touchMove', 0.4 - step, 0.6 + step);
    await fingers('touchEnd');
    const span = end - begin;
    const near = (value, wanted) => Math.abs(value - wanted) < span * 0.02;
    await eventually('a third is shown, the middle stays where it was', () => {
      const { from, to } = bounds();
      return near(to - from, span / 3) && near(from - begin, span / 3);
    });
    await close();
  });

  it('is used by keyboard', async () => {
    const { close, page, bounds, cell } = await open(address());
    await page.locator('[data-pen]').waitFor();
    const chart = page.getByRole('application');
    await chart.focus();
    await page.keyboard.press('+');
    await eventually('zoomed', () => Math.abs(bounds().to - bounds().from - (end - begin) / 2) < 5);
    const { from } = bounds();
    await page.keyboard.press('ArrowLeft');
    await eventually('moved', () => bounds().from < from);
    await page.keyboard.press('Home');
    await eventually('live', () => bounds().from === 0);
    await page.getByLabel('Add a tag').fill(other);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await cell('min', other).waitFor();
    assert.deepEqual(new URL(page.url()).searchParams.getAll('pens'), [tag, other]);
    await page.getByRole('button', { name: `Remove ${other}` }).click();
    await cell('min', other).waitFor({ state: 'detached' });
    await close();
  });

  it('takes a pen that is dropped onto the chart', async () => {
    const { close, page, cell } = await open(address());
    await page.getByLabel('Add a tag').fill(other);
    await page.getByRole('button', { name: other }).first().dragTo(page.getByRole('application'));
    await cell('min', other).waitFor();
    await close();
  });

  it('saves every recorded sample as a table, and the chart as a picture', async () => {
    const { close, page, shows } = await open(address());
    const samples = await raw(begin, end);
    await shows('max', extremes(samples).max.value);
    const saved = async (name) => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name, exact: true }).click();
      return readFile(await (await download).path());
    };
    const table = (await saved('CSV')).toString('utf8');
    assert(table.startsWith('\uFEFFtag,source time,'));
    const lines = table.trimEnd().split('\r\n').slice(1);
    assert.equal(lines.filter((line) => new Date(line.split(',')[1]).getTime() >= begin).length, samples.length);
    const picture = await saved('PNG');
    assert.deepEqual([...picture.subarray(1, 4)], [...Buffer.from('PNG')]);
    assert(picture.length > 5000);
    await close();
  });

  it('fills what it missed while it had no connection', async () => {
    const { close, page } = await browser.page();
    let connected, away = false;
    await page.routeWebSocket(/\/ws$/, (socket) => {
      if (away) return socket.close({ code: 4000, reason: 'away' });
      socket.connectToServer();
      connected = socket;
    });
    await page.goto(`${tagwire.url}/?page=trends&lang=en&pens=${tag}&span=60000`);
    await eventually('it draws', async () => (await page.evaluate(paintedColumns)).some(Boolean));
    away = true;
    const lost = Date.now();
    await connected.close({ code: 4000, reason: 'away' });
    await page.getByText('Connection to the server lost').first().waitFor();
    /// Part of the columns between losing the connection and having it again that are painted.
    const filled = async (until) => {
      const columns = await page.evaluate(paintedColumns);
      const now = Date.now();
      const at = (time) => Math.round((1 - (now - time) / 60_000) * columns.length);
      const hole = columns.slice(at(lost + 700), at(until - 300));
      return hole.filter(Boolean).length / hole.length;
    };
    await sleep(4000);
    assert((await filled(Date.now())) < 0.2, 'nothing is known while there is no connection');
    away = false;
    const back = Date.now();
    await eventually('the hole is filled', async () => (await filled(back)) > 0.8, { timeout: 25_000 });
    await close();
  });
});

describe('the page of trends without a history', () => {
  it('names pens of its address that cannot be drawn', async () => {
    const tagwire = await Tagwire.start({ config: '[history]\nenabled = false' });
    const browser = await Browser.start();
    const { page, close } = await browser.page();
    await page.goto(`${tagwire.url}/?page=trends&lang=en&pens=${tag}&pens=No.Such&pens=Random.String`);
    const strange = page.getByText('Not drawn, because there is no such tag or it has no numbers: No.Such, Random.String');
    await strange.waitFor();
    await page.getByRole('button', { name: 'Take out' }).click();
    await strange.waitFor({ state: 'detached' });
    assert.deepEqual(new URL(page.url()).searchParams.getAll('pens'), [tag]);
    await close();
    await browser.stop();
    await tagwire.stop();
  });

  it('shows what it sees, and says so', async () => {
    const tagwire = await Tagwire.start({ config: '[history]\nenabled = false' });
    const browser = await Browser.start();
    const { page, close } = await browser.page();
    await page.goto(`${tagwire.url}/?page=trends&lang=en&pens=${tag}&span=60000`);
    await page.getByText('This server records no history.').waitFor();
    await eventually('it draws', async () => (await page.evaluate(paintedColumns)).some(Boolean));
    await close();
    await browser.stop();
    await tagwire.stop();
  });
});
