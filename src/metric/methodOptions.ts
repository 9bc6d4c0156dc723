/** Which options of a call are those of the attribution that a metric judges. */
import { checkBag } from '../checks.js';
import { option, optionTable } from '../options.js';
import type { Check } from '../checks.js';
import type { OptionsOf, OptionTable } from '../options.js';

/** An option of every metric of methods. */
export const methodOptionsTable = /* @__PURE__ */ optionTable(() => ({
  /**
   * Options of the attribution alone, such as its `samples` where the metric has an option of that
   * name. Default: none.
   */
  methodOptions: option<object>(checkBag as Check<object>, {}),
}));

/** Options of the attribution alone. */
export type ForMethod = OptionsOf<typeof methodOptionsTable>;

/**
 * Picks the attribution's options: what the metric does not take itself, and `methodOptions`.
 * @param table the metric's options; the seed is for both, if the attribution has one
 * @param own the attribution's options; undefined for a custom function
 */
export function optionsOfMethod(options: object, table: OptionTable, own?: OptionTable): object {
  const { methodOptions, ...others } = options as { readonly methodOptions?: object };
  const isPassed = (name: string): boolean =>
    name === 'seed' ? own !== undefined && 'seed' in own : !(name in table);
  const passed = Object.entries(others).filter(([name]) => isPassed(name));
  return { ...Object.fromEntries(passed), ...methodOptions };
}
