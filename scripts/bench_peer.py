"""What PyTorch and scikit-learn do in `infoflow bench`, one program asked line by line.

The first line on stdin is a JSON object: `task` (a name below), `threads`, `device`, `folder` (where arrays lie as little-endian f32
files) and the task's numbers. The work is done once and its result written to FOLDER/result (little-endian f64); then every line
{"times": N} does it N times and is answered with {"wall": seconds, "processor": seconds of all threads}.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np

asked = json.loads(sys.stdin.readline())
folder = Path(asked.get("folder", "."))


def array(name, *shape):
    return np.fromfile(folder / name, dtype="<f4").reshape(shape)


def sklearn_pairs():
    """Log sums of Gaussian kernels by KernelDensity, nothing approximated."""
    import sklearn
    from sklearn.neighbors import KernelDensity

    d, beta = asked["dimension"], asked["noise_std"]
    centers, queries = (array(name, -1, d).astype(np.float64) for name in ("centers", "queries"))
    density = KernelDensity(kernel="gaussian", bandwidth=beta, rtol=0, atol=0).fit(centers)
    constant = np.log(len(centers)) + d / 2 * np.log(2 * np.pi * beta**2)
    return f"scikit-learn {sklearn.__version__}", lambda: density.score_samples(queries) + constant


def with_torch(make):
    import torch

    torch.set_num_threads(asked["threads"])
    torch.manual_seed(1)
    cuda = asked["device"] == "cuda" and torch.cuda.is_available()
    device = torch.device("cuda" if cuda else "cpu")
    work = make(torch, device)

    def finished():
        with torch.enable_grad() if asked["task"] == "torch_train" else torch.no_grad():
            result = work()
        if cuda:
            torch.cuda.synchronize()
        return result

    return f"PyTorch {torch.__version__}{', CUDA' if cuda else ''}", finished


def torch_pairs(torch, device):
    """Chunked addmm and logsumexp: -|y - c|^2 / 2 beta^2 = (y.c - |c|^2 / 2 - |y|^2 / 2) / beta^2."""
    d, scale = asked["dimension"], 1 / asked["noise_std"] ** 2
    centers, queries = (torch.from_numpy(array(name, -1, d)).to(device) for name in ("centers", "queries"))
    turned, chunk = centers.T.contiguous(), max(1, 2**22 // len(centers))
    energies = (-scale / 2 * (centers * centers).sum(1))[None]

    def work():
        parts = [torch.logsumexp(torch.addmm(energies, y, turned, alpha=scale), 1) for y in queries.split(chunk)]
        return torch.cat(parts) - scale / 2 * (queries * queries).sum(1)

    return work


def torch_dense(torch, device):
    x, weights, bias = (
        torch.from_numpy(array(name, *shape)).to(device)
        for name, shape in (
            ("x", (-1, asked["inputs"])),
            ("weights", (asked["outputs"], asked["inputs"])),
            ("bias", (asked["outputs"],)),
        )
    )
    return lambda: torch.nn.functional.linear(x, weights, bias)


def torch_convolution(torch, device):
    channels, filters, kernel = asked["channels"], asked["filters"], asked["kernel"]
    x, weights, bias = (
        torch.from_numpy(array(name, *shape)).to(device)
        for name, shape in (
            ("x", (-1, channels, asked["height"], asked["width"])),
            ("weights", (filters, channels, kernel, kernel)),
            ("bias", (filters,)),
        )
    )
    return lambda: torch.nn.functional.conv2d(x, weights, bias, stride=asked["stride"], padding=asked["padding"])


def torch_train(torch, device):
    """An epoch of the noisy tanh network; draws its own data, as its values do not matter for the time."""
    widths, noise, batch, count = asked["widths"], asked["noise_std"], asked["batch"], asked["count"]
    x = torch.randint(0, 2, (count, widths[0])).float().to(device)
    y = torch.randint(0, 2, (count,)).to(device)
    layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:])).to(device)
    optimiser = torch.optim.Adam(layers.parameters(), lr=asked["learning_rate"])

    def epoch():
        order = torch.randperm(count, device=device)
        for at in range(0, count, batch):
            rows = order[at : at + batch]
            t = x[rows]
            for layer in layers[:-1]:
                t = torch.tanh(layer(t))
                t = t + noise * torch.randn_like(t)
            loss = torch.nn.functional.cross_entropy(layers[-1](t), y[rows])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
        return loss.detach()[None]

    return epoch


def say(answer):
    print(json.dumps(answer), flush=True)


task = asked["task"]
version, work = sklearn_pairs() if task == "sklearn_pairs" else with_torch(globals()[task])
result = work()
np.asarray(result.cpu() if hasattr(result, "cpu") else result).astype("<f8").tofile(folder / "result")
say({"version": version})
for line in sys.stdin:
    start, processor = time.perf_counter(), time.process_time()
    for _ in range(json.loads(line)["times"]):
        work()
    say({"wall": time.perf_counter() - start, "processor": time.process_time() - processor})
