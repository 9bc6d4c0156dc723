import { endEarly } from '../../model/passes.js';
import type { InPasses } from '../../model/passes.js';
import { turn } from './turn.js';

/**
 * Runs a computation in passes with a turn of the event loop between them.
 * @param check called after each turn; what it throws ends the computation
 */
export async function withTurns<T>(passes: InPasses<T>, check: () => void): Promise<T> {
  try {
    for (;;) {
      const step = passes.next();
      if (step.done === true) return step.value;
      await turn();
      check();
    }
  } finally {
    endEarly(passes);
  }
}
