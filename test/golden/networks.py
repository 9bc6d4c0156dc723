"""Two small classifiers, each a list of layers in the order of the data, with Keras's layer names and weight layouts.

Images are [height, width, channels]; convolution kernels [height, width, in, out]; depthwise kernels [height, width,
channels, 1]; dense kernels [in, out]. Every padding is TensorFlow's 'same'. The test builds the same two networks out
of the lists in the JSON files.
"""

import numpy as np

CLASSES = 5


class Weights:
    """Draws the weights of one network. All are float32 values, so that JavaScript has exactly the same network."""

    def __init__(self, seed):
        self._random = np.random.RandomState(seed)

    def normal(self, shape, mean=0.0, deviation=1.0):
        return (mean + deviation * self._random.standard_normal(shape)).astype(np.float32)

    def uniform(self, shape, low, high):
        return self._random.uniform(low, high, shape).astype(np.float32)

    def kernel(self, shape, fan_in, gain=1.0):
        """He's initialisation: it keeps the activations' variance from one ReLU layer to the next."""
        return self.normal(shape, deviation=gain * np.sqrt(2 / fan_in))

    def conv(self, size, inputs, outputs, stride=1, gain=1.0, activation="relu"):
        return {
            "type": "conv",
            "stride": stride,
            "activation": activation,
            "kernel": self.kernel([size, size, inputs, outputs], size * size * inputs, gain),
            "bias": self.normal([outputs], deviation=0.1),
        }

    def depthwise(self, channels, stride):
        kernel = self.kernel([3, 3, channels, 1], 9)
        return {"type": "depthwise", "stride": stride, "kernel": kernel}

    def batch_norm(self, channels, scaled=True, gain=1.0):
        layer = {
            "type": "batchNorm",
            "epsilon": 1e-3,
            "beta": self.normal([channels], mean=0.5 * gain, deviation=0.5),
            "mean": self.normal([channels], deviation=0.3),
            "variance": self.uniform([channels], 0.5, 1.5),
        }
        if scaled:
            layer["gamma"] = self.uniform([channels], 0.5 * gain, 1.5 * gain)
        return layer

    def dense(self, inputs, outputs, activation, gain=1.0):
        return {
            "type": "dense",
            "activation": activation,
            "kernel": self.kernel([inputs, outputs], inputs, gain),
            "bias": self.normal([outputs], deviation=0.1),
        }


def pool(kind, size, stride):
    return {"type": kind, "size": size, "stride": stride}


def vgg(seed):
    """VGG's shape: 16 x 16 inputs on VGG16's own scale, about -124 to 151. The first gain brings it to that of 1."""
    weights = Weights(seed)
    return [
        weights.conv(3, 3, 4, gain=1 / 64),
        weights.conv(3, 4, 4),
        pool("maxPool", 2, 2),
        weights.conv(3, 4, 8),
        weights.conv(3, 8, 8),
        pool("maxPool", 2, 2),
        {"type": "flatten"},
        weights.dense(4 * 4 * 8, 16, "relu"),
        weights.dense(16, CLASSES, "softmax"),
    ]


def mobilenet(seed):
    """MobileNet's shape, with what ports get wrong: 'same' at stride 2 (one row of padding at the far end only where
    the size is even, one at each end where it is odd), ReLU6, batch normalisation with and without scale, and 'same'
    average pooling, whose border windows divide by the number of real pixels."""
    weights = Weights(seed)
    relu6 = {"type": "relu6"}
    pointwise = dict(activation="linear")
    return [
        weights.conv(3, 3, 6, stride=2, activation="linear"),
        weights.batch_norm(6, gain=3),
        relu6,
        {
            "type": "residual",
            "layers": [
                weights.depthwise(6, stride=1),
                weights.batch_norm(6),
                relu6,
                weights.conv(1, 6, 6, **pointwise),
                weights.batch_norm(6, scaled=False),
            ],
        },
        pool("avgPool", 3, 1),
        weights.depthwise(6, stride=2),
        weights.batch_norm(6, gain=2),
        relu6,
        weights.conv(1, 6, 8, **pointwise),
        weights.batch_norm(8),
        relu6,
        pool("maxPool", 3, 2),
        pool("avgPool", 3, 2),
        {"type": "globalAveragePool"},
        weights.dense(8, CLASSES, "softmax", gain=0.4),
    ]
