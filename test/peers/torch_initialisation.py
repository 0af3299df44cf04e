"""Weights and biases as PyTorch draws them, for test/peers/torch.test.ts.

    python3 torch_initialisation.py FOLDER NAME=SIZES...

SIZES are those of a Linear (inputs,outputs) or a Conv2d (channels,filters,kernel). Writes little-endian f32 to FOLDER:
NAME.weight and NAME.bias as the module starts, NAME.glorot by xavier_uniform_, NAME.he by kaiming_normal_ for ReLU.
"""
import array
import sys
from pathlib import Path

import torch
from torch import nn

torch.manual_seed(1)
folder = Path(sys.argv[1])


@torch.no_grad()
def write(name, tensor):
    (folder / name).write_bytes(array.array("f", tensor.reshape(-1).tolist()).tobytes())


for word in sys.argv[2:]:
    name, sizes = word.split("=")
    numbers = [int(size) for size in sizes.split(",")]
    module = nn.Linear(*numbers) if len(numbers) == 2 else nn.Conv2d(*numbers)
    write(f"{name}.weight", module.weight)
    write(f"{name}.bias", module.bias)
    write(f"{name}.glorot", nn.init.xavier_uniform_(module.weight))
    write(f"{name}.he", nn.init.kaiming_normal_(module.weight, nonlinearity="relu"))
