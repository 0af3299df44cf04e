"""From PyTorch to infoflow: weights, data, and a description of the network. Copy this one file next to your training.

    from torch_export import export

    for epoch in range(101):
        ...                                               # train
        if epoch in (0, 1, 3, 10, 30, 100):
            export(model, inputs, labels, "net", epoch)   # net/model.yaml, net/inputs.npy, net/weights/epoch-000100...

    infoflow measure net/model.yaml --weights 'net/weights/*.safetensors' --noise-std 0.1

or piece by piece: save_weights (any module or state_dict), save_data, save_config (a Sequential of the layers below).
A checkpoint that was saved with torch.save:

    python torch_export.py checkpoint.pt weights/epoch-000100.safetensors

Needs Python 3.8 or newer, and PyTorch. Nothing here draws random numbers, moves the model, or changes its mode.
"""
import argparse
import ctypes
import hashlib
import inspect
import json
import os
import pickle
import sys
from pathlib import Path

import torch

__all__ = ["Noise", "export", "save_config", "save_data", "save_weights"]


class Noise(torch.nn.Module):
    """Adds Gaussian noise of standard deviation `std` while training; none after model.eval().

    Stands behind the activation of a layer, and says there what infoflow calls the layer's noiseStd.
    """

    def __init__(self, std):
        super().__init__()
        self.std = float(std)

    def forward(self, x):
        return x + self.std * torch.randn_like(x) if self.training else x

    def extra_repr(self):
        return str(self.std)


def export(model, inputs, labels, folder, epoch=None, seed=None, test_inputs=None, test_labels=None, **said):
    """Writes folder/model.yaml, the data beside it, and a checkpoint folder/weights/epoch-NNNNNN.safetensors (final
    without an epoch); returns the path of the checkpoint. Inputs are the rows that the network trains on, test_inputs
    those of its test set, if it has one. `said`: regime and noise_std, as save_config takes them.

    Called again, with another epoch, it adds a checkpoint and leaves data and YAML, which may have been edited. One
    folder holds one training: ValueError where it has been written for another network or other data; also as
    save_weights, save_data and save_config say.
    """
    folder = Path(folder)
    arrays = _arrays(inputs, labels, test_inputs, test_labels)
    largest = max(int(array.max()) for name, array in arrays.items() if name.endswith("labels.npy"))
    text = _config(model, list(arrays), largest_label=largest, train_count=len(arrays["inputs.npy"]), **said)
    path, mark, digest = folder / "model.yaml", "# of this network and data: ", _digest(text, arrays)
    if not path.exists():
        _save_arrays(arrays, folder)
        _write(path, [f"{text}\n{mark}{digest}\n".encode()])
    before = path.read_text("utf8")
    _need(mark not in before or digest in before, f"{path} is of another network or other data: rename {folder}")
    name = "final" if epoch is None else f"epoch-{_whole(epoch, 'epoch'):06d}"
    return save_weights(model, folder / "weights" / f"{name}.safetensors", epoch, seed)


def _digest(text, arrays):
    """Of what must stay the same in a folder: 16 hexadecimal digits."""
    found = hashlib.sha256(text.encode())
    for name, array in arrays.items():
        found.update(f"{name} {array.dtype} {tuple(array.shape)}".encode())
        found.update(_memory(array))
    return found.hexdigest()[:16]


# ---- weights


def save_weights(model_or_state_dict, path, epoch=None, seed=None):
    """Writes a module's or state_dict's tensors as safetensors, as 32-bit floats whatever they were; returns the path.

    The file appears whole or not at all. ValueError names every tensor that holds NaN or infinity (which is what too
    large for 32 bits becomes), or is no tensor of real numbers.
    """
    model = _unwrapped(model_or_state_dict)
    tensors, wrong = [], []
    for name, value in (model.state_dict() if isinstance(model, torch.nn.Module) else model).items():
        if not isinstance(value, torch.Tensor) or not value.is_floating_point():
            wrong.append(f"{name} holds {getattr(value, 'dtype', type(value).__name__)}, not real numbers")
            continue
        tensor = _plain(value, torch.float32)
        if not torch.isfinite(tensor).all():
            wrong.append(f"{name} holds {'NaN' if torch.isnan(tensor).any() else 'infinity, as 32-bit floats'}")
        tensors.append((name, tuple(tensor.shape), _memory(tensor)))
    _need(not wrong, f"{path} is not written: {'; '.join(wrong)}")
    _need(tensors, f"{path} is not written: there are no tensors")
    said = {"epoch": epoch, "seed": seed}
    metadata = {key: str(_whole(value, key)) for key, value in said.items() if value is not None}
    return _write_safetensors(path, tensors, {"format": "pt", **metadata})


def _unwrapped(model):
    """What DataParallel, DistributedDataParallel and torch.compile stand around."""
    inner = getattr(model, "_orig_mod", None)
    if inner is None and type(model).__name__ in ("DataParallel", "DistributedDataParallel"):
        inner = model.module
    return model if inner is None else _unwrapped(inner)


def _write_safetensors(path, tensors, metadata):
    """Tensors are (name, shape, bytes of little-endian f32); https://huggingface.co/docs/safetensors has the form."""
    header, end = {"__metadata__": metadata}, 0
    for name, shape, data in tensors:
        start, end = end, end + len(data)
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return _write(path, [len(text).to_bytes(8, "little"), text, *(data for _, _, data in tensors)])


# ---- data


def save_data(inputs, labels, folder, test_inputs=None, test_labels=None):
    """Writes inputs.npy (f32, a row an input, of any shape) and labels.npy (whole numbers), and test-inputs.npy and
    test-labels.npy where there are such; returns the paths.

    Tensors, arrays and lists will do. ValueError at NaN or infinity, at labels that are not one class index a row.
    """
    return _save_arrays(_arrays(inputs, labels, test_inputs, test_labels), folder)


def _arrays(inputs, labels, test_inputs, test_labels):
    """By file name, contiguous tensors."""
    _need((test_inputs is None) == (test_labels is None), "test_inputs and test_labels: give both, or neither")
    if test_inputs is None:
        return _pair(inputs, labels, "")
    arrays = {**_pair(inputs, labels, ""), **_pair(test_inputs, test_labels, "test-")}
    own, tests = (tuple(arrays[name].shape[1:]) for name in ("inputs.npy", "test-inputs.npy"))
    _need(own == tests, f"an input is of the shape {own}, one of test_inputs {tests}")
    return arrays


def _pair(inputs, labels, prefix):
    said = prefix.replace("-", "_")
    inputs, labels = _plain(torch.as_tensor(inputs), torch.float32), torch.as_tensor(labels)
    _need(inputs.dim() > 0 and inputs.numel() > 0, f"{said}inputs are {tuple(inputs.shape)}: expected a row each")
    rows = torch.isfinite(inputs.reshape(len(inputs), -1)).all(1)
    _need(rows.all(), f"{said}inputs: row {int(rows.long().argmin())} holds NaN or infinity, as 32-bit floats")
    kind = f"{said}labels are {labels.dtype} of the shape {tuple(labels.shape)}"
    whole = not (labels.is_floating_point() or labels.is_complex())
    _need(labels.dim() == 1 and whole, f"{kind}: expected a class index for each row, such as labels.argmax(1)")
    _need(len(labels) == len(inputs), f"{said}inputs have {len(inputs)} rows, {said}labels {len(labels)}")
    labels = _plain(labels, torch.int32 if labels.dtype == torch.int32 else torch.int64)
    _need(labels.min() >= 0, f"{said}labels: row {int(labels.argmin())} is {int(labels.min())}: classes count from 0")
    return {f"{prefix}inputs.npy": inputs, f"{prefix}labels.npy": labels}


def _save_arrays(arrays, folder):
    types = {torch.float32: "<f4", torch.int32: "<i4", torch.int64: "<i8"}
    about = [(Path(folder) / name, types[one.dtype], tuple(one.shape), _memory(one)) for name, one in arrays.items()]
    return [_write_npy(*each) for each in about]


def _write_npy(path, descr, shape, data):
    """`data`: little-endian, row-major; numpy.lib.format has the form, version 1."""
    head = str({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    head += b" " * (-(10 + len(head) + 1) % 64) + b"\n"
    return _write(path, [b"\x93NUMPY\x01\x00", len(head).to_bytes(2, "little"), head, data])


# ---- the network, described


def save_config(model, path, inputs="inputs.npy", labels="labels.npy", test_inputs=None, test_labels=None, **said):
    """Writes the YAML that says the network and where its data are (file names, seen from `path`); returns the path.

    `model` is a torch.nn.Sequential, nested ones inside, of Linear, Conv2d, MaxPool2d, AvgPool2d, Flatten, Dropout and
    Identity; of Tanh, ReLU, LeakyReLU(0.01) or Sigmoid directly behind a Linear or Conv2d; of Noise behind those or a
    pool. The last layer is a Linear with a logit for each class.
    `said`: regime='sample' (the rows are some of what X may be) or 'all' (X is uniform on exactly these rows);
    noise_std, of the noise behind hidden layers in training where it is not Noise that makes it (default: none).
    ValueError lists everything that cannot be described.
    """
    files = [inputs, labels] + ([] if test_inputs is None else [test_inputs, test_labels])
    return _write(path, [_config(model, files, **said).encode()])


def _config(model, files, regime="sample", noise_std=None, largest_label=0, train_count=None):
    meant = {"sample": "the rows are some of what X may be", "all": "X is uniform on exactly these rows"}
    _need(regime in meant, f"regime is {regime!r}: expected 'sample' or 'all'")
    layers = _layers_of(_unwrapped(model), largest_label)
    noise = _noise_of(layers, noise_std)
    told, option = "trained without noise; what measure --noise-std adds was no part of training", " --noise-std 0.1"
    if noise > 0:
        option, told = "", "behind the activation of every hidden dense or convolution layer, in training as well"
    elif any("noiseStd" in layer.keys for layer in layers):
        option, told = "", "but for the layers that say their own"
    named = zip(("inputs", "labels", "testInputs", "testLabels"), files)
    data = "\n".join(f"  {key}: {json.dumps(str(name))}" for key, name in named)
    listed = "\n".join(f"    - {layer}" for layer in layers)
    trains = f"\ntraining:\n  trainCount: {train_count}    # all rows of inputs\n" if train_count else ""
    return f"""# A network trained with PyTorch, written by torch_export.py. In the folder of this file:
#   infoflow measure model.yaml --weights 'weights/*.safetensors'{option}
#   infoflow run model.yaml    # trains such a network anew
experiment: custom

data:    # files beside this one
{data}
  classes: {layers[-1].keys["width"]}
  regime: {regime}    # {meant[regime]}

network:
  layers:    # from the input up; behind each, the modules that it stands for
{listed}

noise:
  std: {noise!r}    # {told}
{trains}"""


class _Layer:
    """What infoflow says of a layer, and the modules that make it."""

    def __init__(self, name, module, **keys):
        self.kind, self.modules, self.keys = type(module).__name__, [f"{name} {type(module).__name__}"], keys

    def add(self, name, module, **keys):
        self.modules.append(f"{name} {type(module).__name__}")
        self.keys.update(keys)

    def __str__(self):
        keys = ", ".join(f"{key}: {value}" for key, value in self.keys.items())
        return f"{{ {keys} }}    # {', '.join(self.modules)}"


_ACTIVATIONS = {"Tanh": "tanh", "ReLU": "relu", "LeakyReLU": "leaky-relu", "Sigmoid": "sigmoid"}


def _layers_of(model, largest_label):
    """ValueError lists every module that has no place in the network, and why."""
    layers, wrong = [], []
    for name, module in _leaves(model):
        try:
            _take(layers, name, module)
        except ValueError as error:
            wrong.append(f"{name}: {str(module).splitlines()[0].rstrip('(')}: {error}".lstrip(": "))
    if not wrong and len(layers) < 2:
        wrong.append("it has fewer than two layers, and so no hidden one")
    elif not wrong:
        kind, keys, modules = layers[-1].kind, layers[-1].keys, ", ".join(layers[-1].modules)
        if kind != "Linear" or "noiseStd" in keys or keys["width"] <= max(largest_label, 1):
            labels = f" (labels go up to {largest_label})" if largest_label > 0 else ""
            wrong.append(f"{modules}: the last layer is a Linear without noise, a logit for each class{labels}")
    known = "Linear, Conv2d, MaxPool2d, AvgPool2d, Flatten, Dropout, Identity, " + ", ".join(_ACTIVATIONS)
    _need(not wrong, "\n  ".join([f"infoflow cannot describe this network (it has {known}):", *wrong]))
    return layers


def _leaves(model):
    """Modules in the order in which Sequentials call them, with their names in the state_dict."""
    sequential = torch.nn.Sequential
    if not isinstance(model, sequential) or type(model).forward is not sequential.forward:
        yield "", model
        return
    for name, child in model.named_children():
        for inner, module in _leaves(child):
            yield (f"{name}.{inner}" if inner else name), module


def _take(layers, name, module):
    """Puts a module into the list, or to the last layer there. ValueError: what is expected in its place."""
    kind = type(module).__name__
    if type(module) is not Noise and getattr(torch.nn, kind, None) is not type(module):
        raise ValueError(
            "what its forward() does cannot be seen from outside: build it of Sequentials and layers of torch.nn, or "
            "write model.yaml by hand (save_weights and save_data will do their part)"
        )
    if kind in _ACTIVATIONS:
        _need(kind != "LeakyReLU" or module.negative_slope == 0.01, "its slope must be 0.01")
        _need(not layers or layers[-1].kind != "MaxPool2d", "put it in front of the MaxPool2d: that computes the same")
        free = layers and layers[-1].keys.get("activation") == "linear" and "noiseStd" not in layers[-1].keys
        _need(free, "an activation stands directly behind a Linear or Conv2d, and alone")
        layers[-1].add(name, module, activation=_ACTIVATIONS[kind])
    elif kind == "Noise":
        free = layers and layers[-1].kind not in ("Flatten", "Dropout") and "noiseStd" not in layers[-1].keys
        _need(free, "noise stands directly behind a layer, its activation or a pool, and once")
        layers[-1].add(name, module, noiseStd=module.std)
    elif kind != "Identity":
        layers.append(_Layer(name, module, **_keys_of(module, kind)))


def _keys_of(module, kind):
    if kind == "Linear":
        _need(module.bias is not None, "it needs a bias (zeros will do)")
        return {"width": module.out_features, "activation": "linear"}
    if kind == "Conv2d":
        return {"type": "conv2d", "channels": module.out_channels, **_window(module), "activation": "linear"}
    if kind in ("MaxPool2d", "AvgPool2d"):
        size = _side(module.kernel_size)
        _need(size is not None and size == _side(module.stride), "its window must be square, its stride as large")
        plain = _side(module.padding) == 0 and not module.ceil_mode and _side(getattr(module, "dilation", 1)) == 1
        _need(plain and not getattr(module, "return_indices", False), "no padding, ceil_mode, dilation, indices")
        _need(getattr(module, "divisor_override", None) is None, "divisor_override must be None")
        return {"type": "max-pool" if kind == "MaxPool2d" else "average-pool", "size": size}
    if kind == "Flatten":
        _need((module.start_dim, module.end_dim) == (1, -1), "it must flatten all behind the first dimension")
        return {"type": "flatten"}
    if kind == "Dropout":
        _need(module.p < 1, "its rate must be below 1")
        return {"type": "dropout", "rate": module.p}
    _need(kind not in ("Softmax", "LogSoftmax"), "leave it to the loss: infoflow's last layer gives logits")
    raise ValueError("infoflow has no such layer")


def _window(module):
    kernel, stride, padding = (_side(one) for one in (module.kernel_size, module.stride, module.padding))
    padding = {"valid": 0, "same": kernel // 2 if kernel and kernel % 2 else None}.get(str(module.padding), padding)
    _need(None not in (kernel, stride, padding), "kernel, stride and padding must be the same both ways")
    plain = _side(module.dilation) == 1 and module.groups == 1 and module.padding_mode == "zeros"
    _need(plain and module.bias is not None, "expected dilation 1, groups 1, zeros around, and a bias (zeros will do)")
    return {"kernel": kernel, "stride": stride, "padding": padding}


def _side(size):
    """The one number of a window; None where it differs up and across, or is a word."""
    sides = set(size) if isinstance(size, (tuple, list)) else {size}
    side = sides.pop()
    return side if not sides and isinstance(side, int) else None


def _noise_of(layers, noise_std):
    """noise.std of the file; layers that it speaks for need not say it themselves."""
    says = any("noiseStd" in layer.keys for layer in layers)
    if noise_std is not None:
        _need(not says, "noise_std: the network says its noise itself, by its Noise modules")
        _need(0 <= noise_std < float("inf"), f"noise_std: {noise_std} is not a number >= 0")
        return float(noise_std)
    hidden = [layer.keys for layer in layers[:-1] if layer.kind in ("Linear", "Conv2d")]
    own = {keys.get("noiseStd") for keys in hidden}
    if None in own or len(own) != 1:
        return 0.0
    for keys in hidden:
        del keys["noiseStd"]
    return own.pop()


# ---- what all of it uses


def _need(holds, expected):
    if not holds:
        raise ValueError(expected)


def _whole(value, name):
    _need(int(value) == value and value >= 0, f"{name}: {value} is not a whole number >= 0")
    return int(value)


def _plain(tensor, dtype):
    return tensor.detach().to(device="cpu", dtype=dtype).contiguous()


def _memory(tensor):
    """The bytes of a contiguous tensor of the processor, little-endian."""
    count, size = tensor.numel() * tensor.element_size(), tensor.element_size()
    if count == 0:
        return b""
    data = (ctypes.c_char * count).from_address(tensor.data_ptr())
    data.owner = tensor  # whose memory it is
    return data if sys.byteorder == "little" else b"".join(data[at : at + size][::-1] for at in range(0, count, size))


def _write(path, parts):
    """All parts into a file that appears whole or not at all; returns its path. Makes the folder."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            for data in parts:
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        if part.exists():
            part.unlink()
    return path


# ---- the command line: a pickle becomes safetensors


_WARNING = "a .pt file is a pickle, and a pickle can run any code when it is opened"


def main(words=None):
    """Exit code: 0, or 2 and a line on stderr."""
    read = "PyTorch 1.13 and newer can read it as weights alone, and are asked to"
    parser = argparse.ArgumentParser(description=f"Weights of torch.save as safetensors. Mind: {_WARNING}; {read}.")
    parser.add_argument("checkpoint", help="a state_dict, or a dictionary that holds one beside epoch, optimiser, ...")
    parser.add_argument("out", help="the file to write, such as weights/epoch-000100.safetensors")
    parser.add_argument("--epoch", type=int, help="default: the checkpoint's own 'epoch', if it has one")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--trust", action="store_true", help="run what the pickle holds: I know where it comes from")
    asked = parser.parse_args(words)
    try:
        weights, epoch = _weights_in(_load(asked.checkpoint, asked.trust), asked.checkpoint)
        print(save_weights(weights, asked.out, epoch if asked.epoch is None else asked.epoch, asked.seed))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _load(path, trust):
    can = "weights_only" in inspect.signature(torch.load).parameters
    ask = f"mind: {_WARNING}; add --trust if you know where this one comes from"
    _need(can or trust, f"{path}: PyTorch {torch.__version__} cannot read weights alone; {ask}")
    try:
        return torch.load(path, map_location="cpu", **({"weights_only": not trust} if can else {}))
    except OSError:
        raise
    except pickle.UnpicklingError as error:
        raise ValueError(f"{path} is not weights alone ({_reason(error)}); {ask}") from error
    except Exception as error:  # a broken file fails in as many ways as there are
        raise ValueError(f"{path}: PyTorch cannot read it ({type(error).__name__}: {_reason(error)})") from error


def _reason(error):
    return str(error).split("WeightsUnpickler error: ")[-1].strip().split("\n")[0]


def _weights_in(loaded, path):
    """The state_dict, or the one dictionary of tensors inside ('model_state_dict', ...), and the epoch beside it."""
    if isinstance(loaded, torch.nn.Module) or _is_weights(loaded):
        return loaded, None
    held = loaded if isinstance(loaded, dict) else {}
    inside = [value for value in held.values() if _is_weights(value) or isinstance(value, torch.nn.Module)]
    found = ", ".join(f"{key} ({type(value).__name__})" for key, value in held.items()) or type(loaded).__name__
    _need(len(inside) == 1, f"{path} holds {found}: expected a state_dict, or a dictionary with one in it")
    epoch = held.get("epoch")
    return inside[0], epoch if isinstance(epoch, int) and epoch >= 0 else None


def _is_weights(value):
    return isinstance(value, dict) and len(value) > 0 and all(isinstance(one, torch.Tensor) for one in value.values())


if __name__ == "__main__":
    sys.exit(main())
