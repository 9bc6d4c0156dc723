/** The library's presets by name: only the worker needs more, and it has the library. */
export const PRESETS = [
  'unit',
  'mobilenet',
  'mobilenetV2',
  'inceptionV3',
  'xception',
  'efficientnet',
  'vgg16',
  'vgg19',
  'resnet50',
  'torch',
  'teachableMachine',
] as const;
