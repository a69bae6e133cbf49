/// Somebody at a browser: logs in by the form, as people do.
import { passwordOf } from './access.mjs';

/// What Chromium writes itself when the server refuses; whoever tests that allows it.
export const refusals = /status of 40[13]|status of 429/;

/// Fills in the form that is shown, and sends it.
export async function fillLogin(page, user, password = passwordOf(user)) {
  await page.locator('input[name=username]').fill(user);
  await page.locator('input[name=password]').fill(password);
  await page.locator('input[name=password]').press('Enter');
}

/// A page of `browser` on which `user` is logged in.
export async function personAt(browser, tagwire, user, query = '', options = {}) {
  const opened = await browser.page(options);
  await opened.page.goto(`${tagwire.url}/?lang=en&${query}`);
  await opened.page.getByTestId('log-in').click();
  await fillLogin(opened.page, user);
  await opened.page.getByTestId('user').waitFor();
  await opened.page.getByRole('dialog').waitFor({ state: 'detached' });
  return opened;
}
