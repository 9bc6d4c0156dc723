/** @throws Error if the page has no such element. */
export function find<T extends Element>(selector: string, within: ParentNode = document): T {
  const element = within.querySelector<T>(selector);
  if (element === null) throw new Error(`no ${selector} in the page`);
  return element;
}

type Attributes = Readonly<Record<string, string>>;

/** An element with attributes and children. */
export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Sets text only where it is another, so that screen readers are left in peace. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A function of some values that does nothing while they stay the same. */
export function whenChanged<T extends readonly unknown[]>(
  work: (...values: T) => void,
): (...values: T) => void {
  let before: T | undefined;
  return (...values) => {
    if (before?.every((value, i) => Object.is(value, values[i])) === true) return;
    before = values;
    work(...values);
  };
}
