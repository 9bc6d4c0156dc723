/** Gives the event loop one turn, so that a page stays responsive and a server keeps answering. */
export function turn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate !== undefined) {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  // Not tf.nextFrame: a browser draws no frames for a hidden tab, and the run would stand still
  // there.
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
