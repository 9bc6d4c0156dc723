/** Files that name a model's classes, in the order in which a folder is searched for them. */
export const LABEL_FILES: readonly string[] = [
  'metadata.json', // Teachable Machine
  'labels.json',
  'labels.txt',
  'imagenet_class_index.json', // Keras
];
