'use client';

import { useEffect, useRef, useState } from 'react';

/** Explains a photo by SmoothGrad, in the browser. */
export function Explanation({ photo, model: address, labels }) {
  const [classIndex, setClassIndex] = useState(0);
  const [status, setStatus] = useState('Loading the model');
  const canvas = useRef(null);

  useEffect(() => {
    const controller = new AbortController();
    const tell = (text) => {
      if (!controller.signal.aborted) setStatus(text);
    };
    tell('Loading the model');
    // Imported here, so that TensorFlow.js is in no page that the server renders.
    import('./explain')
      .then(({ explain }) =>
        explain(address, photo, classIndex, {
          signal: controller.signal,
          onProgress: ({ done, total }) => tell(`${done} of ${total} samples`),
        }),
      )
      .then((picture) => {
        if (controller.signal.aborted) return;
        const { data, width, height } = picture;
        Object.assign(canvas.current, { width, height });
        canvas.current.getContext('2d').putImageData(new ImageData(data, width, height), 0, 0);
        tell('Done');
      })
      .catch((error) => tell(error.message));
    return () => controller.abort();
  }, [address, photo, classIndex]);

  return (
    <>
      <canvas ref={canvas} role="img" aria-label={`What speaks for ${labels[classIndex]}`} />
      <p>
        {labels.map((label, index) => (
          <button key={label} onClick={() => setClassIndex(index)}>
            {label}
          </button>
        ))}
      </p>
      <p role="status">{status}</p>
    </>
  );
}
