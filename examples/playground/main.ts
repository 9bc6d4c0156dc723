import { createActions } from './actions.js';
import { findBackends } from './backends.js';
import { FIRST, PLAIN } from './library.js';
import { readLink } from './link.js';
import { DEFAULT_MODEL, MODELS } from './models.js';
import { createPainter } from './painter.js';
import { createStore, USUAL_KINDS } from './state.js';
import { mountCamera } from './view/camera.js';
import { mountChips } from './view/chips.js';
import { mountClasses } from './view/classes.js';
import { mountCompare } from './view/compare.js';
import { find } from './view/elements.js';
import { mountErrors } from './view/errors.js';
import { mountLink } from './view/link.js';
import { createMapCanvases, mountMaps } from './view/maps.js';
import { mountModels } from './view/models.js';
import { mountPhotos } from './view/photos.js';
import { mountSettings } from './view/settings.js';
import { mountTabs } from './view/tabs.js';
import { mountViewer } from './view/viewer.js';

const link = readLink(location.hash);

const store = createStore({
  photo: undefined,
  classifier: MODELS.find(({ id }) => id === link.modelId) ?? DEFAULT_MODEL,
  scores: undefined,
  classIndex: undefined,
  against: undefined,
  linked: link.linked,
  chosen: link.chosen ?? USUAL_KINDS,
  settings: { method: PLAIN, samples: 50, noise: 0.15, seed: 1, ...link.settings },
  look: { colormap: 'inferno', view: 'heat', blur: 0.02, opacity: 0.75, ...link.look },
  backend: undefined,
  backends: [],
  busy: 'loading',
  run: undefined,
  maps: [],
  shown: link.shown ?? FIRST,
  finished: [],
  failed: {},
  brightest: {},
  errors: {},
  curves: {},
  randomized: undefined,
});

const mapCanvases = createMapCanvases();
const canvases = {
  photo: find<HTMLCanvasElement>('#photo'),
  overlay: find<HTMLCanvasElement>('#overlay'),
};
const painter = createPainter(store, canvases, (kind) => mapCanvases.get(kind));
const actions = createActions(store, painter);

const backends = await findBackends();
store.update({ backends, backend: backends[0] });

mountErrors(store);
mountViewer(store, actions);
mountChips(store, actions);
mountMaps(store, actions, painter, mapCanvases);
mountTabs();
mountCompare(store, actions, mapCanvases);
mountClasses(store, actions);
mountSettings(store, actions);
mountCamera(actions);
const openModelFiles = await mountModels(store, actions, link);
mountPhotos(store, actions, openModelFiles, link.photo);
mountLink(store, actions);
