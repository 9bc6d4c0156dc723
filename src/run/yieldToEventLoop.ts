/** Gives the event loop one turn, so that a page stays responsive and a server keeps answering. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    schedule(resolve);
  });
}

/** Chosen once, when the module is loaded: fake timers of a test, set later, would never fire. */
const schedule = /* @__PURE__ */ chooseSchedule();

function chooseSchedule(): (callback: () => void) => void {
  const { setImmediate, MessageChannel, setTimeout } = globalThis as Partial<typeof globalThis>;
  if (setImmediate !== undefined) return (callback) => setImmediate(callback);
  // Not tf.nextFrame: a browser draws no frames for a hidden tab, and the run would stand still.
  if (MessageChannel !== undefined) {
    return (callback) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        callback();
      };
      port2.postMessage(undefined);
    };
  }
  return (callback) => setTimeout!(callback, 0);
}
