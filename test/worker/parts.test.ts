// Oracles: the definition of mean and variance in plain JavaScript; a count of the samples.
import fc from 'fast-check';
import { chunksOf } from '../../src/worker/connect/chunks.js';
import { OrderedQueue } from '../../src/worker/connect/orderedQueue.js';
import { MergedMoments } from '../../src/worker/connect/moments.js';
import { withKey } from '../../src/worker/connect/modelRef.js';

const plans = fc.record({
  total: fc.integer({ min: 1, max: 60 }),
  samplesPerPass: fc.integer({ min: 1, max: 9 }),
  at: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), {
    nil: undefined,
  }),
  pairs: fc.boolean(),
  isWatched: fc.boolean(),
});

test('chunks hold each sample once, in order, and end a pass where a step is', () => {
  fc.assert(
    fc.property(plans, ({ total, at: counts, ...plan }) => {
      const at = counts?.filter((count) => count <= total).sort((a, b) => a - b);
      const chunks = [...chunksOf({ total, at, ...plan })];
      let done = 0;
      const ends: number[] = [];
      for (const { first, count, endsPass } of chunks) {
        expect(first).toBe(done);
        expect(count).toBeGreaterThan(0);
        if (plan.isWatched) expect(count).toBeLessThanOrEqual(plan.samplesPerPass);
        // Else no more than a quarter of what there is, and a sixteenth of what is to come.
        else if (count > plan.samplesPerPass) {
          expect(count).toBeLessThanOrEqual(plan.samplesPerPass + first / 4);
          expect(count).toBeLessThanOrEqual((total - first) / 16);
        }
        if (plan.pairs && count > 1) expect([first % 2, count % 2]).toEqual([0, 0]);
        done += count;
        if (endsPass) ends.push(done);
      }
      expect(done).toBe(total);
      expect(ends).toEqual(expect.arrayContaining([...(at ?? []), total]));
    }),
  );
});

test('chunks grow where nobody is told after each pass', () => {
  const plan = { total: 100, samplesPerPass: 1, at: undefined, pairs: false, isWatched: false };
  const counts = [...chunksOf(plan)].map(({ count }) => count);
  expect(counts.slice(0, 10)).toEqual([1, 1, 1, 1, 2, 2, 3, 3, 4, 4]);
  expect(Math.max(...counts)).toBe(4);
  expect(counts.slice(-8)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect([...chunksOf({ ...plan, isWatched: true })]).toHaveLength(100);
});

test('moments of parts merge to those of the whole', () => {
  const samples = fc.array(
    fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 3 }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 8 }), (values, size) => {
      const momentsOf = (part: number[][]) => {
        const mean = [0, 1, 2].map(
          (i) => part.reduce((sum, each) => sum + each[i]!, 0) / part.length,
        );
        const squares = mean.map((m, i) =>
          part.reduce((sum, each) => sum + (each[i]! - m) ** 2, 0),
        );
        return { count: part.length, mean, squares };
      };
      const merged = new MergedMoments();
      for (let first = 0; first < values.length; first += size)
        merged.add(momentsOf(values.slice(first, first + size)));
      const { count, mean, squares } = momentsOf(values);
      expect(merged.count).toBe(count);
      expect([...merged.mean]).toEqual(mean.map((each) => expect.closeTo(each, 8) as unknown));
      expect([...merged.squares!]).toEqual(
        squares.map((each) => expect.closeTo(each, 4) as unknown),
      );
    }),
  );
});

test('a mailbox is read in the order of announcement, and fails in it', async () => {
  const box = new OrderedQueue<string>();
  const slots = [box.slot(), box.slot(), box.slot()];
  slots[2]!({ error: new Error('third') });
  slots[1]!({ value: 'second' });
  const first = box.next();
  slots[0]!({ value: 'first' });
  expect(await first).toBe('first');
  expect(await box.next()).toBe('second');
  await expect(box.next()).rejects.toThrow('third');
  box.fail(new Error('at once'));
  box.slot()({ value: 'fourth' });
  await expect(box.next()).rejects.toThrow('at once');
});

test('a mailbox has room again when it is read, or closed', async () => {
  const box = new OrderedQueue<number>();
  box.slot()({ value: 1 });
  box.slot();
  let rooms = 0;
  const room = () => box.room(2).then(() => rooms++);
  const waiting = room();
  await Promise.resolve();
  expect(rooms).toBe(0);
  await box.next();
  await waiting;
  box.slot();
  const another = room();
  box.close();
  await another;
  expect(rooms).toBe(2);
});

test('specs have one key exactly if they have the same content', () => {
  const key = (value: unknown) => withKey(value).key;
  const data = new Uint8Array(3);
  expect(key({ a: 1, b: [data, null] })).toBe(key({ b: [data, null], a: 1 }));
  const different = [
    'a',
    '["a"]',
    ['a'],
    { a: 1 },
    { a: '1' },
    { a: undefined },
    {},
    [],
    null,
    undefined,
    1,
    1n,
    true,
    data,
    new Uint8Array(3),
    [[1], 2],
    [1, [2]],
    NaN,
  ];
  expect(new Set(different.map(key)).size).toBe(different.length);
});
