"""PyTorch on the shapes of a Keras model: its forward pass and the gradient of one class by the input.

Argument: the number of threads, 1 or 2.
Standard input: JSON with `config` (Keras's, of a functional model of one input), `size` and `runs`.
Standard output: JSON with `version`, the medians `forward` and `gradient` in milliseconds, and `resident` in bytes.
"""

import json
import math
import os
import resource
import statistics
import sys
import time

# PyTorch is told of two, because believing in one it sends 1 x 1 convolutions to its slowest kernel.
os.environ["OMP_THREAD_LIMIT"] = sys.argv[1]

import torch
import torch.nn.functional as F

ACTIVATIONS = {"linear": lambda x: x, "relu": F.relu, "softmax": lambda x: F.softmax(x, -1)}


def around(x, config, windows):
    """The padding of 'same', which may have one row or column more at the end than at the start."""
    if config["padding"] == "valid":
        return [0, 0, 0, 0]
    amounts = []
    for length, window, stride in zip(x.shape[:1:-1], windows[::-1], config["strides"][::-1]):
        total = max((math.ceil(length / stride) - 1) * stride + window - length, 0)
        amounts += [total // 2, total - total // 2]
    return amounts


class Model:
    """A functional model, as a function of an image [1, 3, h, w]; its weights are random, and made when it first runs."""

    def __init__(self, config):
        self.layers = config["config"]["layers"]
        self.weights = {}

    def __call__(self, image):
        values = {}
        for layer in self.layers:
            inputs = [values[node[0]] for node in layer["inbound_nodes"][0]] if layer["inbound_nodes"] else [image]
            self.name = layer["name"]
            values[self.name] = getattr(self, layer["class_name"])(layer["config"], *inputs)
        return values[self.name]

    def weight(self, kind, *shape):
        """Uniform in the range that keeps a network's variance."""
        key = (self.name, kind)
        if key not in self.weights:
            limit = math.sqrt(6 / math.prod(shape[1:]))
            self.weights[key] = torch.empty(shape).uniform_(-limit, limit)
        return self.weights[key]

    def vector(self, kind, size, value):
        return self.weights.setdefault((self.name, kind), torch.full((size,), float(value)))

    def convolve(self, config, x, filters, groups):
        kernel = self.weight("kernel", filters, x.shape[1] // groups, *config["kernel_size"])
        bias = self.vector("bias", filters, 0) if config["use_bias"] else None
        left, right, top, bottom = around(x, config, config["kernel_size"])
        padding = (top, left)
        if (left, top) != (right, bottom):
            x, padding = F.pad(x, (left, right, top, bottom)), (0, 0)
        y = F.conv2d(x, kernel, bias, config["strides"], padding, groups=groups)
        return ACTIVATIONS[config["activation"]](y)

    def InputLayer(self, config, image):
        return image

    def Conv2D(self, config, x):
        return self.convolve(config, x, config["filters"], 1)

    def DepthwiseConv2D(self, config, x):
        return self.convolve(config, x, x.shape[1], x.shape[1])

    def BatchNormalization(self, config, x):
        size = x.shape[1]
        scale = self.vector("scale", size, 1) if config["scale"] else None
        mean, variance = self.vector("mean", size, 0), self.vector("variance", size, 1)
        return F.batch_norm(x, mean, variance, scale, self.vector("offset", size, 0), eps=config["epsilon"])

    def Activation(self, config, x):
        return ACTIVATIONS[config["activation"]](x)

    def ReLU(self, config, x):
        return F.hardtanh(x, 0, config["max_value"])

    def MaxPooling2D(self, config, x):
        assert config["padding"] == "valid"
        return F.max_pool2d(x, config["pool_size"], config["strides"])

    def AveragePooling2D(self, config, x):
        left, right, top, bottom = around(x, config, config["pool_size"])
        assert (left, top) == (right, bottom)
        return F.avg_pool2d(x, config["pool_size"], config["strides"], (top, left), count_include_pad=False)

    def ZeroPadding2D(self, config, x):
        (top, bottom), (left, right) = config["padding"]
        return F.pad(x, (left, right, top, bottom))

    def GlobalAveragePooling2D(self, config, x):
        return x.mean((2, 3))

    def Flatten(self, config, x):
        return x.flatten(1)

    def Dense(self, config, x):
        units = config["units"]
        y = F.linear(x, self.weight("kernel", units, x.shape[1]), self.vector("bias", units, 0))
        return ACTIVATIONS[config["activation"]](y)

    def Add(self, config, *parts):
        return sum(parts)

    def Concatenate(self, config, *parts):
        return torch.cat(parts, 1)


def median_time(run, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main():
    job = json.load(sys.stdin)
    torch.set_num_threads(2)
    model = Model(job["config"])
    x = torch.randn(1, 3, job["size"], job["size"], requires_grad=True)

    def forward():
        with torch.no_grad():
            model(x)

    def gradient():
        torch.autograd.grad(model(x)[0, 0], x)

    forward()
    gradient()
    result = {
        "version": torch.__version__,
        "forward": median_time(forward, job["runs"]),
        "gradient": median_time(gradient, job["runs"]),
        "resident": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    json.dump(result, sys.stdout)


main()
