/** Opens a template's page and looks at the picture it makes. */
import type { Browser, Page } from 'playwright-core';

/** @throws Error unless each class lights its half of the photo, and no error was logged */
export async function checkPage(browser: Browser, address: string): Promise<void> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  try {
    await openSoon(page, address);
    for (const [half, label] of ['left', 'right'].entries()) {
      await page.getByRole('button', { name: label }).click();
      await waitForPicture(page, label).catch(async () => {
        const status = await page.textContent('[role=status]');
        throw new Error(`${label}: the page still says "${status}"; ${errors.join('; ')}`);
      });
      const coloured = await colouredHalves(page);
      if (!(coloured[half]! > 4 * coloured[1 - half]!))
        throw new Error(`${label}: the halves are coloured by ${coloured.join(' and ')}`);
    }
    if (errors.length > 0) throw new Error(`the page logged ${errors.join('; ')}`);
  } finally {
    await page.close();
  }
}

function waitForPicture(page: Page, label: string): Promise<unknown> {
  return page.waitForFunction(
    (name) =>
      document.querySelector('[role=status]')?.textContent === 'Done' &&
      document.querySelector('canvas')?.ariaLabel?.endsWith(name),
    label,
    { timeout: 60_000 },
  );
}

/** Waits for the server too. */
async function openSoon(page: Page, address: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await page.goto(address);
      return;
    } catch (error) {
      if (tries === 60) throw error;
      await page.waitForTimeout(500);
    }
  }
}

/** How far the halves of the picture are from gray. */
function colouredHalves(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const sums = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      const half = (i / 4) % canvas.width < canvas.width / 2 ? 0 : 1;
      sums[half]! += Math.abs(data[i]! - data[i + 2]!);
    }
    return sums;
  });
}
