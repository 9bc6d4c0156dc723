/**
 * The detector's class scores before its sigmoid, [1, 128, 128, 80]. Their gradient does not fade
 * where the detector is sure, as that of its output 'tower_0/keypoints' does; at bowl's .28 the two
 * maps look the same.
 */
export const centernetLogits = 'tower_0/CenternetHead/centernet_cls_output/BiasAdd';
