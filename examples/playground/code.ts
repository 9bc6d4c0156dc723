/**
 * The code that reproduces what lies over the photo: a module for a page with an img and a canvas.
 */
import { optionsOf, seesSquare } from './library.js';
import { presetCode } from './preset.js';
import type { Backend, Classifier, State } from './state.js';
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
  const { classifier, backend } = state;
  const imports: Imports = {
    '@tensorflow/tfjs-core': ['setBackend'],
    '@tensorflow/tfjs-converter': [],
    '@tensorflow/tfjs-layers': [],
    'tfjs-saliency': ['aggregateChannels', 'overlay', 'toCanvas'],
  };
  const lines = [
    ...modelLines(classifier, imports),
    '',
    ...photoLines(state),
    '',
    targetLine(state),
    ...gradientLines(state, imports),
    ...pictureLines(state, imports),
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
    .map(([from, names]) => `import { ${[...new Set(names)].sort().join(', ')} } from '${from}';`);
  const where =
    backend === 'wasm' ? ' // its .wasm files lie beside the page, or where setWasmPaths says' : '';
  return [...named, `import '@tensorflow/tfjs-backend-${backend}';${where}`];
}

function modelLines({ id, source }: Classifier, imports: Imports): string[] {
  const load = source.format === 'graph-model' ? 'loadGraphModel' : 'loadLayersModel';
  imports[`@tensorflow/tfjs-${source.format === 'graph-model' ? 'converter' : 'layers'}`].push(
    load,
  );
  const { names, code } = presetCode(source.preset);
  imports['tfjs-saliency'].push(...names);
  const note = id === undefined ? '' : ' // made for the playground, beside which it lies';
  return [
    `const model = await ${load}('${addressOf(source.json)}');${note}`,
    `const preprocess = ${code};`,
  ];
}

/** Relative where a file lies beside the page. */
function addressOf(json: string): string {
  const folder = new URL('.', document.baseURI).href;
  return json.startsWith(folder) ? json.slice(folder.length) : json;
}

/** As worker/photo.ts reads it: on white, not too large, and only what the model sees of it. */
function photoLines({ photo, classifier: { source } }: State): string[] {
  const { name, original, pixels } = photo!;
  const isSquare = seesSquare(source.preset.name);
  const side = Math.min(original.width, original.height);
  const seen = isSquare ? { width: side, height: side } : original;
  const part = [
    (original.width - seen.width) / 2,
    (original.height - seen.height) / 2,
    seen.width,
    seen.height,
  ];
  const note = isSquare ? ' // the model sees the square in the middle' : '';
  return [
    `const file = await fetch(document.querySelector('img').src); // ${name}`,
    'const image = await createImageBitmap(await file.blob());',
    `const canvas = new OffscreenCanvas(${pixels.width}, ${pixels.height});`,
    "const context = canvas.getContext('2d', { willReadFrequently: true });",
    "context.fillStyle = 'white'; // below what is transparent",
    'context.fillRect(0, 0, canvas.width, canvas.height);',
    "context.imageSmoothingQuality = 'high';",
    `context.drawImage(image, ${part.join(', ')}, 0, 0, canvas.width, canvas.height);${note}`,
    'const photo = context.getImageData(0, 0, canvas.width, canvas.height);',
  ];
}

function targetLine({ run, classifier }: State): string {
  const { classIndex, against } = run!;
  const name = nameOf(classifier, classIndex);
  if (against === undefined) return `const classIndex = ${classIndex}; // ${name}`;
  return `const classIndex = [[${classIndex}, ${against}]]; // ${name} and ${nameOf(classifier, against)}`;
}

function gradientLines({ run, shown, classifier }: State, imports: Imports): string[] {
  const { against, settings, mapSamples } = run!;
  const library = imports['tfjs-saliency'];
  const isSmooth = against !== undefined || shown === 'smooth';
  const method = isSmooth ? settings.method : shown;
  library.push(method);
  const options = Object.entries(optionsOf(method, classifier.layer)).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? `'${value}'` : String(value)}`,
  );
  if (!isSmooth) {
    return [
      `const gradient = await ${method}.async(model, photo, classIndex, {`,
      '  preprocess,',
      ...options.map((option) => `  ${option},`),
      '});',
    ];
  }
  library.push('smooth');
  return [
    `const gradient = await smooth(${method}).async(model, photo, classIndex, {`,
    '  preprocess,',
    ...options.map((option) => `  ${option},`),
    `  samples: ${mapSamples},`,
    `  noiseLevel: ${settings.noise},`,
    `  seed: ${settings.seed},`,
    '});',
  ];
}

function pictureLines({ run, shown, look }: State, imports: Imports): string[] {
  const library = imports['tfjs-saliency'];
  if (look.blur !== 0) library.push('blur');
  const blurred = (map: string): string =>
    look.blur === 0 ? map : `blur(${map}, { sigma: ${look.blur} })`;
  const colormap = shown === 'difference' ? 'redblue' : look.colormap;
  const style = `mode: '${look.view}', colormap: '${colormap}', alpha: ${look.opacity}`;
  const maps = blurred('aggregateChannels(gradient)');
  if (run!.against === undefined) return [`const picture = overlay(photo, ${maps}, { ${style} });`];
  imports['@tensorflow/tfjs-core'].push('unstack');
  const both = [`const both = ${maps};`, 'const [one, other] = unstack(both);'];
  if (shown === 'difference') {
    imports['@tensorflow/tfjs-core'].push('sub');
    return [...both, `const picture = overlay(photo, sub(one, other), { ${style} });`];
  }
  library.push('limitsOf');
  const name = shown === 'smooth' ? 'one' : 'other';
  return [
    ...both,
    `const picture = overlay(photo, ${name}, { ${style}, limits: limitsOf(both) });`,
  ];
}
