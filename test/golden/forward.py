"""A list of layers (see networks.py) as a PyTorch function, in whatever precision its input has."""

import torch
import torch.nn.functional as F


def logits(layers, x):
    """x: [n, height, width, channels]. Returns [n, classes], before the last layer's softmax."""
    for layer in layers:
        x = APPLY[layer["type"]](layer, x)
    return x


def same_padding(x, size, stride, value):
    """TensorFlow's 'same' for x [n, channels, height, width]: the output has ceil(input / stride) places, and an odd
    number of padding rows has the extra one at the far end. PyTorch's own padding is equal on both ends."""
    ends = []
    for length in (x.shape[3], x.shape[2]):
        total = max((-(-length // stride) - 1) * stride + size - length, 0)
        ends += [total // 2, total - total // 2]
    return F.pad(x, ends, value=value)


def channels_first(x):
    return x.permute(0, 3, 1, 2)


def channels_last(x):
    return x.permute(0, 2, 3, 1)


def activate(layer, x):
    return F.relu(x) if layer["activation"] == "relu" else x


def weight(layer, name, x):
    return torch.from_numpy(layer[name]).to(x.dtype)


def conv(layer, x):
    kernel = weight(layer, "kernel", x).permute(3, 2, 0, 1)
    padded = same_padding(channels_first(x), kernel.shape[2], layer["stride"], 0.0)
    y = F.conv2d(padded, kernel, weight(layer, "bias", x), layer["stride"])
    return activate(layer, channels_last(y))


def depthwise(layer, x):
    kernel = weight(layer, "kernel", x).permute(2, 3, 0, 1)
    padded = same_padding(channels_first(x), kernel.shape[2], layer["stride"], 0.0)
    return channels_last(F.conv2d(padded, kernel, stride=layer["stride"], groups=x.shape[3]))


def batch_norm(layer, x):
    gamma = weight(layer, "gamma", x) if "gamma" in layer else None
    mean, variance, beta = (weight(layer, name, x) for name in ("mean", "variance", "beta"))
    y = F.batch_norm(channels_first(x), mean, variance, gamma, beta, training=False, eps=layer["epsilon"])
    return channels_last(y)


def max_pool(layer, x):
    padded = same_padding(channels_first(x), layer["size"], layer["stride"], float("-inf"))
    return channels_last(F.max_pool2d(padded, layer["size"], layer["stride"]))


def avg_pool(layer, x):
    """The mean over the real pixels of each window: the padding counts neither in the sum nor in the divisor."""

    def window_mean(values):
        padded = same_padding(channels_first(values), layer["size"], layer["stride"], 0.0)
        return F.avg_pool2d(padded, layer["size"], layer["stride"])

    return channels_last(window_mean(x) / window_mean(torch.ones_like(x)))


def dense(layer, x):
    return activate(layer, x @ weight(layer, "kernel", x) + weight(layer, "bias", x))


APPLY = {
    "conv": conv,
    "depthwise": depthwise,
    "batchNorm": batch_norm,
    "relu6": lambda layer, x: F.relu6(x),
    "maxPool": max_pool,
    "avgPool": avg_pool,
    "residual": lambda layer, x: x + logits(layer["layers"], x),
    # Rows of pixels with the channel fastest, as Keras flattens.
    "flatten": lambda layer, x: x.reshape(x.shape[0], -1),
    "globalAveragePool": lambda layer, x: x.mean(dim=(1, 2)),
    "dense": dense,
}
