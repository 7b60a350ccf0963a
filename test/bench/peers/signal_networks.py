"""Features of networks for signals with the weights of a formula, from selfEEG, braindecode and tsai.

Run with selfeeg 0.2.2, braindecode 1.8.1, tsai 1.0.1 and PyTorch:
    python test/bench/peers/signal_networks.py > test/unit/learning/encoders/signals/networks-fixture.json

Weights: our variables in the order of their names; the i-th value of the k-th is sin(0.7 i + k + 1), times 0.5, or
0.5 over the root of its inputs where it has several axes. Moving variances are 1 + 0.5 sin². Samples [N, L, C] are
sin(0.3 l (c + 1) + n). All is computed in float64; features are ordered place by place, as ours.

Also the numbers of parameters of the networks as the libraries make them unless they are told otherwise.
"""

import json
import math
import warnings

import torch
import torch.nn as nn

# torchaudio, which the libraries load, refuses a PyTorch built for another CUDA than its own.
cuda, torch.version.cuda = torch.version.cuda, None
from braindecode.models import EEGConformer  # noqa: E402
from selfeeg import models as selfeeg  # noqa: E402
torch.version.cuda = cuda
from tsai.models.InceptionTime import InceptionTime
from tsai.models.PatchTST import _TSTiEncoder

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)


class Variable:
    """One of our variables, and where its values go in a network of the library.

    parameters: theirs, several where ours holds them side by side
    shape: ours
    turn: ours to theirs, or to theirs one below the other
    """

    def __init__(self, parameters, shape=None, turn=None):
        self.parameters = parameters if isinstance(parameters, list) else [parameters]
        self.shape = list(shape or self.parameters[0].shape)
        self.turn = turn or (lambda ours: ours)

    def fill(self, values):
        """values: flat, in the order of ours"""
        turned = self.turn(values.reshape(self.shape))
        with torch.no_grad():
            for own, part in zip(self.parameters, turned.split([len(own) for own in self.parameters])):
                own.copy_(part.reshape(own.shape))


def time_conv(name, convolution):
    """[outputs, inputs, 1, size] or [outputs, inputs, size]; ours is [size, inputs, outputs]."""
    weight = convolution.weight
    shape = [weight.shape[-1], weight.shape[1], weight.shape[0]]
    found = {f"{name}/kernel": Variable(weight, shape, lambda ours: ours.permute(2, 1, 0))}
    if convolution.bias is not None:
        found[f"{name}/bias"] = Variable(convolution.bias)
    return found


def norm(name, layer):
    return {
        f"{name}/scale": Variable(layer.weight),
        f"{name}/offset": Variable(layer.bias),
        f"{name}/mean": Variable(layer.running_mean),
        f"{name}/variance": Variable(layer.running_var),
    }


def layer_norm(name, layer):
    return {f"{name}/scale": Variable(layer.weight), f"{name}/offset": Variable(layer.bias)}


def dense(name, *layers):
    """Our kernel is [inputs, outputs], of several layers side by side."""
    outputs = sum(layer.out_features for layer in layers)
    shape = [layers[0].in_features, outputs]
    return {
        f"{name}/kernel": Variable([layer.weight for layer in layers], shape, lambda ours: ours.T),
        f"{name}/bias": Variable([layer.bias for layer in layers], [outputs]),
    }


def time_and_electrodes(prefix, time, electrodes):
    """[F, 1, 1, size] and [F′, F, C, 1]; ours are [size, F] and [C, F, F′]."""
    filters, size = len(time.weight), time.weight.shape[-1]
    outputs, _, count, _ = electrodes.weight.shape
    return {
        f"{prefix}time/kernel": Variable(time.weight, [size, filters], lambda ours: ours.T),
        f"{prefix}time/bias": Variable(time.bias),
        f"{prefix}electrodes/kernel": Variable(
            electrodes.weight, [count, filters, outputs], lambda ours: ours.permute(2, 1, 0)
        ),
        f"{prefix}electrodes/bias": Variable(electrodes.bias),
    }


def electrode_depthwise(name, convolution):
    """[F · D, 1, C, 1]; ours is [C, F, D]."""
    weight, filters = convolution.weight, convolution.in_channels
    shape = [weight.shape[2], filters, len(weight) // filters]
    turn = lambda ours: ours.permute(1, 2, 0).reshape(weight.shape)
    return {f"{name}/kernel": Variable(weight, shape, turn)}


def eegnet(network):
    depthwise = network.sepconv3.depthwise.weight
    return {
        **time_conv("encoder/time", network.conv1),
        **norm("encoder/time/norm", network.batchnorm1),
        **electrode_depthwise("encoder/electrodes", network.conv2),
        **norm("encoder/electrodes/norm", network.batchnorm2),
        "encoder/separable/depthwise/kernel": Variable(
            depthwise, [depthwise.shape[-1], len(depthwise)], lambda ours: ours.T
        ),
        **time_conv("encoder/separable/mix", network.sepconv3.pointwise),
        **norm("encoder/separable/norm", network.batchnorm3),
    }


def shallow(network):
    return {
        **time_and_electrodes("encoder/", network.conv1, network.conv2),
        **norm("encoder/norm", network.batch1),
    }


def deep(network):
    found = time_and_electrodes("encoder/block0/", network.conv1, network.conv2)
    found |= norm("encoder/block0/norm", network.BN1)
    for index, (convolution, after) in enumerate(
        [(network.conv3, network.BN2), (network.conv4, network.BN3), (network.conv5, network.BN4)]
    ):
        name = f"encoder/block{index + 1}"
        found |= {**time_conv(f"{name}/time", convolution), **norm(f"{name}/norm", after)}
    return found


def inception(network):
    found = {}
    for index, branch in enumerate([network.inc1, network.inc2, network.inc3]):
        name = f"encoder/first{index}"
        found |= time_conv(f"{name}/time", branch[0]) | norm(f"{name}/time/norm", branch[1])
        found |= electrode_depthwise(f"{name}/electrodes", branch[4])
        found |= norm(f"{name}/electrodes/norm", branch[5])
    later = {"second0": network.inc4, "second1": network.inc5, "second2": network.inc6}
    for part, branch in {**later, "third": network.out1, "fourth": network.out2}.items():
        found |= time_conv(f"encoder/{part}", branch[0]) | norm(f"encoder/{part}/norm", branch[1])
    return found


def stager(network):
    weight = network.conv1.weight
    return {
        "encoder/electrodes/kernel": Variable(weight, [weight.shape[2], len(weight)], lambda ours: ours.T),
        "encoder/electrodes/bias": Variable(network.conv1.bias),
        **time_conv("encoder/time0", network.conv2),
        **time_conv("encoder/time1", network.conv3),
    }


def tiny_sleep(network):
    found = {}
    for index in range(4):
        name = f"encoder/time{index}"
        found |= time_conv(name, getattr(network, f"conv{index + 1}"))
        found |= norm(f"{name}/norm", getattr(network, f"BN{index + 1}"))
    memory = network.lstm1
    transposed = lambda weight: Variable(weight, weight.T.shape, lambda ours: ours.T)
    return found | {
        "encoder/recurrent/enter/kernel": transposed(memory.weight_ih_l0),
        "encoder/recurrent/enter/bias": Variable(memory.bias_ih_l0),
        "encoder/recurrent/again/kernel": transposed(memory.weight_hh_l0),
        "encoder/recurrent/again/bias": Variable(memory.bias_hh_l0),
    }


def conformer(network):
    first = network.patch_embedding.shallownet
    found = time_and_electrodes("encoder/", first[0], first[1]) | norm("encoder/norm", first[2])
    found |= time_conv("encoder/projection", network.patch_embedding.projection[0])
    for index, block in enumerate(network.transformer):
        name = f"encoder/block{index}"
        attention, mix = block[0].fn, block[1].fn
        found |= layer_norm(f"{name}/attention/norm", attention[0])
        found |= dense(f"{name}/attention/enter", attention[1].queries, attention[1].keys, attention[1].values)
        found |= dense(f"{name}/attention/leave", attention[1].projection)
        found |= layer_norm(f"{name}/mix/norm", mix[0])
        found |= dense(f"{name}/mix/widen", mix[1][0]) | dense(f"{name}/mix/narrow", mix[1][3])
    return found


def inception_time(network):
    found = {}
    for index, module in enumerate(network.inceptionblock.inception):
        name = f"encoder/block{index}"
        found |= time_conv(f"{name}/bottleneck", module.bottleneck)
        for at, convolution in enumerate(module.convs):
            found |= time_conv(f"{name}/time{at}", convolution)
        found |= time_conv(f"{name}/nearby", module.maxconvpool[1]) | norm(f"{name}/norm", module.bn)
    for index, shortcut in enumerate(network.inceptionblock.shortcut):
        name = f"encoder/shortcut{index}"
        if isinstance(shortcut, nn.BatchNorm1d):
            found |= norm(f"{name}/norm", shortcut)
        else:
            found |= time_conv(name, shortcut[0]) | norm(f"{name}/norm", shortcut[1])
    return found


def patch_transformer(network):
    found = dense("encoder/patches", network.W_P) | {"encoder/positions": Variable(network.W_pos)}
    for index, layer in enumerate(network.layers):
        name = f"encoder/block{index}"
        attention = layer.self_attn
        found |= dense(f"{name}/attention/enter", attention.W_Q, attention.W_K, attention.W_V)
        found |= dense(f"{name}/attention/leave", attention.to_out[0])
        found |= norm(f"{name}/attention/norm", layer.norm_attn[1])
        found |= dense(f"{name}/mix/widen", layer.ff[0]) | dense(f"{name}/mix/narrow", layer.ff[3])
        found |= norm(f"{name}/mix/norm", layer.norm_ffn[1])
    return found


def formula(name, k, shape):
    wave = torch.sin(0.7 * torch.arange(math.prod(shape)) + k + 1)
    inputs = 1 if len(shape) == 1 else math.prod(shape) / shape[-1]
    return 1 + 0.5 * wave**2 if name.endswith("/variance") else 0.5 * wave / math.sqrt(inputs)


def fill(variables):
    for k, name in enumerate(sorted(variables)):
        variables[name].fill(formula(name, k, variables[name].shape))


def samples(count, length, channels):
    n, l, c = torch.meshgrid(torch.arange(count), torch.arange(length), torch.arange(channels), indexing="ij")
    return torch.sin(0.3 * l * (c + 1) + n)


def by_place(maps):
    """[N, F, L] to [N, L · F]."""
    return maps.transpose(1, 2).flatten(1)


def count(network, leave=()):
    return sum(
        p.numel() for name, p in network.named_parameters() if p.requires_grad and not name.startswith(leave)
    )


def patched(network, x, patch, stride):
    """As the paper's own: the last value repeated, patches, encoder; then the mean over patches and channels."""
    longer = nn.ReplicationPad1d((0, stride))(x)
    patches = longer.unfold(-1, patch, stride).permute(0, 1, 3, 2)
    return network(patches).mean((1, 3))


made = []


def case(family, options, shape, network, variables, features, parameters):
    network.eval()
    fill(variables(network))
    length, channels = shape
    x = samples(2, length, channels).transpose(1, 2)
    with torch.no_grad():
        found = features(network, x)
    made.append(
        {
            "family": family,
            "options": options,
            "inputShape": shape,
            "parameters": parameters,
            "features": [[float(f"{value:.7g}") for value in row] for row in found.tolist()],
        }
    )


def flat(filters):
    """selfEEG's flattened [N, F · L] or [N, F, L]."""
    return lambda network, x: by_place(network(x).reshape(len(x), filters, -1))


case("eegnet", {"filters": 4, "laterFilters": 6, "kernelSize": 10, "laterKernelSize": 6, "maxNorm": 0.3}, [70, 3],
     selfeeg.EEGNetEncoder(3, 10, F1=4, F2=6, separable_kernel=6, depthwise_max_norm=0.3), eegnet, flat(6),
     count(selfeeg.EEGNetEncoder(8)))
case("shallow-conv-net", {"filters": 4, "kernelSize": 7, "pool": 20, "poolStride": 15}, [60, 3],
     selfeeg.ShallowNetEncoder(3, 4, 7, 20), shallow, flat(4), count(selfeeg.ShallowNetEncoder(8)))
case("deep-conv-net", {"filters": 4, "kernelSize": 4, "pool": 3, "blocks": 4, "maxNorm": 0.2}, [330, 3],
     selfeeg.DeepConvNetEncoder(3, 4, 4, max_norm=0.2), deep, flat(32), count(selfeeg.DeepConvNetEncoder(8)))
case("eeg-inception", {"filters": 4, "kernelSize": 32, "pool": 4, "maxNorm": 0.3}, [70, 3],
     selfeeg.EEGInceptionEncoder(3, 4, kernel_size=32, max_depth_norm=0.3), inception, flat(3),
     count(selfeeg.EEGInceptionEncoder(8)))
stager_network = selfeeg.StagerNetEncoder(3, 9, 4, 5)


def stager_features(network, x):
    # [N, F, C, L] flattened; ours holds electrode by electrode at every place.
    maps = network(x).reshape(len(x), 4, 3, -1)
    return maps.permute(0, 3, 2, 1).flatten(1)


case("stager-net", {"filters": 4, "kernelSize": 9, "pool": 5}, [60, 3], stager_network, stager, stager_features,
     count(selfeeg.StagerNetEncoder(8)))
case("tiny-sleep-net", {"filters": 6, "units": 8, "kernelSize": 16, "stride": 2, "pool": 4}, [260, 3],
     selfeeg.TinySleepNetEncoder(3, 32, 6, pool=4, hidden_lstm=8), tiny_sleep, lambda network, x: network(x),
     count(selfeeg.TinySleepNetEncoder(8, 100)))
conformer_network = lambda **more: EEGConformer(n_outputs=2, return_features=True, **more)
case("eeg-conformer", {"filters": 8, "kernelSize": 7, "pool": 20, "poolStride": 10, "depth": 2, "heads": 2}, [60, 3],
     conformer_network(n_chans=3, n_times=60, n_filters_time=8, filter_time_length=7, pool_time_length=20,
                       pool_time_stride=10, num_layers=2, num_heads=2),
     conformer, lambda network, x: network(x).flatten(1),
     count(conformer_network(n_chans=8, n_times=500), ("fc", "final_layer")))
case("inception-time", {"filters": 4, "depth": 6, "kernelSize": 20}, [40, 3], InceptionTime(3, 2, nf=4, ks=20),
     inception_time, lambda network, x: network.inceptionblock(x).mean(2), count(InceptionTime(8, 2), ("fc",)))
PATCHES = {"patch": 8, "stride": 4, "width": 16, "heads": 4, "hidden": 24, "depth": 2}
case("patch-transformer", PATCHES, [40, 3], _TSTiEncoder(3, 10, 8, 2, 16, 4, d_ff=24), patch_transformer,
     lambda network, x: patched(network, x, 8, 4), count(_TSTiEncoder(8, 32, 16)))

print(json.dumps({"cases": made}))
