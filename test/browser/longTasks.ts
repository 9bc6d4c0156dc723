import type { Page } from 'playwright-core';

/**
 * Watches the page's main thread from now on.
 *
 * @returns the durations so far of its tasks of 50 ms and more, in ms
 */
export async function watchLongTasks(page: Page): Promise<() => Promise<number[]>> {
  const seen = await page.evaluate(async () => {
    const durations: number[] = [];
    new PerformanceObserver((list) => {
      durations.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
    Object.assign(window, { durations });
    // A task that is long, so that an observer which sees nothing is no proof of anything.
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        const end = performance.now() + 60;
        while (performance.now() < end);
        setTimeout(resolve, 200);
      });
    });
    return durations.splice(0);
  });
  if (seen.length === 0) throw new Error('this browser reports no long tasks');
  return () => page.evaluate(() => (window as unknown as { durations: number[] }).durations);
}
