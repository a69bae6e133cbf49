/// What the pages cost a browser: Chromium shows a dashboard of tables whose every cell changes ten times a second.
///
///   node bench/pages/run.mjs [--rounds 5] [--seconds 4] [--quick] [--write-reference]
import { Browser } from '../../tests/system/lib/browser.mjs';
import { request } from '../../tests/system/lib/http.mjs';
import { PageCost, tables, watchFirstValue } from '../../tests/system/lib/page-cost.mjs';
import { bar, conclude, inTurns, options, round, table } from '../lib/report.mjs';
import { startTagwire } from '../lib/servers.mjs';

const given = options();
const sizes = [300, 2000];
const rate = 10;

const { tagwire } = await startTagwire({ tags: Math.max(...sizes), rate });
const browser = await Browser.start();
try {
  for (const cells of sizes) {
    const answer = await request(tagwire, `/api/v1/documents/dashboard/cells-${cells}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-none-match': '*' },
      body: JSON.stringify(tables(cells)),
    });
    if (answer.status !== 201) throw new Error(answer.body);
  }

  /// The page that the program leads to, as somebody opens it for the first time.
  const front = async () => {
    const { page, close } = await browser.page({ viewport: { width: 1440, height: 900 } });
    const first = await watchFirstValue(page);
    await page.goto(tagwire.url);
    const first_value_ms = await first();
    await close();
    return { first_value_ms };
  };

  const one = async (cells) => {
    const { page, close } = await browser.page({ viewport: { width: 2560, height: 1440 } });
    const first = await watchFirstValue(page);
    await page.goto(`${tagwire.url}/?page=dashboards&dashboard=cells-${cells}`);
    const first_value_ms = await first();
    const cost = await PageCost.of(page);
    await page.waitForTimeout(1500);
    const shown = await page.locator('[data-quality=good]').count();
    if (shown < cells) throw new Error(`${shown} of ${cells} cells are Good`);
    const main_thread_ms = await cost.mainThread(given.seconds * 1000);
    await close();
    return { cells, first_value_ms, main_thread_ms };
  };
  const cases = { ...Object.fromEntries(sizes.map((cells) => [cells, () => one(cells)])), front };
  const { medians } = await inTurns(cases, given.rounds);
  const rows = sizes.map((cells) => medians[cells]).map((found) => Object.fromEntries(Object.entries(found).map(([key, value]) => [key, round(value, 0)])));
  table(rows, Object.keys(rows[0]));
  const [few, many] = rows;
  await conclude('pages', {
    results: rows,
    bars: {
      'ms/s of the main thread, 300 cells × 10 Hz': bar(few.main_thread_ms, { most: 150 }),
      'ms/s of the main thread, 2,000 cells × 10 Hz': bar(many.main_thread_ms, { most: 350 }),
      'ms from the navigation to the first value, the first page': bar(round(medians.front.first_value_ms, 0), { most: 500 }),
      'ms from the navigation to the first value, 300 cells': bar(few.first_value_ms, { most: 500 }),
    },
    options: given,
    main: many.main_thread_ms,
  });
} finally {
  await browser.stop();
  await tagwire.stop();
}
