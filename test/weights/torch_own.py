"""What scripts/torch_export.py makes of PyTorch's networks, checkpoints and mistakes: FOLDER/..., and a JSON object on stdout.

    python3 torch_own.py FOLDER

FOLDER/mlp and FOLDER/lenet are exported networks, each with outputs.json, what every layer of infoflow is in PyTorch without
noise; FOLDER/noisy is a network with noise, whose samples, S of its second layer, are in FOLDER/samples.npz.
"""
import contextlib
import io
import json
import os
import sys
import zipfile
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import torch_export as te  # noqa: E402

FOLDER = Path(sys.argv[1])
NOISE, REPLICAS = 0.3, 256


def mlp():
    return nn.Sequential(
        *(nn.Linear(6, 8), nn.Tanh(), nn.Dropout(0.2), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 5), nn.LeakyReLU()),
        *(nn.Linear(5, 4), nn.Sigmoid(), nn.Linear(4, 3)),
    )


def lenet():
    features = nn.Sequential(
        *(nn.Conv2d(1, 4, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(4, 6, 3, padding=1, stride=2)),
        *(nn.ReLU(), nn.MaxPool2d(2)),
    )
    return nn.Sequential(features, nn.Flatten(), nn.Linear(24, 12), nn.Tanh(), nn.Linear(12, 3))


def layers(model, x):
    """The output of every layer as the YAML counts them: of the last module of each."""
    found, model = {}, model.eval()
    with torch.no_grad():
        for name, module in te._leaves(model):
            x = module(x)
            found[name] = x.flatten().tolist()
    return [found[layer.modules[-1].split(" ")[0]] for layer in te._layers_of(model, 0)]


def exported(name, model, inputs):
    labels = torch.arange(len(inputs)) % 3
    te.export(model, inputs, labels, FOLDER / name, 7, regime="all")
    (FOLDER / name / "outputs.json").write_text(json.dumps(layers(model, inputs)))


def noisy():
    """All 64 words of 6 bits; samples as `infoflow estimate` wants them, S before its own noise, which is added there."""
    inputs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 6)
    noise = [te.Noise(NOISE) for _ in range(2)]
    model = nn.Sequential(nn.Linear(6, 4), nn.Tanh(), noise[0], nn.Linear(4, 3), nn.Tanh(), noise[1], nn.Linear(3, 2))
    with torch.no_grad():
        for module in (model[0], model[3]):
            module.weight *= 2  # neither all inputs told apart nor none
    te.export(model, inputs, (inputs.sum(1) > 0).long(), FOLDER / "noisy", 0, regime="all")
    x = torch.arange(64).repeat_interleave(REPLICAS)
    with torch.no_grad():
        s = model.train()[:5](inputs[x])
    te._write_npy(FOLDER / "s.npy", "<f4", tuple(s.shape), te._memory(s.contiguous()))
    te._write_npy(FOLDER / "x.npy", "<i8", tuple(x.shape), te._memory(x))
    with zipfile.ZipFile(FOLDER / "samples.npz", "w") as archive:
        for name in ("s.npy", "x.npy"):
            archive.write(FOLDER / name, name)
    zeros = torch.zeros(3)
    return [bool((model.eval()[2](zeros) == zeros).all()), bool((model.train()[2](zeros) != zeros).all())]


# ---- the exporter by itself


def error(run):
    """What a mistake is told; None where it is none."""
    try:
        run()
    except ValueError as mistake:
        return str(mistake)
    return None


def command(*words):
    """Exit code and stderr of the command line."""
    with contextlib.redirect_stderr(io.StringIO()) as told, contextlib.redirect_stdout(io.StringIO()):
        code = te.main([str(word) for word in words])
    return [code, told.getvalue().strip()]


def text_of(model, name, **said):
    return te.save_config(model, FOLDER / f"{name}.yaml", **said).read_text()


class Own(nn.Module):
    def forward(self, x):
        return x


class Malice:
    def __reduce__(self):
        return (os.mkdir, (str(FOLDER / "was-run"),))


def descriptions():
    half = [nn.Linear(4, 3), nn.Tanh(), te.Noise(0.1), nn.Linear(3, 3), nn.Tanh(), te.Noise(0.1), nn.Linear(3, 2)]
    wrong = nn.Sequential(
        *(nn.Conv2d(2, 4, 3, groups=2), nn.LeakyReLU(0.2), nn.BatchNorm2d(4), nn.AvgPool2d(3, stride=2), Own()),
        *(nn.Flatten(), nn.Linear(8, 2, bias=False), nn.Softmax(1)),
    )
    return {
        "noise": text_of(nn.Sequential(*half), "noise"),
        "partly": text_of(nn.Sequential(*half[:5], half[6]), "partly"),
        "said": text_of(nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)), "said", noise_std=0.2),
        "wrong": error(lambda: text_of(wrong, "wrong")),
        "whole": error(lambda: text_of(Own(), "whole")),
    }


def weights():
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))
    state = model.state_dict()
    te.save_weights(nn.DataParallel(model), FOLDER / "parallel.safetensors", epoch=3, seed=5)
    te.save_weights({name: tensor.double() for name, tensor in state.items()}, FOLDER / "state.safetensors")
    broken = {**state, "0.bias": torch.tensor([0, float("nan"), 0]), "steps": torch.tensor(3), "note": "mine"}
    torch.save(state, FOLDER / "plain.pt")
    torch.save({"epoch": 12, "model_state_dict": state, "steps": 480}, FOLDER / "wrapped.pt")
    torch.save(model, FOLDER / "whole.pt")
    torch.save({**state, "extra": Malice()}, FOLDER / "malice.pt")
    (FOLDER / "cut.pt").write_bytes((FOLDER / "plain.pt").read_bytes()[:300])
    pickles = {
        name: command(FOLDER / f"{name}.pt", FOLDER / "converted" / f"{name}.safetensors")
        for name in ("plain", "wrapped", "whole", "malice", "cut", "none")
    }
    trusted = command(FOLDER / "whole.pt", FOLDER / "converted" / "trusted.safetensors", "--trust", "--epoch", "4")
    return {
        "broken": error(lambda: te.save_weights(broken, FOLDER / "broken.safetensors")),
        "pickles": {**pickles, "trusted": trusted},
        "kept": sorted(path.name for path in (FOLDER / "converted").iterdir()),
        "was run": (FOLDER / "was-run").exists(),
    }


def data():
    x, y = torch.zeros(4, 6), torch.zeros(4, dtype=torch.int64)
    holed = x.clone()
    holed[2, 1] = float("inf")
    other = nn.Sequential(nn.Linear(6, 3), nn.Tanh(), nn.Linear(3, 3))
    return {
        "infinite": error(lambda: te.save_data(holed, y, FOLDER / "data")),
        "fewer labels": error(lambda: te.save_data(x, y[:3], FOLDER / "data")),
        "one-hot": error(lambda: te.save_data(x, torch.zeros(4, 2), FOLDER / "data")),
        "negative": error(lambda: te.save_data(x, y - 1, FOLDER / "data")),
        "half a test set": error(lambda: te.save_data(x, y, FOLDER / "data", test_inputs=x)),
        "another network": error(lambda: te.export(other, x, y, FOLDER / "mlp", 8)),
    }


def main():
    torch.manual_seed(3)
    FOLDER.mkdir(parents=True, exist_ok=True)
    exported("mlp", mlp(), torch.randn(40, 6))
    exported("lenet", lenet(), torch.randn(6, 1, 16, 16))
    print(json.dumps({"module": noisy(), "described": descriptions(), **weights(), "data": data(), "data written": (FOLDER / "data").exists()}))


if __name__ == "__main__":
    main()
