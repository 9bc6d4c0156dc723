import '@tensorflow/tfjs-backend-webgl';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { useEffect, useRef, useState } from 'react';
import { unit } from 'tfjs-saliency';
import { useSaliency } from './useSaliency';

const LABELS = ['left', 'right'];
const OPTIONS = { preprocess: unit, samples: 20, seed: 1 };

export function App() {
  const [model, setModel] = useState<LayersModel>();
  const [image, setImage] = useState<HTMLImageElement>();
  const [classIndex, setClassIndex] = useState(0);
  const [failure, setFailure] = useState<Error>();
  const { picture, done, error = failure } = useSaliency(model, image, classIndex, OPTIONS);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    let isGone = false;
    loadLayersModel('/model/model.json').then((loaded) => {
      if (isGone) loaded.dispose();
      else setModel(loaded);
    }, setFailure);
    return () => {
      isGone = true;
    };
  }, []);
  useEffect(() => {
    if (picture === undefined || canvas.current === null) return;
    const { data, width, height } = picture;
    Object.assign(canvas.current, { width, height });
    canvas.current.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  }, [picture]);

  return (
    <main>
      <h1>Why {LABELS[classIndex]}?</h1>
      <img src="/photo.png" alt="The photo" onLoad={(event) => setImage(event.currentTarget)} />
      <canvas ref={canvas} role="img" aria-label={`What speaks for ${LABELS[classIndex]}`} />
      <p>
        {LABELS.map((label, index) => (
          <button key={label} onClick={() => setClassIndex(index)}>
            {label}
          </button>
        ))}
      </p>
      <p role="status">
        {error?.message ?? (picture ? 'Done' : `${done ?? 0} of ${OPTIONS.samples} samples`)}
      </p>
    </main>
  );
}
