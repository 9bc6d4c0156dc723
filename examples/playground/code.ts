/**
 * The code that reproduces what lies over the photo: a module for a page with an img and a canvas.
 */
import { centernetLogits } from '../shared/centernetLogits.js';
import { INTEGRATION_STEPS } from './steps.js';
import type { Backend, Classifier, Photo, State } from './state.js';
import { nameOf } from './words.js';

/** What a piece of code needs of which package. */
type Imports = Record<
  | '@tensorflow/tfjs-core'
  | '@tensorflow/tfjs-converter'
  | '@tensorflow/tfjs-layers'
  | 'tfjs-saliency',
  string[]
>;

/** @param state - with a map over the photo */
export function codeOf(state: State): string {
  const { classifier, photo, backend } = state;
  const imports: Imports = {
    '@tensorflow/tfjs-core': ['browser', 'mean', 'setBackend'],
    '@tensorflow/tfjs-converter': [],
    '@tensorflow/tfjs-layers': [],
    'tfjs-saliency': ['aggregateChannels', 'normalize', 'overlay', 'toCanvas'],
  };
  const lines = [
    ...modelLines(classifier, imports),
    '',
    `const img = document.querySelector('img'); // ${photo!.name}`,
    'await img.decode();',
    `const photo = await createImageBitmap(img${resizing(photo!)});`,
    targetLine(state),
    ...mapLines(state, imports),
    '',
    'const gray = mean(browser.fromPixels(photo), 2, true);',
    `const picture = overlay(gray, map, ${overlayOptions(state)});`,
    "await toCanvas(picture, document.querySelector('canvas'));",
  ];
  return [
    ...importLines(imports, backend!),
    '',
    `await setBackend('${backend!}');`,
    ...lines,
    '',
  ].join('\n');
}

function importLines(imports: Imports, backend: Backend): string[] {
  const named = Object.entries(imports)
    .filter(([, names]) => names.length > 0)
    .map(([from, names]) => `import { ${[...names].sort().join(', ')} } from '${from}';`);
  const where =
    backend === 'wasm' ? ' // its .wasm files lie beside the page, or where setWasmPaths says' : '';
  return [...named, `import '@tensorflow/tfjs-backend-${backend}';${where}`];
}

function modelLines({ source }: Classifier, imports: Imports): string[] {
  if (source.kind === 'centernet') {
    imports['@tensorflow/tfjs-core'].push('max', 'sigmoid');
    imports['@tensorflow/tfjs-converter'].push('loadGraphModel');
    imports['tfjs-saliency'].push('createPreprocessing');
    return [
      "const detector = await loadGraphModel('model/centernet.json'); // of the package @vladmandic/human",
      '// A detector is a classifier once each class has one score: its greatest at any place.',
      `const model = (photos) => sigmoid(max(detector.execute(photos, '${centernetLogits}'), [1, 2]));`,
      'const preprocess = createPreprocessing({ inputSize: [512, 512] });',
    ];
  }
  const load = source.format === 'graph-model' ? 'loadGraphModel' : 'loadLayersModel';
  imports[`@tensorflow/tfjs-${source.format === 'graph-model' ? 'converter' : 'layers'}`].push(
    load,
  );
  imports['tfjs-saliency'].push('createPreprocessing', source.preset);
  return [
    `const model = await ${load}('${source.json}');`,
    'const [, height, width] = model.inputs[0].shape;',
    `const preprocess = createPreprocessing({ ...${source.preset}.options, inputSize: [height, width] });`,
  ];
}

/** The page makes large photos smaller, and those for a model that sees a square only square. */
function resizing({ pixels, original }: Photo): string {
  if (pixels.width === original.width && pixels.height === original.height) return '';
  return `, { resizeWidth: ${pixels.width}, resizeHeight: ${pixels.height}, resizeQuality: 'high' }`;
}

function targetLine({ run, classifier }: State): string {
  const { classIndex, against } = run!;
  const name = nameOf(classifier, classIndex);
  if (against === undefined) return `const classIndex = ${classIndex}; // ${name}`;
  return `const classIndex = [[${classIndex}, ${against}]]; // ${name} and ${nameOf(classifier, against)}`;
}

function overlayOptions({ run, shown }: State): string {
  return shown === 'difference'
    ? "{ colormap: 'redblue', limits: [-1, 1] }"
    : `{ colormap: '${run!.settings.colormap}', limits: [0, 1] }`;
}

function mapLines({ run, shown }: State, imports: Imports): string[] {
  const { against, settings, mapSamples } = run!;
  const library = imports['tfjs-saliency'];
  const simple = 'const map = normalize(aggregateChannels(gradient));';
  if (shown === 'vanilla') {
    library.push('vanillaGradient');
    return ['const gradient = vanillaGradient(model, photo, classIndex, { preprocess });', simple];
  }
  if (shown === 'integrated') {
    library.push('integratedGradients');
    const options = `{ preprocess, steps: ${INTEGRATION_STEPS} }`;
    return [`const gradient = integratedGradients(model, photo, classIndex, ${options});`, simple];
  }
  library.push('smoothGradAsync');
  const { noise, seed } = settings;
  const smooth = [
    'const gradient = await smoothGradAsync(model, photo, classIndex, {',
    '  preprocess,',
    `  samples: ${mapSamples},`,
    `  noiseLevel: ${noise},`,
    `  seed: ${seed},`,
    '});',
  ];
  if (against === undefined) return [...smooth, simple];
  imports['@tensorflow/tfjs-core'].push('unstack');
  const both = ['const both = aggregateChannels(gradient);', 'const [one, other] = unstack(both);'];
  if (shown === 'difference') {
    imports['@tensorflow/tfjs-core'].push('sub');
    return [...smooth, ...both, "const map = normalize(sub(one, other), { mode: 'diverging' });"];
  }
  library.push('limitsOf');
  const name = shown === 'smooth' ? 'one' : 'other';
  return [...smooth, ...both, `const map = normalize(${name}, { shared: limitsOf(both) });`];
}
