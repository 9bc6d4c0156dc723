import { setText } from './elements.js';

/** Copies text, which the button says for two seconds. */
export async function copyText(text: string, button: HTMLButtonElement): Promise<void> {
  await navigator.clipboard.writeText(text);
  const { title } = button.dataset;
  setText(button, 'Copied');
  setTimeout(() => {
    setText(button, title!);
  }, 2000);
}
