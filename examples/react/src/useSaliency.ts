import { dispose, tidy } from '@tensorflow/tfjs-core';
import { useEffect, useState } from 'react';
import { aggregateChannels, blur, overlay, smoothGradAsync, toImageData } from 'tfjs-saliency';
import type { Model, PixelData, SmoothGradAsyncOptions } from 'tfjs-saliency';

export interface Explanation {
  readonly picture?: PixelData;
  readonly done?: number;
  readonly error?: Error;
}

/** Explains an image; another ends the run before. Keep `options` one object between renders. */
export function useSaliency(
  model: Model | undefined,
  image: HTMLImageElement | undefined,
  classIndex: number,
  options: SmoothGradAsyncOptions,
): Explanation {
  const [explanation, setExplanation] = useState<Explanation>({});
  useEffect(() => {
    if (model === undefined || image === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = ({ done }: { done: number }) => setExplanation((now) => ({ ...now, done }));
    setExplanation({});
    (async () => {
      const gradient = await smoothGradAsync(model, image, classIndex, {
        ...options,
        signal,
        onProgress,
      });
      const picture = tidy(() => overlay(image, blur(aggregateChannels(gradient))));
      dispose(gradient);
      const data = await toImageData(picture).finally(() => dispose(picture));
      if (!signal.aborted) setExplanation({ picture: data });
    })().catch((error: Error) => {
      if (!signal.aborted) setExplanation({ error });
    });
    return () => controller.abort();
  }, [model, image, classIndex, options]);
  return explanation;
}
