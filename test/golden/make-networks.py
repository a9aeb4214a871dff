#!/usr/bin/python3
"""Golden features of networks, by torchvision (Debian: python3-torch, python3-torchvision).

Weights are not kept: both sides make them from a parameter's name and the place of each value, in whole numbers, so
that they are the same bit by bit. Writes networks.json beside this file: `/usr/bin/python3 make-networks.py`.
"""
import json
import os
import zlib

import numpy as np
import torch
import torchvision
from torchvision.models.resnet import BasicBlock, ResNet


def spread(name, count):
    """Values in -0.5..0.5: 32 bits mixed from the place and the name's CRC-32 (murmur3's finaliser)."""
    x = (np.arange(count, dtype=np.uint64) + np.uint64(zlib.crc32(name.encode()))) & np.uint64(0xFFFFFFFF)
    x = ((x ^ (x >> np.uint64(16))) * np.uint64(0x85EBCA6B)) & np.uint64(0xFFFFFFFF)
    x = ((x ^ (x >> np.uint64(13))) * np.uint64(0xC2B2AE35)) & np.uint64(0xFFFFFFFF)
    x = x ^ (x >> np.uint64(16))
    return x.astype(np.float64) / 2**32 - 0.5


def fill(model):
    state = model.state_dict()
    for name, tensor in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        u = spread(name, tensor.numel())
        if tensor.dim() > 1 and "embedding" not in name and "token" not in name:
            values = u * np.sqrt(24 / (tensor.numel() / tensor.shape[0]))  # variance 2 / fan in
        elif name.endswith("running_var") or (name.endswith("weight") and tensor.dim() == 1):
            values = 1 + 0.4 * u
        else:
            values = 0.4 * u
        state[name] = torch.from_numpy(values.astype(np.float32)).reshape(tensor.shape)
    model.load_state_dict(state)
    return model.eval()


def image(size):
    return torch.from_numpy((4 * spread(f"image {size}", 3 * size * size)).astype(np.float32)).reshape(1, 3, size, size)


def pooled(features):
    return features.mean(dim=(2, 3)).flatten()


def resnet(model, x):
    model.fc = torch.nn.Identity()
    return fill(model)(x).flatten()


def densenet(x):
    model = torchvision.models.densenet121()
    del model.classifier
    return pooled(torch.relu(fill(model).features(x)))


def vit(x):
    """ViT-B/16 with two of its twelve blocks, which are all alike."""
    model = torchvision.models.VisionTransformer(
        image_size=x.shape[2], patch_size=16, num_layers=2, num_heads=12, hidden_dim=768, mlp_dim=3072
    )
    del model.heads
    fill(model)
    patches = model._process_input(x)
    tokens = model.encoder(torch.cat([model.class_token.expand(1, -1, -1), patches], dim=1))
    return tokens.flatten()


with torch.no_grad():
    x = image(64)
    golden = {
        "resnet10": resnet(ResNet(BasicBlock, [1, 1, 1, 1]), x),
        "resnet50": resnet(torchvision.models.resnet50(), x),
        "densenet121": densenet(x),
        "vit": vit(image(32)),
    }
result = {
    "made by": f"torch {torch.__version__}, torchvision {torchvision.__version__}",
    "features": {name: [float(f"{value:.8g}") for value in values.double().tolist()] for name, values in golden.items()},
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "networks.json"), "w") as file:
    json.dump(result, file)
    file.write("\n")
print({name: (len(values), float(values.abs().max())) for name, values in golden.items()})
