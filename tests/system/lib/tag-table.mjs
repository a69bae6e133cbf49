/// The page's tag table as a person sees it: rows by tag path, with value, unit, quality and reason.
import { eventually } from './wait.mjs';

export class TagTable {
  #page;

  constructor(page) {
    this.#page = page;
  }

  /// Opens the page with the rows of these tags in view.
  static async open(page, tagwire, query) {
    await page.goto(`${tagwire.url}/?lang=en&group=none&q=${encodeURIComponent(query)}`);
    return new TagTable(page);
  }

  /// {value, unit, quality, reason} of one row as displayed now, or null.
  read(tag) {
    return this.#page.evaluate(rowOf, tag);
  }

  /// Waits until the row of `tag` has all of `expected`; returns {row, ms} with the time it took.
  async until(tag, expected, timeout = 5000) {
    const start = performance.now();
    let row;
    const reached = async () => {
      row = await this.read(tag);
      return row && Object.entries(expected).every(([key, value]) => row[key] === value);
    };
    await eventually(`row ${tag} ${JSON.stringify(expected)}`, reached, { timeout }).catch((error) => {
      error.message += `; it is ${JSON.stringify(row)}`;
      throw error;
    });
    return { row, ms: performance.now() - start };
  }
}

/// Runs in the page.
function rowOf(tag) {
  const row = document.querySelector(`[data-tag="${CSS.escape(tag)}"]`);
  if (!row) return null;
  const text = (selector) => row.querySelector(selector)?.textContent.trim() ?? '';
  return {
    value: text('[data-live=value]'),
    unit: text('.unit'),
    quality: row.dataset.quality ?? '',
    reason: text('[data-live=reason]'),
  };
}
