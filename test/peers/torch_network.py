"""Networks trained by PyTorch in double precision, for test/peers/torch-network.ts.

    python3 torch_network.py FOLDER

FOLDER/questions.json is a list of networks: layers, options and batches (by epoch and step, rows of the inputs) as
infoflow names them. FOLDER/NAME.safetensors holds, beside the state_dict to start from, `inputs`, and of the one step
that draws any `noise.L`, added to what layer L puts out, and `kept.L`, the factors of a dropout layer.

Writes little-endian f64 in the order of the state_dict: NAME.gradients of the last step and NAME.parameters after it;
with weight normalisation no gradients, but NAME.gains, and NAME.directions with biases, in place of weights.
Prints the versions, and of each network the loss of all inputs before and after, without noise and dropout.
"""
import array
import json
import platform
import sys
from pathlib import Path

import torch
from torch import nn

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
folder = Path(sys.argv[1])

activations = {
    "tanh": [nn.Tanh],
    "relu": [nn.ReLU],
    "leaky-relu": [nn.LeakyReLU],
    "sigmoid": [nn.Sigmoid],
    "linear": [],
}


def tensors_of(path):
    """https://huggingface.co/docs/safetensors, f32 alone."""
    data = bytearray(path.read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    entries = json.loads(data[8:start])
    del entries["__metadata__"]
    for name, entry in entries.items():
        count = torch.Size(entry["shape"]).numel()
        flat = torch.frombuffer(data, dtype=torch.float32, count=count, offset=start + entry["data_offsets"][0])
        yield name, flat.double().reshape(entry["shape"])


def module_of(spec, shape):
    """The module of a layer behind `shape` (channels, height, width, or width)."""
    kind = spec.get("type", "dense")
    if kind == "dense":
        return nn.Linear(shape[0], spec["width"])
    if kind == "conv2d":
        sizes = {"stride": spec.get("stride", 1), "padding": spec.get("padding", 0)}
        return nn.Conv2d(shape[0], spec["channels"], spec["kernel"], **sizes)
    if kind == "max-pool":
        return nn.MaxPool2d(spec["size"])
    if kind == "average-pool":
        return nn.AvgPool2d(spec["size"])
    return nn.Flatten() if kind == "flatten" else nn.Dropout(spec["rate"])


def layers_of(question):
    """Of each layer its modules; shapes are what PyTorch itself makes of them."""
    x = torch.zeros(1, *question["shape"])
    layers = []
    for spec in question["layers"]:
        activation = activations[spec.get("activation", "linear")]
        layers.append([module_of(spec, x.shape[1:]), *(make() for make in activation)])
        x = layers[-1][0](x)
    return layers


def forward(layers, x, drawn):
    for number, modules in enumerate(layers, 1):
        if isinstance(modules[0], nn.Dropout):
            x = x * drawn[f"kept.{number}"].reshape(x.shape) if drawn else x
            continue
        for module in modules:
            x = module(x)
        if f"noise.{number}" in drawn:
            x = x + drawn[f"noise.{number}"].reshape(x.shape)
    return x


def loss_of(logits, labels, kind):
    if kind == "cross-entropy":
        return nn.functional.cross_entropy(logits, labels)
    return nn.functional.mse_loss(logits, nn.functional.one_hot(labels, logits.shape[1]).double())


def optimiser_of(parameters, o):
    rates = {"lr": o["learningRate"], "weight_decay": o["weightDecay"]}
    if o["optimiser"] == "sgd":
        return torch.optim.SGD(parameters, momentum=o["momentum"], **rates)
    return torch.optim.Adam(parameters, betas=(o["beta1"], o["beta2"]), eps=o["epsilon"], **rates)


def schedule_of(optimiser, o):
    last, epochs = o["finalLearningRate"], o["epochs"]
    if o["schedule"] == "cosine":
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=epochs, eta_min=last)
    gamma = (last / o["learningRate"]) ** (1 / epochs) if o["schedule"] == "geometric" else 1
    return torch.optim.lr_scheduler.ExponentialLR(optimiser, gamma)


@torch.no_grad()
def orthonormalise(weights, rate):
    for weight in weights:
        a = weight.reshape(weight.shape[0], -1)
        weight -= (rate * (a @ a.T @ a - a)).reshape(weight.shape)


def write(name, tensors):
    numbers = array.array("d", torch.cat([tensor.detach().reshape(-1) for tensor in tensors]).tolist())
    (folder / name).write_bytes(numbers.tobytes())


def train(question):
    name, options = question["name"], question["training"]
    tensors = dict(tensors_of(folder / f"{name}.safetensors"))
    inputs = tensors.pop("inputs").reshape(-1, *question["shape"])
    drawn = {key: tensors.pop(key) for key in list(tensors) if key.startswith(("noise.", "kept."))}
    labels = torch.tensor(question["labels"])
    layers = layers_of(question)
    network = nn.Sequential(*(module for modules in layers for module in modules))
    network.load_state_dict(tensors)
    weighted = [module for module in network if hasattr(module, "weight")]
    if options["weightNorm"]:
        for module in weighted:
            nn.utils.weight_norm(module, "weight", dim=0)

    def whole():
        return loss_of(forward(layers, inputs, {}), labels, options["loss"]).item()

    before = whole()
    optimiser = optimiser_of(network.parameters(), options)
    schedule = schedule_of(optimiser, options)
    for epoch in question["batches"]:
        for rows in epoch:
            optimiser.zero_grad()
            loss_of(forward(layers, inputs[rows], drawn), labels[rows], options["loss"]).backward()
            optimiser.step()
            if options["orthonormal"] > 0:
                orthonormalise([module.weight for module in weighted[:-1]], options["orthonormal"])
        schedule.step()
    after = whole()  # which makes the weights of directions and gains anew
    write(f"{name}.parameters", [tensor for module in weighted for tensor in (module.weight, module.bias)])
    if options["weightNorm"]:
        write(f"{name}.directions", [tensor for module in weighted for tensor in (module.weight_v, module.bias)])
        write(f"{name}.gains", [module.weight_g for module in weighted])
    else:
        write(f"{name}.gradients", [p.grad for module in weighted for p in (module.weight, module.bias)])
    return {"before": before, "after": after}


losses = {question["name"]: train(question) for question in json.loads((folder / "questions.json").read_text())}
versions = f"PyTorch {torch.__version__}, Python {platform.python_version()}"
print(json.dumps({"versions": versions, "losses": losses}))
