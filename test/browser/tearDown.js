/** Closes the Chromium of all browser tests. */
export default () => globalThis.closeChromium();
