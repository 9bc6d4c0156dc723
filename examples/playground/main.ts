import { createActions } from './actions.js';
import { findBackends } from './backends.js';
import { centernet } from './centernet.js';
import { PLAIN } from './library.js';
import { createPainter } from './painter.js';
import { createStore } from './state.js';
import { mountClasses } from './view/classes.js';
import { find } from './view/elements.js';
import { mountErrors } from './view/errors.js';
import { createMapCanvases, mountMaps } from './view/maps.js';
import { mountOwnModel } from './view/ownModel.js';
import { mountPhotos } from './view/photos.js';
import { mountSettings } from './view/settings.js';
import { mountViewer } from './view/viewer.js';

const store = createStore({
  photo: undefined,
  classifier: centernet,
  scores: undefined,
  classIndex: undefined,
  against: undefined,
  settings: { method: PLAIN, samples: 50, noise: 0.15, seed: 1 },
  look: { colormap: 'inferno', view: 'heat', blur: 0.02 },
  backend: undefined,
  backends: [],
  busy: 'loading',
  run: undefined,
  maps: [],
  shown: PLAIN,
  isFollowing: true,
  failed: {},
  brightest: {},
  errors: {},
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
mountMaps(store, actions, painter, mapCanvases);
mountClasses(store, actions);
mountSettings(store, actions);
mountPhotos(store, actions, mountOwnModel(store, actions));
